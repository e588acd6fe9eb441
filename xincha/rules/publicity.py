"""What may be shown of licences, spot checks, what belongs to these, notices and changes: from when to when, and how.

Penalties (`xincha.rules.penalties`), lists and restrictions (`xincha.rules.lists`) have modules of their own. Pure:
dates in, dates out. Whether a record is shown *today* is decided by these dates when somebody asks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from xincha.days import FOREVER
from xincha.rules.window import CAREFUL, Policy, Row, Window, day_of, months_later, written
from xincha.text.codes import SPOT_CHECK_RESULTS
from xincha.text.notices import LISTED

_CHECKED = "抽查结果由市场监督管理部门公示（《企业信息公示暂行条例》第十四条）；没有规定公示期限"
_MENDED = "抽查检查结果已信用修复，不再展示（《市场监督管理信用修复管理办法》，2025年12月25日起施行，据报道，未见条文）"
_OPEN = "抽查计划、任务、事项和结果向社会公开（双随机、一公开，国发〔2019〕5号）；没有规定公示期限"
_DRAWN = (
    "抽查对象名单随抽查任务公开（双随机、一公开，国发〔2019〕5号）；"
    "被随机抽取只说明列入检查，不说明有无问题；没有规定公示期限"
)
_NOTICE = "公告由发布机关或者主体向社会公开；没有规定展示期限"
_NO_LISTING = "没有对应的列入记录，无从得知是否仍在名录中，公告不予展示"
_OFFICERS = "执法检查人员名录向社会公开（双随机、一公开，国发〔2019〕5号）；离岗后不再展示"
_IN_OFFICE = "^(?:在[岗职编册]|正常|有效|启用|可用|1)"
_CHANGED = "变更登记信息由登记机关公示（《企业信息公示暂行条例》第六条）；没有规定公示期限"
_NAMED = ("party_name", "party_uscc", "party_reg_no")
_PROGRESS = (
    ("task_pending", "^待|^未(?:开始|执行|实施|启动)|^0?1$"),
    ("task_done", "(?<!未)(?:完成|完结|结束|办结)|^10$"),
    ("task_running", "执行|进行|实施|未完|^0?2$"),
)
"""States of tasks 任务状态, in words and in the codes 01, 02, 10."""


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


def spot_check(row: Row, policy: Policy = CAREFUL) -> Window:
    """The window of one row of `spot_checks`, and whether the check found something; no state if a result is on neither
    official list, or tells of the entity and not of what was checked. What it found and was repaired is hidden."""
    codes = row.get("result_codes")
    adverse = [SPOT_CHECK_RESULTS[code][1] if code else None for code in codes] if isinstance(codes, list) else []
    state = "found" if any(adverse) else "clear" if adverse and None not in adverse else None
    checked, repaired = day_of(row, "checked_on"), day_of(row, "repaired_on")
    if state != "found" or repaired is None or policy.repaired == "history":
        return Window(checked, rule=_CHECKED, state=state)
    return Window(checked, repaired - timedelta(days=1), rule=_MENDED, state=state)


def public_act(row: Row, _policy: Policy = CAREFUL) -> Window:
    """What an office lays open of its own work: a plan of spot checks, an item that may be checked."""
    return Window(day_of(row, "published_on"), rule=_OPEN)


def power(row: Row, policy: Policy = CAREFUL) -> Window:
    """A list of powers is laid open for good. A power that was cancelled stays, marked, for penalties rest on it."""
    cancelled = "取消" in str(row.get("adjustment") or "")
    return public_act(row, policy)._replace(public_from=None, state="cancelled" if cancelled else "in_force")


def regulation(row: Row, _policy: Policy = CAREFUL) -> Window:
    """A text of law is public for good; an earlier version stays, for decisions of its time rest on it."""
    begin = day_of(row, "version_on") or day_of(row, "in_force_on")
    return Window(begin, rule="法律、行政法规、规章的文本依法公布（《立法法》），按装载的文本展示")


def check_draw(row: Row, _policy: Policy = CAREFUL) -> Window:
    """Who was drawn is laid open with the task, where the task says so (`indexer.draws`)."""
    begin = day_of(row, "published_on") or day_of(row, "drawn_on")
    return Window(begin, rule=_DRAWN)


def check_task(row: Row, policy: Policy = CAREFUL) -> Window:
    """A task of spot checks is laid open like its plan; its state is what its file says."""
    said = str(row.get("progress") or "").strip()
    state = next((state for state, pattern in _PROGRESS if re.search(pattern, said)), None)
    return public_act(row, policy)._replace(state=state)


def notice(row: Row, _policy: Policy = CAREFUL) -> Window:
    """A notice is shown; while its time runs as running, then as over. One of somebody's listing is shown as
    long as that (`indexer.belonging`): where no listing is known nobody can tell whether it goes on."""
    begin, end = day_of(row, "from_on"), day_of(row, "to_on")
    shown = next((day for day in (day_of(row, "published_on"), begin) if day), None)
    if row.get("notice_kind") == LISTED and any(row.get(name) for name in _NAMED):
        return Window(shown, withheld="alone", rule=_NO_LISTING)
    if end is None:
        return Window(shown, rule=_NOTICE)
    told = f"{_NOTICE}；公告期至{written(end)}"
    turns = end + timedelta(days=1)
    return Window(shown, rule=told, state="notice_running", turns_on=turns, next_state="notice_over")


def officer(row: Row, _policy: Policy = CAREFUL) -> Window:
    """An officer stands in the register while he is in office and his certificate runs. A state that is stated and does
    not say that he is in office says that he is not."""
    begin, last = day_of(row, "valid_from_on"), day_of(row, "valid_until_on")
    said = str(row.get("post") or "").strip()
    if said and not re.search(_IN_OFFICE, said):
        return Window(begin, withheld="withdrawn", rule="已不在岗，不再列于执法检查人员名录")
    if last is None or last == FOREVER:
        return Window(begin, rule=_OFFICERS)
    return Window(begin, last, rule=f"{_OFFICERS}；执法证件有效期至{written(last)}，届满后不再展示")


def change(row: Row, _policy: Policy = CAREFUL) -> Window:
    """What was changed in the register is published with it, without end."""
    return Window(day_of(row, "changed_on"), rule=_CHANGED)
