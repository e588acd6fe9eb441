"""Counted cells → rows: what each says, what is not told of it, and the address of the list behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from pydantic import Field

from xincha.engine.query import MatchAll, Request
from xincha.search.answers import Coverage
from xincha.search.coverage import REGISTRATION, not_loaded
from xincha.search.figures.counting import Amounts, CellKey, Counting, FigureCell, FigureCells, part_of
from xincha.search.figures.decided import LATE, TIMELY, decisions, is_of_decisions
from xincha.search.figures.dimensions import SEVERAL, span_of
from xincha.search.figures.kept import DataState, Different, KeptFigures
from xincha.search.figures.question import TIMES, FiguresQuestion
from xincha.search.figures.small import LEAST, Told

if TYPE_CHECKING:
    from xincha.engine.contract import Engine
    from xincha.search.entities import EntityFinder
    from xincha.search.figures.dimensions import Dimension, Key
    from xincha.search.figures.measures import Measure
    from xincha.search.held import HeldReader
    from xincha.search.quality import QualityReader
    from xincha.search.records import RecordFinder

_NOTHING = Request(MatchAll(), size=0, total=False)
"""Asks for nothing but the version."""

_OF_DECISIONS = "装载的处罚和是否按期，按发布时装载的全部处罚计，含不再公示的，不写姓名、名称；没有名单。"
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
            "persons and fewer than three, or what these could be computed from"
        ),
    ]
    total: Annotated[
        int | None, Field(description="what the list finds; null: nothing of the kind is loaded, or not told")
    ]
    totals: Annotated[
        Mapping[str, Number],
        Field(description="the numbers of all that the list finds, each counted once; null: not told"),
    ]
    suppressed: Annotated[int, Field(description="rows of which no number is told")]
    query: Annotated[str, Field(description="the address of the list behind all of it")]
    day: Annotated[date, Field(description="the day on which all of this may be shown")]
    notes: Annotated[Sequence[str], Field(description="what is to be known of these numbers, in words")]
    coverage: Coverage


class FiguresReader:
    """Answers questions for figures."""

    def __init__(  # noqa: PLR0913, PLR0917 - what figures are made of
        self,
        engine: Engine,
        today: Callable[[], date],
        entities: EntityFinder,
        records: RecordFinder,
        held: HeldReader,
        quality: QualityReader,
    ) -> None:
        self._engine = engine
        self._today = today
        self._entities = entities
        self._records = records
        self._held = held
        self._quality = quality
        self._kept = KeptFigures[Figures]()
        self._different = Different()

    def figures(self, question: FiguresQuestion) -> Figures:
        """The figures; raises `BadParameters`, and `Republished` where another version is published meanwhile."""
        published = self._published()
        if kept := self._kept.get(published, question):
            return kept
        counted = self._counted(question)
        if self._published() == published:
            self._kept.keep(published, question, counted)
        return counted

    def _published(self) -> DataState:
        entities, records = (self._engine.search(name, _NOTHING).version for name in ("entities", "records"))
        return DataState(entities, records, self._today(), self._held.records())

    def _counted(self, question: FiguresQuestion) -> Figures:
        finder = self._entities.all if question.is_of_entities else self._records.all
        behind = finder(question.entities() if question.is_of_entities else question.records())  # type: ignore[arg-type]
        covered = behind.covered
        name = REGISTRATION if question.is_of_entities else question.of
        address = Address(question)
        if name not in covered.loaded:
            missing = [not_loaded([name])]
            return Figures([], None, {}, 0, address.whole, behind.day, missing, covered.kinds)
        since: str | None = None
        of_decisions = any(is_of_decisions(measure) for measure in question.measures)
        told_of, since = decisions(question, self._quality) if of_decisions else ({}, None)
        counted = Counting(question, behind, self._different).counted().with_counts(told_of)
        until = next((kind.content_until for kind in covered.kinds if kind.kind == name), None)
        told = Told(counted, question.measures)
        rows = _Rows(question, counted, told, address, min(until or behind.day, behind.day), behind.day).rows()
        suppressed = sum(row["suppressed"] for row in rows)
        totals = {
            each.name: number(each, counted.whole) if told.whole and told.part(each, None) else None
            for each in question.measures
        }
        total = behind.total if told.whole else None
        notes = list(_notes(question, counted, rows, told))
        if of_decisions:
            notes.append(_OF_DECISIONS + (f"月份太多，从 {since} 起。" if since else ""))
        return Figures(rows, total, totals, suppressed, address.whole, behind.day, notes, covered.kinds)


def number(measure: Measure, cell: FigureCell) -> Number:
    """One number of a cell; `None` where there is none, or it cannot be told."""
    match measure.how:
        case "count":
            return cell.count
        case "stated":
            return cell.stated[measure.of]
        case "sum" | "total":
            return round(cell.sums[measure.of], 2 if measure.how == "sum" else None)
        case "rate" | "in_time":
            return _share(measure, cell)
        case "median" | "p90":
            return percentile(cell.told(measure.of) or (), 0.5 if measure.how == "median" else 0.9)
        case _:
            return cell.counted[part_of(measure)]


def _share(measure: Measure, cell: FigureCell) -> float | None:
    """Which share a state has of all, or what was published in time of that which can be judged."""
    if measure.how == "rate":
        part, whole = cell.counted[part_of(measure)], cell.count
    else:
        part, whole = cell.counted[TIMELY], cell.counted[TIMELY] + cell.counted[LATE]
    return round(part / whole, 4) if whole else None


def percentile(amounts: Amounts, share: float) -> float | None:
    """Of amounts and how often each occurs, least first. It is at rank (n - 1) × share, counted from 0, and between two
    ranks by proportion: what Polars calls linear. `None` of none."""
    count = sum(often for _, often in amounts)
    if not count:
        return None
    place = (count - 1) * share
    low, high = (_at(amounts, rank) for rank in (int(place), min(int(place) + 1, count - 1)))
    return round(low + (high - low) * (place - int(place)), 2)


def _at(amounts: Amounts, rank: int) -> float:
    """The amount of a rank, counted from 0."""
    for amount, often in amounts:
        if rank < often:
            return amount
        rank -= often
    raise IndexError(rank)


class Address:
    """The address of the list behind figures."""

    def __init__(self, question: FiguresQuestion) -> None:
        self._path = f"/api/v1/{'entities' if question.is_of_entities else 'records'}"
        given = {name: _texts(value) for name, value in question.given.items()}
        self.given: Mapping[str, Sequence[str]] = given if question.is_of_entities else {**given, "kind": [question.of]}
        self.whole = self._joined([urlencode(self.given, doseq=True)])

    def narrowing(self, names: Iterable[str]) -> Callable[[Iterable[str]], str]:
        """Makes an address of encoded filters that stand in place of these."""
        left = {name: values for name, values in self.given.items() if name not in set(names)}
        kept = urlencode(left, doseq=True)
        return lambda parts: self._joined([kept, *parts])

    def _joined(self, parts: Iterable[str]) -> str:
        filters = "&".join(part for part in parts if part)
        return f"{self._path}?{filters}" if filters else self._path


def _texts(value: object) -> list[str]:
    """A value of a question as its parameters are written."""
    if value is None:
        return []
    if isinstance(value, tuple):
        return [str(each) for each in value]
    return [f"{value:.2f}".removesuffix(".00") if isinstance(value, float) else str(value)]


@dataclass(frozen=True, slots=True)
class _Part:
    """What a row says of one dimension: its keys, whether a period is not whole, and the filters of its list, encoded;
    `None` of what is not stated, for which no filter asks."""

    keys: Mapping[str, Key | None]
    partial: bool
    filters: str | None


class _Rows:
    """Rows of counted cells."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a row says
        self,
        question: FiguresQuestion,
        counted: FigureCells,
        told: Told,
        address: Address,
        content: date,
        today: date,
    ) -> None:
        self._question = question
        self._counted = counted
        self._told = told
        self._given = address.given
        names = [f"{question.day}{end}" for end in ("_from", "_to")] if set(TIMES) & set(question.dimensions) else []
        self._address = address.narrowing([*question.dimensions, *names])
        self._until = today if question.day == "loaded" else content
        self._parts: dict[tuple[str, Key | None], _Part] = {}

    def rows(self) -> list[dict[str, Any]]:
        """All of them, in the order of what they are by; what is not stated comes last. Of the commonest values of one
        dimension those with the most come first."""
        cells = self._counted.cells
        keys = sorted(cells, key=_order)
        if self._question.top and len(self._question.dimensions) == 1:
            keys.sort(key=lambda key: (key[0] is None, not self._told.row(key), -cells[key].count))
        return [self._row(key, cells[key]) for key in keys]

    def _row(self, key: CellKey, cell: FigureCell) -> dict[str, Any]:
        hidden = not self._told.row(key)
        parts = [self._part(dimension, part) for dimension, part in zip(self._counted.dimensions, key, strict=True)]
        filters = [part.filters for part in parts if part.filters is not None]
        row: dict[str, Any] = {}
        for part in parts:
            row |= part.keys
        row |= {
            each.name: None if hidden or not self._told.part(each, key) else number(each, cell)
            for each in self._question.measures
        }
        row["partial"] = any(part.partial for part in parts)
        row["suppressed"] = hidden
        row["query"] = None if hidden or len(filters) < len(parts) else self._address(filters)
        return row

    def _part(self, dimension: Dimension, key: Key | None) -> _Part:
        found = self._parts.get((dimension.name, key))
        if found is None:
            found = self._parts[dimension.name, key] = self._made(dimension, key)
        return found

    def _made(self, dimension: Dimension, key: Key | None) -> _Part:
        if key is None:
            return _Part({dimension.name: None}, partial=False, filters=None)
        called = dimension.called(key)
        keys = {dimension.name: key, f"{dimension.name}_name": called} if called else {dimension.name: key}
        filters = urlencode(dimension.narrowed(self._given, key), doseq=True)
        return _Part(keys, dimension.name in TIMES and self._is_partial(dimension.name, key), filters)

    def _is_partial(self, period: str, key: Key) -> bool:
        """Whether the data ends within the period, or the question takes a part of it."""
        first, last = span_of(period, key)
        low, high = self._question.between(self._question.day)
        return last > self._until or (low is not None and first < low) or (high is not None and last > high)


def _order(key: CellKey) -> list[tuple[bool, Any]]:
    return [(part is None, part or 0) for part in key]


def _notes(question: FiguresQuestion, counted: FigureCells, rows: Sequence[Row], told: Told) -> Iterable[str]:
    suppressed = sum(row["suppressed"] for row in rows)
    if suppressed:
        yield f"{suppressed} 格不显示数字：涉及自然人且不足 {LEAST} 条，或者会让人由合计算出这样的格。"
    if not told.whole:
        yield f"合计不显示：涉及自然人且不足 {LEAST} 条，或者会让人算出这样的格。"
    if told.lacks_parts:
        yield f"有的数空着：不足 {LEAST} 条而涉及（或者可能涉及）自然人，或者会让人算出这样的数。"
    if counted.left_out:
        yield f"只列出条数最多的 {question.top} 个；其余只在合计中。"
    if set(SEVERAL) & set(question.dimensions):
        yield "一条记录有几个类别或条文的，各计一次；各行相加可能大于合计。"
    if any(cell.too_many for cell in (counted.whole, *counted.cells.values())):
        yield "有的格金额种类过多，中位数、九成位没有计算；请再加筛选条件。"
