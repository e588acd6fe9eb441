"""What documents show of other tables, in files that worker processes read: links, judged records, changes.

Made once for each publish; sent to the workers as paths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from indexer import records, stored
from indexer.documents import Document, entity_documents
from indexer.lake import Snapshot, scan_files
from indexer.prepare import Slice
from indexer.tables import ENTITIES


@dataclass(frozen=True, slots=True)
class Context:
    """`linked`: judged records with their links; `changes`: the history's files."""

    linked: Path
    changes: Sequence[Path]

    @classmethod
    def write(cls, folder: Path, links: pl.DataFrame, judged: pl.DataFrame, snapshot: Snapshot) -> Context:
        """`links`: those of the judged records (`tables.LINKS`)."""
        ids = links["entity_id"].drop_nulls().unique()
        names = snapshot.scan(ENTITIES.name).select("entity_id", entity_name="name", entity_region_code="region_code")
        known = names.filter(pl.col("entity_id").is_in(ids.implode())).collect()
        linked = (
            judged.join(links.drop("table").rename({"rule": "link_rule"}), on="record_id", how="left")
            .join(known, on="entity_id", how="left")
            .sort("entity_id", "record_id")
        )
        path = folder / "linked.arrow"
        linked.write_ipc(path)
        return cls(path, snapshot.files("changes"))

    def entity_documents(self, part: Slice) -> list[Document]:
        """The documents of some entities."""
        rows = part.read()
        ids = rows["entity_id"].implode()
        linked = pl.scan_ipc(self.linked).filter(pl.col("entity_id").is_in(ids)).collect()
        changes = scan_files("changes", self.changes).filter(
            (pl.col("table") == ENTITIES.name) & pl.col("key").is_in(ids)
        )
        return entity_documents(rows, records.briefs(linked), stored.changes_by_key(changes.collect(), ENTITIES.key))

    def record_documents(self, part: Slice) -> list[Document]:
        """The documents of some records."""
        ids = part.read()["record_id"].implode()
        linked = pl.scan_ipc(self.linked).filter(pl.col("record_id").is_in(ids)).collect()
        return records.record_documents(part, linked)
