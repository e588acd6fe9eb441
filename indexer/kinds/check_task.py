"""Tasks of spot checks 抽查任务: of which plan, from which register how many were drawn, and by whom they are carried
out; fills `check_tasks`.

A row needs the number or the name of its task. The key of a task is its number, else office, plan and name. Whether the
number drawn is the share of the register that is stated is checked, and named where it is not.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.party import require
from indexer.canonical.values import as_table, date_of, read_or_name, split_list
from indexer.findings import Code
from indexer.kinds.check_kinds import KIND_COLUMNS, check_kinds_of
from indexer.kinds.check_plan import plan_ids
from indexer.kinds.shares import shares_of
from indexer.kinds.source import CHECKERS, Source
from indexer.tables import table_of
from xincha.kinds.check_task import CHECK_TASK as KIND
from xincha.kinds.check_task import OBJECTS
from xincha.text import dates, quantities
from xincha.text.check_kinds import RANDOM

CHECK_TASKS = table_of(KIND)
_LIST = pl.List(pl.String)
_OBJECT_CODES = dict(zip("1234", (OBJECTS[0], OBJECTS[1], OBJECTS[2], OBJECTS[3]), strict=True))
_OBJECT_WORDS = {
    "农专社": OBJECTS[1],
    "合作社": OBJECTS[1],
    "个体": OBJECTS[2],
    "代表机构": OBJECTS[3],
    "企业": OBJECTS[0],
}
_BETWEEN = re.compile(r"\s*(?:至|到|—+|–|~|～|－|\s-\s|(?<=[\d日月])-(?=\d{4}[./年-]|\d{1,2}月))\s*")
_MONTH = re.compile(r"(?:(20\d\d)\s?[年./-]\s?)?(1[0-2]|0?[1-9])\s?月?(?:份|底|末|初)?")
_NO_DAYS = re.compile(r"[^\d〇一二三四五六七八九十]*")
_YES, _NO = ("是", "公示", "公开", "有", "跨部门"), ("否", "不公示", "不公开", "无", "本部门")


def check_tasks(batch: Batch) -> pl.DataFrame:
    """The batch's rows as tasks, rejected ones included."""
    number, name, lead = (batch.text(column) for column in ("task_no", "task_name", "lead"))
    require(batch, "task_name", number, name)
    begin, end = _period(batch)
    batch.issue(end < begin, "to_on", Code.DATES_DISAGREE)
    pool, drawn = (
        read_or_name(batch, each, quantities.count, Code.UNREADABLE_VALUE, pl.Int64) for each in ("pool", "drawn")
    )
    batch.issue(drawn > pool, "drawn", Code.RATIO_DISAGREES)
    plan = first(batch.text("plan_no"), batch.text("plan_name"))
    selected = batch.mapped(batch.text("selection"), selection)
    read = {
        "record_id": plan_ids(batch, KIND.letter, number, lead, plan, name),
        "members": batch.mapped(batch.text("members"), departments, _LIST),
        "cross_department": read_or_name(batch, "cross_department", _is_cross, Code.UNREADABLE_VALUE, pl.Boolean),
        "check_kind": check_kinds_of(batch, selected, name, batch.text("plan_name"), else_kind=RANDOM),
        "selection": selected,
        "object_types": batch.mapped(batch.text("object_types"), objects, _LIST),
        "from_on": begin,
        "to_on": end,
        "pool": pool,
        "drawn": drawn,
        "ratio_percent": _ratios(batch, pool, drawn),
        "ratio_text": batch.text("ratio"),
        "list_public": read_or_name(batch, "list_public", _is_listed, Code.UNREADABLE_VALUE, pl.Boolean),
    }
    return as_table(batch, CHECK_TASKS, read)


def _period(batch: Batch) -> tuple[pl.Series, pl.Series]:
    """First and last day: of columns of their own, else of one that holds both."""
    both = read_or_name(batch, "period", period, Code.BAD_DATE, pl.List(pl.Date), _says_no_days)
    begin, end = (both.list.get(at, null_on_oob=True) for at in (0, 1))
    return first(date_of(batch, "from_on"), begin), first(date_of(batch, "to_on"), end)


