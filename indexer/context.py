"""What documents show of other tables: links, judged records, changes.

Made once for each publish. The rows are put into a file for each slice of which they have the keys, so that a slice, in
whatever process, reads what belongs to it and nothing else.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from indexer import records, renamed, stored
from indexer.documents import Document, entity_documents
from indexer.lake import Snapshot
from indexer.prepare import Slice, slice_names
from indexer.several import linked_to
from indexer.tables import ENTITIES
from xincha.engine.contract import IndexName
from xincha.kinds.change import CHANGE


@dataclass(frozen=True, slots=True)
class SliceRows:
    """Rows in files that are named by slices; a slice to which no row belongs has none."""

    folder: Path
    schema: pl.Schema

    @classmethod
    def write(cls, folder: Path, rows: pl.LazyFrame, parts: Sequence[Slice], key: str) -> SliceRows:
        """`rows` by their column `key`, which is a key of the slices' tables; others belong to nobody."""
        written = cls(folder / uuid.uuid4().hex, rows.collect_schema())
        written.folder.mkdir()
        located = rows.join(slice_names(parts, key), on=key, maintain_order="left").collect()
        for (name,), frame in located.partition_by("slice", as_dict=True, include_key=False).items():
            frame.write_ipc(written.path(str(name)))
        return written

    def path(self, name: str) -> Path:
        """The file of a slice's rows."""
        return self.folder / f"{name}.arrow"

    def read(self, part: Slice) -> pl.DataFrame:
        """The rows that belong to a slice."""
        path = self.path(part.name)
        return pl.read_ipc(path) if path.exists() else pl.DataFrame(schema=self.schema)


@dataclass(frozen=True, slots=True)
class Context:
    """`by_entity`, `by_record`: judged records with their links; `changes`: the history of entities; `earlier`: the
    names and addresses that they had; `day`: that of the publish."""

    by_entity: SliceRows
    by_record: SliceRows
    changes: SliceRows
    earlier: SliceRows
    day: date

    @classmethod
    def write(  # noqa: PLR0913, PLR0917 - what documents are made of
        cls,
        folder: Path,
        links: pl.DataFrame,
        judged: pl.DataFrame,
        snapshot: Snapshot,
        parts: Mapping[IndexName, Sequence[Slice]],
        day: date,
    ) -> Context:
        """`links`: those of the judged records (`tables.LINKS`); `parts`: all slices of which documents are made."""
        by_party = linked_to(links)
        ids = by_party["entity_id"].unique()
        names = snapshot.scan(ENTITIES.name).select(
            "entity_id", entity_name="name", entity_region_code="region_code", entity_address=_business_address()
        )
        known = names.filter(pl.col("entity_id").is_in(ids.implode())).collect()
        linked = (
            judged.join(links.drop("table").rename({"rule": "link_rule"}), on="record_id", how="left")
            .join(known, on="entity_id", how="left")
            .join(_also(links, known), on="record_id", how="left")
            .sort("entity_id", "record_id")
            .lazy()
        )
        of_entities = judged.join(by_party, on="record_id").sort("entity_id", "record_id").lazy()
        changes = snapshot.scan("changes").filter(pl.col("table") == ENTITIES.name).rename({"key": ENTITIES.key})
        shown = of_entities.filter(pl.col("withheld").is_null()).select("record_id", "entity_id").collect()
        earlier = renamed.earlier(snapshot.scan(CHANGE.table), shown)
        return cls(
            SliceRows.write(folder, of_entities, parts["entities"], ENTITIES.key),
            SliceRows.write(folder, linked, parts["records"], "record_id"),
            SliceRows.write(folder, changes, parts["entities"], ENTITIES.key),
            SliceRows.write(folder, earlier.lazy(), parts["entities"], ENTITIES.key),
            day,
        )

    def entity_documents(self, part: Slice) -> list[Document]:
        """The documents of some entities."""
        changes = stored.changes_by_key(self.changes.read(part), ENTITIES.key)
        earlier = self.earlier.read(part)
        rows = renamed.with_former_names(part.read().lazy(), earlier).collect()
        rows = rows.join(stored.earlier_by_entity(earlier), on=ENTITIES.key, how="left", maintain_order="left")
        return entity_documents(rows, records.briefs(self.by_entity.read(part), self.day), changes, self.day)

    def record_documents(self, part: Slice) -> list[Document]:
        """The documents of some records."""
        return records.record_documents(part, self.by_record.read(part))


def _business_address() -> pl.Expr:
    """Where an entity is registered; not where a person may live who does business himself."""
    return pl.when(pl.col("kind") != "个体工商户").then("address")


def _also(links: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """`also_names` of the records that name several parties."""
    further = links.select("record_id", entity_id="also_ids").filter(pl.col("entity_id").list.len() > 0)
    named = further.explode("entity_id").join(known, on="entity_id", how="left", maintain_order="left")
    return named.group_by("record_id", maintain_order=True).agg(also_names="entity_name")
