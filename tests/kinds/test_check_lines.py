"""What was checked and what came of it, as lines: where a file says them together, from files to answers."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from indexer.clean import clean
from indexer.lake import Lake
from indexer.load import load
from indexer.publish import publish
from xincha.days import today
from xincha.engine.open import open_engine
from xincha.engine.query import MatchAll, Request
from xincha.settings import Settings

NAME = "厦门示例澜汀餐饮管理有限公司"
ITEM, OTHER = "登记事项检查", "公示信息检查"
CLEAR, AWAY = "未发现问题", "通过登记的住所（经营场所）无法联系"
BASE = {
    "企业名称": NAME,
    "检查实施机关": "示例市市场监督管理局",
    "抽查检查日期": "2026-03-05",
    "抽查任务编号": "示例任务一",
}
Line = tuple[str | None, str, str | None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", page=tmp_path / "none", workers=1, index_threads=1, index_memory_mb=32)


def loaded(settings: Settings, *rows: Mapping[str, str], name: str = "抽查.csv") -> None:
    path = settings.data.parent / name
    head = [*dict.fromkeys(key for row in rows for key in row)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([head, *([row.get(key, "") for key in head] for row in rows)])
    load([path], settings)


def lines_of(settings: Settings) -> list[list[Line]]:
    rows = Lake(settings.lake).snapshot().scan("spot_checks").sort("source_row").collect().to_dicts()
    return [[(line["item"], line["result"], line["result_code"]) for line in row["lines"] or ()] for row in rows]


def details(*pairs: tuple[str, str]) -> str:
    lines: Sequence[Mapping[str, Any]] = [
        {"seqno": number, "raninsItemName": item, "raninsCheckResName": result}
        for number, (item, result) in enumerate(pairs, 1)
    ]
    return json.dumps(lines, ensure_ascii=False)


def test_the_details_of_gsxt_are_lines(settings: Settings) -> None:
    loaded(settings, {**BASE, "details": details((ITEM, CLEAR), (OTHER, AWAY), ("示例事项", CLEAR))})
    ((first, second, third),) = lines_of(settings)
    assert [first[:2], second[:2], third[:2]] == [(ITEM, CLEAR), (OTHER, AWAY), ("示例事项", CLEAR)]
    assert first[2] == third[2] is not None
    assert second[2] not in (None, first[2])


def test_rows_of_one_item_each_are_the_lines_of_one_check(settings: Settings) -> None:
    rows = [{**BASE, "抽查事项": item, "抽查检查结果": result} for item, result in ((ITEM, CLEAR), (OTHER, AWAY))]
    loaded(settings, *rows, {**rows[0], "抽查事项": "示例事项"})
    ((first, second, third),) = lines_of(settings)
    assert [first[:2], second[:2], third[:2]] == [(ITEM, CLEAR), (OTHER, AWAY), ("示例事项", CLEAR)]
    loaded(settings, {**BASE, "抽查事项": "又一事项", "抽查检查结果": "示例另一结果"}, name="后.csv")
    assert lines_of(settings)[0][3:] == [("又一事项", "示例另一结果", None)]


@pytest.mark.parametrize(
    ("row", "lines"),
    [
        ({"抽查事项": ITEM, "抽查检查结果": f"{CLEAR}；{AWAY}"}, [(ITEM, CLEAR), (ITEM, AWAY)]),
        ({"抽查事项": f"{ITEM}；{OTHER}", "抽查检查结果": f"{CLEAR}；{AWAY}"}, []),  # which is of which nobody says
        ({"抽查事项": f"{ITEM}；{OTHER}", "抽查检查结果": CLEAR}, []),
        ({"抽查检查结果": CLEAR}, []),
        ({"抽查事项": ITEM}, []),
        ({"details": "不是明细"}, []),
        ({"details": details((ITEM, ""))}, []),
        ({"details": details(("", CLEAR), (ITEM, CLEAR))}, [(None, CLEAR), (ITEM, CLEAR)]),
        ({"抽查事项": ITEM, "抽查结果代码": "1", "结果代码表": "浙江2017"}, [(ITEM, CLEAR)]),
    ],
)
def test_what_is_not_said_together_makes_no_lines(
    settings: Settings, row: Mapping[str, str], lines: list[tuple[str | None, str]]
) -> None:
    loaded(settings, {**BASE, **row})
    assert [line[:2] for line in lines_of(settings)[0]] == lines


def test_answers_exports_and_masks_have_them(settings: Settings) -> None:
    note = "联系人电话13905921234"
    day = (today() - timedelta(days=30)).isoformat()
    row = {**BASE, "抽查检查日期": day}
    loaded(settings, {**row, "details": details((ITEM, CLEAR), (f"{OTHER}（{note}）", "示例其他结果"))})
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
        with TestClient(create_app(settings, engine)) as client:
            (hit,) = client.get("/api/v1/records").json()["hits"]
            assert [set(line) for line in hit["lines"]] == [{"item", "result", "result_code"}] * 2
            assert [line["result"] for line in hit["lines"]] == [CLEAR, "示例其他结果"]
            assert hit["lines"][1]["result_code"] is None
            assert "13905921234" not in json.dumps(hit)
            (exported,) = client.get("/api/v1/export/records.ndjson").text.splitlines()
            assert json.loads(exported)["lines"] == hit["lines"]
            table = client.get("/api/v1/export/records.csv?kind=spot_check").content.decode("utf-8-sig")
            (told,) = csv.DictReader(table.splitlines()[: len(table.splitlines())])
            assert told["抽查事项与结果"].startswith(f"{ITEM}，{CLEAR}")


def test_of_a_person_they_go_when_the_lake_is_cleaned(settings: Settings) -> None:
    loaded(settings, {**BASE, "企业名称": "林拟隐", "抽查事项": ITEM, "抽查检查结果": AWAY, "修复日期": "2026-05-01"})
    assert clean(settings, day=today() + timedelta(days=400)).blanked == {"spot_check": 1}
    assert lines_of(settings) == [[]]


def test_a_person_is_named_in_no_list_and_no_line(settings: Settings) -> None:
    name = "示大明"
    row = {**BASE, "details": details((f"对{name}的检查", f"{name}：{CLEAR}"))}
    loaded(settings, {**row, "企业名称": name})
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
        hits = engine.search("records", Request(MatchAll(), size=10)).hits
        told = [hit.source.decode() for hit in hits]
        assert told
        assert not any(name in text for text in told)
