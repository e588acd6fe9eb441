"""`Matcher`: many rows → which entity each means, or honestly none. The cascade, for a batch of rows at a time:

1. identifiers and names joined exactly: one query for each kind of key, whatever the number of rows;
2. other spellings of the names, for rows that nothing was found for: one query more;
3. near names, for what is left: one small query a row (`near`).

What was found is compared and decided row by row (`decide`). Rows are independent: one that cannot be used gets
its error as answer. Answers are in the order of the rows, the same for the same rows, index version and day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

import orjson

from xincha.engine.contract import Engine, Hit
from xincha.engine.query import Request, Terms
from xincha.search.match.decide import MOST_BEARERS, decide
from xincha.search.match.near import Nearest
from xincha.search.match.rows import BadRow, Row, read_row
from xincha.search.match.spellings import placed, spellings
from xincha.search.match.types import MatchResult
from xincha.search.reading import Candidate

_BATCH = 500
_ROOM = 100
_Key = tuple[str, str]


class Matcher:
    """Matches rows. Safe to share between threads."""

    def __init__(self, engine: Engine, *, today: Callable[[], date]) -> None:
        self._engine = engine
        self._today = today
        self._nearest = Nearest(engine)

    def match(self, rows: Sequence[object]) -> list[MatchResult]:
        """The answer to each row (see `rows` for what a row says), in their order."""
        found: list[MatchResult] = []
        for start in range(0, len(rows), _BATCH):
            found += self._batch(rows[start : start + _BATCH])
        return found

    def _batch(self, given: Sequence[object]) -> list[MatchResult]:
        read = [_read(each) for each in given]
        batch = _JointLookup(self._engine, self._nearest, [row for row in read if isinstance(row, Row)])
        answers, day = batch.found(), self._today()
        return [row if isinstance(row, MatchResult) else decide(row, *next(answers), day) for row in read]


def _read(given: object) -> Row | MatchResult:
    try:
        return read_row(given)
    except BadRow as error:
        identifier = given.get("id") if isinstance(given, Mapping) else None
        identifier = identifier if isinstance(identifier, str) else None
        return MatchResult(identifier, "none", 0.0, None, [], [], str(error))


class _JointLookup:
    """Rows that are looked up together."""

    def __init__(self, engine: Engine, nearest: Nearest, rows: Sequence[Row]) -> None:
        self._engine = engine
        self._nearest = nearest
        self._rows = rows
        self._known: dict[str, Candidate] = {}

    def found(self) -> Iterator[tuple[Sequence[Candidate], Sequence[Candidate], Sequence[Candidate]]]:
        """For each row the entities of its code, of its name, and those of near names."""
        joined = self._joined({key for row in self._rows for key in _exact_keys(row)})
        left = [row for row in self._rows if not any(key in joined for key in _exact_keys(row)) and row.key]
        wanted = {id(row): [("form_key", key) for key in _spellings(row)] for row in left}
        joined |= self._joined({key for keys in wanted.values() for key in keys})
        left = [row for row in left if not any(key in joined for key in wanted[id(row)])]
        unmet = set(map(id, left))
        near = self._nearest.of([row.name for row in left])
        for row in self._rows:
            coded = joined.get((row.code.field, row.code.value), ()) if row.code else ()
            bearers = joined.get(("name_key", row.key)) or _all(joined, wanted.get(id(row), ()))
            yield coded, bearers, list(map(self._candidate, next(near))) if id(row) in unmet else []

    def _joined(self, keys: Iterable[_Key]) -> dict[_Key, list[Candidate]]:
        """Key → the entities that bear it; without those that nobody bears."""
        wanted = set(keys)
        values: dict[str, list[str]] = defaultdict(list)
        for field, value in sorted(wanted):
            values[field].append(value)
        found: dict[_Key, list[Candidate]] = defaultdict(list)
        for field, hit in self._holders(list(values.items())):
            candidate = self._candidate(hit)
            for key in {(field, value) for value in _held(candidate, field)} & wanted:
                found[key].append(candidate)
        return dict(found)

    def _holders(self, asked: list[tuple[str, list[str]]]) -> Iterator[tuple[str, Hit]]:
        """Documents that hold one of these values; what does not fit into one answer is asked in halves."""
        while asked:
            requests = [Request(Terms(field, values), size=_room(values)) for field, values in asked]
            results = self._engine.search_many("entities", requests)
            again: list[tuple[str, list[str]]] = []
            for (field, values), result in zip(asked, results, strict=True):
                if result.total > len(result.hits) and len(values) > 1:
                    half = len(values) // 2
                    again += [(field, values[:half]), (field, values[half:])]
                else:
                    yield from ((field, hit) for hit in result.hits)
            asked = again

    def _candidate(self, hit: Hit) -> Candidate:
        known = self._known.get(hit.id)
        if known is None:
            known = self._known[hit.id] = Candidate.of(hit.id, orjson.loads(hit.source))
        return known


def _room(values: Sequence[str]) -> int:
    """Hits to ask for: some more than there are names, for most have one bearer."""
    return MOST_BEARERS if len(values) == 1 else 2 * len(values) + _ROOM


def _exact_keys(row: Row) -> list[_Key]:
    keys = [(row.code.field, row.code.value)] if row.code else []
    return [*keys, ("name_key", row.key)] if row.key else keys


def _spellings(row: Row) -> list[str]:
    return [*spellings(row.name), *placed(row.name, row.regions)]


def _held(candidate: Candidate, field: str) -> list[str]:
    """The values of a key field that an entity holds."""
    if field == "name_key":
        return [name.key for name in candidate.names]
    if field == "form_key":
        return [name.form_key for name in candidate.names]
    value = candidate.source.get(field)
    return [value] if isinstance(value, str) else []


def _all(joined: Mapping[_Key, Sequence[Candidate]], keys: Iterable[_Key]) -> list[Candidate]:
    """The bearers of any of these keys, each once."""
    return list({found.id: found for key in keys for found in joined.get(key, ())}.values())
