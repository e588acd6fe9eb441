"""`xincha publish` and `xincha clean` beside a publish that several machines write."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from indexer.lake import Lake
from indexer.part_plan import PartFolder, PartPlan
from tests.cli.conftest import Environment, environment_of, result, xincha
from xincha.settings import Settings


@pytest.fixture
def begun(loaded: Environment, tmp_path: Path) -> Environment:
    """What was loaded, in another folder, with a publish in two parts under way."""
    settings = Settings(data=tmp_path / "data")
    copytree(Settings(data=Path(loaded["XINCHA_DATA"])).lake, settings.lake)
    folder = PartFolder.of(settings)
    folder.empty()
    folder.begin(PartPlan(2, "2026-03-01", "", "", {}, {}, {}, {}))
    return environment_of(settings.data)


@pytest.mark.parametrize("command", [["publish"], ["publish", "--full"], ["clean"]])
def test_what_is_under_way_is_neither_overtaken_nor_lost(begun: Environment, command: list[str]) -> None:
    before = Lake(Path(begun["XINCHA_DATA"]) / "lake").snapshot().versions
    done = xincha(begun, *command)
    assert done.returncode == 2
    assert "in 2 parts is under way (0 written)" in done.stderr
    assert "--finish" in done.stderr
    assert "--give-up" in done.stderr
    assert Lake(Path(begun["XINCHA_DATA"]) / "lake").snapshot().versions == before


def test_once_it_is_over_there_is_a_publish_as_ever(begun: Environment) -> None:
    PartFolder(Path(begun["XINCHA_DATA"]) / "parts").empty()
    assert result(begun, "publish")["mode"] == "full"
