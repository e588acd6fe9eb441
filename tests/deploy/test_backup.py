"""The lake alone brings everything back, by the commands that docs/operations.md gives."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest

from xincha.engine.open import open_engine
from xincha.settings import ROOT, Settings


def run(command: str, data: Path, folder: Path) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    told = os.environ | {"XINCHA_DATA": str(data), "XINCHA_WORKERS": "1", "PATH": path}
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=told, capture_output=True, text=True, check=False)  # noqa: S603, S607
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_a_lake_that_was_kept_is_published_on_another_machine(fictional_folder: Path, tmp_path: Path) -> None:
    block = re.search(
        r"```sh\n(tar .+\n)(tar .+\n)(xincha publish)\n```", (ROOT / "docs" / "operations.md").read_text()
    )
    assert block
    keep, restore, again = block.groups()
    here, there = tmp_path / "here", tmp_path / "there"
    settings = Settings(data=here, workers=1)
    copytree(fictional_folder / "data", here)
    with closing(open_engine(settings)) as engine:
        documents = {name: index.documents for name, index in engine.status().indices.items()}
    there.mkdir()
    run(keep, here, tmp_path)
    run(restore, there, tmp_path)
    run(again, there, tmp_path)
    with closing(open_engine(settings.model_copy(update={"data": there}))) as engine:
        status = engine.status()
    assert status.ready
    assert {name: index.documents for name, index in status.indices.items()} == documents
