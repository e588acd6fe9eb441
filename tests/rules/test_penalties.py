"""What the law lets be shown of a penalty, and until when. All penalties are invented.

`reference` says it again, day by day and as plainly as it can be said, and shares nothing with what is tested.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.rules.test_publicity import shown
from xincha.days import FOREVER
from xincha.rules import penalties
from xincha.rules.dated import RULES
from xincha.rules.window import CAREFUL, Policy, Window

TODAY = date(2026, 11, 26)
XIAMEN, COURTYARD = "厦门市市场监督管理局", "厦门市生态环境局"
FINE: dict[str, Any] = {
    "penalty_types": ["罚款"],
    "fine_cny": Decimal(80_000),
    "decided_on": date(2026, 3, 5),
    "authority": XIAMEN,
}


def window_of(**change: object) -> Window:
    return penalties.penalty({**FINE, **change}, CAREFUL)


@pytest.mark.parametrize(
    ("change", "until", "today"),
    [
        ({"fine_cny": Decimal("49999.99"), "published_on": date(2026, 9, 10)}, date(2026, 12, 10), True),
        (
            {"fine_cny": Decimal(50_000), "decided_on": date(2026, 1, 8), "published_on": date(2026, 1, 20)},
            date(2027, 1, 20),
            True,
        ),
        (
            {"fine_cny": Decimal(5000), "published_on": date(2026, 6, 1), "party_kind": "自然人"},
            date(2027, 6, 1),
            True,
        ),
        (
            {
                "penalty_types": ["罚款", "没收违法所得"],
                "fine_cny": Decimal(3000),
                "confiscated_cny": Decimal(580),
                "published_on": date(2025, 11, 20),
                "decided_on": date(2025, 11, 3),
            },
            date(2026, 11, 20),
            False,
        ),
        (
            {"penalty_types": ["吊销许可证件"], "published_on": date(2024, 2, 29), "decided_on": date(2024, 2, 20)},
            date(2027, 2, 28),
            True,
        ),
        (
            {
                "penalty_types": ["限制从业"],
                "published_on": date(2023, 5, 5),
                "decided_on": date(2023, 5, 4),
                "effective_until_on": FOREVER,
            },
            FOREVER,
            True,
        ),
        (
            {"authority": COURTYARD, "fine_cny": Decimal(200_000), "decided_on": date(2025, 10, 8)},
            date(2026, 10, 8),
            False,
        ),
        (
            {
                "fine_cny": Decimal(60_000),
                "published_on": date(2026, 1, 5),
                "decided_on": date(2025, 12, 30),
                "public_until_on": date(2030, 1, 1),
            },
            date(2027, 1, 5),
            True,
        ),
    ],
)
def test_the_worked_examples(change: dict[str, object], until: date, today: bool) -> None:
    window = window_of(**change)
    assert (window.public_until, window.withheld, shown(window, TODAY)) == (until, "", today)


@pytest.mark.parametrize(
    ("change", "until"),
    [
        ({"published_on": date(2026, 4, 1)}, date(2027, 4, 1)),  # counted from publication
        ({"published_on": date(2026, 3, 1)}, date(2027, 3, 5)),  # and from the decision, if that came later
        ({"published_on": date(2026, 4, 1), "authority": COURTYARD}, date(2027, 3, 5)),  # from the decision
        ({"decided_on": date(2024, 3, 1)}, date(2025, 12, 24)),  # ended by the rule that came into force then
        ({"decided_on": date(2024, 3, 1), "authority": COURTYARD}, date(2026, 3, 31)),
        ({"decided_on": date(2022, 3, 1)}, date(2025, 3, 1)),  # was over before
        ({"penalty_types": ["通报批评"], "fine_cny": None}, date(2026, 6, 5)),
        ({"penalty_types": ["警告", "通报批评"], "fine_cny": None}, date(2026, 6, 5)),
        ({"penalty_types": ["通报批评", "没收违法所得"], "fine_cny": None}, date(2027, 3, 5)),
        ({"penalty_types": ["警告", "罚款"], "fine_cny": Decimal(49_000)}, date(2026, 6, 5)),
        ({"fine_cny": Decimal(49_000), "authority": "杭州市市场监督管理局"}, date(2027, 3, 5)),  # bound not known
        ({"fine_cny": Decimal(99_000), "authority": "武汉市市场监督管理局"}, date(2026, 6, 5)),
        ({"fine_cny": Decimal(100_000), "authority": "武汉市市场监督管理局"}, date(2027, 3, 5)),
        (
            {"fine_cny": Decimal(49_000), "authority_uscc": "11350200004130085P", "authority": "市场监督管理局"},
            date(2026, 6, 5),
        ),
        ({"fine_cny": Decimal(49_000), "authority": None, "party_region_code": "350203"}, date(2026, 6, 5)),
        ({"fine_cny": Decimal(4999), "party_kind": "自然人"}, date(2026, 6, 5)),
        ({"fine_cny": Decimal(49_000), "party_kind": "个体工商户"}, date(2026, 6, 5)),
        ({"fine_cny": Decimal(3000), "decided_on": date(2024, 3, 1)}, date(2024, 7, 11)),  # the bound came into force
        ({"penalty_types": []}, date(2027, 3, 5)),
        ({"penalty_types": ["责令停产停业"]}, date(2029, 3, 5)),
        ({"penalty_types": ["降低资质等级"]}, date(2029, 3, 5)),
        ({"penalty_types": ["责令关闭"], "authority": COURTYARD}, date(2029, 3, 5)),
        ({"penalty_types": ["限制从业"], "effective_until_on": date(2036, 1, 1)}, date(2036, 1, 1)),
        ({"penalty_types": ["限制从业"], "effective_until_on": date(2027, 1, 1)}, date(2029, 3, 5)),
        (
            {
                "penalty_types": ["限制从业"],
                "effective_until_on": date(2036, 1, 1),
                "public_until_on": date(2027, 1, 1),
            },
            date(2036, 1, 1),
        ),
        ({"effective_until_on": date(2036, 1, 1)}, date(2027, 3, 5)),  # no restriction
        ({"public_until_on": date(2026, 6, 1)}, date(2026, 6, 1)),  # the file may shorten
        ({"public_until_on": date(2099, 12, 31)}, date(2027, 3, 5)),  # and not lengthen
        ({"decided_on": date(2026, 11, 30), "penalty_types": ["通报批评"], "fine_cny": None}, date(2027, 2, 28)),
        ({"decided_on": date(2029, 7, 1), "fine_cny": Decimal(3000)}, date(2029, 10, 1)),  # no rule brings it back
    ],
)
def test_the_last_public_day(change: dict[str, object], until: date) -> None:
    window = window_of(**change)
    assert (window.public_until, window.withheld) == (until, "")


@pytest.mark.parametrize(
    ("change", "withheld", "article"),
    [
        ({"penalty_types": ["警告"], "fine_cny": None}, "no_penalty", "第二条"),
        ({"penalty_types": ["警告"], "fine_cny": Decimal(0)}, "no_penalty", "第二条"),
        ({"penalty_types": ["警告"], "fine_cny": None, "content": "警告，责令改正"}, "no_penalty", "第二条"),
        ({"penalty_types": None, "fine_cny": None, "content": "责令立即改正违法行为"}, "no_penalty", "第二十八条"),
        ({"penalty_types": None, "fine_cny": None, "content": "不予行政处罚"}, "no_penalty", "第二十八条"),
        ({"procedure": "简易程序"}, "no_penalty", "第二条"),
        ({"withdrawn": True}, "withdrawn", "第十一条"),
        ({"repaired": True}, "repaired", "第十四条"),
        ({"repaired_on": date(2026, 9, 1)}, "repaired", "第十四条"),
        ({"withdrawn": True, "repaired": True, "penalty_types": ["警告"]}, "withdrawn", "第十一条"),
        ({"decided_on": None}, "undated", "无法确定公示期"),
    ],
)
def test_what_is_never_shown(change: dict[str, object], withheld: str, article: str) -> None:
    window = window_of(**change)
    assert window.withheld == withheld
    assert article in (window.rule or "")
    assert not any(shown(window, date(2026, 1, 1) + timedelta(days)) for days in range(0, 4000, 50))


@pytest.mark.parametrize(
    "change",
    [
        {"penalty_types": ["警告"], "fine_cny": Decimal(100)},  # a fine that the list of types forgot
        {"penalty_types": ["警告"], "fine_cny": None, "confiscated_cny": Decimal(1)},
        {"penalty_types": ["警告", "没收违法所得"], "fine_cny": None},
        {"penalty_types": [], "content": "责令改正；罚款捌万元"},
        {"procedure": "普通程序"},
        {"doc_no": "示武当罚〔2026〕12号"},  # of 武当山; what a number says is read when it is loaded
        {"withdrawn": False, "repaired": False, "repaired_on": None},
    ],
)
def test_what_is_a_penalty_to_be_published_is_shown(change: dict[str, object]) -> None:
    assert window_of(**change).withheld == ""


def test_what_other_departments_find_minor_is_not_shown() -> None:
    window = window_of(authority=COURTYARD, penalty_types=["通报批评"], fine_cny=None, decided_on=date(2026, 5, 1))
    assert not any(shown(window, date(2026, 5, 1) + timedelta(days)) for days in range(100))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ("一般", "最长公示1年", "2027年3月5日", "《市场监督管理信用修复管理办法》", "据报道，未见条文")),
        ({"penalty_types": ["责令停产停业"]}, ("严重", "最长公示3年")),
        ({"fine_cny": Decimal(100)}, ("轻微", "3个月", "福建省", "闽市监规〔2024〕3号")),
        ({"authority": COURTYARD}, ("自决定之日起", "第36号", "以信用中国公示为准")),
        ({"decided_on": date(2022, 3, 1)}, ("令第45号）第十三条", "最长公示3年")),
        ({"public_until_on": date(2026, 6, 1)}, ("依文件所载", "2026年6月1日")),
        ({"penalty_types": ["限制从业"], "effective_until_on": date(2036, 1, 1)}, ("限制期满", "第十三条")),
    ],
)
def test_a_sentence_says_the_rule_its_source_and_how_it_is_known(change: dict[str, object], words: tuple[str]) -> None:
    told = window_of(**change).rule or ""
    assert [word for word in words if word not in told] == []
    assert ("信用中国" in told) == (change.get("authority") == COURTYARD)


def test_only_texts_that_were_read_are_applied_where_the_operator_says_so() -> None:
    window = penalties.penalty(FINE, Policy(publicity="texts"))
    assert window.public_until == date(2029, 3, 5)
    assert "第十三条" in (window.rule or "")
    assert penalties.penalty({**FINE, "authority": COURTYARD}, Policy(publicity="texts")).public_until == date(
        2029, 3, 5
    )


@pytest.mark.parametrize(
    ("authority", "binds"),
    [
        ("示例市市场监督管理局", True),
        ("示例市工商行政管理局", True),
        ("示例市市监局综合执法支队", True),
        (None, True),
        ("示例市税务局", False),
        ("示例市城市管理综合行政执法局", False),
    ],
)
def test_rules_of_market_regulation_bind_its_offices(authority: str | None, binds: bool) -> None:
    assert ("信用中国" not in str(window_of(authority=authority).rule)) == binds


def test_rules_follow_each_other_without_a_gap() -> None:
    for family in ("market", "other"):
        rules = [rule for rule in RULES if rule.family == family]
        assert [rule.begins for rule in rules[1:]] == [rule.ends + timedelta(1) for rule in rules[:-1]]
        assert rules[-1].ends == FOREVER


TYPES = [
    "罚款",
    "警告",
    "通报批评",
    "没收违法所得",
    "吊销许可证件",
    "责令停产停业",
    "限制从业",
    "责令关闭",
    "降低资质等级",
    "暂扣许可证件",
]
BOUND_BEGINS, BOUND_ENDS = date(2024, 7, 12), date(2029, 7, 11)


def years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def three_months_later(day: date) -> date:
    year, month = (day.year, day.month + 3) if day.month < 10 else (day.year + 1, day.month - 9)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


def last_day_by_the_rule_of(day: date, row: dict[str, Any], begin: date) -> date:
    """The last public day, were the rules of one day in force for ever."""
    market, types = row["authority"] == XIAMEN, set(row["penalty_types"])
    fine, taken = row["fine_cny"] or 0, row["confiscated_cny"] or 0
    if types & {"吊销许可证件", "责令停产停业", "限制从业", "责令关闭", "降低资质等级"}:
        kind = 3
    elif types - {"警告", "罚款", "通报批评"} or taken:
        kind = 2
    elif types - {"警告"} == {"通报批评"} and not fine:
        kind = 1
    else:
        bound = 5000 if row["party_kind"] == "自然人" else 50_000
        lower = market and BOUND_BEGINS <= day <= BOUND_ENDS and 0 < fine < bound
        kind = 1 if lower else 2
    clock = begin
    if not market and day >= date(2023, 5, 1):
        clock = row["decided_on"] or begin
    if kind == 1:
        if not market and day >= date(2026, 4, 1):
            return begin - timedelta(1)
        return three_months_later(clock)
    short = date(2025, 12, 25) if market else date(2026, 4, 1)
    return years_later(clock, 1 if kind == 2 and day >= short else 3)


def reference(row: dict[str, Any], day: date) -> bool:
    """Whether a penalty is shown on a day: no rule that has been in force since its beginning has ended it."""
    begin = row["published_on"] or row["decided_on"]
    if row["withdrawn"] or row["repaired_on"] or row["procedure"] == "简易程序" or begin is None:
        return False
    if row["decided_on"] and row["decided_on"] > begin:
        begin = row["decided_on"]
    if row["penalty_types"] == ["警告"] and not row["fine_cny"] and not row["confiscated_cny"]:
        return False
    if day < begin:
        return False
    if "限制从业" in row["penalty_types"] and row["effective_until_on"] and row["effective_until_on"] >= day:
        return True
    if row["public_until_on"] and row["public_until_on"] < day:
        return False
    turns = [date(2023, 4, 30), date(2024, 7, 11), date(2025, 12, 24), date(2026, 3, 31), BOUND_ENDS]
    asked = [turn for turn in turns if begin <= turn < day] + [day]
    # days on which other provinces' bounds began change nothing here: all offices are of Xiamen
    return all(day <= last_day_by_the_rule_of(each, row, begin) for each in asked)


def drawn(random: Random) -> dict[str, Any]:
    def day(share: float = 0.7) -> date | None:
        return date(2021, 9, 1) + timedelta(random.randrange(3400)) if random.random() < share else None

    decided = day(0.9)
    near = decided + timedelta(random.randrange(-20, 60)) if decided and random.random() < 0.7 else None
    return {
        "penalty_types": random.sample(TYPES, random.choice([0, 1, 1, 1, 2])),
        "fine_cny": random.choice([None, *map(Decimal, ("100", "4999.99", "5000", "49999.99", "50000", "120000"))]),
        "confiscated_cny": random.choice([None, None, None, Decimal(580)]),
        "decided_on": decided,
        "published_on": near,
        "public_until_on": day(0.15),
        "effective_until_on": day(0.3),
        "withdrawn": random.random() < 0.03,
        "repaired_on": day(0.03),
        "procedure": random.choice([None, None, "普通程序", "普通程序", "简易程序"]),
        "party_kind": random.choice(["自然人", "个体工商户", "法人及非法人组织", None]),
        "authority": random.choice([XIAMEN, COURTYARD]),
    }


def test_ten_thousand_penalties_are_shown_on_the_days_that_the_reference_says() -> None:
    random = Random(45)  # noqa: S311 - the same penalties in each run
    seen = {True: 0, False: 0}
    for _ in range(10_000):
        row = drawn(random)
        day = date(2021, 9, 1) + timedelta(random.randrange(3400))
        is_shown = shown(penalties.penalty(row, CAREFUL), day)
        assert is_shown == reference(row, day), (row, day)
        seen[is_shown] += 1
    assert min(seen.values()) > 1000


def test_every_article_that_a_rule_names_says_so(shared: Path) -> None:
    path = shared / "data/regulations/市场监督管理行政处罚信息公示规定(2021-07-30).md"
    text = path.read_text(encoding="utf-8")
    articles = dict(
        re.findall(
            r"^(第[一二三四五六七八九十]+条) (.+?)(?=^第[一二三四五六七八九十]+条 |\Z)", text, re.MULTILINE | re.DOTALL
        )
    )
    assert "仅受到警告行政处罚的不予公示" in articles["第二条"]
    assert "撤回行政处罚公示信息" in articles["第十一条"]
    assert "仅受到通报批评或者较低数额罚款的行政处罚信息自公示之日起届满三个月的，停止公示" in articles["第十三条"]
    assert "其他行政处罚信息自公示之日起届满三年的，停止公示" in articles["第十三条"]
    assert "公示期按照实际限制期限执行" in articles["第十三条"]
    assert "提前停止公示" in articles["第十四条"]
