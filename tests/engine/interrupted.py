"""A writer that dies: `test_interruption` calls `run` in processes of their own.

It builds and switches both indices to one generation after the other (every document's source is its name), and is
killed at the N-th call of a function, or after N microseconds, in whatever code it then is. N = 0: not killed.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from tests.engine import corpus
from xincha.engine.contract import Document, Engine, IndexName
from xincha.engine.fields import fingerprint

COUNT = 120


def documents(index: IndexName, generation: str) -> list[Document]:
    """All documents of a generation."""
    if index == "entities":
        return [{**corpus.document(number), "source": generation.encode()} for number in range(COUNT)]
    return [{"id": f"P-{number}", "tie": number, "source": generation.encode()} for number in range(COUNT)]


def write(engine: Engine, entities: list[Document], records: list[Document]) -> None:
    """`entities` by a change of all documents, `records` by a build."""
    generation = {"generation": str(entities[0]["source"])}
    changed = engine.apply("entities", entities, [], note=generation)
    built = engine.build("records", records, note=generation)
    engine.switch([changed, built])


class _Calls:
    """Counts calls of functions; at the last one allowed the process is gone."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.seen = 0

    def __call__(self, _frame: FrameType, event: str, _argument: object) -> None:
        if event in {"call", "c_call"}:
            self.seen += 1
            if self.seen == self.last:
                os.kill(os.getpid(), signal.SIGKILL)


def run(open_engine: Callable[[Path], Engine], folder: Path, unit: str, number: int, *generations: str) -> int:
    """Write these generations; how many calls were made. `unit`: of `number`, calls or microseconds."""
    import polars  # noqa: F401 - what is imported late is imported now

    prepared = [(documents("entities", name), documents("records", name)) for name in generations]
    fingerprint("entities")
    engine = open_engine(folder)
    calls = _Calls(number if unit == "calls" else 0)
    if unit == "calls":
        sys.setprofile(calls)
    else:
        signal.setitimer(signal.ITIMER_REAL, number / 1e6)  # its signal, not handled, ends the process at once
    for entities, records in prepared:
        write(engine, entities, records)
    sys.setprofile(None)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return calls.seen
