"""A publish in parts, by several machines: whoever comes writes his share of one new version; one more switches to it.

    write_part(…, Part(2, 4))   the second of four parts; the first to come judges the records for all
    finish(…)                   verifies that all are there, and publishes
    give_up(…)                  removes what was written

All share the data folder and the cluster. Parts may be written in any order, at once or one after the other; one that
was interrupted is written again, one that is written stays so. Only the beginning and the end take a lock, so that a
scheduler may end and repeat each process as it likes. The lake may be loaded meanwhile: the parts are all of the state
in which it was when the first began.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

from filelock import FileLock

from indexer import workers
from indexer.basis import Basis
from indexer.lake import Lake, faults_named
from indexer.logged import Loads
from indexer.making import Making
from indexer.part_plan import GIVE_UP, PartFolder, PartPlan, Written
from indexer.plan import INDICES, holds, made_by
from indexer.prepare import Preparation
from indexer.proven_documents import Proving, leaves_in, tidy, written
from indexer.publish import expected, loaded_lake, publishing_alone, reported, unchanged, verify
from indexer.report import PartReport, Progress, PublishReport, Stage, silent, timed
from xincha.days import today
from xincha.engine.contract import Build, Engine, WrittenInParts
from xincha.errors import EngineError, LakeBusy, NotDone
from xincha.proof.documents import DocumentLeaves
from xincha.settings import Settings

MOST_PARTS = 1_000


class Part(NamedTuple):
    """One of several parts; the first is 1."""

    number: int
    of: int

    @classmethod
    def read(cls, text: str) -> Part:
        """`2/4` as the second of four; raises `ValueError`."""
        number, _, of = text.partition("/")
        if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of) <= MOST_PARTS):
            raise ValueError(text)
        return cls(int(number), int(of))


def write_part(
    settings: Settings, engine: Engine, part: Part, *, progress: Progress | None = None, day: date | None = None
) -> PartReport:
    """Write a part; the first to come begins a publish as on `day` (today).

    Raises `LakeBusy` where another publish is under way (in another number of parts, by another program, or whole),
    `LakeError` and `EngineError`; searches find what they found before.
    """
    cluster, folder = _cluster(engine), PartFolder.of(settings)
    with faults_named(settings.lake, "searches find what they found before", written=settings.data):
        basis = Basis.of(settings, day or today())
        loaded_lake(settings)
        with FileLock(settings.data / ".parts.lock"):
            plan = folder.plan() or _begun(settings, engine, cluster, part.of, basis)
        if plan is None:
            return PartReport("unchanged", *part)
        _refuse_another(plan, part.of, basis)
        if known := folder.finished(part.number):
            return PartReport("written already", *part, known.documents, folder.missing(plan))
        seconds: dict[str, float] = {}
        with timed(seconds, "total"), Preparation(settings.workers) as preparation, workers.without_collector():
            snapshot, of_its_day = plan.snapshot(Lake(settings.lake)), basis._replace(day=plan.published_on)
            making = Making(snapshot, of_its_day, folder.path, preparation)
            with _unless_given_up(folder, plan):
                made = _write(cluster, making, plan, part.number, progress or silent)
        folder.finish(part.number, made)
        return PartReport("written", *part, made.documents, folder.missing(plan), seconds)


def finish(settings: Settings, engine: Engine) -> PublishReport:
    """Publish what all parts have written; nothing is done where the engine holds the lake's state already.

    Raises `NotDone` where parts are missing or none was begun; else as `write_part`.
    """
    cluster, folder = _cluster(engine), PartFolder.of(settings)
    with (
        faults_named(settings.lake, "searches find what they found before", written=settings.data),
        FileLock(settings.data / ".parts.lock"),
        publishing_alone(settings),
    ):
        plan = folder.plan()
        if plan is None:
            if holds(engine, engine.status(), Lake(settings.lake).snapshot(), Basis.of(settings, today())):
                return unchanged(engine.status())
            raise NotDone("no publish in parts is under way: begin one with `xincha publish --part 1/N`")
        if missing := folder.missing(plan):
            way = f"write each with `xincha publish --part i/{plan.of}`"
            raise NotDone(f"of {plan.of} parts these are not written: {', '.join(map(str, missing))}; {way}")
        seconds: dict[str, float] = {}
        with timed(seconds, "total"):
            builds = _switched(settings, engine, cluster, folder, plan)
        folder.empty()
        return reported("parts", builds, {each.index: each.documents for each in builds}, seconds)


def give_up(settings: Settings, engine: Engine) -> bool:
    """Remove what parts have written; whether a publish was under way."""
    cluster, folder = _cluster(engine), PartFolder.of(settings)
    with faults_named(settings.lake, written=settings.data), FileLock(settings.data / ".parts.lock"):
        under_way = folder.plan() is not None
        folder.empty()
        cluster.give_up_parts()
        return under_way


def _cluster(engine: Engine) -> WrittenInParts:
    if isinstance(engine, WrittenInParts):
        return engine
    raise EngineError(
        f"{engine.name}: this engine writes on one machine, by as many processes as XINCHA_WORKERS says; "
        "parts are for XINCHA_ENGINE=opensearch"
    )


def _begun(settings: Settings, engine: Engine, cluster: WrittenInParts, of: int, basis: Basis) -> PartPlan | None:
    """The publish that begins now; None where the engine holds this state of the lake already."""
    folder, lake = PartFolder.of(settings), loaded_lake(settings)
    snapshot = lake.snapshot()
    with publishing_alone(settings):
        if holds(engine, engine.status(), snapshot, basis):
            return None
        folder.empty()
        with Preparation(settings.workers) as preparation, workers.without_collector():
            making = Making(snapshot, basis, folder.path, preparation)
            judged = making.judge(making.slices())
            notes = making.notes(judged.ended)
        plan = PartPlan(
            of,
            basis.day.isoformat(),
            snapshot.batch_id or "",
            snapshot.loaded_at.isoformat() if snapshot.loaded_at else "",
            snapshot.versions,
            cluster.begin_parts(),
            expected(snapshot, judged),
            notes,
        )
        folder.begin(plan)
    return plan


@contextmanager
def _unless_given_up(folder: PartFolder, plan: PartPlan) -> Iterator[None]:
    """Raise `NotDone` where the publish was given up meanwhile, whatever else went wrong by that."""
    try:
        yield
    finally:
        if folder.plan() != plan:
            raise NotDone(f"{folder.path}: this publish was given up meanwhile; what this part has written is gone")


def _refuse_another(plan: PartPlan, of: int, basis: Basis) -> None:
    """Raise unless what is under way has so many parts, and its documents are made as they are here."""
    note = plan.notes["entities"]
    if plan.of != of:
        raise LakeBusy(f"a publish in {plan.of} parts is under way, not in {of}: finish it, or {GIVE_UP}")
    ours = {"program": version("xincha"), "made_by": made_by(), "policy": " ".join(basis.policy)}
    if any(note[key] != value for key, value in ours.items()):
        whose = f"another program (version {note['program']}) or one with other settings began this publish"
        raise LakeBusy(f"{whose}: go on with that one, or {GIVE_UP}")


def _write(cluster: WrittenInParts, making: Making, plan: PartPlan, part: int, progress: Progress) -> Written:
    """Write the share of a part: every so manieth slice, for neighbours take as long."""
    leaves, documents = Path(mkdtemp(prefix=f"leaves-{part}-", dir=making.folder)), dict[str, int]()
    for index, parts in making.slices().items():
        proving = Proving.into(leaves / index, making.maker(index))
        made = making.documents(parts[part - 1 :: plan.of], proving, partial(_tell, progress, index))
        documents[index] = cluster.write_part(index, plan.into[index], made)
    return Written(documents, leaves.name)


def _tell(progress: Progress, index: str, done: int, total: int) -> None:
    progress(Stage(index), done, total)


def _switched(
    settings: Settings, engine: Engine, cluster: WrittenInParts, folder: PartFolder, plan: PartPlan
) -> list[Build]:
    """The versions, verified, in the log, and published; those that an interrupted end had published stay so."""
    builds = [Build(index, plan.into[index], plan.expected[index]) for index in INDICES]
    lake, loads, store = Lake(settings.lake), Loads.of(settings), DocumentLeaves(settings.documents_proven)
    before = engine.status()
    present = {name: index.version for name, index in before.indices.items()}
    if any(present.get(build.index) != build.version for build in builds):
        parts = [made for part in range(1, plan.of + 1) if (made := folder.finished(part))]
        logged: dict[str, dict[str, Any]] = {}
        for build in builds:
            count = sum(made.documents[build.index] for made in parts)
            verify(replace(build, documents=count), build.documents)
            cluster.finish_parts(build.index, build.version, count, note=plan.notes[build.index])
            leaves = leaves_in([folder.path / made.leaves / build.index for made in parts])
            logged[build.index] = written(store, build, leaves, None)
        loads.log_publish(lake, plan.snapshot(lake), logged, before)
        engine.switch(builds)
    loads.log_switched(engine.status())
    tidy(store, loads.log_file.read(), engine.status(), ())
    return builds
