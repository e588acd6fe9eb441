"""Results of spot checks 抽查检查 (双随机): one check may have several results, joined by `；` or as rows; fills
`spot_checks`.

A row needs a party (name or code) and a date, result, plan or task of the check. The key of a row is party, date,
plan or task, and authority: rows of one key are one check, and their items, results and lines are joined. What is not
reviewed yet is not public, and is rejected.
"""

from __future__ import annotations

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.party import read_party, record_ids, require
from indexer.canonical.values import as_table, date_of, split_list
from indexer.findings import Code
from indexer.kinds.check_kinds import KIND_COLUMNS, check_kinds_of
from indexer.kinds.check_results import detailed, items_in, lines_of, read_results, results_in, vocabularies_of
from indexer.kinds.source import CHECKERS, PARTY, PARTY_COLUMNS, Source
from indexer.tables import table_of
from xincha.kinds.spot_check import SPOT_CHECK as KIND
from xincha.text import check_codes
from xincha.text.fold import fold

SPOT_CHECKS = table_of(KIND)
_PLAN = ("plan_no", "task_no", "plan_name", "task_name")
_UNPUBLISHED = "^(?:未|待|退回|不通过|不公示)"
_UNPUBLISHED_CODES = ("1", "2", "3", "4")
"""Of `AuditState`: 未录入, 待审核, 退回, 不通过; 5 is 已公示."""
_TYPES = {"1": "抽查", "2": "检查"}


def spot_checks(batch: Batch) -> pl.DataFrame:
    """The batch's rows as checks, rejected ones included; rows of one check are not joined here."""
    party = read_party(batch)
    checked, plan = date_of(batch, "checked_on"), [batch.text(name) for name in _PLAN]
    published = first(batch.text("results"), batch.mapped(batch.text("details"), results_in))
    require(batch, "results", checked, published, *plan)
    batch.reject(_unpublished(batch), "audit_state", Code.NOT_PUBLISHED)
    vocabularies = vocabularies_of(batch, published)
    results, known = read_results(batch, published, vocabularies)
    batch.issue(_unread(results, known), "results", Code.UNKNOWN_RESULT, published)
    what, office = (batch.mapped(part, fold) for part in (first(*plan), batch.text("authority")))
    items = first(
        batch.mapped(batch.text("items"), split_list, pl.List(pl.String)),
        batch.mapped(batch.text("details"), items_in, pl.List(pl.String)),
    )
    read = {
        "record_id": _ids(batch, party.key, checked, what, office),
        **party.columns,
        "checked_on": checked,
        "check_kind": check_kinds_of(batch, *map(batch.text, ("check_type", "task_name", "plan_name"))),
        "follow_up_state": batch.mapped(batch.text("follow_up_state"), follow_up_state),
        "check_type": batch.mapped(batch.text("check_type"), check_type),
        "results": results,
        "result_codes": known,
        "items": items,
        "lines": first(detailed(batch.text("details"), vocabularies), lines_of(items, results, known)),
    }
    return as_table(batch, SPOT_CHECKS, read)


def _ids(batch: Batch, *parts: pl.Series) -> pl.Series:
    """Keys of checks; of one of a product that and its batch count too, for several are sampled at once."""
    sampled = first(batch.text("product"), batch.text("batch"))
    of_product = [batch.mapped(batch.text(name), fold) for name in ("product", "batch")]
    return first(record_ids("C", *parts, *of_product).set(sampled.is_null(), None), record_ids("C", *parts))


def _unread(results: pl.Series, known: pl.Series) -> pl.Series:
    """Whether a result of a row is on no list; a heading over findings that are is none."""
    pairs = zip(results.to_list(), known.to_list(), strict=True)
    return pl.Series([any(map(_is_unread, *pair)) if pair[0] else False for pair in pairs], dtype=pl.Boolean)


def _is_unread(result: str, code: str | None) -> bool:
    return code is None and check_codes.result_of(result, None) is None


def check_type(text: str) -> str:
    """抽查 or 检查, which may be published as 1 and 2; anything else as published."""
    if text in _TYPES:
        return _TYPES[text]
    return "抽查" if "抽查" in text or "随机" in text else "检查" if "检查" in text else text


def follow_up_state(text: str) -> str:
    """未完结 or 已完结, which may be published as 1 and 2; anything else as published."""
    return {"1": "未完结", "2": "已完结"}.get(text, text)


