"""Records: what the law says of each (`judge`), what an entity's document tells of them (`briefs`), their documents.

`judge` makes of every record one row of `JUDGED`. Whether a record may be shown *today* is decided by these dates at
query time (`xincha.rules.publicity` says how they come about). Listings and checks, of whose publication no end is
regulated, are public without end from the day they happened; without a date, from the day they were loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from indexer import stored, tables
from indexer.documents import Document, lineage, put
from indexer.prepare import Slice
from xincha.days import FOREVER
from xincha.engine.fields import tie
from xincha.rules.publicity import penalty_window
from xincha.text import codes, tokens
from xincha.text.doc_no import doc_no_key
from xincha.text.fold import fold
from xincha.text.names import name_key

KINDS: Mapping[str, str] = {"penalties": "penalty", "abnormal_listings": "abnormal", "spot_checks": "spot_check"}

Row = Mapping[str, Any]

JUDGED: Any = {
    "record_id": pl.String,
    "kind": pl.String,  # as index and API call it
    "happened_on": pl.Date,
    "ended_on": pl.Date,  # removed from a list
    "public_from": pl.Date,
    "public_until": pl.Date,
    "withheld": pl.String,  # why it is never shown; null where it may be
    "rule": pl.String,
    "state": pl.String,  # listed, removed; found, clear
    "fine_cny": pl.Float64,
}


def judge(part: Slice) -> pl.DataFrame:
    """`JUDGED` of the rows of a slice."""
    judged = [_JUDGES[part.table](row) for row in part.read().iter_rows(named=True)]
    return pl.DataFrame(judged, schema=JUDGED, orient="row")


def _penalty(row: Row) -> tuple[object, ...]:
    window = penalty_window(row)
    begin = window.public_from or row["loaded_at"].date()
    fine = None if row["fine_cny"] is None else float(row["fine_cny"])
    until, withheld = window.public_until, window.withheld or None
    return row["record_id"], "penalty", row["decided_on"], None, begin, until, withheld, window.rule, None, fine


_REMOVAL = ("removed_on", "removal_reason", "removal_doc_no", "removed_by")
"""Any of these says that a listing has ended; without a date it is not known when."""


def _listing(row: Row) -> tuple[object, ...]:
    begin = row["listed_on"] or row["removed_on"] or row["loaded_at"].date()
    state = "removed" if any(row[name] for name in _REMOVAL) else "listed"
    return row["record_id"], "abnormal", row["listed_on"], row["removed_on"], begin, FOREVER, None, None, state, None


def _check(row: Row) -> tuple[object, ...]:
    begin = row["checked_on"] or row["loaded_at"].date()
    return (
        row["record_id"], "spot_check", row["checked_on"], None, begin, FOREVER, None, None,
        _finding(row["result_codes"]), None,
    )  # fmt: skip


def _finding(result_codes: list[str | None] | None) -> str | None:
    """Whether a check found something; None where a result is on neither official list, or says neither."""
    adverse = [codes.SPOT_CHECK_RESULTS[code][1] if code else None for code in result_codes or ()]
    if any(adverse):
        return "found"
    return "clear" if adverse and None not in adverse else None


_JUDGES: Mapping[str, Callable[[Row], tuple[object, ...]]] = {
    "penalties": _penalty,
    "abnormal_listings": _listing,
    "spot_checks": _check,
}


def briefs(judged: pl.DataFrame) -> pl.DataFrame:
    """`JUDGED` rows with `entity_id` → one row per entity, as its document needs it.

    `records`: in brief, newest first. `has`, `penalty_until`, `abnormal_until`: of what may be shown at some time;
    `abnormal_until` is the last day on a list, 9999-12-31 while it is on one.
    """
    shown = pl.col("withheld").is_null()
    listed_until = (
        pl.when(pl.col("kind") == "abnormal")
        .then(pl.when(pl.col("state") == "listed").then(pl.lit(FOREVER)).otherwise(_day_before("ended_on")))
    )  # fmt: skip
    brief = pl.struct(
        "kind",
        pl.col("public_from").alias("from"),
        id="record_id",
        on="happened_on",
        until="public_until",
        ended_on="ended_on",
        withheld="withheld",
        state="state",
        adverse=pl.when(pl.col("kind") == "spot_check").then(pl.col("state") == "found").otherwise(pl.lit(True)),
        fine_cny="fine_cny",
    )
    return (
        judged.sort("happened_on", "record_id", descending=True, nulls_last=True)
        .with_columns(listed_until=listed_until)
        .group_by("entity_id", maintain_order=True)
        .agg(
            records=brief,
            has=pl.col("kind").filter(shown).unique().sort(),
            penalty_until=pl.col("public_until").filter(shown & (pl.col("kind") == "penalty")).max(),
            abnormal_until=pl.col("listed_until").max(),
        )
    )


def _day_before(name: str) -> pl.Expr:
    return pl.col(name) - timedelta(days=1)


_TEXTS: Mapping[str, tuple[str, ...]] = {
    "penalties": ("violation", "facts", "basis", "content", "licence"),
    "abnormal_listings": ("reason", "removal_reason"),
    "spot_checks": ("plan_name", "task_name", "items", "results"),
}
_NUMBERS: Mapping[str, tuple[str, ...]] = {
    "penalties": ("doc_no",),
    "abnormal_listings": ("list_doc_no", "removal_doc_no"),
    "spot_checks": ("plan_no", "task_no"),
}
_CATEGORY: Mapping[str, str] = {
    "penalties": "penalty_types",
    "abnormal_listings": "reason_code",
    "spot_checks": "result_codes",
}
_LINKED = ("entity_id", "entity_name", "link_rule", "candidates")
_JUDGED = ("happened_on", "public_from", "public_until", "withheld", "rule", "state")


def record_documents(part: Slice, linked: pl.DataFrame) -> list[Document]:
    """`linked`: `JUDGED` of these records with `entity_id, entity_name, link_rule, candidates, entity_region_code`."""
    rows = part.read().join(linked, on="record_id", how="left", maintain_order="left", suffix=":judged")
    table = next(table for table in tables.RECORD_TABLES if table.name == part.table)
    published = [name for name in table.columns if name not in ("record_id", "party_name_key")]
    json = stored.stored(
        rows,
        ["record_id", "kind", *_LINKED, *stored.plain(published, table.schema), *_JUDGED, stored.origin()],
    )
    documents: list[Document] = [
        {"id": identifier, "tie": tie(identifier), "source": source}
        for identifier, source in zip(rows["record_id"], json, strict=True)
    ]
    for name in (
        "kind",
        "entity_id",
        "link_rule",
        "state",
        "happened_on",
        "ended_on",
        "public_from",
        "public_until",
        "withheld",
    ):
        put(documents, name, rows[name])
    put(documents, "uscc", rows["party_uscc"])
    put(documents, "name_key", rows["party_name"], name_key)
    put(documents, "name_2", rows["party_name"], lambda name: tokens.bigrams(fold(name)))
    put(documents, "authority", rows["listed_by" if part.table == "abnormal_listings" else "authority"])
    put(documents, "region", rows.select(pl.coalesce("party_region_code", "entity_region_code")).to_series(), lineage)
    put(documents, "category", _listed(rows, _CATEGORY[part.table]))
    put(documents, "doc_no", rows.select(pl.concat_list(_NUMBERS[part.table])).to_series(), _numbers)
    _put_texts(documents, rows.select(_TEXTS[part.table]))
    for name in ("fine_cny", "confiscated_cny"):
        if name in table.columns:
            put(documents, name, rows[name].cast(pl.Float64))
    return documents


def _listed(rows: pl.DataFrame, name: str) -> pl.Series:
    """A column's values without repetition, as lists, nulls left out."""
    values = rows.select(name if rows[name].dtype == pl.List else pl.concat_list(name)).to_series()
    return values.list.drop_nulls().list.unique(maintain_order=True)


def _numbers(numbers: list[str | None]) -> list[str]:
    return [key for key in dict.fromkeys(doc_no_key(number) for number in numbers if number) if key]


def _put_texts(documents: list[Document], rows: pl.DataFrame) -> None:
    """Words and characters of all texts; a bar keeps phrases from running out of one text into the next."""
    for document, row in zip(documents, rows.iter_rows(), strict=True):
        parts = [part for value in row for part in (value if isinstance(value, list) else [value]) if part]
        if parts:
            document["text_word"] = " ".join(filter(None, map(tokens.words, parts)))
            document["text_1"] = " | ".join(filter(None, (tokens.chars(fold(part)) for part in parts)))
