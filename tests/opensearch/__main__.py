"""Nodes by hand: `python -m tests.opensearch [--nodes 3]` prints the URLs and runs until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.opensearch.server import Cluster, start_node


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.opensearch", description="OpenSearch nodes until Ctrl-C")
    parser.add_argument("--nodes", type=int, default=1, help="1: alone; more: a cluster")
    parser.add_argument("--heap", default="1g", help="memory of each node")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="opensearch-") as folder, suppress(KeyboardInterrupt):
        if arguments.nodes == 1:
            print(start_node(Path(folder), heap=arguments.heap).url, flush=True)  # noqa: T201
        else:
            cluster = Cluster(Path(folder), size=arguments.nodes, heap=arguments.heap)
            cluster.start()
            print(*cluster.urls, sep="\n", flush=True)  # noqa: T201
        signal.pause()


if __name__ == "__main__":
    main()
