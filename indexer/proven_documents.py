"""Documents that are published → their leaves (`xincha.proof.documents`), made where the documents are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from indexer.documents import Document
from indexer.prepare import Make, Slice
from xincha.engine.contract import Build, EngineStatus
from xincha.errors import ProofError
from xincha.proof.documents import SCHEMA, DocumentLeaves, leaves_of, made_of, root_of
from xincha.proof.log import Logged


@dataclass(frozen=True, slots=True)
class Proving:
    """Makes documents as `make` does, and leaves their leaves in `folder`. Can be pickled."""

    make: Make
    folder: Path

    @classmethod
    def into(cls, folder: Path, make: Make) -> Proving:
        """With a new folder."""
        folder.mkdir(parents=True)
        return cls(make, folder)

    def __call__(self, part: Slice) -> list[Document]:
        """The documents of a slice."""
        documents = self.make(part)
        pairs = ((str(each["id"]), bytes(each["source"])) for each in documents)  # type: ignore[call-overload]
        leaves_of(pairs, 0).write_ipc(self.folder / f"{part.name}.arrow")
        return documents


def leaves_in(folders: Iterable[Path], gone: Iterable[str] = ()) -> pl.DataFrame:
    """The leaves of all documents that were made into these folders, and of those that were taken away, a part for
    each slice."""
    parts = [pl.read_ipc(file) for folder in folders for file in sorted(folder.glob("*.arrow"))]
    parts.append(leaves_of(((each, b"") for each in sorted(gone)), 0, gone=True))
    numbered = (
        each.with_columns(part=pl.lit(number, pl.Int32))
        for number, each in enumerate(each for each in parts if each.height)
    )
    return pl.concat([pl.DataFrame(schema=SCHEMA), *numbered])


def written(store: DocumentLeaves, build: Build, leaves: pl.DataFrame, base: str | None) -> dict[str, Any]:
    """Write the leaves of a build; what the log says of it. `base`: the version that it was made of."""
    store.write(build.index, build.version, leaves)
    return {"version": build.version, "documents": build.documents, "base": base, "root": root_of(leaves)}


def tidy(store: DocumentLeaves, log: Logged, status: EngineStatus, gone: Sequence[str]) -> None:
    """After a switch: drop the salts of records that are not shown any more, and files that no version needs."""
    needed = [
        (name, version)
        for name, index in status.indices.items()
        for kept in (index.version, *index.previous)
        for version in _made_of(log, name, kept)
    ]
    store.forget("records", [version for name, version in needed if name == "records"], gone)
    store.keep(needed)


def _made_of(log: Logged, index: str, version: str) -> list[str]:
    """`made_of`; nothing of a version that an earlier program published."""
    try:
        return made_of(log, index, version)
    except ProofError:
        return []
