"""Requests as bodies of `_search`, and its answers as results.

Without a sort hits come by score, ties by `tie`: an order that does not depend on which copy of an index answers. A
request that scores adds up the statistics of all shards first (one round trip more where there are several), so that
the number of shards changes nothing. No answer is partial: a shard that does not answer is an error.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from xincha.engine import query as q
from xincha.engine.check import INT_MAX, INT_MIN
from xincha.engine.clauses import SCORE, TIE
from xincha.engine.contract import Hit, Result
from xincha.engine.fields import Field
from xincha.engine.opensearch.compile import Json, OpenSearchCompiler
from xincha.engine.opensearch.dates import date_of, milliseconds_of
from xincha.engine.opensearch.facets import Ask, OpenSearchFacets
from xincha.engine.opensearch.mapping import DEEPEST

PROBE: Json = {"size": 1, "sort": ["_doc"], "track_total_hits": False, "_source": False}
"""Any one document, by which an alias tells what stands behind it."""

WHOLE: Json = {"allow_partial_search_results": "false"}
"""An answer of some shards only would be a wrong one."""

_DEFAULT = (q.Sort(SCORE, "desc"), TIE)


class CompiledRequest:
    """One request, compiled."""

    def __init__(self, compiler: OpenSearchCompiler, request: q.Request) -> None:
        self._compiler = compiler
        self._fields = compiler.clauses.fields
        self._request = request
        compiler.clauses.request(request)
        if request.size > DEEPEST:
            raise compiler.clauses.unsupported(request, f"has more than {DEEPEST:,} hits; more come by search_after")
        self._facets = OpenSearchFacets(compiler, request) if request.facets else None
        self.body = self._body()
        by_score = bool(request.size) and (not request.sort or request.sort[0].field == SCORE)
        self.parameters: Json = {**WHOLE, "search_type": "dfs_query_then_fetch"} if by_score else WHOLE

    def result(self, raw: Json, version: str, ask: Ask) -> Result:
        """The result, from an answer; `ask` asks the same version once more."""
        hits = [self._hit(hit) for hit in raw["hits"]["hits"]]
        total = raw["hits"]["total"]["value"] if self._request.total else 0
        facets = self._facets.answers(raw["aggregations"], ask) if self._facets else {}
        return Result(hits, total, facets, version)

    def _body(self) -> Json:
        request = self._request
        body: Json = {"size": request.size, "track_total_hits": request.total}
        body["_source"] = ["source"] if request.source else False
        if request.size:
            body["sort"] = list(map(self._sort, request.sort or _DEFAULT))
        if request.search_after is not None:
            body["search_after"] = list(map(self._place, request.sort, request.search_after))
        if self._facets is None:
            body["query"] = self._compiler.both(request.query, request.post_filter)
            return body
        body["query"] = self._compiler.query(request.query)
        if request.post_filter is not None:
            body["post_filter"] = self._compiler.query(request.post_filter)
        body["aggs"] = self._facets.aggregations
        return body

    def _sort(self, key: q.Sort) -> Json:
        if key.field == SCORE:
            return {SCORE: {"order": "desc"}}
        return {key.field: {"order": key.order, "missing": "_last"}}

    def _place(self, key: q.Sort, value: q.Value | None) -> object:
        """One value of `search_after`."""
        placed = self._compiler.clauses.place(key, value)
        if placed is None:
            return _absent(self._fields[key.field], key)
        return milliseconds_of(placed) if isinstance(placed, date) else placed

    def _hit(self, raw: Json) -> Hit:
        keys = self._request.sort
        scored = not keys or keys[0].field == SCORE
        source = raw["_source"].get("source", "").encode() if self._request.source else b""
        shown = tuple(map(self._shown, keys, raw["sort"])) if keys else ()
        return Hit(raw["_id"], raw["_score"] if scored else 0.0, source, shown)

    def _shown(self, key: q.Sort, value: Any) -> q.Value | None:
        """A sort value as the caller knows it."""
        if key.field == SCORE:
            return float(value)
        field = self._fields[key.field]
        if value == _absent(field, key):
            return None
        shown: q.Value = date_of(value) if field.type == "date" else value
        return shown


def _absent(field: Field, key: q.Sort) -> object:
    """What OpenSearch tells as the sort value of a document that has none: it comes last in both orders."""
    if field.type == "float":
        return "Infinity" if key.order == "asc" else "-Infinity"
    return INT_MAX if key.order == "asc" else INT_MIN
