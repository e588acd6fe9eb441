"""Documents and the records whose text they are: by number and office, and shown as long as those.

A document belongs to the records that bear its number, given by its office (市监管局 and 市场监督管理局 are one, and so
are 思明区… and 厦门市思明区…), if their party is its own or is named in it: a joint decision has one record for each of
its parties. It is linked to whom they are linked to, and shown on no day on which one of them is not.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from indexer.findings import RAW_LENGTH, Code
from indexer.tables import KIND_OF, LINKS, RECORD_TABLES, table_of
from xincha.kinds.document import DOCUMENT
from xincha.kinds.notice import NOTICE
from xincha.text import money
from xincha.text.doc_no import doc_no_keys
from xincha.text.notices import LISTED
from xincha.text.offices import same_office

Scan = Callable[[str], pl.LazyFrame]
DOCUMENTS, NOTICES = table_of(DOCUMENT), table_of(NOTICE)
_PARTY = ("party_uscc", "party_reg_no", "party_name_key")
_NAMED = ("party_uscc", "party_name")
_IDS = pl.List(pl.String)
PAIRS = {"record_id": pl.String, "of_id": pl.String}


def pairs_of(documents: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """`PAIRS` of documents (`documents_of`) and the records, of any kind (`numbered`), that they are the text of."""
    keyed = [_keyed(frame) for frame in (documents, records)]
    met = keyed[0].join(keyed[1], on="key", suffix=":of").unique(["record_id", "record_id:of"], maintain_order=True)
    agreed = [same_office(*pair) for pair in met.select("office", "office:of").iter_rows()]
    met = met.filter(pl.Series(agreed, dtype=pl.Boolean))
    agrees = pl.any_horizontal((pl.col(name) == pl.col(f"{name}:of")).fill_null(False) for name in _PARTY)
    silent = pl.all_horizontal(pl.col(name).is_null() for name in _PARTY)
    named = pl.any_horizontal(
        pl.col("text").str.contains(pl.col(f"{name}:of"), literal=True).fill_null(False) for name in _NAMED
    )
    return met.filter(agrees | silent | named).select("record_id", of_id="record_id:of").sort("record_id", "of_id")


def numbered(scan: Scan, *, but: str = DOCUMENTS.name) -> pl.DataFrame:
    """Every number of a record that an office has given, with that office and the party: of all tables but one."""
    frames = [
        scan(table.name).select("record_id", "party_name", *_PARTY, number=fact.name, office=fact.office)
        for table in RECORD_TABLES
        if table.name != but and KIND_OF[table.name].party
        for fact in table.facts.values()
        if fact.office
    ]
    return pl.concat(frames).drop_nulls(["number", "office"]).collect()


def documents_of(scan: Scan) -> pl.DataFrame:
    """The documents, and the notices of listings, that have number and office, as `pairs_of` takes them."""
    told = {"number": "doc_no", "office": "authority"}
    documents = scan(DOCUMENTS.name).select("record_id", "party_name", *_PARTY, "text", **told)
    listed = scan(NOTICES.name).filter(pl.col("notice_kind") == LISTED)
    announced = listed.select("record_id", "party_name", *_PARTY, "text", **told)
    return pl.concat([documents, announced]).drop_nulls(["number", "office"]).collect()


def belong(links: pl.DataFrame, scan: Scan) -> pl.DataFrame:
    """Links (`tables.LINKS`) in which each document says to which records it belongs, and is linked as they are."""
    documents = documents_of(scan)
    if documents.is_empty():
        return links
    pairs = pairs_of(documents, numbered(scan))
    theirs = (
        pairs.join(links.drop("of_ids"), left_on="of_id", right_on="record_id", how="left")
        .join(links.select("record_id", own_id="entity_id"), on="record_id")
        .with_columns(rank=pl.col("entity_id").is_null().cast(pl.Int8) - (pl.col("entity_id") == pl.col("own_id")))
        .sort("record_id", "rank", "of_id")
    )
    entities = pl.concat_list("entity_id", pl.col("also_ids").fill_null([])).explode().drop_nulls()
    whole = theirs.group_by("record_id", maintain_order=True).agg(
        of_ids=pl.col("of_id").sort(),
        entities=entities.unique(maintain_order=True),
        rule=pl.col("rule").first(),
        candidates=pl.col("candidates").first(),
        name_differs=pl.col("name_differs").first(),
    )
    told = whole.select(
        "record_id",
        "of_ids",
        "rule",
        "candidates",
        "name_differs",
        entity_id=pl.col("entities").list.first(),
        also_ids=pl.when(pl.col("entities").list.len() > 1).then(pl.col("entities").list.slice(1)),
    )
    told = told.join(links.select("record_id", "table"), on="record_id", how="left", maintain_order="left").select(
        *LINKS
    )
    schema = pl.Schema(LINKS)
    rest = links.join(told, on="record_id", how="anti", maintain_order="left")
    return pl.concat([rest, told.cast(dict(schema))])  # type: ignore[arg-type]


def as_their_records(judged: pl.DataFrame, links: pl.DataFrame, held: frozenset[str] = frozenset()) -> pl.DataFrame:
    """Judged records (`indexer.records.JUDGED`) in which a document is shown when all that it belongs to are, for the
    reason of the one that ends first; without documents of what is held back."""
    of = links.select("record_id", of_id="of_ids").filter(pl.col("of_id").list.len() > 0).explode("of_id")
    if of.is_empty():
        return judged
    windows = ("public_from", "public_until", "withheld", "rule")
    theirs = (
        of.join(judged.select("record_id", *windows), left_on="of_id", right_on="record_id")
        .sort("public_until", "of_id")
        .group_by("record_id", maintain_order=True)
        .agg(
            pl.col("public_from").max(),
            pl.col("public_until").min(),
            pl.col("withheld").drop_nulls().first(),
            pl.coalesce(pl.col("rule").filter(pl.col("withheld").is_not_null()).first(), pl.col("rule").first()),
        )
    )
    gone = pl.col("withheld") == "gone"
    known = judged.join(theirs, on="record_id", how="left", maintain_order="left", suffix=":of")
    has_record = pl.col("public_until:of").is_not_null() & ~gone.fill_null(False)
    replaced = {name: pl.when(has_record).then(f"{name}:of").otherwise(name) for name in windows}
    of_held = of.filter(pl.col("of_id").is_in(pl.Series(sorted(held), dtype=pl.String).implode()))["record_id"]
    return known.with_columns(**replaced).select(judged.columns).filter(~pl.col("record_id").is_in(of_held.implode()))


def other_fines(links: pl.DataFrame, scan: Scan) -> pl.DataFrame:
    """Documents whose fine is another than that of the one penalty that they are the text of: `record_id`, `of_id`,
    `said` and `fine_cny`, and the row of each (`source_file`, `source_row`, `batch_id`; `of_batch` of the penalty)."""
    one = links.filter(pl.col("of_ids").list.len() == 1).select("record_id", of_id=pl.col("of_ids").list.first())
    fines = scan("penalties").select(of_id="record_id", fine_cny="fine_cny", of_batch="batch_id")
    documents = scan(DOCUMENTS.name).select("record_id", "content", "source_file", "source_row", "batch_id")
    met = documents.join(one.lazy(), on="record_id").join(fines, on="of_id").collect()
    said = pl.Series([money.fine_in(text) for text in met["content"]], dtype=pl.Decimal(20, 2))
    return met.with_columns(said=said).filter(pl.col("said") != pl.col("fine_cny"))


def conflicts(links: pl.DataFrame, before: pl.DataFrame, scan: Scan, batch_id: str) -> pl.DataFrame:
    """`tables.ISSUES` of documents whose fine is another than that of their record, as far as a load made them so."""
    known = before.select("record_id", known=pl.col("of_ids").list.first())
    of_load = (pl.col("batch_id") == batch_id) | (pl.col("of_batch") == batch_id)
    found = other_fines(links, scan).join(known, on="record_id", how="left")
    new = found.filter(of_load | pl.col("known").ne_missing(pl.col("of_id"))).sort("source_file", "source_row")
    code = Code.TEXT_CONFLICT
    return new.select(
        pl.lit(batch_id).alias("batch_id"),
        "source_file",
        "source_row",
        pl.lit(None, pl.Int64).alias("line"),
        pl.lit("text").alias("column"),
        pl.lit(code.value).alias("code"),
        pl.lit(code.message).alias("message"),
        pl.format("{} / {}", "said", "fine_cny").str.slice(0, RAW_LENGTH).alias("raw"),
    )


def _keyed(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows once for each number in their cell, by its key."""
    keys = pl.Series("key", [doc_no_keys(number) for number in frame["number"]], dtype=_IDS)
    return frame.drop("number").with_columns(keys).explode("key").filter(pl.col("key") != "")
