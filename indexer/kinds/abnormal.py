"""Lists of abnormal operation 经营异常名录: entry and removal, in one row or in rows (and files) of their own; for an
individual business 个体工商户 a mark 标记, and the return to normal; in Xiamen a record 载入, and 恢复记载. Fills
`abnormal_listings`.

A row needs a party (name or code) and a date of listing or of removal, or a reason for either. The key of a row is
party, date of listing and reason. A row about a removal that does not state when the party was listed has a key of
its own (party and date of removal) and `listed_on` null, and so has an annulment; `indexer.closing` ends with it
what was open.

How somebody came on the list (`regime`) is what the file says: the row's reasons, else the heads of its columns, else
its title and name. 列入日期 is also what files of marks call it, so that by itself does not make a listing of a mark.
"""

from __future__ import annotations

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first, kinds
from indexer.canonical.party import Party, read_party, record_ids, require
from indexer.canonical.values import as_table, date_of, read_or_name
from indexer.findings import Code
from indexer.kinds.listing_words import is_annulled, said_by_file, said_by_rows
from indexer.kinds.source import PARTY, PARTY_COLUMNS, Source
from indexer.tables import table_of
from xincha.kinds.abnormal import ABNORMAL as KIND
from xincha.text import codes
from xincha.text.fold import fold

ABNORMAL_LISTINGS = table_of(KIND)
_OF_ROWS = {
    "recorded": "载入.{0,6}(?:经营)?异常|恢复记载|(?:被|予以|决定)载入",
    "marked": "标记|恢复正常记载",
    "listed": "(?:列入|移出).{0,6}经营异常名录",
}
_OF_FILES = {"recorded": "载入|恢复记载", "marked": "标记|恢复正常"}


def abnormal_listings(batch: Batch) -> pl.DataFrame:
    """The batch's rows as listings, rejected ones included."""
    party = read_party(batch)
    listed, removed = date_of(batch, "listed_on"), date_of(batch, "removed_on")
    reason, ended = batch.text("reason"), batch.text("removal_reason")
    annulled = first(date_of(batch, "annulled_on"), date_of(batch, "annulled_day"))
    annulment = first(batch.text("annulment"), batch.text("annulled_why"))
    require(batch, "listed_on", listed, removed, reason, ended, annulled, annulment)
    batch.issue(removed < listed, "removed_on", Code.DATES_DISAGREE)
    code = read_or_name(batch, "reason", codes.abnormal_reason, Code.UNKNOWN_REASON)
    regime = _regimes(batch, party)
    read = {
        "record_id": _ids(batch, party, listed, first(removed, annulled), first(code, batch.mapped(reason, fold))),
        **party.columns,
        "regime": regime,
        "mark": regime == "marked",
        "reason_code": code,
        "listed_on": listed,
        "removed_on": removed,
        "annulled_on": annulled,
        "annulled": first(batch.mapped(ended, is_annulled, pl.Boolean), batch.mapped(annulment, _says_so, pl.Boolean)),
    }
    return as_table(batch, ABNORMAL_LISTINGS, read)


def _says_so(_: str) -> bool:
    """A reason why a listing was annulled says that it was."""
    return True


def _ids(batch: Batch, party: Party, listed: pl.Series, removed: pl.Series, reason: pl.Series) -> pl.Series:
    """Party, date of listing and reason; a removal (or annulment) that does not say when the party was listed has an
    own key."""
    alone = listed.is_null() & batch.text("reason").is_null()
    by_listing = record_ids("A", party.key, listed, reason)
    if not alone.any():
        return by_listing
    by_removal = record_ids("A", party.key, pl.Series(["移出"] * len(removed)), removed)
    return first(by_listing.set(alone, None), by_removal)


