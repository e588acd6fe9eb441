"""Document numbers in every bracket."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xincha.text.doc_no import doc_no_key


@pytest.mark.parametrize(
    "text",
    [
        "厦市监罚〔2018〕12号",
        "厦市监罚（2018）12号",
        "厦市监罚(2018)12号",
        "厦市监罚[2018]12号",
        "厦市监罚【2018】12号",
        "厦市监罚﹝2018﹞12号",
        "厦市监罚〈2018〉12号",
        "厦市监罚《2018》12号",
        "厦市监罚<2018>12号",
        " 厦市监罚 〔 2018 〕 12 号 ",
        "厦市监罚〔2018〕012号",
        "厦市监罚〔2018〕第12号",
        "厦市监罚〔２０１８〕１２号",
        "厦市监罚〔2018〕12",
        "廈市監罰〔2018〕12號",
        "厦市监罚〔2018年〕12号",
        "厦市监罚〔2018〕第00012号",
    ],
)
def test_spellings_of_one_number_have_one_key(text: str) -> None:
    assert doc_no_key(text) == "厦市监罚(2018)12号"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("平市监处罚〔2023〕179号", "平市监处罚(2023)179号"),
        ("石市监处罚〔2022〕120 号", "石市监处罚(2022)120号"),
        ("(德阳)应急罚〔2019〕15号", "(德阳)应急罚(2019)15号"),
        ("慈税罚（2018）40号", "慈税罚(2018)40号"),
        ("厦市监罚〔2018〕12-3号", "厦市监罚(2018)12-3号"),
        ("厦思市监听告字〔2020〕第3号", "厦思市监听告字(2020)3号"),
    ],
)
def test_numbers_as_written_in_practice(text: str, key: str) -> None:
    assert doc_no_key(text) == key


def test_different_numbers_have_different_keys() -> None:
    numbers = ["厦市监罚〔2018〕12号", "厦市监罚〔2018〕120号", "厦市监罚〔2019〕12号", "厦集市监罚〔2018〕12号"]
    assert len({doc_no_key(number) for number in numbers}) == 4


@given(st.text() | st.text("厦罚〔（[2018年012号第]）〕 ", max_size=20))
def test_the_key_of_a_key_is_itself(text: str) -> None:
    assert doc_no_key(doc_no_key(text)) == doc_no_key(text)
