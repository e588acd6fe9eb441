"""Searches after public reports: codes with signs around, signs alone, and pinyin as people type it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.search.register import TODAY, entity
from xincha.engine.embedded.engine import EmbeddedEngine
from xincha.search.questions import EntitySearch, EntitySelection, RecordSelection
from xincha.search.service import Searcher

_NAMED = "厦门珍醇酿酒有限公司"
_OTHERS = ("厦门绿友旅游有限公司", "厦门绿色果园有限公司", "厦门中商鞋业有限公司", "厦门路瑟贸易有限公司")


def queries(shared: Path, case: str) -> list[str]:
    asked: list[str] = json.loads((shared / "cases" / "public" / f"{case}.json").read_text("utf-8"))["q"]
    return asked


@pytest.fixture(scope="module")
def searcher(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Some of the published registrations of Xiamen, and names that are read as what is typed."""
    with (shared / "data" / "registry" / "xiamen.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for at, row in enumerate(csv.DictReader(file)) if at < 200 or row["企业名称"] == _NAMED]
    documents = [entity(number, row["企业名称"], uscc=row["统一社会信用代码"]) for number, row in enumerate(rows, 1)]
    for document, row in zip(documents, rows, strict=True):
        document["uscc"] = row["统一社会信用代码"]
    documents += [entity(900 + number, name) for number, name in enumerate(_OTHERS)]
    with closing(EmbeddedEngine(tmp_path_factory.mktemp("index"), threads=1, memory_mb=32)) as engine:
        engine.switch([engine.build("entities", documents, note={}), engine.build("records", [], note={})])
        yield Searcher(engine, today=lambda: TODAY)


def names(searcher: Searcher, q: str) -> list[object]:
    return [hit["name"] for hit in searcher.entities.page(EntitySearch(q=q)).hits]


def test_a_code_is_found_whatever_stands_around_it(shared: Path, searcher: Searcher) -> None:
    for q in queries(shared, "15_code_with_punctuation"):
        assert names(searcher, q) == [_NAMED], q


def test_signs_alone_find_nothing_and_export_nothing(shared: Path, searcher: Searcher) -> None:
    for q in queries(shared, "16_query_of_nothing"):
        page = searcher.entities.page(EntitySearch(q=q))
        assert (page.total, page.hits, len(page.notes)) == (0, [], 1), q
        assert searcher.entities.all(EntitySelection(q=q)).total == 0
        assert searcher.records.all(RecordSelection(q=q)).total == 0


def test_pinyin_is_found_as_people_type_it(shared: Path, searcher: Searcher) -> None:
    found = [names(searcher, q)[0] for q in queries(shared, "19_typed_pinyin")]
    assert found[0] == _OTHERS[0]
    assert {str(name)[2:4] for name in found[1:2]} <= {"绿色", "路瑟"}
    assert found[2] == _OTHERS[2]
