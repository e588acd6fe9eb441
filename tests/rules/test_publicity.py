"""What the law lets be shown of checks and licences, and when. All records are invented."""

from __future__ import annotations

from datetime import date

import pytest

from xincha.days import FOREVER
from xincha.rules import publicity
from xincha.rules.window import Policy, Window, is_shown, state_on

DAY = date(2022, 3, 5)


def stored(window: Window) -> dict[str, str]:
    """A window as documents hold it."""
    values = {name: value for name, value in window._asdict().items() if value}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def shown(window: Window, day: date) -> bool:
    begin = window.public_from or date.min  # the day on which it was loaded stands there
    return is_shown(stored(window._replace(public_from=begin)), day.isoformat())


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


@pytest.mark.parametrize(
    ("day", "repaired", "today"),
    [(date(2026, 5, 4), "hide", True), (date(2026, 5, 5), "hide", False), (date(2026, 5, 5), "history", True)],
)
def test_a_finding_that_was_repaired_is_hidden_from_that_day(day: date, repaired: str, today: bool) -> None:
    check = {"result_codes": ["无法联系"], "checked_on": DAY, "repaired_on": date(2026, 5, 5)}
    assert shown(publicity.spot_check(check, Policy(repaired=repaired)), day) == today  # type: ignore[arg-type]
    clear = {**check, "result_codes": ["未发现问题"]}
    assert shown(publicity.spot_check(clear), day)
