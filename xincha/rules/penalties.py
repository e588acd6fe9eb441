"""What may be shown of a penalty, and until when, by the rules that are in force when somebody asks.

Classes follow 市场监督管理行政处罚信息公示规定 (order 45) and the general plan 国办发〔2025〕22号:

- not published: only a warning 警告, also with an order to mend things, which is no penalty (行政处罚法 article 28); no
  penalty imposed 不予处罚; decided on the spot 简易程序 (order 45, article 2);
- `minor` 轻微: only 通报批评, or a fine below the bound of the province (article 13), which binds market regulation;
- `serious` 严重: what article 14 excludes from an early end, and 责令关闭;
- `ordinary` 一般: all others.

A later rule ends publication sooner, for penalties of before too, and never later. What the file states itself
(公示截止期) shortens a window and never lengthens it; a restriction of business or profession is shown as long as it
lasts (article 13). A period ends with the day that bears the number of its first day (民法典 202) and is not moved to a
working day. A penalty that was published before it was decided counts from its decision.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from xincha.days import FOREVER
from xincha.rules.dated import (
    CHANGES,
    CLASSES,
    ORDER_45,
    STATUSES,
    Class,
    Family,
    LowerFine,
    Rule,
    lower_fine_on,
    rule_on,
)
from xincha.rules.window import Policy, Row, Window, Withheld, amount_of, day_of, months_later, written
from xincha.text import regions
from xincha.text.codes import ON_THE_SPOT

PERSON = "自然人"
_RESTRICTIONS = frozenset(("限制开展生产经营活动", "限制从业"))
SERIOUS = frozenset((*_RESTRICTIONS, "责令停产停业", "责令关闭", "降低资质等级", "吊销许可证件"))
_MARKET = re.compile(r"市场监督|市场监管|市监|工商行政|工商局|质量技术监督|质监|食品药品|药品监督|药监|知识产权")
_NO_PENALTY = re.compile(r"责令.{0,8}(?:改正|整改)|(?:不予|免予|免于)(?:行政)?处罚|批评教育|限期改正")


class _Period(NamedTuple):
    """The last day that a rule allows, and the rule in one sentence."""

    until: date
    told: str


def penalty(row: Row, policy: Policy) -> Window:
    """The window of one row of `penalties` (column names as in the lake; missing and null are the same)."""
    family = family_of(row.get("authority"))
    decided, published = day_of(row, "decided_on"), day_of(row, "published_on")
    withheld, reason = _withheld(row)
    begin = published or decided
    if begin is None:
        return Window(
            None, None, withheld or "undated", reason or "文件未载明处罚决定日期和公示日期，无法确定公示期，不予展示"
        )
    begin = max(begin, decided or begin)
    period = _stated(row, _by_law(row, family, policy, begin))
    elsewhere = "" if family == "market" else "；以信用中国公示为准"
    return Window(begin, period.until, withheld, reason or f"{period.told}{elsewhere}")


def _withheld(row: Row) -> tuple[Withheld, str]:
    if row.get("withdrawn"):
        return "withdrawn", f"处罚决定已被变更、撤销、确认违法或者确认无效，公示信息已撤回（{ORDER_45}第十一条）"
    if row.get("repaired") or row.get("repaired_on"):
        return "repaired", f"已完成信用修复，提前停止公示（{ORDER_45}第十四条）"
    reason = _why_no_penalty(row)
    return ("no_penalty", reason) if reason else ("", "")


def _why_no_penalty(row: Row) -> str:
    """Why nothing was imposed that is published; "" if something was."""
    if row.get("procedure") == ON_THE_SPOT:
        return f"适用简易程序的行政处罚不予公示（{ORDER_45}第二条）"
    types = {"an amount"} if _has_amount(row) else _types(row)
    if types == {"警告"}:
        return f"仅受到警告的行政处罚不予公示（{ORDER_45}第二条）"
    if not types and _NO_PENALTY.search(str(row.get("content") or "")):
        return "责令改正、不予处罚不是行政处罚（《行政处罚法》第二十八条），不予公示"
    return ""


def _by_law(row: Row, family: Family, policy: Policy, begin: date) -> _Period:
    """The window from `begin` on: each rule ends it when its own time is over, and as long as it is in force."""
    days = [begin, *(day for day in CHANGES if day > begin), FOREVER]
    shortest = _Period(FOREVER, "")
    for first, following in pairwise(days):
        rule = rule_on(first, family, policy)
        period = _by_rule(row, rule, family, first, begin)
        until = max(period.until, first - timedelta(days=1))
        if until <= shortest.until:
            shortest = period._replace(until=until)
        if shortest.until < following:
            break
    effective = day_of(row, "effective_until_on")
    if _types(row) & _RESTRICTIONS and effective and shortest.until < effective:
        return _Period(effective, f"限制长于公示期的，展示至限制期满，{written(effective)}（{ORDER_45}第十三条）")
    return shortest


def _by_rule(row: Row, rule: Rule, family: Family, day: date, begin: date) -> _Period:
    """The window by the rule, and the province's bound, that are in force on a day."""
    bound = lower_fine_on(day, _province(row)) if family == "market" else None
    kind = _class(row, bound)
    status = "" if rule.status == "text" else f"，{STATUSES[rule.status]}"
    analogy = "" if rule.family == family else "，参照适用"
    source = f"{rule.source}{rule.article}，{written(rule.begins)}起施行{analogy}{status}"
    months = rule.months[kind]
    if not months:
        return _Period(begin - timedelta(days=1), f"{CLASSES[kind]}失信信息不予公示（{source}）")
    clock = day_of(row, "decided_on") if rule.clock == "decided" else None
    until = months_later(clock or begin, months)
    lower = f"，罚款低于{bound.title}规定的较低数额（{bound.source}）" if kind == "minor" and bound else ""
    length = f"{months // 12}年" if months % 12 == 0 else f"{months}个月"
    since = "决定" if clock else "公示"
    return _Period(
        until, f"{CLASSES[kind]}行政处罚{lower}，自{since}之日起最长公示{length}，至{written(until)}（{source}）"
    )


