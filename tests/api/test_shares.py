"""What all callers share is never all of one caller: turns, exports, uploads, lists; by sockets where these matter."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import anyio
import anyio.lowlevel
import httpx2
import pytest
from fastapi import FastAPI

from api.limits.asking import Asking, CallerLimits
from api.limits.shares import EAGER, Room, Turns
from api.match.job import Job
from api.match.jobs import MAX_KEPT, MAX_WAITING, Jobs
from tests.api.live import until
from tests.api.watched import Clock, Watched, connected, request, served, status_of
from xincha.engine.contract import Engine
from xincha.errors import Busy, TooManyRequests
from xincha.settings import Settings

ONE, OTHER = "127.0.0.1", "127.0.0.2"
SEARCH = request("GET", "/api/v1/entities?q=%E7%A4%BA%E4%BE%8B")
UPLOAD = "/api/v1/match/files?filename=a.csv"
LIST = "名称\n示例有限公司\n".encode()


@pytest.fixture
def gate(engine: Engine) -> Iterator[tuple[Watched, threading.Event]]:
    """An engine whose steps wait until they may end."""
    opened = threading.Event()
    yield Watched(engine, before=lambda: opened.wait(30)), opened
    opened.set()


def test_requests_of_one_caller_wait_for_his_own_and_not_for_others(
    gate: tuple[Watched, threading.Event], settings: Settings
) -> None:
    engine, opened = gate
    with served(engine, settings.model_copy(update={"limit_at_once": 2})) as (address, app), ExitStack() as callers:
        many = [callers.enter_context(connected(address, ONE)) for _ in range(10)]
        for each in many:
            each.sendall(SEARCH)
        until(lambda: engine.asked == 2)
        other = callers.enter_context(connected(address, OTHER))
        other.sendall(SEARCH)
        until(lambda: engine.asked == 3)
        assert app.state.limits.turns.running(ONE) == 2
        many.pop().close()  # one that waits goes, and nothing is done for it
        opened.set()
        assert status_of(other) == 200
        assert [status_of(each) for each in many] == [200] * 9
        until(lambda: not app.state.limits.turns.running(ONE))


def test_more_than_can_wait_are_refused() -> None:
    async def main() -> None:
        turns = Turns(1, most_waiting=2)

        async def work() -> None:
            turns.give_back(await turns.wait("one"))

        first = turns.take_now("one")
        assert first
        async with anyio.create_task_group() as group:
            for _ in range(2):
                group.start_soon(work)
            await anyio.wait_all_tasks_blocked()
            assert not turns.take_now("one")
            with pytest.raises(TooManyRequests):
                await turns.wait("one")
            other = turns.take_now("other")
            assert other
            turns.give_back(other)
            turns.give_back(first)
        assert not turns._running

    anyio.run(main)


@pytest.mark.parametrize("leaves_first", [True, False])
def test_a_turn_that_comes_to_one_who_leaves_is_not_lost(leaves_first: bool) -> None:
    async def main() -> None:
        turns, had = Turns(1), []
        running = turns.take_now("one")
        assert running

        async def work(name: str, scope: anyio.CancelScope) -> None:
            with scope:
                turn = await turns.wait("one")
                try:
                    await anyio.lowlevel.checkpoint()
                    had.append(name)
                finally:
                    turns.give_back(turn)

        async with anyio.create_task_group() as group:
            first = anyio.CancelScope()
            for name, scope in (("first", first), ("second", anyio.CancelScope())):
                group.start_soon(work, name, scope)
                await anyio.wait_all_tasks_blocked()
            if leaves_first:
                first.cancel()
                turns.give_back(running)
            else:
                turns.give_back(running)
                first.cancel()
        assert had == ["second"]
        assert not turns._running

    anyio.run(main)


def test_what_is_dear_has_a_quarter_of_the_places_and_who_asked_least_is_next() -> None:
    async def main() -> None:
        debts = {"eager": 2 * EAGER, "new": EAGER / 2}
        turns = Turns(0, 4, debt=lambda caller: debts.get(caller, 0.0))
        eager = turns.take_now("eager")
        assert eager
        assert not turns.take_now("eager")
        assert not turns.take_now("lister", dear=True)
        people = [turns.take_now("person") for _ in range(3)]
        assert all(people)
        assert not turns.take_now("person")
        came: list[str] = []

        async def wait(caller: str, *, dear: bool = False) -> None:
            turn = await turns.wait(caller, dear=dear)
            came.append(caller)
            turns.give_back(turn)

        async with anyio.create_task_group() as group:
            for caller in ("eager", "new", "person"):
                group.start_soon(wait, caller)
                await anyio.wait_all_tasks_blocked()
            assert people[0]
            turns.give_back(people[0])
            await anyio.wait_all_tasks_blocked()
            assert came == ["person", "new"]
            turns.give_back(eager)
        assert came == ["person", "new", "eager"]

    anyio.run(main)


def test_what_is_dear_lets_others_go_first_at_each_step() -> None:
    async def main() -> None:
        turns = Turns(0, 4)
        dear, person = turns.take_now("lister", dear=True), turns.take_now("person")
        assert dear
        assert dear.courtesy
        assert person
        assert not person.courtesy
        step_aside = dear.courtesy
        until(lambda: step_aside.worked(time.monotonic()) > 0.01)
        step_aside()
        assert step_aside.paused > 0.01
        turns.give_back(person)
        paused = step_aside.paused
        step_aside()
        assert step_aside.paused == paused
        turns.give_back(dear)

    anyio.run(main)


def test_a_place_for_what_is_dear_rests_while_others_ask() -> None:
    async def main() -> None:
        turns = Turns(0, 4)

        def dear() -> bool:
            turn = turns.take_now("lister", dear=True)
            if turn:
                began = time.monotonic()
                until(lambda: time.monotonic() > began + 0.01)
                turns.give_back(turn)
            return turn is not None

        assert [dear() for _ in range(3)] == [True] * 3
        person = turns.take_now("person")
        assert person
        turns.give_back(person)
        assert [dear() for _ in range(3)] == [True, False, False]
        turns.give_back(await turns.wait("lister", dear=True))

    anyio.run(main)


def test_exports_are_never_all_one_callers(engine: Engine, settings: Settings) -> None:
    with served(engine, settings.model_copy(update={"exports": 3})) as (address, app), ExitStack() as held:
        for _ in range(2):
            app.state.exports.take(ONE)  # two that are read slowly
            held.callback(app.state.exports.give_back, ONE)
        path = "/api/v1/export/entities.csv?q=x"
        statuses = []
        for source in (ONE, OTHER, ONE):
            with connected(address, source) as caller:
                caller.sendall(request("GET", path))
                statuses.append(status_of(caller))
        assert statuses == [503, 200, 503]


def test_a_room_of_one_place_is_for_whoever_comes() -> None:
    room = Room(1, 1)
    with room.place("one"), pytest.raises(Busy):
        room.take("other")
    room.take("other")
    assert room.borrowed_tokens == 1


def begun(app: FastAPI) -> int:
    found: int = app.state.limits.uploads.borrowed_tokens
    return found


def test_a_list_that_arrives_slowly_holds_no_place(engine: Engine, settings: Settings) -> None:
    with served(engine, settings) as (address, app), ExitStack() as callers:
        for _ in range(MAX_KEPT + 5):
            slow = callers.enter_context(connected(address, ONE))
            slow.sendall(request("POST", UPLOAD, b"x" * 1000)[:-999])
        until(lambda: begun(app) == MAX_KEPT + 5)
        told = httpx2.post(f"{address}{UPLOAD}", content=LIST)
        assert told.status_code == 202, told.text
        assert httpx2.delete(address + told.headers["location"]).status_code == 204
        assert not list(app.state.jobs._folder().glob("arriving-*"))  # too little for a file
    until(lambda: begun(app) == 0)


def test_bodies_that_arrive_do_not_fill_the_memory(engine: Engine, settings: Settings) -> None:
    half = request("POST", "/api/v1/match", b" " * (4 << 20))[:-1]
    with served(engine, settings) as (address, app), ExitStack() as callers:
        for _ in range(4):
            callers.enter_context(connected(address, ONE)).sendall(half)
        until(lambda: app.state.limits.bodies.borrowed_tokens == 4 * ((4 << 20) - 1))
        with connected(address, ONE) as further, connected(address, OTHER) as other:
            further.sendall(half)
            assert status_of(further) == 503
            other.sendall(request("POST", "/api/v1/match", b'{"rows": []}'))
            assert status_of(other) == 200
        assert app.state.limits.bodies.borrowed_tokens < (16 << 20) + 100


@pytest.fixture
def jobs(settings: Settings) -> Iterator[Jobs]:
    made = Jobs(settings)
    yield made
    made.close()


@pytest.fixture
def limits(settings: Settings) -> CallerLimits:
    return CallerLimits(settings, Clock())


def who(limits: CallerLimits, address: str) -> Asking:
    return limits.asking({"client": (address, 1), "headers": []})


def begin(jobs: Jobs, asking: Asking) -> Job:
    job = jobs.begin("a.csv", ".csv", {}, asking)
    job.list.write_bytes(LIST)
    return job


def test_lists_that_wait_are_half_of_one_caller_at_most(jobs: Jobs, limits: CallerLimits) -> None:
    one, other = who(limits, ONE), who(limits, OTHER)
    for _ in range(MAX_WAITING // 2):
        begin(jobs, one)
    with pytest.raises(Busy):
        jobs.check_room(one)
    with pytest.raises(Busy):
        begin(jobs, one)
    for _ in range(MAX_WAITING // 2):
        begin(jobs, other)
    with pytest.raises(Busy):
        begin(jobs, who(limits, "127.0.0.3"))


def test_lists_that_are_kept_are_half_of_one_caller_at_most(jobs: Jobs, limits: CallerLimits) -> None:
    one, other = who(limits, ONE), who(limits, OTHER)
    for _ in range(MAX_KEPT // 2):
        begin(jobs, one).state = "done"
    with pytest.raises(Busy):
        begin(jobs, one)
    begin(jobs, other)


def test_callers_take_turns_with_their_lists(jobs: Jobs, limits: CallerLimits) -> None:
    one, other = who(limits, ONE), who(limits, OTHER)
    first, second, third = (begin(jobs, one) for _ in range(3))
    later = begin(jobs, other)
    assert [jobs.position(job) for job in (first, later, second, third)] == [0, 1, 2, 3]
    first.state = "running"
    assert [jobs.position(job) for job in (later, second, third)] == [1, 2, 3]
    first.state = "done"
    assert [jobs.position(job) for job in (second, later, third)] == [0, 1, 2]


@pytest.mark.slow
def test_a_list_is_answered_and_paid_for(jobs: Jobs, limits: CallerLimits) -> None:
    asking = who(limits, ONE)
    job = begin(jobs, asking)
    job.list.write_bytes(LIST + "示例\n".encode() * 500)
    jobs.submit(job)
    until(lambda: job.state == "done")
    assert asking.headers()["RateLimit"].startswith('"address";r=2994;')
