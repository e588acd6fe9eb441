"""Lists of abnormal operation 经营异常名录, in and out, in the words of the file: an entity is listed 列入, in Xiamen
recorded 载入, and an individual business 个体工商户 elsewhere is marked 标记."""

from __future__ import annotations

from xincha.kinds.kind import Count, Counts, Effect, Fact, Kind, Row, State, Variants
from xincha.rules import lists
from xincha.text.codes import ABNORMAL_REASONS

REGIMES = {"listed": "列入", "recorded": "载入", "marked": "标记"}
_ACTS = {"listed": "列入经营异常名录", "recorded": "载入经营异常名录", "marked": "标记为经营异常状态"}
_ENDS = {"listed": "移出", "recorded": "恢复记载", "marked": "恢复"}

_KEPT_FROM = (
    "在列期间不适用简易注销程序（《市场主体登记管理条例》第三十三条）；政府采购、工程招投标、国有土地出让、授予荣誉称号等依法予以限制"
    "或者禁入（《企业信息公示暂行条例》（2014年）第十八条）"
)
_EFFECTS = {
    "listed": Effect(
        "登记机关公开提醒：该主体没有按期公示，公示的内容不实，或者按登记的住所联系不上",
        _KEPT_FROM,
        "履行公示义务后，由列入机关移出（《企业信息公示暂行条例》（2014年）第十七条）；有异议的，可以向列入机关提出",
    ),
    "recorded": Effect(
        "登记机关公开提醒：该主体没有按期提交年度报告，或者按登记的住所联系不上；厦门经济特区称“载入”",
        _KEPT_FROM,
        "改正后向登记机关申请恢复记载于商事登记簿（据办事指南，未见条文）",
    ),
    "marked": Effect(
        "登记机关公开提醒：个体工商户没有按期报送年度报告，报告不实，或者联系不上；这是标记，不是列入经营异常名录",
        "",
        "改正后申请恢复正常记载状态，登记机关查实后五个工作日内恢复（《个体工商户年度报告暂行办法》第十八条）",
    ),
}


def _regime(row: Row) -> str:
    """How it came on the list; tables that an earlier program wrote say it of marks alone."""
    return row.get("regime") or ("marked" if row.get("mark") else "listed")


def headline(row: Row) -> str:
    """列入经营异常名录：通过登记的住所无法联系."""
    act = _ACTS[_regime(row)]
    return f"{act}：{row['reason']}" if row.get("reason") else act


def summary(counts: Counts, variants: Variants) -> str:
    """Whether it is on the list now, or was."""
    if not counts["abnormal"] and not counts["abnormal_now"]:
        return ""
    regimes = [name for name in REGIMES if name in variants] or ["listed"]
    acts = "、".join(_ACTS[name] for name in regimes)
    if counts["abnormal_now"]:
        return f"现{acts}"
    return f"曾{acts}，已{'、'.join(_ENDS[name] for name in regimes)}"


ABNORMAL = Kind(
    "abnormal",
    table="abnormal_listings",
    letter="A",
    title="经营异常",
    own=(
        Fact(
            "regime",
            "列入方式",
            shown="data",
            words=REGIMES,
            doc="listed 列入, recorded 载入 (Xiamen), marked 标记: as the file says, else by the kind of the party",
        ),
        Fact("mark", "标记为经营异常状态", "flag", "data", doc="true: marked and not listed"),
        Fact("reason", "列入原因", prose=True, searched=True),
        Fact("reason_code", "列入原因代码", shown="data", category=ABNORMAL_REASONS, follows="reason"),
        Fact("report_year", "未报年度"),
        Fact("listed_on", "列入日期", "date", happened=True),
        Fact("listed_by", "作出列入决定机关", authority=True),
        Fact("list_doc_no", "列入决定文号", number=True, office="listed_by"),
        Fact("list_basis", "列入依据", prose=True, searched=True, cites=True),
        Fact("removed_on", "移出日期", "date", event=True),
        Fact("removal_reason", "移出原因", prose=True, searched=True),
        Fact("removed_by", "作出移出决定机关"),
        Fact("removal_doc_no", "移出决定文号", number=True, office="removed_by"),
        Fact("annulled_on", "撤销列入日期", "date", "lake", doc="it was an error, and leaves nothing"),
        Fact("annulled", "撤销列入", "flag", "lake", doc="the same, without its day"),
    ),
    window=lists.listing,
    headline=headline,
    summary=summary,
    has="现列入经营异常名录，或被标记",
    has_state="listed",
    counts=(
        Count("abnormal", "经营异常（次）", listed="经营异常（合计）"),
        Count(
            "abnormal_now",
            "现列入经营异常（次）",
            state="listed",
            risk="现列入经营异常名录",
            tone="adverse",
            listed="经营异常（现在列）",
        ),
        Count("abnormal_last_on", "经营异常列入日期（现列入）", state="listed", latest=True, listed="经营异常列入日期"),
    ),
    states={"listed": State("现仍列入", "adverse"), "removed": State("已移出")},
    span=("listed_on", "removed_on"),
    variant="regime",
    effects=_EFFECTS,
    reworded={
        "marked": {"列入经营异常名录": "标记为经营异常状态", "列入": "标记", "移出": "恢复"},
        "recorded": {"列入": "载入", "移出": "恢复记载"},
    },
)
