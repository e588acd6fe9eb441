"""Writing a version: filling a folder, in parts if several processes make the documents, or changing a copy of one.

Each process fills an index of its own; joined, their segments are one version. tantivy keeps a segment in files that
are named by a random identifier, and lists segments in `meta.json`, files in `.managed.json`. Indices of one schema are
therefore joined by moving their files together and adding up the lists: no document is read again. (tantivy's own way
to join them is not in its Python package.)
"""

from __future__ import annotations

import secrets
import shutil
from array import array
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import orjson
import tantivy

from xincha.engine.contract import BuildPart, Document, IndexName, parts_of, processes_of
from xincha.engine.embedded.index import IndexWriter, open_index, wrapped
from xincha.engine.embedded.order import total
from xincha.engine.embedded.store import EmbeddedStore, write_whole
from xincha.engine.fields import INDICES
from xincha.engine.versioned import Version
from xincha.errors import BuildFailed, EngineError

_LEAST_MB = 16
"""Memory with which one thread of a writer works well."""

_META, _FILES = "meta.json", ".managed.json"
_SHOWN = 5


class EmbeddedWriter:
    """The embedded driver's `VersionWriter`. `threads` and `memory_mb` (MiB) are those of all processes together."""

    def __init__(self, store: EmbeddedStore, *, threads: int, memory_mb: int) -> None:
        self._store = store
        self._threads = threads
        self._memory_mb = max(memory_mb, _LEAST_MB * threads)

    def fill(self, version: Version, documents: Iterable[Document]) -> int:
        """See `VersionWriter.fill`."""
        folder, processes = self._store.path(version), processes_of(documents)
        threads = max(1, self._threads // processes)
        memory_mb = max(self._memory_mb // processes, _LEAST_MB * threads)
        parts = parts_of(documents, FolderPartWriter(version.index, folder, threads, memory_mb))
        return _joined(version.index, folder, parts)

    def change(self, version: Version, base: Version, upserts: Sequence[Document], deletes: Sequence[str]) -> int:
        """See `VersionWriter.change`."""
        touched = list(dict.fromkeys([*deletes, *(str(document.get("id")) for document in upserts)]))
        with wrapped("cannot open the copy of a version", BuildFailed):
            opened = open_index(self._store.path(version))
            known = tantivy.Query.term_set_query(opened.schema, "id", touched)
            left = base.documents - total(opened.searcher().search(known, 1))
        writer = IndexWriter(opened, INDICES[version.index], threads=self._threads, memory_mb=self._memory_mb)

        def change() -> int:
            writer.remove(touched)
            return left + writer.add(upserts)

        documents = _filled(opened, writer, change)
        _refuse_repeated(version.index, opened, [writer.hashes()])
        return documents


@dataclass(frozen=True, slots=True)
class FolderPartWriter:
    """A `PartWriter` that writes into folders below `folder`. Threads and memory (MiB) are those of one process."""

    index: IndexName
    folder: Path
    threads: int
    memory_mb: int

    def __call__(self, documents: Iterable[Document]) -> BuildPart:
        """Write one part."""
        name = f"part-{secrets.token_hex(4)}"
        path = self.folder / name
        with wrapped("cannot make an index", BuildFailed):
            path.mkdir()
            opened = open_index(path, INDICES[self.index])
        writer = IndexWriter(opened, INDICES[self.index], threads=self.threads, memory_mb=self.memory_mb)
        return BuildPart(_filled(opened, writer, lambda: writer.add(documents)), name, writer.hashes())


def _filled(opened: tantivy.Index, writer: IndexWriter, fill: Callable[[], int]) -> int:
    """Write, commit and verify; `fill` returns how many documents the index should then hold."""
    try:
        expected = fill()
        writer.commit()
    except BaseException:
        with suppress(EngineError):
            writer.abandon()
        raise
    return _verified(opened, expected)


def _verified(opened: tantivy.Index, expected: int) -> int:
    documents = int(opened.searcher().num_docs)
    if documents != expected:
        raise BuildFailed(f"embedded: an index holds {documents:,} documents, {expected:,} were expected")
    return documents


def _joined(index: IndexName, folder: Path, parts: Sequence[BuildPart]) -> int:
    """Make one index of the parts in `folder`; returns how many documents it holds."""
    with wrapped("cannot join the parts of an index", BuildFailed):
        paths = [folder / part.name for part in parts]
        metas = [orjson.loads((path / _META).read_bytes()) for path in paths]
        files = [orjson.loads((path / _FILES).read_bytes()) for path in paths]
        for path, names in zip(paths, files, strict=True):
            for name in {*names} - {_META}:
                (path / name).rename(folder / name)
            shutil.rmtree(path)
        segments = [segment for meta in metas for segment in meta["segments"]]
        opstamp = max(meta["opstamp"] for meta in metas)
        write_whole(folder / _FILES, orjson.dumps(sorted({name for names in files for name in names})))
        write_whole(folder / _META, orjson.dumps({**metas[0], "segments": segments, "opstamp": opstamp}))
        opened = open_index(folder)
    documents = _verified(opened, sum(part.documents for part in parts))
    _refuse_repeated(index, opened, [part.hashes for part in parts])
    return documents


def _refuse_repeated(index: IndexName, opened: tantivy.Index, added: Sequence[array[int]]) -> None:
    """Raise if an identifier was added more than once. Asks the index only if two hashes are the same."""
    import polars as pl  # takes longer to import than a search takes, and who only searches needs none

    hashes = pl.concat([pl.Series(each, dtype=pl.UInt64) for each in added])
    if hashes.n_unique() == len(hashes):
        return
    counts = opened.searcher().terms_with_prefix("id", "", filter_query=tantivy.Query.all_query())
    if repeated := [term for term, count in counts if count > 1]:
        shown = ", ".join(map(repr, repeated[:_SHOWN]))
        raise BuildFailed(f"embedded: {len(repeated):,} identifiers of {index} were given twice: {shown}")
