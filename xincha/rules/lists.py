"""What may be shown of lists and restrictions, from when to when and in which state: the law of each as dates.

- Abnormal operation 经营异常: until the party has done its duty and is removed (企业信息公示暂行条例 article 17).
  Leaving the list is a repair of credit, and what is repaired is public no more (信用修复管理办法, NDRC order 36, in
  force since 2026-04-01, articles 3 and 4); for an operator who is entitled to show it as past, the setting says so
  (`Policy.repaired`). A listing that was annulled 撤销列入 was an error, and leaves nothing
  (个体工商户年度报告暂行办法 article 19).
- Serious violation 严重违法失信: a list of two laws. Until 2021-08-31 five years (企业信息公示暂行条例 of 2014, article
  17: text), since 2021-09-01 three years (SAMR order 44: told by others, its text was not read); then it ends by
  itself.
- Removal of a name 名称剔除 (Xiamen) and 除名 (Shenzhen): as long as they stand.
- Restriction of posts 任职限制: three years from the removal of the name (Xiamen, told by others) where the file states
  no last day. It is about a person, so it is never shown as past, whatever the operator decides.

A period ends with the day that bears the number of its first day; that day is still public (民法典 articles 201, 202).
Pure: dates in, dates out.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from xincha.days import FOREVER
from xincha.rules.window import CAREFUL, Policy, Row, Window, day_of, months_later, written


class ListTerm(NamedTuple):
    """How long an entry stays on the list of serious violation by the law under which it was made, until `ends`."""

    name: str
    source: str
    told: str
    """How the text is known; "": it was read."""
    ends: date
    years: int


SERIOUS = (
    ListTerm("order83", "《企业信息公示暂行条例》（2014年）第十七条", "", date(2021, 8, 31), 5),
    ListTerm(
        "order44",
        "《市场监督管理严重违法失信名单管理办法》（国家市场监督管理总局令第44号）",
        "，据报道，未见条文",
        FOREVER,
        3,
    ),
)
"""In the order of their beginnings. The later one is told by others: the policy `careful` alone applies its end."""

_ON_THE_LIST = "列入经营异常名录的，由县级以上工商行政管理部门公示（《企业信息公示暂行条例》第十七条）"
_MARKED = "标记为经营异常状态的个体工商户，依法公示；这是标记，不是列入名录（《个体工商户年度报告暂行办法》）"
_LEFT = "移出名录、恢复正常记载视为信用修复，不再展示（《信用修复管理办法》第三条、第四条，2026年4月1日起施行）"
_PAST = "已移出名录或者恢复正常记载；运营者设置为仍作历史展示"
_ANNULLED = "列入（标记、载入）决定已被撤销，视为未曾列入，不予展示（《个体工商户年度报告暂行办法》第十九条）"
_LEFT_SERIOUS = "移出严重违法失信名单视为信用修复，不再展示（《信用修复管理办法》第三条、第四条，2026年4月1日起施行）"
_RESTRICTED_YEARS = 3
_RESTRICTION = "厦门经济特区商事登记的规定，据报道，未见条文"


def serious_regime(listed: date) -> ListTerm:
    """The law under which somebody was listed on a day."""
    return next(term for term in SERIOUS if listed <= term.ends)


def listing(row: Row, policy: Policy = CAREFUL) -> Window:
    """The window and state of one row of `abnormal_listings`: on the list (or marked), then removed from it.

    One that was annulled is never shown. A removal that the file reports without its date has happened. A listing whose
    date is not known has begun.
    """
    listed, removed = day_of(row, "listed_on"), day_of(row, "removed_on")
    if row.get("annulled") or row.get("annulled_on"):
        return Window(listed, withheld="withdrawn", rule=_ANNULLED)
    hidden = policy.repaired == "hide"
    left = _LEFT if hidden else _PAST
    if removed:
        until = removed - timedelta(days=1) if hidden else FOREVER
        return Window(listed or removed, until, rule=left, state="listed", turns_on=removed, next_state="removed")
    if _ended(row, "removal_reason", "removal_doc_no", "removed_by"):
        return Window(listed, withheld="repaired" if hidden else "", rule=left, state="removed")
    marked = row.get("regime") == "marked" or (row.get("mark") and not row.get("regime"))
    return Window(listed, rule=_MARKED if marked else _ON_THE_LIST, state="listed")


def serious(row: Row, policy: Policy = CAREFUL) -> Window:
    """The window and state of one row of `serious_listings`: on the list, then off it by itself or by a decision."""
    if row.get("annulled_on"):
        return Window(None, withheld="withdrawn", rule="列入决定已被撤销，视为未曾列入，不予展示")
    listed, removed = day_of(row, "listed_on"), day_of(row, "removed_on")
    if listed is None:
        return Window(removed, None, "undated", "文件未载明列入日期，无法确定公示期，不予展示")
    until, rule = _term(row, listed, policy)
    ends_early = _ended(row, "removed_on", "removal_reason", "removed_by", "removal_doc_no")
    if removed is None and ends_early:  # it has ended, and nobody knows when
        return Window(listed, until, "repaired" if policy.repaired == "hide" else "", _LEFT_SERIOUS, state="removed")
    if removed is None or removed > until:
        return Window(listed, until, rule=rule, state="listed")
    if policy.repaired == "hide":
        return Window(
            listed, removed - timedelta(days=1), rule=_LEFT_SERIOUS, state="listed",
            turns_on=removed, next_state="removed",
        )  # fmt: skip
    return Window(listed, until, rule=rule, state="listed", turns_on=removed, next_state="removed")


def _term(row: Row, listed: date, policy: Policy) -> tuple[date, str]:
    """The last day on the list, and why: what the file states may be earlier than the law, never later."""
    term, stated = serious_regime(listed), day_of(row, "until_on")
    applied = not term.told or policy.publicity == "careful"
    until = months_later(listed, 12 * term.years) if applied else FOREVER
    if stated and stated < until:
        return stated, f"列入期限依文件所载，至{written(stated)}"
    if not applied:
        return until, f"列入严重违法失信名单的，予以公示（{term.source}）"
    return until, f"自列入之日起满{term.years}年移出，至{written(until)}（{term.source}{term.told}）"


def name_removal(row: Row, policy: Policy = CAREFUL) -> Window:
    """The window and state of one row of `name_removals`: until the name is restored or the decision revoked."""
    decided, restored = day_of(row, "decided_on"), day_of(row, "restored_on")
    act = row.get("regime") or "名称剔除、除名"
    stands = f"{act}决定依法公示，至恢复或者撤销为止（法规没有规定公示期限）"
    over = "名称已恢复或者决定已撤销，不再展示"
    hidden = policy.repaired == "hide"
    if restored:
        until = restored - timedelta(days=1) if hidden else FOREVER
        return Window(
            decided or restored, until, rule=over, state="name_removed", turns_on=restored, next_state="name_restored"
        )
    if row.get("restore_reason"):
        return Window(decided, withheld="repaired" if hidden else "", rule=over, state="name_restored")
    return Window(decided, rule=stands, state="name_removed")


def post_restriction(row: Row, _policy: Policy = CAREFUL) -> Window:
    """The window of one row of `post_restrictions`: until its last day or its release, whichever is first.

    Of a restriction whose days are not known nobody can say that it lasts, so it is not shown.
    """
    begin, until, released = (day_of(row, name) for name in ("from_on", "until_on", "released_on"))
    rule = f"任职限制在期限内展示（{_RESTRICTION}）"
    if until is None and begin:
        until = months_later(begin, 12 * _RESTRICTED_YEARS)
        rule = f"自名称被剔除之日起三年内任职受限，至{written(until)}（{_RESTRICTION}）"
    if released is None and _ended(row, "release_reason", "released_by"):
        return Window(begin, until, "repaired", "任职限制已解除，不再展示", state="restricted")
    if until is None and released is None:
        return Window(begin, None, "undated", "文件未载明限制的起止日期，无法确定是否仍在限制期内，不予展示")
    last = released - timedelta(days=1) if released else FOREVER
    if until is None or last < until:
        until, rule = last, "任职限制已解除，不再展示"
    return Window(begin, until, rule=rule, state="restricted")


def _ended(row: Row, *names: str) -> bool:
    """Whether any of these facts says that something has ended."""
    return any(row.get(name) for name in names)
