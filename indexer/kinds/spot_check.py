"""Results of spot checks 抽查检查 (双随机): one check may have several results, joined by `；` or as rows; fills
`spot_checks`.

A row needs a party (name or code) and a date, result, plan or task of the check. The key of a row is party, date,
plan or task, and authority: rows of one key are one check, and their items and results are joined.
"""

from __future__ import annotations

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.party import read_party, record_ids, require
from indexer.canonical.values import as_table, date_of, split_list
from indexer.findings import Code
from indexer.kinds.source import PARTY, PARTY_COLUMNS, Source
from indexer.tables import table_of
from xincha.kinds.spot_check import SPOT_CHECK as KIND
from xincha.text import codes
from xincha.text.fold import fold

SPOT_CHECKS = table_of(KIND)
_PLAN = ("plan_no", "task_no", "plan_name", "task_name")
_TYPES = {"1": "抽查", "2": "检查"}


def spot_checks(batch: Batch) -> pl.DataFrame:
    """The batch's rows as checks, rejected ones included; rows of one check are not joined here."""
    party = read_party(batch)
    checked, plan = date_of(batch, "checked_on"), [batch.text(name) for name in _PLAN]
    require(batch, "results", checked, batch.text("results"), *plan)
    known = batch.mapped(batch.text("results"), result_codes, pl.List(pl.String))
    batch.issue(known.list.eval(pl.element().is_null()).list.any(), "results", Code.UNKNOWN_RESULT)
    what, office = (batch.mapped(part, fold) for part in (first(*plan), batch.text("authority")))
    read = {
        "record_id": record_ids("C", party.key, checked, what, office),
        **party.columns,
        "checked_on": checked,
        "check_type": batch.mapped(batch.text("check_type"), check_type),
        "results": batch.mapped(batch.text("results"), split_results, pl.List(pl.String)),
        "result_codes": known,
    }
    return as_table(batch, SPOT_CHECKS, read)


def split_results(text: str) -> list[str] | None:
    """The results in one text: split at `；` and the like; at `，` and `、` only where every part is a known result,
    and each another one (隐瞒真实情况、弄虚作假 is one)."""
    found: list[str] = []
    for part in split_list(text) or ():
        finer = [one for one in part.replace("、", "，").split("，") if one]
        different = set(map(codes.spot_check_result, finer)) - {None}
        found += finer if len(different) == len(finer) > 1 else [part]
    return found or None


def check_type(text: str) -> str:
    """抽查 or 检查, which may be published as 1 and 2; anything else as published."""
    if text in _TYPES:
        return _TYPES[text]
    return "抽查" if "抽查" in text or "随机" in text else "检查" if "检查" in text else text


def result_codes(text: str) -> list[str | None] | None:
    """The code of each result in a text, in their order; `None` for a result that is on no official list."""
    return [codes.spot_check_result(result) for result in split_results(text) or ()] or None


SPOT_CHECK = Source(
    kind=KIND.name,
    title="抽查检查结果",
    table=SPOT_CHECKS,
    read=spot_checks,
    columns={
        **{column: names for column, names in PARTY_COLUMNS.items() if column != "enterprise_type"},
        "plan_no": ("抽查计划编号", "计划编号", "检查计划编号", "随机抽查计划编号", "plan_no"),
        "plan_name": (
            "抽查计划名称", "计划名称", "检查计划名称", "抽查计划", "检查计划", "随机抽查计划名称", "plan_name",
        ),
        "task_no": ("抽查任务编号", "任务编号", "检查任务编号", "task_no"),
        "task_name": ("抽查任务名称", "任务名称", "检查任务名称", "抽查任务", "检查任务", "task_name"),
        "check_type": (
            "类型(1=抽查2=检查)", "insType", "抽查检查类型", "抽查类型", "检查类型", "检查方式", "抽查/检查", "类别",
            "check_type",
        ),
        "items": (
            "抽查事项", "检查事项", "抽查事项名称", "检查事项名称", "抽查内容", "检查内容", "抽查项目", "检查项目",
            "检查子项", "items",
        ),
        "results": (
            "抽查检查结果", "insRes_CN", "结果", "检查结果", "抽查结果", "检查结论", "抽查结论", "检查情况",
            "抽查检查结论", "双随机检查结果", "insRes", "公示结果", "检查结果名称", "results", "result",
        ),
        "checked_on": (
            "抽查检查日期", "insDate", "日期", "检查日期", "抽查日期", "检查时间", "抽查时间", "检查完成日期",
            "检查完成时间", "实施日期", "checked_on",
        ),
        "authority": (
            "检查实施机关", "insAuth_CN", "抽查机关", "检查机关", "实施机关", "检查单位", "抽查检查机关", "抽查单位",
            "检查机关名称", "组织部门", "抽查部门", "检查部门", "执法机关", "insAuth",
        ),
        "repaired_on": ("修复日期", "信用修复日期", "修复时间", "信用修复时间", "修复完成日期"),
    },
    required=(PARTY, ("results", "checked_on", "plan_name", "plan_no", "task_name", "task_no")),
    marks=("results", "checked_on", "authority", "plan_name", "plan_no", "task_name", "task_no", "items", "check_type"),
    ignored=("pripid", "主体身份代码", "序号", "编号", "id"),
)  # fmt: skip
