"""Fairness around the application: a request is paid for, waits for its turn, has its time, ends with its caller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio

from api import problems
from api.limits.asking import SCOPE
from api.limits.costs import PAGE, cost_of, is_worked_on
from api.limits.watching import Watching
from xincha.budget import Abandoned, running
from xincha.errors import TooManyRequests, XinchaError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.limits.asking import Asking, CallerLimits


@dataclass(frozen=True, slots=True)
class _Refused:
    """Stands for the route of a request that comes to none."""

    path: str = "(refused)"


class LimitsMiddleware:
    """See above."""

    def __init__(self, app: ASGIApp, limits: CallerLimits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asking, path = None, scope["path"]
        try:
            asking = self.limits.asking(scope)
            asking.spend(cost := cost_of(path))
            asking.dear = cost > PAGE
        except XinchaError as error:
            scope["route"] = _Refused()
            await self._refuse(error, scope, receive, _telling(asking, send))
            return
        scope[SCOPE] = asking
        if is_worked_on(path):
            await self._watched(asking, scope, receive, _telling(asking, send))
        else:
            await self.app(scope, receive, send)

    async def _watched(self, asking: Asking, scope: Scope, receive: Receive, send: Send) -> None:
        with anyio.CancelScope() as work, running(asking.budget):
            watching = Watching(asking, scope, receive, send, work)
            try:
                await watching.begin()
                await self.app(scope, watching.receive, watching.send)
            except Abandoned:
                pass  # nobody waits for an answer
            except XinchaError as error:  # no turn came
                await self._refuse(error, scope, receive, send)
            finally:
                watching.end()

    async def _refuse(self, error: XinchaError, scope: Scope, receive: Receive, send: Send) -> None:
        if isinstance(error, TooManyRequests):
            await anyio.sleep(self.limits.patience(scope))
        await problems.of_error(error)(scope, receive, send)


def _telling(asking: Asking | None, send: Send) -> Send:
    """`send`, which tells the caller of his quota."""
    if asking is None or asking.policy is None:
        return send

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            wait = next((int(value) for name, value in headers if name == b"retry-after"), None)
            spent = asking.headers(wait if message["status"] == 429 else None)
            headers += [(name.lower().encode(), value.encode()) for name, value in spent.items()]
            message = {**message, "headers": headers}
        await send(message)

    return told
