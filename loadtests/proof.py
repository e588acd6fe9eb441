"""What proofs cost, and how long `xincha verify` takes: `python -m loadtests.proof`.

Prints processor time (workers included) and seconds of load and publish with proofs against the same without them, in
turn, each in a process of its own, and then how long it takes to verify the last one, all of it read.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from loadtests import registry

STEPS = ("load", "publish")


def main() -> None:
    """Rounds of both sides; `--child` is one side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="entities; 0: the registry as it is")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        side, data, *files = options.child
        print(json.dumps(_side(side, Path(data), [Path(file) for file in files])))
        return
    with tempfile.TemporaryDirectory(prefix="xincha-proof-") as folder:
        files = registry.files()
        if options.rows:
            files = [registry.write_scaled(Path(folder) / "scaled.csv", options.rows)]
        _measure(Path(folder), files, options.rounds)


def _measure(folder: Path, files: list[Path], rounds: int) -> None:
    sides: dict[str, list[Mapping[str, Any]]] = {"without": [], "with": []}
    for number in range(rounds):
        for side, told in sides.items():
            told.append(_child(side, folder / f"{side}-{number}", files))
    for step in (*STEPS, "both"):
        without, proven = ([_seconds(each, step) for each in sides[side]] for side in ("without", "with"))
        ratios = [own[0] / other[0] for own, other in zip(proven, without, strict=True)]
        print(
            f"{step:>8}  processor {proven[-1][0]:.1f} s with, {without[-1][0]:.1f} s without, "
            f"ratio {statistics.median(ratios):.3f}; seconds {proven[-1][1]:.1f} and {without[-1][1]:.1f}"
        )
    verified = _child("verify", folder / f"with-{rounds - 1}", [])
    print(f"  verify  processor {verified['verify'][0]:.1f} s, {verified['verify'][1]:.1f} s; {verified['checked']}")


def _seconds(told: Mapping[str, Any], step: str) -> tuple[float, float]:
    """Processor time and time of a step."""
    if step != "both":
        processor, seconds = told[step]
        return processor, seconds
    return tuple(sum(told[each][at] for each in STEPS) for at in (0, 1))


def _child(side: str, data: Path, files: list[Path]) -> Mapping[str, Any]:
    command = [sys.executable, "-m", "loadtests.proof", "--child", side, str(data), *map(str, files)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - our own module
    told: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _side(side: str, data: Path, files: list[Path]) -> dict[str, Any]:
    from indexer.load import load
    from indexer.publish import publish
    from indexer.verify.report import VerifyReport
    from indexer.verify.whole import verify
    from xincha.engine.open import open_engine
    from xincha.settings import Settings

    settings = Settings(data=data)
    if side == "without":
        _leave_out_proofs()
    with closing(open_engine(settings)) as engine:
        if side == "verify":
            reports: list[VerifyReport] = []
            timed = _timed(lambda: reports.append(verify(settings, engine, None)))
            return {"verify": timed, "checked": reports[0].checked}
        return {
            "load": _timed(lambda: load(files, settings)),
            "publish": _timed(lambda: publish(settings, engine)),
        }


def _leave_out_proofs() -> None:
    """What proofs need is not done: for this process, and for workers that it starts afterwards."""
    from indexer import lake, publish
    from indexer.proven import Proof

    for of, name, other in (
        (lake.Writing, "_proof", lambda _: Proof(None, "", [])),
        (publish, "Proving", _Plain),
        (publish, "written", lambda *_: {}),
        (publish, "tidy", lambda *_: None),
    ):
        setattr(of, name, other)


class _Plain:
    """In the place of `indexer.proven_documents.Proving`."""

    def __init__(self, make: Callable[[Any], Any], folder: Path) -> None:
        self.make, self.folder = make, folder

    def __call__(self, part: Any) -> Any:
        return self.make(part)

    def leaves(self, _: Any) -> None:
        """None are made."""


def _timed(do: Callable[[], object]) -> tuple[float, float]:
    """Processor time of this process and of those that it ended, and seconds."""
    before, begun = _processor(), time.perf_counter()
    do()
    return _processor() - before, time.perf_counter() - begun


def _processor() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
