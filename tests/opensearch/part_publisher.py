"""A process that writes a part of a publish, run by `test_parts`.

    python -m tests.opensearch.part_publisher PART [wait]

Settings are those of the environment. Prints `writing` when documents of some slices are made; with `wait` goes on only
when a line comes. Slices and bodies are small, so that few documents are many of both.
"""

from __future__ import annotations

import sys
from contextlib import closing

from indexer import prepare
from indexer.parts import Part, write_part
from indexer.report import Stage
from xincha.engine.open import open_engine
from xincha.engine.opensearch import bulk
from xincha.settings import Settings

SLICE = 50


def smaller() -> None:
    """Slices and bodies as these processes have them."""
    prepare.SLICE_ROWS = SLICE
    bulk.BODY_DOCUMENTS = SLICE


def main() -> None:
    part, waits = Part.read(sys.argv[1]), sys.argv[2:] == ["wait"]
    told: list[int] = []

    def tell(stage: Stage, done: int, total: int | None = None) -> None:
        if done and not told:
            told.append(done)
            print("writing", flush=True)  # noqa: T201
            if waits:
                sys.stdin.readline()

    smaller()
    settings = Settings.read()
    with closing(open_engine(settings)) as engine:
        report = write_part(settings, engine, part, progress=tell)
    print(report.state, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
