"""What one caller may ask: units by what it costs, told in headers, refused with the time at which there is more."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import orjson
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.limits import buckets as module
from api.limits.buckets import WINDOW, Buckets
from api.limits.costs import cost_of
from api.limits.patience import AT_ONCE
from api.match.jobs import Jobs
from tests.api.watched import Clock
from xincha.engine.contract import Engine
from xincha.errors import SettingsError
from xincha.settings import Settings

pytestmark = pytest.mark.slow

SEARCH = "/api/v1/entities?q=示例"
LEVEL = re.compile(r'"(\w+)";r=(\d+);t=(\d+)')

Open = Callable[..., TestClient]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(settings: Settings, engine: Engine, clock: Clock) -> Iterator[Open]:
    """Opens the application for a caller at an address; settings are those of the first call."""
    with ExitStack() as clients:
        apps: list[FastAPI] = []

        def client(address: str = "203.0.113.7", **changed: object) -> TestClient:
            if not apps:
                apps.append(create_app(settings.model_copy(update=changed), engine, clock=clock))
            return clients.enter_context(TestClient(apps[0], client=(address, 50_000)))

        yield client


def units(client: TestClient, path: str = "/api/v1/about") -> float:
    """Units that are left, before they are asked for."""
    found = LEVEL.fullmatch(client.get(path).headers["ratelimit"])
    assert found
    return int(found[2]) + 1


def test_answers_say_what_is_left_and_when_there_is_all_of_it(service: Open, clock: Clock) -> None:
    client = service(limit_address=60)
    answers = [client.get(SEARCH) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"address";q=60;w=60'}
    assert [answer.headers["ratelimit"] for answer in answers] == [f'"address";r={60 - n};t={n}' for n in (1, 2, 3)]
    clock.now += 2
    assert client.get(SEARCH).headers["ratelimit"] == '"address";r=58;t=2'
    clock.now += 1e6
    assert client.get(SEARCH).headers["ratelimit"] == '"address";r=59;t=1'


@pytest.mark.parametrize(
    ("method", "path", "body", "cost"),
    [
        ("GET", "/healthz", None, 0),
        ("GET", "/", None, 0.1),
        ("GET", "/assets/nothing.js", None, 0.1),
        ("GET", "/readyz", None, 1),
        ("GET", SEARCH, None, 1),
        ("GET", "/api/v1/suggest?q=示例", None, 0.25),
        ("GET", "/api/v1/nothing", None, 1),
        ("GET", "/api/v1/entities?q=示例&page_size=0", None, 1),
        ("GET", "/api/v1/export/entities.csv", None, 20),
        ("GET", "/api/v1/export/records.xlsx?kind=penalty", None, 20),
        ("POST", "/api/v1/match", {"rows": [{"name": "示例"}] * 500}, 126),
        ("POST", "/reconcile/v1/match", {"queries": [{"conditions": []}] * 50}, 13.5),
        ("POST", "/reconcile", {"queries": [{"conditions": []}] * 50}, 13.5),
        ("GET", '/reconcile?queries={"a":{"query":"示例"},"b":{"query":"示例"},"c":{"query":"x"}}', None, 1.75),
        ("POST", "/reconcile/v1/extend", {"ids": ["x"] * 100, "properties": [{"id": "name"}]}, 11),
        ("GET", "/reconcile", None, 1),
    ],
)
def test_a_request_costs_what_the_document_says(
    service: Open, method: str, path: str, body: object, cost: float
) -> None:
    client = service(limit_address=600)
    before = units(client)
    client.request(method, path, content=orjson.dumps(body) if body else None,
                   headers={"content-type": "application/json"} if body else {})  # fmt: skip
    assert units(client) == pytest.approx(before - 1 - cost, abs=1)


def test_who_asks_for_more_is_told_when_there_is_more(service: Open, clock: Clock) -> None:
    client = service(limit_address=60)
    for _ in range(3):
        assert client.get("/api/v1/export/entities.csv?q=澜汀").status_code == 200
    refused = client.get("/api/v1/export/entities.csv?q=澜汀")
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["cache-control"] == "no-store"
    assert refused.headers["retry-after"] == "20"
    assert refused.headers["ratelimit"] == '"address";r=0;t=20'
    told = refused.json()
    assert (told["type"], told["status"]) == ("urn:xincha:problem:too-many-requests", 429)
    assert "20 s" in told["detail"]
    clock.now += 19
    assert client.get("/api/v1/export/entities.csv?q=澜汀").headers["retry-after"] == "1"
    assert client.get("/api/v1/about").status_code == 200  # what costs less may be had before
    clock.now += 2
    assert client.get("/api/v1/export/entities.csv?q=澜汀").status_code == 200


def test_what_was_refused_costs_nothing(service: Open, clock: Clock) -> None:
    client = service(limit_address=60)
    for _ in range(60):
        client.get("/api/v1/about")
    for _ in range(AT_ONCE):
        assert client.get(SEARCH).status_code == 429
    clock.now += 1
    assert client.get(SEARCH).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        ("/api/v1/match", {"rows": [{"name": "示例"}] * 1000}),
        ("/reconcile/v1/match", {"queries": [{"conditions": []}] * 100}),
        ("/reconcile/v1/extend", {"ids": ["x"] * 400, "properties": [{"id": "name"}]}),
    ],
)
def test_what_is_asked_in_a_body_is_refused_before_it_is_done(service: Open, sent: tuple[str, object]) -> None:
    client, (path, body) = service(limit_address=60), sent
    for _ in range(56):
        client.get("/healthz/")  # a little each
        client.get("/api/v1/about")
    refused = client.post(path, content=orjson.dumps(body), headers={"content-type": "application/json"})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0


def test_what_costs_more_than_there_ever_is_has_a_full_bucket(service: Open, clock: Clock) -> None:
    client = service(limit_address=5)
    assert client.get("/api/v1/export/entities.csv?q=澜汀").status_code == 200
    assert client.get("/api/v1/about").status_code == 429
    wait = int(client.get("/api/v1/export/entities.csv?q=澜汀").headers["retry-after"])
    clock.now += wait
    assert client.get("/api/v1/export/entities.csv?q=澜汀").status_code == 200


def test_who_does_not_heed_refusals_hears_them_later(service: Open, clock: Clock) -> None:
    client = service(limit_address=1)
    limits = client.app.state.limits  # type: ignore[attr-defined]
    scope, other = ({"client": (address, 1), "headers": []} for address in ("203.0.113.7", "203.0.113.8"))
    client.get("/api/v1/about")
    assert {client.get("/api/v1/about").status_code for _ in range(AT_ONCE - 1)} == {429}
    assert limits.patience(scope) == 0
    assert limits.patience(scope) > 0
    assert limits.patience(other) == 0
    clock.now += 120
    assert limits.patience(scope) == 0


def test_without_a_limit_there_is_none(service: Open) -> None:
    client = service(limit_address=0)
    answers = [client.get("/api/v1/export/entities.csv?q=澜汀") for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert not [name for name in answers[0].headers if name.startswith("ratelimit")]


VISIT = ("/", *["/assets/a.js"] * 10, "/api/v1/about", *["/api/v1/suggest?q=示"] * 15, *[SEARCH] * 5)


def test_a_person_with_a_browser_meets_no_limit(service: Open, settings: Settings) -> None:
    visit = sum(map(cost_of, VISIT)) + cost_of("/api/v1/export/entities.csv")
    assert 50 * visit < settings.limit_address  # fifty behind one address, all in one moment
    client = service()
    assert 429 not in {client.get(path).status_code for path in VISIT}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ],
)
def test_callers_are_told_apart_by_address_and_network(service: Open, one: str, other: str, same: bool) -> None:
    first, second = service(one, limit_address=5), service(other)
    for _ in range(6):
        spent = first.get("/api/v1/about")
    assert spent.status_code == 429
    assert second.get("/api/v1/about").status_code == (429 if same else 200)


def test_other_sites_see_the_limits_of_reconciliation(service: Open) -> None:
    client = service(limit_address=2)
    for status in (200, 200, 429):
        answer = client.get("/reconcile", headers={"origin": "https://example.org"})
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "RateLimit" in answer.headers["access-control-expose-headers"]


def test_a_list_costs_by_its_rows_once_they_are_counted(service: Open, settings: Settings) -> None:
    client = service(limit_address=100)
    limits = client.app.state.limits  # type: ignore[attr-defined]
    scope = {"client": ("203.0.113.7", 1), "headers": []}
    jobs = Jobs(settings)
    job = jobs.begin("a.csv", ".csv", {}, limits.asking(scope))
    jobs._finish(job, 0, orjson.dumps({"rows": 20_000}), b"")
    jobs.close()
    refused = client.get("/api/v1/about")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) == math.ceil(200 * 0.6 - 60 + 0.6)


def test_a_proxy_that_cannot_be_named_is_an_error_of_that_setting() -> None:
    for wrong in ("localhost", "10.0.0.0/33", "10.0.0.1;10.0.0.2"):
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("XINCHA_TRUSTED_PROXIES", wrong)
            with pytest.raises(SettingsError, match="XINCHA_TRUSTED_PROXIES"):
                Settings.read()


@given(st.lists(st.tuples(st.floats(0, 30), st.floats(0, 40), st.booleans()), max_size=60))
def test_nobody_gets_more_than_a_bucket_and_what_flows_into_it(asked: list[tuple[float, float, bool]]) -> None:
    clock, quota = Clock(0.0), 50
    buckets, taken = Buckets(quota, clock), 0.0
    for later, cost, patient in asked:
        clock.now += later
        wait = buckets.take("one", cost)
        if wait and patient:
            clock.now += wait + 1e-6
            wait = buckets.take("one", cost)
            assert not wait
        taken += 0 if wait else cost
        assert taken <= quota + clock.now * quota / WINDOW + 1e-3
        assert 0 <= buckets.level("one").units <= quota


def test_debts_outlive_any_number_of_other_callers_and_memory_is_bounded() -> None:
    clock = Clock()
    buckets = Buckets(60, clock, most=100)
    buckets.charge("debtor", 60)
    for number in range(5_000):
        buckets.take(f"other {number}", 30)
    assert len(buckets) <= 100
    assert buckets.take("debtor", 1) > 0
    clock.now += WINDOW
    for number in range(200):
        buckets.take(f"later {number}", 0.5)
    assert len(buckets) <= 100
    assert buckets.take("debtor", 30) == 0  # not all 60: he may share a bucket with one of those who came later
    clock.now += WINDOW
    for number in range(100):
        clock.now += 1
        buckets.take(f"last {number}", 0.5)
    assert len(buckets) < 10  # those that are full are forgotten, without anybody looking at all of them


def test_callers_for_whom_there_is_no_room_share_buckets_and_still_pay() -> None:
    clock = Clock()
    buckets = Buckets(60, clock, most=1)
    buckets.charge("one", 600)
    waits = [buckets.take("other", 30) for _ in range(3)]
    assert waits[:2] == [0, 0]
    assert waits[2] > 0
    assert module.MOST >= 10_000
