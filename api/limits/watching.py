"""Whether the caller of a request is still there: once he has hung up, what is done for him ends.

What is awaited is cancelled at once; a thread ends at its next step (`xincha.budget`). A body is passed on as the
application asks for it, and its turn to be worked on comes when it is whole: who sends slowly holds nothing. Methods
whose bodies mean nothing have none here, so that none can hide a caller who has gone.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import anyio

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

    from api.limits.asking import Asking
    from api.limits.shares import Turn

_WITH_BODY = frozenset(("POST", "PUT", "PATCH"))
MUCH = 4096
"""Bytes of a body that asks much: a list of companies and not one."""


class Watching:
    """One request while it is worked on. `receive` and `send` are what the application is given; `work`: what ends."""

    def __init__(self, asking: Asking, scope: Scope, receive: Receive, send: Send, work: anyio.CancelScope) -> None:
        self._asking = asking
        self._receive = receive
        self._send = send
        self._work = work
        self._listening: asyncio.Task[None] | None = None
        self._is_whole = scope["method"] not in _WITH_BODY
        self._is_told = not self._is_whole
        self._size = 0
        self._turn: Turn | None = None
        self._is_answered = False

    async def begin(self) -> None:
        """Wait for a turn, where nothing is to arrive before."""
        if self._is_whole:
            await self._begin_work()

    def end(self) -> None:
        """The request is over, in whatever way."""
        self._asking.budget.abandon()
        if self._listening:
            self._listening.cancel()
        self._give_turn_back()
        self._asking.release()

    async def receive(self) -> Message:
        """See ASGI. Where the caller has gone it does not return."""
        if not self._is_told:
            self._is_told = True
            return {"type": "http.request", "body": b"", "more_body": False}
        if self._is_whole:
            await anyio.sleep_forever()
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._leave()
            await anyio.sleep_forever()
        self._size += len(message.get("body", b""))
        if not message.get("more_body", False):
            self._is_whole = True
            await self._begin_work()
        return message

    async def send(self, message: Message) -> None:
        """See ASGI. With the first of an answer the turn is over: a file that is read slowly holds none."""
        if message["type"] == "http.response.start":
            self._give_turn_back()
        elif message["type"] == "http.response.body" and not message.get("more_body", False):
            self._is_answered = True  # from here on a caller who goes has got everything
        await self._send(message)

    async def _begin_work(self) -> None:
        self._listening = asyncio.create_task(self._listen())  # a group would wait for it once more
        budget = self._asking.budget
        budget.begin()
        turns, caller = self._asking.limits.turns, self._asking.caller
        dear = self._size > MUCH or self._asking.dear
        self._turn = turns.take_now(caller, dear=dear)
        if not self._turn:
            try:
                with anyio.fail_after(budget.left()):
                    self._turn = await turns.wait(caller, dear=dear)
            except TimeoutError:
                raise budget.spent() from None
        budget.between_steps = self._turn.courtesy

    def _give_turn_back(self) -> None:
        turn, self._turn = self._turn, None
        if turn:
            self._asking.limits.turns.give_back(turn)

    async def _listen(self) -> None:
        """Hear the caller go."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._leave()

    def _leave(self) -> None:
        if not self._is_answered:
            self._asking.budget.abandon()
            self._work.cancel()
