"""A build in parts: each process fills an index of its own; joined, their segments are one version.

tantivy keeps a segment in files that are named by a random identifier, and lists segments in `meta.json`, files in
`.managed.json`. Indices of one schema are therefore joined by moving their files together and adding up the lists: no
document is read again. (tantivy's own way to join them is not in its Python package.)
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
import polars as pl
import tantivy

from xincha.engine.contract import Document, IndexName, Part
from xincha.engine.embedded.index import Writer, open_index, wrapped
from xincha.engine.embedded.store import write_whole
from xincha.engine.fields import INDICES
from xincha.errors import BuildFailed, EngineError

_META, _FILES = "meta.json", ".managed.json"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class FolderSink:
    """A `Sink` that writes into folders below `folder`. Threads and memory (MiB) are those of one process."""

    index: IndexName
    folder: Path
    threads: int
    memory_mb: int

    def __call__(self, documents: Iterable[Document]) -> Part:
        """Write one part."""
        name = f"part-{secrets.token_hex(4)}"
        path = self.folder / name
        with wrapped("cannot make an index", BuildFailed):
            path.mkdir()
            opened = open_index(path, INDICES[self.index])
        writer = Writer(opened, INDICES[self.index], threads=self.threads, memory_mb=self.memory_mb)
        return Part(filled(opened, writer, lambda: writer.add(documents)), name, writer.hashes())


def filled(opened: tantivy.Index, writer: Writer, fill: Callable[[], int]) -> int:
    """Write, commit and verify; `fill` returns how many documents the index should then hold."""
    try:
        expected = fill()
        writer.commit()
    except BaseException:
        with suppress(EngineError):
            writer.abandon()
        raise
    found = int(opened.searcher().num_docs)
    if found != expected:
        raise BuildFailed(f"embedded: {found:,} documents were written, {expected:,} were expected")
    return found


def joined(index: IndexName, folder: Path, parts: Sequence[Part]) -> int:
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
    found, expected = int(opened.searcher().num_docs), sum(part.documents for part in parts)
    if found != expected:
        raise BuildFailed(f"embedded: {found:,} documents of {index} were joined, {expected:,} were written")
    refuse_repeated(index, opened, [part.hashes for part in parts])
    return found


def refuse_repeated(index: IndexName, opened: tantivy.Index, added: Sequence[array[int]]) -> None:
    """Raise where an identifier was added more than once. Asks the index only where two hashes are the same."""
    hashes = pl.concat([pl.Series(each, dtype=pl.UInt64) for each in added])
    if hashes.n_unique() == len(hashes):
        return
    counts = opened.searcher().terms_with_prefix("id", "", filter_query=tantivy.Query.all_query())
    if repeated := [term for term, count in counts if count > 1]:
        shown = ", ".join(map(repr, repeated[:_SHOWN]))
        raise BuildFailed(f"embedded: {len(repeated):,} identifiers of {index} were given twice: {shown}")
