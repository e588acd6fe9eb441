"""An export → a file, which is there whole or not at all: written under another name in the same folder, then renamed.

The kind of file is that of its suffix. A file of that name is replaced. Whatever ends the writing early, also an
interruption, leaves what was there before.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from xincha.errors import BadParameter
from xincha.search.export.columns import Column
from xincha.search.export.formats import FORMATS, Format
from xincha.search.export.pages import Export

Tell = Callable[[int], None]
"""Is told how many rows were read so far."""


def format_of(path: Path) -> Format:
    """The kind of file that a path asks for."""
    try:
        return FORMATS[path.suffix.removeprefix(".").lower()]
    except KeyError:
        allowed = ", ".join(f".{name}" for name in FORMATS)
        raise BadParameter(f"{path.name}: the file's name must end with one of {allowed}", parameter="--out") from None


def save(export: Export, columns: Sequence[Column], path: Path, tell: Tell | None = None) -> None:
    """Write the file; raises `BadParameter` where it cannot be written there."""
    write = format_of(path).write
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.writelines(write(replace(export, tell=tell), columns))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise BadParameter(f"cannot write {path}: {error.strerror or error}", parameter="--out") from error
    finally:
        if part.is_file():
            part.unlink()
