"""Windows of the lists: the worked examples of the law, with the day of asking set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from xincha.rules import lists
from xincha.rules.window import CAREFUL, Policy, Row, Window

HISTORY, TEXTS = Policy(repaired="history"), Policy(publicity="texts")
TODAY = date(2026, 11, 26)
DAY = date(2022, 3, 5)


def shown(window: Window, day: date = TODAY) -> bool:
    begun = window.public_from is None or window.public_from <= day
    return not window.withheld and begun and window.public_until is not None and day <= window.public_until


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("row", "first_hidden"),
    [
        ({"listed_on": day("2024-05-06")}, "2027-05-07"),
        ({"listed_on": day("2024-05-06"), "removed_on": day("2025-06-02")}, "2025-06-02"),
        ({"listed_on": day("2023-11-26")}, "2026-11-27"),
        ({"listed_on": day("2019-08-01")}, "2024-08-02"),
        ({"listed_on": day("2018-07-20")}, "2023-07-21"),
        ({"listed_on": day("2021-08-31")}, "2026-09-01"),
        ({"listed_on": day("2021-09-01")}, "2024-09-02"),
        ({"listed_on": day("2024-02-29")}, "2027-03-01"),
        ({"listed_on": day("2024-05-06"), "removed_on": day("2027-05-07")}, "2027-05-07"),
        ({"listed_on": day("2024-05-06"), "until_on": day("2025-05-06")}, "2025-05-07"),
        ({"listed_on": day("2024-05-06"), "until_on": day("2030-01-01")}, "2027-05-07"),
    ],
)
def test_a_serious_listing_is_shown_through_its_last_day(row: Row, first_hidden: str) -> None:
    window, end = lists.serious(row), day(first_hidden)
    assert shown(window, end - timedelta(days=1))
    assert not shown(window, end)
    assert window.rule


@pytest.mark.parametrize(
    ("row", "withheld"),
    [
        ({"removal_reason": "准予移出", "listed_on": day("2026-05-06")}, "repaired"),
        ({"listed_on": None, "reason": "示例"}, "undated"),
        ({"listed_on": day("2026-05-06"), "annulled_on": day("2026-06-01")}, "withdrawn"),
    ],
)
def test_a_serious_listing_that_ended_or_has_no_day_is_never_shown(row: Row, withheld: str) -> None:
    assert lists.serious(row).withheld == withheld


def test_what_is_told_by_others_alone_is_named_and_left_to_the_policy() -> None:
    row = {"listed_on": day("2024-05-06")}
    assert "据报道，未见条文" in (lists.serious(row).rule or "")
    assert lists.serious(row, TEXTS).public_until == date(9999, 12, 31)
    assert lists.serious({"listed_on": day("2019-08-01")}, TEXTS).public_until == day("2024-08-01")


def test_history_shows_who_left_the_serious_list_as_past_while_the_term_runs() -> None:
    window = lists.serious({"listed_on": day("2024-05-06"), "removed_on": day("2025-06-02")}, HISTORY)
    assert shown(window, day("2027-05-06"))
    assert not shown(window, day("2027-05-07"))
    assert (window.turns_on, window.next_state) == (day("2025-06-02"), "removed")


@pytest.mark.parametrize(
    ("row", "policy", "expected"),
    [
        ({"listed_on": day("2025-07-08")}, CAREFUL, True),
        ({"listed_on": day("2025-07-08"), "removed_on": day("2026-08-12")}, CAREFUL, False),
        ({"listed_on": day("2025-07-08"), "removed_on": day("2026-08-12")}, HISTORY, True),
        ({"listed_on": day("2017-07-10")}, CAREFUL, True),
        ({"listed_on": day("2015-07-20"), "removed_on": day("2018-07-20")}, CAREFUL, False),
        ({"listed_on": day("2025-07-08"), "annulled_on": day("2026-08-12")}, HISTORY, False),
        ({"listed_on": day("2025-07-08"), "annulled": True}, HISTORY, False),
    ],
)
def test_a_listing_of_abnormal_operation_is_shown_until_it_ends_and_an_error_leaves_nothing(
    row: Row, policy: Policy, expected: bool
) -> None:
    assert shown(lists.listing(row, policy)) is expected


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
    past = lists.listing(listing, HISTORY)
    assert shown(past, DAY) == (state is not None)
    if state:
        assert (past.next_state if past.turns_on and past.turns_on <= DAY else past.state) == state
    assert shown(lists.listing(listing), DAY) == (state == "listed")


@pytest.mark.parametrize(
    ("row", "first_hidden"),
    [
        ({"from_on": day("2018-09-10"), "until_on": day("2021-09-10")}, "2021-09-11"),
        ({"from_on": day("2018-09-10")}, "2021-09-11"),
        ({"from_on": day("2018-09-10"), "released_on": day("2019-03-05")}, "2019-03-05"),
        ({"from_on": day("2018-09-10"), "until_on": day("2021-09-10"), "released_on": day("2022-01-01")}, "2021-09-11"),
        ({"until_on": day("2021-09-10")}, "2021-09-11"),
    ],
)
@pytest.mark.parametrize("policy", [CAREFUL, HISTORY, TEXTS])
def test_a_restriction_ends_on_its_last_day_or_with_its_release_whichever_is_first(
    row: Row, first_hidden: str, policy: Policy
) -> None:
    window, end = lists.post_restriction(row, policy), day(first_hidden)
    assert shown(window, end - timedelta(days=1))
    assert not shown(window, end)


@pytest.mark.parametrize(
    ("row", "withheld"),
    [({}, "undated"), ({"from_on": day("2026-01-01"), "release_reason": "1"}, "repaired")],
)
def test_a_restriction_that_nobody_can_say_to_last_is_not_shown(row: Row, withheld: str) -> None:
    assert lists.post_restriction(row, HISTORY).withheld == withheld


def test_a_removed_name_is_shown_until_it_is_restored() -> None:
    removed = {"regime": "名称剔除", "decided_on": day("2018-09-10")}
    assert shown(lists.name_removal(removed))
    restored = {**removed, "restored_on": day("2019-02-01")}
    assert not shown(lists.name_removal(restored), day("2019-02-01"))
    assert shown(lists.name_removal(restored), day("2019-01-31"))
    assert shown(lists.name_removal(restored, HISTORY))
    assert lists.name_removal({**removed, "restore_reason": "撤销"}).withheld == "repaired"


@pytest.mark.parametrize("window", [lists.serious, lists.listing, lists.name_removal, lists.post_restriction])
def test_who_is_listed_from_tomorrow_on_is_not_listed_today(window: Callable[[Row], Window]) -> None:
    tomorrow = TODAY + timedelta(days=1)
    row = {"listed_on": tomorrow, "decided_on": tomorrow, "from_on": tomorrow}
    assert not shown(window(row))
    assert shown(window(row), tomorrow)
