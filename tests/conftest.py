"""What all tests share: the folder of real data, and how Hypothesis runs.

Real data is read where it lies, beside the checkout; it is no part of the project. Where it is missing a test that
needs it is skipped with the reason, except under CI, where that is a failure.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.opensearch.fixtures"]

SHARED = Path(__file__).resolve().parents[2] / "shared"

# Time per example says more about the machine than about the code.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `../shared` beside the checkout: real data and cases, read only."""
    if SHARED.is_dir():
        return SHARED
    reason = "no real data: the folder `shared` is not beside the checkout"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def registry(shared: Path) -> Path:
    """The folder of 72,258 real registrations: xiamen.csv, fujian_rest.csv, national.csv, and dirty.csv."""
    return shared / "data" / "registry"
