"""What every engine does: eight synchronous methods, passed in, no globals.

An engine holds one *alias* per index (`entities`, `records`). A build writes a new *version* beside the published one;
`switch` makes versions the published ones, all at once. Readers see a whole version or the one before, never a mix
within one index, also when another process switches. `tests/engine` holds the suite that each driver passes.

Errors of any driver are `xincha.errors.EngineError`.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from xincha.engine.query import Request, Value

IndexName = Literal["entities", "records"]

Document = Mapping[str, object]
"""One document: `id` (str), a value for each declared field that has one (see `xincha.engine.fields`; fields with
`many` take lists, text fields a string of prepared tokens joined by single spaces), and `source`: the JSON (bytes) that
is shown. A key that is not declared, a value of another type, or a term over 32,000 bytes raises `BuildFailed`."""


@dataclass(frozen=True, slots=True)
class Build:
    """A finished, unpublished index version."""

    index: IndexName
    version: str
    documents: int


@dataclass(frozen=True, slots=True)
class BuildPart:
    """What one process has written of a build: how many documents, where (`name`, for the driver), and 64-bit hashes of
    their identifiers, by which the driver finds one that is given twice."""

    documents: int
    name: str
    hashes: array[int]


PartWriter = Callable[[Iterable[Document]], BuildPart]
"""Writes one part of a build, in whatever process it is called; can be pickled. Raises what `Engine.build` raises."""


@runtime_checkable
class ParallelDocuments(Protocol):
    """Documents that `processes` processes make. A driver that can lets each of them write what it makes, so that no
    document travels; iterated, they are brought together here."""

    processes: int

    def __iter__(self) -> Iterator[Document]: ...

    def write_parts(self, writer: PartWriter) -> Sequence[BuildPart]:
        """Make every document and give it to `writer`, which each process calls once; the parts that were written."""


def processes_of(documents: Iterable[Document]) -> int:
    """How many processes make these documents."""
    return documents.processes if isinstance(documents, ParallelDocuments) else 1


def parts_of(documents: Iterable[Document], writer: PartWriter) -> Sequence[BuildPart]:
    """Write all documents, in the processes that make them."""
    return documents.write_parts(writer) if isinstance(documents, ParallelDocuments) else [writer(documents)]


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found. `sort` are the values of the request's sort keys, to be handed back as `search_after`.

    `score` is 0 where the request sorts by fields.
    """

    id: str
    score: float
    source: bytes
    sort: tuple[Value | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Bucket:
    """One count of a facet; `key` is the value, (from, to) of a range, or what a cell has of each dimension. `spans`:
    least and greatest value of each field of `TermsAgg.spans` among what is counted; `None` where nothing has one.
    `sums`, `stated` (how many have a value of the same fields), `values`: of a cell, as `CellsAgg` asks for them."""

    key: Value | tuple[Value | None, ...]
    count: int
    spans: Sequence[tuple[Value | None, Value | None]] = ()
    sums: Sequence[float] = ()
    stated: Sequence[int] = ()
    values: Sequence[tuple[float, int]] | None = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What a request found. `total` is exact (0 where the request did not ask for it)."""

    hits: Sequence[Hit]
    total: int
    facets: Mapping[str, Sequence[Bucket] | float | None]
    version: str


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """The published version of one index."""

    index: IndexName
    version: str
    documents: int
    published_at: datetime
    fingerprint: str
    note: Mapping[str, str]
    previous: Sequence[str]


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """`ready` is true when every index is published with the analysis of this program; otherwise `reason` says why."""

    engine: str
    ready: bool
    reason: str
    indices: Mapping[str, IndexStatus] = field(default_factory=dict)


class Engine(Protocol):
    """A search engine. Safe to share between threads for reading; one process at a time may write."""

    name: str
    remote: bool
    """Whether other processes do the work, so that the caller has time of his own meanwhile."""

    def build(self, index: IndexName, documents: Iterable[Document], *, note: Mapping[str, str]) -> Build:
        """Write `documents` as a new version and verify its count; nothing changes for readers.

        If `documents` are `ParallelDocuments`, the processes that make them may write them. `note` is kept with the
        version (the lake's versions, times). An identifier given twice, or any document that cannot be written, raises
        `BuildFailed`, and what was written is removed.
        """

    def apply(
        self, index: IndexName, upserts: Iterable[Document], deletes: Iterable[str], *, note: Mapping[str, str]
    ) -> Build:
        """A new version: the published one with these documents replaced, added or (by identifier) removed."""

    def switch(self, builds: Sequence[Build]) -> None:
        """Publish these versions at once; keep the ones before for `rollback`, remove older ones."""

    def rollback(self) -> EngineStatus:
        """Publish the versions before the present ones again; raises `EngineNotReady` where there are none."""

    def search(self, index: IndexName, request: Request) -> Result:
        """Answer one request on the published version. Raises `EngineNotReady`, `EngineUnavailable`,
        `UnsupportedQuery`."""

    def search_many(self, index: IndexName, requests: Sequence[Request]) -> Sequence[Result]:
        """Answer several requests, in their order, on one and the same version."""

    def status(self) -> EngineStatus:
        """What is published; never raises for an engine that is away (then `ready` is false)."""

    def close(self) -> None:
        """Release files, threads and connections."""


@runtime_checkable
class WrittenInParts(Protocol):
    """What an engine has beside, if several machines can write one version, each at its time. Nobody holds the lock of
    writers meanwhile; what was begun stays until it is finished or given up, whoever else publishes."""

    def begin_parts(self) -> Mapping[IndexName, str]:
        """A new, empty version of each index. What was begun before and is not finished is given up."""

    def write_part(self, index: IndexName, version: str, documents: Iterable[Document]) -> int:
        """Write some documents of such a version, to stay; returns how many. Written once more they replace themselves,
        so a part that was interrupted is simply written again."""

    def finish_parts(self, index: IndexName, version: str, documents: int, *, note: Mapping[str, str]) -> Build:
        """The version as one that was built, to be switched to. `BuildFailed` if it does not hold so many documents; it
        stays then."""

    def give_up_parts(self) -> None:
        """Remove what was begun and is not finished."""
