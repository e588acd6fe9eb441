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

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from xincha.days import FOREVER
from xincha.rules.window import CAREFUL, Policy, Row, Window, Withheld, amount_of, day_of, months_later, written
from xincha.text.codes import SPOT_CHECK_RESULTS

_ORDER = "《市场监督管理行政处罚信息公示规定》"
_RESTRICTIONS = frozenset(("限制开展生产经营活动", "限制从业"))
_MARKET = re.compile(r"市场监督|市场监管|工商|质量技术监督|质监|食品药品|药品监督|药监|知识产权|综合行政执法")


def penalty(row: Row, _policy: Policy = CAREFUL, *, lower_fine_cny: Decimal | None = None) -> Window:
    """The window of one row of `penalties` (column names as in the lake; missing and null are the same).

    `lower_fine_cny` is what the province takes for a fine of a lower amount (article 13); `None`: not known.
    """
    begin = day_of(row, "published_on") or day_of(row, "decided_on")
    withheld, rule = _withheld(row)
    stated = day_of(row, "public_until_on")
    if stated:
        until, period = stated, f"公示截止期依文件所载，为{written(stated)}"
    elif begin:
        until, period = _period(row, begin, lower_fine_cny)
    else:
        return Window(
            None, None, withheld or "undated", rule or "文件未载明处罚决定日期和公示日期，无法确定公示期，不予展示"
        )
    return Window(begin, until, withheld, rule or period)


def _withheld(row: Row) -> tuple[Withheld, str]:
    if row.get("withdrawn"):
        return "withdrawn", f"处罚决定已被变更、撤销、确认违法或者确认无效，公示信息已撤回（{_ORDER}第十一条）"
    if row.get("repaired") or row.get("repaired_on"):
        return "repaired", f"已完成信用修复，提前停止公示（{_ORDER}第十四条）"
    if _types(row) == {"警告"} and not amount_of(row, "fine_cny") and not amount_of(row, "confiscated_cny"):
        return "no_penalty", f"仅受到警告的行政处罚不予公示（{_ORDER}第二条）"
    return "", ""


def _period(row: Row, begin: date, lower_fine_cny: Decimal | None) -> tuple[date, str]:
    analogy = "" if _of_market_regulation(row) else "；处罚机关非市场监督管理部门，参照适用"
    until = months_later(begin, 36)
    effective = day_of(row, "effective_until_on")
    if _types(row) & _RESTRICTIONS and effective and until < effective:
        return (
            effective,
            f"限制超过三年的，公示期按照实际限制期限执行，至{written(effective)}（{_ORDER}第十三条{analogy}）",
        )
    if _is_minor(row, lower_fine_cny):
        until = months_later(begin, 3)
        return (
            until,
            f"仅受到通报批评或者较低数额罚款，自公示之日起公示三个月，至{written(until)}（{_ORDER}第十三条{analogy}）",
        )
    return until, f"自公示之日起公示三年，至{written(until)}（{_ORDER}第十三条{analogy}）"


def _is_minor(row: Row, lower_fine_cny: Decimal | None) -> bool:
    """Only 通报批评 or a fine of a lower amount, a warning beside it aside: that by itself would not be published."""
    types = _types(row) - {"警告"}
    fine = amount_of(row, "fine_cny")
    if not types or not types <= {"通报批评", "罚款"} or amount_of(row, "confiscated_cny"):
        return False
    if "罚款" not in types and not fine:
        return True
    return lower_fine_cny is not None and bool(fine) and fine <= lower_fine_cny


def _types(row: Row) -> set[str]:
    types = row.get("penalty_types")
    return {str(one) for one in types} if isinstance(types, (list, tuple, set, frozenset)) else set()


def _of_market_regulation(row: Row) -> bool:
    authority = row.get("authority")
    return not authority or bool(_MARKET.search(str(authority)))


_ON_THE_LIST = "列入经营异常名录的，由县级以上工商行政管理部门公示（《企业信息公示暂行条例》第十七条）"
_LEFT = "移出名录、恢复正常记载视为信用修复，不再展示（《信用修复管理办法》第三条、第四条，2026年4月1日起施行）"
_REMOVAL = ("removal_reason", "removal_doc_no", "removed_by")
"""Any of these says that a listing has ended; without a date it is not known when."""


def listing(row: Row, policy: Policy = CAREFUL) -> Window:
    """The window and state of one row of `abnormal_listings`: on the list (or marked), then removed from it.

    A removal that the file reports without its date has happened. A listing whose date is not known has begun.
    """
    listed, removed = day_of(row, "listed_on"), day_of(row, "removed_on")
    hidden = policy.repaired == "hide"
    if removed:
        until = removed - timedelta(days=1) if hidden else FOREVER
        return Window(listed or removed, until, rule=_LEFT, state="listed", turns_on=removed, next_state="removed")
    if any(row.get(name) for name in _REMOVAL):
        return Window(listed, withheld="repaired" if hidden else "", rule=_LEFT, state="removed")
    return Window(listed, rule=_ON_THE_LIST, state="listed")


def while_valid(row: Row, begin: Sequence[str], end: str, ended: str) -> Window:
    """The window and state of a row that is valid for a time: shown while it is, and for a year after it as expired.

    `begin`: the columns of its first day, the first that is stated; `end`: of its last; `ended`: whether it was revoked
    or withdrawn before, for then it says nothing true any more. No text sets a time for licences: this is the practice
    of this program, after that of the seed city's platform, which shows a licence as long as it is valid. Without a
    last day nobody knows whether it is valid still, so it has no state.
    """
    first = next((day for day in (day_of(row, name) for name in begin) if day), None)
    if row.get(ended):
        return Window(first, withheld="withdrawn", rule="许可已被撤销、撤回、吊销、注销或者失效，不再展示")
    last = day_of(row, end)
    if last is None:
        return Window(first, rule="文件未载明有效期，是否仍然有效以许可机关为准")
    if last == FOREVER:
        return Window(first, rule="长期有效", state="valid")
    until = months_later(last, 12)
    told = f"有效期至{written(last)}；届满后注明已过期，展示至{written(until)}（本站的做法，法规没有规定期限）"
    return Window(first, until, rule=told, state="valid", turns_on=last + timedelta(days=1), next_state="expired")


def spot_check(row: Row, _policy: Policy = CAREFUL) -> Window:
    """The window of one row of `spot_checks`, and whether the check found something; no state if a result is on neither
    official list, or tells of the entity and not of what was checked."""
    codes = row.get("result_codes")
    adverse = [SPOT_CHECK_RESULTS[code][1] if code else None for code in codes] if isinstance(codes, list) else []
    state = "found" if any(adverse) else "clear" if adverse and None not in adverse else None
    return Window(day_of(row, "checked_on"), state=state)