def _unpublished(batch: Batch) -> pl.Series:
    """Rows whose state of review says that they are not for the public yet."""
    state = batch.text("audit_state")
    said = state.str.contains(_UNPUBLISHED)
    coded = any(name.casefold() == "auditstate" for name in batch.layout.columns.get("audit_state", ()))
    return said | state.is_in(_UNPUBLISHED_CODES) if coded else said


SPOT_CHECK = Source(
    kind=KIND.name,
    title="抽查检查结果",
    table=SPOT_CHECKS,
    read=spot_checks,
    columns={
        **{column: names for column, names in PARTY_COLUMNS.items() if column != "enterprise_type"},
        "plan_no": ("抽查计划编号", "raninsPlanId", "计划编号", "检查计划编号", "随机抽查计划编号", "plan_no"),
        "plan_name": (
            "抽查计划名称", "raninsPlaneName", "raninsPlanName", "计划名称", "检查计划名称", "抽查计划", "检查计划",
            "随机抽查计划名称", "plan_name",
        ),
        "task_no": ("抽查任务编号", "raninsTaskId", "TaskCode", "任务编号", "检查任务编号", "task_no"),
        "task_name": (
            "抽查任务名称", "raninsTaskName", "TaskName", "任务名称", "检查任务名称", "抽查任务", "检查任务",
            "task_name",
        ),
        "check_type": (
            "类型(1=抽查2=检查)", "insType", "raninsTypeName", "抽查检查类型", "抽查类型", "检查类型", "检查方式",
            "抽查/检查", "类别", "check_type",
        ),
        "check_kind": KIND_COLUMNS,
        "product": ("产品名称", "样品名称", "食品名称", "商品名称", "抽样产品名称", "被抽查产品名称", "productName"),
        "batch": (
            "批次", "生产批号", "批号", "生产日期/批号", "生产日期或批号", "产品批次", "抽样批次", "samplingBatch",
        ),
        "agency": ("检验机构", "承检机构", "检验单位", "检测机构", "检验检测机构", "承检单位", "agency"),
        "items": (
            "抽查事项", "检查事项", "raninsItemName", "抽查事项名称", "检查事项名称", "抽查内容", "检查内容",
            "抽查项目", "检查项目", "检查子项", "items",
            "inspectionMatter",
        ),
        "results": (
            "抽查检查结果", "insRes_CN", "结果", "检查结果", "抽查结果", "检查结论", "抽查结论", "检查情况",
            "抽查检查结论", "双随机检查结果", "insRes", "公示结果", "检查结果名称", "抽查结果代码", "检查结果代码",
            "CheckResult", "raninsCheckResName", "results", "result",
            "检验结论", "检验结果", "抽检结果", "抽检结论", "抽查检验结果", "判定结果", "检测结果", "检验判定",
        ),
        "details": ("details", "raninsDetails", "抽查结果明细", "检查结果明细"),
        "vocabulary": ("结果代码表", "抽查结果代码表", "检查结果代码表", "代码表", "结果代码集", "vocabulary"),
        "audit_state": ("AuditState", "审核状态", "结果审核状态"),
        "follow_up": ("后续处置措施", "后续处置", "后续处理措施", "DisposeMss", "处置措施", "后续处理情况"),
        "follow_up_state": ("处置状态", "后续处置状态", "DisposeState", "处理状态"),
        "follow_up_on": ("处置完结日期", "处置完成日期", "DisposeFinishDate", "完结日期", "处置日期"),
        "checked_on": (
            "抽查检查日期", "insDate", "抽查完成日期", "CheckDate", "日期", "检查日期", "抽查日期", "检查时间",
            "抽查时间", "抽样日期", "抽检日期", "检验日期", "抽样时间", "检查完成日期", "检查完成时间", "实施日期",
            "checked_on", "inspectedAt",
        ),
        "authority": (
            "检查实施机关", "insAuth_CN", "抽查机关", "检查机关", "实施机关", "检查单位", "抽查检查机关", "抽查单位",
            "检查机关名称", "组织部门", "抽查部门", "检查部门", "执法机关", "insAuth",
            "CheckDeptName",
        ),
        "repaired_on": ("修复日期", "信用修复日期", "修复时间", "信用修复时间", "修复完成日期"),
    },
    required=(PARTY, ("results", "checked_on", "plan_name", "plan_no", "task_name", "task_no")),
    marks=(
        "results", "product", "checked_on", "authority", "plan_name", "plan_no", "task_name", "task_no", "items",
        "check_type",
    ),
    personal=CHECKERS,
    ignored=("pripid", "主体身份代码", "序号", "编号", "id", "核查方式", "industryType"),
)  # fmt: skip
