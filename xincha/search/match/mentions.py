"""The names in a cell that says more than one name → whose they are.

    厦门鹭岛科技有限公司/张三                 厦门鹭岛科技有限公司
    厦门鹭岛科技有限公司、厦门澜汀建材有限公司    both

Nobody bears such a text as a whole. Every run of its pieces is looked for as somebody's name, and the longest that are
count; `xincha.text.cells` says what a piece is. Names that look whole are also looked for in their other spellings.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from xincha.search.match.rows import Row
from xincha.search.reading import Candidate, Reading
from xincha.text import cells
from xincha.text.spellings import spellings

Key = tuple[str, str]
"""A key field of an entity, and a value."""

_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a cell: the row as if it said that name alone, and who bears it."""

    row: Row
    bearers: Sequence[Candidate]


class Cell:
    """The cell of a row's name, in pieces."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self._pieces = cells.pieces(row.text)

    @property
    def several(self) -> bool:
        """Whether there is more in it than one piece."""
        return len(self._pieces) > 1

    @cached_property
    def _runs(self) -> list[tuple[int, int, Reading]]:
        return [(start, end, Reading(run)) for start, end, run in cells.spans(self._row.text, self._pieces)]

    @cached_property
    def _written(self) -> list[Reading]:
        names = cells.written(self._row.text, self._pieces)
        return list(map(Reading, names[:_MOST_NAMES]))

    def keys(self) -> Iterator[Key]:
        """The keys under which its names may be registered."""
        yield from (("name_key", run.signed) for _, _, run in self._runs)
        yield from (("form_key", key) for name in self._written for key in spellings(name.split))

    def mentions(self, joined: Mapping[Key, Sequence[Candidate]]) -> list[Mention]:
        """The names in it that somebody bears, in order; `joined`: key → its bearers."""
        taken: set[int] = set()
        found: list[Mention] = []
        starts: list[int] = []
        for start, end, run in self._runs:
            bearers = joined.get(("name_key", run.signed), ())
            if bearers and taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                at = bisect_left(starts, start)
                starts.insert(at, start)
                found.insert(at, Mention(replace(self._row, name=run), bearers))
        known = [mention.row.key for mention in found]
        for name in self._written:
            spelled = [each for key in spellings(name.split) for each in joined.get(("form_key", key), ())]
            if spelled and not any(name.signed in key or key in name.signed for key in known):
                bearers = list({each.id: each for each in spelled}.values())
                found.append(Mention(replace(self._row, name=name), bearers))
        return found

    def likeliest(self) -> Row:
        """The row as if it said only the first name in it that looks whole; as it is where none does."""
        return replace(self._row, name=self._written[0]) if self.several and self._written else self._row
