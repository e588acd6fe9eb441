"""Tasks of spot checks 抽查任务: from which register how many were drawn, who leads, who takes part, and when."""

from __future__ import annotations

from xincha.kinds.kind import Fact, Kind, Row, State, no_summary
from xincha.rules import publicity
from xincha.text import check_kinds

SELECTIONS = ("定向", "不定向")
OBJECTS = ("企业", "农民专业合作社", "个体工商户", "外国企业常驻代表机构")


def headline(row: Row) -> str:
    """食品经营单位抽查：从 96,613 户中抽取 2,899 户."""
    name = row.get("task_name") or row.get("task_no") or "抽查任务"
    pool, drawn = row.get("pool"), row.get("drawn")
    if drawn is None:
        return str(name)
    return f"{name}：从 {pool:,} 户中抽取 {drawn:,} 户" if pool is not None else f"{name}：抽取 {drawn:,} 户"


CHECK_TASK = Kind(
    "check_task",
    table="check_tasks",
    letter="K",
    title="抽查任务",
    party=False,
    own=(
        Fact("task_no", "抽查任务编号", number=True, relates="task"),
        Fact("task_name", "抽查任务名称", searched=True, relates="task"),
        Fact("plan_no", "抽查计划编号", number=True, relates="plan"),
        Fact("plan_name", "抽查计划名称", searched=True, relates="plan"),
        Fact("lead", "任务组织部门", authority=True),
        Fact("members", "任务实施部门", "list", searched=True, joined=True),
        Fact("cross_department", "跨部门联合抽查", "flag"),
        Fact("check_kind", "抽查种类", grouped=True, doc="、".join(check_kinds.KINDS)),
        Fact("selection", "抽取方式", category={}, doc="、".join(SELECTIONS)),
        Fact("object_types", "抽查对象类型", "list", doc="、".join(OBJECTS)),
        Fact("condition", "筛选条件", prose=True),
        Fact("from_on", "任务开始日期", "date", happened=True),
        Fact("to_on", "任务结束日期", "date"),
        Fact("drawn_on", "随机抽取日期", "date", event=True),
        Fact("pool", "抽取库总户数", "count"),
        Fact("drawn", "抽取户数", "count", adds=True),
        Fact("ratio_percent", "抽取比例（%）", "number", doc="of the pool"),
        Fact("ratio_text", "抽取比例（原文）"),
        Fact("progress", "任务状态（原文）", shown="data"),
        Fact("list_public", "抽取名单公示", "flag", doc="false: who was drawn is not published"),
        Fact("published_on", "公布日期", "date", event=True),
        Fact("remark", "备注", prose=True),
    ),
    window=publicity.check_task,
    headline=headline,
    summary=no_summary,
    states={
        "task_pending": State("待执行"),
        "task_running": State("执行中"),
        "task_done": State("已完成", "plain"),
    },
    span=("from_on", "to_on"),
    topic="inspections",
    columns=("task_name", "lead", "check_kind", "from_on", "to_on", "pool", "drawn"),
)
