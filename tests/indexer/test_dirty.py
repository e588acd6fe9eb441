"""What becomes of each of the 150 worst rows of the registry, class by class.

The classes are found by a reading of their own (Python's csv and regular expressions), not by the code under test.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from indexer.normalize import Normalized, Normalizer
from indexer.read.files import open_tables
from indexer.recognise import recognise
from xincha.text import uscc

FIELDS = 10
NAME, CODE, DAY, KIND, PERSON, CAPITAL, SCOPE, PROVINCE, CITY, ADDRESS = range(FIELDS)
PROVINCES = {
    "北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽", "福建", "江西",
    "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州", "云南", "西藏", "陕西", "甘肃",
    "青海", "宁夏", "新疆",
}  # fmt: skip


@pytest.fixture(scope="module")
def lines(registry: Path) -> list[list[str]]:
    """Each physical line by itself, forgiving; the header is not among them."""
    text = (registry / "dirty.csv").read_text("utf-8-sig")
    return [next(csv.reader([line])) for line in text.splitlines()[1:]]


@pytest.fixture(scope="module")
def made(registry: Path) -> Normalized:
    table = next(open_tables(registry / "dirty.csv"))
    normalizer = Normalizer(recognise(table.header, source_file="dirty.csv"), "dirty.csv")
    [batch] = table.batches
    return normalizer(batch)


def numbers(lines: list[list[str]], want: str) -> set[int]:
    """Rows (1 under the header) of a class."""
    return {number for number, row in enumerate(lines, 1) if want in classes(row)}


def classes(row: list[str]) -> set[str]:
    found: set[str] = set()
    if len([*row]) != FIELDS:
        return {"wrong_field_count"}
    if re.search(r"\d.*万", row[KIND] + row[PERSON]) or (row[PROVINCE] not in PROVINCES and _is_odd(row)):
        found.add("shifted")
    if uscc.is_valid(row[CODE]):
        found.add("good_code")
    elif uscc.is_valid(row[CODE].upper()):
        found.add("lower_case_code")
    else:
        found.add("bad_code")
    if re.search("[Ａ-Ｚａ-ｚ０-９]", row[NAME]):
        found.add("full_width")
    return found


def _is_odd(row: list[str]) -> bool:
    """A person's name, or other words, where capital should be."""
    return bool(row[CAPITAL]) and row[CAPITAL] != "N/A" and not re.search(r"\d", row[CAPITAL])


def test_every_row_is_kept_or_rejected(made: Normalized, lines: list[list[str]]) -> None:
    seen = Counter(made.rows["source_row"].to_list()) + Counter(made.rejects["source_row"].to_list())
    assert seen == Counter(range(1, 151))
    assert len(lines) == 150


def test_the_classes_of_dirt(lines: list[list[str]]) -> None:
    counts = Counter(kind for row in lines for kind in classes(row))
    assert counts == {
        "wrong_field_count": 3, "shifted": 36, "good_code": 51, "lower_case_code": 95, "bad_code": 1, "full_width": 13,
    }  # fmt: skip


def test_nine_or_thirteen_fields_are_rejected(made: Normalized, lines: list[list[str]]) -> None:
    assert set(made.rejects["source_row"].to_list()) == numbers(lines, "wrong_field_count")
    assert set(made.rejects["code"].to_list()) == {"wrong_field_count"}
    assert {len(lines[number - 1]) for number in numbers(lines, "wrong_field_count")} == {9, 13}
    for raw, line in made.rejects.select("raw", "line").rows():
        assert lines[line - 2][0] in raw


def test_shifted_rows_keep_name_code_and_date_and_nothing_that_does_not_fit(
    made: Normalized, lines: list[list[str]]
) -> None:
    shifted = set(made.issues.filter(code="shifted_columns")["source_row"].to_list())
    assert shifted == numbers(lines, "shifted")
    for row in made.rows.rows(named=True):
        if row["source_row"] in shifted:
            published = lines[row["source_row"] - 1]
            assert row["name"] == published[NAME]
            assert row["uscc"] == published[CODE].upper()
            assert row["established_on"] == date.fromisoformat(published[DAY])
            assert (row["legal_rep"], row["scope"]) == (None, None)
            assert row["enterprise_type"] in (None, published[KIND])
            assert not re.search(r"\d", row["enterprise_type"] or "")


def test_each_value_that_is_dropped_of_a_shifted_row_is_named(made: Normalized, lines: list[list[str]]) -> None:
    columns = {"企业类型": KIND, "法人代表": PERSON, "注册资金": CAPITAL, "经营范围": SCOPE}
    named = set(made.issues.filter(code="shifted_columns").select("source_row", "column").rows())
    for number in numbers(lines, "shifted"):
        for column, place in columns.items():
            value = lines[number - 1][place]
            kept = made.rows.filter(source_row=number).select("enterprise_type", "capital_text").row(0)
            assert value in ("", "N/A") or value in kept or (number, column) in named


def test_lower_case_codes_are_codes(made: Normalized, lines: list[list[str]]) -> None:
    for number in numbers(lines, "lower_case_code"):
        assert made.rows.filter(source_row=number)["entity_id"].item() == lines[number - 1][CODE].upper()


def test_a_code_whose_check_does_not_hold_is_no_code_and_the_row_stays(
    made: Normalized, lines: list[list[str]]
) -> None:
    [number] = numbers(lines, "bad_code")
    row = made.rows.filter(source_row=number).row(0, named=True)
    assert (row["uscc"], row["name"], row["region_code"]) == (None, lines[number - 1][NAME], "653001")
    assert row["entity_id"].startswith("N-")
    issue = made.issues.filter(source_row=number).row(0, named=True)
    assert (issue["code"], issue["column"], issue["raw"]) == ("bad_code", "统一社会信用代码", lines[number - 1][CODE])


def test_full_width_letters_and_digits_are_folded(made: Normalized, lines: list[list[str]]) -> None:
    for number in numbers(lines, "full_width"):
        name = made.rows.filter(source_row=number)["name"].item()
        assert not re.search("[Ａ-Ｚａ-ｚ０-９]", name)
        assert len(name) == len(lines[number - 1][NAME])


def test_stray_quotes_are_named_on_the_rows_that_have_them(made: Normalized, registry: Path) -> None:
    named = made.issues.filter(code="malformed_quote").select("source_row", "line").rows()
    physical = (registry / "dirty.csv").read_text("utf-8-sig").splitlines()
    assert len(named) == 2
    for number, line in named:
        assert line == number + 1
        with pytest.raises(csv.Error, match="expected after"):
            next(csv.reader([physical[line - 1]], strict=True))


def test_nothing_else_is_wrong_with_these_rows(made: Normalized) -> None:
    assert set(made.issues["code"].to_list()) == {"shifted_columns", "bad_code", "malformed_quote"}
