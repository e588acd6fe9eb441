"""Requests on one open version of an index: hits in order (`order`), totals, facets (`facets`)."""

from __future__ import annotations

from pathlib import Path

import tantivy
from tantivy import Query as Compiled

from xincha import budget
from xincha.engine import query as q
from xincha.engine.clauses import SCORE
from xincha.engine.contract import Hit, Result
from xincha.engine.embedded.compile import TantivyCompiler, constant_score
from xincha.engine.embedded.facets import TantivyFacets
from xincha.engine.embedded.index import number_date, open_index, readable, wrapped
from xincha.engine.embedded.order import Order, Row, SortValue, counted, total
from xincha.engine.fields import INDICES
from xincha.engine.versioned import Version

_FEW = 10
"""Of so few hits facets are counted by their identifiers: quicker than to look for them again for each filter."""


class VersionSearcher:
    """One version, open. Any thread may ask it; it never changes, also when its folder is removed."""

    def __init__(self, version: Version, folder: Path) -> None:
        self.version = version.version
        self._fields = INDICES[version.index]
        doing = f"cannot open version {version.version} of {version.index} (`xincha publish` makes it anew)"
        with wrapped(doing), readable(folder) as place:
            opened = open_index(place)
            self._searcher = opened.searcher()
        self._compiler = TantivyCompiler(self._fields, opened.schema)
        self._facets = TantivyFacets(self._compiler, self._searcher)

    def search(self, request: q.Request) -> Result:
        """Answer one request."""
        budget.check()
        self._compiler.clauses.request(request)
        with wrapped("cannot answer a request"):
            constant = constant_score(request.query)
            by_score = not request.sort or request.sort[0].field == SCORE
            scoring = by_score and constant is None and request.size > 0
            base = wanted = self._compiler.query(request.query, scoring=scoring)
            if request.post_filter is not None:
                condition = self._compiler.query(request.post_filter, scoring=False)
                wanted = self._compiler.both(base, condition, scoring=scoring)
            rows, count = self._rows(request, wanted, constant)
            hits = [self._hit(values, address, request, constant) for values, address in rows]
            known = count if request.total else None
            is_whole = bool(request.facets) and wanted is base and known == len(rows)
            every = [address for _, address in rows] if is_whole else []
            if 0 < len(every) <= _FEW:
                base = wanted = self._compiler.query(q.Ids([hit.id for hit in hits]), scoring=False)
            facets = self._facets.answer(request, base, wanted, known, every) if request.facets else {}
            return Result(hits, count, facets, self.version)

    def _rows(self, request: q.Request, wanted: Compiled, constant: float | None) -> tuple[list[Row], int]:
        if request.size == 0:
            return [], counted(self._searcher, wanted) if request.total else 0
        if not request.sort:
            return self._by_score(request, wanted)
        order = Order(self._compiler, self._searcher, wanted, count=request.total)
        rows = order.first(request, constant)
        if not request.total:
            return rows, 0
        return rows, self._total(wanted) if order.counted is None else order.counted

    def _by_score(self, request: q.Request, wanted: Compiled) -> tuple[list[Row], int]:
        result = self._searcher.search(wanted, min(request.size, self._searcher.num_docs + 1), count=request.total)
        return [((score,), address) for score, address in result.hits], total(result) if request.total else 0

    def _total(self, query: Compiled) -> int:
        return total(self._searcher.search(query, 1))

    def _hit(
        self, values: tuple[SortValue, ...], address: tantivy.DocAddress, request: q.Request, constant: float | None
    ) -> Hit:
        document = self._searcher.doc(address)
        source = (document.get_first("source") or b"") if request.source else b""
        keys = request.sort
        score = 0.0
        if not keys or keys[0].field == SCORE:
            score = float(values[0] or 0.0) if constant is None else constant
        shown = tuple(map(self._shown, keys, values)) if keys else ()
        return Hit(str(document.get_first("id")), score, source, shown)

    def _shown(self, key: q.Sort, value: SortValue) -> q.Value | None:
        """A sort value as the caller knows it."""
        if value is not None and key.field != SCORE and self._fields[key.field].type == "date":
            return number_date(int(value))
        return value
