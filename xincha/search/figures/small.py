"""Small numbers of natural persons: which cells are not told, and which others would give them away.

A cell with natural persons that holds fewer than `LEAST` is hidden. All together is told, and so is each line of a
table by two dimensions when it is asked for by one. What a line leaves beside its told cells is a single hidden one, or
the sum of several, which says all where each of them must be 1; a cell that is computed so helps to compute others.
Where a cell of persons could be, the smallest others of its line are hidden too, until it cannot. Where all together
would say it even then, that is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from xincha.search.figures.counting import CellKey, FigureCell, FigureCells, part_of
from xincha.search.figures.decided import DECIDED, LATE, TIMELY, is_of_decisions

if TYPE_CHECKING:
    from xincha.search.figures.measures import Measure

LEAST = 3
"""A cell with natural persons that holds fewer is not told."""

_TWO = 2
_WHOLE: CellKey = ("whole",)
_Size = Callable[[FigureCell], int]


class Told:
    """What is told of counted cells."""

    def __init__(self, counted: FigureCells, measures: Sequence[Measure]) -> None:
        self._counted = counted
        self._rows = _hidden(counted, lambda cell: cell.count, _is_small)
        self._parts: dict[str, frozenset[CellKey]] = {}
        for measure in measures:
            if name := _of_part(measure):
                self._parts[name] = self._parts.get(name) or _hidden(counted, *_sized(measure))

    @property
    def whole(self) -> bool:
        """Whether all together is told."""
        return _WHOLE not in self._rows

    @property
    def lacks_parts(self) -> bool:
        """Whether a number is not told of a row that is."""
        return any(hidden - self._rows for hidden in self._parts.values())

    def row(self, key: CellKey) -> bool:
        """Whether a row is told."""
        return key not in self._rows

    def part(self, measure: Measure, key: CellKey | None) -> bool:
        """Whether a number of a row that is told, or of all together, is told too."""
        return (_WHOLE if key is None else key) not in self._parts.get(_of_part(measure), ())


def _of_part(measure: Measure) -> str:
    """Of which part of a cell a number tells; "" for all of it."""
    if is_of_decisions(measure):
        return measure.how if measure.of == DECIDED else TIMELY
    return measure.of if measure.is_of_amounts else part_of(measure)


def _sized(measure: Measure) -> tuple[_Size, Callable[[FigureCell], bool]]:
    """How large the part of a cell is that a number is of, and whether that, or what it leaves, is too small."""
    if is_of_decisions(measure):
        names = (DECIDED,) if measure.of == DECIDED else (TIMELY, LATE)

        def size(cell: FigureCell) -> int:
            return sum(cell.counted[name] for name in names)

        return size, lambda cell: 0 < size(cell) < LEAST  # who is a person among them is not known
    if measure.is_of_amounts:
        return (lambda cell: cell.stated[measure.of]), (lambda cell: _is_few(cell, cell.stated[measure.of]))
    part = part_of(measure)

    def is_small(cell: FigureCell) -> bool:
        return _is_few(cell, cell.counted[part]) or _is_few(cell, cell.count - cell.counted[part])

    return (lambda cell: cell.counted[part]), is_small


def _is_small(cell: FigureCell) -> bool:
    return _is_few(cell, cell.count)


def _is_few(cell: FigureCell, number: int) -> bool:
    return cell.has_persons and 0 < number < LEAST


def _hidden(counted: FigureCells, size: _Size, is_small: Callable[[FigureCell], bool]) -> frozenset[CellKey]:
    """The cells that are not told, with `_WHOLE` where the whole is not."""
    cells = counted.cells
    hidden = {key for key, cell in cells.items() if is_small(cell)}
    whole = {_WHOLE} if is_small(counted.whole) else set[CellKey]()
    if not hidden or not counted.dimensions:
        return frozenset(hidden | whole)
    sizes = {key: size(cell) for key, cell in cells.items()}
    persons = {key for key, cell in cells.items() if cell.has_persons}
    lines = [
        frozenset(line)
        for line in _lines(cells, len(counted.dimensions))
        if sum(sizes[key] for key in line) >= LEAST or not persons.intersection(line)  # else that is not told either
    ]
    wanted = frozenset(hidden)
    while found := {
        min(left, key=lambda key: (sizes[key], str(key)))
        for line in _telling(lines, hidden, wanted, sizes)
        if (left := [key for key in line - hidden if sizes[key]])
    }:
        hidden.update(found)
    if lines and lines[0] in _telling(lines, hidden, wanted, sizes):
        hidden.add(_WHOLE)
    return frozenset(hidden | whole)


def _telling(
    lines: Sequence[frozenset[CellKey]],
    hidden: set[CellKey],
    wanted: frozenset[CellKey],
    sizes: Mapping[CellKey, int],
) -> list[frozenset[CellKey]]:
    """The lines by whose number a wanted cell could be computed."""
    known, telling = set[CellKey](), list[frozenset[CellKey]]()
    unknown = [(line, line & hidden) for line in lines if line & hidden]
    while told := [(line, left) for line, left in unknown if not _is_safe([sizes[key] for key in left])]:
        telling += [line for line, left in told if left & wanted]
        known.update(key for _, left in told for key in left)
        unknown = [(line, rest) for line, left in unknown if (rest := left - known)]
    return telling


def _lines(cells: Mapping[CellKey, FigureCell], dimensions: int) -> Iterator[list[CellKey]]:
    """Cells that add up to a number which is told elsewhere: all of them, and those that share a value."""
    yield list(cells)
    if dimensions == _TWO:
        for at in range(dimensions):
            by_value: dict[object, list[CellKey]] = {}
            for key in cells:
                by_value.setdefault(key[at], []).append(key)
            yield from by_value.values()


def _is_safe(sizes: Sequence[int]) -> bool:
    """Whether the sum of hidden numbers, each 1 or more, leaves open what they are."""
    return len(sizes) > 1 and sum(sizes) >= max(LEAST, len(sizes) + 1)