def period(text: str) -> list[date | None] | None:
    """2026-03-02至2026-06-30, 2026年3月2日—6月30日, 2026年3月-6月; of a single day or month that one."""
    parts = [part for part in _BETWEEN.split(text.strip()) if part]
    if parts and len(parts) < 3 and (months := _months(parts)):
        return months
    begin = dates.parse(parts[0]) if parts else None
    if begin is None or len(parts) > 2:
        return None
    end = (
        dates.parse(parts[-1]) or dates.parse(f"{begin.year}年{parts[-1]}") or dates.parse(f"{begin.year}-{parts[-1]}")
    )
    return None if end is None else [begin, end]


def _months(parts: Sequence[str]) -> list[date | None] | None:
    """The first day of a month and the last of another, or of the same; the second one's year is that of the first."""
    found = [_MONTH.fullmatch(part) for part in parts]
    if not found[0] or not found[0][1] or not found[-1]:
        return None
    begin = date(int(found[0][1]), int(found[0][2]), 1)
    year, month = int(found[-1][1] or begin.year), int(found[-1][2])
    return [begin, date(year, month, monthrange(year, month)[1])]


def _says_no_days(text: str) -> bool:
    """Whether a time is told without any day: 全年, 长期."""
    return bool(_NO_DAYS.fullmatch(text))


def _ratios(batch: Batch, pool: pl.Series, drawn: pl.Series) -> pl.Series:
    """The share that is stated, in percent; of a bare number (3, 0.03) the reading that fits what was drawn. One that
    does not fit by more than a row is named; 不低于5% fits what is more."""
    stated, published = shares_of(batch, "ratio"), batch.text("ratio")
    bare = batch.mapped(published, quantities.bare, pl.Float64)
    as_part = (bare * 100).set(~_fits(bare * 100, pool, drawn) | _fits(bare, pool, drawn), None)
    ratio = first(as_part, bare.set(~_fits(bare, pool, drawn), None), stated)
    known = ratio.is_not_null() & pool.is_not_null() & drawn.is_not_null()
    allowed = batch.mapped(published, _bounds, pl.List(pl.Float64))
    between = _lies_between(allowed, pool, drawn)
    wrong = between.not_().fill_null(~_fits(ratio, pool, drawn))
    batch.issue(known & wrong & (drawn <= pool), "ratio", Code.RATIO_DISAGREES)
    return ratio


def _bounds(text: str) -> list[float] | None:
    """The least and the greatest share that a text allows."""
    found = quantities.share_bounds(text)
    return None if found is None else [found[0] or 0.0, 100.0 if found[1] is None else found[1]]


def _lies_between(allowed: pl.Series, pool: pl.Series, drawn: pl.Series) -> pl.Series:
    """Whether the number drawn lies between shares of the register, up to one; null where but one is allowed."""
    least, most = (pool * allowed.list.get(at) / 100 for at in (0, 1))
    return (drawn >= least - 1) & (drawn <= most + 1)


def _fits(percent: pl.Series, pool: pl.Series, drawn: pl.Series) -> pl.Series:
    """Whether a share of a register is the number drawn, up to one; false where one of them is not known."""
    return ((pool * percent / 100 - drawn).abs() <= 1).fill_null(False)


def departments(text: str) -> list[str] | None:
    """The departments of a cell; between them also `、` and `,`, for none has these in its name."""
    parts = (
        each for part in split_list(text) or () for each in part.replace("，", "、").replace(",", "、").split("、")
    )
    return [*dict.fromkeys(each.strip() for each in parts if each.strip())] or None


def selection(text: str) -> str:
    """定向 or 不定向, which may be published as 1 and 2; anything else as published."""
    if text in ("1", "2"):
        return "定向" if text == "1" else "不定向"
    return "不定向" if "不定向" in text or "非定向" in text else "定向" if "定向" in text else text


def objects(text: str) -> list[str] | None:
    """The kinds of entities that are drawn from, in words or in the codes 1 to 4."""
    found = []
    for part in departments(text) or ():
        known = next((kind for word, kind in _OBJECT_WORDS.items() if word in part), part)
        found.append(_OBJECT_CODES.get(part, known))
    return [*dict.fromkeys(found)] or None


def _is_cross(text: str) -> bool | None:
    """Whether several departments check together: 是, 跨部门, or 2 (1 is 本部门)."""
    return {"1": False, "2": True, **dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}.get(
        text.removesuffix("联合")
    )


