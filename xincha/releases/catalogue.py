"""What releases there are in a folder, and which of them may still be had: `index.json`, read and written.

    index.json                       what is there, and what was withdrawn and why
    20261127T083000000000Z/                one release, whole or not there
        entities.parquet  penalty.csv.gz  penalty.delta-7.parquet …
        datapackage.json  dcat.jsonld  SHA256SUMS
    .ids/                            what each release held, by identifier and without content: for the next deltas

What the law ends is in no file that can be had: a release is withdrawn on the day after the first of its records may no
longer be shown, and as soon as other records are held back than when it was made. Whoever serves the folder asks
`Release.ended` for each request, so nothing has to run for that.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson

from xincha.errors import ReleasesUnreadable
from xincha.shared_file import SharedFile

INDEX = "index.json"
IDS = ".ids"
_MODE = 0o644


@dataclass(frozen=True, slots=True)
class File:
    """A file of a release. `kind`: entities, or a kind of record; `days`: of a delta; `content_until`: newest day that
    its rows tell of."""

    name: str
    kind: str
    format: str
    days: int | None
    rows: int
    bytes: int
    sha256: str
    content_until: date | None


@dataclass(frozen=True, slots=True)
class Release:
    """One release. `shown_until`: last day on which everything in it may be shown, None: no end; `held`: digest of the
    records that were held back; `withdrawn`: why its files are gone."""

    name: str
    day: date
    made_at: datetime
    version: str
    shown_until: date | None
    held: str
    files: Sequence[File]
    withdrawn: str | None = None

    def ended(self, day: date, held: str) -> str | None:
        """Why it may not be had any more on a day on which records of this digest are held back; None: it may."""
        if self.withdrawn:
            return self.withdrawn
        if self.shown_until and day > self.shown_until:
            return f"a record in it may not be shown after {self.shown_until}"
        return None if held == self.held else "a record in it has been held back or released since"


class Catalogue:
    """The releases in a folder, newest first. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = SharedFile(folder / INDEX, "the index of releases", _parsed, ReleasesUnreadable, _MODE)

    def releases(self) -> Sequence[Release]:
        """All that are told of, those withdrawn too; raises `ReleasesUnreadable`."""
        return self._file.read()

    def current(self, day: date, held: str) -> Release | None:
        """The newest one that may be had."""
        return next((each for each in self.releases() if each.ended(day, held) is None), None)

    def add(self, release: Release, keep: int) -> None:
        """Tell of a new one whose folder is there; of the others `keep - 1` stay, and none that has ended."""
        with self._file.changing():
            kept, told = 1, [release]
            for each in self.releases():
                why = each.ended(release.day, release.held)
                if why or kept < keep:
                    told.append(replace(each, withdrawn=why, files=() if why else each.files))
                    kept += why is None
            self._file.write(orjson.dumps(_written(told), option=orjson.OPT_INDENT_2).decode())
        there = {each.name for each in told if not each.withdrawn}
        for folder in self._folders():
            if folder.name not in there:
                shutil.rmtree(folder, ignore_errors=True)

    def _folders(self) -> Iterator[Path]:
        return (each for each in self.folder.iterdir() if each.is_dir() and not each.name.startswith("."))


def listing(releases: Sequence[Release], day: date, held: str) -> dict[str, Any]:
    """What a reader is told: files that may be had, the newest release first, and what was withdrawn."""
    there = [(each, each.ended(day, held)) for each in releases]
    return {
        "files": [
            {**asdict(file), "name": f"{each.name}/{file.name}", "release": each.name, "day": each.day}
            for each, why in there
            if not why
            for file in each.files
        ],
        "withdrawn": [{"release": each.name, "day": each.day, "why": why} for each, why in there if why],
    }


def _written(releases: Sequence[Release]) -> dict[str, Any]:
    return {"releases": list(map(asdict, releases))}


def _parsed(text: str | None) -> Sequence[Release]:
    if text is None:
        return ()
    return tuple(
        Release(
            **{
                **row,
                "day": date.fromisoformat(row["day"]),
                "made_at": datetime.fromisoformat(row["made_at"]),
                "shown_until": _day(row["shown_until"]),
                "files": tuple(File(**{**each, "content_until": _day(each["content_until"])}) for each in row["files"]),
            }
        )
        for row in orjson.loads(text)["releases"]
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
