"""Suggestions while somebody types."""

from __future__ import annotations

import pytest

from tests.search.conftest import Publish
from tests.search.register import code, entity
from xincha.search.service import Searcher

NAMES = [
    "厦门澜汀建材有限公司",
    "泉州澜汀贸易有限公司",
    "福州小澜汀食品有限公司",
    "厦门墨池文化传播有限公司",
    "厦门示例ABC软件有限公司",
]


@pytest.fixture(scope="module")
def searcher(publish: Publish) -> Searcher:
    closed = entity(9, "厦门澜汀旧有限公司", status="注销")
    return publish([*(entity(number, name) for number, name in enumerate(NAMES, 1)), closed])


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("墨", NAMES[3]),
        ("墨池", NAMES[3]),
        ("墨池文", NAMES[3]),
        ("厦门墨", NAMES[3]),
        ("moc", NAMES[3]),
        ("mochi", NAMES[3]),
        ("mochiwenh", NAMES[3]),
        ("墨池w", NAMES[3]),
        ("墨ch", NAMES[3]),
        ("mc", NAMES[3]),
        ("mcwh", NAMES[3]),
        ("墨池wenhua", NAMES[3]),
        ("abc", NAMES[4]),
        (code(4)[:12], NAMES[0]),
        (code(4), NAMES[3]),
    ],
)
def test_what_was_typed_so_far_suggests_names(searcher: Searcher, typed: str, first: str) -> None:
    suggested = [suggestion.name for suggestion in searcher.suggest(typed, 8)]
    assert first in suggested if typed == code(4)[:12] else suggested[0] == first


@pytest.mark.parametrize("typed", ["", " ", "（", "甲乙", "qqq", "m"])
def test_where_nothing_fits_nothing_is_suggested(searcher: Searcher, typed: str) -> None:
    assert searcher.suggest(typed, 8) == []


def test_a_suggestion_shows_what_matches_where_it_is_and_its_state(searcher: Searcher) -> None:
    (suggestion,) = searcher.suggest("墨池", 8)
    assert [(part.text, part.mark) for part in suggestion.parts] == [
        ("厦门", False),
        ("墨池", True),
        ("文化传播有限公司", False),
    ]
    assert (suggestion.entity_id, suggestion.status, suggestion.district) == (code(4), "存续", "思明区")
    (suggestion,) = searcher.suggest("moch", 8)
    assert "".join(part.text for part in suggestion.parts if part.mark) == "墨池"


def test_who_begins_so_comes_first_and_who_is_closed_later(searcher: Searcher) -> None:
    suggested = [suggestion.name for suggestion in searcher.suggest("澜汀", 8)]
    assert suggested[-1] == NAMES[2]
    assert suggested[2] == "厦门澜汀旧有限公司"
    assert len(searcher.suggest("澜汀", 2)) == 2
