"""What may be shown of a penalty or listing, and from when to when: the law as dates.

Sources are the texts themselves, and what is not in them is not coded:

- 市场监督管理行政处罚信息公示规定 (国家市场监督管理总局令第45号, in force since 2021-09-01), here 《公示规定》:
  article 2: only a warning 警告 is not published; 11: a decision changed, revoked or found void is withdrawn; 13: only
  通报批评 or a fine of a lower amount is public for three months from its publication, all others for three years, a
  restriction of business or profession beyond three years as long as it lasts; 14: publication may end early.
- 行政处罚法 (2021) article 9 (types of penalty) and 48 (withdrawal).
- 企业信息公示暂行条例 article 17: listed entities are published, and removed from the list when they have done their
  duty. It sets no end to showing that an entity was once listed, so a listing in and out stays visible as history.

What the file states itself (公示截止期) wins over what would follow from article 13. The order binds market regulation
only; for penalties of other authorities, whose own rules are not among these texts, it is applied by analogy, and
`rule` says so.
"较低数额" is set by each province (article 13): where it is not given, a fine counts as one of the others.
A period ends with the day that bears the number of its first day; that day is still public.

Pure: dates in, dates out. Whether a record is shown *today* is decided by these dates when somebody asks.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from xincha.days import FOREVER

Withheld = Literal["", "warning_only", "withdrawn", "repaired", "undated"]


class Window(NamedTuple):
    """When a penalty may be shown: from `public_from` through `public_until`, unless it is `withheld` for good.

    `public_from` `None`: the file names no day of publication or decision. `rule`: the reason in one Chinese sentence.
    """

    public_from: date | None
    public_until: date | None
    withheld: Withheld
    rule: str

    def is_public(self, today: date) -> bool:
        """Whether the record may be shown on a day."""
        if self.withheld or self.public_until is None:
            return False
        return (self.public_from is None or self.public_from <= today) and today <= self.public_until


_ORDER = "《市场监督管理行政处罚信息公示规定》"
_RESTRICTIONS = frozenset(("限制开展生产经营活动", "限制从业"))
_MARKET = re.compile(r"市场监督|市场监管|工商|质量技术监督|质监|食品药品|药品监督|药监|知识产权|综合行政执法")


def penalty_window(penalty: Mapping[str, object], *, lower_fine_cny: Decimal | None = None) -> Window:
    """The window of one row of `penalties` (column names as in the lake; missing and null are the same).

    `lower_fine_cny` is what the province takes for a fine of a lower amount (article 13); `None`: not known.
    """
    begin = _date(penalty, "published_on") or _date(penalty, "decided_on")
    withheld, rule = _withheld(penalty)
    stated = _date(penalty, "public_until_on")
    if stated:
        until, period = stated, f"公示截止期依文件所载，为{_written(stated)}"
    elif begin:
        until, period = _period(penalty, begin, lower_fine_cny)
    else:
        return Window(
            None, None, withheld or "undated", rule or "文件未载明处罚决定日期和公示日期，无法确定公示期，不予展示"
        )
    return Window(begin, until, withheld, rule or period)


def _withheld(penalty: Mapping[str, object]) -> tuple[Withheld, str]:
    if penalty.get("withdrawn"):
        return "withdrawn", f"处罚决定已被变更、撤销、确认违法或者确认无效，公示信息已撤回（{_ORDER}第十一条）"
    if penalty.get("repaired") or penalty.get("repaired_on"):
        return "repaired", f"已完成信用修复，提前停止公示（{_ORDER}第十四条）"
    if _types(penalty) == {"警告"} and not _amount(penalty, "fine_cny") and not _amount(penalty, "confiscated_cny"):
        return "warning_only", f"仅受到警告的行政处罚不予公示（{_ORDER}第二条）"
    return "", ""


def _period(penalty: Mapping[str, object], begin: date, lower_fine_cny: Decimal | None) -> tuple[date, str]:
    analogy = "" if _of_market_regulation(penalty) else "；处罚机关非市场监督管理部门，参照适用"
    until = _months_later(begin, 36)
    effective = _date(penalty, "effective_until_on")
    if _types(penalty) & _RESTRICTIONS and effective and until < effective:
        return (
            effective,
            f"限制超过三年的，公示期按照实际限制期限执行，至{_written(effective)}（{_ORDER}第十三条{analogy}）",
        )
    if _is_minor(penalty, lower_fine_cny):
        until = _months_later(begin, 3)
        return (
            until,
            f"仅受到通报批评或者较低数额罚款，自公示之日起公示三个月，至{_written(until)}（{_ORDER}第十三条{analogy}）",
        )
    return until, f"自公示之日起公示三年，至{_written(until)}（{_ORDER}第十三条{analogy}）"


def _is_minor(penalty: Mapping[str, object], lower_fine_cny: Decimal | None) -> bool:
    """Only 通报批评 or a fine of a lower amount, a warning beside it aside: that by itself would not be published."""
    types = _types(penalty) - {"警告"}
    fine = _amount(penalty, "fine_cny")
    if not types or not types <= {"通报批评", "罚款"} or _amount(penalty, "confiscated_cny"):
        return False
    if "罚款" not in types and not fine:
        return True
    return lower_fine_cny is not None and bool(fine) and fine <= lower_fine_cny


def _types(penalty: Mapping[str, object]) -> set[str]:
    types = penalty.get("penalty_types")
    return {str(one) for one in types} if isinstance(types, (list, tuple, set, frozenset)) else set()


def _of_market_regulation(penalty: Mapping[str, object]) -> bool:
    authority = penalty.get("authority")
    return not authority or bool(_MARKET.search(str(authority)))


def _date(penalty: Mapping[str, object], name: str) -> date | None:
    value = penalty.get(name)
    return value if isinstance(value, date) else None


def _amount(penalty: Mapping[str, object], name: str) -> Decimal:
    value = penalty.get(name)
    return Decimal(str(value)) if isinstance(value, (int, float, Decimal)) else Decimal(0)


def _months_later(day: date, months: int) -> date:
    """The day of the same number so many months later; the month's last day where there is none."""
    if day >= FOREVER.replace(year=FOREVER.year - 3):
        return FOREVER
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


ListingState = Literal["listed", "removed", "to_come"]


def listing_state(listing: Mapping[str, object], today: date) -> ListingState:
    """The state on a day of one row of `abnormal_listings`: on the list (or marked), removed from it, or not yet on it.

    A removal that the file reports without its date has happened. A listing whose date is not known has begun.
    """
    listed, removed = _date(listing, "listed_on"), _date(listing, "removed_on")
    if removed:
        if removed <= today:
            return "removed"
    elif any(listing.get(name) for name in ("removal_reason", "removal_doc_no", "removed_by")):
        return "removed"
    return "to_come" if listed and today < listed else "listed"
