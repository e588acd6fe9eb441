"""A server of our own for measurements: data that is loaded and published, and `xincha serve` over it.

Everything lies in a temporary folder; the server listens on 127.0.0.1, on a free port, and ends with its block.
"""

from __future__ import annotations

import json
import os
import random
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import fixtures
from indexer.load import load
from indexer.publish import publish
from loadtests import registry
from xincha.engine.open import open_engine
from xincha.settings import ROOT, Settings
from xincha.text.names import parts

COMPANIES = 3000
PATIENCE = 120
"""Seconds after which a server that is not ready is a failure."""


@dataclass(frozen=True, slots=True)
class Served:
    """Where a server answers, where it tells its metrics, and the number of its process."""

    address: str
    metrics: str
    pid: int


def fill(settings: Settings, folder: Path) -> Path:
    """Publish the registrations and the fictional files; a file of companies that are there: [name, code, brand]."""
    files = registry.files()
    for delivery in (files, *([each] for each in fixtures.make(folder / "files"))):
        load(delivery, settings)
    with closing(open_engine(settings)) as engine:
        print(f"{publish(settings, engine).documents['entities']:,} entities", flush=True)
    chosen = random.Random(1).sample(list(registry.rows()), COMPANIES)  # noqa: S311 - the same companies each time
    known = [(row[registry.NAME], row[registry.CODE]) for row in chosen]
    people = folder / "people.json"
    people.write_text(json.dumps([(name, code, brand) for name, code in known if len(brand := parts(name).brand) > 1]))
    return people


@contextmanager
def served(environment: Mapping[str, str] | None = None, log: Path | None = None) -> Iterator[Served]:
    """A server of our own, which ends with this block; what it logs goes to `log`."""
    command = [sys.executable, "-m", "xincha.cli", "serve", "--port", "0"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        metrics = f"127.0.0.1:{free.getsockname()[1]}"
    told = {**os.environ, "XINCHA_METRICS_ADDRESS": metrics, **(environment or {})}
    with (
        open(log or os.devnull, "ab") as said,  # noqa: PTH123 - the null device has no path of its own everywhere
        subprocess.Popen(command, cwd=ROOT, env=told, stdout=subprocess.PIPE, stderr=said, text=True) as server,  # noqa: S603
    ):
        try:
            assert server.stdout
            found = re.search(r"http://\S+", line := server.stdout.readline())
            if not found:
                sys.exit(f"the server did not start: {line}")
            _wait(f"{found[0]}/readyz")
            yield Served(found[0], f"http://{metrics}", server.pid)
        finally:
            server.terminate()


def _wait(address: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10):  # noqa: S310
                return
        except OSError as error:
            if time.monotonic() > end:
                sys.exit(f"the server is not ready: {error}")
            time.sleep(0.2)
