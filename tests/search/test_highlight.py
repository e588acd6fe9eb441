"""Marks come back to the text as it is shown, however it was folded to be compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xincha.search.highlight import Highlighted


def marked(shown: Highlighted, marks: set[int]) -> str:
    return "".join(f"[{part.text}]" if part.mark else part.text for part in shown.parts(marks))


@pytest.mark.parametrize(
    ("text", "piece", "expected"),
    [
        ("厦门（鹭岛）科技", "鹭岛科技", "厦门（[鹭岛]）[科技]"),
        ("廈門鷺島", "鹭岛", "廈門[鷺島]"),
        ("ＡＢ・Ｃ软件", "abc", "[ＡＢ]・[Ｃ]软件"),
        ("鹭岛鹭岛", "鹭岛", "[鹭岛鹭岛]"),
        ("㈱鹭岛", "株", "[㈱]鹭岛"),
        ("鹭岛", "海", "鹭岛"),
    ],
)
def test_a_piece_is_marked_where_it_stands(text: str, piece: str, expected: str) -> None:
    shown = Highlighted(text)
    assert marked(shown, shown.marks([piece])) == expected


def test_characters_are_marked_in_their_order() -> None:
    shown = Highlighted("广东省示例高速公路公司")
    assert marked(shown, shown.ordered("示高速")) == "广东省[示]例[高速]公路公司"
    assert shown.ordered("速高") == set()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ludao", "厦门[鹭岛]科技"),
        ("luda", "厦门[鹭岛]科技"),
        ("ldkj", "厦门[鹭岛科技]"),
        ("xm", "[厦门]鹭岛科技"),
        ("xyz", "厦门鹭岛科技"),
    ],
)
def test_what_was_typed_in_pinyin_marks_characters(typed: str, expected: str) -> None:
    shown = Highlighted("厦门鹭岛科技")
    assert marked(shown, shown.spoken(typed)) == expected


def test_a_long_text_is_cut_around_its_first_mark() -> None:
    shown = Highlighted("甲" * 100 + "鹭岛" + "乙" * 100)
    parts = shown.excerpt(shown.marks(["鹭岛"]))
    assert parts[0].text == parts[-1].text == "…"
    assert [part.text for part in parts if part.mark] == ["鹭岛"]
    assert sum(len(part.text) for part in parts) == 62
    assert "".join(part.text for part in Highlighted("短").excerpt({0})) == "短"


@given(
    st.text(alphabet="厦门鹭岛ＡＢ㈱（）·ab 12", max_size=20), st.text(alphabet="厦门鹭岛ab株1", min_size=1, max_size=3)
)
def test_the_parts_joined_are_the_text(text: str, piece: str) -> None:
    shown = Highlighted(text)
    for marks in (shown.marks([piece]), shown.ordered(piece), shown.spoken("lu")):
        assert "".join(part.text for part in shown.parts(marks)) == text
