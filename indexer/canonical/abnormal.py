"""Lists of abnormal operation → `abnormal_listings`."""

from __future__ import annotations

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first, kinds
from indexer.canonical.party import Party, dates_in_order, read_party, record_ids, require
from indexer.canonical.values import date_of
from indexer.findings import Code
from indexer.tables import ABNORMAL_LISTINGS
from xincha.text import codes
from xincha.text.fold import fold

_MARKED = "标记|恢复正常记载|个体工商户"


def abnormal_listings(batch: Batch) -> pl.DataFrame:
    """The batch's rows as listings, rejected ones included."""
    party = read_party(batch, "listed_by")
    listed, removed = date_of(batch, "listed_on"), date_of(batch, "removed_on")
    reason, removal = batch.text("reason"), batch.text("removal_reason")
    require(batch, "listed_on", listed, removed, reason, removal)
    dates_in_order(batch, "removed_on", listed, removed)
    code = _reason_codes(batch)
    return pl.DataFrame(
        {
            "record_id": _ids(batch, party, listed, removed, first(code, batch.mapped(reason, fold))),
            **party.columns,
            "mark": _marks(batch, party),
            "reason": reason,
            "reason_code": code,
            "listed_on": listed,
            "listed_by": batch.text("listed_by"),
            "list_doc_no": batch.text("list_doc_no"),
            "removed_on": removed,
            "removal_reason": removal,
            "removed_by": batch.text("removed_by"),
            "removal_doc_no": batch.text("removal_doc_no"),
        },
        schema=dict(ABNORMAL_LISTINGS.columns),
    )


def _ids(batch: Batch, party: Party, listed: pl.Series, removed: pl.Series, reason: pl.Series) -> pl.Series:
    """Party, date of listing and reason; a removal that does not say when the party was listed has an own key."""
    alone = listed.is_null() & batch.text("reason").is_null()
    by_listing = record_ids("A", party.key, listed, reason)
    if not alone.any():
        return by_listing
    by_removal = record_ids("A", party.key, pl.Series(["移出"] * len(removed)), removed)
    return first(by_listing.set(alone, None), by_removal)


def _reason_codes(batch: Batch) -> pl.Series:
    published = batch.text("reason")
    found = batch.mapped(published, codes.abnormal_reason)
    batch.issue(published.is_not_null() & found.is_null(), "reason", Code.UNKNOWN_REASON)
    return found


def _marks(batch: Batch, party: Party) -> pl.Series:
    """Whether the party is an individual business, which is marked and not listed: by its type or code, by the words of
    the reasons, or by those of the header."""
    header = " ".join(name for names in batch.layout.columns.values() for name in names)
    if "标记" in header and "列入" not in header:
        return batch.mask(True)
    kind = kinds(batch, party.uscc, party.name)
    words = [batch.text(name).str.contains(_MARKED).fill_null(False) for name in ("reason", "removal_reason")]
    return (kind == "个体工商户").fill_null(False) | words[0] | words[1]