def _is_listed(text: str) -> bool | None:
    """Whether who was drawn is published: 是, 公示, or 1 (2 is 不公示)."""
    return {"1": True, "2": False, **dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}.get(text)


CHECK_TASK = Source(
    kind=KIND.name,
    title="抽查任务",
    table=CHECK_TASKS,
    read=check_tasks,
    columns={
        "task_no": ("抽查任务编号", "任务编号", "TaskCode", "raninsTaskId", "检查任务编号", "随机抽查任务编号"),
        "task_name": (
            "抽查任务名称", "任务名称", "TaskName", "raninsTaskName", "检查任务名称", "随机抽查任务名称",
        ),
        "plan_no": ("抽查计划编号", "计划编号", "所属计划编号", "raninsPlanId", "PlanCode"),
        "plan_name": (
            "抽查计划名称", "计划名称", "所属计划", "所属计划名称", "ResourcePlanName", "年度计划名称",
            "raninsPlaneName",
        ),
        "lead": (
            "任务组织部门", "组织部门", "牵头部门", "TaskLeadDeptName", "任务牵头部门", "牵头单位", "发起部门",
            "抽查机关",
            "任务组织单位",
        ),
        "members": (
            "任务实施部门", "实施部门", "TaskInspectDeptName", "检查部门", "参与部门", "配合部门", "联合部门",
            "协同部门",
            "联合检查部门",
        ),
        "cross_department": (
            "是否跨部门", "CrossDepartFlag", "跨部门", "是否联合抽查", "是否跨部门联合抽查", "部门联合",
        ),
        "selection": ("抽取类型", "任务类型", "TaskType", "抽查类型", "抽取方式", "是否定向", "定向/不定向"),
        "check_kind": KIND_COLUMNS,
        "object_types": ("抽查对象类型", "任务对象", "TaskObject", "检查对象类型", "抽查对象", "检查对象", "抽取对象"),
        "condition": ("筛选条件", "TaskCondition", "抽取条件", "任务条件", "抽查条件"),
        "from_on": (
            "任务开始日期", "TaskStartTime", "任务开始时间", "开始日期", "开始时间", "任务起始日期", "任务期限自",
        ),
        "to_on": ("任务结束日期", "TaskEndTime", "任务结束时间", "结束日期", "结束时间", "任务截止日期", "任务期限至"),
        "period": ("任务期限", "抽查时间", "任务时间", "实施时间", "检查时间", "任务起止时间", "任务起止日期"),
        "drawn_on": ("随机抽取日期", "RandomDate", "抽取日期", "抽取时间", "随机抽取时间", "摇号日期"),
        "pool": (
            "抽取库总户数", "EntTotal", "库总户数", "库总户数(去重)", "抽查库总数", "对象库总数", "检查对象总数",
            "抽取库总数",
            "名录库总数",
        ),
        "drawn": (
            "抽取户数", "RandomTotal", "抽取户数(去重)", "抽取数量", "抽查户数", "抽查数量", "实际抽取户数",
            "抽取对象数",
        ),
        "ratio": ("抽取比例", "RandomPercent", "抽查比例", "抽取比例(%)", "随机抽取比例"),
        "progress": ("任务状态", "TaskState", "状态", "执行状态", "任务进度"),
        "list_public": ("名单是否公示", "PublicFlag", "抽取名单是否公示", "名单公示", "是否公示名单", "是否公示"),
        "published_on": ("公布日期", "公示日期", "发布日期"),
        "remark": ("备注",),
    },
    required=(("task_name", "task_no"),),
    marks=(
        "task_no", "task_name", "pool", "drawn", "ratio", "lead", "members", "drawn_on", "cross_department",
        "list_public",
        "from_on", "to_on", "condition", "progress", "selection", "object_types", "plan_no", "plan_name",
    ),
    telling=("pool", "drawn", "drawn_on", "cross_department", "list_public", "condition", "members"),
    personal=CHECKERS,
    ignored=(
        "序号", "编号", "id", "TaskResource", "SeqYear", "TaskContent", "RandomType", "DutyDeptName", "ItemNum",
        "任务来源", "职能部门",
    ),
)  # fmt: skip
