"""The time of a request reaches the cluster: a node that does not answer is left when the request is over."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest

from xincha import budget
from xincha.budget import Budget, running
from xincha.engine.contract import IndexName, Result
from xincha.engine.opensearch.client import Cluster, Connection
from xincha.engine.query import Request
from xincha.errors import EngineUnavailable, OutOfTime
from xincha.search.match.near import Nearest
from xincha.search.reading import Reading


class Silent:
    """A node that takes requests, does not answer, and sees connections close."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.left = threading.Semaphore(0)
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._read, args=(connection,), daemon=True).start()

    def _read(self, connection: socket.socket) -> None:
        with connection:
            while connection.recv(1 << 16):
                pass
        self.left.release()


@pytest.fixture
def silent() -> Iterator[Silent]:
    node = Silent()
    with node.socket:
        yield node


@pytest.fixture
def cluster(silent: Silent) -> Iterator[Cluster]:
    with closing(Cluster(Connection([silent.url], timeout=60))) as cluster:
        yield cluster


def ask(cluster: Cluster) -> Any:
    return cluster.read("search", lambda client: client.search(index="x", body={}))


def test_a_node_that_does_not_answer_is_left_when_the_time_is_over(silent: Silent, cluster: Cluster) -> None:
    for _ in range(5):  # and these say nothing of the cluster: it is asked again each time
        with running(Budget(0.05)), pytest.raises(OutOfTime):
            ask(cluster)
        assert silent.left.acquire(timeout=30)


def test_no_further_node_is_asked_when_the_time_is_over(silent: Silent, cluster: Cluster) -> None:
    with running(Budget(0)), pytest.raises(OutOfTime):
        ask(cluster)
    assert not silent.left.acquire(blocking=False)


def test_without_a_budget_the_time_is_that_of_the_setting(silent: Silent) -> None:
    with closing(Cluster(Connection([silent.url], timeout=0.05))) as cluster:
        with pytest.raises(EngineUnavailable, match="in time"):
            ask(cluster)
        with running(Budget(60)), pytest.raises(EngineUnavailable, match="in time"):
            ask(cluster)


class Remote:
    """An engine elsewhere, which notes the budget that it is asked with."""

    remote = True

    def __init__(self) -> None:
        self.seen: list[Budget | None] = []

    def search(self, _: IndexName, __: Request) -> Result:
        return Result((), 0, {}, "1")

    def search_many(self, _: IndexName, requests: Sequence[Request]) -> Sequence[Result]:
        self.seen.append(budget.current())
        return [Result((), 0, {}, "1")] * len(requests)


def test_threads_that_ask_for_a_request_have_its_budget() -> None:
    engine, given = Remote(), Budget(60)
    with running(given):
        list(Nearest(engine).of([Reading(f"示例{number}有限公司") for number in range(200)]))  # type: ignore[arg-type]
    assert len(engine.seen) > 1
    assert set(engine.seen) == {given}
