"""The tables of the lake: their columns, types and keys. Those of entities and records are made of `xincha.kinds`.

Dates are dates (`_on`), money is yuan (`_cny`), codes are text with their leading zeros, and the text as published
stays beside a value read from it where reading could lose something (`_text`). Every data row carries `ORIGIN`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from xincha.kinds import KINDS, Fact, Kind
from xincha.kinds.entity import ENTITY

Type = pl.DataType | type[pl.DataType]
MONEY = pl.Decimal(20, 2)
TIME = pl.Datetime("us", "UTC")

ORIGIN: Mapping[str, Type] = {
    "batch_id": pl.String,  # the load that wrote this row
    "source_file": pl.String,  # name of the file, relative to what was loaded; `archive.zip/inner.csv` inside archives
    "source_row": pl.Int64,  # first row of data is 1, as counted by a person under the header
    "loaded_at": TIME,
}

DELIVERED: Mapping[str, Type] = {
    "source": pl.String,  # who delivered it last, by the name that the operator gave; null: without a name
    "gone_on": pl.Date,  # day of the complete delivery of its source from which on it is absent; see indexer.gone
}
"""Columns of records beside their facts; rows of one key merge by what `indexer.merge_rows` says of each."""

CARRIED = pl.List(pl.Struct({"field": pl.String, "source_file": pl.String, "source_row": pl.Int64, "loaded_at": TIME}))
"""Facts of a merged row that come from an older file, because the newer one did not state them."""

_TYPES: Mapping[str, Type] = {
    "list": pl.List(pl.String),
    "date": pl.Date,
    "money": MONEY,
    "count": pl.Int64,
    "number": pl.Float64,
    "flag": pl.Boolean,
}


def _type(fact: Fact) -> Type:
    """The type of a fact's column; text, codes and keys are text."""
    if fact.type == "lines":
        return pl.List(pl.Struct({line.name: _type(line) for line in fact.lines}))
    return _TYPES.get(fact.type, pl.String)


@dataclass(frozen=True)
class Table:
    """A table of the lake. `key` identifies a row; rows of one key merge, by what `facts` say of each column.

    `columns`: what files state; `delivered`: what is known of the delivery of a row (`DELIVERED`, or nothing).
    """

    name: str
    key: str
    columns: Mapping[str, Type]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    delivered: Mapping[str, Type] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, key: str, facts: Sequence[Fact], delivered: Mapping[str, Type] | None = None) -> Table:
        """A table of these facts, its key first."""
        columns = {fact.name: _type(fact) for fact in facts if fact.in_lake}
        return cls(name, key, {key: pl.String, **columns}, {fact.name: fact for fact in facts}, delivered or {})

    @property
    def schema(self) -> dict[str, Type]:
        """All columns in order, origin included."""
        return {**self.columns, **self.delivered, **ORIGIN, "carried": CARRIED}

    @property
    def unions(self) -> list[tuple[str, ...]]:
        """The columns of lists and lines that are joined where rows of one key merge; those of one tuple go together by
        position."""
        first = [fact.name for fact in self.facts.values() if fact.joined and not fact.beside]
        return [(name, *(fact.name for fact in self.facts.values() if fact.beside == name)) for name in first]


ENTITIES = Table.of("entities", "entity_id", ENTITY)


def table_of(kind: Kind) -> Table:
    """The table of a kind of record."""
    return Table.of(kind.table, "record_id", kind.facts, DELIVERED)


RECORD_TABLES = tuple(map(table_of, KINDS.values()))
DATA_TABLES = (ENTITIES, *RECORD_TABLES)
KIND_OF = {kind.table: kind for kind in KINDS.values()}
"""Name of a table of records → its kind."""

LINKS: Mapping[str, Type] = {
    "record_id": pl.String,
    "table": pl.String,
    "entity_id": pl.String,  # null where rule is none, nobody, ambiguous or code_of_another
    "also_ids": pl.List(pl.String),  # of a record that names several parties: the further ones
    "rule": pl.String,  # uscc, reg_no, name, former_name, none, nobody, ambiguous, code_of_another
    "candidates": pl.List(pl.String),  # of an ambiguous or disputed one: at most ten entity_ids
    "name_differs": pl.Boolean,  # linked by a code whose owner has another name; nobody has the party's
    "of_ids": pl.List(pl.String),  # of a document: the records whose text it is; see indexer.belonging
}

CHANGES: Mapping[str, Type] = {
    "table": pl.String,
    "key": pl.String,
    "field": pl.String,
    "old": pl.String,  # as text; lists as JSON
    "new": pl.String,
    "old_source_file": pl.String,
    "old_source_row": pl.Int64,
    "old_loaded_at": TIME,  # from when the lake held it
    "batch_id": pl.String,  # the load that replaced it
    "changed_at": TIME,  # until when
    "source_file": pl.String,
    "source_row": pl.Int64,
}

REJECTS: Mapping[str, Type] = {
    "batch_id": pl.String,
    "source_file": pl.String,
    "source_row": pl.Int64,
    "line": pl.Int64,  # physical line of text files; null for the others
    "column": pl.String,
    "code": pl.String,  # see indexer.findings
    "message": pl.String,
    "raw": pl.String,  # masked like every text
}
"""Rows that could not be used. `ISSUES` has the same columns: values that could not be read, of rows that were kept."""

ISSUES = REJECTS

LEAVES: Mapping[str, Type] = {
    "batch_id": pl.String,  # the load that wrote the row of which this is a leaf, or took it away
    "part": pl.Int32,  # which of the load's parts: see `indexer.proven`
    "place": pl.Int32,  # its place in the part
    "key": pl.String,  # of the row
    "salt": pl.Binary,  # null once the law has ended what it hid
    "leaf": pl.Binary,  # SHA-256 over salt and row: see `xincha.proof.rows`
}
"""What proves the rows of data tables. Leaves are for ever, also of rows that are other now."""

_FILE: Mapping[str, Type] = {
    "file": pl.String,
    "sha256": pl.String,
    "bytes": pl.Int64,
    "kind": pl.String,
    **dict.fromkeys(("rows_read", "kept", "merged", "rejected", "issues"), pl.Int64),
}

BATCHES: Mapping[str, Type] = {
    "batch_id": pl.String,
    "started_at": TIME,
    "finished_at": TIME,
    "files": pl.List(pl.Struct(_FILE)),  # see indexer.report.FileReport
    "versions": pl.String,  # JSON: Delta version of every table when this load was complete
    "seconds": pl.String,  # JSON: stage -> seconds
    "program": pl.String,  # version of Xincha that wrote it
    "deliveries": pl.String,  # JSON: whose each of `files` was, and what complete ones came to; see indexer.load
    "proof": pl.String,  # JSON: hashes of what it wrote, and of the row before; see indexer.proven
}
"""The ledger. A load is complete when its row is here; readers open every table at the versions of the last row."""
