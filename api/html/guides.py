"""Explanations 解读 of kinds of record: what one means, worked examples by the rules of what is shown, whom to ask.

The days of the examples are computed on the day of asking by the window of the kind (`xincha.kinds`), so they say what
the program does. Sentences about the law are those of the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from xincha.days import FOREVER
from xincha.kinds import KINDS
from xincha.rules.window import Policy, Window

_OFFICE = "厦门市某区市场监督管理局"
_ASK = "事实由作出决定的机关负责：找记录里写明的机关；记录在别处公示的，以那里为准。"


@dataclass(frozen=True, slots=True)
class Case:
    """An example: what happened, and the facts of it; `days`: name of a fact → days from today."""

    words: str
    facts: Mapping[str, Any]
    days: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Guide:
    """What a kind of record means; for whom. `ends`: how it comes to an end; `ask`: whom to ask."""

    what: str
    citizen: str
    business: str
    journalist: str
    ends: str
    cases: tuple[Case, ...]
    ask: str = _ASK


def _fine(words: str, yuan: float, types: tuple[str, ...] = ("罚款",), **more: Any) -> Case:
    facts = {"authority": _OFFICE, "penalty_types": list(types), "fine_cny": yuan or None, "party_kind": "法人", **more}
    return Case(words, facts, {"decided_on": -10, "published_on": -3})


GUIDES: Mapping[str, Guide] = {
    "penalty": Guide(
        "机关认定违法以后作出的处罚决定：警告、罚款、没收、停业、吊销等。只罚过一次，不等于现在仍在违法。",
        "看最近一次是什么时候、为什么、罚了多少；同一种违法反复出现，比一次罚款更值得留意。公示期满的不再显示，查不到不等于从未受罚。",
        "投标、贷款、合作前核对：公示期内的处罚会被看到。自己的处罚到期或修复后应当停止公示；没有停的，向作出处罚的机关提出。",
        "可以按机关、违法类型、时间和金额统计，每个数背后都有名单；统计里的“不具名合计”可以包含已过公示期的，会写明。",
        "公示期满自动停止；符合条件的可以申请信用修复，提前停止公示；决定被撤销、变更的，撤回公示。",
        (
            _fine("罚款 3,000 元（企业，福建省）", 3000),
            _fine("罚款 100,000 元", 100_000),
            _fine("吊销许可证件", 0, ("吊销许可证件",)),
            _fine("只有警告，没有罚款", 0, ("警告",)),
        ),
    ),
    "abnormal": Guide(
        "没有按期公示年报、公示的信息不实，或者按登记的住所找不到的，登记机关列入经营异常名录；个体工商户是“标记为经营异常状态”，不是列入名录。",
        "它提醒你：这家企业的公开信息不完整，或者按地址找不到人。它不是处罚，也不说明商品有问题。",
        "列入期间，政府采购、工程招投标、国有土地出让、授予荣誉称号等依法受限（《企业信息公示暂行条例》（2014年）第十八条）。补报年报或者恢复联系后，向列入机关申请移出。",
        "列入和移出各有日期和原因，可以统计停留多久、多少在三十天内移出。",
        "履行义务后申请移出；移出后视为信用修复，不再按名称显示。",
        (
            Case("未按期公示年报，列入后没有移出", {"reason": "未依照规定的期限公示年度报告"}, {"listed_on": -200}),
            Case("列入半年后移出", {"removal_reason": "补报年报"}, {"listed_on": -200, "removed_on": -20}),
        ),
    ),
    "serious": Guide(
        "违法情节严重、性质恶劣，受到较重处罚的，列入严重违法失信名单，公示并实施联合惩戒。",
        "这是最重的信用提醒：看列入的事由和日期。",
        "列入期间依法受到限制，以列入决定和有关规定为准；满足条件的可以申请提前移出。",
        "名单有列入、移出两种决定；旧名单（2021年8月31日以前）与新名单的期限不同，统计时分开。",
        "期满移出，或者经申请提前移出。",
        (
            Case("列入后没有移出", {"authority": _OFFICE}, {"listed_on": -100}),
            Case("列入后提前移出", {}, {"listed_on": -400, "removed_on": -5}),
        ),
    ),
    "spot_check": Guide(
        "按“双随机、一公开”抽到的检查：随机抽取检查对象，随机选派检查人员，结果公开。",
        "抽到谁是随机的，被抽中不说明有问题；看结果那一栏。",
        "结果有误的，向检查机关申请核实更正。发现问题的，整改后留意是否更新。",
        "计划、任务、结果可以一路查下去：公示的比例和实际抽取的数量是否一致。",
        "没有规定公示期限；检查发现的问题经信用修复的，不再按名称显示。",
        (
            Case("抽查未发现问题", {"result_codes": ["未发现问题"]}, {"checked_on": -30}),
            Case("抽查发现问题，待后续处理", {"result_codes": ["待后续处理"]}, {"checked_on": -30}),
        ),
    ),
    "licence": Guide(
        "机关准许从事某项活动的决定，比如食品经营许可。",
        "买东西、请人服务前，看它有没有相应的许可、是否仍在有效期内。",
        "核对供应商的许可是否快要到期。",
        "可以按机关、类别、时间统计许可的数量。",
        "有效期满即失效；期满后注明“已过期”再显示一年，是本站的做法。",
        (
            Case("有效期还有一年", {}, {"valid_from_on": -1460, "valid_until_on": 365}),
            Case("上个月到期", {}, {"valid_from_on": -1855, "valid_until_on": -30}),
        ),
        "许可是否仍然有效，以作出许可的机关为准。",
    ),
    "notice": Guide(
        "机关或者企业向社会发布的公告：抽查计划和结果、歇业、简易注销、拟强制注销、减资、清算等。",
        "公告期内有异议、有债权的，要在期内向公告里写明的机关或企业提出。",
        "合作方发了减资、清算、简易注销公告，债权人有法定的申报期限。",
        "公告连着计划、任务和结果，可以顺着看完一次抽查。",
        "公告期有起止日期；期满后注明“公告期满”。",
        (
            Case(
                "简易注销公告，正在公告期",
                {"notice_kind": "简易注销公告"},
                {"from_on": -5, "to_on": 15, "published_on": -5},
            ),
        ),
    ),
    "change": Guide(
        "登记事项的变更：名称、住所、法定代表人、股东、经营范围等，从什么改成什么。",
        "旧名称也能查到它：换了名字，还是同一家。",
        "合同上是旧名称时，用变更记录核对是不是同一家。",
        "可以查一年里有哪些企业改了名、迁了址。",
        "变更信息随登记公示，没有期限；人员姓名只在该企业的页面上显示。",
        (Case("名称变更", {"item": "名称变更"}, {"changed_on": -300}),),
        "登记事项以登记机关为准。",
    ),
}


def explained(guide: Guide, kind: str, policy: Policy, today: date) -> Iterator[dict[str, Any]]:
    """The examples of a guide with their days: `words`, `begins`, `ends`, `shown` on that day, `rule`, and the parts of
    a drawing in percent of its length."""
    for case in guide.cases:
        days = {name: today + timedelta(days=away) for name, away in case.days.items()}
        row = {"loaded_at": datetime(today.year, today.month, today.day, tzinfo=UTC), **case.facts, **days}
        window = KINDS[kind].window(row, policy)
        event = min(days.values())
        yield {"words": case.words, "event": event, "rule": window.rule or "", **_drawn(window, event, today)}


def sentences(guide: Guide, kind: str, cases: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """All that an explanation says of the law: of its examples, of what such a record means now, and its own words."""
    yield from (case["rule"] for case in cases)
    for effect in KINDS[kind].effects.values():
        yield from (effect.meaning, effect.consequence, effect.ends)
    yield from (guide.what, guide.citizen, guide.business, guide.journalist, guide.ends, guide.ask)


def _drawn(window: Window, event: date, today: date) -> dict[str, Any]:
    """From what day through what day a record is shown, and a bar for it on a line of the days around."""
    if window.withheld:
        return {"begins": None, "ends": None, "endless": False, "shown": False, "bar": None}
    begins, ends = window.public_from or today, window.public_until or FOREVER
    endless = ends == FOREVER
    last = max(today, begins if endless else ends) + timedelta(days=60)
    length = max((last - event).days, 1)

    def place(day: date) -> float:
        return round(min(max((day - event).days / length, 0), 1) * 100, 1)

    bar = {"from": place(begins), "to": 100.0 if endless else place(ends), "today": place(today)}
    return {"begins": begins, "ends": ends, "endless": endless, "shown": begins <= today <= ends, "bar": bar}
