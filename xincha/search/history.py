"""One entity as it was known on an earlier day: what later loads changed is undone, newest first.

What the lake holds as changes is what loads replaced. What offices publish as changes 变更 has its own day, and is
undone by that day. Changes hold values as text (lists as JSON); they come back in the type of the fact. What the
register says to have happened only after that day (a later state, approval or term) is left out, for what was true
before it was not published. Before the first load nothing was known: what was known first stands there, and
`known_from` says since when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson

from xincha.days import CHINA
from xincha.kinds.entity import ENTITY
from xincha.text import divisions

_DATED: Mapping[str, Sequence[str]] = {
    "status_on": ("status", "status_text", "status_on"),
    "approved_on": ("approved_on",),
    "term_from_on": ("term_from_on", "term_to_on"),
}
"""Dates that say since when facts have been so → these facts."""

_NUMBERS = frozenset(("capital_cny", "capital_amount"))
_SWITCHES = frozenset(fact.name for fact in ENTITY if fact.type == "flag")


def as_of(source: Mapping[str, Any], day: date) -> dict[str, Any]:
    """The stored JSON of an entity as it was on a day, its later changes undone and dropped."""
    view = dict(source)
    changes = sorted(view.pop("changes", ()), key=lambda change: str(change["changed_at"]))
    kept = [change for change in changes if _day(change) <= day]
    for change in reversed(changes[len(kept) :]):
        field, old = change["field"], change.get("old")
        if old is None:
            view.pop(field, None)
        elif field == "former_names":
            view[field] = orjson.loads(old)
        else:
            view[field] = float(old) if field in _NUMBERS else old == "true" if field in _SWITCHES else old
    if kept:
        view["changes"] = kept
    if len(kept) < len(changes) and (code := view.get("region_code")):
        view["region"] = divisions.full_name(code)
    _bring_back(view, day)
    for dated, facts in _DATED.items():
        if str(view.get(dated) or "") > day.isoformat():
            for fact in facts:
                view.pop(fact, None)
    return view


def _bring_back(view: dict[str, Any], day: date) -> None:
    """Undo the published changes of name and address that came after `day`: the last of them undone says what was."""
    for fact, what in (("renamed", "name"), ("moved", "address")):
        lines = view.get(fact)
        if not lines:
            continue
        later = [line for line in lines if str(line.get("until_on") or "") > day.isoformat()]
        if later:
            view[what] = later[-1][what]
        gone = {line[what] for line in later}
        view[fact] = [line for line in lines if line not in later]
        if fact == "renamed":
            still = {line[what] for line in view[fact]}
            view["former_names"] = [name for name in view.get("former_names", ()) if name in still or name not in gone]


def known_from(source: Mapping[str, Any]) -> date | None:
    """The day, in China, of the load that first brought an entity; `None` where its document does not say."""
    moment = source.get("known_from") or source.get("origin", {}).get("loaded_at")
    return _in_china(moment) if moment else None


def _day(change: Mapping[str, Any]) -> date:
    """The day on which a fact was replaced."""
    return _in_china(change["changed_at"])


def _in_china(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(CHINA).date()
