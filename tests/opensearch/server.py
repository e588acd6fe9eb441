"""Real OpenSearch nodes for tests: what goes in is a folder and settings, what comes out is a node that answers.

    python -m tests.opensearch            one open node until Ctrl-C; prints its URL
    python -m tests.opensearch --nodes 3  a cluster of three

A node listens on 127.0.0.1 only, on ports that are free; data, configuration and `log` lie in its folder. It ends when
its owner does (a process, by default this one), however that ends. `make unit` copies the jars.
Where a node cannot be started: `java.Missing` (nothing to start it with) or `NodeFailed` (with the end of its log).
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from opensearchpy import OpenSearch
from opensearchpy.exceptions import OpenSearchException

from tests.opensearch.archive import launcher
from tests.opensearch.java import find_java

PLUGINS = (
    "org.opensearch.transport.Netty4ModulePlugin",
    "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
    "org.opensearch.painless.PainlessModulePlugin",
    "org.opensearch.index.reindex.ReindexModulePlugin",
)
DEADLINE = 120.0
"""Seconds after which a node or a state that does not come is a failure; a start takes 5 to 15 on two busy cores."""

Settings = Mapping[str, object]


class NodeFailed(AssertionError):
    """A node did not start, or did not reach a state in time."""


@dataclass
class Node:
    """One node: its folder, its settings, and the process that runs it, if one does."""

    folder: Path
    settings: Settings
    heap: str = "512m"
    kind: str = "open"
    plugins: Sequence[str] = PLUGINS
    java: Sequence[str] = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
    owner: int = field(default_factory=os.getpid)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """`127.0.0.1:PORT` of its HTTP; there once the node listens."""
        return (self.folder / "logs" / "http.ports").read_text().split()[0]

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"{'http' if self.kind == 'open' else 'https'}://{self.address}"

    @property
    def log(self) -> Path:
        """What the node says of itself."""
        return self.folder / "log"

    def launch(self) -> None:
        """Start the process; returns at once."""
        for name in ("config", "logs"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for ports in (self.folder / "logs").glob("*.ports"):
            ports.unlink()
        # JSON is YAML.
        (self.folder / "config" / "opensearch.yml").write_text(json.dumps({**_BASE, **self.settings}, indent=1))
        command = [
            *(str(find_java()), f"-Xms{self.heap}", f"-Xmx{self.heap}", *self.java, *launcher(self.kind, PLUGINS)),
            *(str(self.folder), str(self.owner), *self.plugins),
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # noqa: S603
        _LAUNCHED.append(self.process)

    def wait(self) -> None:
        """Until the node listens."""
        self.until((self.folder / "logs" / "http.ports").exists, "listens")

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for a condition of this node; a node that ends meanwhile is a failure."""

        def reached() -> bool:
            if self.process is not None and (code := self.process.poll()) is not None:
                raise NodeFailed(f"the node ended with {code}\n{self.tail()}")
            return condition()

        if not poll(reached):
            raise NodeFailed(f"after {DEADLINE} s no node that {what}\n{self.tail()}")

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-4000:]

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(DEADLINE)


# A process that is forgotten while it runs makes Python complain; shared nodes outlive whoever started them.
_LAUNCHED: list[subprocess.Popen[bytes]] = []

_BASE: Settings = {
    "network.host": "127.0.0.1",
    "http.port": 0,
    "transport.port": 0,
    "node.portsfile": True,
    "logger.level": "INFO",
    # A test machine's disk may be nearly full; what happens then has tests of its own.
    "cluster.routing.allocation.disk.threshold_enabled": False,
    "cluster.info.update.interval": "10s",
}


def poll(condition: Callable[[], bool], deadline: float = DEADLINE, every: float = 0.1) -> bool:
    """Whether the condition came true before the deadline, in seconds."""
    end = time.monotonic() + deadline
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def start_node(folder: Path, *, heap: str = "1g", settings: Settings | None = None, owner: int | None = None) -> Node:
    """One open node that is a cluster of its own, listening."""
    alone: Settings = {"cluster.name": "xincha-tests", "node.name": "only", "discovery.type": "single-node"}
    node = Node(folder, {**alone, **(settings or {})}, heap=heap, owner=owner or os.getpid())
    node.launch()
    node.wait()
    return node


class Cluster:
    """Open nodes that form one cluster; any but the majority of them may be lost."""

    def __init__(self, folder: Path, *, size: int = 3, heap: str = "512m", settings: Settings | None = None) -> None:
        names = [f"node-{number}" for number in range(1, size + 1)]
        ports, answering = free_ports(size), free_ports(size)
        common: Settings = {
            "cluster.name": "xincha-tests",
            "cluster.initial_cluster_manager_nodes": names,
            "discovery.seed_hosts": [f"127.0.0.1:{port}" for port in ports],
            **(settings or {}),
        }
        self.nodes = [
            Node(folder / name, {**common, "node.name": name, "transport.port": port, "http.port": http}, heap)
            for name, port, http in zip(names, ports, answering, strict=True)
        ]

    @property
    def urls(self) -> list[str]:
        """Where its nodes answer."""
        return [node.url for node in self.nodes]

    def start(self) -> None:
        """Start all nodes; returns when the cluster is green."""
        for node in self.nodes:
            node.launch()
        for node in self.nodes:
            node.wait()
        self.wait("green")

    def kill(self, number: int) -> None:
        """`kill -9` of one node."""
        self.nodes[number].kill()

    def restart(self, number: int) -> None:
        """Start a node that was ended again, on its data and its ports."""
        self.nodes[number].launch()
        self.nodes[number].wait()

    def wait(self, status: str = "green", *, nodes: int | None = None) -> None:
        """Until a living node says that the cluster has this status, and this many nodes (default: all)."""
        wanted = len(self.nodes) if nodes is None else nodes
        states = ("green", "yellow") if status == "yellow" else (status,)

        def reached() -> bool:
            health = self.health()
            return health.get("status") in states and health.get("number_of_nodes") == wanted

        if not poll(reached):
            raise NodeFailed(
                f"the cluster is not {status} with {wanted} nodes: {self.health()}\n{self.nodes[0].tail()}"
            )
        for node in self.living():
            node.wait()  # one that came back belongs to the cluster a moment before it listens

    def living(self) -> list[Node]:
        """The nodes that run."""
        return [node for node in self.nodes if node.process is not None and node.process.poll() is None]

    def health(self) -> Mapping[str, object]:
        """What a living node says of the cluster; empty where none does."""
        for node in self.living():
            with suppress(OpenSearchException, OSError), OpenSearch(node.url, timeout=5, max_retries=0) as client:
                answer: Mapping[str, object] = client.cluster.health()
                return answer
        return {}

    def stop(self) -> None:
        """End all nodes at once: nobody reads their data again."""
        for node in self.nodes:
            node.kill()


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listened on just now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [found.getsockname()[1] for found in sockets]
    finally:
        for found in sockets:
            found.close()
