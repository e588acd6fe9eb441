"""What a test needs of the machine: it is skipped if that is missing, or fails if a switch says that it is required.

    XINCHA_REAL_DATA    ../shared, real data beside the checkout
    XINCHA_CHROMIUM     a browser and the built page
    XINCHA_OPENSEARCH   a JDK and the jars of OpenSearch

`required`: what is missing is a failure, as `.ci/run` wants it. `off`: such tests are skipped even if all is there.
"""

from __future__ import annotations

import os
from typing import Literal, NoReturn

import pytest

Switch = Literal["XINCHA_REAL_DATA", "XINCHA_CHROMIUM", "XINCHA_OPENSEARCH"]


def missing(switch: Switch, reason: str) -> NoReturn:
    """Skip the test with its reason, or fail it."""
    if os.environ.get(switch) == "required":
        pytest.fail(f"{reason} ({switch}=required)")
    pytest.skip(reason)


def skip_if_off(switch: Switch) -> None:
    """Skip the test if the switch is off."""
    if os.environ.get(switch) == "off":
        pytest.skip(f"{switch}=off")
