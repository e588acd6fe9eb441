"""Columns read at once give what the pure functions give for each value; text is clean and masked; mojibake named."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.canonical.batch import Batch, Memory
from indexer.canonical.identify import is_uscc, kinds, name_keys, registration_no
from indexer.canonical.places import region_codes
from indexer.canonical.texts import MOST_PROSE, MOST_VALUE, PLACEHOLDER, SHORT, UNCLEAN, is_mojibake, tidy
from indexer.read import LINE, SOURCE_ROW
from indexer.read.files import open_tables
from indexer.recognise import recognise
from tests.text.resolve import resolve
from xincha.text import uscc
from xincha.text.codes import kind
from xincha.text.fold import clean
from xincha.text.names import name_key

HEADER = {
    "name": "企业名称",
    "established_on": "成立日期",
    "address": "住所",
    "scope": "经营范围",
    "province": "省份",
    "city": "城市",
}
LAYOUT = recognise([*HEADER.values()], source_file="a.csv")


def batch_of(**columns: list[str | None]) -> Batch:
    height = len(next(iter(columns.values())))
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).with_columns(
        pl.Series(SOURCE_ROW, range(1, height + 1), pl.Int64), pl.Series(LINE, range(2, height + 2), pl.Int64)
    )
    return Batch(frame, frame.drop(SOURCE_ROW, LINE), LAYOUT, "a.csv", Memory())


@pytest.mark.slow
def test_every_character_that_cleaning_changes_is_seen_by_the_prefilter() -> None:
    chars = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    texts = pl.Series([f"示例{char}公司示例示例示例示例" for char in chars])
    seen = texts.str.contains(UNCLEAN)
    missed = [
        hex(ord(char)) for char, text, was in zip(chars, texts, seen, strict=True) if not was and clean(text) != text
    ]
    assert missed == []


@pytest.mark.parametrize(
    "text",
    [
        "N/A", "n/a", "NA", "NULL", "null", "None", "nan", "NaN", "-", "--", "——", "/", "\\N", "#N/A", "#REF!",
        "无", "暂无", "空", "(空)", "没有", "不详", "未知", "未填写", "未公示", "不公示", "企业选择不公示",
        "个体工商户选择不公示", "暂无数据", "*", "。", "……", "undefined", "?", "***************",
    ],
)  # fmt: skip
def test_placeholders_become_null(text: str) -> None:
    assert clean(text) is None
    batch = batch_of(name=[text, "示例甲公司"])
    tidy(batch)
    assert batch.text("name").to_list() == [None, "示例甲公司"]


@example(["0 ", " 0"])
@given(st.lists(st.one_of(st.none(), st.text(st.characters(codec="utf-8"), max_size=30)), min_size=1, max_size=20))
def test_a_column_is_cleaned_as_each_of_its_values(values: list[str | None]) -> None:
    series = pl.Series(values, dtype=pl.String)
    suspicious = ((series.str.len_chars() <= SHORT) & series.str.contains(PLACEHOLDER)) | series.str.contains(UNCLEAN)
    for value, seen in zip(values, suspicious, strict=True):
        if value and not seen:
            assert clean(value) == value


@given(
    st.lists(
        st.text(st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXYIOZSVaxl９Ａ -"), min_size=15, max_size=19), max_size=8
    )
)
def test_codes_of_a_column_are_checked_as_each_of_them(texts: list[str]) -> None:
    texts += [text[:17] + uscc.check_character(text[:17]) for text in texts if set(text[:17]) <= set(uscc.ALPHABET)]
    series = pl.Series([*texts, None], dtype=pl.String)
    assert is_uscc(series).to_list() == [*map(uscc.is_valid, texts), False]


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12), min_size=1, max_size=12))
def test_keys_of_a_column_are_those_of_each_name(names: list[str]) -> None:
    batch = batch_of(name=[*names])
    assert name_keys(batch, batch.text("name")).to_list() == [name_key(name) or None for name in names]


def test_keys_kinds_and_regions_of_the_whole_registry_are_those_of_each_row(registry: Path) -> None:
    for file in ("xiamen", "fujian_rest", "national"):
        [raw] = next(open_tables(registry / f"{file}.csv")).batches
        names = {
            "企业名称": "name",
            "注册地址": "address",
            "所在省份": "province",
            "地区": "city",
            "统一社会信用代码": "uscc",
        }
        frame = raw.frame.sample(4000, seed=1).select(*names, "企业类型").rename(names)
        batch = batch_of(**{name: frame[name].to_list() for name in frame.columns if name in HEADER})
        tidy(batch)
        keys = name_keys(batch, batch.text("name"))
        assert keys.to_list() == [name_key(name) or None for name in batch.text("name").to_list()]
        batch.frame = batch.frame.with_columns(frame["企业类型"].alias("enterprise_type"))
        codes = frame["uscc"].set(~is_uscc(frame["uscc"]), None)
        each_kind = map(kind, frame["企业类型"], codes, batch.text("name"))
        assert kinds(batch, codes, batch.text("name")).to_list() == [*each_kind]
        found = region_codes(batch, codes)
        each = [
            resolve(*row)
            for row in zip(batch.text("address"), batch.text("province"), batch.text("city"), codes, strict=True)
        ]
        assert found.to_list() == each


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("350203100012345", None),  # the check digit does not hold
        ("3502002012345", "3502002012345"),  # thirteen digits, before 2007
        ("企独闽厦总字第01234号", "企独闽厦总字第01234号"),
        ("3.50203E+14", None),
        ("不是注册号", None),
    ],
)
def test_older_registration_numbers_are_kept_as_published(text: str, expected: str | None) -> None:
    assert registration_no(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "示例\ufffd公司",
        "锟斤拷锟斤拷",
        "厦门市示例贸易有限公司".encode().decode("gbk", errors="replace"),
        "厦门市思明区湖滨北路".encode().decode("gb18030", errors="replace"),
        "厦门市示例贸易有限公司".encode().decode("latin-1"),
        "厦门示例".encode().decode("cp1252", errors="replace"),
    ],
)
def test_mojibake_is_seen(text: str) -> None:
    assert is_mojibake(text)
    batch = batch_of(name=[text, "示例甲公司"])
    tidy(batch)
    assert batch.text("name").to_list() == [None, "示例甲公司"]
    [issue] = batch.issues
    assert issue.select(SOURCE_ROW, LINE, "column", "code").rows() == [(1, 2, "企业名称", "mojibake")]
    assert batch.garbled.to_list() == [True, False]


@pytest.mark.parametrize("text", ["示例甲公司", "CAFÉ DÉLICE", "éà", "洌浃浼涓", "骏逸闵行", "Müller & Söhne", "联通"])
def test_rare_characters_are_no_mojibake(text: str) -> None:
    assert not is_mojibake(text)


def test_nothing_real_is_taken_for_mojibake(registry: Path) -> None:
    for file in ("xiamen", "fujian_rest", "national", "dirty"):
        table = next(open_tables(registry / f"{file}.csv"))
        for raw in table.batches:
            texts = raw.frame.select("企业名称", "经营范围", "注册地址").rename(
                {"企业名称": "name", "经营范围": "scope", "注册地址": "address"}
            )
            batch = batch_of(**{name: texts[name].to_list() for name in texts.columns})
            tidy(batch)
            assert [issue["raw"].to_list() for issue in batch.issues] == []


def test_prose_with_one_lost_character_stays_readable() -> None:
    batch = batch_of(name=["示例甲公司"], scope=["零售\ufffd批发"])
    tidy(batch)
    assert batch.text("scope").to_list() == ["零售\ufffd批发"]
    assert [issue["code"].item() for issue in batch.issues] == ["mojibake"]


def test_personal_data_is_masked_in_every_text() -> None:
    digits = "11010119900307999"  # a person that does not exist: the check character of GB 11643 is made to hold
    number = digits + "10X98765432"[sum(int(d) * pow(2, 17 - place, 11) for place, d in enumerate(digits)) % 11]
    batch = batch_of(name=["示例甲公司"], scope=[f"经营者身份证号{number},电话13800000000"], address=["家住示例路1号"])
    tidy(batch)
    assert number not in str(batch.text("scope").item())
    assert "13800000000" not in str(batch.text("scope").item())


def test_a_value_that_is_too_long_is_named_and_left_out_or_cut() -> None:
    scope = "零售" * (MOST_PROSE // 2 - 4) + "电话13800001234" + "批发" * MOST_PROSE
    batch = batch_of(
        name=["示例甲店", "示" * (MOST_VALUE + 1)],
        city=["厦" * (MOST_VALUE + 1), "厦门"],
        scope=[scope, "零售" * (MOST_PROSE // 2)],
    )
    tidy(batch)
    assert batch.frame["name"].to_list() == ["示例甲店", None]
    assert batch.frame["city"].to_list() == [None, "厦门"]
    cut, whole = batch.frame["scope"].to_list()
    assert len(cut) == len(whole) == MOST_PROSE
    assert cut.startswith("零售")
    assert "1380" not in cut
    issues = pl.concat(batch.issues)
    assert set(issues["code"]) == {"value_too_long"}
    assert sorted(zip(issues["source_row"], issues["column"], strict=True)) == [
        (1, "城市"),
        (1, "经营范围"),
        (2, "企业名称"),
    ]
    assert issues["raw"].str.len_chars().max() == 500


def test_what_a_column_holds_decides_what_is_masked() -> None:
    columns = {"name": "企业名称", "capital": "注册资本", "address": "住所", "scope": "经营范围"}
    number = "13812345678"
    frame = pl.DataFrame({key: [f"示例{number}店"] for key in columns} | {"capital": [number]}).with_columns(
        pl.Series(SOURCE_ROW, [1], pl.Int64), pl.Series(LINE, [2], pl.Int64)
    )
    layout = recognise([*columns.values()], source_file="a.csv")
    batch = Batch(frame, frame.drop(SOURCE_ROW, LINE), layout, "a.csv", Memory())
    tidy(batch)
    assert {name: number in batch.frame[name].item() for name in columns} == {
        "name": True, "capital": True, "address": False, "scope": False,
    }  # fmt: skip
