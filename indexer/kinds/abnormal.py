"""Lists of abnormal operation 经营异常名录: entry and removal, in one row or in rows (and files) of their own; for an
individual business 个体工商户 a mark 标记, and the return to normal. Fills `abnormal_listings`.

A row needs a party (name or code) and a date of listing or of removal, or a reason for either. The key of a row is
party, date of listing and reason. A row about a removal that does not state when the party was listed has a key of
its own (party and date of removal) and `listed_on` null: who merges rows closes the open listing of that party with it.
"""

from __future__ import annotations

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first, kinds
from indexer.canonical.party import Party, read_party, record_ids, require
from indexer.canonical.values import as_table, date_of, read_or_name
from indexer.findings import Code
from indexer.kinds.source import PARTY, PARTY_COLUMNS, Source
from indexer.tables import table_of
from xincha.kinds.abnormal import ABNORMAL as KIND
from xincha.text import codes
from xincha.text.fold import fold

ABNORMAL_LISTINGS = table_of(KIND)
_MARKED = "标记|恢复正常记载|个体工商户"


def abnormal_listings(batch: Batch) -> pl.DataFrame:
    """The batch's rows as listings, rejected ones included."""
    party = read_party(batch)
    listed, removed = date_of(batch, "listed_on"), date_of(batch, "removed_on")
    reason = batch.text("reason")
    require(batch, "listed_on", listed, removed, reason, batch.text("removal_reason"))
    batch.issue(removed < listed, "removed_on", Code.DATES_DISAGREE)
    code = read_or_name(batch, "reason", codes.abnormal_reason, Code.UNKNOWN_REASON)
    read = {
        "record_id": _ids(batch, party, listed, removed, first(code, batch.mapped(reason, fold))),
        **party.columns,
        "mark": _marks(batch, party),
        "reason_code": code,
        "listed_on": listed,
        "removed_on": removed,
    }
    return as_table(batch, ABNORMAL_LISTINGS, read)


def _ids(batch: Batch, party: Party, listed: pl.Series, removed: pl.Series, reason: pl.Series) -> pl.Series:
    """Party, date of listing and reason; a removal that does not say when the party was listed has an own key."""
    alone = listed.is_null() & batch.text("reason").is_null()
    by_listing = record_ids("A", party.key, listed, reason)
    if not alone.any():
        return by_listing
    by_removal = record_ids("A", party.key, pl.Series(["移出"] * len(removed)), removed)
    return first(by_listing.set(alone, None), by_removal)


def _marks(batch: Batch, party: Party) -> pl.Series:
    """Whether the party is an individual business, which is marked and not listed: by its type or code, by the words of
    the reasons, or by those of the header."""
    header = " ".join(name for names in batch.layout.columns.values() for name in names)
    if "标记" in header and "列入" not in header:
        return batch.mask(True)
    kind = kinds(batch, party.columns["party_uscc"], party.columns["party_name"])
    words = [batch.text(name).str.contains(_MARKED).fill_null(False) for name in ("reason", "removal_reason")]
    return (kind == "个体工商户").fill_null(False) | words[0] | words[1]


ABNORMAL = Source(
    kind=KIND.name,
    title="经营异常名录",
    table=ABNORMAL_LISTINGS,
    read=abnormal_listings,
    columns={
        **PARTY_COLUMNS,
        "reason": (
            "列入经营异常名录原因", "speCause_CN", "列入原因", "列入事由", "列入经营异常名录事由",
            "列入经营异常名录的原因", "列异原因", "异常原因", "列入异常名录原因", "列入经营异常原因", "经营异常原因",
            "标记经营异常状态原因", "标记原因", "标记为经营异常状态原因", "标记异常原因", "speCause", "reason",
        ),
        "listed_on": (
            "列入日期", "abntime", "列入时间", "列入经营异常名录日期", "列入经营异常名录时间", "列异日期", "列异时间",
            "列入异常名录日期", "列入异常日期", "标记日期", "标记时间", "标记经营异常状态日期",
            "标记为经营异常状态日期", "异常日期", "listed_on",
        ),
        "listed_by": (
            "作出决定机关(列入)", "decOrg_CN", "列入机关", "列入决定机关", "作出列入决定机关", "列入作出决定机关",
            "作出决定机关", "标记机关", "列异机关", "决定机关", "列入决定机关名称", "作出列入决定机关名称",
            "标记决定机关", "decOrg",
        ),
        "list_doc_no": (
            "列入决定书文号", "列入文号", "列入决定文号", "列异文号", "列入决定书编号", "决定书文号", "文号",
        ),
        "removed_on": (
            "移出日期", "remDate", "移出时间", "移出经营异常名录日期", "移出经营异常名录时间", "移异日期", "恢复日期",
            "恢复正常记载状态日期", "恢复正常日期", "恢复时间", "removed_on",
        ),
        "removal_reason": (
            "移出经营异常名录原因", "remExcpRes_CN", "移出原因", "移出事由", "移出经营异常名录事由", "移异原因",
            "恢复原因", "恢复正常记载状态原因", "恢复正常原因", "remExcpRes",
        ),
        "removed_by": (
            "作出决定机关(移出)", "reDecOrg_CN", "移出机关", "移出决定机关", "作出移出决定机关", "移出作出决定机关",
            "恢复机关", "恢复决定机关", "移异机关", "reDecOrg",
        ),
        "removal_doc_no": ("移出决定书文号", "移出文号", "移出决定文号", "移异文号", "移出决定书编号"),
    },
    required=(PARTY, ("listed_on", "removed_on", "reason", "removal_reason")),
    marks=("reason", "listed_on", "removed_on", "removal_reason", "listed_by", "removed_by"),
    strangers=(
        "serILLRea_CN", "列入严重违法失信名单原因", "列入严重违法失信企业名单原因",
        "列入严重违法失信名单(黑名单)原因", "serILLRea", "列入严重违法失信名单日期",
    ),
    seconds={"listed_by": "removed_by"},
    ignored=(
        "busExcList", "列入记录ID", "pripid", "主体身份代码", "序号", "编号", "id",
    ),
)  # fmt: skip
