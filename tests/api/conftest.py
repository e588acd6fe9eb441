"""The real application over the fictional companies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi.testclient import TestClient

import fixtures
from api.app import create_app
from fixtures.manifest import Fixtures
from indexer.lake import Lake
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
def settings(fictional_folder: Path) -> Settings:
    """Settings of a folder in which both deliveries are loaded and published. Not to be changed."""
    return Settings(data=fictional_folder / "data", page=fictional_folder / "no-page", workers=1)


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


@pytest.fixture(scope="session")
def persons(settings: Settings) -> set[str]:
    """The natural persons who are parties of records of the lake, as published."""
    snapshot = Lake(settings.lake).snapshot()
    found = pl.concat(
        snapshot.scan(table).filter(pl.col("party_kind") == "自然人").select("party_name").collect()
        for table in ("penalties", "licences")
    )
    names = set(found["party_name"].drop_nulls())
    assert len(names) >= 3
    return names


@pytest.fixture(scope="session")
def restricted(settings: Settings) -> set[str]:
    """Who must not hold a post: named on the page of the company alone."""
    names = set(Lake(settings.lake).snapshot().scan("post_restrictions").collect()["person"].drop_nulls())
    assert names
    return names
