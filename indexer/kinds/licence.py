"""Administrative licences 行政许可: the fields of 双公示 (Chinese names, pinyin codes, every numbering of 代码_n) and
those of the national publicity system; fills `licences`.

A row needs a party (name or code) and something that says what was granted: a number or name of the licence or of the
decision, its content, or a day. The key of a row is party and number of the licence, else of the decision; without
either, party, day and content. Type and number of identity documents are personal and never read.
"""

from __future__ import annotations

import re

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.party import double_publicity, numbered_ids, read_party, require
from indexer.canonical.values import as_table, date_of
from indexer.findings import Code
from indexer.kinds.source import PARTY, Source, double_publicity_columns, with_party
from indexer.tables import table_of
from xincha.kinds.licence import CATEGORIES
from xincha.kinds.licence import LICENCE as KIND

LICENCES = table_of(KIND)
_ENDED = re.compile(r"(?<![未不])(?:撤[销回]|吊销|注销|失效|无效|作废|废止|中止)")
_GRANTED = ("licence_name", "document_name", "licence_content")


def licences(batch: Batch) -> pl.DataFrame:
    """The batch's rows as licences, rejected ones included."""
    party = read_party(batch)
    decided, begins = date_of(batch, "decided_on"), date_of(batch, "valid_from_on")
    ends = date_of(batch, "valid_until_on", end=True)
    numbers = [batch.text(name) for name in ("licence_no", "doc_no")]
    require(batch, "licence_no", *numbers, *map(batch.text, _GRANTED), decided, begins)
    batch.issue(ends < begins, "valid_until_on", Code.DATES_DISAGREE)
    read = {
        "record_id": numbered_ids(batch, "L", party, first(*numbers), first(begins, decided), _GRANTED),
        **double_publicity(batch, party),
        "licence_category": _categories(batch),
        "decided_on": decided,
        "valid_from_on": begins,
        "valid_until_on": ends,
        "revoked": batch.mapped(batch.text("current_state"), _has_ended, pl.Boolean),
    }
    return as_table(batch, LICENCES, read)


def _categories(batch: Batch) -> pl.Series:
    """The categories of the law that a column names; an unknown wording is named and stays as published."""
    published = batch.text("licence_category")
    batch.issue(~published.str.contains_any(list(CATEGORIES)), "licence_category", Code.UNREADABLE_VALUE)
    return batch.mapped(published, categories, pl.List(pl.String))


def categories(text: str) -> list[str]:
    """普通许可 → 普通; 认可、核准 → both; any other text as it is."""
    return [each for each in CATEGORIES if each in text] or [text]


def _has_ended(text: str) -> bool | None:
    """Whether a state says that the licence is none any more; a bare number says nothing that is known."""
    return True if _ENDED.search(text) else None


LICENCE = Source(
    kind=KIND.name,
    title="行政许可",
    table=LICENCES,
    read=licences,
    columns={
        **double_publicity_columns(
            "XK", ("行政相对人类别", "XK_XDR_LB", "XK_XDR_TYPE", "相对人类别", "行政相对人类型"),
        ),
        "party_name": with_party("party_name", "XK_XDR_MC", "行政相对人名称", "被许可人", "被许可人名称", "持证人"),
        "legal_rep": (
            "法定代表人", "XK_FRDB", "XK_FR", "法定代表人姓名", "法定代表人(负责人)", "法定代表人/负责人", "负责人",
            "法人代表",
        ),
        "document_name": (
            "行政许可决定文书名称", "XK_XKWS", "许可决定文书名称", "许可文书名称", "行政许可决定书名称", "项目名称",
            "XK_XMMC",
        ),
        "doc_no": (
            "行政许可决定文书号", "XK_WSH", "许可决定文书号", "许可文书号", "行政许可决定书文号", "许可决定书文号",
            "许可文号",
        ),
        "licence_category": ("许可类别", "XK_XKLB", "行政许可类别", "许可类型", "XK_SPLB", "审批类别"),
        "licence_name": ("许可证书名称", "XK_XKZS", "licName_CN", "许可文件名称", "许可证名称", "证书名称", "licName"),
        "licence_no": (
            "许可编号", "XK_XKBH", "licNo", "许可证编号", "许可文件编号", "许可证号", "许可证书编号", "证书编号",
        ),
        "licence_content": ("许可内容", "XK_NR", "licItem", "行政许可内容", "许可事项", "许可范围"),
        "decided_on": (
            "许可决定日期", "XK_JDRQ", "行政许可决定日期", "作出许可决定日期", "许可日期", "发证日期", "批准日期",
        ),
        "valid_from_on": ("有效期自", "XK_YXQZ", "valFrom", "有效期起", "许可有效期自", "有效期限自", "有效期起始日期"),
        "valid_until_on": (
            "有效期至", "XK_YXQZI", "valTo", "有效期止", "许可有效期至", "有效期限至", "许可截止期", "XK_JZQ",
            "有效期截止日期", "许可截止日期",
        ),
        "authority": ("许可机关", "XK_XKJG", "licAnth", "行政许可机关", "发证机关", "许可机关名称", "批准机关"),
        "authority_uscc": ("许可机关统一社会信用代码", "XK_XKJGDM", "许可机关代码"),
        "current_state": ("当前状态", "XK_ZT", "许可状态", "证书状态", "数据状态"),
        "data_source": ("数据来源单位", "XK_LYDW", "数据来源"),
        "data_source_uscc": ("数据来源单位统一社会信用代码", "XK_LYDWDM", "XK_SJLYDM"),
        "remark": ("备注", "BZ", "XK_BZ"),
    },
    required=(
        PARTY,
        ("licence_no", "doc_no", "licence_name", "document_name", "licence_content", "decided_on", "valid_from_on"),
    ),
    marks=(
        "licence_no", "licence_name", "document_name", "doc_no", "licence_category", "licence_content", "decided_on",
        "valid_from_on", "valid_until_on", "authority",
    ),
    personal=("XK_FR_ZJLX", "XK_FR_ZJHM", "XK_FR_SFZH", "XK_XDR_ZJLX", "XK_XDR_ZJHM", "XK_XDR_SFZ", "XK_XDR_SFZH"),
    ignored=("pripid", "主体身份代码", "序号", "编号", "id", "数据更新时间", "SJC", "地方编码", "DFBM", "licId"),
)  # fmt: skip
