"""What all tests share: real data, fictional companies that are published, and how Hypothesis runs.

Real data is read where it lies, beside the checkout; it is no part of the project (see `tests.required`).
"""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck
from hypothesis import settings as profiles

from tests.required import missing, skip_if_off
from xincha.days import today
from xincha.settings import Settings

pytest_plugins = ["tests.opensearch.fixtures"]

SHARED = Path(__file__).resolve().parents[2] / "shared"

# Time per example says more about the machine than about the code.
profiles.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
profiles.register_profile("quick", parent=profiles.get_profile("default"), max_examples=20)
profiles.register_profile("thorough", parent=profiles.get_profile("default"), max_examples=2000)
profiles.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `../shared` beside the checkout: real data and cases, read only."""
    skip_if_off("XINCHA_REAL_DATA")
    if not SHARED.is_dir():
        missing("XINCHA_REAL_DATA", "no real data: the folder `shared` is not beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def registry(shared: Path) -> Path:
    """The folder of 72,258 real registrations: xiamen.csv, fujian_rest.csv, national.csv, and dirty.csv."""
    return shared / "data" / "registry"


@pytest.fixture(scope="session")
def fictional_folder(run_folder: Path) -> Path:
    """The fictional companies as of today, made once for the whole run and not to be changed.

    `files/base` and `files/later` are both deliveries, `data` is the folder in which they are loaded and published.
    """
    import fixtures
    from indexer.load import load
    from indexer.publish import publish
    from xincha.engine.open import open_engine

    folder = run_folder / "fictional"
    with FileLock(run_folder / "fictional.lock"):
        if not (folder / "made").exists():
            settings = Settings(data=folder / "data", workers=1)
            with closing(open_engine(settings)) as engine:
                for delivery in fixtures.make(folder / "files", today()):
                    load([delivery], settings)
                    publish(settings, engine)
            (folder / "made").touch()
    return folder
