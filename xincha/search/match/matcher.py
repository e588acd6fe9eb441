"""`Matcher`: many rows → which entity each means, or honestly none. The cascade, for a batch of rows at a time:

1. identifiers and names joined exactly: one query for each kind of key, whatever the number of rows;
2. other spellings of the names, for rows without an entity so far: one query more;
3. names in cells that say more than a name, where nobody bears the whole: one query for each kind of key (`mentions`);
4. near names, for what is left: one small query a row (`near`).

Candidates are compared, and rows decided, one by one (`decide`). Rows are independent: one that cannot be used gets
its error as answer. Answers are in the order of the rows, the same for the same rows, index version and day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from functools import partial

import orjson

from xincha import budget
from xincha.engine.contract import Engine, Hit
from xincha.engine.query import Request, Terms
from xincha.search.answers import EVERYTHING, Counts, Covered, Reason, Stored
from xincha.search.counts import counts_on
from xincha.search.coverage import REGISTRATION, CoverageReader, not_loaded
from xincha.search.match.decide import MOST_BEARERS, Found, decide
from xincha.search.match.mentions import Cell, Key
from xincha.search.match.near import Nearest
from xincha.search.match.rows import BadRow, Row, read_row
from xincha.search.match.types import MatchResult
from xincha.search.reading import Candidate
from xincha.search.risks import Risk, risks_on
from xincha.text.spellings import placed, spellings

_BATCH = 500
_ROOM = 100


class Matcher:
    """Matches rows. Safe to share between threads."""

    def __init__(self, engine: Engine, *, today: Callable[[], date], coverage: CoverageReader | None = None) -> None:
        self._engine = engine
        self._today = today
        self._coverage = coverage or CoverageReader(engine, today)
        self._nearest = Nearest(engine)

    def match(self, rows: Sequence[object]) -> list[MatchResult]:
        """The answer to each row (see `rows` for what a row says), in their order."""
        matches: list[MatchResult] = []
        for start in range(0, len(rows), _BATCH):
            batch = list(map(_read, rows[start : start + _BATCH]))
            lookup = RowLookup(self._engine, self._nearest, [row for row in batch if isinstance(row, Row)])
            candidates, counted = lookup.candidates(), partial(self._counts, lookup, self._today())
            decided = [row if isinstance(row, MatchResult) else decide(next(candidates), counted) for row in batch]
            matches += decided if REGISTRATION in self._covered(lookup).loaded else map(_unknown, decided)
        return matches

    def _covered(self, lookup: RowLookup) -> Covered:
        """What is loaded where rows were looked up; of rows that cannot be used it does not matter."""
        return self._coverage.of("entities", lookup.version) if lookup.version else EVERYTHING

    def _counts(self, lookup: RowLookup, day: date, source: Stored) -> tuple[Counts, Sequence[Risk]]:
        covered = self._covered(lookup)
        counts = counts_on(source, day, covered.loaded, covered.held)
        return counts, risks_on(source, counts, day)


def _read(row: object) -> Row | MatchResult:
    budget.check()
    try:
        return read_row(row)
    except BadRow as error:
        identifier = row.get("id") if isinstance(row, Mapping) else None
        known = identifier if isinstance(identifier, str) else None
        return MatchResult(known, "none", None, 0.0, None, [], [], str(error))


def _unknown(answer: MatchResult) -> MatchResult:
    """An answer where no register is loaded."""
    return replace(answer, reasons=[Reason("not_loaded", not_loaded([REGISTRATION]), 0.0)])


class RowLookup:
    """Looks up some rows together; afterwards `version` is the one that was asked."""

    version = ""

    def __init__(self, engine: Engine, nearest: Nearest, rows: Sequence[Row]) -> None:
        self._engine = engine
        self._nearest = nearest
        self._rows = rows
        self._known: dict[str, Candidate] = {}

    def candidates(self) -> Iterator[Found]:
        """Of each row the entities of its codes, of its name, of names in its cell, and those of near names."""
        joined = self._joined({key for row in self._rows for key in _exact_keys(row)})
        rows = [_with_its_name(row, joined) for row in self._rows]
        rest = [row for row in rows if row.key and ("name_key", row.key) not in joined]
        others = {
            id(row): [("form_key", key) for key in (*spellings(row.name.split), *placed(row.name.split, row.regions))]
            for row in rest
        }
        joined |= self._joined({key for keys in others.values() for key in keys})
        cells = {
            id(row): cell
            for row in rest
            if not any(key in joined for key in others.get(id(row), ())) and (cell := Cell(row)).several
        }
        joined |= self._joined({key for cell in cells.values() for key in cell.keys()})  # noqa: SIM118
        mentions = {key: mentions for key, cell in cells.items() if (mentions := cell.mentions(joined))}
        rest = [
            row
            for row in rest
            if not row.nobody and id(row) not in mentions and not any(key in joined for key in others[id(row)])
        ]
        alone = {id(row): cells[id(row)].likeliest() if id(row) in cells else row for row in rest}
        near = self._nearest.of([row.name for row in alone.values()])
        for row in rows:
            budget.check()
            coded = {each.id: each for key in _code_keys(row) for each in joined.get(key, ())}
            spelled = (each for key in others.get(id(row), ()) for each in joined.get(key, ()))
            bearers = joined.get(("name_key", row.key)) or {each.id: each for each in spelled}.values()
            told = {each.id: each for name in row.told for each in joined.get(("name_key", name.signed), ())}
            yield Found(
                row=alone.get(id(row), row),
                coded=list(coded.values()),
                bearers=list(bearers),
                told=list(told.values()),
                mentions=mentions.get(id(row), ()),
                near=list(map(self._candidate, next(near))) if id(row) in alone else (),
            )

    def _joined(self, keys: Set[Key]) -> dict[Key, list[Candidate]]:
        """Key → the entities that bear it; without those that nobody bears."""
        values: dict[str, list[str]] = defaultdict(list)
        for field, value in sorted(keys):
            values[field].append(value)
        bearers: dict[Key, list[Candidate]] = defaultdict(list)
        for field, hit in self._holders(list(values.items())):
            candidate = self._candidate(hit)
            for key in keys & {(field, value) for value in _values(candidate, field)}:
                bearers[key].append(candidate)
        return dict(bearers)

    def _holders(self, questions: list[tuple[str, list[str]]]) -> Iterator[tuple[str, Hit]]:
        """Documents that hold one of these values; what does not fit into one answer is asked in halves."""
        while questions:
            requests = [Request(Terms(field, values), size=_room(values)) for field, values in questions]
            results = self._engine.search_many("entities", requests)
            self.version = results[0].version
            halves: list[tuple[str, list[str]]] = []
            for (field, values), result in zip(questions, results, strict=True):
                if result.total > len(result.hits) and len(values) > 1:
                    half = len(values) // 2
                    halves += [(field, values[:half]), (field, values[half:])]
                else:
                    yield from ((field, hit) for hit in result.hits)
            questions = halves

    def _candidate(self, hit: Hit) -> Candidate:
        if hit.id not in self._known:
            self._known[hit.id] = Candidate.of(hit.id, orjson.loads(hit.source))
        return self._known[hit.id]


def _room(values: Sequence[str]) -> int:
    """Hits to ask for: some more than there are names, for most have one bearer."""
    return MOST_BEARERS if len(values) == 1 else 2 * len(values) + _ROOM


def _with_its_name(row: Row, joined: Mapping[Key, object]) -> Row:
    """The row with all that its cell says as its name, where somebody is called so: （原…） may belong to it."""
    if row.whole and ("name_key", row.whole.signed) in joined:
        return replace(row, name=row.whole, told=())
    return row


def _code_keys(row: Row) -> list[Key]:
    return [(code.field, code.value) for code in row.codes] or [("uscc", code) for code in row.nearly]


def _exact_keys(row: Row) -> list[Key]:
    wholes = [row.whole] if row.whole else []
    named = [("name_key", name.signed) for name in (row.name, *row.told, *wholes) if name.signed]
    return [*_code_keys(row), *named]


def _values(candidate: Candidate, field: str) -> list[str | None]:
    """The values of a key field that an entity holds."""
    if field == "name_key":
        return [name.signed for name in candidate.names]
    if field == "form_key":
        return [name.form_key for name in candidate.names]
    return [candidate.source.get(field)]
