"""What the law lets be shown, and when. All penalties are invented."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xincha.days import FOREVER
from xincha.rules import publicity
from xincha.rules.window import Window, is_shown, state_on
from xincha.text.codes import PENALTY_TYPES

DAY = date(2022, 3, 5)
FINE = {"penalty_types": ["罚款"], "fine_cny": Decimal(5000), "decided_on": DAY}


def stored(window: Window) -> dict[str, str]:
    """A window as documents hold it."""
    values = {name: value for name, value in window._asdict().items() if value}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def shown(window: Window, day: date) -> bool:
    begin = window.public_from or date.min  # the day on which it was loaded stands there
    return is_shown(stored(window._replace(public_from=begin)), day.isoformat())


def test_a_fine_is_public_for_three_years() -> None:
    window = publicity.penalty(FINE)
    assert window[:3] == (DAY, date(2025, 3, 5), "")
    assert window.rule == "自公示之日起公示三年，至2025年3月5日（《市场监督管理行政处罚信息公示规定》第十三条）"
    days = [DAY - timedelta(1), DAY, date(2025, 3, 5), date(2025, 3, 6)]
    assert [shown(window, day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("change", "until"),
    [
        ({"published_on": date(2022, 4, 1)}, date(2025, 4, 1)),  # counted from publication
        ({"penalty_types": ["通报批评"], "fine_cny": None}, date(2022, 6, 5)),
        ({"penalty_types": ["警告", "通报批评"], "fine_cny": None}, date(2022, 6, 5)),
        ({"penalty_types": ["通报批评", "没收违法所得"], "fine_cny": None}, date(2025, 3, 5)),
        ({"penalty_types": ["警告", "罚款"]}, date(2025, 3, 5)),
        ({"penalty_types": []}, date(2025, 3, 5)),
        ({"penalty_types": ["限制从业"], "effective_until_on": date(2030, 1, 1)}, date(2030, 1, 1)),
        ({"penalty_types": ["限制从业"], "effective_until_on": date(2023, 1, 1)}, date(2025, 3, 5)),
        ({"effective_until_on": date(2030, 1, 1)}, date(2025, 3, 5)),  # no restriction
        ({"public_until_on": date(2022, 6, 1)}, date(2022, 6, 1)),  # what the file states wins, shorter
        ({"public_until_on": date(2099, 12, 31)}, date(2099, 12, 31)),  # or longer
        ({"decided_on": date(2024, 2, 29)}, date(2027, 2, 28)),
        ({"decided_on": date(2021, 11, 30), "penalty_types": ["通报批评"], "fine_cny": None}, date(2022, 2, 28)),
    ],
)
def test_the_last_public_day(change: dict[str, object], until: date) -> None:
    window = publicity.penalty({**FINE, **change})
    assert (window.public_until, window.withheld) == (until, "")


@pytest.mark.parametrize(
    ("change", "withheld", "article"),
    [
        ({"penalty_types": ["警告"], "fine_cny": None}, "no_penalty", "第二条"),
        ({"penalty_types": ["警告"], "fine_cny": Decimal(0)}, "no_penalty", "第二条"),
        ({"withdrawn": True}, "withdrawn", "第十一条"),
        ({"repaired": True}, "repaired", "第十四条"),
        ({"repaired_on": date(2022, 9, 1)}, "repaired", "第十四条"),
        ({"withdrawn": True, "repaired": True, "penalty_types": ["警告"]}, "withdrawn", "第十一条"),
        ({"penalty_types": ["警告"], "fine_cny": None, "public_until_on": date(2030, 1, 1)}, "no_penalty", "第二条"),
        ({"decided_on": None}, "undated", "无法确定公示期"),
    ],
)
def test_what_is_never_shown(change: dict[str, object], withheld: str, article: str) -> None:
    window = publicity.penalty({**FINE, **change})
    assert window.withheld == withheld
    assert window.rule is not None
    assert article in window.rule
    assert not any(shown(window, DAY + timedelta(days)) for days in range(0, 4000, 50))


@pytest.mark.parametrize(
    "change",
    [
        {"penalty_types": ["警告"], "fine_cny": Decimal(100)},  # a fine that the list of types forgot
        {"penalty_types": ["警告"], "fine_cny": None, "confiscated_cny": Decimal(1)},
        {"penalty_types": ["警告", "没收违法所得"], "fine_cny": None},
        {"withdrawn": False, "repaired": False, "repaired_on": None},
    ],
)
def test_what_is_more_than_a_warning_is_shown(change: dict[str, object]) -> None:
    assert publicity.penalty({**FINE, **change}).withheld == ""


def test_what_a_lower_fine_is_the_province_says() -> None:
    small = {**FINE, "fine_cny": Decimal(1000)}
    assert publicity.penalty(small).public_until == date(2025, 3, 5)
    assert publicity.penalty(small, lower_fine_cny=Decimal(3000)).public_until == date(2022, 6, 5)
    assert publicity.penalty(FINE, lower_fine_cny=Decimal(3000)).public_until == date(2025, 3, 5)
    with_more = {**small, "penalty_types": ["罚款", "没收违法所得"]}
    assert publicity.penalty(with_more, lower_fine_cny=Decimal(3000)).public_until == date(2025, 3, 5)


@pytest.mark.parametrize(
    ("authority", "by_analogy"),
    [
        ("示例市市场监督管理局", False),
        ("示例市工商行政管理局", False),
        (None, False),
        ("示例市税务局", True),
        ("示例市公安局", True),
    ],
)
def test_the_order_binds_market_regulation_only(authority: str | None, by_analogy: bool) -> None:
    assert ("参照适用" in str(publicity.penalty({**FINE, "authority": authority}).rule)) == by_analogy


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


DATES = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))
PENALTIES = st.fixed_dictionaries(
    {
        "penalty_types": st.none() | st.lists(st.sampled_from(PENALTY_TYPES), max_size=3),
        "fine_cny": st.none() | st.decimals(0, 10**6, places=2),
        "confiscated_cny": st.none() | st.decimals(0, 10**6, places=2),
        "decided_on": DATES,
        "published_on": DATES,
        "public_until_on": DATES,
        "effective_until_on": DATES,
        "withdrawn": st.none() | st.booleans(),
        "repaired": st.none() | st.booleans(),
        "repaired_on": DATES,
        "authority": st.none() | st.sampled_from(["示例市市场监督管理局", "示例市税务局"]),
    }
)


@given(PENALTIES, st.dates(date(2000, 1, 1), date(2110, 1, 1)))
def test_nothing_is_shown_that_the_law_withholds(penalty: dict[str, object], today: date) -> None:
    window = publicity.penalty(penalty)
    assert window.rule
    if not shown(window, today):
        return
    assert not any(penalty[name] for name in ("withdrawn", "repaired", "repaired_on"))
    assert window.public_until is not None
    assert today <= window.public_until
    if penalty["penalty_types"] == ["警告"]:
        assert penalty["fine_cny"] or penalty["confiscated_cny"]


def test_a_window_is_a_value() -> None:
    assert publicity.penalty(FINE) == Window(*publicity.penalty(dict(FINE)))


@pytest.mark.parametrize(
    ("listing", "state"),
    [
        ({"listed_on": date(2020, 7, 1)}, "listed"),
        ({"listed_on": date(2020, 7, 1), "removed_on": None, "removal_reason": None}, "listed"),
        ({"listed_on": date(2020, 7, 1), "removed_on": date(2021, 1, 1)}, "removed"),
        ({"listed_on": date(2020, 7, 1), "removed_on": DAY}, "removed"),
        ({"listed_on": date(2020, 7, 1), "removed_on": DAY + timedelta(1)}, "listed"),
        ({"listed_on": date(2020, 7, 1), "removal_reason": "补报年报"}, "removed"),
        ({"listed_on": DAY}, "listed"),
        ({"listed_on": DAY + timedelta(1)}, None),
        ({"listed_on": None}, "listed"),
        ({"listed_on": None, "removed_on": date(2021, 1, 1)}, "removed"),
    ],
)
def test_listing_state_of_a_day(listing: dict[str, object], state: str | None) -> None:
    window = publicity.listing(listing)
    assert shown(window, DAY) == (state is not None)
    if state:
        assert state_on(stored(window), DAY.isoformat()) == state


@pytest.mark.parametrize(
    ("results", "state"),
    [
        (["未发现问题"], "clear"),
        (["未发现问题", "无法联系"], "found"),
        (["无法联系", None], "found"),
        (["未发现问题", None], None),
        (["未发现问题", "注销"], None),
        ([], None),
        (None, None),
    ],
)
def test_a_check_has_found_something_or_not_or_does_not_say(
    results: list[str | None] | None, state: str | None
) -> None:
    window = publicity.spot_check({"result_codes": results, "checked_on": DAY})
    assert (window.state, window.public_from, window.withheld) == (state, DAY, "")


def valid(row: dict[str, object]) -> Window:
    return publicity.while_valid(row, ("valid_from_on", "decided_on"), "valid_until_on", "revoked")


LICENCE: dict[str, object] = {"valid_from_on": date(2021, 3, 1), "valid_until_on": date(2024, 2, 29)}


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2021, 2, 28), None),  # not valid yet
        (date(2021, 3, 1), "valid"),
        (date(2024, 2, 29), "valid"),
        (date(2024, 3, 1), "expired"),
        (date(2025, 2, 28), "expired"),
        (date(2025, 3, 1), None),
    ],
)
def test_a_licence_is_shown_while_it_is_valid_and_a_year_after_as_expired(day: date, state: str | None) -> None:
    window = valid(LICENCE)
    assert shown(window, day) == (state is not None)
    assert state is None or state_on(stored(window), day.isoformat()) == state


def test_a_licence_without_an_end_is_valid_and_one_that_states_none_has_no_state() -> None:
    endless, silent = valid({**LICENCE, "valid_until_on": FOREVER}), valid({**LICENCE, "valid_until_on": None})
    assert (endless.public_until, endless.state, endless.turns_on) == (FOREVER, "valid", None)
    assert (silent.public_until, silent.state) == (FOREVER, None)
    assert valid({"decided_on": DAY}).public_from == DAY


def test_a_licence_that_was_revoked_is_not_shown() -> None:
    assert not shown(valid({**LICENCE, "revoked": True}), date(2022, 1, 1))
