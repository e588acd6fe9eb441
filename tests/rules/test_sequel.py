"""What may have followed a check, case by case: its day, its office, and what both are about."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from xincha.rules.sequel import RULE, last_day_of, may_have_followed

OFFICE, OTHER = "厦门市思明区示例市场监督管理局", "厦门市示例应急管理局"
CHECK: dict[str, Any] = {
    "kind": "spot_check",
    "checked_on": "2026-03-02",
    "authority": OFFICE,
    "items": ["登记事项检查"],
    "results": ["通过登记的住所（经营场所）无法联系"],
    "result_codes": ["无法联系"],
}
LISTING: dict[str, Any] = {
    "kind": "abnormal",
    "happened_on": "2026-03-09",
    "listed_by": OFFICE,
    "reason": "通过登记的住所或者经营场所无法联系的",
    "reason_code": "无法联系",
}
PENALTY: dict[str, Any] = {
    "kind": "penalty",
    "happened_on": "2026-05-20",
    "authority": OFFICE,
    "violation": "经营超过保质期的食品",
}
FOOD = {"items": ["食品安全检查"], "result_codes": ["待后续处理"]}
UNSAID = {"items": None, "result_codes": ["待后续处理"]}
NO_REASON = {"reason": None, "reason_code": None}
REPORT = {"reason": "未按规定公示年度报告", "reason_code": "未报年报"}


@pytest.mark.parametrize(
    ("check", "record", "expected"),
    [
        ({}, LISTING, True),
        ({}, LISTING | {"happened_on": "2026-03-02"}, True),
        ({}, LISTING | {"happened_on": "2026-03-01"}, False),
        ({}, LISTING | {"happened_on": "2026-03-16"}, True),  # the tenth working day
        ({}, LISTING | {"happened_on": "2026-03-17"}, False),
        ({}, LISTING | {"listed_by": OTHER}, True),
        ({"authority": "思明区示例市监局"}, LISTING | NO_REASON, True),
        ({}, LISTING | NO_REASON | {"listed_by": OTHER}, False),
        ({}, LISTING | NO_REASON | {"listed_by": None}, False),
        (FOOD, LISTING | REPORT, False),
        (FOOD | {"authority": OTHER}, LISTING | REPORT, False),
        (FOOD | {"follow_up": "列入经营异常名录"}, LISTING | REPORT, True),
        (FOOD | {"follow_up": "不予列入经营异常名录"}, LISTING | REPORT, False),
        ({"items": ["公示信息检查"], "result_codes": ["待后续处理"]}, LISTING | REPORT, True),
        ({"result_codes": ["未公示信息"]}, LISTING | REPORT, True),
        ({"result_codes": ["信息虚假"]}, LISTING | REPORT, False),
        (UNSAID, LISTING | REPORT, True),
        (UNSAID | {"authority": OTHER}, LISTING | REPORT, False),
        (UNSAID | {"task_name": "2026年示例食品经营单位抽查"}, LISTING | REPORT, False),
        ({"checked_on": None}, LISTING, False),
        ({}, LISTING | {"happened_on": None}, False),
        (FOOD, PENALTY, True),
        (FOOD, PENALTY | {"happened_on": "2026-05-31"}, True),  # the ninetieth day
        (FOOD, PENALTY | {"happened_on": "2026-06-01"}, False),
        (FOOD, PENALTY | {"authority": OTHER}, True),
        (FOOD, PENALTY | {"violation": "发布虚假广告"}, False),
        ({}, PENALTY, False),
        ({"result_codes": ["违反食品药品规定"]}, PENALTY, True),
        (FOOD, PENALTY | {"violation": None, "facts": "销售超过保质期的食品"}, True),
        (FOOD, PENALTY | {"violation": None}, True),
        (FOOD, PENALTY | {"violation": None, "authority": OTHER}, False),
    ],
)
def test_what_may_have_followed_a_check(check: dict[str, Any], record: dict[str, Any], expected: bool) -> None:
    assert may_have_followed(CHECK | check, record) is expected


def test_of_several_items_those_count_that_something_was_found_of() -> None:
    lines = [
        {"item": "登记事项检查", "result": "未发现问题", "result_code": "未发现问题"},
        {"item": "食品安全检查", "result": "发现问题待后续处理", "result_code": "待后续处理"},
    ]
    check = CHECK | {
        "lines": lines,
        "items": ["登记事项检查", "食品安全检查"],
        "result_codes": ["未发现问题", "待后续处理"],
    }
    assert may_have_followed(check, PENALTY)
    assert not may_have_followed(check, LISTING)


def test_holidays_are_no_working_days_and_of_a_year_that_is_not_known_weekdays_are_counted() -> None:
    assert last_day_of("abnormal", date(2026, 2, 10)) == date(2026, 3, 2)  # Spring Festival, 14 and 28 February worked
    assert last_day_of("abnormal", date(2099, 3, 2)) == date(2099, 3, 16)
    assert last_day_of("penalty", date(2026, 3, 2)) == date(2026, 5, 31)


def test_the_rule_claims_nothing() -> None:
    assert "没有公布" in RULE
