"""Yearly plans of spot checks 年度抽查计划 (双随机、一公开): what will be checked, how often, and how many of whom."""

from __future__ import annotations

from xincha.kinds.kind import Fact, Kind, Row, no_summary
from xincha.rules import publicity

LINES = (
    Fact("content", "检查内容", tells=True, searched=True),
    Fact("department", "责任科室", tells=True, searched=True),
    Fact("objects", "检查对象", tells=True, searched=True),
    Fact("period", "开展时间", tells=True),
    Fact("ratio_percent", "抽查比例（%）", "number", doc="of the pool"),
    Fact("ratio_text", "抽查比例（原文）"),
    Fact("frequency", "抽查频次（次/年）", "count", doc="in a year; where the text says >=, the least"),
    Fact("frequency_text", "抽查频次（原文）"),
    Fact("count", "抽查数量", "count"),
    Fact("count_text", "抽查数量（原文）"),
)


def headline(row: Row) -> str:
    """厦门市市场监督管理局2026年度双随机抽查计划（3 项）."""
    name = row.get("plan_name") or row.get("plan_no") or "抽查计划"
    lines = len(row.get("lines") or ())
    return f"{name}（{lines} 项）" if lines > 1 else str(name)


CHECK_PLAN = Kind(
    "check_plan",
    table="check_plans",
    letter="N",
    title="抽查计划",
    party=False,
    own=(
        Fact("plan_no", "抽查计划编号", number=True, relates="plan"),
        Fact("plan_name", "抽查计划名称", searched=True, relates="plan"),
        Fact("year", "计划年度"),
        Fact("authority", "制定部门", authority=True),
        Fact("level", "计划层级"),
        Fact("published_on", "公布日期", "date", happened=True),
        Fact("lines", "计划事项", "lines", joined=True, searched=True, lines=LINES),
        Fact("remark", "备注", prose=True),
    ),
    window=publicity.public_act,
    headline=headline,
    summary=no_summary,
    topic="inspections",
    columns=("plan_name", "year", "authority", "level", "published_on"),
)
