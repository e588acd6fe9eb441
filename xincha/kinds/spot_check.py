"""Results of spot checks 抽查检查 (双随机): one check may have several results."""

from __future__ import annotations

from xincha.kinds.kind import Count, Counts, Fact, Kind, Row, State, Variants
from xincha.rules import publicity
from xincha.text import check_kinds
from xincha.text.codes import SPOT_CHECK_RESULTS


def headline(row: Row) -> str:
    """The results."""
    return "；".join(row.get("results") or ()) or "结果未公布"


def summary(counts: Counts, _variants: Variants) -> str:
    """抽查检查 3 次，发现问题 1 次; nothing if nothing was found."""
    if not counts["spot_check_found"]:
        return ""
    return f"抽查检查 {counts['spot_check']} 次，发现问题 {counts['spot_check_found']} 次"


SPOT_CHECK = Kind(
    "spot_check",
    table="spot_checks",
    letter="C",
    title="抽查检查",
    own=(
        Fact(
            "lines",
            "抽查事项与结果",
            "lines",
            prose=True,
            joined=True,
            doc="where a file says them together; all are in `items` and `results` too",
            lines=(
                Fact("item", "抽查事项"),
                Fact("result", "抽查结果"),
                Fact("result_code", "抽查结果代码", doc="as in `result_codes`; null: on no list"),
            ),
        ),
        Fact(
            "results",
            "抽查结果",
            "list",
            prose=True,
            searched=True,
            joined=True,
            doc="as published; codes of a known list in its words",
        ),
        Fact(
            "result_codes",
            "抽查结果代码",
            "list",
            "data",
            category={code: text for code, (text, _) in SPOT_CHECK_RESULTS.items()},
            joined=True,
            beside="results",
        ),
        Fact("items", "抽查事项", "list", prose=True, searched=True, joined=True),
        Fact("checked_on", "抽查日期", "date", happened=True),
        Fact("check_kind", "抽查种类", grouped=True, doc="、".join(check_kinds.KINDS)),
        Fact("check_type", "检查类型", doc="抽查 (random) or 检查"),
        Fact("product", "产品名称", prose=True, searched=True, doc="of a sampling 抽检: what was sampled"),
        Fact("batch", "批次", doc="of what was sampled"),
        Fact("agency", "检验机构"),
        Fact("plan_no", "抽查计划编号", number=True, relates="plan"),
        Fact("plan_name", "抽查计划名称", searched=True, relates="plan"),
        Fact("task_no", "抽查任务编号", number=True, relates="task"),
        Fact("task_name", "抽查任务名称", searched=True, relates="task"),
        Fact("authority", "检查机关", authority=True),
        Fact("follow_up", "后续处置措施", prose=True, searched=True),
        Fact("follow_up_state", "后续处置状态", doc="未完结, 已完结"),
        Fact("follow_up_on", "处置完结日期", "date", event=True),
        Fact("repaired_on", "修复日期", "date", "lake"),
    ),
    window=publicity.spot_check,
    headline=headline,
    summary=summary,
    has="有抽查检查",
    counts=(
        Count("spot_check", "抽查检查（次）"),
        Count("spot_check_found", "抽查发现问题（次）", state="found", risk="抽查发现问题 {}", listed="抽查发现问题"),
    ),
    states={"found": State("发现问题"), "clear": State("未发现问题", "plain")},
    topic="inspections",
    columns=("party_name", "results", "check_kind", "authority", "checked_on"),
)
