"""Processes that match lists: forked from one that has read the tables of the text analysis already.

A new interpreter takes more than a second until it can look at the first row; a forked one a tenth of that. The server
that they are forked from starts with the first list, or when a service has been up for some seconds, and ends with the
process that started it.
"""

from __future__ import annotations

import multiprocessing
import os
import pkgutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from api.match.limits import ENVIRONMENT, ChildLimits

_FORKS = "forkserver" in multiprocessing.get_all_start_methods()
_CONTEXT = multiprocessing.get_context("forkserver") if _FORKS else multiprocessing.get_context("spawn")
_CONTEXT.set_forkserver_preload(["xincha.cli", "xincha.engine.embedded.engine", "api.match.imported"])

_COMMAND = "xincha.cli:main"
"""Named, as the modules above are: the command line imports the API, not the API the command line."""


@dataclass(frozen=True, slots=True)
class Running:
    """A command `xincha …` in a process of its own. `told`, `said`: the files of what it prints and complains."""

    process: BaseProcess
    told: Path
    said: Path


def warm() -> None:
    """Have the tables read; returns when they are."""
    process = _CONTEXT.Process(target=int)
    process.start()
    process.join()


def begin(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], limits: ChildLimits) -> Running:
    """Begin `xincha` with these arguments, under limits. Its temporary files lie in the folder, whatever ends it."""
    told, said = folder / "told", folder / "said"
    environment = {**environment, **ENVIRONMENT, "TMPDIR": str(folder)}
    process = _CONTEXT.Process(target=_run, args=(list(arguments), told, said, environment, limits))
    process.start()
    return Running(process, told, said)


def _run(arguments: list[str], told: Path, said: Path, environment: Mapping[str, str], limits: ChildLimits) -> None:
    os.environ.clear()  # the server has that of its own start
    os.environ.update(environment)
    tempfile.tempdir = None
    for path, descriptor in ((told, 1), (said, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), descriptor)
    limits.set()
    pkgutil.resolve_name(_COMMAND)(arguments)
