"""The sentence about an entity: made of its facts, silent where there are none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from xincha.kinds import counts as all_counts
from xincha.search.summary import sentences, summary

COMPANY = {"kind": "企业", "established_on": "2016-03-05", "status": "存续"}


@pytest.mark.parametrize(
    ("source", "counts", "sentence"),
    [
        ({}, {}, ""),
        (COMPANY, {}, "2016 年成立，存续"),
        ({"status": "注销", "status_on": "2020-01-31"}, {}, "注销（2020-01-31）"),
        (COMPANY, {"abnormal": 2, "abnormal_now": 1}, "2016 年成立，存续；现列入经营异常名录"),
        (COMPANY, {"abnormal": 1}, "2016 年成立，存续；曾列入经营异常名录，已移出"),
        ({"kind": "个体工商户"}, {"abnormal": 1, "abnormal_now": 1}, "现标记为经营异常状态"),
        ({}, {"penalty": 2, "fine_cny": 25_000.0}, "公示期内行政处罚 2 次，罚款合计 25,000 元"),
        ({}, {"penalty": 1, "fine_cny": 200.5}, "公示期内行政处罚 1 次，罚款合计 200.50 元"),
        ({}, {"penalty": 2, "penalty_last_on": "2025-12-30"}, "公示期内行政处罚 2 次，最近一次 2025-12-30"),
        ({}, {"penalty": 1}, "公示期内行政处罚 1 次"),
        ({}, {"spot_check": 3}, ""),
        ({}, {"spot_check": 3, "spot_check_found": 1}, "抽查检查 3 次，发现问题 1 次"),
    ],
)
def test_the_sentence_says_what_facts_say(source: dict[str, object], counts: dict[str, float], sentence: str) -> None:
    assert summary(source, {**{each.name: 0 for each in all_counts()}, **counts}) == sentence
    assert summary(source, {**{each.name: None for each in all_counts()}, **counts}) == sentence


@pytest.mark.parametrize(
    ("source", "counts", "told"),
    [
        ({}, {}, []),
        (COMPANY, {"change": 0}, ["Established in 2016; in operation"]),
        ({"status": "注销", "status_on": "2020-01-31"}, {}, ["deregistered (2020-01-31)"]),
        (COMPANY | {"closing": "1"}, {}, ["Established in 2016; in operation; About to be deregistered"]),
        (
            {},
            {"penalty": 2, "fine_cny": 25_000.0, "penalty_last_on": "2025-12-30"},
            ["Administrative penalties 2; Fines in all (CNY) 25,000; Last penalty decided on 2025-12-30"],
        ),
        ({}, {"spot_check": 3}, []),
        ({}, {"spot_check": 3, "spot_check_found": 1}, ["Spot checks 3; Inspections with problems 1"]),
    ],
)
def test_it_says_the_same_in_english(source: dict[str, Any], counts: dict[str, Any], told: list[str]) -> None:
    numbers = {each.name: 0 for each in all_counts()} | counts
    assert [part.english for part in sentences(source, numbers, None, date(2026, 11, 27))] == told


def test_a_mark_is_not_called_a_list_in_english() -> None:
    counts = {each.name: 0 for each in all_counts()} | {"abnormal": 1, "abnormal_now": 1}
    marked = sentences({"kind": "个体工商户"}, counts)
    assert [part.english for part in marked] == ["Abnormal operations list 1; Marked as operating abnormally"]


def test_a_sentence_has_english_wherever_it_says_anything() -> None:
    counts = {each.name: "2026-01-01" if each.latest else 2 for each in all_counts()}
    said = sentences(COMPANY, counts, date(2015, 1, 1), date(2026, 1, 1))
    assert len(said) > 5
    for part in said:
        assert part.english.isascii(), part
        assert part.english
