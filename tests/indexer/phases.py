"""A load, a publish or a rollback that is killed in one of its phases: a process of its own.

It is killed with SIGKILL at the N-th call or return of a function of ours (or of Delta's) within the phase, so that the
points do not depend on how fast the machine is, and fall behind the moment at which it has happened as well as before.
As a program (`python -m tests.indexer.phases COMMAND DATA [FILE…]`, for one with another environment) it is not killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from tests.forked import call

ROOT = Path(__file__).resolve().parents[2]
_OURS = tuple(f"{os.sep}{part}{os.sep}" for part in ("indexer", "deltalake", "engine"))


class Mark(NamedTuple):
    """Where a phase begins: at the call or return of a function. `behind`: only if this phase was the one before."""

    phase: str
    file: str
    function: str
    event: str = "call"
    behind: str = ""


PHASES: Mapping[str, Sequence[Mark]] = {
    "load": (
        Mark("read", "indexer/load.py", "_read"),
        Mark("merge", "indexer/load.py", "_merge"),
        Mark("write", "indexer/load.py", "_commit"),
        Mark("link", "indexer/load.py", "_link"),
        Mark("prove", "indexer/lake.py", "_proof"),
        Mark("ledger", "indexer/lake.py", "_record"),
        Mark("loaded", "indexer/delta.py", "commit", "return", "ledger"),
    ),
    "publish": (
        Mark("prepare", "indexer/publish.py", "run"),
        Mark("build", "engine/versioned.py", "_built"),
        Mark("switch", "engine/versioned.py", "switch"),
        Mark("published", "embedded/store.py", "publish", "return", "switch"),
    ),
    "rollback": (
        Mark("roll back", "engine/versioned.py", "rollback"),
        Mark("rolled back", "embedded/store.py", "publish", "return", "roll back"),
    ),
}
"""The phases of each command, in order; what the last one begins with is what makes it happen."""


def names(command: str) -> list[str]:
    """The phases of a command."""
    return [mark.phase for mark in PHASES[command]]


def run(  # noqa: PLR0917
    command: str,
    data: Path,
    files: Sequence[Path] = (),
    phase: str = "",
    at: int = 0,
    environment: Mapping[str, str] | None = None,
) -> Counter[str]:
    """Run a command, killed at that point; without one, how many points each phase has.

    `environment`: what is set besides, for a new interpreter, which is not killed and counts nothing.
    """
    if not environment:
        code, seen = call(_run, command, data, files, phase, at)
        assert code == (-signal.SIGKILL if at else 0)
        return Counter() if at else seen  # type: ignore[return-value]
    module = [sys.executable, "-m", "tests.indexer.phases"]
    told = {**os.environ, **environment}
    subprocess.run([*module, command, str(data), *map(str, files)], cwd=ROOT, env=told, check=True)  # noqa: S603
    return Counter()


class _Killer:
    """Counts what happens in each phase; at the chosen point the process is gone."""

    def __init__(self, command: str, phase: str, at: int) -> None:
        self.marks = {(mark.function, mark.event): mark for mark in PHASES[command]}
        self.order = names(command)
        self.phase, self.at = phase, at
        self.now = ""
        self.seen: Counter[str] = Counter()

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        if event not in {"call", "return"}:
            return
        file = frame.f_code.co_filename
        mark = self.marks.get((frame.f_code.co_name, event))
        if mark and file.endswith(mark.file) and self._is_next(mark):
            self.now = mark.phase
        if self.now and any(part in file for part in _OURS):
            self.seen[self.now] += 1
            if self.now == self.phase and self.seen[self.now] == self.at:
                os.kill(os.getpid(), signal.SIGKILL)

    def _is_next(self, mark: Mark) -> bool:
        if mark.behind:
            return mark.behind == self.now
        return not self.now or self.order.index(mark.phase) > self.order.index(self.now)


def _run(command: str, data: Path, files: Sequence[Path], phase: str, at: int) -> Counter[str]:
    from indexer.load import load
    from indexer.publish import publish
    from xincha.engine.open import open_engine
    from xincha.settings import Settings

    settings = Settings(data=data, workers=1, index_threads=1, index_memory_mb=32)
    killer = _Killer(command, phase, at)
    with closing(open_engine(settings)) as engine:
        sys.setprofile(killer)
        if command == "load":
            load(files, settings)
        elif command == "publish":
            publish(settings, engine)
        else:
            engine.rollback()
        sys.setprofile(None)
    return killer.seen


if __name__ == "__main__":
    _run(sys.argv[1], Path(sys.argv[2]), [Path(file) for file in sys.argv[3:]], "", 0)
