"""List of serious violation 严重违法失信名单 (older files: 黑名单), entry and removal in one row or in rows of their
own; fills `serious_listings`.

GSXT calls the columns as those of the list of abnormal operation (`abntime`, `decOrg_CN`, `remDate`): which list it is
`serILLRea…` says, or the name or title of the file. A row needs a party (name or code) and a date or reason of listing
or removal. The key of a row is party, date of listing and reason.
"""

from __future__ import annotations

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.party import read_party, record_ids, require
from indexer.canonical.values import as_table, date_of
from indexer.findings import Code
from indexer.kinds.abnormal import ABNORMAL
from indexer.kinds.listing_words import is_annulled
from indexer.kinds.source import PARTY, PARTY_COLUMNS, Source
from indexer.tables import table_of
from xincha.kinds.serious import SERIOUS as KIND
from xincha.rules.lists import serious_regime
from xincha.text.fold import fold

SERIOUS_LISTINGS = table_of(KIND)
_GENERAL = ("列异", "异常", "标记", "载入", "恢复", "speCause", "移异", "reason")
"""What spellings of the list of abnormal operation hold that are of no other list."""


def serious_listings(batch: Batch) -> pl.DataFrame:
    """The batch's rows as listings, rejected ones included."""
    party = read_party(batch)
    listed, removed = date_of(batch, "listed_on"), date_of(batch, "removed_on")
    reason, annulled = batch.text("reason"), date_of(batch, "annulled_on")
    require(batch, "listed_on", listed, removed, reason, batch.text("removal_reason"), annulled)
    batch.issue(removed < listed, "removed_on", Code.DATES_DISAGREE)
    wrongly = batch.mapped(batch.text("removal_reason"), is_annulled, pl.Boolean).fill_null(False)
    read = {
        "record_id": record_ids("S", party.key, first(listed, removed, annulled), batch.mapped(reason, fold)),
        **party.columns,
        "listed_on": listed,
        "removed_on": removed,
        "annulled_on": first(annulled, removed.set(~wrongly, None)),
        "regime": _regimes(listed),
    }
    return as_table(batch, SERIOUS_LISTINGS, read)


def _regimes(listed: pl.Series) -> pl.Series:
    """The law in force on the day of listing."""
    days = listed.drop_nulls().unique().to_list()
    return listed.replace_strict({day: serious_regime(day).name for day in days}, default=None, return_dtype=pl.String)


def _shared(column: str) -> tuple[str, ...]:
    """The spellings of a column of the list of abnormal operation that are those of this list too."""
    return tuple(each for each in ABNORMAL.columns[column] if not any(word in each for word in _GENERAL))


SERIOUS = Source(
    kind=KIND.name,
    title="严重违法失信名单",
    table=SERIOUS_LISTINGS,
    read=serious_listings,
    columns={
        **{column: names for column, names in PARTY_COLUMNS.items() if column != "enterprise_type"},
        "reason": (
            "列入严重违法失信名单原因", "serILLRea_CN", "列入严重违法失信名单(黑名单)原因",
            "列入严重违法失信企业名单原因", "列入严重违法失信企业名单(黑名单)原因", "列入严重违法企业名单原因",
            "列入严重违法失信名单事由", "列入黑名单原因", "严重违法失信原因", "严重违法原因", "serILLRea",
            *_shared("reason"),
        ),
        "category": ("列入类别", "类别", "名单类别", "严重违法失信类别", "失信类别", "type"),
        "listed_on": (
            "列入严重违法失信名单日期", "列入严重违法失信企业名单日期", "列入严重违法失信名单(黑名单)日期",
            "列入严重违法企业名单日期", "列入严重违法失信名单时间", "列入黑名单日期", "列入黑名单时间",
            *_shared("listed_on"),
        ),
        "listed_by": ("列入严重违法失信名单决定机关", *_shared("listed_by")),
        "list_doc_no": _shared("list_doc_no"),
        "list_basis": _shared("list_basis"),
        "penalty_doc_no": ("行政处罚决定书文号", "处罚决定书文号", "行政处罚文号", "处罚文号", "行政处罚决定文号"),
        "until_on": (
            "列入截止日期", "列入期限至", "名单截止日期", "公示截止日期", "公示截止期", "公示期限至", "列入期限",
        ),
        "removed_on": (
            "移出严重违法失信名单日期", "移出严重违法失信企业名单日期", "移出严重违法失信名单(黑名单)日期",
            "移出黑名单日期", *_shared("removed_on"),
        ),
        "removal_reason": (
            "移出严重违法失信名单原因", "移出严重违法失信企业名单原因", "移出严重违法失信名单(黑名单)原因",
            "移出黑名单原因", *_shared("removal_reason"),
        ),
        "removed_by": ("移出严重违法失信名单决定机关", *_shared("removed_by")),
        "removal_doc_no": _shared("removal_doc_no"),
        "annulled_on": ("撤销列入日期", "撤销列入时间", "撤销列入决定日期"),
    },
    required=(PARTY, ("listed_on", "removed_on", "reason", "removal_reason", "annulled_on")),
    marks=("reason", "listed_on", "removed_on", "removal_reason", "listed_by", "removed_by", "annulled_on"),
    strangers=(
        "失信被执行人", "失信被执行人姓名", "失信被执行人名称", "失信被执行人姓名/名称", "被执行人姓名/名称",
        "被执行人名称", "执行法院", "执行依据文号", "被执行人的履行情况", "失信被执行人行为具体情形",
    ),
    words="严重违法|失信(?:企业|主体)?名单|黑名单",
    seconds={"listed_by": "removed_by"},
    ignored=("serILLList", "列入记录ID", "pripid", "主体身份代码", "序号", "编号", "id"),
)  # fmt: skip
