"""Lake → engine: build what the lake holds, verify it, switch to it at once.

A publish does what is left to do (`indexer.plan`): nothing where the engine holds this state already (`unchanged`), the
documents that differ where they are few (`changes`), otherwise everything (`full`). Either way searches find the same.
What may not be shown any more (`indexer.basis`) has no document, and leaves the index also where nothing was loaded.
One that is interrupted changes nothing for searches; the next one does what is left.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
from filelock import FileLock, Timeout

from indexer import records, workers
from indexer.basis import Basis
from indexer.belonging import as_their_records
from indexer.context import Context
from indexer.draws import unpublished
from indexer.ended import added, ended
from indexer.findings import count_by_code
from indexer.lake import LEDGER, SCHEMAS, Lake, faults_named, own_folder, write_file
from indexer.link import count_by_rule
from indexer.logged import Loads
from indexer.plan import INDICES, Plan, holds, note_of, plan_of
from indexer.prepare import Make, Preparation, Slice, SlicedDocuments, slices
from indexer.proven_documents import Proving, tidy, written
from indexer.quality import measure
from indexer.report import FileReport, LakeStatus, Progress, PublishReport, Stage, silent, timed
from indexer.tables import ENTITIES, RECORD_TABLES, Table
from xincha.days import today
from xincha.ended import NOTE as ENDED
from xincha.ended import Ended
from xincha.ended import pack as pack_ended
from xincha.ended import unpack as unpack_ended
from xincha.engine.contract import Build, Engine, EngineStatus, IndexName
from xincha.errors import BuildFailed, LakeBusy, LakeError
from xincha.proof.documents import DocumentLeaves
from xincha.quality import NOTE, bounded, pack
from xincha.settings import Settings

_TABLES: dict[IndexName, Sequence[Table]] = {"entities": (ENTITIES,), "records": RECORD_TABLES}


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
    if not Lake(settings.lake).ledger().height:
        raise LakeError(f"{settings.lake}: nothing has been loaded yet; load files with `xincha load`")
    try:
        with FileLock(settings.data / ".publish.lock", timeout=0), own_folder(settings.data / "publishing") as folder:
            return _Publish(settings, engine, progress, folder, basis).run(full)
    except Timeout as error:
        raise LakeBusy(f"{settings.data}: another process is publishing; wait until it has finished") from error


class _Publish:
    """One publish on its way. `folder` is its own, and goes with it."""

    def __init__(self, settings: Settings, engine: Engine, progress: Progress, folder: Path, basis: Basis) -> None:
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
            return PublishReport("unchanged", {name: index.documents for name, index in status.indices.items()})
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
        return PublishReport(
            mode,
            {build.index: build.documents for build in builds},
            self._written,
            {build.index: build.version for build in builds},
            self._seconds,
        )

    def _builds(self, plan: Plan | None) -> tuple[list[Build], str]:
        """Both indices, written and verified, not yet published; and the mode that this came to."""
        if plan is not None:
            builds = self._write(plan)
            if builds[0].documents == self._snapshot.count(ENTITIES.name):
                return builds, "changes"
        return self._write(None), "full"

    def _write(self, plan: Plan | None) -> list[Build]:
        """Both indices, with all documents, or as they are published with those of the plan."""
        parts = {index: self._slices(of, None if plan is None else plan[index]) for index, of in _TABLES.items()}
        (context, shown, left), note = self._context(parts, plan), note_of(self._snapshot, self._basis)
        counted = {NOTE: self._quality(), ENDED: pack_ended(left.bounded())}
        notes: dict[IndexName, dict[str, str]] = {"entities": note, "records": note | counted}
        makers: dict[IndexName, Make] = {"entities": context.entity_documents, "records": context.record_documents}
        builds = []
        for index, make in makers.items():
            proving = Proving(make, self._folder / f"leaves-{index}-{'full' if plan is None else 'changes'}")
            proving.folder.mkdir()
            documents = self._documents(index, parts[index], proving)
            gone, base = frozenset[str](), None
            with timed(self._seconds, index):
                if plan is None:
                    builds.append(self._engine.build(index, documents, note=notes[index]))
                    self._verify(builds[-1], shown)
                    self._written[index] = builds[-1].documents
                else:
                    gone = plan[index].difference(shown) if index == "records" else gone
                    base = self._engine.status().indices[index].version
                    builds.append(self._engine.apply(index, documents, sorted(gone), note=notes[index]))
                    self._written[index] = len(plan[index]) - len(gone)
            with timed(self._seconds, "proof"):
                self._logged[index] = written(self._leaves, builds[-1], proving.leaves(gone), base)
                self._gone = sorted(gone)
        return builds

    def _verify(self, build: Build, shown: pl.Series) -> None:
        """Raise `BuildFailed` unless a whole index has a document of every entity, and of every record in `shown`."""
        expected = len(shown) if build.index == "records" else self._snapshot.count(ENTITIES.name)
        if build.documents != expected:
            raise BuildFailed(f"{build.index}: {build.documents} documents were built, the lake holds {expected}")

    def _quality(self) -> str:
        """How well the penalties of the lake are published, for the note."""
        with timed(self._seconds, NOTE):
            return pack(bounded(measure(self._snapshot.scan, self._basis.held)))

    def _documents(self, index: IndexName, parts: Sequence[Slice], make: Make) -> SlicedDocuments:
        total = sum(part.rows for part in parts)

        def tell(done: int) -> None:
            self._progress(Stage(index), done, total)

        return SlicedDocuments(self._preparation, parts, make, tell)

    def _slices(self, of: Sequence[Table], keys: frozenset[str] | None = None) -> list[Slice]:
        """The rows of tables; those of `keys` alone are put into files of their own."""
        parts = []
        for table in of:
            files = self._snapshot.files(table.name)
            if keys is not None:
                wanted = pl.Series(sorted(keys), dtype=pl.String).implode()
                rows = self._snapshot.scan(table.name).filter(pl.col(table.key).is_in(wanted)).collect()
                files = [write_file(rows, self._folder / f"{table.name}-{uuid.uuid4().hex}.parquet")]
            parts += slices(table.name, files)
        return parts

    def _context(
        self, parts: Mapping[IndexName, Sequence[Slice]], plan: Plan | None
    ) -> tuple[Context, pl.Series, Ended]:
        """What documents of these slices show of other tables: all of them, or those of the plan; which records may be
        shown, now or later; and what is not shown any more."""
        with timed(self._seconds, "judge"):
            judge = partial(records.judge, policy=self._basis.policy)
            links, shown = self._snapshot.scan("links"), parts["records"]
            read = frozenset[str]()
            if plan is not None:
                entities, those = (pl.Series(sorted(plan[index]), dtype=pl.String).implode() for index in INDICES)
                also = pl.col("also_ids").list.eval(pl.element().is_in(entities)).list.any().fill_null(False)
                about = pl.col("entity_id").is_in(entities) | also
                links = links.filter(about | pl.col("record_id").is_in(those))
                of_them = links.select("record_id", "of_ids").collect()
                of_ids = of_them["of_ids"].explode().drop_nulls()
                read = frozenset((*plan["records"], *of_them["record_id"], *of_ids))  # some are linked to nobody
                shown = self._slices(RECORD_TABLES, read)
            judged = pl.concat([pl.DataFrame(schema=records.JUDGED), *self._preparation.over(shown, judge)])
            linked = links.collect()
            everything = as_their_records(judged, linked, self._basis.held)
            judged = self._basis.kept(everything)
            hidden = pl.Series(sorted(unpublished(self._snapshot.scan)), dtype=pl.String)
            judged = judged.filter(~pl.col("record_id").is_in(hidden.implode()))
            context = Context.write(self._folder, linked, judged, self._snapshot, parts, self._basis.day)
            left = ended(everything, judged["record_id"], linked, self._snapshot, self._basis)
            return context, judged["record_id"], left if plan is None else self._added(left, read)

    def _added(self, left: Ended, read: frozenset[str]) -> Ended:
        """What is not shown any more of what was `read`, and what was known of all else."""
        note = self._engine.status().indices["records"].note.get(ENDED)
        number = int((self._snapshot.batch_id or "0").partition("-")[0])
        return added(left, unpack_ended(note) if note else None, read, number, self._basis)


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
