"""What is kept of figures between questions, bounded: answers, and how many different amounts there are.

An answer holds for the version of both indices, the day and the records that are held back, so it is kept under these
and is never older than what is published. Kept are answers to questions of codes, days and words of the program alone:
nothing that was typed, nor any that holds an address.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from xincha.engine.query import MOST_BUCKETS, Bool, CellsAgg, Exists, Facet, Request, Term
from xincha.search.figures.dimensions import buckets

if TYPE_CHECKING:
    from xincha.search.export.pages import Export
    from xincha.search.figures.question import FiguresQuestion

MOST_ROWS = 20_000
"""Rows of all answers that are kept: some 20 MB."""
_MOST_OF_ONE = MOST_ROWS // 4
_LONGEST = 2_000
"""Characters of a question whose answer is kept."""
_TYPED = frozenset({"q", "address", "belongs"})


class DataState(NamedTuple):
    """What answers hold for."""

    entities: str
    records: str
    day: date
    held: frozenset[str]


class Answer(Protocol):
    """What is kept: something with rows."""

    @property
    def rows(self) -> Sequence[Any]:
        """The rows."""


A = TypeVar("A", bound=Answer)


class KeptFigures(Generic[A]):
    """Answers by their question. Safe to share between threads."""

    def __init__(self, most_rows: int = MOST_ROWS) -> None:
        self._lock = Lock()
        self._most_rows = most_rows
        self._answers: OrderedDict[tuple[DataState, str], A] = OrderedDict()
        self.rows = 0

    def get(self, published: DataState, question: FiguresQuestion) -> A | None:
        """The answer that was kept of a question."""
        with self._lock:
            key = published, question.selection
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def keep(self, published: DataState, question: FiguresQuestion, answer: A) -> None:
        """Keep an answer, unless it is large or its question says what was typed; the oldest ones make room."""
        text = question.selection
        if len(text) > _LONGEST or len(answer.rows) > _MOST_OF_ONE or _TYPED & question.model_fields_set:
            return
        with self._lock:
            self._forget_others(published)
            if (published, text) not in self._answers:
                self.rows += len(answer.rows) + 1
            self._answers[published, text] = answer
            while self.rows > self._most_rows:
                self.rows -= len(self._answers.popitem(last=False)[1].rows) + 1

    def _forget_others(self, published: DataState) -> None:
        """What held before something was published, or the day went by, is asked for no more."""
        if self._answers and next(reversed(self._answers))[0] != published:
            self._answers.clear()
            self.rows = 0


class Different:
    """How many different amounts a version has of each field of a kind, whatever the filters: looked up once for each.
    Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[tuple[str, str], int] = {}
        self._version = ""

    def of(self, kind: str, name: str, behind: Export) -> int:
        """The number of a field in the version that is counted; the most that can be told apart if there are more."""
        with self._lock:
            if self._version != behind.version:
                self._known, self._version = {}, behind.version
            if (known := self._known.get((kind, name))) is not None:
                return known
        every = Bool(filter=[Term("kind", kind), Exists(name)])
        request = Request(every, size=0, facets={name: Facet(CellsAgg(values=name))}, total=False)
        result = behind.engine.search(behind.index, request)
        found = [MOST_BUCKETS if each.values is None else len(each.values) for each in buckets(result, name)]
        number = max(found, default=0)
        with self._lock:
            if self._version == result.version:
                self._known[kind, name] = number
        return number
