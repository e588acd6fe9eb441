"""One request as far as fairness goes: who asks, by which key, and what he may still take.

`asking(request)` in an endpoint gives it:

    .key             the key that was shown and is valid, or None
    .spend(units)    what the contents of the request cost; raises `TooManyRequests`
    .hold(room, n)   places or bytes that all share, until the request is over; raises `Busy`
    .budget          its time (`xincha.budget`)
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from api.limits.buckets import WINDOW, Buckets
from api.limits.callers import Callers
from api.limits.patience import Patience
from api.limits.seldom import DAY, MOST_WATCHES, MOST_WRONG, WRONG_WITHIN, Seldom
from api.limits.shares import Room, Turns
from xincha.budget import Budget, Clock
from xincha.errors import KeysUnreadable, TooManyRequests, UnknownKey
from xincha.keys import Keys

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Scope

    from xincha.keys import Key
    from xincha.settings import Settings

log = logging.getLogger("xincha.api")

SCOPE = "xincha.asking"
_BEARER = "bearer "
_SOMEBODY = "somebody"

PACE = 60
"""Units a minute that a person asks; who asks more has his turn behind those who do not."""

BODIES = 64 << 20
"""Bytes of bodies that are in memory at once, of which one caller has a quarter."""

UPLOADS = 16
"""Largest uploads that arrive at once, of which one caller has a quarter."""


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota, by the name that headers give it."""

    name: str
    buckets: Buckets

    @property
    def told(self) -> str:
        """For the header `RateLimit-Policy`."""
        return f'"{self.name}";q={self.buckets.quota};w={WINDOW:.0f}'


class CallerLimits:
    """The limits of one application, and what its callers have left of them."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.keys = Keys(settings.data)
        self.pace = Buckets(PACE, clock)
        self.turns = Turns(settings.limit_at_once, settings.places, debt=self.pace.debt)
        self.exports = Room(settings.exports, max(1, settings.exports - 1))
        self.bodies = Room(BODIES, BODIES // 4)
        upload = settings.max_upload_mb << 20
        self.uploads = Room(UPLOADS * upload, UPLOADS * upload // 4)
        self._patience = Patience(clock)
        self._callers = Callers(settings.trusted_networks)
        self._wrong = Seldom(clock, MOST_WRONG, WRONG_WITHIN)
        self._watches = Seldom(clock, MOST_WATCHES, DAY)
        self._clock = clock
        self._seconds = settings.request_seconds or None
        quotas = {"address": settings.limit_address, "key": settings.limit_key}
        self._policies = {name: Quota(name, Buckets(quota, clock)) for name, quota in quotas.items() if quota}

    def asking(self, scope: Scope) -> Asking:
        """Who asks; raises `UnknownKey` where he shows a key that is none, `TooManyRequests` where he does it often."""
        address, key = self._callers.of(scope), None
        if text := _key_of(scope):
            try:
                key = self.keys.check(text)
            except UnknownKey:
                if wait := self._wrong.again(address or _SOMEBODY):
                    told = "too many keys were wrong; ask without one, or wait"
                    raise TooManyRequests(told, wait=wait) from None
                raise
            except KeysUnreadable as error:
                log.error("%s", error)
                raise KeysUnreadable("keys cannot be checked now; ask without one, or later") from None
        caller = f"key {key.sha256}" if key else address
        policy = self._policies.get("key" if key else "address") if caller else None
        return Asking(self, caller, key, policy, Budget(self._seconds, self._clock))

    def keep_watch(self, caller: str | None) -> None:
        """A caller has a watch list kept; raises `TooManyRequests` where he had many."""
        if caller and (wait := self._watches.again(caller)):
            raise TooManyRequests(f"{MOST_WATCHES} lists were kept for you within a day; wait, or follow them as one",
                                  wait=wait)  # fmt: skip

    def patience(self, scope: Scope) -> float:
        """Seconds until a refusal is told: some, where its caller has heard many."""
        address = self._callers.of(scope)
        return 0.0 if address is None else self._patience.of(address)


@dataclass(slots=True)
class Asking:
    """One request. `caller`: None where nobody can be told from others: he is not limited. `dear`: it asks much."""

    limits: CallerLimits
    caller: str | None
    key: Key | None
    policy: Quota | None
    budget: Budget
    dear: bool = False
    _held: list[tuple[Room, int]] = field(default_factory=list)

    def spend(self, units: float) -> None:
        """Pay for what the request asks."""
        if self.policy and self.caller and (wait := self.policy.buckets.take(self.caller, units)):
            told = f"this is more than {self.policy.buckets.quota:,} units a minute, see docs/limits.md"
            raise TooManyRequests(f"{told}; ask again in {math.ceil(wait)} s, or more slowly", wait=wait)
        if self.caller:
            self.limits.pace.charge(self.caller, units)

    def charge(self, units: float) -> None:
        """Pay for what was done already, also later than the request."""
        if self.policy and self.caller:
            self.policy.buckets.charge(self.caller, units)

    def hold(self, room: Room, amount: int) -> None:
        """Take so much of what all share until the request is over."""
        room.take(self.caller, amount)
        self._held.append((room, amount))

    def release(self) -> None:
        """The request is over."""
        for room, amount in self._held:
            room.give_back(self.caller, amount)
        self._held.clear()

    def headers(self, wait: int | None = None) -> dict[str, str]:
        """What the caller is told of his quota: draft-ietf-httpapi-ratelimit-headers-11. `wait`: where it is spent."""
        if not (self.policy and self.caller):
            return {}
        level = self.policy.buckets.level(self.caller)
        seconds = level.seconds if wait is None else wait
        return {
            "RateLimit-Policy": self.policy.told,
            "RateLimit": f'"{self.policy.name}";r={level.units};t={seconds}',
        }


def asking(request: Request) -> Asking:
    """What the middleware knows of a request."""
    return cast("Asking", request.scope[SCOPE])


def _key_of(scope: Scope) -> str:
    """The key of `Authorization: Bearer`; empty where there is none. Other schemes are a proxy's business."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            text: str = value.decode("latin-1")
            if text[: len(_BEARER)].lower() == _BEARER:
                return text[len(_BEARER) :].strip()
    return ""
