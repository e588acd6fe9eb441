"""Notices 公告, of offices and of entities, in the shapes of lists and of GSXT; fills `notices`.

A row needs a title, a text, a kind or the days between which it runs. What kind it is its column says, else its title,
else the name and title of its file. The key of a notice is office, number or title, party and day. It is linked to an
entity where it names one; most notices of plans and results name none.
"""

from __future__ import annotations

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.party import party_columns, record_ids, require
from indexer.canonical.values import as_table, date_of
from indexer.findings import Code
from indexer.kinds.source import PARTY_COLUMNS, Source
from indexer.tables import table_of
from xincha.kinds.notice import NOTICE as KIND
from xincha.text import notices as kinds
from xincha.text.doc_no import doc_no_key
from xincha.text.fold import fold
from xincha.text.offices import office_key

NOTICES = table_of(KIND)
_OTHER = kinds.KINDS[-1]
_OF_GSXT = "noticefrom"
"""A column of the national system's 简易注销公告, which have no title."""


def notices(batch: Batch) -> pl.DataFrame:
    """The batch's rows as notices, rejected ones included."""
    title, text = (first(batch.text(name), batch.text(f"any_{name}")) for name in ("title", "text"))
    begin, end, published = (date_of(batch, name) for name in ("from_on", "to_on", "published_on"))
    require(batch, "title", title, text, begin, end, batch.text("notice_kind"))
    batch.issue(end < begin, "to_on", Code.DATES_DISAGREE)
    party = party_columns(batch)
    who = first(party["party_uscc"], party["party_reg_no"], party["party_name_key"])
    kind = _kinds(batch, title, text)
    what = first(batch.mapped(batch.text("doc_no"), doc_no_key), batch.mapped(title, fold), kind)
    office = batch.mapped(batch.text("authority"), office_key)
    read = {
        "record_id": record_ids(KIND.letter, office, what, who, first(published, begin)),
        **party,
        "notice_kind": kind,
        "title": title,
        "text": text,
        "from_on": begin,
        "to_on": end,
        "published_on": published,
        "plan_no": first(batch.text("plan_no"), *(batch.mapped(each, kinds.plan_in) for each in (title, text))),
        "task_no": first(batch.text("task_no"), *(batch.mapped(each, kinds.task_in) for each in (title, text))),
    }
    return as_table(batch, NOTICES, read)


def _kinds(batch: Batch, title: pl.Series, text: pl.Series) -> pl.Series:
    """The kind of each notice; 其他公告 where nothing tells one."""
    national = any(name.casefold() == _OF_GSXT for name in batch.layout.columns.get("from_on", ()))
    of_file = kinds.kind_of(batch.layout.said) or ("简易注销公告" if national else None)
    stated = [batch.mapped(each, kinds.kind_of) for each in (batch.text("notice_kind"), title)]
    of_all = pl.repeat(of_file, batch.frame.height, dtype=pl.String, eager=True)
    other = pl.repeat(_OTHER, batch.frame.height, dtype=pl.String, eager=True)
    return first(*stated, of_all, batch.mapped(text, kinds.kind_of), other)


NOTICE = Source(
    kind=KIND.name,
    title="公告",
    table=NOTICES,
    read=notices,
    columns={
        **{column: names for column, names in PARTY_COLUMNS.items() if column != "enterprise_type"},
        "title": ("公告标题", "公告名称", "公告题目", "noticeTitle"),
        "any_title": ("标题", "题名"),
        "notice_kind": ("公告类型", "公告类别", "公告种类", "noticeType"),
        "text": ("公告内容", "公告正文", "公告全文", "noticeContent", "公告文本"),
        "any_text": ("正文", "正文内容"),
        "doc_no": ("公告文号", "公告编号", "公告号", "文号", "发文字号", "noticeNo"),
        "authority": (
            "公告机关", "发布机关", "公告单位", "发布单位", "公告部门", "发布部门", "regOrg", "登记机关", "发文机关",
            "作出机关", "发布机构", "发文机构", "公告机构", "信息来源",
        ),
        "published_on": ("公告日期", "发布日期", "公告时间", "发布时间", "公示日期", "noticeDate", "成文日期"),
        "from_on": ("公告期自", "noticeFrom", "公告开始日期", "公告起始日期", "公告期起", "公告开始时间", "公告期限自"),
        "to_on": ("公告期至", "noticeTo", "公告结束日期", "公告截止日期", "公告期止", "公告结束时间", "公告期限至"),
        "plan_no": ("抽查计划编号", "计划编号", "raninsPlanId", "相关计划编号"),
        "task_no": ("抽查任务编号", "任务编号", "raninsTaskId", "TaskCode", "相关任务编号"),
        "attachments": ("附件", "附件名称", "公告附件", "附件列表"),
        "source_url": ("原文网址", "公告网址", "网址", "链接", "原文链接", "url"),
    },
    required=(("title", "any_title", "text", "any_text", "from_on", "to_on", "notice_kind"),),
    marks=("title", "notice_kind", "text", "from_on", "to_on", "attachments", "authority"),
    hints=("any_title",),
    words="通知公告|公告(?:列表|汇总|目录|栏|信息)|(?:计划|结果|列入|移出)公告",
    ignored=("pripid", "主体身份代码", "序号", "编号", "id"),
)  # fmt: skip
