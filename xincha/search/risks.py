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
from xincha.kinds.english import english_of_count, replaced
from xincha.kinds.kind import Count, Kind
from xincha.search.counts import variants_on


@dataclass(frozen=True, slots=True)
class Risk:
    """A number that stands against an entity, in words."""

    name: Annotated[str, Field(description="the number, as in `counts`")]
    text: str
    english: Annotated[str, Field(description="the same in English; empty: it has no English name")]
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
    number = counts[each.name]
    ways = _worded(kind.name, each.risk, frozenset(variants))
    in_english = ", ".join(filter(None, (english_of_count(way, number) for way in ways)))
    return Risk(each.name, "、".join(ways).format(number), in_english, each.tone)


def in_english(kind: Kind, counts: Mapping[str, Any], variants: Collection[str]) -> str:
    """What the numbers of a kind say: «Administrative penalties 2; Fines in all (CNY) 25,000». Nothing of what is 0."""
    told = []
    for each in kind.counts:
        value = counts.get(each.name)
        number = f"{value:,.10g}" if isinstance(value, int | float) else value
        ways = _worded(kind.name, each.risk or f"{each.title.partition('（')[0]} {{}}", frozenset(variants))
        told += [english_of_count(way, number) for way in ways if value]
    return "; ".join(told)


@lru_cache(64)
def _worded(kind_name: str, text: str, variants: frozenset[str]) -> tuple[str, ...]:
    """A text in the words of the records; where some are in others, in each of them."""
    reworded = KINDS[kind_name].reworded
    ways = dict.fromkeys(replaced(text, reworded.get(each, {})) for each in sorted(variants))
    return tuple(ways) or (text,)
