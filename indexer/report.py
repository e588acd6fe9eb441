"""What a load and a publish tell their caller: frozen values, each with `as_dict()` that `json` can write.

Signatures that the command line relies on:

    indexer.load.load(paths, settings, *, kind=None, strict=False, progress=None) -> LoadReport
    indexer.publish.publish(settings, engine, *, progress=None, full=False) -> PublishReport
    indexer.publish.status(settings, engine=None) -> LakeStatus
    indexer.lake.Lake(settings.lake).rejects(limit=…, batch_id=None) -> list[Finding]   (and `.issues`)

Nothing here prints. Long steps call a `Progress` with their stage, what is done, and what there is to do (or None).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

import orjson


class Stage(StrEnum):
    """The steps of a load and of a publish, in their order; each counts rows or documents."""

    READ = "read"
    MERGE = "merge"
    LINK = "link"
    WRITE = "write"
    ENTITIES = "entities"
    RECORDS = "records"


class Progress(Protocol):
    """Called from time to time during long work, from the caller's own thread."""

    def __call__(self, stage: Stage, done: int, total: int | None) -> None:
        """`done` of `total` rows (or documents) of this stage; `done == total` ends the stage."""


def silent(stage: Stage, done: int, total: int | None) -> None:
    """No progress is shown."""


@contextmanager
def timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    """Adds how long the context is open to the seconds of a stage, to the millisecond."""
    began = time.perf_counter()
    yield
    seconds[stage] = round(seconds.get(stage, 0) + time.perf_counter() - began, 3)


class _Report:
    """Gives `as_dict` to the dataclasses below."""

    def as_dict(self) -> dict[str, object]:
        """This report as values of JSON."""
        report: dict[str, object] = orjson.loads(orjson.dumps(self, option=orjson.OPT_NON_STR_KEYS))
        return report


@dataclass(frozen=True, slots=True)
class FileReport(_Report):
    """What became of the rows of one file: `rows_read == kept + merged + rejected`, checked.

    `kept`: rows that made a new row of the lake. `merged`: rows whose key the lake held already, or an earlier row of
    the same load. `rejected`: rows that could not be used. `issues`: single values that could not be read, or that
    contradict another row; their rows stay. `loaded_before`: this very content is in the ledger, so nothing was read.
    `unread_columns`: names of columns that no row was read of, those of persons among them; the ledger keeps none.
    """

    file: str
    kind: str
    rows_read: int
    kept: int
    merged: int
    rejected: int
    issues: int
    sha256: str
    bytes: int
    loaded_before: bool = False
    unread_columns: Sequence[str] = ()

    def in_ledger(self) -> dict[str, object]:
        """What the ledger keeps of it."""
        kept = self.as_dict()
        del kept["loaded_before"], kept["unread_columns"]
        return kept


@dataclass(frozen=True, slots=True)
class FindingCount(_Report):
    """How often one code occurs among the findings; `example` is what it says of one row."""

    code: str
    count: int
    example: str = ""


@dataclass(frozen=True, slots=True)
class LinkExample(_Report):
    """A record and the entity that it is linked to, whose names differ; `likeness`: of both names, 0 to 1."""

    rule: str
    likeness: float
    party_name: str
    party_uscc: str | None
    entity_id: str
    name: str
    source_file: str
    source_row: int


@dataclass(frozen=True, slots=True)
class GoneReport(_Report):
    """What a complete delivery of a source came to for one kind: how many records are `gone` from it, `of` those that
    its source had, and how many have `returned`. `source` `""`: the one without a name."""

    source: str
    kind: str
    day: date
    gone: int
    of: int
    returned: int


@dataclass(frozen=True, slots=True)
class LoadReport(_Report):
    """One load. `changed` is false where the lake holds afterwards exactly what it held before.

    `rejects` and `issues` are their codes, commonest first, at most ten each. `links` counts all records of the lake by
    the rule that linked them (`none` and `ambiguous` among them), `new_links` those that this load has linked, or
    linked anew; `least_certain` are the ten of these whose names differ most. `unlinked` records of the lake are linked
    to nobody, or surely to none of several. `seconds` are by stage, with `total`. `skipped`: `file` and `reason` of
    what was passed over in folders and archives. `gone`: what complete deliveries came to.
    """

    batch_id: str | None
    changed: bool
    files: Sequence[FileReport]
    rejects: Sequence[FindingCount] = ()
    issues: Sequence[FindingCount] = ()
    links: Mapping[str, int] = field(default_factory=dict)
    new_links: Mapping[str, int] = field(default_factory=dict)
    least_certain: Sequence[LinkExample] = ()
    unlinked: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    skipped: Sequence[Mapping[str, str]] = ()
    gone: Sequence[GoneReport] = ()


@dataclass(frozen=True, slots=True)
class PublishReport(_Report):
    """One publish. `mode`: `unchanged` (the engine held this state already), `changes`, `full` or `parts`.

    `documents` are the counts by index after it, `written` those that were written for it; `versions` the published
    index versions.
    """

    mode: str
    documents: Mapping[str, int]
    written: Mapping[str, int] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartReport(_Report):
    """One part of a publish in parts. `state`: `written`, `written already`, or `unchanged` (nothing is to be
    published); `documents`: how many by index; `missing`: the parts that are not written yet."""

    state: str
    part: int
    of: int
    documents: Mapping[str, int] = field(default_factory=dict)
    missing: Sequence[int] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CleanReport(_Report):
    """One cleaning: by kind, the records whose personal data was blanked; rejected rows whose text was."""

    blanked: Mapping[str, int]
    rejects: int = 0


@dataclass(frozen=True, slots=True)
class Finding(_Report):
    """One rejected row, or one value that could not be read."""

    batch_id: str
    source_file: str
    source_row: int | None
    line: int | None
    column: str | None
    code: str
    message: str
    raw: str


@dataclass(frozen=True, slots=True)
class LakeStatus(_Report):
    """What the lake holds. `published` is None where no engine was asked, else whether it holds the lake's state.
    `gone`: by kind, the records that are absent from the complete deliveries of their sources."""

    folder: str
    batches: int
    last_batch_id: str | None
    last_load_at: datetime | None
    rows: Mapping[str, int]
    versions: Mapping[str, int]
    rejects: Sequence[FindingCount]
    issues: Sequence[FindingCount]
    links: Mapping[str, int]
    files: Sequence[FileReport] = ()
    published: bool | None = None
    gone: Mapping[str, int] = field(default_factory=dict)