def _regimes(batch: Batch, party: Party) -> pl.Series:
    """`listed`, `recorded` or `marked`: by the words of the row, of the file, else by whom it is about."""
    own = said_by_rows(batch, ("reason", "removal_reason", "list_basis"), _OF_ROWS)
    whole = said_by_file(batch, _OF_FILES)
    if whole:
        return first(own, pl.repeat(whole, batch.frame.height, dtype=pl.String, eager=True))
    kind = kinds(batch, party.columns["party_uscc"], party.columns["party_name"])
    told = [batch.text(name).str.contains("个体工商户").fill_null(False) for name in ("reason", "removal_reason")]
    shop = (kind == "个体工商户").fill_null(False) | told[0] | told[1]
    by_kind = pl.select(pl.when(pl.lit(shop)).then(pl.lit("marked")).otherwise(pl.lit("listed"))).to_series()
    return first(own, by_kind)


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
            "标记经营异常状态原因", "标记原因", "标记为经营异常状态原因", "标记异常原因", "载入经营异常名录原因",
            "载入原因", "载入事由", "载入经营异常名录事由", "载入异常名录原因", "speCause", "reason",
        ),
        "listed_on": (
            "列入日期", "abntime", "列入时间", "列入经营异常名录日期", "列入经营异常名录时间", "列异日期", "列异时间",
            "列入异常名录日期", "列入异常日期", "标记日期", "标记时间", "标记经营异常状态日期",
            "标记为经营异常状态日期", "异常日期", "载入日期", "载入时间", "载入经营异常名录日期",
            "载入经营异常名录时间", "载入异常名录日期", "listed_on",
        ),
        "listed_by": (
            "作出决定机关(列入)", "decOrg_CN", "列入机关", "列入决定机关", "作出列入决定机关", "列入作出决定机关",
            "作出决定机关", "标记机关", "列异机关", "决定机关", "列入决定机关名称", "作出列入决定机关名称",
            "标记决定机关", "载入机关", "载入决定机关", "作出载入决定机关", "作出决定机关(载入)", "decOrg",
        ),
        "list_doc_no": (
            "列入决定书文号", "列入文号", "列入决定文号", "列异文号", "列入决定书编号", "决定书文号", "文号",
            "载入决定书文号", "载入文号", "载入决定文号", "标记决定书文号", "标记文号",
        ),
        "list_basis": ("列入依据", "法律依据", "载入依据", "标记依据", "列入法律依据", "载入法律依据"),
        "report_year": ("未报年度", "年报年度", "未报年报年度", "未年报年度", "年度报告年度"),
        "removed_on": (
            "移出日期", "remDate", "移出时间", "移出经营异常名录日期", "移出经营异常名录时间", "移异日期", "恢复日期",
            "恢复正常记载状态日期", "恢复正常日期", "恢复时间", "恢复记载日期", "恢复记载时间",
            "恢复记载于商事登记簿日期", "恢复记载于商事登记簿时间", "removed_on",
        ),
        "removal_reason": (
            "移出经营异常名录原因", "remExcpRes_CN", "移出原因", "移出事由", "移出经营异常名录事由", "移异原因",
            "恢复原因", "恢复正常记载状态原因", "恢复正常原因", "恢复记载原因", "恢复记载事由",
            "恢复记载于商事登记簿原因", "remExcpRes",
        ),
        "removed_by": (
            "作出决定机关(移出)", "reDecOrg_CN", "移出机关", "移出决定机关", "作出移出决定机关", "移出作出决定机关",
            "恢复机关", "恢复决定机关", "移异机关", "恢复记载机关", "恢复记载决定机关", "作出恢复记载决定机关",
            "作出决定机关(恢复记载)", "reDecOrg",
        ),
        "removal_doc_no": (
            "移出决定书文号", "移出文号", "移出决定文号", "移异文号", "移出决定书编号", "恢复记载决定书文号",
            "恢复记载文号", "恢复文号", "恢复决定书文号",
        ),
        "annulled_on": (
            "撤销列入日期", "撤销列入时间", "撤销载入日期", "撤销标记日期", "撤销列入决定日期", "撤销载入时间",
            "撤销标记时间", "撤销列入经营异常名录日期", "撤销载入决定日期", "撤销标记决定日期",
        ),
        "annulment": (
            "撤销列入原因", "撤销载入原因", "撤销标记原因", "撤销列入事由", "撤销载入事由", "撤销标记事由",
            "撤销列入经营异常名录原因",
        ),
        "annulled_day": ("撤销日期", "撤销时间"),
        "annulled_why": ("撤销原因",),
    },
    required=(PARTY, ("listed_on", "removed_on", "reason", "removal_reason", "annulled_on", "annulment")),
    marks=(
        "reason", "listed_on", "removed_on", "removal_reason", "listed_by", "removed_by", "annulled_on", "annulment",
    ),
    words="经营异常|异常名录|列异",
    seconds={"listed_by": "removed_by"},
    ignored=(
        "busExcList", "列入记录ID", "pripid", "主体身份代码", "序号", "编号", "id",
    ),
)  # fmt: skip
