"""The command line in a process of its own, over a data folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fixtures

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Environment = dict[str, str]


def environment_of(data: Path) -> Environment:
    """This process's environment without settings of Xincha, and with this data folder."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XINCHA_")}
    return {**kept, "XINCHA_DATA": str(data), "XINCHA_WORKERS": "1"}


def xincha(environment: Environment, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """`xincha ARGUMENTS`, ended."""
    command = [sys.executable, "-m", "xincha.cli", *map(str, arguments)]
    return subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )


def result(environment: Environment, *arguments: str | Path) -> Any:
    """What `xincha ARGUMENTS --json` prints, where it succeeds and says nothing else."""
    done = xincha(environment, *arguments, "--json")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return environment_of(tmp_path / "data")


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional files of both deliveries: `base` and `later`."""
    folder = tmp_path_factory.mktemp("files")
    fixtures.make(folder)
    return folder


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory, files: Path) -> Environment:
    """An environment in which both deliveries are loaded and published. Not to be changed."""
    environment = environment_of(tmp_path_factory.mktemp("loaded") / "data")
    for delivery in ("base", "later"):
        result(environment, "load", files / delivery)
    return environment
