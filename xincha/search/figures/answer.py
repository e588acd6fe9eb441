"""Counted cells → rows: what each says, what is not told of it, and the address of the list behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from pydantic import Field

from xincha.search.answers import Coverage
from xincha.search.coverage import REGISTRATION, not_loaded
from xincha.search.figures.counting import Cell, CellKey, Counted, Counting, part_of
from xincha.search.figures.dimensions import span_of
from xincha.search.figures.question import TIMES, FiguresQuestion

if TYPE_CHECKING:
    from xincha.search.entities import EntityFinder
    from xincha.search.figures.dimensions import Dimension
    from xincha.search.figures.measures import Measure
    from xincha.search.records import RecordFinder

LEAST = 3
"""A cell with natural persons that holds fewer is not told."""

Number = int | float | None
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of what a list finds today."""

    rows: Annotated[
        Sequence[Row],
        Field(
            description="for each combination that occurs: its values (null: not stated) by name of the dimension, "
            "`…_name` where people call a value otherwise; the numbers by name of the measure (null: not told); "
            "`query`: the address of the list behind it; `partial`: the period is not whole; `suppressed`: of natural "
            "persons, and fewer than three"
        ),
    ]
    total: Annotated[int | None, Field(description="what the list finds; null: nothing of the kind is loaded")]
    totals: Annotated[
        Mapping[str, Number], Field(description="the numbers of all that the list finds, each counted once")
    ]
    suppressed: Annotated[int, Field(description="rows of which no number is told")]
    query: Annotated[str, Field(description="the address of the list behind all of it")]
    day: Annotated[date, Field(description="the day on which all of this may be shown")]
    notes: Annotated[Sequence[str], Field(description="what is to be known of these numbers, in words")]
    coverage: Coverage


class FiguresReader:
    """Answers questions for figures."""

    def __init__(self, entities: EntityFinder, records: RecordFinder) -> None:
        self._entities = entities
        self._records = records

    def figures(self, question: FiguresQuestion) -> Figures:
        """The figures; raises `BadParameters`, and `Republished` where another version is published meanwhile."""
        finder = self._entities.all if question.is_of_entities else self._records.all
        behind = finder(question.entities() if question.is_of_entities else question.records())  # type: ignore[arg-type]
        covered = behind.covered
        name = REGISTRATION if question.is_of_entities else question.of
        address = Address(question)
        if name not in covered.loaded:
            missing = [not_loaded([name])]
            return Figures([], None, {}, 0, address.of({}), behind.day, missing, covered.kinds)
        counted = Counting(question, behind).counted()
        until = next((kind.content_until for kind in covered.kinds if kind.kind == name), None)
        rows = _Rows(question, counted, address, min(until or behind.day, behind.day), behind.day).rows()
        suppressed = sum(row["suppressed"] for row in rows)
        totals = {each.name: number(each, counted.whole) for each in question.measures}
        notes = list(_notes(question, counted, suppressed))
        return Figures(rows, behind.total, totals, suppressed, address.of({}), behind.day, notes, covered.kinds)


def number(measure: Measure, cell: Cell) -> Number:
    """One number of a cell; `None` where there is none, or it cannot be told."""
    match measure.how:
        case "count":
            return cell.count
        case "sum":
            return round(cell.sums[measure.of], 2)
        case "rate":
            return round(cell.counted[part_of(measure)] / cell.count, 4) if cell.count else None
        case "median" | "p90":
            known: Mapping[float, int] = {} if measure.of in cell.too_many else cell.amounts.get(measure.of, {})
            return percentile(known, 0.5 if measure.how == "median" else 0.9)
        case _:
            return cell.counted[part_of(measure)]


def percentile(amounts: Mapping[float, int], share: float) -> float | None:
    """Of amounts and how often each occurs; between two ranks by proportion. `None` of none."""
    count = sum(amounts.values())
    if not count:
        return None
    place = (count - 1) * share
    low, high = (_at(amounts, rank) for rank in (int(place), min(int(place) + 1, count - 1)))
    return round(low + (high - low) * (place - int(place)), 2)


