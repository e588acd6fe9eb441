"""Load and publish, against writing the same finished documents straight into tantivy: `python -m loadtests.ingest`.

Prints, for the registry and for `--rows` entities, rows per second of both, their ratio round by round (taken in turn,
each in a process of its own), the seconds of each stage, and the peak resident memory of the loading processes.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from loadtests import registry

_EACH = 0.25
"""Seconds between two looks at the memory: to look takes some of what is measured."""


def main() -> None:
    """Both sizes, one table each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="size of the second measurement; 0 leaves it out")
    parser.add_argument("--rounds", type=int, default=3, help="rounds at the registry's size")
    options = parser.parse_args()
    registry.files()
    with tempfile.TemporaryDirectory(prefix="xincha-ingest-") as folder:
        _measure(Path(folder), registry.files(), rounds=options.rounds)
        if options.rows:
            path = registry.write_scaled(Path(folder) / "scaled.csv", options.rows)
            _measure(Path(folder), [path], rounds=1)


def _measure(folder: Path, files: list[Path], *, rounds: int) -> None:
    ratios = []
    for number in range(rounds):
        data = folder / f"data-{len(files)}-{number}"
        loaded = child("load", str(data), *map(str, files))
        direct = child("direct", str(data), str(folder / f"direct-{len(files)}-{number}"))
        ratios.append(loaded.rows_per_second / direct.rows_per_second)
        print(
            f"{loaded.rows:>9,} rows  load + publish {loaded.rows_per_second:>8,.0f}/s  "
            f"straight into tantivy {direct.rows_per_second:>8,.0f}/s  ratio {ratios[-1]:.2f}  "
            f"peak memory of loading {loaded.peak_bytes / 2**30:.2f} GiB",
            flush=True,
        )
        print("           " + "  ".join(f"{stage} {seconds:.1f} s" for stage, seconds in loaded.stages.items()))
    print(f"           median ratio {statistics.median(ratios):.2f}\n", flush=True)


@dataclass(frozen=True)
class Side:
    """What one side printed. `peak_bytes`: most resident memory of the process and its children together, sampled."""

    rows: int
    seconds: float
    stages: Mapping[str, float]
    peak_bytes: int

    @property
    def rows_per_second(self) -> float:
        """Of all stages."""
        return self.rows / self.seconds


def child(what: str, *arguments: str) -> Side:
    """One side, in a process of its own."""
    command = [sys.executable, "-m", "loadtests.ingest_child", what, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        family, peak = psutil.Process(process.pid), 0
        while process.poll() is None:
            peak = max(peak, _resident(family))
            time.sleep(_EACH)
        printed = process.stdout.read() if process.stdout else ""
    if process.returncode:
        sys.exit(f"measuring {what} failed")
    report = json.loads(printed)
    return Side(report["rows"], report["seconds"], report["stages"], peak)


def _resident(family: psutil.Process) -> int:
    total = 0
    try:
        for process in (family, *family.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.Error:
        pass  # one of them has just ended; the next sample sees the rest
    return total


if __name__ == "__main__":
    main()
