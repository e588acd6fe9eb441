"""A state of the lake → what a publish makes of it: slices, what documents show of other tables, notes, documents.

What may not be shown any more (`indexer.basis`) has no document.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import polars as pl

from indexer import records
from indexer.basis import Basis
from indexer.belonging import as_their_records
from indexer.context import Context
from indexer.draws import unpublished
from indexer.ended import ended
from indexer.lake import Snapshot, write_file
from indexer.plan import INDICES, Plan, note_of
from indexer.prepare import Make, Preparation, Slice, SlicedDocuments, slices
from indexer.quality import measure
from indexer.tables import ENTITIES, RECORD_TABLES, Table
from xincha.ended import NOTE as ENDED
from xincha.ended import Ended
from xincha.ended import pack as pack_ended
from xincha.engine.contract import IndexName
from xincha.quality import NOTE, bounded, pack

TABLES: Mapping[IndexName, Sequence[Table]] = {"entities": (ENTITIES,), "records": RECORD_TABLES}
"""The tables whose rows are the documents of an index."""

Slices = Mapping[IndexName, Sequence[Slice]]
Notes = dict[IndexName, dict[str, str]]


class Judged(NamedTuple):
    """The records of a publish. `shown`: those that have documents; `ended`: what is not shown any more; `read`: of a
    publish of some documents, the records that were looked at."""

    shown: pl.Series
    ended: Ended
    read: frozenset[str]


@dataclass(frozen=True)
class Making:
    """Makes the documents of a snapshot. What it writes for that lies in `folder`."""

    snapshot: Snapshot
    basis: Basis
    folder: Path
    preparation: Preparation

    @property
    def context(self) -> Context:
        """What documents show of other tables; `judge` writes it."""
        return Context(self.folder / "context", self.basis.day)

    def maker(self, index: IndexName) -> Make:
        """What makes the documents of a slice; it can be pickled."""
        return self.context.entity_documents if index == "entities" else self.context.record_documents

    def slices(self, plan: Plan | None = None) -> dict[IndexName, list[Slice]]:
        """The rows of all documents, or of those of a plan."""
        return {index: self._of(tables, None if plan is None else plan[index]) for index, tables in TABLES.items()}

    def _of(self, tables: Sequence[Table], keys: frozenset[str] | None) -> list[Slice]:
        """The rows of tables; those of `keys` alone are put into files of their own."""
        parts = []
        for table in tables:
            files = self.snapshot.files(table.name)
            if keys is not None:
                wanted = pl.Series(sorted(keys), dtype=pl.String).implode()
                rows = self.snapshot.scan(table.name).filter(pl.col(table.key).is_in(wanted)).collect()
                files = [write_file(rows, self.folder / f"{table.name}-{uuid.uuid4().hex}.parquet")]
            parts += slices(table.name, files)
        return parts

    def judge(self, parts: Slices, plan: Plan | None = None) -> Judged:
        """Judge the records of these slices, and write what documents show of other tables."""
        judge = partial(records.judge, policy=self.basis.policy)
        links, shown, read = self.snapshot.scan("links"), parts["records"], frozenset[str]()
        if plan is not None:
            entities, those = (pl.Series(sorted(plan[index]), dtype=pl.String).implode() for index in INDICES)
            also = pl.col("also_ids").list.eval(pl.element().is_in(entities)).list.any().fill_null(False)
            about = pl.col("entity_id").is_in(entities) | also
            links = links.filter(about | pl.col("record_id").is_in(those))
            of_them = links.select("record_id", "of_ids").collect()
            of_ids = of_them["of_ids"].explode().drop_nulls()
            read = frozenset((*plan["records"], *of_them["record_id"], *of_ids))  # some are linked to nobody
            shown = self._of(RECORD_TABLES, read)
        judged = pl.concat([pl.DataFrame(schema=records.JUDGED), *self.preparation.over(shown, judge)])
        linked = links.collect()
        everything = as_their_records(judged, linked, self.basis.held)
        judged = self.basis.kept(everything)
        hidden = pl.Series(sorted(unpublished(self.snapshot.scan)), dtype=pl.String)
        judged = judged.filter(~pl.col("record_id").is_in(hidden.implode()))
        self.context.write(linked, judged, self.snapshot, parts)
        left = ended(everything, judged["record_id"], linked, self.snapshot, self.basis)
        return Judged(judged["record_id"], left, read)

    def notes(self, left: Ended) -> Notes:
        """What is kept with each index: what it was made of; how well penalties are published; what has ended."""
        note = note_of(self.snapshot, self.basis)
        quality = pack(bounded(measure(self.snapshot.scan, self.basis.held)))
        return {"entities": note, "records": note | {NOTE: quality, ENDED: pack_ended(left.bounded())}}

    def documents(self, parts: Sequence[Slice], make: Make, tell: Callable[[int, int], None]) -> SlicedDocuments:
        """The documents of slices; `tell` hears how many are made, of how many."""
        total = sum(part.rows for part in parts)
        return SlicedDocuments(self.preparation, parts, make, lambda done: tell(done, total))
