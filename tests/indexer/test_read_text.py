"""Delimited text: encodings, delimiters, title rows, and what becomes of every malformed line."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from indexer.read import Limits, RawTable, delimited
from indexer.read.files import open_tables
from indexer.recognise import recognise
from xincha.errors import UnreadableFile

HEADER = "企业名称,统一社会信用代码,成立日期,经营范围"
GOOD = "示例甲公司,X1,2018-03-05,零售"
OTHER = "示例乙公司,X2,2019-03-05,批发"


def table_of(path: Path, limits: Limits | None = None) -> RawTable:
    return next(open_tables(path, limits))


def rows_of(path: Path, limits: Limits | None = None) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """(rows with their number and line, rejects as number, line and code)."""
    rows, rejects = [], []
    for batch in table_of(path, limits).batches:
        rows += batch.frame.rows()
        rejects += batch.rejects.select("source_row", "line", "code").rows()
    return rows, rejects


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "a.csv"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8-sig", b""),
        ("gb18030", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_every_encoding_delimiter_and_line_end_gives_the_same_rows(
    written: Path, encoding: str, mark: bytes, end: str, delimiter: str
) -> None:
    # 㐂 and 上 (0x0A in one byte of UTF-16), 𠮷 (two units of UTF-16, four bytes of GB18030)
    text = end.join((HEADER, "示例上上㐂𠮷公司,X1,2018-03-05,零售", OTHER)).replace(",", delimiter)
    written.write_bytes(mark + text.encode(encoding))
    assert rows_of(written) == (
        [
            ("示例上上㐂𠮷公司", "X1", "2018-03-05", "零售", 1, 2),
            ("示例乙公司", "X2", "2019-03-05", "批发", 2, 3),
        ],
        [],
    )


@pytest.mark.parametrize(
    "above",
    [
        "厦门市示例局登记信息公示表\n",
        "厦门市示例局登记信息公示表,,,\n",
        "厦门市示例局,登记信息\n制表日期:2024-01-01,单位:万元,,\n\n",
        '"标题行,\n分成两行",,,\n',
    ],
)
def test_title_rows_above_the_header_are_passed_over(written: Path, above: str) -> None:
    written.write_text(f"{above}{HEADER}\n{GOOD}\n", "utf-8")
    table = table_of(written)
    assert table.header == tuple(HEADER.split(","))
    [batch] = table.batches
    assert batch.frame["source_row"].to_list() == [1]
    assert batch.frame["line"].to_list() == [above.count("\n") + 2]


def test_header_names_are_one_line_each_and_unique(written: Path) -> None:
    written.write_text('企业名称,"罚款金额\n(万元)",,企业名称\n甲,1,2,3\n', "utf-8")
    assert table_of(written).header == ("企业名称", "罚款金额 (万元)", "第3列", "企业名称#2")


def test_an_unclosed_quote_costs_exactly_one_row(written: Path) -> None:
    written.write_text(
        f'{HEADER}\n{GOOD}\n示例丙公司,X3,2018-03-05,"零售\n{OTHER}\n示例丁公司,X4,2018-03-05,"a,b"\n', "utf-8"
    )
    rows, rejects = rows_of(written)
    assert [row[0] for row in rows] == ["示例甲公司", "示例乙公司", "示例丁公司"]
    assert rejects == [(2, 3, "unclosed_quote")]


def test_a_quote_that_would_close_at_the_next_rows_quote_is_unclosed_too(written: Path) -> None:
    # a forgiving reader makes one row of four fields of these two lines
    written.write_text(f'{HEADER}\n示例丙公司,X3,"2018-03-05,零售\n示例乙公司,X2,"2019-03-05",批发\n{GOOD}\n', "utf-8")
    rows, rejects = rows_of(written)
    assert [row[0] for row in rows] == ["示例乙公司", "示例甲公司"]
    assert rejects == [(1, 2, "unclosed_quote")]


def test_a_quoted_field_may_hold_line_ends(written: Path) -> None:
    written.write_text(f'{HEADER}\n示例丙公司,X3,2018-03-05,"零售;\r\n批发,""代理""\n"\n{GOOD}\n', "utf-8", newline="")
    rows, rejects = rows_of(written)
    assert rows[0][:4] == ("示例丙公司", "X3", "2018-03-05", '零售;\n批发,"代理"')
    assert [(row[4], row[5]) for row in rows] == [(1, 2), (2, 5)]
    assert rejects == []


def test_a_quoted_field_over_line_ends_with_the_wrong_field_count_is_unclosed(written: Path) -> None:
    written.write_text(f'{HEADER}\n示例丙公司,"X3\n零售"\n{GOOD}\n', "utf-8")
    rows, rejects = rows_of(written)
    assert [row[0] for row in rows] == ["示例甲公司"]
    assert rejects == [(1, 2, "unclosed_quote"), (2, 3, "wrong_field_count")]


def test_a_wrong_field_count_is_a_reject_and_trailing_delimiters_are_not(written: Path) -> None:
    written.write_text(f"{HEADER}\n{GOOD},,\n{GOOD},多\n示例丙公司,X3\n{OTHER}\n", "utf-8")
    rows, rejects = rows_of(written)
    assert [row[0] for row in rows] == ["示例甲公司", "示例乙公司"]
    assert rejects == [(2, 3, "wrong_field_count"), (3, 4, "wrong_field_count")]


def test_the_reject_says_what_was_there(written: Path) -> None:
    written.write_text(f"{HEADER}\n示例丙公司,X3,,\n示例丁公司,X4\n", "utf-8")
    [batch] = table_of(written).batches
    [reject] = batch.rejects.rows(named=True)
    assert reject == {
        "source_file": "a.csv",
        "source_row": 2,
        "line": 3,
        "column": None,
        "code": "wrong_field_count",
        "message": "字段数与表头不符:表头 4 个,该行 2 个",
        "raw": "示例丁公司,X4",
    }


def test_a_row_with_a_stray_quote_is_kept_and_named(written: Path) -> None:
    written.write_text(f'{HEADER}\n示例丙公司,X3,2018-03-05,"零售"批发\n{GOOD}\n', "utf-8")
    [batch] = table_of(written).batches
    assert batch.frame.height == 2
    assert batch.issues.select("source_row", "line", "code").rows() == [(1, 2, "malformed_quote")]


def test_a_quote_inside_an_unquoted_field_is_a_letter_like_any_other(written: Path) -> None:
    written.write_text(f'{HEADER}\n示例丙公司,X3,2018-03-05,5" 管\n', "utf-8")
    [batch] = table_of(written).batches
    assert batch.frame.row(0)[3] == '5" 管'
    assert batch.issues.is_empty()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_line_that_cannot_be_decoded_costs_that_line(written: Path, encoding: str) -> None:
    lines = [HEADER, GOOD, "示例丙公司,X3,2018-03-05,零售", OTHER]
    encoded = [line.encode(encoding) for line in lines]
    encoded[2] = encoded[2].replace("示例".encode(encoding), b"\xff\xfe\xfd")
    written.write_bytes(b"\n".join(encoded))
    rows, rejects = rows_of(written)
    assert [row[0] for row in rows] == ["示例甲公司", "示例乙公司"]
    assert rejects == [(2, 3, "undecodable")]


def test_encoding_is_found_behind_a_megabyte_of_ascii(written: Path) -> None:
    header = "entName,uniscid,estDate,opScope\n"
    filler = "EXAMPLE,X1,2018-03-05,RETAIL\n" * 60_000
    written.write_bytes((header + filler + GOOD).encode("gb18030"))
    rows, rejects = rows_of(written)
    assert (rows[-1][0], len(rows), rejects) == ("示例甲公司", 60_001, [])


def test_blank_rows_are_no_rows_but_are_counted(written: Path) -> None:
    written.write_text(f"{HEADER}\n\n{GOOD}\n,,,\n \t, ,\u3000,\n{OTHER}\n\n", "utf-8")
    rows, rejects = rows_of(written)
    assert [(row[0], row[4], row[5]) for row in rows] == [("示例甲公司", 2, 3), ("示例乙公司", 5, 6)]
    assert rejects == []


WRITTEN = st.text(st.sampled_from('示例ab "\n\t;|'), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(WRITTEN, WRITTEN, WRITTEN), min_size=1, max_size=12))
def test_whatever_a_csv_writer_writes_is_read_back(written: Path, rows: list[tuple[str, str, str]]) -> None:
    with written.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("企业名称", "成立日期", "经营范围"), *rows])
    read, rejects = rows_of(written)
    stripped = [[cell.strip() or None for cell in row] for row in rows]
    assert rejects == []
    assert [[*row[:3]] for row in read] == [row for row in stripped if any(row)]


MESSY = st.text(st.sampled_from('示a",,,\n\n'), max_size=60)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MESSY)
def test_a_block_read_at_once_gives_what_its_lines_give_one_by_one(written: Path, text: str) -> None:
    written.write_text(f"企业名称,成立日期,经营范围\n{text}", "utf-8")
    at_once = rows_of(written)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited._DelimitedReader, "_whole_block", lambda *_: False)
        assert rows_of(written) == at_once


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(',,,","')
@given(MESSY)
def test_every_line_of_any_mess_is_a_row_a_reject_or_blank(written: Path, text: str) -> None:
    written.write_text(
        f"企业名称,成立日期,经营范围\n{text}\n示例甲公司,2018-03-05,零售\n示例乙公司,2018-03-05,批发\n", "utf-8"
    )
    rows, rejects = rows_of(written)
    lines = text.count("\n") + 1
    assert len(rows) + len(rejects) <= lines + 2
    assert [row[0] for row in rows[-1:]] == ["示例乙公司"]  # no quote reaches further than its own line and the next
    numbers = [int(str(row[3])) for row in rows] + [int(str(reject[0])) for reject in rejects]
    assert len(set(numbers)) == len(numbers)


def test_a_field_longer_than_any_is_a_reject(written: Path) -> None:
    written.write_text(f"{HEADER}\n{GOOD}{'售' * 200_000}\n{OTHER}\n", "utf-8")
    rows, rejects = rows_of(written)
    assert [row[0] for row in rows] == ["示例乙公司"]
    assert rejects == [(1, 2, "too_long")]


def test_quotes_and_batches_over_block_bounds_lose_nothing(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from indexer.read import text

    monkeypatch.setattr(text.blocks, "__defaults__", (1000,))
    lines = []
    for number in range(500):
        lines.append(
            f'示例{number}公司,X{number},2018-03-05,"零售\n批发{number}"'
            if number % 7 == 3
            else f"示例{number}公司,X{number},,"
        )
        if number % 50 == 10:
            lines.append(f'示例断{number}公司,X,2018-03-05,"没有闭合')
    written.write_text("\n".join([HEADER, *lines]), "utf-8")
    rows, rejects = rows_of(written, Limits(batch_rows=64))
    assert [row[0] for row in rows] == [f"示例{number}公司" for number in range(500)]
    assert [code for *_, code in rejects] == ["unclosed_quote"] * 10
    physical = written.read_text("utf-8").split("\n")
    assert all(physical[int(str(row[5])) - 1].startswith(str(row[0])) for row in rows)


def test_batches_hold_no_more_rows_than_allowed(written: Path) -> None:
    written.write_text("\n".join([HEADER, *[GOOD] * 10]), "utf-8")
    assert [batch.frame.height for batch in table_of(written, Limits(batch_rows=4)).batches] == [4, 4, 2]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize(
    "noise",
    [
        ("示例乙", "\0\0\0示例乙"),
        ("示例甲", "示\0例甲"),
        ("X1", "X1\0\0\0\0\0\0"),
        ("批发", "批发\0"),
        (HEADER[:2], "\0" + HEADER[:2]),
    ],
)
def test_nul_characters_are_left_out(written: Path, encoding: str, noise: tuple[str, str]) -> None:
    whole = "\n".join((HEADER, GOOD, OTHER, ""))
    written.write_bytes(whole.encode(encoding))
    expected = rows_of(written)
    written.write_bytes(whole.replace(*noise).encode(encoding))
    assert rows_of(written) == expected
    assert len(expected[0]) == 2
    written.write_bytes(whole.encode(encoding) + bytes(5000))
    assert rows_of(written) == expected


def test_nul_characters_behind_the_first_block_are_left_out(written: Path) -> None:
    written.write_bytes("\n".join([HEADER, *[GOOD] * 40_000, f"\0{OTHER}"]).encode())
    rows, rejects = rows_of(written)
    assert (len(rows), rows[-1][0], rejects) == (40_001, "示例乙公司", [])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "文件是空的"),
        (bytes(500), "不是文本文件"),
        (b"\n\n  \n", "文件是空的"),
        (b"PK\x03\x04rest", "工作簿或压缩包"),
        (bytes(range(256)) * 20, "不是文本文件"),
        (b"\x81\xff\xfe\x90\xff\n" * 50, "不是 UTF-8、GB18030 或 UTF-16"),
    ],
)
def test_what_is_no_text_is_an_error_that_names_the_file(written: Path, content: bytes, says: str) -> None:
    written.write_bytes(content)
    with pytest.raises(UnreadableFile, match=says) as error:
        list(table_of(written).batches)
    assert str(error.value).startswith("a.csv: ")


def test_polars_own_reader_would_lose_rows_here(registry: Path) -> None:
    table = table_of(registry / "dirty.csv")
    assert sum(batch.rows_read for batch in table.batches) == 150
    lost = pl.read_csv(registry / "dirty.csv", infer_schema=False, truncate_ragged_lines=True)
    assert lost.height < 150


@pytest.mark.parametrize(("file", "rows"), [("xiamen", 14876), ("fujian_rest", 33967), ("national", 23415)])
def test_every_physical_row_of_the_registry_is_read(registry: Path, file: str, rows: int) -> None:
    path = registry / f"{file}.csv"
    table = table_of(path)
    layout = recognise(table.header, source_file=table.source_file)
    assert (layout.kind, layout.unknown) == ("registration", ())
    read = list(table.batches)
    assert sum(batch.rows_read for batch in read) == rows
    numbers = [number for batch in read for number in batch.frame["source_row"].to_list()]
    assert numbers == list(range(1, rows + 1))
