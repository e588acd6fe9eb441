"""OpenSearch for all tests: one open node, one secured node, both shared, and three nodes for a module.

A shared node serves every worker of a test run: the first that needs it starts it, the others wait for it. It is owned
by the process that runs the tests and ends with that one. Tests keep apart by the prefix of their indices; on the
secured node that is `xincha` or one that begins with `s-` (`secured.PREFIXES`).
Tests are skipped with the reason if Java or the jars are missing (see `tests.required`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from tests.opensearch.java import Missing
from tests.opensearch.secured import READY, Secured, start_secured
from tests.opensearch.server import Cluster, Node, start_node
from tests.required import missing, skip_if_off


@contextmanager
def skipping() -> Iterator[None]:
    """Skip what cannot run here, or fail."""
    skip_if_off("XINCHA_OPENSEARCH")
    try:
        yield
    except Missing as error:
        missing("XINCHA_OPENSEARCH", str(error))


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all workers of this test run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def run_owner() -> int:
    """The process that lives as long as the test run: of a worker, the one that started it."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


@pytest.fixture(scope="session")
def opensearch_url(run_folder: Path) -> str:
    """An open node, 3.8.0, shared by the whole run."""
    folder = run_folder / "opensearch"
    with skipping(), FileLock(run_folder / "opensearch.lock"):
        if (folder / "logs" / "http.ports").exists():
            return Node(folder, {}).url
        return start_node(folder, owner=run_owner()).url


@pytest.fixture(scope="session")
def opensearch_secured(run_folder: Path) -> Secured:
    """A node with TLS, users and the project's roles, 3.4.0, shared by the whole run."""
    folder = run_folder / "opensearch-secured"
    with skipping(), FileLock(run_folder / "opensearch-secured.lock"):
        return Secured.read(folder) if (folder / READY).exists() else start_secured(folder, owner=run_owner())


@pytest.fixture(scope="module")
def opensearch_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three open nodes that the tests of a module may kill."""
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        with skipping():
            cluster.start()
        yield cluster
    finally:
        cluster.stop()
