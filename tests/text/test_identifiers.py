"""Codes that name an entity: valid, normalized, repaired, shown."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.canonical.identify import is_uscc
from xincha.text import identity_no, org_code, reg_no, uscc
from xincha.text.fold import compact

REGIONS = st.sampled_from(["350200", "350203", "110000", "440300", "100000"])
PAIRS = ("11", "12", "52", "91", "92", "93", "A1", "N2", "Y1")
"""First two characters of codes: registering authority and category."""

USCCS = st.builds(
    lambda pair, region, rest: _closed(pair + region + rest),
    st.sampled_from(PAIRS),
    REGIONS,
    st.text(uscc.ALPHABET, min_size=9, max_size=9),
)
REG_NOS = st.builds(
    lambda region, rest: _numbered(region + rest), REGIONS, st.text("0123456789", min_size=8, max_size=8)
)
ORG_CODES = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8).map(
    lambda text: text + org_code.check_character(text)
)


def _closed(text: str) -> str:
    return text + uscc.check_character(text)


def _numbered(text: str) -> str:
    return text + reg_no.check_digit(text)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("91350203155103485D", "91350203155103485D"),
        (" 91 350203 155103485 d ", "91350203155103485D"),
        ("９１３５０２０３１５５１０３４８５Ｄ", "91350203155103485D"),
        ("91350203-15510348-5D\u3000", "91350203155103485D"),
        ("\u200b91350203155103485D\ufeff", "91350203155103485D"),
        ("91350203155103485E", None),  # another check character
        ("91350203155103458D", None),  # two digits exchanged
        ("9135020315510348D", None),  # one character short
        ("9135O203155103485D", None),  # O is not in the alphabet
        ("01350203155103485D", None),
        ("统一社会信用代码91350203155103485D", None),
        ("9A350203155103485D", None),
        ("", None),
    ],
)
def test_uscc_normalize(typed: str, code: str | None) -> None:
    assert uscc.normalize(typed) == code


@pytest.mark.parametrize("first_two", ["A1", "N2", "Y1", "11", "52", "99"])
def test_uscc_may_begin_with_any_authority(first_two: str) -> None:
    code = _closed(first_two + "350203" + "155103485")
    assert uscc.is_valid(code)


@pytest.mark.parametrize(
    ("misread", "code"),
    [
        ("9135O2O3155103485D", "91350203155103485D"),
        ("9I35020315510348SD", "91350203155103485D"),
        ("9l350203155103485d", None),  # l is not one of the pairs
        ("913B0203155103485D", None),  # a region of digits only: 380203 does not hold
        ("9135020315510348ZD", None),
        ("91350203155103485D", "91350203155103485D"),
        ("9135020315510348", None),
    ],
)
def test_uscc_repair(misread: str, code: str | None) -> None:
    assert uscc.repair(misread) == code


@given(USCCS, st.data())
def test_one_misread_character_is_repaired(code: str, data: st.DataObject) -> None:
    wrong = {"0": "O", "1": "I", "5": "S", "2": "Z", "B": "8", "8": "B"}
    places = [place for place, char in enumerate(code) if char in wrong]
    if places:
        place = data.draw(st.sampled_from(places))
        misread = code[:place] + wrong[code[place]] + code[place + 1 :]
        assert uscc.repair(misread) in (code, None)
        if wrong[code[place]] in "OISZ":
            assert uscc.repair(misread) == code


@given(USCCS, st.integers(8, 16), st.sampled_from(uscc.ALPHABET))
def test_any_single_wrong_character_is_noticed(code: str, place: int, char: str) -> None:
    changed = code[:place] + char + code[place + 1 :]
    assert uscc.is_valid(changed) == (changed == code)


@given(USCCS)
def test_uscc_survives_other_cases(code: str) -> None:
    assert uscc.is_valid(code)
    assert uscc.normalize(code.lower()) == uscc.normalize(f"{code[:2]} {code[2:8]} {code[8:17]} {code[17:]}") == code


@given(st.text())
def test_no_text_breaks_a_normalizer(text: str) -> None:
    for module in (uscc, reg_no, org_code):
        value = module.normalize(text)
        assert value is None or (module.is_valid(value) and module.normalize(value) == value)
    repaired = uscc.repair(text)
    assert repaired is None or uscc.is_valid(repaired)
    assert compact(compact(text)) == compact(text) or not text.isascii()


def test_uscc_agrees_with_a_third_party(shared: Path) -> None:
    text = (shared / "data/identifiers/test_cn_uscc.doctest").read_text(encoding="utf-8")
    numbers = re.findall(r"^\.\.\. (\w{18})$", text, re.MULTILINE)
    assert len(numbers) > 190
    assert [number for number in numbers if uscc.normalize(number) != number] == []
    refused = ("12345", "9111000060003IOZSV", "91110000600037341N")
    assert [uscc.normalize(number) for number in refused] == [None, None, None]


@pytest.mark.parametrize(
    ("file", "rows", "invalid"), [("xiamen", 14_876, 0), ("fujian_rest", 33_967, 0), ("national", 23_415, 2)]
)
def test_uscc_in_the_registry(registry: Path, file: str, rows: int, invalid: int) -> None:
    with (registry / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        codes = [row["统一社会信用代码"] for row in csv.DictReader(lines)]
    valid = [code for code in map(uscc.normalize, codes) if code]
    assert (len(codes), len(codes) - len(valid)) == (rows, invalid)
    assert all(org_code.is_valid(uscc.org_code(code)) for code in valid)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("110108000000016", "110108000000016"),
        ("1101 0800 0000 016", "110108000000016"),
        ("１１０１０８０００００００１６", "110108000000016"),
        ("110108000000016(1-1)", "110108000000016"),
        ("110108000000016（１-１）", "110108000000016"),
        ("110108000000017", None),
        ("11010800000001", None),
        ("企独闽厦总字第003456号", None),
        ("", None),
    ],
)
def test_reg_no_normalize(typed: str, number: str | None) -> None:
    assert reg_no.normalize(typed) == number


@given(REG_NOS)
def test_reg_no_survives_its_display_form(number: str) -> None:
    assert reg_no.normalize(f"{number[:6]} {number[6:14]} {number[14:]}") == number


@given(REG_NOS, st.integers(0, 14), st.sampled_from("0123456789"))
def test_any_single_wrong_digit_is_noticed(number: str, place: int, digit: str) -> None:
    changed = number[:place] + digit + number[place + 1 :]
    assert reg_no.is_valid(changed) == (changed == number)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("15510348-5", "155103485"),
        ("155103485", "155103485"),
        ("D2143569-X", "D2143569X"),  # the example of the standard
        ("d2143569x", "D2143569X"),
        ("D2143569-1", None),
        ("15510348", None),
        ("", None),
    ],
)
def test_org_code_normalize(typed: str, code: str | None) -> None:
    assert org_code.normalize(typed) == code


@given(ORG_CODES)
def test_org_code_survives_its_display_form(code: str) -> None:
    assert org_code.normalize(f"{code[:8]}-{code[8:]}") == code


def test_org_code_of_a_uscc() -> None:
    assert uscc.org_code("91350203155103485D") == "155103485"


@pytest.mark.parametrize(
    ("number", "is_persons"),
    [
        ("350299196001050000", True),
        ("350299198001010008", True),
        ("350299196013050000", False),  # no such month
        ("350299196001050001", False),  # no such check digit
        ("91350203YYY770016A", False),
    ],
)
def test_an_owners_number_is_no_code(number: str, is_persons: bool) -> None:
    assert identity_no.is_valid(number) == identity_no.is_owners(number) == is_persons
    assert not (is_persons and uscc.is_valid(number))


@given(st.dates(date(1930, 1, 1), date(2019, 12, 31)), st.integers(0, 999), st.sampled_from([*identity_no.PROVINCES]))
def test_no_owners_number_is_a_code_whatever_its_check(born: date, order: int, province: str) -> None:
    number = f"{province}0203{born:%Y%m%d}{order:03}"
    number += next(last for last in "0123456789X" if identity_no.is_valid(number + last))
    assert uscc.normalize(number) is None
    assert is_uscc(pl.Series([number])).to_list() == [False]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("税号：91350212155327286P", "91350212155327286P"),
        ("91350200612006235J（三证合一）", "91350200612006235J"),
        ("91350211612006243B/350200123456789", "91350211612006243B"),
        ("91350212155327286P、91350200612006235J", None),
        ("N91350212155327286P", None),
        ("身份证350299196001050000", None),
    ],
)
def test_the_one_code_in_a_text(text: str, code: str | None) -> None:
    assert uscc.find(text) == code


@given(USCCS, st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_a_code_is_one_slip_from_every_mistyped_one(code: str, at: int, sign: str) -> None:
    slips = [code[:at] + sign + code[at + 1 :], code[:at] + code[at + 1 :], code[:at] + sign + code[at:]]
    if at < 17:
        slips.append(code[:at] + code[at + 1] + code[at] + code[at + 2 :])
    for typed in slips:
        near = uscc.near(typed)
        assert code in near or uscc.is_valid(typed)
        assert len(near) <= 40
        assert all(map(uscc.is_valid, near))


@given(REG_NOS, st.integers(0, 14), st.sampled_from("0123456789"))
def test_a_number_is_one_slip_from_every_mistyped_one(number: str, at: int, digit: str) -> None:
    typed = number[:at] + digit + number[at + 1 :]
    assert number in reg_no.near(typed) or typed == number


@pytest.mark.parametrize("text", ["", "示例", "91350203", "?" * 18, "9" * 18, "1" * 40])
def test_what_is_no_code_is_near_none(text: str) -> None:
    assert [code for code in uscc.near(text) if not uscc.is_valid(code)] == []
    assert reg_no.near(text) == []
