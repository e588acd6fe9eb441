"""Token buckets: a caller has `quota` units, which come back evenly within `WINDOW` seconds.

What a bucket holds is kept as the moment at which it will be full again (the generic cell rate algorithm's
"theoretical arrival time"), so a bucket that is full is nothing at all, and forgetting it changes nothing. Buckets that
are not full are never forgotten: an attacker with many addresses cannot make his debts, or anybody's, disappear. Where
there are `MOST` of them already, further callers share buckets, drawn by a hash that nobody outside can know.

Libraries were looked at: `limits` (5.8) has windows but no bucket with costs, and its memory grows with the number of
callers; `pyrate-limiter` (4.5) keeps an item for each unit. Neither takes a clock.
"""

from __future__ import annotations

import math
import threading
from array import array
from collections import OrderedDict
from dataclasses import dataclass

from xincha.budget import Clock

WINDOW = 60.0
"""Seconds in which an empty bucket is full again."""

MOST = 50_000
"""Callers who have a bucket of their own: some 10 MB."""

_SHARED = 4096
_DEEPEST = 10 * WINDOW
"""Seconds after which any debt is forgiven: what is charged afterwards may be more than a bucket holds."""

_SWEPT = 4
"""Buckets that each call looks at, to forget those that are full: no call has to look at all of them."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a bucket holds: whole units, and seconds until it is full."""

    units: int
    seconds: int


class Buckets:
    """The buckets of all callers under one policy. Safe to share between threads."""

    def __init__(self, quota: int, clock: Clock, *, most: int = MOST) -> None:
        self.quota = quota
        self._clock = clock
        self._most = most
        self._unit = WINDOW / quota
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._shared = array("d", bytes(8 * _SHARED))
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many buckets are not full, or were not when they were last looked at."""
        return len(self._full_at)

    def take(self, caller: str, units: float) -> float:
        """Take units where they are there, and return 0; else the seconds until they will be.

        What costs more than a bucket holds is given to a full one.
        """
        with self._lock:
            now, cost = self._clock(), units * self._unit
            debt = self._debt(caller, now)
            wait = min(debt + cost - WINDOW, debt)
            if wait > 0:
                return wait
            self._keep(caller, now, debt + cost)
            return 0.0

    def charge(self, caller: str, units: float) -> None:
        """Take units, also where they are not there."""
        with self._lock:
            now = self._clock()
            self._keep(caller, now, self._debt(caller, now) + units * self._unit)

    def debt(self, caller: str) -> float:
        """Seconds until a caller's bucket is full."""
        with self._lock:
            return self._debt(caller, self._clock())

    def level(self, caller: str) -> Left:
        """What a caller has left."""
        with self._lock:
            debt = self._debt(caller, self._clock())
        return Left(max(math.floor((WINDOW - debt) / self._unit + 1e-9), 0), math.ceil(debt))

    def _debt(self, caller: str, now: float) -> float:
        """Seconds until the bucket of a caller is full."""
        full_at = self._full_at.get(caller)
        if full_at is None:
            full_at = self._shared[hash(caller) % _SHARED]
        return max(full_at - now, 0.0)

    def _keep(self, caller: str, now: float, debt: float) -> None:
        if debt <= 0:
            return
        full_at = now + min(debt, _DEEPEST)
        self._sweep(now)
        if caller in self._full_at or len(self._full_at) < self._most:
            self._full_at[caller] = full_at
        else:
            self._shared[hash(caller) % _SHARED] = full_at

    def _sweep(self, now: float) -> None:
        for _ in range(min(_SWEPT, len(self._full_at))):
            caller, full_at = self._full_at.popitem(last=False)
            if full_at > now:
                self._full_at[caller] = full_at  # its turn comes again behind all others
