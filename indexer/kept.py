"""The files that were loaded, kept as they came: by their SHA-256, in the folder `XINCHA_KEEP_SOURCES`.

What the law ends is in them still: who keeps them removes them when they have to go (docs/proof.md).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from indexer.proven import file_hash
from indexer.read import RawTable
from xincha.errors import UnreadableFile
from xincha.faults import named

_MODE = 0o640


def keep(folder: Path | None, path: Path, table: RawTable) -> None:
    """Keep the file of a table, which was read from `path`, unless it is there; raises `StorageError`, and
    `UnreadableFile` where it is another one by now."""
    if folder is None:
        return
    source = path if path.is_file() else path / table.file
    kept = folder / f"{table.sha256}{source.suffix.lower()}"
    with named(folder, "nothing was loaded"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        if kept.exists() or not source.is_file():
            return
        part = folder / f".{kept.name}.{os.getpid()}.part"
        shutil.copyfile(source, part)
        part.chmod(_MODE)
        if file_hash(part) != table.sha256:
            part.unlink()
            raise UnreadableFile(f"{table.file}: 读取时文件被改动。请等它写完后再载入。")
        part.replace(kept)
