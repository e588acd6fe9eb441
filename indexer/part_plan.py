"""A publish in parts that is under way: what was decided when it was begun, and which parts are written.

It lies in `parts` in the data folder, which all machines share:

    plan.json         what was decided; before it nothing was begun
    context/          what documents show of other tables (`indexer.context`)
    <part>.json       what a finished part has written; its leaves lie beside it
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from indexer.lake import Lake, Snapshot
from xincha.engine.contract import IndexName
from xincha.errors import LakeBusy, LakeError
from xincha.settings import Settings

GIVE_UP = "give it up with `xincha publish --give-up`"
_PLAN = "plan.json"


@dataclass(frozen=True, slots=True)
class Written:
    """What a part has written: documents by index, and the folder of their leaves."""

    documents: Mapping[str, int]
    leaves: str


@dataclass(frozen=True, slots=True)
class PartPlan:
    """`of`: how many parts; `loaded_at`, `versions`: the state of the lake; `day`: of the publish; `into`: the version
    of each index; `expected`: its documents; `notes`: what is kept with it."""

    of: int
    day: str
    batch_id: str
    loaded_at: str
    versions: Mapping[str, int]
    into: Mapping[IndexName, str]
    expected: Mapping[IndexName, int]
    notes: Mapping[IndexName, Mapping[str, str]]

    def snapshot(self, lake: Lake) -> Snapshot:
        """The state of the lake; raises `LakeError` where it is no longer kept."""
        kept = lake.snapshot_at(self.versions)
        if kept is None:
            raise LakeError(f"{lake.folder}: the state that the parts are of is no longer kept: {GIVE_UP}")
        loaded_at = datetime.fromisoformat(self.loaded_at) if self.loaded_at else None
        return replace(kept, batch_id=self.batch_id, loaded_at=loaded_at)

    @property
    def published_on(self) -> date:
        """The day of the publish."""
        return date.fromisoformat(self.day)


@dataclass(frozen=True, slots=True)
class PartFolder:
    """The folder of a publish in parts."""

    path: Path

    @classmethod
    def of(cls, settings: Settings) -> PartFolder:
        """That of these settings."""
        return cls(settings.data / "parts")

    def plan(self) -> PartPlan | None:
        """What is under way."""
        told = _read(self.path / _PLAN)
        return PartPlan(**told) if told else None

    def begin(self, plan: PartPlan) -> None:
        """From now on this is under way."""
        _write(self.path / _PLAN, plan)

    def empty(self) -> None:
        """Remove everything; the plan first."""
        (self.path / _PLAN).unlink(missing_ok=True)
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def finished(self, part: int) -> Written | None:
        """What a part has written, once it has."""
        told = _read(self.path / f"{part}.json")
        return Written(**told) if told else None

    def finish(self, part: int, written: Written) -> None:
        """From now on a part is written."""
        _write(self.path / f"{part}.json", written)

    def missing(self, plan: PartPlan) -> list[int]:
        """The parts that are not written."""
        return [part for part in range(1, plan.of + 1) if self.finished(part) is None]


def refuse_while_under_way(settings: Settings) -> None:
    """Raise `LakeBusy` where a publish in parts is neither finished nor given up."""
    folder = PartFolder.of(settings)
    if plan := folder.plan():
        written = plan.of - len(folder.missing(plan))
        raise LakeBusy(
            f"{folder.path}: a publish in {plan.of} parts is under way ({written} written): "
            f"finish it with `xincha publish --finish`, or {GIVE_UP}"
        )


def _read(path: Path) -> Any:
    """What a file says; None where there is none."""
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None


def _write(path: Path, told: PartPlan | Written) -> None:
    """Whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(told)), "utf-8")
    part.replace(path)
