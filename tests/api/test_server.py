"""The listening socket: what it says where it cannot be had, and that answers are not held back."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from api.server import address, bind
from xincha.errors import SettingsError


@pytest.fixture
def bound() -> Iterator[socket.socket]:
    with closing(bind("127.0.0.1", 0)) as listening:
        yield listening


def test_an_answer_is_sent_as_soon_as_it_is_written(bound: socket.socket) -> None:
    async def serve() -> int:
        accepted: asyncio.Queue[int] = asyncio.Queue()

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection: socket.socket = writer.get_extra_info("socket")
            await accepted.put(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        async with await asyncio.start_server(answer, sock=bound):
            _, writer = await asyncio.open_connection(*bound.getsockname())
            try:
                return await accepted.get()
            finally:
                writer.close()

    with ThreadPoolExecutor(1) as apart:  # a browser of other tests may hold this thread's event loop
        assert apart.submit(asyncio.run, serve()).result() == 1


def test_a_port_that_is_in_use_is_said_with_what_to_do(bound: socket.socket) -> None:
    with pytest.raises(SettingsError, match=r"in use.*--port"):
        bind("127.0.0.1", bound.getsockname()[1])


def test_the_address_can_be_opened_on_this_machine(bound: socket.socket) -> None:
    assert address(bound) == f"http://127.0.0.1:{bound.getsockname()[1]}"
    with closing(bind("0.0.0.0", 0)) as everywhere:  # noqa: S104
        assert address(everywhere).startswith("http://127.0.0.1:")