def _stated(row: Row, period: _Period) -> _Period:
    """The file's own last day, where it comes sooner."""
    stated = day_of(row, "public_until_on")
    restricted = _types(row) & _RESTRICTIONS and day_of(row, "effective_until_on") == period.until
    if stated is None or stated >= period.until or restricted:
        return period
    return _Period(stated, f"公示截止期依文件所载，为{written(stated)}")


def _class(row: Row, bound: LowerFine | None) -> Class:
    types = _types(row)
    if types & SERIOUS:
        return "serious"
    rest, fine = types - {"警告"}, amount_of(row, "fine_cny")
    if not rest <= {"通报批评", "罚款"} or not (rest or fine) or amount_of(row, "confiscated_cny"):
        return "ordinary"
    if "罚款" not in rest and not fine:
        return "minor"
    return "minor" if bound and 0 < fine < _bound_for(row, bound) else "ordinary"


def _bound_for(row: Row, bound: LowerFine) -> Decimal:
    return bound.person_cny if row.get("party_kind") == PERSON else bound.other_cny


def _province(row: Row) -> str | None:
    """The province of the office that decided: by its code, its name, or where the party is."""
    code = str(row.get("authority_uscc") or "")[2:4]
    named = regions.find(str(row.get("authority") or ""))
    return code or (named or str(row.get("party_region_code") or ""))[:2] or None


def _types(row: Row) -> set[str]:
    types = row.get("penalty_types")
    return {str(one) for one in types} if isinstance(types, (list, tuple, set, frozenset)) else set()


def _has_amount(row: Row) -> bool:
    return bool(amount_of(row, "fine_cny") or amount_of(row, "confiscated_cny"))


def family_of(authority: object) -> Family:
    """The family of an office, by its name; one without a name is taken for market regulation."""
    return "market" if not authority or _MARKET.search(str(authority)) else "other"
