"""Kills of loads, publishes and rollbacks in all their phases: `python -m loadtests.kills`.

Each is a process that is killed with SIGKILL at a point drawn by `--seed` within a phase; the phases take turns, so
that as many kills fall behind the moment that makes it happen as in any other. After each, the lake and a search show a
complete state, the one that the phase says, and the next load and publish complete the second. What is not so ends the
run with exit code 1, and says where.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.indexer import phases
from tests.indexer.test_crash import kill, made


def main() -> None:
    """Kill, and print what had happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    for command, count in (("load", 40), ("publish", 40), ("rollback", 20)):
        parser.add_argument(f"--{command}", type=int, default=count, metavar="N", help=f"kills of {command}")
    parser.add_argument("--seed", type=int, default=0)
    options = vars(parser.parse_args())
    chance = random.Random(options["seed"])  # noqa: S311
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="xincha-kills-") as folder:
        site = made(Path(folder))
        for command in phases.PHASES:
            killed: Counter[tuple[str, bool]] = Counter()
            order = phases.names(command)
            for number in range(options[command]):
                phase, name = order[number % len(order)], f"{command}-{number}"
                try:
                    killed[phase, kill(site, command, phase, chance, name)] += 1
                except AssertionError as error:
                    wrong += 1
                    print(f"{command}, kill {number}, {phase}: {str(error).splitlines()[:1]}", flush=True)
                shutil.rmtree(Path(folder) / name, ignore_errors=True)
            for phase in order:
                points = site.points[command, phase]
                before, after = killed[phase, False], killed[phase, True]
                print(f"{command:<9} {phase:<12} {points:>6} points  killed {before + after:>3}  ", end="")
                print(f"had happened {after:>3}, had not {before:>3}", flush=True)
    print(f"{sum(options[command] for command in phases.PHASES)} kills, {wrong} wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
