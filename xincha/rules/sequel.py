"""Which listing or penalty may have followed a spot check that found something («可能随后»): never that it did.

Nobody publishes what came of a check. A listing is decided within ten working days of the fact (order 68 and 69, told
by others), a penalty within ninety days of the filing of its case (行政处罚法 article 60). So what may have followed is
of the same entity, of that time, and about what was found; or by the same office, where one of both does not say what
it is about. What is about something else is none: 未报年报 after a check of food.

Pure: rows in, dates and yes or no out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from xincha.rules.timeliness import last_day
from xincha.text.codes import SPOT_CHECK_RESULTS
from xincha.text.offices import same_office
from xincha.text.subjects import subjects, subjects_of_result

WORKING_DAYS = 10
"""From the check to a listing."""
DAYS = 90
"""From the check to a penalty."""
LONGEST = timedelta(days=DAYS)
"""No sequel is later: ten working days are less, whatever the holidays."""

RULE = (
    f"同一企业在抽查完成后{WORKING_DAYS}个工作日内被列入（载入、标记）经营异常，或者{DAYS}日内受到的处罚，"
    "事由与发现的问题相符，或者一方未载明事由而为同一机关作出；是否因这次抽查，没有公布"
)
"""The same in one sentence, for people."""

_NO_FOLLOW_UP = re.compile("(?:不予|免予|不|未)(?:行政)?(?:处罚|立案|列入)")
_FOLLOW_UPS = {"abnormal": re.compile("列入|载入|标记"), "penalty": re.compile("处罚|立案|罚款|没收|警告")}

Row = Mapping[str, Any]


def may_have_followed(check: Row, record: Row) -> bool:
    """Whether a record (of `abnormal` or `penalty`) of the same entity may have come of a check; stored rows both."""
    checked, happened = _day(check, "checked_on"), _day(record, "happened_on")
    if checked is None or happened is None or not checked <= happened <= last_day_of(record["kind"], checked):
        return False
    found, said = _found(check), _about(record)
    if found and said:
        return not found.isdisjoint(said) or (_followed_up(check, record) and _of_one_office(check, record))
    return _of_one_office(check, record)


def last_day_of(kind: str, checked: date) -> date:
    """The last day on which what may have followed a check is decided. In a year whose holidays are not known yet
    Mondays to Fridays are counted, which are no fewer."""
    if kind != "abnormal":
        return checked + LONGEST
    if known := last_day(checked, WORKING_DAYS):
        return known
    day, left = checked, WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.isoweekday() <= 5
    return day


def _found(check: Row) -> frozenset[str]:
    """What the findings of a check are about: by their results, else by the items that they are of, else by the names
    of task and plan."""
    lines = [(line.get("item"), line.get("result_code")) for line in check.get("lines") or ()]
    found = [(item, code) for item, code in lines if code and SPOT_CHECK_RESULTS[code][1]]
    if not found:
        codes = [code for code in check.get("result_codes") or () if code and SPOT_CHECK_RESULTS[code][1]]
        found = [("；".join(check.get("items") or ()), code) for code in codes]
    about: set[str] = set()
    for item, code in found:
        about |= subjects_of_result(code) or subjects(item)
    return frozenset(about) or subjects(check.get("task_name"), check.get("plan_name"))


def _about(record: Row) -> frozenset[str]:
    """What a listing or a penalty is about."""
    if record["kind"] == "abnormal":
        code = record.get("reason_code")
        return frozenset([code]) if code else subjects(record.get("reason"))
    return subjects(record.get("violation")) or subjects(record.get("facts"), record.get("basis"))


def _followed_up(check: Row, record: Row) -> bool:
    """Whether the follow-up that the check states is of this kind."""
    said = _NO_FOLLOW_UP.sub("", check.get("follow_up") or "")
    return bool(_FOLLOW_UPS[record["kind"]].search(said))


def _of_one_office(check: Row, record: Row) -> bool:
    one, other = check.get("authority"), record.get("listed_by" if record["kind"] == "abnormal" else "authority")
    return bool(one and other) and same_office(str(one), str(other))


def _day(row: Row, name: str) -> date | None:
    value = row.get(name)
    return date.fromisoformat(value) if isinstance(value, str) else value
