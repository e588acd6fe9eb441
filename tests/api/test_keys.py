"""Keys of callers: a share of their own, worthless once revoked or over, and what happens to those that are none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.api.watched import Clock
from xincha.engine.open import open_engine
from xincha.errors import KeysUnreadable, UnknownKey
from xincha.keys import Keys
from xincha.settings import Settings

pytestmark = pytest.mark.slow

WRONG = {"authorization": "Bearer xincha_" + "A" * 43}
PATH = "/api/v1/openapi.json"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def keys(data: Path) -> Keys:
    return Keys(data)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(data: Path, clock: Clock) -> Iterator[TestClient]:
    settings = Settings(data=data, page=data / "none", limit_address=60, limit_key=120)
    with closing(open_engine(settings)) as engine:
        app = create_app(settings, engine, clock=clock)
        with TestClient(app, client=("203.0.113.7", 1)) as client:
            yield client


def bearer(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}"}


def test_a_key_gives_a_share_of_its_own(client: TestClient, keys: Keys) -> None:
    _, one = keys.make("one", None)
    _, other = keys.make("other", None)
    assert client.get(PATH).headers["ratelimit-policy"] == '"address";q=60;w=60'
    answer = client.get(PATH, headers=bearer(one))
    assert answer.status_code == 200
    assert answer.headers["ratelimit-policy"] == '"key";q=120;w=60'
    assert client.get(PATH, headers=bearer(one)).headers["ratelimit"] == '"key";r=118;t=1'
    assert client.get(PATH, headers={"authorization": f"bEARER  {other} "}).headers["ratelimit"] == '"key";r=119;t=1'


def test_a_key_that_is_none_is_told_so_everywhere(client: TestClient) -> None:
    for path in (PATH, "/healthz", "/", "/reconcile", "/metrics"):
        fresh = client.get(path, headers={**WRONG, "x-forwarded-for": "198.51.100.1"})
        if path == PATH:
            assert fresh.headers["www-authenticate"].startswith("Bearer")
            assert fresh.json()["type"] == "urn:xincha:problem:unknown-key"
        assert fresh.status_code == 401
        assert fresh.headers["content-type"] == "application/problem+json"


def test_after_five_wrong_keys_in_five_minutes_an_address_has_to_wait(
    client: TestClient, clock: Clock, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    statuses = []
    for _ in range(7):
        statuses.append(client.get(PATH, headers=WRONG).status_code)
        clock.now += 10
    assert statuses == [401] * 5 + [429] * 2
    refused = client.get(PATH, headers=WRONG)
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == "230"
    assert client.get(PATH).status_code == 200
    _, right = keys.make("right", None)
    assert client.get(PATH, headers=bearer(right)).status_code == 200
    with TestClient(client.app, client=("203.0.113.8", 1)) as neighbour:
        assert neighbour.get(PATH, headers=WRONG).status_code == 401
    clock.now += 230
    assert client.get(PATH, headers=WRONG).status_code == 401
    assert "xincha_" not in caplog.text


def test_a_key_ends_when_it_is_revoked_or_over_without_a_restart(client: TestClient, keys: Keys) -> None:
    _, text = keys.make("one", None)
    assert client.get(PATH, headers=bearer(text)).status_code == 200
    keys.revoke("one")
    assert client.get(PATH, headers=bearer(text)).status_code == 401
    _, again = keys.make("one", None)
    assert client.get(PATH, headers=bearer(again)).status_code == 200
    assert client.get(PATH, headers=bearer(text)).status_code == 401
    _, over = keys.make("over", timedelta(microseconds=1))
    assert client.get(PATH, headers=bearer(over)).status_code == 401


@pytest.mark.parametrize("text", ["", " ", "x" * 100_000, "xincha_", "ü" * 50, "\x00", "xincha_" + "A" * 43])
def test_anything_that_is_no_key_is_none(keys: Keys, text: str) -> None:
    keys.make("one", None)
    with pytest.raises(UnknownKey):
        keys.check(text)


def test_other_schemes_are_not_ours(client: TestClient) -> None:
    for value in ("Basic dTpw", "Bearer", "Digest x", ""):
        assert client.get(PATH, headers={"authorization": value}).status_code == 200


def test_what_is_kept_of_a_key_is_no_key(keys: Keys, data: Path) -> None:
    made = [keys.make(f"key-{number}", None)[1] for number in range(20)]
    kept = keys.path.read_text("utf-8")
    assert not [text for text in made if text in kept or text.removeprefix("xincha_") in kept]
    assert len(set(made)) == 20
    assert {len(text) for text in made} == {7 + 43}  # 256 bits in base 64
    assert keys.path.stat().st_mode & 0o077 == 0
    assert [path.name for path in data.iterdir() if path.suffix == ".part"] == []


@pytest.mark.parametrize("damaged", ["", "{}", "[]", '{"keys": [{}]}', '{"keys": [{"sha256": 1}]}', "\x00"])
def test_a_damaged_file_of_keys_is_said_and_hides_its_place(
    client: TestClient, keys: Keys, damaged: str, caplog: pytest.LogCaptureFixture
) -> None:
    keys.make("one", None)
    keys.path.write_text(damaged, "utf-8")
    answer = client.get(PATH, headers=WRONG)
    assert answer.status_code == 503
    assert "/" not in answer.json()["detail"]
    assert "keys.json" in caplog.text
    assert client.get(PATH).status_code == 200
    with pytest.raises(KeysUnreadable, match=r"keys\.json"):
        keys.listed()


def test_a_folder_that_cannot_be_written_is_said(keys: Keys, data: Path) -> None:
    data.touch()  # a file where the folder would be: not even root writes into it
    with pytest.raises(KeysUnreadable):
        keys.make("one", None)
