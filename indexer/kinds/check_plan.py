"""Yearly plans of spot checks 年度抽查计划, tables in which each row is one thing to be checked; fills `check_plans`.

A row needs the number or the name of its plan: where it states neither, it goes on with the plan above it, as the cells
do that were merged in a spreadsheet; where no column does, the title says it. The key of a plan is its number, else
office, year and name: rows of one key are one plan, and what they say is its lines. Shares, times and numbers are kept
as they stand beside what was read.
"""

from __future__ import annotations

import re

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.party import record_ids, require
from indexer.canonical.values import as_table
from indexer.kinds.shares import number_or_none, shares_of
from indexer.kinds.source import Source
from indexer.tables import table_of
from xincha.kinds.check_plan import CHECK_PLAN as KIND
from xincha.text import quantities
from xincha.text.doc_no import doc_no_key
from xincha.text.fold import fold
from xincha.text.offices import office_and_rest, office_key

CHECK_PLANS = table_of(KIND)
_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年")
_OF_NUMBER = re.compile(r"\d{6}(20\d\d)\d{4}")
_CALLED = r"(?:抽查|检查|双随机).{0,12}计划"
_TITLE = re.compile(
    rf"(?:附[件表]\d{{0,2}}[:：、.]?)?(.{{0,60}}{_CALLED})(?:一览|公示|汇总|明细)?表?(?:[(（].{{0,20}}[)）])?"
)
_LEAST = 6
"""Characters of a number that is told from those of other offices by itself."""


def check_plans(batch: Batch) -> pl.DataFrame:
    """The batch's rows as plans of one line each, rejected ones included."""
    lead, titled = office_and_rest(plan_in(batch.layout.said) or "")
    office = first(batch.text("set_by"), batch.text("authority"))
    number, name, office = _going_on(batch, batch.text("plan_no"), batch.text("plan_name"), office)
    if not (batch.has("plan_no") or batch.has("plan_name")):
        name = batch.constant(titled).set(_lines(batch).is_null(), None)
    office = first(office, batch.constant(lead))
    require(batch, "plan_name", number, name)
    year = _years(batch, number, name)
    read = {
        "plan_no": number,
        "plan_name": name,
        "record_id": plan_ids(batch, KIND.letter, number, office, year, name),
        "year": year,
        "authority": office,
        "lines": _lines(batch),
    }
    return as_table(batch, CHECK_PLANS, read)


def _going_on(batch: Batch, *texts: pl.Series) -> list[pl.Series]:
    """Number, name and office of each row's plan: those of the row above where it states nothing but a line; an office
    goes on until another one is stated, as one merged cell stands beside several plans."""
    states = pl.select(pl.any_horizontal(each.is_not_null() for each in map(pl.lit, texts[:2]))).to_series()
    goes_on = ~states & _lines(batch).is_not_null() & ~batch.rejected
    if not goes_on.any() or not states.any():
        return list(texts)
    frame = pl.DataFrame({str(at): each for at, each in enumerate(texts)})
    above = frame.with_columns(plan=pl.lit(states).cum_sum())
    filled = above.select(pl.col(name).first().over("plan") for name in frame.columns)
    begun = goes_on & (above["plan"] > 0)
    *told, _ = (
        pl.select(pl.when(pl.lit(begun)).then(pl.lit(filled[name])).otherwise(pl.lit(frame[name]))).to_series()
        for name in frame.columns
    )
    return [*told, texts[-1].fill_null(strategy="forward")]


def plan_in(said: str) -> str | None:
    """The plan that a title names: 附件1：2026年度双随机抽查计划表 → 2026年度双随机抽查计划."""
    for part in reversed(said.split()):
        if found := _TITLE.fullmatch(re.sub(r"\.\w{2,5}$", "", part.rpartition("/")[2])):
            return found[1]
    return None


def plan_ids(batch: Batch, letter: str, number: pl.Series, office: pl.Series, *rest: pl.Series) -> pl.Series:
    """Keys of what has a number of its own: that number, one that is short with its office; without, office and the
    rest."""
    keys = batch.mapped(number, doc_no_key)
    long = keys.str.len_chars() >= _LEAST
    offices, others = batch.mapped(office, office_key), [batch.mapped(each, fold) for each in rest]
    alone = record_ids(letter, keys).set(~long.fill_null(False), None)
    short = record_ids(letter, offices, keys).set(keys.is_null(), None)
    return first(alone, short, record_ids(letter, offices, *others))


