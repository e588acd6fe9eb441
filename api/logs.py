"""The log of a server that anybody may ask: bounded in lines, and nothing waits until it is written.

`limited` lets pass so many lines a minute of each kind (logger, level, and the text before its values are put in) and
then, with the next line of that kind, says how many it left out. `apart` hands lines to a thread that writes them: a
terminal that is stopped, or a journal that is slow, holds no request.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from logging.handlers import QueueHandler

REQUESTS_A_MINUTE = 6000
"""Lines below a warning. A busy service answers forty requests a second."""

TROUBLES_A_MINUTE = 20
"""Warnings and failures: the first say what is wrong, and a client can cause thousands."""

MOST_KINDS = 1000
MOST_WAITING = 10_000
LAST_SECONDS = 5


class Limit(logging.Filter):
    """Leaves out lines beyond so many of a kind in a minute. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._lock = threading.Lock()
        self._kinds: dict[tuple[str, int, str], tuple[float, float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this line is written; if lines like it were not, it says how many."""
        a_minute = TROUBLES_A_MINUTE if record.levelno >= logging.WARNING else REQUESTS_A_MINUTE
        text = str(record.msg)
        kind = (record.name, record.levelno, text.partition("\n")[0][:100])
        now = self._clock()
        with self._lock:
            if len(self._kinds) >= MOST_KINDS and kind not in self._kinds:
                self._kinds.clear()
            left, since, omitted = self._kinds.get(kind, (float(a_minute), now, 0))
            left = min(a_minute, left + (now - since) * a_minute / 60)
            passes = left >= 1
            self._kinds[kind] = (left - 1, now, 0) if passes else (left, now, omitted + 1)
        if passes and omitted:
            record.msg = f"{text} ({omitted:,} lines like this were left out)"
        return passes


class _Queue(QueueHandler):
    """Lines beyond those that the queue takes are lost: better they than requests."""

    def enqueue(self, record: logging.LogRecord) -> None:
        """Put a line in, if there is room."""
        with suppress(queue.Full):
            self.queue.put_nowait(record)


def _write(lines: queue.Queue[logging.LogRecord | None], handlers: list[logging.Handler]) -> None:
    while (record := lines.get()) is not None:
        for handler in handlers:
            if record.levelno >= handler.level:
                handler.handle(record)


@contextmanager
def apart(name: str | None = None) -> Iterator[None]:
    """Within, lines of a logger (without a name: of all) are limited, and a thread writes them.

    At the end all are written, unless nobody reads them for `LAST_SECONDS`.
    """
    root = logging.getLogger(name)
    before = root.handlers[:]
    writers = before or [each for each in [logging.lastResort] if each]
    lines: queue.Queue[logging.LogRecord | None] = queue.Queue(MOST_WAITING)
    handler = _Queue(lines)
    handler.addFilter(Limit())
    writer = threading.Thread(target=_write, args=(lines, writers), name="log", daemon=True)
    writer.start()
    root.handlers[:] = [handler]
    try:
        yield
    finally:
        root.handlers[:] = before
        with suppress(queue.Full):
            lines.put(None, timeout=LAST_SECONDS)
        writer.join(LAST_SECONDS)
