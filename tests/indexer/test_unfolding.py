"""What a small file unfolds to is bounded before it is made: in a process that may hold little more than it needs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from indexer import workers
from indexer.lake import Lake
from indexer.lists import open_list
from indexer.load import load
from indexer.read import Limits
from indexer.read.files import open_tables
from tests.indexer import unfolding
from xincha.errors import UnreadableFile
from xincha.settings import Settings

pytestmark = pytest.mark.slow

MEMORY = 1200 << 20
SMALL = Limits(max_cells=8_000_000, max_text=128 << 20, max_unpacked=256 << 20, max_memory=512 << 20)


@pytest.fixture(scope="module")
def limited() -> Iterator[ProcessPoolExecutor]:
    """A process that dies where a reader takes more than a small file may."""
    with workers.limited(MEMORY, 300) as pool:
        yield pool


def counted(path: Path, limits: Limits) -> tuple[int, int]:
    """Rows of all tables, those that were rejected among them; how many were rejected."""
    read = rejected = 0
    for table in open_tables(path, limits):
        for batch in table.batches:
            read += batch.rows_read
            rejected += batch.rejects.height
    return read, rejected


@pytest.mark.parametrize("name", unfolding.FILES)
def test_a_file_that_unfolds_beyond_the_limits_is_refused_with_its_name(
    tmp_path: Path, limited: ProcessPoolExecutor, name: str
) -> None:
    says, make = unfolding.FILES[name]
    make(tmp_path / name)
    assert (tmp_path / name).stat().st_size < 4 << 20
    with pytest.raises(UnreadableFile, match=says) as refused:
        limited.submit(counted, tmp_path / name, SMALL).result()
    assert str(refused.value).startswith(f"{name}: ")
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("name", ["shared.xlsx", "dictionary.parquet", "lists.parquet", "columns.csv", "keys.jsonl"])
def test_a_list_that_unfolds_is_refused_too(tmp_path: Path, limited: ProcessPoolExecutor, name: str) -> None:
    says, make = unfolding.FILES[name]
    make(tmp_path / name)
    with pytest.raises(UnreadableFile, match=says):
        limited.submit(open_list, tmp_path / name, tmp_path / "rows", None, 100_000).result()


def test_long_texts_that_many_rows_name_are_read_a_few_rows_at_a_time(
    tmp_path: Path, limited: ProcessPoolExecutor
) -> None:
    unfolding.dictionary(tmp_path / "a.parquet", 1_000, 100_000)
    limits = Limits(batch_text=4 << 20)
    assert limited.submit(counted, tmp_path / "a.parquet", limits).result() == (1_000, 0)
    [table] = open_tables(tmp_path / "a.parquet", limits)
    first = next(table.batches).frame
    assert first.height < 20
    assert first["备注"].str.len_bytes().to_list() == [300_000] * first.height


def test_a_parquet_list_keeps_its_types_where_its_batches_are_cut(tmp_path: Path) -> None:
    rows = pl.DataFrame(
        {"名称": [unfolding.NAME] * 50, "备注": ["甲" * 1_000] * 50, "号": range(50), "表": [["a", "b"]] * 50}
    )
    rows.write_parquet(tmp_path / "a.parquet")
    listed = open_list(tmp_path / "a.parquet", tmp_path / "rows", limits=Limits(batch_text=20_000))
    cells = pl.concat([pl.DataFrame(pl.from_arrow(batch)) for batch in listed.typed()])
    assert cells.equals(rows)


def test_styled_cells_without_a_value_do_not_count(tmp_path: Path) -> None:
    first = f'<row r="1">{unfolding.text("A1", "名称")}</row>'
    second = f'<row r="2">{unfolding.text("A2", "示例")}<c r="XFD2" s="1"/></row>'
    rows = f'{first}{second}<row r="1048576"><c r="A1048576" s="1"/></row>'
    unfolding.workbook(tmp_path / "a.xlsx", unfolding.sheet(rows))
    assert counted(tmp_path / "a.xlsx", Limits()) == (1, 0)


def test_pictures_and_other_parts_of_a_workbook_are_no_sheets(tmp_path: Path) -> None:
    import zipfile

    pl.DataFrame({"名称": [unfolding.NAME]}).write_excel(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a") as book:
        book.writestr("xl/media/image1.png", b"\x89PNG\r\n\x1a\n")
        book.writestr("xl/media/image2.svg", '<!DOCTYPE svg PUBLIC "a" "b"><svg><row r="x"/></svg>')
        book.writestr("customXml/item1.xml", '<a><row r="x"/><c r="?"/><v/></a>')
    assert counted(tmp_path / "a.xlsx", Limits()) == (1, 0)


def test_a_spreadsheet_saved_with_delimiters_to_its_last_column_is_read(tmp_path: Path) -> None:
    tail = "," * 16_382
    (tmp_path / "a.csv").write_text(f"企业名称,住所{tail}\n示例甲公司,厦门{tail}\n示例乙公司,厦门\n", "utf-8")
    assert counted(tmp_path / "a.csv", Limits()) == (2, 0)


@pytest.mark.parametrize(
    "inner", ['[{"b":' * 15 + "1" + "}]" * 15, "[" * 1_000 + "]" * 1_000, '{"a":1,"b":' * 300 + "1" + "}" * 300]
)
def test_a_line_of_nested_brackets_costs_that_line(tmp_path: Path, inner: str) -> None:
    good = '{"企业名称": "示例甲公司", "成立日期": ["2018-03-05"]}\n'
    (tmp_path / "a.jsonl").write_text(good + f'{{"企业名称": {inner}}}\n' + good, "utf-8")
    read, rejected = counted(tmp_path / "a.jsonl", Limits())
    assert (read, rejected) == (3, 0 if len(inner) < 300 else 1)


def test_many_columns_of_one_name_are_numbered(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(",".join(["名称", "名称#2", *["名称"] * 1_500]) + "\n", "utf-8")
    [table] = open_tables(tmp_path / "a.csv")
    assert table.header[:4] == ("名称", "名称#2", "名称#3", "名称#4")
    assert len(set(table.header)) == 1_502


def test_many_values_in_one_row_are_counted(tmp_path: Path) -> None:
    pq.write_table(pa.table({"名称": [unfolding.NAME], "a": [["x"] * 10_000]}), tmp_path / "a.parquet")
    with pytest.raises(UnreadableFile, match="单元格"):
        counted(tmp_path / "a.parquet", Limits(max_cells=9_000))
    assert counted(tmp_path / "a.parquet", Limits(max_cells=11_000)) == (1, 0)


def test_a_load_refuses_it_and_one_bad_line_costs_that_line(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", workers=1)
    unfolding.FILES["two-cells.xlsx"][1](tmp_path / "two-cells.xlsx")
    with pytest.raises(UnreadableFile, match=r"two-cells.xlsx: .*单元格"):
        load([tmp_path / "two-cells.xlsx"], settings)
    assert Lake(settings.lake).snapshot().batch_id is None
    good = '{"企业名称": "鹭岛示例甲有限公司", "登记状态": "存续", "成立日期": "2018-03-05"}\n'
    bad = f'{{"企业名称": "鹭岛示例乙有限公司", "登记状态": {"[" * 1_000 + "]" * 1_000}}}\n'
    (tmp_path / "a.jsonl").write_text(good + bad, "utf-8")
    (report,) = load([tmp_path / "a.jsonl"], settings).files
    assert (report.rows_read, report.kept, report.rejected) == (2, 1, 1)


@pytest.mark.parametrize(
    "of",
    [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string()), pa.binary()],
    ids=str,
)
def test_texts_of_every_kind_are_read_and_kept(tmp_path: Path, of: pa.DataType) -> None:
    texts = pa.array([unfolding.NAME, None, "示例乙公司"])
    plain = texts.dictionary_encode() if pa.types.is_dictionary(of) else texts.cast(of)
    lists = pa.array([["甲", "乙"], None, []], pa.list_(pa.string() if pa.types.is_dictionary(of) else of))
    pq.write_table(pa.table({"名称": texts, "备注": plain, "表": lists}), tmp_path / "a.parquet")
    [table] = open_tables(tmp_path / "a.parquet")
    rows = pl.concat([batch.frame for batch in table.batches])
    assert rows["备注"].to_list() == [unfolding.NAME, "示例乙公司"]
    assert rows["表"].to_list() == ["甲；乙", None]
    listed = open_list(tmp_path / "a.parquet", tmp_path / "rows")
    assert [row.cells["备注"] for batch in listed.batches() for row in batch] == [unfolding.NAME, "示例乙公司"]
    assert [batch.num_rows for batch in listed.typed()] == [2]