def _years(batch: Batch, number: pl.Series, name: pl.Series) -> pl.Series:
    """The year that a column states, the name, the title of the table, or the number."""
    titled = pl.repeat(year_in(batch.layout.said), batch.frame.height, dtype=pl.String, eager=True)
    stated = batch.mapped(batch.text("year"), year_in)
    return first(stated, batch.mapped(name, year_in), batch.mapped(number, _year_of_number), titled)


def year_in(text: str) -> str | None:
    """2026年度…, or 2026 alone."""
    if re.fullmatch(r"20\d\d", text.strip()):
        return text.strip()
    found = _YEAR.search(text)
    return found[1] if found else None


def _year_of_number(text: str) -> str | None:
    """Of a number of region, year and four digits: 34000020171000."""
    found = _OF_NUMBER.fullmatch(text)
    return found[1] if found else None


def _lines(batch: Batch) -> pl.Series:
    """What each row says of one thing to be checked, as lines of its plan; none where it says nothing."""
    texts = {column: batch.text(column) for column in ("content", "department", "objects", "period")}
    line = {
        **texts,
        "ratio_percent": shares_of(batch, "ratio"),
        "ratio_text": batch.text("ratio"),
        "frequency": number_or_none(batch, "frequency", quantities.times_a_year),
        "frequency_text": batch.text("frequency"),
        "count": number_or_none(batch, "count", quantities.count),
        "count_text": batch.text("count"),
    }
    frame = pl.DataFrame(line)
    stated = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    lines = frame.select(pl.concat_list(pl.struct(pl.all())).alias("lines")).to_series()
    return lines.cast(CHECK_PLANS.columns["lines"]).set(~stated, None)


CHECK_PLAN = Source(
    kind=KIND.name,
    title="抽查计划",
    table=CHECK_PLANS,
    read=check_plans,
    columns={
        "plan_no": ("抽查计划编号", "计划编号", "raninsPlanId", "随机抽查计划编号", "检查计划编号", "PlanCode"),
        "plan_name": (
            "年度计划名称", "抽查计划名称", "计划名称", "年度抽查计划名称", "随机抽查计划名称", "检查计划名称",
            "raninsPlaneName", "raninsPlanName", "PlanName",
        ),
        "year": ("年度", "计划年度", "年份", "抽查年度", "SeqYear", "PlanYear"),
        "set_by": ("制定部门", "制定机关", "计划制定部门", "计划制定单位", "制定单位"),
        "authority": (
            "检查主体", "发布单位", "发布机关", "牵头部门", "组织部门", "实施主体", "抽查机关", "检查机关",
            "PlanDeptName",
        ),
        "level": ("计划层级", "层级", "实施层级", "抽查层级", "检查层级"),
        "published_on": ("公布日期", "发布日期", "公示日期", "计划公布日期", "公开日期"),
        "content": (
            "检查内容", "抽查内容", "抽查事项", "检查事项", "抽查事项名称", "检查事项名称", "抽查项目", "检查项目",
        ),
        "department": ("股室", "责任科室", "责任股室", "科室", "承办科室", "责任处室", "处室", "承办机构", "责任部门"),
        "objects": ("抽查对象", "检查对象", "抽查对象类型", "检查对象类型", "检查对象范围", "抽查对象范围", "抽查范围"),
        "period": (
            "计划开展时间", "开展时间", "抽查时间", "检查时间", "实施时间", "计划时间", "计划实施时间", "抽查时间安排",
            "时间安排", "任务期限",
        ),
        "ratio": ("抽查比例", "抽取比例", "检查比例", "抽查比例(%)"),
        "frequency": ("抽查频次", "检查频次", "频次", "抽查次数", "检查频次(次/年)"),
        "count": ("抽查数量", "检查数量", "计划抽查数量", "抽查户数", "计划抽查户数", "抽取数量", "检查户数"),
        "remark": ("备注",),
    },
    required=(("plan_name", "plan_no"),),
    words=_CALLED,
    said=("plan_name",),
    marks=("ratio", "frequency", "count", "period", "content", "plan_name", "plan_no"),
    telling=("ratio", "frequency", "count", "period", "department", "set_by"),
    ignored=("序号", "编号", "id"),
)  # fmt: skip
