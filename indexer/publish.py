"""Lake → engine: build what the lake holds, verify it, switch to it at once.

A publish does what is left to do (`indexer.plan`): nothing where the engine holds this state already (`unchanged`), the
documents that differ where they are few (`changes`), otherwise everything (`full`). Either way searches find the same.
What may not be shown any more (`indexer.basis`) has no document, and leaves the index also where nothing was loaded.
One that is interrupted changes nothing for searches; the next one does what is left.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from indexer import records, workers
from indexer.basis import Basis
from indexer.ended import added
from indexer.findings import count_by_code
from indexer.lake import LEDGER, SCHEMAS, Lake, Snapshot, faults_named, own_folder
from indexer.link import count_by_rule
from indexer.logged import Loads
from indexer.making import Judged, Making
from indexer.part_plan import refuse_while_under_way
from indexer.plan import INDICES, Plan, holds, plan_of
from indexer.prepare import Preparation
from indexer.proven_documents import Proving, leaves_in, tidy, written
from indexer.report import FileReport, LakeStatus, Progress, PublishReport, Stage, silent, timed
from indexer.tables import ENTITIES
from xincha.days import today
from xincha.ended import NOTE as ENDED
from xincha.ended import Ended
from xincha.ended import unpack as unpack_ended
from xincha.engine.contract import Build, Engine, EngineStatus, IndexName
from xincha.errors import BuildFailed, LakeBusy, LakeError
from xincha.proof.documents import DocumentLeaves
from xincha.quality import NOTE
from xincha.settings import Settings


def publish(
    settings: Settings,
    engine: Engine,
    *,
    progress: Progress | None = None,
    full: bool = False,
    day: date | None = None,
) -> PublishReport:
    """Publish what the lake of `settings` holds and may be shown on `day` (today) or later. `full` builds everything,
    also where nothing has changed.

    Raises `LakeError` (nothing was loaded yet), `LakeBusy` (another process is publishing) and `EngineError`; searches
    then still find what they found before.
    """
    with faults_named(settings.lake, "searches find what they found before", written=settings.data):
        return _locked(settings, engine, progress or silent, full, Basis.of(settings, day or today()))


def _locked(settings: Settings, engine: Engine, progress: Progress, full: bool, basis: Basis) -> PublishReport:
    loaded_lake(settings)
    with publishing_alone(settings), own_folder(settings.data / "publishing") as folder:
        return _Publish(settings, engine, progress, folder, basis).run(full)


def loaded_lake(settings: Settings) -> Lake:
    """The lake; `LakeError` where nothing was loaded yet."""
    lake = Lake(settings.lake)
    if not lake.ledger().height:
        raise LakeError(f"{lake.folder}: nothing has been loaded yet; load files with `xincha load`")
    return lake


@contextmanager
def publishing_alone(settings: Settings) -> Iterator[None]:
    """Nobody else publishes from this data folder; `LakeBusy` where somebody does."""
    try:
        alone = FileLock(settings.data / ".publish.lock").acquire(timeout=0)
    except Timeout as error:
        raise LakeBusy(f"{settings.data}: another process is publishing; wait until it has finished") from error
    with alone:
        yield


class _Publish:
    """One publish on its way. `folder` is its own, and goes with it."""

    def __init__(self, settings: Settings, engine: Engine, progress: Progress, folder: Path, basis: Basis) -> None:
        self._settings = settings
        self._lake = Lake(settings.lake)
        self._snapshot = self._lake.snapshot()
        self._engine = engine
        self._basis = basis
        self._progress = progress
        self._folder = folder
        self._loads = Loads.of(settings)
        self._leaves = DocumentLeaves(settings.documents_proven)
        self._logged: dict[str, dict[str, Any]] = {}
        self._gone: Sequence[str] = ()
        self._preparation = Preparation(settings.workers)
        self._seconds: dict[str, float] = {}
        self._written: dict[str, int] = {}

    def run(self, full: bool) -> PublishReport:
        """Decide what to write, write it, switch to it."""
        self._loads.log(self._lake)
        status = self._engine.status()
        if not full and holds(self._engine, status, self._snapshot, self._basis):
            return unchanged(status)
        refuse_while_under_way(self._settings)
        with timed(self._seconds, "total"):
            plan = None if full else plan_of(self._lake, self._snapshot, self._engine, self._basis)
            with self._preparation, workers.without_collector():
                builds, mode = self._builds(plan)
            with timed(self._seconds, "switch"):
                self._loads.log_publish(self._lake, self._snapshot, self._logged, status)
                self._engine.switch(builds)
            with timed(self._seconds, "proof"):
                self._loads.log_switched(self._engine.status())
                tidy(self._leaves, self._loads.log_file.read(), self._engine.status(), self._gone)
        return reported(mode, builds, self._written, self._seconds)

    def _builds(self, plan: Plan | None) -> tuple[list[Build], str]:
        """Both indices, written and verified, not yet published; and the mode that this came to."""
        if plan is not None:
            builds = self._write(plan)
            if builds[0].documents == self._snapshot.count(ENTITIES.name):
                return builds, "changes"
        return self._write(None), "full"

    def _write(self, plan: Plan | None) -> list[Build]:
        """Both indices, with all documents, or as they are published with those of the plan."""
        folder = self._folder / ("full" if plan is None else "changes")
        folder.mkdir()
        making = Making(self._snapshot, self._basis, folder, self._preparation)
        parts = making.slices(plan)
        with timed(self._seconds, "judge"):
            judged = making.judge(parts, plan)
        with timed(self._seconds, NOTE):
            notes = making.notes(judged.ended if plan is None else self._added(judged))
        builds = []
        for index in INDICES:
            proving = Proving.into(folder / f"leaves-{index}", making.maker(index))
            documents = making.documents(parts[index], proving, partial(self._tell, index))
            gone, base = frozenset[str](), None
            with timed(self._seconds, index):
                if plan is None:
                    builds.append(self._engine.build(index, documents, note=notes[index]))
                    verify(builds[-1], expected(self._snapshot, judged)[index])
                    self._written[index] = builds[-1].documents
                else:
                    gone = plan[index].difference(judged.shown) if index == "records" else gone
                    base = self._engine.status().indices[index].version
                    builds.append(self._engine.apply(index, documents, sorted(gone), note=notes[index]))
                    self._written[index] = len(plan[index]) - len(gone)
            with timed(self._seconds, "proof"):
                self._logged[index] = written(self._leaves, builds[-1], leaves_in([proving.folder], gone), base)
                self._gone = sorted(gone)
        return builds

    def _tell(self, index: IndexName, done: int, total: int) -> None:
        self._progress(Stage(index), done, total)

    def _added(self, judged: Judged) -> Ended:
        """What is not shown any more of what was looked at, and what was known of all else."""
        note = self._engine.status().indices["records"].note.get(ENDED)
        number = int((self._snapshot.batch_id or "0").partition("-")[0])
        return added(judged.ended, unpack_ended(note) if note else None, judged.read, number, self._basis)


def expected(snapshot: Snapshot, judged: Judged) -> Mapping[IndexName, int]:
    """How many documents a whole index has: one of every entity, and of every record that may be shown."""
    return {"entities": snapshot.count(ENTITIES.name), "records": len(judged.shown)}


def verify(build: Build, documents: int) -> None:
    """Raise `BuildFailed` unless a whole index has as many documents as the lake has to show."""
    if build.documents != documents:
        raise BuildFailed(f"{build.index}: {build.documents} documents were built, the lake holds {documents}")


def unchanged(status: EngineStatus) -> PublishReport:
    """There was nothing to do."""
    return PublishReport("unchanged", {name: index.documents for name, index in status.indices.items()})


def reported(
    mode: str, builds: Sequence[Build], written: Mapping[str, int], seconds: Mapping[str, float]
) -> PublishReport:
    """What was published."""
    documents: dict[str, int] = {build.index: build.documents for build in builds}
    return PublishReport(mode, documents, written, {build.index: build.version for build in builds}, seconds)


def roll_back(settings: Settings, engine: Engine) -> EngineStatus:
    """Publish the versions before the present ones again, and log that where the data folder may be written here."""
    if not os.access(settings.data, os.W_OK):
        return engine.rollback()
    loads = Loads.of(settings)
    loads.log_rollback(engine.status())
    after = engine.rollback()
    loads.log_switched(after)
    return after


def status(settings: Settings, engine: Engine | None = None, *, day: date | None = None) -> LakeStatus:
    """What the lake of `settings` holds, and whether `engine` has published it as it may be shown on `day` (today)."""
    with faults_named(settings.lake):
        return _status(settings, engine, Basis.of(settings, day or today()))


def _status(settings: Settings, engine: Engine | None, basis: Basis) -> LakeStatus:
    lake = Lake(settings.lake)
    snapshot, ledger = lake.snapshot(), lake.ledger()
    last = ledger.row(-1, named=True) if ledger.height else {"files": [], "finished_at": None}
    return LakeStatus(
        folder=str(settings.lake),
        batches=ledger.height,
        last_batch_id=snapshot.batch_id,
        last_load_at=last["finished_at"],
        rows={name: snapshot.count(name) for name in SCHEMAS if name != LEDGER},
        versions=snapshot.versions,
        rejects=count_by_code(snapshot.scan("rejects"), latest=True),
        issues=count_by_code(snapshot.scan("issues"), latest=True),
        links=count_by_rule(snapshot.scan("links")),
        files=[FileReport(**file) for file in last["files"]],
        gone=records.count_gone(snapshot),
        published=None if engine is None else holds(engine, engine.status(), snapshot, basis),
    )
