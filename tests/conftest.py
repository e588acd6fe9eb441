"""What all tests share: real data, fictional companies that are published, and how Hypothesis runs.

Real data is read where it lies, beside the checkout; it is no part of the project (see `tests.required`).
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable
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


# What is imported and collected stays to the end: thousands of tests would be walked over again and again.
gc.set_threshold(50_000, 10, 10)


def pytest_collection_finish() -> None:
    """Keep the garbage collector from what is collected."""
    gc.collect()
    gc.freeze()


def pytest_xdist_auto_num_workers() -> int:
    """Workers of `-n auto`: one more than cores, since who waits for a process or a cluster needs none."""
    return (os.cpu_count() or 1) + 1


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
    """The fictional companies as of today. Not to be changed.

    `files/base` and `files/later` are both deliveries, `data` is the folder in which they are loaded and published.
    """
    import fixtures

    return _made_once(
        run_folder / "fictional", lambda folder: [[files] for files in fixtures.make(folder / "files", today())]
    )


@pytest.fixture(scope="session")
def registered(run_folder: Path, shared: Path) -> Path:
    """The folder in which the real registrations are loaded and published. Not to be changed."""
    from loadtests.registry import files

    return _made_once(run_folder / "registered", lambda _: [files()]) / "data"


def _made_once(folder: Path, deliveries: Callable[[Path], Iterable[list[Path]]]) -> Path:
    """A folder in whose `data` deliveries are loaded and published, once for all workers of the run."""
    from indexer.load import load
    from indexer.publish import publish
    from xincha.engine.open import open_engine

    with FileLock(f"{folder}.lock"):
        if not (folder / "made").exists():
            settings = Settings(data=folder / "data", workers=1)
            with closing(open_engine(settings)) as engine:
                for delivery in deliveries(folder):
                    load(delivery, settings)
                    publish(settings, engine)
            (folder / "made").touch()
    return folder
