"""What all callers share, and how much of it one may have.

`Room` is a number of places or bytes, taken and given back; no caller gets all of it. `Turns` lets one caller's
requests be worked on some at a time: further ones wait for his own, not for anybody else's. Both are used on the event
loop only.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import anyio

from xincha.errors import Busy, TooManyRequests

MOST_WAITING = 100
"""Requests of one caller that wait for their turn."""


class Room:
    """`total` places or bytes, of which one caller has at most `each`. Callers without a name are not told apart."""

    def __init__(self, total: int, each: int) -> None:
        self.total = total
        self.each = each
        self.borrowed_tokens = 0
        self._of: Counter[str] = Counter()

    def take(self, caller: str | None, amount: int = 1) -> None:
        """Take so much; raises `Busy` where it is not there, or too much for one caller."""
        if self.borrowed_tokens + amount > self.total:
            raise Busy("as much of this as is done at once is under way; try again in a moment")
        if caller is not None:
            if self._of[caller] + amount > self.each:
                raise Busy("as much of this as one caller may have at once is under way; wait until yours has ended")
            self._of[caller] += amount
        self.borrowed_tokens += amount

    def give_back(self, caller: str | None, amount: int = 1) -> None:
        """What was taken."""
        self.borrowed_tokens -= amount
        if caller is not None:
            self._of[caller] -= amount
            if not self._of[caller]:
                del self._of[caller]

    @contextmanager
    def place(self, caller: str | None) -> Iterator[None]:
        """One place, for a while."""
        self.take(caller)
        try:
            yield
        finally:
            self.give_back(caller)


@dataclass(slots=True)
class _Line:
    running: int = 0
    waiting: deque[anyio.Event] = field(default_factory=deque)


class Turns:
    """At most `each` requests of one caller at a time; 0: as many as come."""

    def __init__(self, each: int, *, most_waiting: int = MOST_WAITING) -> None:
        self._each = each
        self._most_waiting = most_waiting
        self._lines: dict[str | None, _Line] = {}

    def running(self, caller: str) -> int:
        """How many of his requests are worked on."""
        line = self._lines.get(caller)
        return line.running if line else 0

    def take_now(self, caller: str | None) -> bool:
        """Take a turn if there is one; `give_back` must follow."""
        if caller is None or not self._each:
            return True
        line = self._lines.setdefault(caller, _Line())
        if line.running == self._each:
            return False
        line.running += 1
        return True

    async def wait(self, caller: str | None) -> None:
        """Where there was none: wait for one, in the order of asking; `give_back` must follow. Raises
        `TooManyRequests`."""
        line = self._lines[caller]
        if len(line.waiting) >= self._most_waiting:
            told = f"{self._each + len(line.waiting)} of your requests are under way; wait until some are answered"
            raise TooManyRequests(told, wait=1)
        turn = anyio.Event()
        line.waiting.append(turn)
        try:
            await turn.wait()
        except BaseException:
            if turn.is_set():
                self.give_back(caller)
            else:
                line.waiting.remove(turn)
            raise

    def give_back(self, caller: str | None) -> None:
        """A turn is over: the next one of the same caller has it."""
        if caller is None or not self._each:
            return
        line = self._lines[caller]
        if line.waiting:
            line.waiting.popleft().set()
            return
        line.running -= 1
        if not line.running:
            del self._lines[caller]
