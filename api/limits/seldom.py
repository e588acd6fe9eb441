"""What a caller may do only so many times within a while: show a key that is none, have a list kept.

Who shows too many keys that are none is told to wait instead of told that they are wrong. A key that is right is taken
all the while: its chance cannot be guessed, and who shares the address of somebody with an old key must not suffer.
Callers are bounded in number: beyond, some share a count.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque

from xincha.budget import Clock

DAY = 86_400.0
"""Seconds."""

MOST_WRONG = 5
WRONG_WITHIN = 300.0
"""Keys that are none, of one address, and within how many seconds."""

MOST_WATCHES = 100
"""Watch lists that one caller may have kept within a day."""

_MOST = 10_000
_SHARED = 1024


class Seldom:
    """Counts what each caller does: `times` within so many seconds. Safe to share between threads."""

    def __init__(self, clock: Clock, times: int, within: float, *, most: int = _MOST) -> None:
        self._clock = clock
        self._times = times
        self._within = within
        self._most = most
        self._done: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def again(self, caller: str) -> float:
        """It is done once more: 0, or the seconds that the caller has to wait; then this one does not count."""
        with self._lock:
            now = self._clock()
            self._sweep(now)
            name = caller if caller in self._done or len(self._done) < self._most else self._shared(caller)
            times = self._done.setdefault(name, deque(maxlen=self._times))
            if len(times) == self._times and times[0] + self._within > now:
                return times[0] + self._within - now
            times.append(now)
            return 0.0

    def _shared(self, caller: str) -> str:
        return f"shared {hash(caller) % _SHARED}"

    def _sweep(self, now: float) -> None:
        """Forget the two oldest where their while is over."""
        for _ in range(min(2, len(self._done))):
            name, times = self._done.popitem(last=False)
            if times[-1] + self._within > now:
                self._done[name] = times
