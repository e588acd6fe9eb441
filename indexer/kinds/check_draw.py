"""Lists of who was drawn at random for a spot check 抽查对象名单; fills `check_draws`.

A row needs a party, and the task or plan for which it was drawn, or the day: of a file that is called such a list, its
title says the task. The key of a row is party, task (else plan, else title) and office. A table with results is one of
checks.
"""

from __future__ import annotations

import re

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.party import read_party, record_ids
from indexer.canonical.values import as_table
from indexer.kinds.check_task import CHECK_TASK as TASK
from indexer.kinds.check_task import departments
from indexer.kinds.source import CHECKERS, PARTY, PARTY_COLUMNS, Source
from indexer.kinds.spot_check import SPOT_CHECK as CHECK
from indexer.tables import table_of
from xincha.kinds.check_draw import CHECK_DRAW as KIND
from xincha.text import notices
from xincha.text.doc_no import doc_no_key
from xincha.text.fold import fold
from xincha.text.offices import office_and_rest, office_key

CHECK_DRAWS = table_of(KIND)
_LIST = pl.List(pl.String)
_CALLED = (
    r"(?:抽[查取中]|随机|检查).{0,12}(?:对象|企业|主体|单位|商户)?(?:的)?名单|抽取结果|摇号结果"
    r"|被(?:抽[查取中]|检查).{0,6}(?:名单|企业|对象|单位)"
)
_TITLE = re.compile(
    r"(.{4,80}?(?:抽查|检查))(?:检查|抽取)?(?:对象|企业|主体|单位|商户)?(?:的)?(?:抽取|摇号)?(?:名单|结果)(?:公示|公布)?"
)
_ASIDE = re.compile(r"^(?:附[件表]\d{0,2}[:：、.]?|\d{1,2}[、.])|^关于|[(（][^)）]{0,20}[)）]$")
_KEY = ("task_no", "task_name", "plan_no", "plan_name")


def check_draws(batch: Batch) -> pl.DataFrame:
    """The batch's rows as who was drawn, rejected ones included."""
    party = read_party(batch)
    stated = [batch.text(name) for name in _KEY]
    said = batch.layout.said
    lead, name = office_and_rest(task_in(said) or "")
    told = {"task_no": notices.task_in(said), "plan_no": notices.plan_in(said), "task_name": name}
    untold = pl.select(pl.all_horizontal(each.is_null() for each in map(pl.lit, stated))).to_series()
    read = {
        name: first(batch.text(name), pl.select(pl.when(pl.lit(untold)).then(pl.lit(value))).to_series())
        for name, value in told.items()
    }
    numbers = batch.mapped(read["task_no"], doc_no_key)
    others = [batch.mapped(each, fold) for each in (read["task_name"], read["plan_no"], batch.text("plan_name"))]
    authority = first(batch.text("authority"), batch.constant(lead))
    office = batch.mapped(authority, office_key)
    more = {
        "authority": authority,
        "record_id": record_ids(KIND.letter, party.key, first(numbers, *others), office),
        **party.columns,
        "members": batch.mapped(batch.text("members"), departments, _LIST),
    }
    return as_table(batch, CHECK_DRAWS, read | more)


def task_in(said: str) -> str | None:
    """The task that a title names: 2026年示例食品经营单位抽查对象名单 → 2026年示例食品经营单位抽查."""
    for part in reversed(said.split()):
        name = re.sub(r"\.\w{2,5}$", "", part.rpartition("/")[2])
        if found := _TITLE.fullmatch(_ASIDE.sub("", name)):
            return found[1].replace("被抽查", "抽查")
    return None


CHECK_DRAW = Source(
    kind=KIND.name,
    title="抽查对象名单",
    table=CHECK_DRAWS,
    read=check_draws,
    columns={
        **{column: names for column, names in PARTY_COLUMNS.items() if column != "enterprise_type"},
        **{column: tuple(dict.fromkeys((*CHECK.columns[column], *TASK.columns[column]))) for column in _KEY},
        "authority": (
            *CHECK.columns["authority"], "任务组织部门", "牵头部门", "组织单位", "任务组织单位", "TaskLeadDeptName",
        ),
        "members": ("任务实施部门", "实施部门", "配合部门", "参与部门", "TaskInspectDeptName", "联合部门"),
        "items": CHECK.columns["items"],
        "drawn_on": (*TASK.columns["drawn_on"], "抽中日期", "抽中时间", "抽取完成日期"),
        "published_on": ("公布日期", "公示日期", "发布日期", "公开日期"),
    },
    required=(PARTY, (*_KEY, "drawn_on")),
    marks=(*_KEY, "authority", "drawn_on", "items"),
    words=_CALLED,
    said=_KEY,
    without=(*CHECK.columns["results"], *CHECK.columns["details"]),
    personal=CHECKERS,
    ignored=("pripid", "主体身份代码", "序号", "编号", "id", "抽查比例", "抽取比例", "联系人"),
)  # fmt: skip
