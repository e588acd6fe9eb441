"""How many records of an entity may be shown on a day, counted from the briefs that its stored JSON holds.

A brief is {kind, id, from, until, on, ended_on, withheld, state, adverse, fine_cny} of one record: it may be shown from
`from` to `until`, both inclusive, unless it is withheld. Dates are ISO 8601 text, which sorts as dates do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from xincha.days import FOREVER_ISO
from xincha.search.requests import Counts

_NONE = Counts()


def counts_on(source: Mapping[str, object], day: date) -> Counts:
    """The counts of one stored entity."""
    briefs = source.get("records")
    if not isinstance(briefs, list):
        return _NONE
    today = day.isoformat()
    shown = [brief for brief in briefs if _is_shown(brief, today)]
    by_kind = {kind: [brief for brief in shown if brief.get("kind") == kind] for kind in _KINDS}
    return Counts(
        penalty=len(by_kind["penalty"]),
        abnormal=len(by_kind["abnormal"]),
        abnormal_now=sum(_is_listed(brief, today) for brief in by_kind["abnormal"]),
        spot_check=len(by_kind["spot_check"]),
        spot_check_found=sum(brief.get("state") == "found" for brief in by_kind["spot_check"]),
        fine_cny=round(sum(brief.get("fine_cny") or 0.0 for brief in by_kind["penalty"]), 2),
    )


_KINDS = ("penalty", "abnormal", "spot_check")


def _is_shown(brief: Mapping[str, Any], today: str) -> bool:
    return not brief.get("withheld") and brief.get("from", "") <= today <= brief.get("until", FOREVER_ISO)


def _is_listed(brief: Mapping[str, Any], today: str) -> bool:
    """A listing ends on the day of removal; one that was removed on an unknown day has ended."""
    ended = brief.get("ended_on")
    return bool(today < ended) if ended else brief.get("state") != "removed"
