"""The command line over a data folder of its own."""

from __future__ import annotations

import io
import json
import os
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from xincha import cli

Environment = dict[str, str]


def environment_of(data: Path) -> Environment:
    """This process's environment without settings of Xincha, and with this data folder."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XINCHA_")}
    return {**kept, "XINCHA_DATA": str(data), "XINCHA_WORKERS": "1"}


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    returncode: int
    stdout: str
    stderr: str


def xincha(environment: Environment, *arguments: str | Path) -> Done:
    """`xincha ARGUMENTS`, ended. In this process: a new one for each would spend its time on importing."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
        for key in [key for key in os.environ if key.startswith("XINCHA_")]:
            patched.delenv(key)
        for key, value in environment.items():
            patched.setenv(key, value)
        with pytest.raises(SystemExit) as ended:
            cli.main(list(map(str, arguments)))
    code = ended.value.code if isinstance(ended.value.code, int) else 0
    return Done(code, out.getvalue(), err.getvalue())


def result(environment: Environment, *arguments: str | Path) -> Any:
    """What `xincha ARGUMENTS --json` prints, where it succeeds and says nothing else."""
    done = xincha(environment, *arguments, "--json")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return environment_of(tmp_path / "data")


@pytest.fixture(scope="session")
def files(fictional_folder: Path) -> Path:
    """The fictional files of both deliveries: `base` and `later`."""
    return fictional_folder / "files"


@pytest.fixture(scope="session")
def loaded(fictional_folder: Path) -> Environment:
    """An environment in which both deliveries are loaded and published. Not to be changed."""
    return environment_of(fictional_folder / "data")
