"""Whole results as files: all rows, counted, safe in spreadsheets, with their sources; nothing the law withholds."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, get_args
from urllib.parse import unquote

import fastexcel
import httpx2
import orjson
import pytest
from fastapi.testclient import TestClient

from xincha.kinds import KINDS
from xincha.search import answers
from xincha.search.export.columns import columns

pytestmark = pytest.mark.slow

Get = Callable[..., Any]
Exported = Callable[..., httpx2.Response]

BOM = "\ufeff"


@pytest.fixture(scope="session")
def exported(client: TestClient) -> Exported:
    """An export that must succeed, whole."""

    def call(name: str, **parameters: object) -> httpx2.Response:
        answer = client.get(f"/api/v1/export/{name}", params=parameters)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        return answer

    return call


def lines(answer: httpx2.Response) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in answer.content.splitlines()]


def table(answer: httpx2.Response) -> list[dict[str, str]]:
    text = answer.content.decode()
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


def sheet(answer: httpx2.Response) -> list[dict[str, Any]]:
    book = fastexcel.read_excel(answer.content)
    assert len(book.sheet_names) == 1
    found: list[dict[str, Any]] = book.load_sheet(0, dtypes="string").to_polars().to_dicts()
    return found


def walked(get: Get, address: str, **parameters: object) -> Iterator[dict[str, Any]]:
    """Every hit of a search, page after page."""
    cursor = None
    while True:
        page = get(address, page_size=100, **parameters, **({"cursor": cursor} if cursor else {}))
        yield from page["hits"]
        cursor = page["cursor"]
        if cursor is None:
            return


SEARCHES: list[dict[str, object]] = [
    {},
    {"q": "示例"},
    {"q": "厦门", "status": ["存续", "注销"]},
    {"sort": "-capital_cny"},
    {"q": "示例", "sort": "established_on", "has": "penalty"},
    {"established_from": "2010-01-01", "established_to": "2019-12-31"},
    {"q": "没有这样一家"},
]


@pytest.mark.parametrize("search", SEARCHES, ids=str)
def test_an_export_holds_what_the_search_finds_in_its_order(
    get: Get, exported: Exported, search: dict[str, object]
) -> None:
    answer = exported("entities.ndjson", **search)
    found = [hit["entity_id"] for hit in walked(get, "entities", **search)]
    assert [row["entity_id"] for row in lines(answer)] == found
    assert answer.headers["x-total-count"] == str(len(found))


@pytest.mark.parametrize(
    "search",
    [{}, {"q": "虚假宣传"}, {"kind": ["penalty", "abnormal"]}, {"sort": "-fine_cny"}, {"link": "none"}],
    ids=str,
)
def test_records_are_exported_as_they_may_be_found_and_no_others(
    get: Get, exported: Exported, search: dict[str, object]
) -> None:
    answer = exported("records.ndjson", **search)
    found = [hit["record_id"] for hit in walked(get, "records", **{"sort": "-happened_on", **search})]
    assert found
    assert [row["record_id"] for row in lines(answer)] == found
    assert answer.headers["x-total-count"] == str(len(found))


@pytest.mark.parametrize("kind", ["csv", "ndjson", "xlsx"])
@pytest.mark.parametrize("index", ["entities", "records"])
def test_every_kind_of_file_holds_as_many_rows_as_are_announced(exported: Exported, index: str, kind: str) -> None:
    answer = exported(f"{index}.{kind}")
    rows = {"csv": table, "ndjson": lines, "xlsx": sheet}[kind](answer)
    total = answer.headers["x-total-count"]
    assert len(rows) == int(total) > 100
    name = unquote(answer.headers["content-disposition"].rpartition("''")[2])
    assert re.fullmatch(rf"信查(市场主体|公示记录)_\d{{4}}-\d\d-\d\d_{total}条\.{kind}", name)
    assert answer.headers["cache-control"] == "private, no-store"


def test_a_line_is_what_the_api_says_of_the_entity(get: Get, exported: Exported) -> None:
    rows = lines(exported("entities.ndjson", q="示例", has="penalty"))
    assert rows
    for row in rows[:20]:
        entity = get(f"entities/{row['entity_id']}")
        assert set(row) == set(entity) - {"as_of", "known_from", "summary", "sentences", "risks", "changes", "coverage"}
        assert row.items() <= entity.items()


OF_ANSWERS = {
    "headline",
    "highlights",
    "document_ids",
    "texts",
    "text_of",
    "related",
    "sections",
    "articles",
    "powers",
    "rule_articles",
}
OF_ANSWERS |= {"possibly_led_to", "possibly_after"}
"""What answers say beside the facts of a record."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_is_what_the_api_says_of_the_record(get: Get, exported: Exported, kind: str) -> None:
    for row in lines(exported("records.ndjson", kind=kind))[:20]:
        record = get(f"records/{row['record_id']}")
        assert {key: record[key] for key in record if key not in OF_ANSWERS} == row


