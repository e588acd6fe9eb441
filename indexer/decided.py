"""Penalties of which only the decision's full text was published: made from the text, until a list has them.

A penalty is made only where number, day, party and content of a decision were all read, and no record of a list bears
its number, office and party. It has the origin of its document, and what the text does not say stays unknown. A list
that has the same penalty later is believed instead: where it has the same key its row is merged over this one, and
where it has another (a code that the text does not give) this one goes.

What is made is a function of the other rows of the lake, so it is made anew whenever one of them changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from indexer.belonging import DOCUMENTS, pairs_of
from indexer.canonical.party import record_ids
from indexer.kinds.penalty import PENALTIES, procedure_by_number
from indexer.lake import Snapshot, scan_files, write_file
from indexer.merge import Merged
from xincha.text import codes, decision, money
from xincha.text.doc_no import doc_no_key

_PARTY = ("party_uscc", "party_reg_no", "party_name_key")
_WHENCE = ("source_file", "source_row", "loaded_at")
_MONEY = pl.Decimal(20, 2)
_OF_LOAD = ("batch_id", "loaded_at")
"""What differs from load to load and says nothing of a penalty."""


def settle(merged: dict[str, Merged], before: Snapshot, batch_id: str, path: Callable[[], Path]) -> None:
    """Make the penalties that a lake has after a load only by their documents, and remove those that a list has now.

    `merged` is changed, by table; `path` gives new file names.
    """
    if not {DOCUMENTS.name, PENALTIES.name} & merged.keys():
        return
    documents = scan_files(DOCUMENTS.name, _files(DOCUMENTS.name, merged, before)).collect()
    if documents.is_empty():
        return
    files = _files(PENALTIES.name, merged, before)
    whence = documents.select(*_WHENCE).unique()
    is_made = pl.col("made").fill_null(False)
    known = scan_files(PENALTIES.name, files).join(whence.lazy().with_columns(made=True), on=_WHENCE, how="left")
    made = known.filter(is_made).drop("made").collect()
    listed = known.filter(~is_made).select("record_id", "party_name", *_PARTY, number="doc_no", office="authority")
    wanted = _made_of(documents, listed.collect(), batch_id)
    if _says(made) == _says(wanted):
        return
    outcome = merged.setdefault(PENALTIES.name, Merged())
    _without(made, files, outcome, path)
    if wanted.height:
        outcome.add.append(write_file(wanted, path()))


def _files(name: str, merged: dict[str, Merged], before: Snapshot) -> list[Path]:
    """The files that a table has after this load."""
    outcome = merged.get(name, Merged())
    return [*(file for file in before.files(name) if file not in outcome.remove), *outcome.add]


def _made_of(documents: pl.DataFrame, listed: pl.DataFrame, batch_id: str) -> pl.DataFrame:
    """The rows of penalties that decisions alone tell of, one for each key."""
    read = documents.filter(
        pl.col("document_kind").is_in(decision.ON_PENALTIES),
        pl.all_horizontal(pl.col(name).is_not_null() for name in ("doc_no", "decided_on", "content", "authority")),
        pl.any_horizontal(pl.col(name).is_not_null() for name in _PARTY),
    )
    numbered = read.select("record_id", "party_name", *_PARTY, "text", number="doc_no", office="authority")
    has_one = pairs_of(numbered, listed.drop_nulls(["number", "office"]))["record_id"]
    read = read.filter(~pl.col("record_id").is_in(has_one.implode()))
    content = read["content"].to_list()
    numbers = read["doc_no"].to_list()
    key = read.select(pl.coalesce(_PARTY)).to_series(), pl.Series(map(doc_no_key, numbers), dtype=pl.String)
    own, with_office = record_ids("P", *key), record_ids("P", *key, read["authority"])
    of_another_office = own.is_in(listed["record_id"].implode())
    row = read.with_columns(
        own.zip_with(~of_another_office, with_office).alias("record_id"),
        pl.Series("penalty_types", [codes.penalty_types(text) or None for text in content], pl.List(pl.String)),
        pl.Series("fine_cny", [money.fine_in(text) for text in content], _MONEY),
        pl.Series("confiscated_cny", [money.confiscated_in(text) for text in content], _MONEY),
        pl.Series("procedure", [procedure_by_number(number) for number in numbers], pl.String),
        batch_id=pl.lit(batch_id),
        source=pl.lit(None, pl.String),
        carried=pl.lit(None),
    )
    schema = PENALTIES.schema
    columns = [pl.col(name) if name in row.columns else pl.lit(None).alias(name) for name in schema]
    whole = row.select(columns).cast(dict(schema))  # type: ignore[arg-type]
    return whole.unique("record_id", keep="first", maintain_order=True).sort("record_id")


def _says(rows: pl.DataFrame) -> list[dict[str, object]]:
    return rows.drop(*_OF_LOAD).sort("record_id").to_dicts()


def _without(made: pl.DataFrame, files: Sequence[Path], outcome: Merged, path: Callable[[], Path]) -> None:
    """Take rows out of the files that hold them."""
    is_made = pl.col("record_id").is_in(made["record_id"].implode())
    for file in files if made.height else ():
        rows = scan_files(PENALTIES.name, [file]).collect()
        rest = rows.filter(~is_made)
        if rest.height == rows.height:
            continue
        if file in outcome.add:
            outcome.add.remove(file)
        else:
            outcome.remove.append(file)
        if rest.height:
            outcome.add.append(write_file(rest, path()))
