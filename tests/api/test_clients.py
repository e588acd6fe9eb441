"""Clients that are generated from what a running service says of itself, and what they get from it.

They are made by well-known generators, compiled where the language wants it, and run as programs of their own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from tests.api.conftest import Get
from tests.api.live import live
from tests.required import missing
from xincha.engine.contract import Engine
from xincha.settings import ROOT, Settings

pytestmark = pytest.mark.slow

PROGRAMS = Path(__file__).parent / "clients"
TOOLS = ROOT / ".venv" / "tools" / "bin"
PACKAGES = ROOT / "frontend" / "node_modules"


@pytest.fixture(scope="module")
def address(settings: Settings, engine: Engine) -> Iterator[str]:
    with live(create_app(settings, engine)) as running:
        yield "http://{}:{}".format(*running.address)


@pytest.fixture(scope="module")
def expected(get: Get) -> dict[str, Any]:
    """What the programs have to tell, asked without them."""
    found = get("entities", q="示例", has="penalty", page_size=4)
    company = found["hits"][0]["entity_id"]
    return {
        "hits": [hit["entity_id"] for hit in found["hits"]],
        "total": found["total"],
        "name": found["hits"][0]["name"],
        "records": [record["record_id"] for record in get(f"entities/{company}/records")["hits"]],
        "all_records": get("records", page_size=1)["total"],
        "error": [404, "urn:xincha:problem:not-found"],
    }


def run(*command: str | Path, **environment: str) -> str:
    """What a program prints; where it fails, what it said."""
    done = subprocess.run(  # noqa: S603
        list(map(str, command)), capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout, done.stdout
    return done.stdout


def test_the_client_that_openapi_python_client_makes(address: str, expected: dict[str, Any], tmp_path: Path) -> None:
    if not (TOOLS / "openapi-python-client").is_file():
        pytest.skip("openapi-python-client is not installed: run `make .venv/.tools`")
    (tmp_path / "config.yaml").write_text("post_hooks: []\n")  # a formatter changes nothing that a program sees
    where = ("--url", f"{address}/api/v1/openapi.json", "--output-path", tmp_path / "client")
    run(TOOLS / "openapi-python-client", "generate", *where, "--meta", "none", "--config", tmp_path / "config.yaml")
    told = run(TOOLS / "python", PROGRAMS / "ask.py", address, PYTHONPATH=str(tmp_path))
    assert json.loads(told) == expected


def test_the_client_that_openapi_typescript_makes(address: str, expected: dict[str, Any], tmp_path: Path) -> None:
    if not (PACKAGES / "openapi-fetch").is_dir():
        missing("XINCHA_CHROMIUM", "the page's packages are not installed: run `make frontend/dist/index.html`")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # Node may have come with a wheel
    (tmp_path / "node_modules").symlink_to(PACKAGES)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    shutil.copy(PROGRAMS / "ask.ts", tmp_path)
    types = tmp_path / "schema.ts"
    run(PACKAGES / ".bin" / "openapi-typescript", f"{address}/api/v1/openapi.json", "--output", types, PATH=path)
    how = ["--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext", "--lib", "es2023,dom"]
    run(PACKAGES / ".bin" / "tsc", *how, tmp_path / "ask.ts", PATH=path)
    assert json.loads(run("node", tmp_path / "ask.js", address, PATH=path)) == expected
