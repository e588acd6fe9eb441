"""Lists of abnormal operation 经营异常名录, in and out; an individual business 个体工商户 is marked 标记 instead."""

from __future__ import annotations

from collections.abc import Mapping

from xincha.kinds.kind import Count, Fact, Kind, Row, State
from xincha.rules import publicity
from xincha.text.codes import ABNORMAL_REASONS


def headline(row: Row) -> str:
    """列入经营异常名录：通过登记的住所无法联系."""
    act = "标记为经营异常状态" if row.get("mark") else "列入经营异常名录"
    return f"{act}：{row['reason']}" if row.get("reason") else act


def summary(counts: Mapping[str, float], sole: bool) -> str:
    """Whether it is on the list now, or was."""
    if counts["abnormal_now"]:
        return "现标记为经营异常状态" if sole else "现列入经营异常名录"
    if counts["abnormal"]:
        return "曾标记为经营异常状态，已恢复" if sole else "曾列入经营异常名录，已移出"
    return ""


ABNORMAL = Kind(
    "abnormal",
    table="abnormal_listings",
    letter="A",
    title="经营异常",
    own=(
        Fact("mark", "标记为经营异常状态", "flag", "data", doc="true: an individual business, marked and not listed"),
        Fact("reason", "列入原因", prose=True, searched=True),
        Fact("reason_code", "列入原因代码", shown="data", category=ABNORMAL_REASONS, follows="reason"),
        Fact("listed_on", "列入日期", "date", happened=True),
        Fact("listed_by", "作出列入决定机关", authority=True),
        Fact("list_doc_no", "列入决定文号", number=True),
        Fact("removed_on", "移出日期", "date", event=True),
        Fact("removal_reason", "移出原因", prose=True, searched=True),
        Fact("removed_by", "作出移出决定机关"),
        Fact("removal_doc_no", "移出决定文号", number=True),
    ),
    window=publicity.listing,
    headline=headline,
    summary=summary,
    has="现列入经营异常名录",
    has_state="listed",
    counts=(
        Count("abnormal", "经营异常（次）", listed="经营异常（合计）"),
        Count(
            "abnormal_now",
            "现列入经营异常（次）",
            state="listed",
            risk="现列入经营异常",
            tone="adverse",
            listed="经营异常（现在列）",
        ),
    ),
    states={"listed": State("现仍列入", "adverse"), "removed": State("已移出")},
    span=("listed_on", "removed_on"),
    reworded=("mark", {"列入": "标记", "移出": "恢复"}),
)
