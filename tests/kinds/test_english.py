"""Every title that the API tells has an English name, and no English name is of a title that nobody declares."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from api.about import _kind_words, _words
from xincha.kinds import KINDS
from xincha.kinds.english import VALUES, english, english_of_count, replaced, reworded
from xincha.kinds.english_titles import TITLES
from xincha.kinds.entity import ENTITY
from xincha.kinds.topics import TOPICS
from xincha.search.figures.choices import choices
from xincha.search.risks import risks_on
from xincha.search.titles import FILTERS
from xincha.text import check_kinds, codes

CHINESE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")


def titles() -> Iterator[str]:
    """What the API calls kinds, facts, states, numbers and choices of figures."""
    yield from ("字号", "拼音", "统一社会信用代码")
    yield from (str(fact["title"]) for fact in _words(ENTITY))
    for kind in KINDS.values():
        yield kind.title
        own = [str(fact["title"]) for fact in _words(kind.facts)] + [state.title for state in kind.states.values()]
        yield from own
        risks = [count.risk.removesuffix(" {}") for count in kind.counts if count.risk]
        yield from risks
        yield from (count.title.partition("（")[0] for count in kind.counts if not count.risk)
        for words in kind.reworded.values():
            yield from (replaced(title, words) for title in [*own, *risks])
    yield from FILTERS.values()
    for topic in TOPICS.values():
        yield from (topic.title, topic.about)
    for countable in choices().of:
        yield countable.title
        yield from (choice.title for choice in [*countable.by, *countable.on])
        yield from (measure.title for measure in countable.measure)


def test_every_title_has_an_english_name() -> None:
    assert [title for title in dict.fromkeys(titles()) if not english(title)] == []


def test_no_english_name_is_of_what_nobody_declares() -> None:
    told = set(titles()) | {title.partition("（")[0] for title in titles()}
    assert [title for title in TITLES if title not in told] == []


def test_english_names_are_english() -> None:
    assert [name for name in [*TITLES.values(), *VALUES.values()] if CHINESE.search(name) or name != name.strip()] == []


@pytest.mark.parametrize("values", [codes.STATUSES, codes.KINDS, codes.PENALTY_TYPES, check_kinds.KINDS])
def test_words_that_the_program_assigns_have_english_names(values: tuple[str, ...]) -> None:
    assert [value for value in values if value not in VALUES] == []


def test_a_state_is_counted_and_shared_in_english() -> None:
    assert english("现仍列入（条）") == "Currently listed (records)"
    assert english("现仍列入（占比）") == "Currently listed (share)"
    assert english("无此标题（条）") == english("无此标题") == ""


def test_a_count_says_its_number() -> None:
    assert english_of_count("行政处罚 {}", 2) == "Administrative penalties 2"
    assert english_of_count("现列入经营异常名录", 1) == "On the abnormal operations list"


def test_a_mark_is_no_listing_in_english_either() -> None:
    words = reworded(KINDS["abnormal"])
    assert words["marked"]["Currently listed"] == "Currently marked"
    assert words["recorded"]["Date of listing"] == "Date of recording"
    assert all(not re.search("listed|listing", other, re.I) for each in words.values() for other in each.values())


def test_kinds_tell_both_languages() -> None:
    words = _kind_words(KINDS["penalty"])
    assert (words["title"], words["english"]) == ("行政处罚", "Administrative penalties")
    assert risks_on({}, {"penalty": 2}, None)[0].english == "Administrative penalties 2"
