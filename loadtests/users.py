"""People at the same time: `python -m loadtests.users --users 50 --seconds 120`.

Loads the published registrations and the fictional files (for the records) into a temporary folder, publishes them to
the embedded engine or to the OpenSearch at `--url` (under a prefix of its own, removed in the end), starts `xincha
serve` on a free port of 127.0.0.1, and lets locust's users (`loadtests.people`) ask it. Prints requests a second, p50,
p95, p99 and failures of each kind of request, and what the server used. Exit code 1 where anything failed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import fixtures
from indexer.load import load
from indexer.publish import publish
from loadtests import registry
from xincha.engine.open import open_engine
from xincha.settings import ROOT, Settings
from xincha.text.names import parts

COMPANIES = 3000
PREFIX = "xincha-users"
PATIENCE = 120
"""Seconds after which a server that is not ready is a failure."""


def main() -> None:
    """Load, serve, ask, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--pause", type=float, default=1.0, help="factor of the users' pauses; 0: none at all")
    parser.add_argument("--engine", choices=("embedded", "opensearch"), default="embedded")
    parser.add_argument("--url", default="http://127.0.0.1:9200", help="an open OpenSearch on this machine")
    options = parser.parse_args()
    if urlsplit(options.url).hostname != "127.0.0.1":
        parser.error("--url: only a server on 127.0.0.1 is put under load")
    with tempfile.TemporaryDirectory(prefix="xincha-users-") as name:
        folder = Path(name)
        given = {"XINCHA_ENGINE": options.engine, "XINCHA_DATA": str(folder / "data"), "XINCHA_LOG_LEVEL": "warning"}
        if options.engine == "opensearch":
            given |= {"XINCHA_OPENSEARCH_URL": options.url, "XINCHA_OPENSEARCH_PREFIX": PREFIX}
            given |= {"XINCHA_OPENSEARCH_REPLICAS": "0"}
        os.environ.update(given)
        settings = Settings.read()
        try:
            _fill(settings, folder)
            with _served() as (address, metrics):
                failed = _ask(address, folder, options)
                _tell_server(metrics)
        finally:
            _clear(settings)
    sys.exit(1 if failed else 0)


def _fill(settings: Settings, folder: Path) -> None:
    """Publish what is asked for, and write down what people know of it."""
    files = registry.files()
    for delivery in (files, *([each] for each in fixtures.make(folder / "files"))):
        load(delivery, settings)
    with closing(open_engine(settings)) as engine:
        print(f"{publish(settings, engine).documents['entities']:,} entities", flush=True)
    chosen = random.Random(1).sample(list(registry.rows()), COMPANIES)  # noqa: S311 - the same companies each time
    known = [(row[registry.NAME], row[registry.CODE]) for row in chosen]
    people = [(name, code, brand) for name, code in known if len(brand := parts(name).brand) > 1]
    (folder / "people.json").write_text(json.dumps(people))


@contextmanager
def _served() -> Iterator[tuple[str, str]]:
    """The addresses of a server of our own, which ends with this block, and of its metrics."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        metrics = f"127.0.0.1:{free.getsockname()[1]}"
    # those who ask stand for people at addresses of their own
    unlimited = {"XINCHA_LIMIT_ADDRESS": "0", "XINCHA_LIMIT_AT_ONCE": "0", "XINCHA_CONNECTIONS_PER_ADDRESS": "1000"}
    told = os.environ | {"XINCHA_METRICS_ADDRESS": metrics} | unlimited
    command = [sys.executable, "-m", "xincha.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=told, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        try:
            assert server.stdout
            said = server.stdout.readline()
            found = re.search(r"http://\S+", said)
            if not found:
                sys.exit(f"the server did not start: {said}")
            _wait(f"{found[0]}/readyz")
            yield found[0], f"http://{metrics}/metrics"
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


def _ask(address: str, folder: Path, options: argparse.Namespace) -> int:
    """Let locust's users ask; prints a table and returns 0 where nothing failed."""
    told = {"XINCHA_PEOPLE": str(folder / "people.json"), "XINCHA_PAUSE": str(options.pause)}
    run = ["--headless", "--users", str(options.users), "--spawn-rate", str(max(1, options.users // 5))]
    run += [
        "--run-time",
        f"{options.seconds}s",
        "--host",
        address,
        "--csv",
        str(folder / "asked"),
        "--loglevel",
        "ERROR",
    ]
    command = [sys.executable, "-m", "locust", "-f", str(ROOT / "loadtests" / "people.py"), *run]
    done = subprocess.run(command, env=os.environ | told, capture_output=True, text=True, check=False)  # noqa: S603
    if not (folder / "asked_stats.csv").exists():
        sys.exit(f"locust did not run: {done.stderr[-2000:]}")
    with (folder / "asked_stats.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    print(f"{'':<22}{'requests':>9}{'failed':>8}{'per s':>8}{'p50':>8}{'p95':>8}{'p99':>8} ms")
    for row in rows:
        numbers = [row["Request Count"], row["Failure Count"], f"{float(row['Requests/s']):.1f}"]
        numbers += [row["50%"], row["95%"], row["99%"]]
        print(
            f"{row['Name']:<22}"
            + "".join(f"{text:>{width}}" for text, width in zip(numbers, (9, 8, 8, 8, 8, 8), strict=True))
        )
    with (folder / "asked_failures.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            print(f"failed: {row['Name']}: {row['Error']} ({row['Occurrences']})")
    return done.returncode


def _tell_server(metrics: str) -> None:
    """What the server says of itself."""
    with urllib.request.urlopen(metrics, timeout=10) as answer:  # noqa: S310
        text = answer.read().decode()
    told = dict(re.findall(r"^(\S+) (\S+)$", text, re.MULTILINE))
    processor, memory = float(told["process_cpu_seconds_total"]), float(told["process_resident_memory_bytes"]) / 2**20
    engine = sum(
        float(told.get(f'xincha_engine_seconds_sum{{index="{index}"}}', 0)) for index in ("entities", "records")
    )
    print(f"server: {processor:.0f} s of processor time, {engine:.0f} s in the engine, {memory:,.0f} MiB", flush=True)


def _clear(settings: Settings) -> None:
    """Remove what was published to a cluster."""
    if settings.engine == "opensearch":
        from opensearchpy import OpenSearch

        with OpenSearch(settings.opensearch_urls) as client:
            client.indices.delete(index=f"{PREFIX}-*")


if __name__ == "__main__":
    main()
