"""What work may still be done for a request: its time, and whether anybody waits for the answer.

A thread cannot be stopped from outside. Work that may take long therefore asks between two steps, each of which is
short: `check()` raises where it has to end. Engines ask before each search, and so does every loop over what a caller
sent. Where nobody has set a budget (the command line) nothing is limited.

    with running(Budget(20)): …    around the work; threads that it starts by copying its context have the budget too
    check()                        raises `OutOfTime`, or `Abandoned` where nobody waits any more
    left()                         seconds that the next step may take
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from xincha.errors import OutOfTime

Clock = Callable[[], float]
"""Seconds from any beginning, never backwards."""


class Abandoned(BaseException):
    """Nobody waits for this work any more. No `Exception`, as that of a task that is cancelled: nothing answers it."""


class Budget:
    """The time of one request. `seconds`: None for no end. One task begins it; any thread may check it."""

    def __init__(self, seconds: float | None = None, clock: Clock = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._end: float | None = None
        self._abandoned = False
        self.between_steps: Callable[[], None] | None = None
        """Is called where the work is checked and may go on; it may wait a little."""
        self.begin()

    def begin(self) -> None:
        """The time begins now: what was waited for until here is not counted."""
        self._end = None if self._seconds is None else self._clock() + self._seconds

    def lift(self) -> None:
        """Only whether somebody waits counts from now on: an answer that is sent while it is made takes its time."""
        self._end = None

    def abandon(self) -> None:
        """Nobody waits for it any more."""
        self._abandoned = True

    def left(self) -> float | None:
        """Seconds that are left, at least 0; None: no end."""
        return None if self._end is None else max(self._end - self._clock(), 0.0)

    def check(self) -> None:
        """Raise where the work has to end."""
        if self._abandoned:
            raise Abandoned
        if self.left() == 0.0:
            raise self.spent()
        if self.between_steps:
            self.between_steps()

    def spent(self) -> OutOfTime:
        """The error of work that takes too long."""
        told = f"this took longer than the {self._seconds:g} s that a request may take here, and was given up"
        return OutOfTime(f"{told}; ask for less at once, or try again in a moment")


_current: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def running(budget: Budget) -> Iterator[None]:
    """What is done inside has this budget."""
    token = _current.set(budget)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Budget | None:
    """The budget of what runs here."""
    return _current.get()


def check() -> None:
    """Raise where the work has to end."""
    if budget := _current.get():
        budget.check()


def left() -> float | None:
    """Seconds that the next step may take; None: as many as it wants."""
    budget = _current.get()
    return budget.left() if budget else None
