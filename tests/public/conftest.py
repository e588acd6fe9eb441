"""The inputs of public reports, and a folder to load them into."""

from __future__ import annotations

from pathlib import Path

import pytest

from xincha.settings import Settings


@pytest.fixture(scope="session")
def cases(shared: Path) -> Path:
    return shared / "cases" / "public"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", workers=1, index_threads=1, index_memory_mb=32)
