"""When a record may be shown, and in which state it is on a day. Dates in, dates out; the days of asking decide."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from xincha.days import FOREVER

Withheld = Literal["", "no_penalty", "withdrawn", "repaired", "undated", "gone", "alone"]
Row = Mapping[str, object]


class Policy(NamedTuple):
    """What the operator decides, as the settings of these names say.

    `publicity`: `careful` also applies rules whose text is known from second hand, for they end publication sooner;
    `texts` only those whose text was read. `repaired`: what has been repaired, removed from a list or restored is not
    shown by name (`hide`), or as past (`history`).
    """

    publicity: Literal["careful", "texts"] = "careful"
    repaired: Literal["hide", "history"] = "hide"


CAREFUL = Policy()


class Window(NamedTuple):
    """When a record may be shown: from `public_from` through `public_until`, unless it is `withheld` for good.

    `public_from` `None`: the file names no day; it is shown from the day on which it was loaded. `rule`: the reason in
    one Chinese sentence; `None` where no text regulates it. `state`: the record's; from `turns_on` it is `next_state`.
    """

    public_from: date | None
    public_until: date | None = FOREVER
    withheld: Withheld = ""
    rule: str | None = None
    state: str | None = None
    turns_on: date | None = None
    next_state: str | None = None


def unless_gone(window: Window, gone_on: date | None) -> Window:
    """The window of a record of any kind that is absent from a complete list of its source since `gone_on` (None: it is
    not). What is repaired 信用修复 or withdrawn is not marked by who published it, it disappears."""
    if gone_on is None:
        return window
    told = f"来源{written(gone_on)}的完整名单已不含此记录（已修复、撤回或不再公示），自该日起不再展示"
    return window._replace(withheld=window.withheld or "gone", rule=told)


def is_shown(record: Mapping[str, Any], day: str) -> bool:
    """Whether a stored record, with the names of `Window`, may be shown on a day (ISO 8601, which sorts as days do)."""
    return not record.get("withheld") and record["public_from"] <= day <= record.get("public_until", "")


def state_on(record: Mapping[str, Any], day: str) -> str | None:
    """The state of a stored record on a day."""
    turns_on = record.get("turns_on")
    return record.get("next_state" if turns_on and turns_on <= day else "state")


def day_of(row: Row, name: str) -> date | None:
    """A date of a row; `None` where there is none."""
    value = row.get(name)
    return value if isinstance(value, date) else None


def amount_of(row: Row, name: str) -> Decimal:
    """An amount of a row, in yuan; 0 where there is none."""
    value = row.get(name)
    return Decimal(str(value)) if isinstance(value, (int, float, Decimal)) else Decimal(0)


def months_later(day: date, months: int) -> date:
    """The day of the same number so many months later, the last of a period (民法典 201, 202); the month's last where
    there is no such day."""
    if day >= FOREVER.replace(year=FOREVER.year - 5):
        return FOREVER
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def written(day: date) -> str:
    """2026年11月26日."""
    return f"{day.year}年{day.month}月{day.day}日"
