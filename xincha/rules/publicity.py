"""What may be shown of licences and spot checks, from when to when and in which state.

Penalties (`xincha.rules.penalties`), lists and restrictions (`xincha.rules.lists`) have modules of their own. Pure:
dates in, dates out. Whether a record is shown *today* is decided by these dates when somebody asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from xincha.days import FOREVER
from xincha.rules.window import CAREFUL, Policy, Row, Window, day_of, months_later, written
from xincha.text.codes import SPOT_CHECK_RESULTS

_CHECKED = "抽查结果由市场监督管理部门公示（《企业信息公示暂行条例》第十四条）；没有规定公示期限"
_MENDED = "抽查检查结果已信用修复，不再展示（《市场监督管理信用修复管理办法》，2025年12月25日起施行，据报道，未见条文）"


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
