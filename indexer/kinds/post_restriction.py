"""Restrictions of posts 任职限制 and their release; fills `post_restrictions`.

The party is the entity whose name was removed; the person is told apart and goes no further than the page of that
entity. Identity numbers, homes and telephones are never read. A row needs a party (name or code) and a day, person or
number. The key of a row is party, person and first day.
"""

from __future__ import annotations

import re

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.party import read_party, record_ids, require
from indexer.canonical.values import as_table, date_of
from indexer.findings import Code
from indexer.kinds.source import PARTY, PARTY_COLUMNS, Source
from indexer.tables import table_of
from xincha.kinds.post_restriction import POST_RESTRICTION as KIND
from xincha.text.fold import fold

POST_RESTRICTIONS = table_of(KIND)
_MASK = re.compile(r"[(（,，;；]?\s*(?:[\u4e00-\u9fff]{2,8}\s*[:：])?\s*［[^［］]{1,12}已隐去］\s*[)）]?")
_CASES = (
    ("1", re.compile(r"^\s*[(（]?(?:1|一)[)）]?\s*$|注销")),
    ("2", re.compile(r"^\s*[(（]?(?:2|二)[)）]?\s*$|(?:不负|没有|无|不承担).{0,4}(?:个人)?责任")),
    ("3", re.compile(r"^\s*[(（]?(?:3|三)[)）]?\s*$|政策|法律.{0,4}(?:法规)?.{0,6}规定")),
)


def post_restrictions(batch: Batch) -> pl.DataFrame:
    """The batch's rows as restrictions, rejected ones included."""
    party = read_party(batch)
    begin, until = date_of(batch, "from_on"), date_of(batch, "until_on", end=True)
    released = date_of(batch, "released_on")
    person = batch.mapped(batch.text("person"), without_masks)
    require(batch, "from_on", begin, until, released, person, batch.text("doc_no"))
    batch.issue(until < begin, "until_on", Code.DATES_DISAGREE)
    read = {
        "record_id": record_ids("B", party.key, batch.mapped(person, fold), begin),
        **party.columns,
        "person": person,
        "from_on": begin,
        "until_on": until,
        "released_on": released,
        "release_code": batch.mapped(batch.text("release_reason"), release_code),
    }
    return as_table(batch, POST_RESTRICTIONS, read)


def without_masks(text: str) -> str | None:
    """A person's name without the mask of a number that stood beside it."""
    return _MASK.sub("", text).strip() or None


def release_code(text: str) -> str | None:
    """The case of release: a number, or the words for one."""
    return next((code for code, pattern in _CASES if pattern.search(text)), None)


POST_RESTRICTION = Source(
    kind=KIND.name,
    title="任职限制",
    table=POST_RESTRICTIONS,
    read=post_restrictions,
    columns={
        **{column: names for column, names in PARTY_COLUMNS.items() if column != "enterprise_type"},
        "party_name": (
            "被剔除名称商事主体", "被剔除名称商事主体名称", "被剔除名称主体名称", *PARTY_COLUMNS["party_name"],
        ),
        "person": (
            "法定代表人", "负责人", "受限人员", "姓名", "受限人员姓名", "受限人", "受限人姓名", "任职受限人员",
            "任职限制人员", "被限制人员", "被限制人姓名", "限制人员姓名", "法定代表人姓名", "负责人姓名",
            "法定代表人(负责人)", "法定代表人/负责人", "法定代表人或负责人",
        ),
        "role": ("职务", "任职类型", "原任职务", "担任职务", "人员类型"),
        "from_on": (
            "限制开始日期", "限制起始日期", "受限日期", "任职限制开始日期", "任职限制起始日期", "限制日期",
            "受限开始日期", "受限起始日期", "限制期限自", "任职限制期限自", "限制期自", "任职限制日期", "限制起始时间",
        ),
        "until_on": (
            "限制截止日期", "限制结束日期", "任职限制截止日期", "任职限制结束日期", "受限截止日期", "受限结束日期",
            "限制期限至", "任职限制期限至", "限制期至", "限制到期日期", "限制截止时间",
        ),
        "imposed_by": (
            "作出任职限制决定机关", "任职限制决定机关", "限制机关", "作出决定机关", "决定机关", "任职限制机关",
        ),
        "doc_no": ("决定书文号", "任职限制决定书文号", "任职限制文号", "文号", "任职限制决定文号"),
        "ground": ("限制原因", "限制事由", "任职限制原因", "任职限制事由", "受限原因", "受限事由"),
        "released_on": (
            "解除日期", "解除任职限制日期", "任职限制解除日期", "解除时间", "解除限制日期", "解除受限日期",
        ),
        "release_reason": (
            "解除原因", "解除任职限制原因", "任职限制解除原因", "解除事由", "解除限制原因", "解除情形",
        ),
        "released_by": ("解除机关", "作出解除决定机关", "解除决定机关", "解除任职限制机关", "任职限制解除机关"),
    },
    required=(PARTY, ("from_on", "until_on", "released_on"), ("person", "role", "doc_no", "imposed_by")),
    marks=("from_on", "until_on", "imposed_by", "released_on", "release_reason", "released_by", "ground"),
    words="任职限制|任职受限|限制任职|任职资格限制",
    personal=("受限人住址", "受限人员住址", "法定代表人住址", "负责人住址", "受限人证件号"),
    ignored=("pripid", "主体身份代码", "序号", "编号", "id"),
)  # fmt: skip
