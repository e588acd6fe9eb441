"""No node outlives the test run. (That killed nodes are missed, and come back: `test_faults`.)"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.opensearch.fixtures import skipping
from tests.opensearch.java import find_jars, find_java
from tests.opensearch.server import poll

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
