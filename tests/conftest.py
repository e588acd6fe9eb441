"""What all tests share: the folder of real data, and how Hypothesis runs.

Real data is read where it lies, beside the checkout; it is no part of the project (see `tests.required`).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.required import missing, skip_if_off

pytest_plugins = ["tests.opensearch.fixtures"]

SHARED = Path(__file__).resolve().parents[2] / "shared"

# Time per example says more about the machine than about the code.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", parent=settings.get_profile("default"), max_examples=20)
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


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
