"""People at the same time: `python -m loadtests.users --users 50 --seconds 120`.

Loads the published registrations and the fictional files (for the records) into a temporary folder, publishes them to
the embedded engine or to the OpenSearch at `--url` (under a prefix of its own, removed in the end), starts `xincha
serve` on a free port of 127.0.0.1, and lets locust's users (`loadtests.people`) ask it. Prints requests a second, p50,
p95, p99 and failures of each kind of request, and what the server used. Exit code 1 where anything failed.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from loadtests.serving import fill, served
from xincha.settings import ROOT, Settings

PREFIX = "xincha-users"
UNLIMITED = {"XINCHA_LIMIT_ADDRESS": "0", "XINCHA_LIMIT_AT_ONCE": "0", "XINCHA_CONNECTIONS_PER_ADDRESS": "1000"}
"""Those who ask stand for people at addresses of their own."""


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
            people = fill(settings, folder)
            with served(UNLIMITED) as server:
                failed = _ask(server.address, people, options)
                _tell_server(server.metrics)
        finally:
            _clear(settings)
    sys.exit(1 if failed else 0)


def _ask(address: str, people: Path, options: argparse.Namespace) -> int:
    """Let locust's users ask; prints a table and returns 0 where nothing failed."""
    folder = people.parent
    told = {"XINCHA_PEOPLE": str(people), "XINCHA_PAUSE": str(options.pause)}
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


def _tell_server(address: str) -> None:
    """What the server says of itself."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=10) as answer:  # noqa: S310
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
