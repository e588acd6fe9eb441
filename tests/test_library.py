"""Xincha from Python: what its documents show runs as it stands."""

from __future__ import annotations

import doctest
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import xincha
import xincha.library
from xincha.errors import BadParameters
from xincha.settings import ROOT


def test_what_the_documents_show_runs(fictional_folder: Path) -> None:
    given = {"data": fictional_folder / "data"}
    shown = doctest.testmod(xincha.library, extraglobs=given)
    assert (shown.failed, shown.attempted > 5) == (0, True)
    page = doctest.testfile(str(ROOT / "docs" / "library.md"), module_relative=False, globs=given)
    assert (page.failed, page.attempted > 2) == (0, True)


def test_pages_filters_and_days_are_those_of_the_api(fictional_folder: Path) -> None:
    with xincha.open(fictional_folder / "data") as register:
        found, cursor = list[str](), None
        while not found or cursor:
            page = register.records(
                kind=["penalty", "abnormal"], happened_from=date(2020, 1, 1), page_size=100, cursor=cursor
            )
            found += [hit["record_id"] for hit in page.hits]
            cursor = page.cursor
        assert len(set(found)) == len(found) == page.total
        assert register.record(found[0])["record_id"] == found[0]
        with pytest.raises(BadParameters):
            register.find("示例", colour="red")


def test_importing_it_opens_and_imports_nothing_heavy() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, xincha; print({'polars', 'tantivy', 'xincha.search', 'pydantic'} & set(sys.modules))",
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    assert told.stdout == "set()\n"
