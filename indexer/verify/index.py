"""What an engine has published against the leaves of its documents, by what any engine does: search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from indexer.verify.report import VerifyReport
from xincha.engine.contract import Engine, IndexName, IndexStatus
from xincha.engine.query import MatchAll, Request, Sort
from xincha.errors import EngineError, ProofError
from xincha.proof.documents import DocumentLeaves, current, differing, made_of, published, root_of
from xincha.proof.log import Logged

_PAGE = 1000
_PAGES = 20
_INDICES: tuple[IndexName, IndexName] = ("entities", "records")


def check_index(engine: Engine, log: Logged, store: DocumentLeaves, report: VerifyReport) -> None:
    """Every document of what is published."""
    status = engine.status()
    for name in _INDICES:
        if name not in status.indices:
            report.note(f"index of {name}: nothing is published")
            continue
        version = status.indices[name].version
        where = f"index/{name}-{version}"
        if published(log, name, version) is None:
            _unlogged(name, status.indices[name], log, where, report)
            continue
        _check_newest(name, status.indices[name], log, where, report)
        leaves = _leaves(name, version, log, store, report)
        if leaves is not None:
            try:
                _check_documents(engine, name, leaves, where, report)
            except EngineError as error:
                report.differs(where, f"the index cannot be read: {error}")


def _leaves(
    name: IndexName, version: str, log: Logged, store: DocumentLeaves, report: VerifyReport
) -> pl.DataFrame | None:
    """The leaves of a version that was logged, where they are those that were."""
    try:
        chain = made_of(log, name, version)
        read = [store.read(name, version) for version in chain]
    except ProofError as error:
        report.differs(f"proofs/documents/{name}-{version}.parquet", str(error))
        return None
    for each, leaves in zip(chain, read, strict=True):
        told = published(log, name, each)
        if told is None or root_of(leaves) != told["root"]:
            report.differs(f"proofs/documents/{name}-{each}.parquet", "the leaves are not those that were logged")
            return None
    return current(read)


def _unlogged(name: IndexName, status: IndexStatus, log: Logged, where: str, report: VerifyReport) -> None:
    """A version that the log does not have was there before the log, or was made by somebody else."""
    publishes = [entry for entry in log.told if entry.get("kind") == "publish"]
    if publishes and status.version not in publishes[0]["before"].get(name, ()):
        report.differs(where, "this version is published, and no publish of the log made it")
    else:
        report.note(f"{where}: published by an earlier program, cannot be told; `xincha publish --full` makes it anew")


def _check_newest(name: IndexName, status: IndexStatus, log: Logged, where: str, report: VerifyReport) -> None:
    """What is published has to be what was switched to last, or what was about to be when somebody was interrupted."""
    expected: list[str] = []
    for entry in log.told:
        if entry.get("kind") in {"publish", "rollback", "switched"} and name in entry["indices"]:
            version = entry["indices"][name]["version"]
            expected = [version] if entry["kind"] == "switched" else [*expected, version]
    before = next((entry["before"].get(name, ()) for entry in log.told if entry.get("kind") == "publish"), ())
    if status.version not in {*expected, *before[:1]}:
        report.differs(where, f"an older version is published, and no rollback is logged: {expected[0]} was")


def _check_documents(engine: Engine, name: IndexName, leaves: pl.DataFrame, where: str, report: VerifyReport) -> None:
    seen: list[str] = []
    other: list[str] = []
    new: list[str] = []
    for pairs in _some(engine, name):
        changed, unknown = differing(pairs, leaves)
        other += changed
        new += unknown
        seen += [identifier for identifier, _ in pairs]
    if other:
        report.differs(where, "documents that are others than were made of the lake", other)
    if new:
        report.differs(where, "documents that no publish made", new)
    missing = leaves.join(pl.DataFrame({"id": seen}, schema={"id": pl.String}), on="id", how="anti")["id"]
    if len(missing):
        report.differs(where, "documents that were made of the lake, and are gone", missing)
    report.count("documents", len(seen))


def _some(engine: Engine, name: IndexName) -> Iterator[list[tuple[str, bytes]]]:
    """All documents, some pages at a time: identifier, and what is shown."""
    request = Request(MatchAll(), sort=(Sort("tie"),), size=_PAGE, total=False)
    some: list[tuple[str, bytes]] = []
    while hits := engine.search(name, request).hits:
        some += [(hit.id, hit.source) for hit in hits]
        if len(some) >= _PAGE * _PAGES:
            yield some
            some = []
        if len(hits) < _PAGE:
            break
        request = replace(request, search_after=hits[-1].sort)
    if some:
        yield some
