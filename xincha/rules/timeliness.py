"""Whether a penalty was published in time: working days from its decision to its publication.

- Market regulation (order 45): within 20 working days of the decision where the party is registered in the province of
  the office (article 9). Elsewhere the office pushes it within 10 working days to the province of the party, which
  publishes it within 10 working days of receipt (article 10): where the day of receipt is stated each leg is looked at,
  where it is not only the sum can be.
- Other departments: 20 working days (企业信息公示暂行条例 article 7; 政府信息公开条例 article 26), which counts; and 7
  in the practice of credit portals, which is told beside it and is no text of law.

The day of the decision is not counted, the day of publication is (民法典 201). Working days are those of
`chinesecalendar`: Mondays to Fridays that are no holidays, and weekends that are worked instead. Days of a year whose
holidays were not announced are not known, and are not guessed.

Pure: dates in, dates and numbers out.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Literal, NamedTuple

from chinese_calendar import is_workday

WITHIN, EACH_LEG, IN_PRACTICE = 20, 10, 7
"""Working days: from decision to publication; from decision to receipt, and on to publication; of credit portals."""

LIMITS = {
    "market": "市场监督管理部门：自作出处罚决定之日起20个工作日（《市场监督管理行政处罚信息公示规定》第九条）；"
    "当事人登记地在外省的，10个工作日内推送，收到后10个工作日内公示（第十条）",
    "other": "其他部门：20个工作日（《企业信息公示暂行条例》第七条、《政府信息公开条例》第二十六条）；"
    "信用网站的做法为7个工作日（据报道，未见条文），另计",
}
"""The limits of each family of offices, in words."""

Flow = Literal["local", "away", "other", "office_unplaced", "party_unplaced"]
"""How a penalty goes to publication: inside one province, to another one, by another department than market regulation;
or not known, since the province of the office or of the party is not."""

Unknown = Literal[
    "no_decision_day", "no_publication_day", "before_decision", "office_unplaced", "party_unplaced", "calendar"
]
WHY_UNKNOWN: dict[Unknown, str] = {
    "no_decision_day": "未载明决定日期",
    "no_publication_day": "未载明公示日期",
    "before_decision": "公示日期早于决定日期",
    "office_unplaced": "处罚机关所在省份不明",
    "party_unplaced": "当事人登记地不明",
    "calendar": "该年度节假日安排尚未公布",
}
"""Why it is not known whether a penalty was published in time."""


Leg = Literal["push", "publish"]
"""The way of a penalty to another province: to its receipt, and on to its publication."""


class Timeliness(NamedTuple):
    """`days`: working days from decision to publication; `None`: not known. `timely`: `None`: not known, for the reason
    `why`. `in_practice`: within the 7 days of credit portals; `None` where they do not apply. `late_leg`: of a penalty
    that went to another province, whose leg was too long (the first that was)."""

    days: int | None = None
    timely: bool | None = None
    why: Unknown | None = None
    in_practice: bool | None = None
    late_leg: Leg | None = None


def judge(decided: date | None, published: date | None, received: date | None, flow: Flow) -> Timeliness:
    """Whether a penalty was published in time. `received`: when the province of the party received it."""
    if decided is None or published is None:
        return Timeliness(why="no_publication_day" if decided else "no_decision_day")
    days = working_days(decided, published) if decided <= published else None
    if days is None:
        return Timeliness(why="calendar" if decided <= published else "before_decision")
    if flow in {"office_unplaced", "party_unplaced"}:
        return Timeliness(days, why=flow)
    late_leg = _late_leg(decided, received, published) if flow == "away" else None
    timely = days <= WITHIN and late_leg is None  # legs of ten days come to twenty
    return Timeliness(days, timely, in_practice=days <= IN_PRACTICE if flow == "other" else None, late_leg=late_leg)


def _late_leg(decided: date, received: date | None, published: date) -> Leg | None:
    """The first leg that took too long; `None` also where no receipt is stated that lies between the other days."""
    if received is None or not decided <= received <= published:
        return None
    legs: dict[Leg, int | None] = {
        "push": working_days(decided, received),
        "publish": working_days(received, published),
    }
    return next((leg for leg, days in legs.items() if days is not None and days > EACH_LEG), None)


def working_days(begin: date, end: date) -> int | None:
    """Working days after `begin` up to and including `end`, not before it; `None` where a year is not known."""
    first, counts = _calendar()
    since, until = begin.toordinal() - first, end.toordinal() - first
    return counts[until] - counts[since] if since >= 0 and until < len(counts) else None


def last_day(begin: date, limit: int) -> date | None:
    """The last day of so many working days after a day; `None` where that is not known yet."""
    first, counts = _calendar()
    since = begin.toordinal() - first
    if not 0 <= since < len(counts):
        return None
    place = bisect_left(counts, counts[since] + limit)
    return date.fromordinal(first + place) if place < len(counts) else None


def known_years() -> tuple[int, int]:
    """The first and the last year whose working days are known."""
    first, counts = _calendar()
    return date.fromordinal(first).year, date.fromordinal(first + len(counts) - 1).year


@cache
def _calendar() -> tuple[int, list[int]]:
    """Ordinal of the first known day, and for it and each one after it the working days up to and including it."""
    begin = date(2004, 1, 1)
    days = []
    day = begin
    try:
        while True:
            days.append(is_workday(day))
            day += timedelta(days=1)
    except NotImplementedError:
        return begin.toordinal(), list(accumulate(map(int, days)))
