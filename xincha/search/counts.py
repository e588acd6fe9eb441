"""How many records of an entity may be shown on a day, counted from the briefs that its stored JSON holds.

A brief is {id, kind, variant, on, public_from, public_until, withheld, state, turns_on, next_state, fine_cny} of one
record. Dates are ISO 8601 text, which sorts as dates do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from xincha.kinds import KINDS
from xincha.kinds.kind import Count
from xincha.rules.window import is_shown, state_on

Counted = dict[str, Any]
"""Name of a count → number, sum, or day as ISO 8601 text."""

_KINDS = frozenset(KINDS)


@lru_cache(64)
def _none(loaded: frozenset[str]) -> Counted:
    """The counts of an entity without records."""
    return {
        count.name: None if count.latest or kind.name not in loaded else 0.0 if count.sums else 0
        for kind in KINDS.values()
        for count in kind.counts
    }


def counts_on(
    source: Mapping[str, Any],
    day: date,
    loaded: frozenset[str] = _KINDS,
    held: frozenset[str] = frozenset(),
    *,
    asked_on: date | None = None,
) -> Counted:
    """The counts of one stored entity, by name (`xincha.kinds.counts`); `None` for kinds that are not `loaded`: of what
    nobody has loaded there are not none, and for the latest day where there is none. Where a record says its kind, that
    kind is loaded. `held`: records that are held back, which count as little as those that may not be shown.
    `asked_on`: the day of asking, if `day` is another one: what had begun by `day` counts, unless its publication has
    ended since."""
    briefs, then = source.get("records", ()), day.isoformat()
    now = max(day, asked_on or day).isoformat()
    if not briefs:
        return dict(_none(loaded))
    alike: dict[tuple[str, str | None], list[Mapping[str, Any]]] = {}
    for brief in briefs:
        if brief["public_from"] <= then and is_shown(brief, now) and brief.get("id") not in held:
            alike.setdefault((brief["kind"], state_on(brief, then)), []).append(brief)
    found = dict(_none(loaded.union({brief["kind"] for brief in briefs})))
    for (kind, state), some in alike.items():
        for count in KINDS[kind].counts:
            if count.state in {None, state}:
                found[count.name] = _counted(count, some, found[count.name])
    return found


def _counted(count: Count, briefs: Sequence[Mapping[str, Any]], before: Any) -> Any:
    """A number with that of these briefs too."""
    if count.latest:
        return max([before or "", *(brief.get("on") or "" for brief in briefs)]) or None
    if count.sums:
        return round(before + sum(brief.get(count.sums) or 0.0 for brief in briefs), 2)
    return before + len(briefs)


def variants_on(source: Mapping[str, Any], day: date | None) -> dict[str, set[str]]:
    """By kind, the variants of the records of a stored entity that may be shown on a day (`None`: of all): of those in
    the state that counts for the kind, else of the others. Where no record says in which words it was
    made, an individual business is marked 标记."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    today = day.isoformat() if day else None
    for brief in source.get("records", ()):
        if not brief.get("variant") or (today and not is_shown(brief, today)):
            continue
        kind = KINDS[brief["kind"]]
        state = state_on(brief, today) if today else brief.get("state")
        counting, others = found.setdefault(kind.name, (set(), set()))
        (counting if kind.has_state in (None, state) else others).add(brief["variant"])
    told = {name: counting or others for name, (counting, others) in found.items()}
    return {"abnormal": {"marked"}, **told} if source.get("kind") == "个体工商户" else told
