"""Requests on one open version of an index: hits in order (`order`), totals, facets (`facets`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tantivy
from tantivy import Query as Compiled

from xincha.engine import query as q
from xincha.engine.clauses import SCORE
from xincha.engine.contract import Hit, IndexName, Result
from xincha.engine.embedded.compile import Compiler, constant_score
from xincha.engine.embedded.facets import Facets
from xincha.engine.embedded.index import number_date, open_index, wrapped
from xincha.engine.embedded.order import Found, Order, Raw, total
from xincha.engine.fields import INDICES


class Reader:
    """One version, open. Any thread may ask it; it never changes, also when its folder is removed."""

    def __init__(self, index: IndexName, version: str, folder: Path) -> None:
        self.version = version
        self._fields = INDICES[index]
        with wrapped(f"cannot open version {version} of {index}"):
            opened = open_index(folder)
            self._searcher = opened.searcher()
        self._compiler = Compiler(self._fields, opened.schema)
        self._facets = Facets(self._compiler, self._searcher)

    @property
    def documents(self) -> int:
        """How many documents this version holds."""
        return int(self._searcher.num_docs)

    def count(self, identifiers: Sequence[str]) -> int:
        """How many of these identifiers are in this version."""
        with wrapped("cannot count documents"):
            return self._total(self._compiler.query(q.Ids(identifiers), scoring=False))

    def search(self, request: q.Request) -> Result:
        """Answer one request."""
        self._compiler.clauses.request(request)
        with wrapped("cannot answer a request"):
            constant = constant_score(request.query)
            by_score = not request.sort or request.sort[0].field == SCORE
            scoring = by_score and constant is None and request.size > 0
            base = wanted = self._compiler.query(request.query, scoring=scoring)
            if request.post_filter is not None:
                condition = self._compiler.query(request.post_filter, scoring=False)
                wanted = self._compiler.both(base, condition, scoring=scoring)
            found, count = self._found(request, wanted, constant)
            hits = [self._hit(values, address, request, constant) for values, address in found]
            known = count if request.total else None
            facets = self._facets.answer(request, base, wanted, known) if request.facets else {}
            return Result(hits, count, facets, self.version)

    def _found(self, request: q.Request, wanted: Compiled, constant: float | None) -> tuple[list[Found], int]:
        if request.size == 0:
            return [], self._total(wanted) if request.total else 0
        if not request.sort:
            return self._by_score(request, wanted)
        order = Order(self._fields, self._compiler, self._searcher, constant=constant, count=request.total)
        found = order.first(wanted, request.sort, request.search_after, request.offset + request.size)
        if request.total and order.counted is None:
            return found, self._total(wanted)
        return found[request.offset :], order.counted or 0

    def _by_score(self, request: q.Request, wanted: Compiled) -> tuple[list[Found], int]:
        size, offset = min(request.size, self.documents + 1), min(request.offset, self.documents)
        result = self._searcher.search(wanted, size, count=request.total, offset=offset)
        return [((score,), address) for score, address in result.hits], total(result) if request.total else 0

    def _total(self, query: Compiled) -> int:
        return total(self._searcher.search(query, 1))

    def _hit(
        self, values: tuple[Raw, ...], address: tantivy.DocAddress, request: q.Request, constant: float | None
    ) -> Hit:
        document = self._searcher.doc(address)
        source = (document.get_first("source") or b"") if request.source else b""
        keys = request.sort
        score = 0.0
        if not keys or keys[0].field == SCORE:
            score = float(values[0] or 0.0) if constant is None else constant
        shown = tuple(map(self._shown, keys, values)) if keys else ()
        return Hit(str(document.get_first("id")), score, source, shown)

    def _shown(self, key: q.Sort, value: Raw) -> q.Value | None:
        """A sort value as the caller knows it."""
        if value is not None and key.field != SCORE and self._fields[key.field].type == "date":
            return number_date(int(value))
        return value
