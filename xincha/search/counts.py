"""How many records of an entity may be shown on a day, counted from the briefs that its stored JSON holds.

A brief is {kind, public_from, public_until, withheld, state, turns_on, next_state, fine_cny} of one record. Dates are
ISO 8601 text, which sorts as dates do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from xincha.kinds import KINDS, counts
from xincha.rules.publicity import is_shown, state_on

_NONE: Mapping[str, float] = {count.name: 0.0 if count.sums else 0 for count in counts()}


def counts_on(source: Mapping[str, Any], day: date) -> dict[str, float]:
    """The counts of one stored entity, by name (`xincha.kinds.counts`)."""
    found, today = dict(_NONE), day.isoformat()
    for brief in source.get("records", ()):
        if not is_shown(brief, today):
            continue
        state = state_on(brief, today)
        for count in KINDS[brief["kind"]].counts:
            if count.state is None or count.state == state:
                found[count.name] += brief.get(count.sums) or 0.0 if count.sums else 1
    return {name: round(value, 2) for name, value in found.items()}
