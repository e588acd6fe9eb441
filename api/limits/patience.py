"""Patience with callers who go on with what is refused: the first refusals come at once, further ones a second later.

Who errs in good faith does not come so often; who does not would come again at once. Those who came together are told
apart from each other, or they would come together again.
"""

from __future__ import annotations

import random

from api.limits.buckets import WINDOW, Buckets
from xincha.budget import Clock

QUOTA = 60
"""Refusals of a caller in a minute that are told at once in the long run."""

AT_ONCE = 20
"""Refusals that are told at once however fast they come."""

SECONDS = (1.0, 2.0)
"""Least and most seconds that further ones are kept back."""


class Patience:
    """Counts the refusals of each caller."""

    def __init__(self, clock: Clock) -> None:
        self._refused = Buckets(QUOTA, clock)

    def of(self, caller: str) -> float:
        """Something is refused: seconds until the caller is told."""
        self._refused.charge(caller, 1)
        too_many = self._refused.debt(caller) > AT_ONCE * WINDOW / QUOTA
        return random.uniform(*SECONDS) if too_many else 0.0  # noqa: S311 - no secret
