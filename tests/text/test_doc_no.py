"""Document numbers in every bracket."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xincha.text.doc_no import doc_no_key, doc_no_keys


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


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("示罚〔2026〕307号；示罚〔2026〕308号", ["307", "308"]),
        ("示罚〔2026〕307号、308号", ["307", "308"]),
        ("示罚〔2026〕307、308、309号", ["307", "308", "309"]),
        ("示罚〔2026〕307号 示罚〔2026〕308号", ["307", "308"]),
        ("示罚〔2026〕 307 号\n示罚〔2026〕 308 号", ["307", "308"]),
        ("示罚〔2026〕307号,〔2026〕308号", ["307", "308"]),
        ("示罚〔2026〕307号和示罚〔2026〕308号", ["307", "308"]),
        ("示罚〔2026〕307号/示罚〔2026〕308号", ["307", "308"]),
        ("示罚〔2026〕307至309号", ["307", "308", "309"]),
        ("示罚〔2026〕307号～示罚〔2026〕309号", ["307", "308", "309"]),
        ("示罚〔2026〕第307号、第0308号", ["307", "308"]),
    ],
)
def test_each_of_several_numbers_in_a_cell_has_its_key(text: str, numbers: list[str]) -> None:
    whole, *each = doc_no_keys(text)
    assert whole == doc_no_key(text)
    assert each == [f"示罚(2026){number}号" for number in numbers]


def test_numbers_of_several_offices_in_a_cell() -> None:
    _, *each = doc_no_keys("(德阳)应急罚〔2019〕15号、示市监罚〔2020〕3-1号、〔2021〕4号")
    assert each == ["(德阳)应急罚(2019)15号", "示市监罚(2020)3-1号", "示市监罚(2021)4号"]


@pytest.mark.parametrize(
    "text", ["示罚〔2026〕307号", "示罚〔2026〕12-3号", "示罚/2026/307", "示罚〔2026〕9号至1000号", "号、号", "", "无"]
)
def test_one_number_is_one(text: str) -> None:
    assert doc_no_keys(text) == [doc_no_key(text)]


@given(st.text() | st.text("厦罚〔（[2018年012号第]）〕 ", max_size=20))
def test_the_key_of_a_key_is_itself(text: str) -> None:
    assert doc_no_key(doc_no_key(text)) == doc_no_key(text)
