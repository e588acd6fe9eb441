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
from contextlib import contextmanager
from logging.handlers import QueueHandler, QueueListener

REQUESTS_A_MINUTE = 6000
"""Lines below a warning. A busy service answers forty requests a second."""

TROUBLES_A_MINUTE = 20
"""Warnings and failures: the first say what is wrong, and a client can cause thousands."""

MOST_KINDS = 1000
MOST_WAITING = 10_000


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
        try:
            self.queue.put_nowait(record)
        except queue.Full:
            return


@contextmanager
def apart() -> Iterator[None]:
    """Within, lines of this process are limited, and written by a thread of their own; at its end all are written."""
    root = logging.getLogger()
    before = root.handlers[:]
    lines: queue.Queue[logging.LogRecord] = queue.Queue(MOST_WAITING)
    handler = _Queue(lines)
    handler.addFilter(Limit())
    listener = QueueListener(lines, *before, respect_handler_level=True)
    listener.start()
    root.handlers[:] = [handler]
    try:
        yield
    finally:
        root.handlers[:] = before
        listener.stop()
