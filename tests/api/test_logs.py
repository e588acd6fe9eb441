"""The log is bounded, says what it left out, and holds nobody up."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TextIO

from api.logs import MOST_KINDS, MOST_WAITING, REQUESTS_A_MINUTE, TROUBLES_A_MINUTE, Limit, apart


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def record(text: str, level: int = logging.WARNING, *values: object) -> logging.LogRecord:
    return logging.LogRecord("xincha.test", level, "", 0, text, values, None)


def passed(limit: Limit, number: int, text: str, level: int = logging.WARNING) -> int:
    return sum(limit.filter(record(text, level, each)) for each in range(number))


def test_of_each_kind_so_many_lines_a_minute_are_written() -> None:
    clock = Clock()
    limit = Limit(clock)
    assert passed(limit, 10_000, "refused %d") == TROUBLES_A_MINUTE
    assert passed(limit, 10_000, "another trouble %d") == TROUBLES_A_MINUTE
    assert passed(limit, 10_000, "request %d", logging.INFO) == REQUESTS_A_MINUTE
    clock.now += 60
    assert passed(limit, 10_000, "refused %d") == TROUBLES_A_MINUTE


def test_the_next_line_says_how_many_were_left_out() -> None:
    clock = Clock()
    limit = Limit(clock)
    passed(limit, TROUBLES_A_MINUTE + 1234, "refused %d")
    clock.now += 60
    first, second = record("refused %d", logging.WARNING, 7), record("refused %d", logging.WARNING, 8)
    assert limit.filter(first)
    assert limit.filter(second)
    assert first.getMessage() == "refused 7 (1,234 lines like this were left out)"
    assert second.getMessage() == "refused 8"


def test_texts_without_end_take_no_memory_without_end() -> None:
    limit = Limit(Clock())
    for number in range(3 * MOST_KINDS):
        limit.filter(record(f"{number}\n{'x' * 1000}"))
    assert len(limit._kinds) <= MOST_KINDS


@contextmanager
def logger(stream: TextIO) -> Iterator[logging.Logger]:
    """A logger that writes to this stream alone."""
    own = logging.getLogger("xincha.test")
    own.propagate, own.handlers = False, [logging.StreamHandler(stream)]
    yield own
    own.propagate, own.handlers = True, []


def test_nobody_waits_for_the_reader_of_the_log() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as lines, ThreadPoolExecutor(1) as reader:
        with os.fdopen(writing, "w") as stream, logger(stream) as log, apart(log.name):
            for number in range(MOST_WAITING + 1000):  # more than a pipe holds, and than wait
                log.warning("%d %s" % (number, "x" * 100))  # noqa: UP031 - of a kind each
            read = reader.submit(lines.readlines)
        assert MOST_WAITING <= len(read.result()) < MOST_WAITING + 1000


def test_what_was_logged_is_written_at_the_end() -> None:
    stream = io.StringIO()
    with logger(stream) as log, apart(log.name):
        log.warning("the last line")
    assert stream.getvalue() == "the last line\n"
