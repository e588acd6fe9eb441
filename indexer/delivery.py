"""What files are a delivery of: whose, of which day, and whether it is the whole of what that source publishes now.

A *source* is whoever delivers, by a name that the operator gives (`--source`); rows keep the name of the source that
delivered them last. Files without one are all of one source that has no name. A delivery is an `increment`, what is new
or changed, or `complete`: all that the source publishes on its day, of each kind that it holds a file of. What a source
has repaired or withdrawn 信用修复 is not marked by it: it is absent from its next complete delivery.

The command says so for all its files, or a file beside them does, `xincha-delivery.json`, for those of its folder and
of folders below without one:

    {"source": "示例市市场监管局", "delivery": "complete", "day": "2026-07-01"}

Each key may be absent; what the command says comes before what the file says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from xincha.errors import BadParameter, UnreadableFile

MANIFEST = "xincha-delivery.json"
Extent = Literal["complete", "increment"]
_NAME = re.compile(r"\w[\w .·（）()-]{0,63}")
_LARGEST = 10_000
"""Bytes of a manifest."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """`source`: `""` is the one without a name. `day`: the one that it tells of."""

    source: str
    complete: bool
    day: date


class Declared(NamedTuple):
    """What somebody says of a delivery; None: nothing of this."""

    source: str | None = None
    delivery: Extent | None = None
    day: date | None = None

    def checked(self, today: date) -> Declared:
        """The same; raises `BadParameter` for a name that is none, and for a day that is still to come."""
        if self.source and not _NAME.fullmatch(self.source):
            allowed = "letters, digits, dot, dash, brackets and spaces, at most 64, a letter or digit first"
            raise BadParameter(f"{self.source!r} cannot name a source: {allowed}", parameter="source", allowed=allowed)
        if self.day and self.day > today:
            raise BadParameter(f"{self.day} is still to come: a delivery tells of its own day", parameter="day")
        return self


class Deliveries:
    """Which delivery each file is of. `declared`: by the command."""

    def __init__(self, declared: Declared, today: date) -> None:
        self._declared = declared.checked(today)
        self._today = today
        self._manifest = cache(self._read)

    def of(self, root: Path, file: str) -> Delivery:
        """That of a file: `root` is what was given, a file or folder; `file`: the name of what lies in the folder."""
        near = next(filter(None, map(self._manifest, _folders(root, file))), Declared())
        said = self._declared
        source = near.source if said.source is None else said.source
        return Delivery(
            source or "", (said.delivery or near.delivery) == "complete", said.day or near.day or self._today
        )

    def _read(self, folder: Path) -> Declared | None:
        """What the manifest of a folder says; None where there is none."""
        path = folder / MANIFEST
        if not path.is_file():
            return None
        try:
            if path.stat().st_size > _LARGEST:
                raise ValueError("it is too large")
            return _declared(json.loads(path.read_text("utf-8-sig"))).checked(self._today)
        except (OSError, ValueError, BadParameter) as error:
            raise UnreadableFile(
                f'{path}: cannot be read as {{"source": …, "delivery": "complete" or "increment", '
                f'"day": "YYYY-MM-DD"}}: {error}; nothing was loaded'
            ) from error


def _declared(said: object) -> Declared:
    if not isinstance(said, dict) or not set(said) <= set(Declared._fields):
        raise ValueError("it has other keys, or none")
    if not all(isinstance(value, str) for value in said.values()):
        raise ValueError("its values are no texts")
    if said.get("delivery", "increment") not in get_args(Extent):
        raise ValueError(f"{said['delivery']!r} is neither complete nor increment")
    day = date.fromisoformat(said["day"]) if "day" in said else None
    return Declared(said.get("source"), said.get("delivery"), day)


def _folders(root: Path, file: str) -> Iterator[Path]:
    """The folders in which a manifest for a file may lie, the nearest first."""
    if not root.is_dir():
        yield root.absolute().parent
        return
    for folder in (root / file).parents:
        if folder.is_relative_to(root):
            yield folder
