"""The real cluster: three nodes are green, a killed one is missed and comes back, and nobody outlives the test run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from opensearchpy import OpenSearch

from tests.opensearch.fixtures import skipping
from tests.opensearch.java import find_jars, find_java
from tests.opensearch.server import Cluster, poll

ROOT = Path(__file__).resolve().parents[2]
OWNER = """
import signal, sys
from pathlib import Path
from tests.opensearch.java import find_jars, find_java
from tests.opensearch.server import start_node
node = start_node(Path(sys.argv[1]), heap="256m")
print(node.process.pid, flush=True)
signal.pause()
"""

pytestmark = pytest.mark.slow


def test_a_killed_node_leaves_the_cluster_answering_and_comes_back(opensearch_cluster: Cluster) -> None:
    assert opensearch_cluster.health()["number_of_nodes"] == 3
    body = {"settings": {"number_of_shards": 1, "number_of_replicas": 2}}
    first, second, _ = (OpenSearch(url, timeout=30) for url in opensearch_cluster.urls)
    with first, second:
        first.indices.create(index="answers", body=body)
        opensearch_cluster.wait("green")
        first.index(index="answers", id="示例", body={"brand": "鹭屿"}, params={"refresh": "true"})
        opensearch_cluster.kill(0)
        opensearch_cluster.wait("yellow", nodes=2)
        assert second.get(index="answers", id="示例")["_source"] == {"brand": "鹭屿"}
        opensearch_cluster.restart(0)
        opensearch_cluster.wait("green")
        second.indices.delete(index="answers")


def test_a_node_ends_with_a_test_run_that_is_killed(tmp_path: Path) -> None:
    with skipping():
        find_java()
        find_jars("open")
    command = [sys.executable, "-c", OWNER, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as owner:  # noqa: S603
        assert owner.stdout is not None
        node = psutil.Process(int(owner.stdout.readline()))
        owner.kill()
    assert poll(lambda: not node.is_running() or node.status() == psutil.STATUS_ZOMBIE)
