"""Counting: the engine's cells, from what is looked up first to the different amounts of each.

All questions are of one version: what occurs of each dimension; the cells, with the numbers of each; of percentiles the
different amounts, from which they are exact, in as many parts as engines can tell at once. Natural persons are counted
beside, for small cells of them are not told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING

from xincha import budget
from xincha.engine.query import (
    MOST_BUCKETS,
    Bool,
    CellsAgg,
    Facet,
    KeyBy,
    MatchAll,
    Query,
    Request,
    Term,
    Terms,
)
from xincha.errors import BadParameter, Republished
from xincha.search import filters
from xincha.search.figures.dimensions import SEVERAL, Dimension, Key, Side, buckets, dimensions
from xincha.text.codes import IN_BUSINESS

if TYPE_CHECKING:
    from datetime import date

    from xincha.engine.contract import Bucket, Result
    from xincha.search.export.pages import Export
    from xincha.search.figures.kept import Different
    from xincha.search.figures.measures import Measure
    from xincha.search.figures.question import FiguresQuestion

MOST_CELLS = 10_000
"""Values of one dimension times those of the other."""

CellKey = tuple[Key | None, ...]
Amounts = Sequence[tuple[float, int]]
_SEVERAL_PARTS = 2
_PERSONS = "persons:"


@dataclass(slots=True)
class FigureCell:
    """What was counted. `counted`: by name of a measure or `persons`; `sums`, `stated` (how many state an amount),
    `amounts`: by field, the amounts as parts of amount and how often it occurs, least first; of a field in `too_many`
    there were more than can be told apart."""

    count: int = 0
    counted: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    stated: Counter[str] = field(default_factory=Counter)
    amounts: dict[str, list[Amounts]] = field(default_factory=dict)
    too_many: set[str] = field(default_factory=set)

    def tell(self, name: str, amounts: Amounts | None) -> None:
        """Add the different amounts of a field, `None`: they are too many."""
        if amounts is None:
            self.too_many.add(name)
        elif amounts:
            self.amounts.setdefault(name, []).append(amounts)

    def told(self, name: str) -> Amounts | None:
        """The different amounts of a field, least first; `None` where they are too many."""
        if name in self.too_many:
            return None
        parts = self.amounts.get(name, ())
        if len(parts) < _SEVERAL_PARTS:
            return parts[0] if parts else ()
        together: Counter[float] = Counter()
        for part in parts:
            together.update(dict(part))
        return sorted(together.items())

    def add(self, other: FigureCell) -> None:
        """Count what another cell holds."""
        self.count += other.count
        self.counted.update(other.counted)
        self.sums.update(other.sums)
        self.stated.update(other.stated)
        self.too_many |= other.too_many
        for name, parts in other.amounts.items():
            self.amounts.setdefault(name, []).extend(parts)

    @property
    def has_persons(self) -> bool:
        """Whether natural persons are among what was counted."""
        return self.counted[_PERSONS] > 0


_CellOf = Callable[[CellKey], FigureCell]


@dataclass(frozen=True, slots=True)
class FigureCells:
    """The cells of a question, all together, and how many values have no cells since others are commoner."""

    dimensions: Sequence[Dimension]
    cells: Mapping[CellKey, FigureCell]
    whole: FigureCell
    left_out: int

    def with_counts(self, counts: Mapping[CellKey, Counter[str]]) -> FigureCells:
        """The same with further counts of cells, some of which have nothing else."""
        cells = dict(self.cells)
        for key, counted in counts.items():
            cells.setdefault(key, FigureCell()).counted.update(counted)
            if self.dimensions:
                self.whole.counted.update(counted)
        return replace(self, cells=cells)


class Counting:
    """One question, put to the engine over what an export would hold."""

    def __init__(
        self, question: FiguresQuestion, behind: Export, different: Different, *, most_amounts: int = MOST_BUCKETS
    ) -> None:
        self._question = question
        self._behind = behind
        self._amounts = different
        self._most_amounts = most_amounts
        condition = behind.request.post_filter
        self._query = Bool(filter=[behind.request.query, *([condition] if condition else [])])
        self._dimensions = dimensions(question, behind.total, behind.day)
        self._cells: dict[CellKey, FigureCell] = {}
        self._whole = FigureCell()
        self._left_out = 0

    def counted(self) -> FigureCells:
        """The cells; raises `BadParameter` where they are too many."""
        sides, most = self._looked_up()
        corners = list(product(*sides))
        told = next((name for name in self._percentiles if most * self._different(name) <= self._most_amounts), "")
        if self._dimensions:
            self._count(corners, self._cell, told)
        for name in self._percentiles if self._dimensions else ():
            if name != told:
                self._tell_amounts(name, corners)
        self._sum_up()
        cells: Mapping[CellKey, FigureCell] = self._cells if self._dimensions else {(): self._whole}
        return FigureCells(self._dimensions, cells, self._whole, self._left_out)

    @property
    def _percentiles(self) -> Sequence[str]:
        """The fields of which percentiles are asked for."""
        return list(dict.fromkeys(each.of for each in self._question.measures if each.is_percentile))

    def _sum_up(self) -> None:
        """All together: as the cells say, where they say all."""
        if self._adds_up:
            for cell in self._cells.values():
                self._whole.add(cell)
        else:
            self._count([()], self._whole_only)
            self._whole.too_many.update(self._percentiles)
        for name in self._whole.too_many.intersection(self._percentiles):
            found = buckets(self._ask({name: Facet(CellsAgg(values=name))}), name)
            self._whole.too_many.remove(name)
            self._whole.amounts.pop(name, None)
            for bucket in found:
                self._whole.tell(name, bucket.values)

    def _different(self, name: str) -> int:
        """How many different amounts there may be in a cell."""
        return self._amounts.of(self._question.of, name, self._behind)

    @property
    def _adds_up(self) -> bool:
        """Whether everything is in one cell, and in no other."""
        names = {each.name for each in self._dimensions}
        return bool(names) and not names.intersection(SEVERAL) and not self._left_out

    def _whole_only(self, _: CellKey) -> FigureCell:
        return self._whole

    def _cell(self, key: CellKey) -> FigureCell:
        return self._cells.setdefault(key, FigureCell())

    def _looked_up(self) -> tuple[list[Sequence[Side]], int]:
        """Where documents stand of each dimension, and how many cells there can be."""
        probes = {name: facet for each in self._dimensions for name, facet in each.probes().items()}
        if not probes:
            return [], 1
        result = self._ask(probes)
        found = [each.found(result) for each in self._dimensions]
        cells = 1
        for each, dimension in zip(found, self._dimensions, strict=True):
            cells *= each.values + 1
            if cells > MOST_CELLS:
                told = f"by: there are {cells:,} combinations of values, the last of {dimension.name}"
                allowed = f"at most {MOST_CELLS:,}: fewer dimensions, `top`, or more filters"
                raise BadParameter(told, parameter="by", allowed=allowed)
        self._left_out = sum(each.left_out for each in found)
        return [each.sides for each in found], cells

    def _count(self, corners: Sequence[Sequence[Side]], cell: _CellOf, amounts: str = "") -> None:
        """Count on these corners: one side of each dimension. `amounts`: a field of which the amounts are told too."""
        sums = tuple(dict.fromkeys(each.of for each in self._question.measures if each.is_of_amounts))
        facets: dict[str, Facet] = {}
        for at, corner in enumerate(corners):
            by = [side.by for side in corner if side.by]
            only = [side.only for side in corner if side.only]
            facets[f"{at}/"] = Facet(CellsAgg(by, sums, amounts), _all(only))
            for name, clause in self._parts():
                facets[f"{at}/{name}"] = Facet(CellsAgg(by), _all([*only, clause]))
        result = self._ask(facets)
        for name in facets:
            number, _, part = name.partition("/")
            for key, bucket in self._keyed(corners[int(number)], buckets(result, name)):
                into = cell(key)
                if part:
                    into.counted[part] += bucket.count
                else:
                    into.count += bucket.count
                    into.sums.update(dict(zip(sums, bucket.sums, strict=True)))
                    into.stated.update(dict(zip(sums, bucket.stated, strict=True)))
                    if amounts:
                        into.tell(amounts, bucket.values)

    def _parts(self) -> Iterator[tuple[str, Query]]:
        """What is counted of each cell beside all of it."""
        if not self._question.is_of_entities:
            yield _PERSONS, Term("person", "yes")
        asked = [each for each in self._question.measures if part_of(each) and each.how != "decided"]
        for measure in {part_of(each): each for each in asked}.values():
            yield part_of(measure), _clause(measure, self._behind.day)

    def _keyed(self, corner: Sequence[Side], found: Sequence[Bucket]) -> Iterator[tuple[CellKey, Bucket]]:
        """Buckets with what rows say of them; those of quarters are of months."""
        for bucket in found:
            budget.check()
            values = iter(bucket.key if isinstance(bucket.key, tuple) else ())
            pairs = zip(corner, self._dimensions, strict=False)
            key = tuple(dimension.key(next(values)) if side.by else None for side, dimension in pairs)  # type: ignore[arg-type]
            if bucket.count:
                yield key, bucket

    def _tell_amounts(self, name: str, corners: Sequence[Sequence[Side]]) -> None:
        """The different amounts of each cell, as far as they are few enough."""
        different = self._different(name)
        for corner in corners:
            for part, keys in self._parted(corner, different):
                if self._most(keys, different) <= self._most_amounts:
                    self._tell(name, part)
                else:
                    for key in keys:
                        self._cells[key].too_many.add(name)

    def _tell(self, name: str, corner: Sequence[Side]) -> None:
        wanted = CellsAgg([side.by for side in corner if side.by], values=name)
        only = [side.only for side in corner if side.only]
        for key, bucket in self._keyed(corner, buckets(self._ask({name: Facet(wanted, _all(only))}), name)):
            self._cell(key).tell(name, bucket.values)

    def _parted(self, corner: Sequence[Side], different: int) -> Iterator[tuple[Sequence[Side], list[CellKey]]]:
        """A corner in parts of not too many amounts, if need be by the values of one dimension; with their cells."""
        reached = [key for key in self._cells if self._is_reached(key, corner)]
        split = next(((at, side.by) for at, side in enumerate(corner) if isinstance(side.by, KeyBy)), None)
        if split is None or self._most(reached, different) <= self._most_amounts:
            yield corner, reached
            return
        at, by = split
        values, keys = list[str](), list[CellKey]()
        for value in by.values:
            further = [key for key in reached if key[at] == self._dimensions[at].key(value)]
            if values and self._most([*keys, *further], different) > self._most_amounts:
                yield _narrowed(corner, at, values), keys
                values, keys = [], []
            values, keys = [*values, value], [*keys, *further]
        yield _narrowed(corner, at, values), keys

    def _is_reached(self, key: CellKey, corner: Sequence[Side]) -> bool:
        """Whether documents of a corner may be in a cell."""
        return all((part is None) == (side.by is None) for part, side in zip(key, corner, strict=True))

    def _most(self, keys: Sequence[CellKey], different: int) -> int:
        """How many different amounts cells may have together."""
        return sum(min(different, self._cells[key].count) for key in keys)

    def _ask(self, facets: Mapping[str, Facet]) -> Result:
        behind = self._behind
        result = behind.engine.search(behind.index, Request(self._query, size=0, facets=facets, total=False))
        if result.version != behind.version:
            raise Republished("another version of the index was published while figures were counted; ask again")
        return result


def part_of(measure: Measure) -> str:
    """Under what `FigureCell.counted` holds what a measure needs; "" for what is no part of a cell."""
    match measure.how:
        case "business":
            return measure.how
        case "state" | "rate":
            return f"state:{measure.of}"
        case "decided":
            return measure.of
        case _:
            return ""


def _clause(measure: Measure, day: date) -> Query:
    """Of which part of a cell a measure tells."""
    return Term("status", IN_BUSINESS) if measure.how == "business" else filters.in_state([measure.of], day)


def _all(clauses: Sequence[Query]) -> Query:
    return Bool(filter=clauses) if clauses else MatchAll()


def _narrowed(corner: Sequence[Side], at: int, values: Sequence[str]) -> Sequence[Side]:
    """A corner with some values of one dimension; no other document is looked at."""
    side = corner[at]
    assert isinstance(side.by, KeyBy)  # noqa: S101 - chosen as one
    only: list[Query] = [Terms(side.by.field, values), *([side.only] if side.only else [])]
    return [*corner[:at], Side(replace(side.by, values=values), _all(only)), *corner[at + 1 :]]
