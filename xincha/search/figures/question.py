"""What may be asked for figures: what is counted, by what, which numbers, and the filters of the list behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, create_model

from xincha.errors import BadParameters
from xincha.kinds import KINDS, grouped
from xincha.search.figures.measures import ENTITY, MEASURES, Measure, every_measure
from xincha.search.questions import EntitySelection, Many, Parameters, RecordSelection

Level = Literal["province", "city", "district"]
if TYPE_CHECKING:
    Of = str
    Dimension = str
    MeasureName = str
    On = str
else:
    Of = Literal[(ENTITY, *KINDS)]
    Dimension = Literal[
        (
            *("year", "quarter", "month", "region", "kind", "industry", "status", "authority", "category", "state"),
            *("article", "address", *grouped()),
        )
    ]
    MeasureName = Literal[tuple(every_measure())]
    On = Literal[("established", "closed", "happened", "ended", "published", "loaded")]

MOST_DIMENSIONS = 2
MOST_AT_TOP = 1000
TIMES = ("year", "quarter", "month")
DAYS = {ENTITY: ("established", "closed", "loaded"), "": ("happened", "ended", "published", "loaded")}
"""The days by which entities, and records, may be counted: each bears the name of a bound. The first where none is
named."""
_BY_COMMAS = ("by", "measure")


class _Asked(Parameters):
    """The part of the question that is about the figures."""

    of: Of = Field(description="what is counted: entities, or records of a kind")
    by: Many[Dimension] = Field(
        default=(), description="at most two, joined by a comma (`year,region`) or repeated; without it: one row"
    )
    measure: Many[MeasureName] = Field(default=("count",), description="numbers of each row, given as `by` is")
    on: On | None = Field(
        default=None,
        description="the day that year, quarter and month are of; without it 成立日期, or the day of the record",
    )
    level: Level | None = Field(
        default=None, description="of `by=region`; without it the level below the filter `region`, or provinces"
    )
    top: int | None = Field(
        default=None, ge=1, le=MOST_AT_TOP, description="only so many of the commonest values of what is no period"
    )


def _filters() -> dict[str, Any]:
    """The filters of entities and of records; how these are sorted changes no number, and `of` is one kind of them."""
    fields = RecordSelection.model_fields | EntitySelection.model_fields
    return {name: (field.annotation, field) for name, field in fields.items() if name not in {"sort", "topic"}}


if TYPE_CHECKING:

    class _Filtered(_Asked):
        region: tuple[str, ...]
else:
    _Filtered = create_model("_Filtered", __base__=_Asked, **_filters())


class FiguresQuestion(_Filtered):
    """Figures of what a list finds."""

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> Self:
        """The question that names and values ask; raises `BadParameters` for all that cannot be used."""
        asked = super().read(_apart(pairs))
        if wrong := list(asked._wrong()):
            raise BadParameters(wrong)
        return asked

    @property
    def is_of_entities(self) -> bool:
        """Whether entities are counted."""
        return self.of == ENTITY

    @property
    def days(self) -> tuple[str, ...]:
        """The days by which may be counted."""
        return DAYS.get(self.of, DAYS[""])

    @property
    def day(self) -> str:
        """The day that periods are of."""
        return self.on or self.days[0]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """By what is counted, each once."""
        return tuple(dict.fromkeys(self.by))

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The numbers of each row, each once."""
        return tuple(MEASURES[self.of][name] for name in dict.fromkeys(self.measure))

    @property
    def given(self) -> dict[str, Any]:
        """The filters that are given: name → value, as a question for a list takes them."""
        return {name: getattr(self, name) for name in self._list.model_fields if name in self.model_fields_set}

    def entities(self) -> EntitySelection:
        """The list behind figures of entities."""
        return EntitySelection(**self.given, sort="-established_on")

    def records(self) -> RecordSelection:
        """The list behind figures of records."""
        return RecordSelection(**self.given, kind=(self.of,), sort="-happened_on")

    @property
    def _list(self) -> type[Parameters]:
        return EntitySelection if self.is_of_entities else RecordSelection

    def _wrong(self) -> Iterator[dict[str, str]]:
        """What does not fit what is counted."""
        own = [name for name in _Asked.model_fields if name in self.model_fields_set]
        fitting = set(self._list.model_fields) - (set() if self.is_of_entities else {"kind", "topic"})
        for name in sorted(self.model_fields_set.difference(own) - fitting):
            yield _misfit(name, f"no filter of `of={self.of}`", ", ".join(sorted(fitting - {"sort"})))
        if unknown := [name for name in self.dimensions if name not in dimensions_of(self.of)]:
            yield _misfit("by", f"{unknown[0]}: not known of `of={self.of}`", ", ".join(dimensions_of(self.of)))
        if len(self.dimensions) > MOST_DIMENSIONS:
            yield _misfit("by", "too many at once", f"at most {MOST_DIMENSIONS}")
        if len(set(self.dimensions).intersection(TIMES)) > 1:
            yield _misfit("by", "one period lies in the other", f"one of {', '.join(TIMES)}")
        if unknown := [name for name in self.measure if name not in MEASURES[self.of]]:
            yield _misfit("measure", f"{unknown[0]}: not known of `of={self.of}`", ", ".join(MEASURES[self.of]))
        if self.day not in self.days:
            yield _misfit("on", f"not known of `of={self.of}`", ", ".join(self.days))


def dimensions_of(of: str) -> tuple[str, ...]:
    """By what entities, or records of a kind, may be counted."""
    if of == ENTITY:
        return (*TIMES, "region", "kind", "industry", "status", "authority")
    kind = KINDS[of]
    parts = {
        "region": kind.party or kind.names("authority"),
        "authority": kind.names("authority"),
        "category": kind.category,
        "state": kind.states,
        "article": kind.names("cites"),
        "address": kind.party,
        **dict.fromkeys(kind.names("grouped"), True),
    }
    return (*TIMES, *(name for name, there in parts.items() if there))


def _apart(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Names and values, those that commas join one by one."""
    for name, value in pairs:
        if name in _BY_COMMAS and len(value) <= FiguresQuestion.longest:
            yield from ((name, each.strip()) for each in value.split(","))
        else:
            yield name, value


def _misfit(name: str, message: str, allowed: str) -> dict[str, str]:
    return {"name": name, "message": message, "allowed": allowed if name != "on" else f"one of {allowed}"}
