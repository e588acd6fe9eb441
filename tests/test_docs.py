"""The documents say what the program does."""

from __future__ import annotations

import importlib.util
import re
from types import ModuleType

import pytest
import typer.main

from xincha import cli
from xincha.settings import ROOT


def _tables() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tables", ROOT / "docs" / "tables.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TABLES = _tables()
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("*/README.md")]


@pytest.mark.parametrize("page", TABLES.PAGES)
def test_generated_tables_are_those_of_the_program(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert TABLES.renew(text) == text, "make docs"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_link_to_files_that_exist(path: object) -> None:
    from pathlib import Path

    assert isinstance(path, Path)
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_commands_of_the_readme_exist() -> None:
    group = typer.main.get_command(cli.app)
    known = set(getattr(group, "commands", {}))
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|/bin/|`)xincha ([a-z]+)", text, flags=re.MULTILINE))
    assert named
    assert named <= known


def test_make_targets_of_the_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for path in DOCUMENTS:
        for named in re.findall(r"(?:^|`)make ([a-z-]+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            assert named in targets, (path.name, named)
