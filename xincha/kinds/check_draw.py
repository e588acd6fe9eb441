"""Who was drawn at random for a spot check 抽查对象名单. To be drawn says nothing of anybody: the check is to come."""

from __future__ import annotations

from xincha.kinds.kind import Count, Fact, Kind, Row, no_summary
from xincha.rules import publicity


def headline(row: Row) -> str:
    """被随机抽取：示例食品经营单位抽查."""
    of = next((row[name] for name in ("task_name", "plan_name", "task_no", "plan_no") if row.get(name)), None)
    return f"被随机抽取：{of}" if of else "被随机抽取"


CHECK_DRAW = Kind(
    "check_draw",
    table="check_draws",
    letter="U",
    title="抽查对象",
    own=(
        Fact("task_no", "抽查任务编号", number=True, relates="task"),
        Fact("task_name", "抽查任务名称", searched=True, relates="task"),
        Fact("plan_no", "抽查计划编号", number=True, relates="plan"),
        Fact("plan_name", "抽查计划名称", searched=True, relates="plan"),
        Fact("authority", "抽查机关", authority=True),
        Fact("members", "任务实施部门", "list", searched=True, joined=True),
        Fact("items", "抽查事项", "list", prose=True, searched=True, joined=True),
        Fact("drawn_on", "随机抽取日期", "date", happened=True),
        Fact("published_on", "公布日期", "date", happened=True),
    ),
    window=publicity.check_draw,
    headline=headline,
    summary=no_summary,
    has="被双随机抽取",
    counts=(Count("check_draw", "被抽取（次）"),),
    topic="inspections",
    columns=("party_name", "task_name", "authority", "drawn_on"),
)
