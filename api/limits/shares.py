"""What all callers share, and how much of it one may have.

`Room` is a number of places or bytes, taken and given back; no caller gets all of it. `Turns` lets some requests
be worked on at a time, and fewer of one caller; who has asked least is next. Both are used on the event loop only;
a turn's `Courtesy` is for the thread that works.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import anyio

from xincha.errors import Busy, TooManyRequests

MOST_WAITING = 100
"""Requests of one caller that wait for their turn."""

EAGER = 5.0
"""Seconds that a caller is ahead of a person's pace who has asked much."""

DEAR_SHARE = 4
"""Of what is dear a part of its time in so many is worked on while others ask; it waits or rests in between."""

SHORTEST_PAUSE, LONGEST_PAUSE = 0.002, 0.05
"""Seconds that a step waits for others."""

LONGEST_REST = 0.5
"""Seconds that a place rests after something dear."""

_OTHERS_SECONDS = 2.0
"""Others ask if somebody did so long ago: a person does not ask without a pause."""


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


class Courtesy:
    """What is dear lets others go first between its steps (`xincha.budget`), for as long as `DEAR_SHARE` says.

    Python computes one thing at a time, so a place of their own alone does not make others quick. `quiet` is set while
    nobody else is worked on; then it goes on, unless more wait than can be worked on (`is_crowded`).
    """

    def __init__(self, quiet: threading.Event, is_crowded: Callable[[], bool]) -> None:
        self._quiet = quiet
        self._is_crowded = is_crowded
        self._began = time.monotonic()
        self.paused = 0.0
        """Seconds that were waited."""

    def __call__(self) -> None:
        """Between two steps, on a thread."""
        crowded = self._is_crowded()
        if not crowded and self._quiet.is_set():
            return
        now = time.monotonic()
        due = (DEAR_SHARE - 1) * self.worked(now) - self.paused
        if due < SHORTEST_PAUSE:
            return
        pause = min(due, LONGEST_PAUSE)
        if crowded:
            time.sleep(pause)
        else:
            self._quiet.wait(pause)
        self.paused += time.monotonic() - now

    def worked(self, now: float) -> float:
        """Seconds that were not waited."""
        return now - self._began - self.paused


@dataclass(eq=False, slots=True)
class Turn:
    """A request's turn. `dear`: it asks much, or its caller has; then it is worked on with `courtesy`."""

    caller: str | None
    dear: bool = False
    courtesy: Courtesy | None = None
    came: anyio.Event = field(default_factory=anyio.Event)


class Turns:
    """Who is worked on: `total` requests at a time, `each` of one caller; 0: as many as come.

    What is dear has a quarter of the places: a request that asks much, or one of a caller who has asked much (`debt`:
    the seconds that he is ahead of a person's pace). While others ask it has a quarter of the time too: it lets them
    go first at each step, and its place rests before the next one begins. Whoever has asked least is next. So those
    who ask without a pause, however many, keep nobody out, and nobody waiting.
    """

    def __init__(
        self,
        each: int,
        total: int = 0,
        *,
        debt: Callable[[str], float] = lambda _: 0.0,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._each = each
        self._total = total
        self._for_dear = max(1, total // 4)
        self._debt = debt
        self._most_waiting = most_waiting
        self._running: Counter[str | None] = Counter()
        self._dear = 0
        self._others = 0
        self._others_asked = -_OTHERS_SECONDS
        self._quiet = threading.Event()
        self._quiet.set()
        self._waiting: dict[str | None, deque[Turn]] = {}

    def running(self, caller: str) -> int:
        """How many of his requests are worked on."""
        return self._running[caller]

    def take_now(self, caller: str | None, *, dear: bool = False) -> Turn | None:
        """A turn if there is one; `give_back` must follow."""
        turn = Turn(caller, dear)
        return turn if self._begun(turn) else None

    async def wait(self, caller: str | None, *, dear: bool = False) -> Turn:
        """Where there was none: wait for one; `give_back` must follow. Raises `TooManyRequests`."""
        turn, line = Turn(caller, dear), self._waiting.setdefault(caller, deque())
        if len(line) >= self._most_waiting:
            told = f"{self._running[caller] + len(line)} of your requests are under way; wait until some are answered"
            raise TooManyRequests(told, wait=1)
        line.append(turn)
        try:
            await turn.came.wait()
        except BaseException:
            if turn.came.is_set():
                self.give_back(turn)
            else:
                self._leave(turn)
            raise
        return turn

    def give_back(self, turn: Turn) -> None:
        """A turn is over: others have it."""
        self._running[turn.caller] -= 1
        if not self._running[turn.caller]:
            del self._running[turn.caller]
        if turn.courtesy:
            self._rest(turn.courtesy)
        else:
            self._others -= 1
            if not self._others:
                self._quiet.set()
        self._begin_waiting()

    def _rest(self, courtesy: Courtesy) -> None:
        """Something dear is over. Its place is free after a rest, if others ask."""
        now = time.monotonic()
        if not self._others_ask(now):
            self._dear -= 1
            return
        rest = min((DEAR_SHARE - 1) * courtesy.worked(now), LONGEST_REST)
        asyncio.get_running_loop().call_later(rest, self._rested)

    def _others_ask(self, now: float) -> bool:
        return now < self._others_asked + _OTHERS_SECONDS

    def _is_crowded(self) -> bool:
        """Whether some wait, while others ask. Any thread may ask."""
        return bool(self._waiting) and self._others_ask(time.monotonic())

    def _rested(self) -> None:
        self._dear -= 1
        self._begin_waiting()

    def _begin_waiting(self) -> None:
        """Give what is free to those who wait."""
        for caller in sorted(self._waiting, key=self._asked):
            turn = self._waiting[caller][0]
            if self._begun(turn):
                self._leave(turn)
                turn.came.set()
            if self._total and self._running.total() >= self._total:
                return

    def _begun(self, turn: Turn) -> bool:
        """Whether there was a place, which is taken now."""
        if self._each and turn.caller is not None and self._running[turn.caller] >= self._each:
            return False
        if self._total and self._running.total() >= self._total:
            return False
        dear = bool(self._total) and (turn.dear or self._asked(turn.caller) > EAGER)
        if dear and self._dear >= self._for_dear:
            return False
        turn.dear = dear
        self._running[turn.caller] += 1
        if dear:
            self._dear += 1
            turn.courtesy = Courtesy(self._quiet, self._is_crowded)
        else:
            self._others += 1
            self._others_asked = time.monotonic()
            self._quiet.clear()
        return True

    def _asked(self, caller: str | None) -> float:
        return self._debt(caller) if caller is not None else 0.0

    def _leave(self, turn: Turn) -> None:
        line = self._waiting[turn.caller]
        line.remove(turn)
        if not line:
            del self._waiting[turn.caller]
