"""An export → the bytes of a file, or a file that is there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from xincha.errors import BadParameter
from xincha.faults import sentence
from xincha.search.coverage import note
from xincha.search.export.columns import public
from xincha.search.export.pages import Export
from xincha.tables import FORMATS, Chunks, TableColumn, kind_of, save

Tell = Callable[[int], None]
"""Is told how many rows were read so far."""

_TITLES = {"entities": "市场主体", "records": "公示记录"}


def chunks_of(export: Export, columns: Sequence[TableColumn], kind: str) -> Chunks:
    """The bytes of a file; its lines, where it is one of lines, are what the API says of each row."""
    pages = ([public(row, export.index) for row in page] for page in export) if kind == "ndjson" else export
    return FORMATS[kind].write(pages, columns, _TITLES[export.index], note(export.covered.kinds))


def save_export(export: Export, columns: Sequence[TableColumn], path: Path, tell: Tell | None = None) -> None:
    """Write the file, of the kind that its suffix names; raises `BadParameter` where it cannot be written there."""
    chunks = chunks_of(replace(export, tell=tell), columns, kind_of(path, FORMATS))
    try:
        save(chunks, path, path.with_name(f".{path.name}.{os.getpid()}.part"))
    except OSError as error:
        told = sentence(error, path, "a file that was there before stays") or f"cannot write {path}: {error}"
        raise BadParameter(told, parameter="--out") from error
