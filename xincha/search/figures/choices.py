"""What may be asked of figures, with the words for it: who makes a form of it, or explains it, knows no kinds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from xincha.kinds import KINDS
from xincha.kinds.english import english
from xincha.search.coverage import TITLES
from xincha.search.figures.decided import is_of_decisions
from xincha.search.figures.measures import ENTITY, MEASURES
from xincha.search.figures.question import DAYS, dimensions_of
from xincha.search.figures.table import HEADS
from xincha.text.codes import IN_BUSINESS

if TYPE_CHECKING:
    from xincha.search.figures.measures import Measure

Unit = Literal["count", "yuan", "share"]
_DAYS = {
    "established": "成立日期",
    "closed": "终止日期（注销、吊销等）",
    "happened": "日期（决定、列入、检查等）",
    "ended": "移出日期或者有效期末日",
    "published": "开始公示的日期",
    "loaded": "装载日期",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a parameter, and what people call it."""

    value: str
    title: str
    english: Annotated[str, Field(description="the same in English; empty: it has no English name")]


@dataclass(frozen=True, slots=True)
class MeasureChoice:
    """One number."""

    value: str
    title: str
    english: Annotated[str, Field(description="the same in English; empty: it has no English name")]
    unit: Annotated[Unit, Field(description="how many, yuan, or a share of 0 to 1")]
    adds: Annotated[bool, Field(description="whether the numbers of rows may be added up")]
    listed: Annotated[
        bool, Field(description="whether the list behind a row, `query`, is what it counts or adds up, with `narrowed`")
    ]
    narrowed: Annotated[
        Mapping[str, str], Field(description="filters that leave of that list what the number counts: state=found")
    ]


@dataclass(frozen=True, slots=True)
class Countable:
    """What may be asked of one thing that is counted."""

    of: Annotated[str, Field(description="as the parameter `of` takes it")]
    title: str
    english: Annotated[str, Field(description="the same in English; empty: it has no English name")]
    by: Sequence[Choice]
    measure: Sequence[MeasureChoice]
    on: Annotated[Sequence[Choice], Field(description="days that periods are of; the first where none is named")]


@dataclass(frozen=True, slots=True)
class Choices:
    """All that may be counted."""

    of: Sequence[Countable]


def choices() -> Choices:
    """All of it, entities first."""
    return Choices(list(_countables()))


def _countables() -> Iterator[Countable]:
    for of in (ENTITY, *KINDS):
        days = DAYS.get(of, DAYS[""])
        yield Countable(
            of,
            title := TITLES.get(of, "经营主体"),
            english(title),
            [_choice(name, HEADS[name]) for name in dimensions_of(of)],
            [_measure(each) for each in MEASURES[of].values()],
            [_choice(name, _DAYS[name]) for name in days],
        )


def _choice(value: str, title: str) -> Choice:
    return Choice(value, title, english(title))


def _measure(measure: Measure) -> MeasureChoice:
    narrowed: dict[str, str] = {}
    if measure.how == "state":
        narrowed = {"state": measure.of}
    elif measure.how == "business":
        narrowed = {"status": IN_BUSINESS}
    listed = not is_of_decisions(measure) and measure.how != "stated"
    return MeasureChoice(
        measure.name, measure.title, english(measure.title), _unit(measure), _adds(measure), listed, narrowed
    )


def _unit(measure: Measure) -> Unit:
    if measure.how in {"rate", "in_time"}:
        return "share"
    return "yuan" if measure.how in {"sum", "median", "p90"} else "count"


def _adds(measure: Measure) -> bool:
    return measure.how not in {"rate", "in_time", "median", "p90"}
