"""Ordinary people beside hostile clients: `python -m loadtests.abuse`.

A server of our own answers twenty people (each from an address of its own, in a person's tempo); first alone, then, for
each kind of `loadtests.hostile`, while twenty hostile clients do their worst. Prints for each kind: p50 and p95 of the
people's requests and the ratio of p95 to that alone, requests that failed and that were told to wait (429, 503), p99 of
`/healthz`, the most memory of the server and of its children, and the seconds after the attack until the last slow or
failed request. Exit code 1 where a figure is above its bound (`MOST_…`), or a person's request failed or had to wait.

`--soak MINUTES`: all kinds at once, two clients each; the server's memory in the end against that after two minutes.
With `--url` the engine is the OpenSearch there.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil

from loadtests import cluster
from loadtests.hostile import KINDS
from loadtests.serving import Served, fill, served
from xincha.cli_release import written
from xincha.engine.open import open_engine
from xincha.settings import ROOT

PEOPLE, HOSTILE = 20, 20
SOAKING = 2
"""Hostile clients of each kind in a soak."""

SLOW = 1.0
"""Seconds after which a person's request counts as slow when the attack is over."""

AFTER = 8.0
"""Seconds that people go on asking after an attack."""

MOST_RATIO, MOST_HEALTH, MOST_MEMORY, MOST_RECOVERY = 3.0, 1.0, 1536, 5.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a person: when it ended, how long it took (seconds), what came (0: no answer)."""

    ended: float
    seconds: float
    status: int


@dataclass(slots=True)
class Seen:
    """What people, the balancer and the machine saw."""

    asked: list[Asked] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    children: list[int] = field(default_factory=list)


class Person:
    """Looks companies up: what was typed so far, the name, the company, its records; with a rest between."""

    def __init__(self, number: int, port: int, companies: Sequence[Sequence[str]]) -> None:
        self.source = f"127.0.3.{number + 1}"
        self.port = port
        self.companies = companies
        self.dice = random.Random(number)  # noqa: S311
        self.connection: http.client.HTTPConnection | None = None

    def targets(self) -> Iterator[str]:
        """What is asked, one after the other."""
        while True:
            name, code, brand = self.dice.choice(self.companies)
            yield f"/api/v1/suggest?q={quote(brand)}"
            yield f"/api/v1/entities?q={quote(name)}"
            yield f"/api/v1/entities/{code}"
            yield f"/api/v1/entities/{code}/records"
            yield f"/api/v1/entities?q={quote(brand)}"

    def ask(self, target: str) -> int:
        """The status of an answer, 0 where there is none. A kept connection that was closed is opened anew."""
        for _ in range(2):
            fresh = self.connection is None
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    "127.0.0.1", self.port, timeout=30, source_address=(self.source, 0)
                )
            try:
                self.connection.request("GET", target)
                answer = self.connection.getresponse()
                answer.read()
                return answer.status
            except (OSError, http.client.HTTPException):
                self.connection.close()
                self.connection = None
                if fresh:
                    return 0
        return 0

    def live(self, seen: Seen, stop: threading.Event) -> None:
        """Ask until told to stop."""
        for target in self.targets():
            if stop.wait(self.dice.uniform(0.5, 1.5)):
                return
            begun = time.monotonic()
            status = self.ask(target)
            ended = time.monotonic()
            seen.asked.append(Asked(ended, ended - begun, status))


@contextmanager
def watched(server: Served, companies: Sequence[Sequence[str]]) -> Iterator[Seen]:
    """What is seen while the block runs."""
    seen, stop = Seen(), threading.Event()
    port = urlsplit(server.address).port or 80
    people = [Person(number, port, companies) for number in range(PEOPLE)]
    threads = [threading.Thread(target=person.live, args=(seen, stop)) for person in people]
    threads.append(threading.Thread(target=_balancer, args=(port, seen, stop)))
    threads.append(threading.Thread(target=_memory, args=(server.pid, seen, stop)))
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _balancer(port: int, seen: Seen, stop: threading.Event) -> None:
    balancer = Person(PEOPLE, port, ())
    while not stop.wait(0.2):
        begun = time.monotonic()
        status = balancer.ask("/healthz")
        seen.health.append(time.monotonic() - begun if status == 200 else 30.0)


def _memory(pid: int, seen: Seen, stop: threading.Event) -> None:
    server = psutil.Process(pid)
    while not stop.wait(0.5):
        children = 0
        for child in server.children(recursive=True):
            with suppress(psutil.Error):
                children += child.memory_info().rss
        seen.memory.append(server.memory_info().rss >> 20)
        seen.children.append(children >> 20)


@contextmanager
def attacked(server: Served, kinds: Sequence[str], seconds: float, clients: int) -> Iterator[None]:
    """Hostile clients of these kinds, each kind in a process of its own, until the block ends or the time is over."""
    command, told = [sys.executable, "-m", "loadtests.hostile"], [server.address, str(seconds), str(clients)]
    attacks = [
        subprocess.Popen([*command, kind, *told], cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
        for kind in kinds
    ]
    try:
        for attack in attacks:
            assert attack.stdout
            attack.stdout.readline()
        yield
    finally:
        for attack in attacks:
            attack.kill()
            attack.communicate()


def _percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def _measure(server: Served, kind: str, seconds: float, companies: Sequence[Sequence[str]], alone: float) -> bool:
    """One kind: its line of the table, and whether its figures are within their bounds."""
    with watched(server, companies) as seen:
        with attacked(server, [kind], seconds, HOSTILE):
            time.sleep(seconds)
        ended = time.monotonic()
        time.sleep(AFTER)
    during = [each for each in seen.asked if each.ended <= ended]
    bad = [each.ended - ended for each in seen.asked if each.ended > ended and (each.seconds > SLOW or not _good(each))]
    p95 = _percentile([each.seconds for each in during if _good(each)], 0.95)
    failed = sum(not _good(each) and each.status not in {429, 503} for each in seen.asked)
    waiting = sum(each.status in {429, 503} for each in seen.asked)
    health, recovery = _percentile(seen.health, 0.99), max(bad, default=0.0)
    held = (
        p95 <= MOST_RATIO * alone
        and not failed
        and not waiting
        and health < MOST_HEALTH
        and max(seen.memory) < MOST_MEMORY
        and recovery <= MOST_RECOVERY
    )
    p50 = statistics.median(each.seconds for each in during) if during else 0.0
    missed = "" if held else "MISSED"
    print(
        f"{kind:<12}{len(during):>9}{p50 * 1000:>8.1f}{p95 * 1000:>9.1f}{p95 / alone:>7.2f}{failed:>8}{waiting:>8}"
        f"{health * 1000:>10.0f}{max(seen.memory):>9}{max(seen.children):>10}{recovery:>10.1f}  {missed}",
        flush=True,
    )
    return held


def _good(asked: Asked) -> bool:
    return asked.status in {200, 404}


def _alone(server: Served, seconds: float, companies: Sequence[Sequence[str]]) -> float:
    with watched(server, companies) as seen:
        time.sleep(seconds)
    times = [each.seconds for each in seen.asked]
    p95 = _percentile(times, 0.95)
    print(
        f"{'':<12}{'requests':>9}{'p50 ms':>8}{'p95 ms':>9}{'ratio':>7}{'failed':>8}{'waiting':>8}"
        f"{'healthz':>10}{'MiB':>9}{'children':>10}{'recovery':>10}"
    )
    print(f"{'alone':<12}{len(times):>9}{statistics.median(times) * 1000:>8.1f}{p95 * 1000:>9.1f}", flush=True)
    return p95


def _soak(server: Served, minutes: float, companies: Sequence[Sequence[str]]) -> bool:
    """All kinds at once; is the memory in the end that after two minutes?"""
    begun = time.monotonic()
    with watched(server, companies) as seen, attacked(server, list(KINDS), minutes * 60, SOAKING):
        time.sleep(120)
        early = statistics.median(seen.memory[-40:])
        time.sleep(max(0.0, begun + minutes * 60 - time.monotonic()))
        late = statistics.median(seen.memory[-40:])
    failed = sum(not _good(each) and each.status not in {429, 503} for each in seen.asked)
    print(
        f"soak of {minutes:g} minutes: {early:.0f} MiB after two, {late:.0f} in the end, {late / early:.2f}", flush=True
    )
    print(f"MiB every two minutes: {' '.join(map(str, seen.memory[::240]))}")
    print(f"{len(seen.asked)} requests of people, {failed} failed", flush=True)
    return late <= early * 1.1


def main() -> None:
    """Serve, attack, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", action="append", choices=tuple(KINDS), help="only this kind (may be repeated)")
    parser.add_argument("--seconds", type=float, default=60.0, help="length of each attack")
    parser.add_argument("--soak", type=float, default=0.0, metavar="MINUTES", help="all kinds at once, this long")
    parser.add_argument("--url", default="", help="an open OpenSearch on this machine; without it, the embedded engine")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xincha-abuse-") as name:
        folder = Path(name)
        used = cluster.settings(folder / "data", options.url)
        environment = {
            "XINCHA_DATA": str(used.data), "XINCHA_ENGINE": used.engine, "XINCHA_OPENSEARCH_URL": used.opensearch_url,
            "XINCHA_OPENSEARCH_PREFIX": used.opensearch_prefix, "TMPDIR": name,
            "XINCHA_RELEASES": str(folder / "releases"),
        }  # fmt: skip
        with cluster.cleared(used):
            companies = json.loads(fill(used, folder).read_text())
            with closing(open_engine(used)) as engine:
                written(used, folder / "releases", engine, None)
            with served(environment, folder / "log") as server:
                if options.soak:
                    held = _soak(server, options.soak, companies)
                else:
                    alone = _alone(server, min(30.0, options.seconds), companies)
                    kinds = options.kind or list(KINDS)
                    lines = [_measure(server, kind, options.seconds, companies, alone) for kind in kinds]
                    held = all(lines)
            print(f"log of the server: {os.stat(folder / 'log').st_size >> 10} KiB")  # noqa: PTH116
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