def _at(amounts: Mapping[float, int], rank: int) -> float:
    """The amount of a rank, counted from 0."""
    amount = 0.0
    for amount in sorted(amounts):
        if rank < amounts[amount]:
            break
        rank -= amounts[amount]
    return amount


class Address:
    """The address of the list behind figures."""

    def __init__(self, question: FiguresQuestion) -> None:
        self._path = f"/api/v1/{'entities' if question.is_of_entities else 'records'}"
        self._given = {name: _texts(value) for name, value in question.given.items()}
        if not question.is_of_entities:
            self._given["kind"] = [question.of]
        self.given: Mapping[str, Sequence[str]] = self._given

    def of(self, narrowed: Mapping[str, Sequence[str]]) -> str:
        """The address with these filters in place of those that are given."""
        pairs = self._given | dict(narrowed)
        return f"{self._path}?{urlencode(pairs, doseq=True)}" if pairs else self._path


def _texts(value: object) -> list[str]:
    """A value of a question as its parameters are written."""
    if value is None:
        return []
    if isinstance(value, tuple):
        return [str(each) for each in value]
    return [f"{value:.2f}".removesuffix(".00") if isinstance(value, float) else str(value)]


class _Rows:
    """Rows of counted cells."""

    def __init__(
        self, question: FiguresQuestion, counted: Counted, address: Address, content: date, today: date
    ) -> None:
        self._question = question
        self._counted = counted
        self._address = address
        self._until = today if question.day == "loaded" else content
        self._called: dict[tuple[str, object], str] = {}

    def rows(self) -> list[dict[str, Any]]:
        """All of them, in the order of what they are by; what is not stated comes last."""
        cells = self._counted.cells
        return [self._row(key, cells[key]) for key in sorted(cells, key=_order)]

    def _row(self, key: CellKey, cell: Cell) -> dict[str, Any]:
        hidden = cell.has_persons and cell.count < LEAST
        row: dict[str, Any] = {}
        for dimension, part in zip(self._counted.dimensions, key, strict=True):
            row[dimension.name] = part
            if called := self._name(dimension, part):
                row[f"{dimension.name}_name"] = called
        row |= {each.name: None if hidden else number(each, cell) for each in self._question.measures}
        return row | {
            "partial": self._is_partial(key),
            "suppressed": hidden,
            "query": None if hidden else self._list(key),
        }

    def _name(self, dimension: Dimension, part: object) -> str:
        if part is None:
            return ""
        known = self._called.get((dimension.name, part))
        if known is None:
            known = self._called[dimension.name, part] = dimension.called(part)  # type: ignore[arg-type]
        return known

    def _list(self, key: CellKey) -> str | None:
        """The list behind a cell; none of what is not stated, for which no filter asks."""
        narrowed: dict[str, Sequence[str]] = {}
        for dimension, part in zip(self._counted.dimensions, key, strict=True):
            if part is None:
                return None
            narrowed |= dimension.narrowed(self._address.given, part)
        return self._address.of(narrowed)

    def _is_partial(self, key: CellKey) -> bool:
        """Whether the data ends within the period, or the question takes a part of it."""
        question = self._question
        for dimension, part in zip(self._counted.dimensions, key, strict=True):
            if dimension.name in TIMES and part is not None:
                first, last = span_of(dimension.name, part)
                low, high = question.between(question.day)
                return last > self._until or (low is not None and first < low) or (high is not None and last > high)
        return False


def _order(key: CellKey) -> list[tuple[bool, Any]]:
    return [(part is None, part or 0) for part in key]


def _notes(question: FiguresQuestion, counted: Counted, suppressed: int) -> Iterable[str]:
    if suppressed:
        yield f"{suppressed} 格涉及自然人且不足 {LEAST} 条，不显示数字。"
    if "category" in question.dimensions:
        yield "一条记录有几个类别的，各计一次；各行相加可能大于合计。"
    if any(cell.too_many for cell in (counted.whole, *counted.cells.values())):
        yield "有的格金额种类过多，中位数、九成位没有计算；请再加筛选条件。"