def test_columns_are_those_of_the_models_of_the_api() -> None:
    models: dict[str, Any] = {"entities": answers.Entity}
    for model in get_args(get_args(answers.Record)[0]):
        models[get_args(model.model_fields["kind"].annotation)[0]] = model
    assert models.keys() == {"entities", *KINDS}
    for name, model in models.items():
        declared = columns("entities") if name == "entities" else columns("records", [name])
        only_there = {"as_of", "known_from", "summary", "sentences", "risks", "changes", "coverage"} | OF_ANSWERS
        assert {column.key.partition(".")[0] for column in declared} == set(model.model_fields) - only_there
        assert len({column.head for column in declared}) == len(declared)


def test_each_row_of_a_table_names_its_source(get: Get, exported: Exported) -> None:
    for row in table(exported("entities.csv", q="示例"))[:10]:
        entity = get(f"entities/{row['主体编号'].strip()}")
        origin = entity["origin"]
        assert (row["来源文件"], row["来源行"]) == (origin["file"], str(origin["row"]))
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row["加载时间"])
        for fact in entity["carried"]:
            assert f"{fact['file']} 第 {fact['row']} 行" in row["沿用较早文件的事项"]
    assert any(row["沿用较早文件的事项"] for row in table(exported("entities.csv")))


def test_tables_of_one_kind_of_record_have_its_columns_only(exported: Exported) -> None:
    head = set(table(exported("records.csv", kind="penalty"))[0])
    assert {"处罚内容", "公示依据", "来源行"} <= head
    assert not {"列入原因", "抽查结果"} & head
    assert {"处罚内容", "列入原因", "抽查结果"} <= set(table(exported("records.csv"))[0])
    assert {row["记录类别"] for row in table(exported("records.csv"))} == {kind.title for kind in KINDS.values()}


@pytest.mark.slow
def test_the_tables_say_the_same_as_the_lines(exported: Exported) -> None:
    told = lines(exported("entities.ndjson", q="示例"))
    for row, cells, cells_too in zip(
        told, table(exported("entities.csv", q="示例")), sheet(exported("entities.xlsx", q="示例")), strict=True
    ):
        assert cells["名称"] == cells_too["名称"] == row["name"]
        assert (cells["注册号"].strip() or None) == cells_too["注册号"] == row["reg_no"]
        assert (cells["住所"] or None) == cells_too["住所"] == row["address"]
        assert (cells["成立日期"] or None) == row["established_on"]
        assert int(cells["行政处罚（次）"]) == int(float(cells_too["行政处罚（次）"])) == row["counts"]["penalty"]


def test_long_digits_stay_text(exported: Exported) -> None:
    numbered = [row for row in table(exported("entities.csv")) if row["注册号"]]
    assert numbered
    assert all(re.fullmatch(r"[0-9]{13,15}\t", row["注册号"]) for row in numbered)
    workbook = zipfile.ZipFile(io.BytesIO(exported("entities.xlsx").content))
    cells = workbook.read("xl/worksheets/sheet1.xml").decode()
    number = numbered[0]["注册号"].strip()
    assert f">{number}</t>" in cells
    assert f"<v>{number}</v>" not in cells


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("entities.csv?page_size=5", "page_size"),
        ("entities.csv?cursor=x", "cursor"),
        ("entities.csv?status=好", "status"),
        ("records.xlsx?fine_from=9&fine_to=1", "fine_from"),
        ("entities.pdf", "kind"),
        ("records.parquet", "kind"),
    ],
)
def test_what_cannot_be_exported_is_said(client: TestClient, name: str, parameter: str) -> None:
    answer = client.get(f"/api/v1/export/{name}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert parameter in {each["name"] for each in answer.json()["parameters"]}
