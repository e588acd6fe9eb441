"""What stands against an entity on a day, in the words of its records: 现列入经营异常名录, or of an individual business
that is on no list but marked 现标记为经营异常状态. What does so now comes first. A kind that is not
loaded is silent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field

from xincha.kinds import KINDS
from xincha.kinds.kind import Count, Kind
from xincha.search.counts import variants_on


@dataclass(frozen=True, slots=True)
class Risk:
    """A number that stands against an entity, in words."""

    name: Annotated[str, Field(description="the number, as in `counts`")]
    text: str
    tone: Annotated[Literal["plain", "good", "adverse", "past"], Field(description="adverse: it does so now")]


_WEIGHED = [(kind, count) for kind in KINDS.values() for count in kind.counts if count.risk]


def risks_on(source: Mapping[str, Any], counts: Mapping[str, Any], day: date | None) -> Sequence[Risk]:
    """What stands against a stored entity whose records are counted on a day."""
    weighed = [(kind, each) for kind, each in _WEIGHED if counts.get(each.name)]
    if not weighed:
        return ()
    variants = variants_on(source, day)
    told = [_risk(kind, each, counts, variants.get(kind.name, ())) for kind, each in weighed]
    return sorted(told, key=lambda risk: risk.tone != "adverse")


def _risk(kind: Kind, each: Count, counts: Mapping[str, Any], variants: Collection[str]) -> Risk:
    words = _worded(kind.name, each.risk, frozenset(variants))
    return Risk(each.name, words.format(counts[each.name]), each.tone)


@lru_cache(64)
def _worded(kind_name: str, text: str, variants: frozenset[str]) -> str:
    """A text in the words of the records; where some are in others, in each of them."""
    reworded = KINDS[kind_name].reworded
    ways = dict.fromkeys(_replaced(text, reworded.get(each, {})) for each in sorted(variants))
    return "、".join(ways) or text


def _replaced(text: str, words: Mapping[str, str]) -> str:
    """`text` with the first of `words` that is in it replaced: the longer ones stand first."""
    return next((text.replace(word, other) for word, other in words.items() if word in text), text)
