"""The real application over the fictional companies: files made, loaded and published once for each worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any

import pytest
from fastapi.testclient import TestClient

import fixtures
from api.app import create_app
from fixtures.manifest import Fixtures
from indexer.load import load
from indexer.publish import publish
from xincha.days import today
from xincha.engine.contract import Engine
from xincha.engine.open import open_engine
from xincha.settings import Settings

Get = Callable[..., Any]


@pytest.fixture(scope="session")
def fictional() -> Fixtures:
    """What the files say, and what must be seen of it."""
    return fixtures.build(today())


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, fictional: Fixtures) -> Settings:
    """Settings of a folder in which both deliveries are loaded and published."""
    folder = tmp_path_factory.mktemp("xincha")
    made = Settings(data=folder / "data", page=folder / "no-page", workers=1)
    for delivery in fixtures.make(folder / "files", fictional.today):
        load([delivery], made)
    with closing(open_engine(made)) as engine:
        publish(made, engine)
    return made


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[Engine]:
    with closing(open_engine(settings)) as engine:
        yield engine


@pytest.fixture(scope="session")
def client(settings: Settings, engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(settings, engine)) as client:
        yield client


@pytest.fixture(scope="session")
def get(client: TestClient) -> Get:
    """A GET below /api/v1 that must succeed: its JSON."""

    def call(address: str, **parameters: object) -> Mapping[str, Any]:
        answer = client.get(f"/api/v1/{address}", params=parameters)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        found: Mapping[str, Any] = answer.json()
        return found

    return call
