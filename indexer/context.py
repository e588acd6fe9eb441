"""What documents show of other tables: links, judged records, changes.

Made once for each publish. The rows are put into a file for each slice of which they have the keys, so that a slice, in
whatever process, reads what belongs to it and nothing else.
"""

from __future__ import annotations

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

_NONE = "none.arrow"


@dataclass(frozen=True, slots=True)
class SliceRows:
    """Rows in files of a folder that are named by slices; of a slice to which no row belongs there are none."""

    folder: Path

    @classmethod
    def write(cls, folder: Path, rows: pl.LazyFrame, parts: Sequence[Slice], key: str) -> SliceRows:
        """`rows` by their column `key`, which is a key of the slices' tables; others belong to nobody."""
        folder.mkdir(parents=True)
        located = rows.join(slice_names(parts, key), on=key, maintain_order="left").collect()
        located.drop("slice").clear().write_ipc(folder / _NONE)
        for (name,), frame in located.partition_by("slice", as_dict=True, include_key=False).items():
            frame.write_ipc(folder / f"{name}.arrow")
        return cls(folder)

    def read(self, part: Slice) -> pl.DataFrame:
        """The rows that belong to a slice."""
        path = self.folder / f"{part.name}.arrow"
        return pl.read_ipc(path if path.exists() else self.folder / _NONE)


@dataclass(frozen=True, slots=True)
class Context:
    """What lies in `folder`. `day`: that of the publish."""

    folder: Path
    day: date

    @property
    def by_entity(self) -> SliceRows:
        """Judged records with their links, by entity."""
        return SliceRows(self.folder / "by_entity")

    @property
    def by_record(self) -> SliceRows:
        """Judged records with their links."""
        return SliceRows(self.folder / "by_record")

    @property
    def changes(self) -> SliceRows:
        """The history of entities."""
        return SliceRows(self.folder / "changes")

    @property
    def earlier(self) -> SliceRows:
        """The names and addresses that entities had."""
        return SliceRows(self.folder / "earlier")

    def write(
        self, links: pl.DataFrame, judged: pl.DataFrame, snapshot: Snapshot, parts: Mapping[IndexName, Sequence[Slice]]
    ) -> None:
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
        of_records, entities = parts["records"], parts["entities"]
        SliceRows.write(self.by_entity.folder, of_entities, entities, ENTITIES.key)
        SliceRows.write(self.by_record.folder, linked, of_records, "record_id")
        SliceRows.write(self.changes.folder, changes, entities, ENTITIES.key)
        SliceRows.write(self.earlier.folder, earlier.lazy(), entities, ENTITIES.key)

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
