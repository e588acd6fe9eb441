"""The embedded engine: tantivy in this process, one folder of versions (`store`)."""

from __future__ import annotations

from pathlib import Path

from xincha.engine.embedded.index import ENGINE
from xincha.engine.embedded.reader import EmbeddedReader
from xincha.engine.embedded.store import EmbeddedStore, FolderLock
from xincha.engine.embedded.writer import EmbeddedWriter
from xincha.engine.versioned import VersionedEngine


class EmbeddedEngine(VersionedEngine):
    """The embedded driver of `xincha.engine.contract.Engine`."""

    name = ENGINE
    remote = False

    def __init__(self, folder: Path, *, threads: int = 2, memory_mb: int = 256, keep: int = 2) -> None:
        """`threads` and `memory_mb` (MiB) are the writer's; `keep`: published versions kept, the present one too."""
        store = EmbeddedStore(folder)
        writer = EmbeddedWriter(store, threads=threads, memory_mb=memory_mb)
        super().__init__(store, FolderLock(folder), EmbeddedReader(store), writer, keep=keep)
