"""One entity as it was known on an earlier day: what later loads changed is undone, newest first.

Changes hold values as text (lists as JSON); they come back in the type of the fact. What the register says to have
happened only after that day (a later state) is left out, for what was true before it was not published.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson

from xincha.days import CHINA
from xincha.text import divisions

_NUMBERS = frozenset(("capital_cny", "capital_amount"))


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
            view[field] = float(old) if field in _NUMBERS else old
    if kept:
        view["changes"] = kept
    if len(kept) < len(changes) and (code := view.get("region_code")):
        view["region"] = divisions.full_name(code)
    if str(view.get("status_on", "")) > day.isoformat():
        view.pop("status", None)
        view.pop("status_on")
    return view


def _day(change: Mapping[str, Any]) -> date:
    """The day, in China, on which a fact was replaced."""
    return datetime.fromisoformat(change["changed_at"]).astimezone(CHINA).date()
