"""What portals and other systems export: HTML and text under `.xls`, and JSON of one value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.read import Limits, Skipped
from indexer.read.files import open_tables
from xincha.errors import UnreadableFile

pytestmark = pytest.mark.slow

ROW = {"企业名称": "厦门示例岚桥贸易有限公司", "统一社会信用代码": "91350203YYY770016A", "登记状态": "存续"}
OTHER = {"企业名称": "厦门示例云礁食品有限公司", "统一社会信用代码": "91350203YYY7700245", "登记状态": "存续"}
Rows = list[dict[str, object]]


def read(path: Path, limits: Limits | None = None) -> dict[str, Rows]:
    """Table → rows, without what is blank and the numbers of rows."""
    return {
        table.source_file: [
            {k: v for k, v in row.items() if v is not None and k not in ("source_row", "line")}
            for batch in table.batches
            for row in batch.frame.rows(named=True)
        ]
        for table in open_tables(path, limits)
    }


HTML = (
    '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="{charset}">'
    "<style>td {{x:y}}</style></head><body>"
    "<table><tr><th>企业名称</th><th>统一社会信用代码<th>登记状态</tr>"
    "<tr><td>厦门示例岚桥<b>贸易</b>有限公司</td><td x:str>91350203YYY770016A</td><td>存续</td></tr>"
    "<tr><td>厦门示例云礁食品有限公司<br/></td><td>91350203YYY7700245&nbsp;<td>存续</table></body></html>"
)


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx"])
@pytest.mark.parametrize(
    ("charset", "before"),
    [
        ("utf-8", b""),
        ("gb18030", b""),
        ("utf-8-sig", b""),
        ("utf-16", b""),
        ("utf-8", b"<!DOCTYPE html>\n<!-- x -->\n"),
    ],
)
def test_a_page_under_the_name_of_a_workbook_is_read(tmp_path: Path, name: str, charset: str, before: bytes) -> None:
    (tmp_path / name).write_bytes(before + HTML.format(charset=charset).encode(charset))
    assert read(tmp_path / name) == {name: [ROW, OTHER]}


def test_spans_of_a_page_are_merged_cells(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text(
        "<table><tr><td colspan=4>示例市公示表</td></tr>"
        "<tr><td rowspan=2>文号</td><td colspan=2>行政相对人</td><td rowspan=2>处罚内容</td></tr>"
        "<tr><td>名称</td><td>代码</td></tr>"
        "<tr><td>示1号</td><td rowspan=2>厦门示例岚桥贸易有限公司</td><td rowspan=2>91350203YYY770016A</td>"
        "<td>罚款</td></tr>"
        "<tr><td>示2号</td><td>警告</td></tr></table>",
        "utf-8",
    )
    party = {"行政相对人名称": ROW["企业名称"], "行政相对人代码": ROW["统一社会信用代码"]}
    assert read(tmp_path / "a.xls")["a.xls"] == [
        {"文号": "示1号", **party, "处罚内容": "罚款"},
        {"文号": "示2号", **party, "处罚内容": "警告"},
    ]


def test_each_table_of_a_page_is_one_and_what_lies_around_them_none(tmp_path: Path) -> None:
    table = "<table><tr><td>企业名称<td>登记状态<tr><td>{}<td>存续</table>"
    page = f"<table><tr><td>{table.format('示例甲公司')}</td></tr></table><p>示例</p>{table.format('示例乙公司')}"
    (tmp_path / "a.xls").write_text(page, "utf-8")
    assert [rows[0]["企业名称"] for rows in read(tmp_path / "a.xls").values()] == ["示例甲公司", "示例乙公司"]


@pytest.mark.parametrize(
    ("page", "limits", "says"),
    [
        ("<html><p>无权访问</p></html>", Limits(), "工作簿中没有内容"),
        ("<table><tr>" + "<td>x" * 50, Limits(max_columns=40), "最多 40 列"),
        ("<table><tr>" + "<td colspan=99999999999>x" * 5, Limits(), "列,?，?最多"),
        ("<table>" + "<tr><td colspan=900>x" * 100, Limits(max_cells=50_000), "最多 50,000 个"),
        ("<table>" + "<tr><td rowspan=900>x" * 100, Limits(max_merged=50), "合并的单元格超过 50 处"),
        ("<table>" + "<tr><td>示例" * 100_000, Limits(max_text=1 << 20), "展开后的文字超过 1 MiB"),
    ],
)
def test_pages_are_bounded(tmp_path: Path, page: str, limits: Limits, says: str) -> None:
    (tmp_path / "a.xls").write_text(page, "utf-8")
    with pytest.raises(UnreadableFile, match=says):
        read(tmp_path / "a.xls", limits)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize(("name", "delimiter"), [("a.xls", "\t"), ("a.xlsx", ",")])
def test_text_under_the_name_of_a_workbook_is_read(tmp_path: Path, name: str, delimiter: str, encoding: str) -> None:
    lines = [delimiter.join(map(str, row)) for row in (ROW, ROW.values(), OTHER.values())]
    (tmp_path / name).write_text("\r\n".join(lines), encoding)
    assert read(tmp_path / name) == {name: [ROW, OTHER]}


@pytest.mark.parametrize(
    "content", [b"no workbook", b'<?xml version="1.0"?><Workbook>\n</Workbook>', bytes(range(256))]
)
def test_what_is_neither_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(UnreadableFile, match="不是工作簿"):
        read(tmp_path / "a.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    "value",
    [
        [ROW, OTHER],
        {"code": 0, "msg": "ok", "data": {"total": 2, "list": [ROW, OTHER]}},
        {"result": [ROW, OTHER], "rows": [{"x": 1}]},
    ],
)
def test_the_objects_of_an_array_are_rows(tmp_path: Path, value: object, indent: int | None, encoding: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps(value, ensure_ascii=False, indent=indent), encoding)
    assert read(tmp_path / "a.json") == {"a.json": [ROW, OTHER]}


def test_lines_of_objects_are_rows_under_either_name(tmp_path: Path) -> None:
    text = "\n".join(
        json.dumps({**row, "结果": [{"项": "甲"}, {"项": "乙"}]}, ensure_ascii=False) for row in (ROW, OTHER)
    )
    for name in ("a.json", "a.jsonl"):
        (tmp_path / name).write_text(text, "utf-8")
        assert read(tmp_path / name) == {name: [{**ROW, "结果": "甲；乙"}, {**OTHER, "结果": "甲；乙"}]}


def test_what_is_no_object_in_an_array_costs_itself(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([ROW, 1, None, {**OTHER, "x": [[[]]]}, [ROW]]), "utf-8")
    [table] = open_tables(tmp_path / "a.json", Limits(batch_rows=2))
    batches = list(table.batches)
    assert [code for batch in batches for code in batch.rejects["code"]] == ["not_an_object"] * 3
    assert [number for batch in batches for number in batch.frame["source_row"]] == [1, 4]


@pytest.mark.parametrize(
    ("text", "limits", "says"),
    [
        ("{}", Limits(), "没有由对象组成的数组|没有一行是 JSON 对象"),
        ("[1, 2]\n", Limits(), "没有由对象组成的数组|没有一行是 JSON 对象"),
        ('[{"企业名称": "示例甲公司"}, {"企业', Limits(), "第 1 个对象之后不是合法的 JSON"),
        ('[{"a": 1, "b": 2, "c": 3}]', Limits(max_columns=2), "最多 2 列"),
        (json.dumps([{str(n): n} for n in range(50)]), Limits(max_cells=100, cells_per_byte=0), "最多 100 个"),
        ('[\n{"a": "' + "x" * (17 << 20) + '"}]', Limits(), "一个对象超过 16 MiB"),
    ],
)
def test_json_is_bounded(tmp_path: Path, text: str, limits: Limits, says: str) -> None:
    (tmp_path / "a.json").write_text(text, "utf-8")
    with pytest.raises(UnreadableFile, match=says):
        read(tmp_path / "a.json", limits)


def test_json_of_another_use_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "示例", "resources": ["a.json"]}, indent=1), "utf-8")
    (tmp_path / "a.json").write_text(json.dumps([ROW]), "utf-8")
    skipped: list[Skipped] = []
    tables = [table.source_file for table in open_tables(tmp_path, on_skip=skipped.append)]
    assert (tables, [one.source_file for one in skipped]) == (["a.json"], ["datapackage.json"])
