"""Keys that are none: after five within five minutes an address is told to wait instead of told that it is wrong.

A key that is right is taken all the while: its chance cannot be guessed, and who shares the address of somebody with
an old key must not suffer. Addresses are bounded in number: beyond, some share a count.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque

from xincha.budget import Clock

MOST_WRONG = 5
WITHIN = 300.0
"""Seconds."""

_MOST = 10_000
_SHARED = 1024


class WrongKeys:
    """Counts the failures of each address. Safe to share between threads."""

    def __init__(self, clock: Clock, *, most: int = _MOST) -> None:
        self._clock = clock
        self._most = most
        self._failed: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def failed(self, address: str) -> float:
        """A wrong key was shown: 0, or the seconds that the address has to wait; then this one does not count."""
        with self._lock:
            now = self._clock()
            self._sweep(now)
            name = address if address in self._failed or len(self._failed) < self._most else self._shared(address)
            times = self._failed.setdefault(name, deque(maxlen=MOST_WRONG))
            if len(times) == MOST_WRONG and times[0] + WITHIN > now:
                return times[0] + WITHIN - now
            times.append(now)
            return 0.0

    def _shared(self, address: str) -> str:
        return f"shared {hash(address) % _SHARED}"

    def _sweep(self, now: float) -> None:
        """Forget the two oldest where their failures are over."""
        for _ in range(min(2, len(self._failed))):
            name, times = self._failed.popitem(last=False)
            if times[-1] + WITHIN > now:
                self._failed[name] = times
