"""Full texts and notices, and the records that they are the text of, or announce: both ways, of what may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from xincha.engine.query import Bool, Ids, Query, Request, Sort, Term
from xincha.search.answers import LinkedRecord
from xincha.search.shown import linked_record

if TYPE_CHECKING:
    from xincha.engine.contract import Engine

MOST = 20


def texts_of(stored: Mapping[str, Any], engine: Engine, public: Query) -> list[LinkedRecord]:
    """The documents that are the text of a record, and the notices that announce it; the earliest first."""
    return _found(Term("of_id", stored["record_id"]), engine, public)


def text_of(stored: Mapping[str, Any], engine: Engine, public: Query) -> list[LinkedRecord]:
    """The records that a document is the text of, or a notice announces; the earliest first."""
    of = stored.get("of_ids") or ()
    return _found(Ids(list(of)), engine, public) if of else []


def _found(query: Query, engine: Engine, public: Query) -> list[LinkedRecord]:
    sort = (Sort("happened_on"), Sort("tie"))
    request = Request(Bool(filter=[query, public]), sort=sort, size=MOST, total=False)
    return [linked_record(orjson.loads(hit.source)) for hit in engine.search("records", request).hits]
