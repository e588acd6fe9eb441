"""Records that are absent from a complete delivery of their source: they get `gone_on`, and are shown no more.

A later row of such a record, in whatever delivery, clears it (`indexer.merge_rows`). The facts stay in the lake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from indexer.delivery import Delivery
from indexer.lake import Snapshot, scan_files, write_file
from indexer.merge import Merged
from indexer.report import GoneReport
from indexer.tables import KIND_OF, Table
from xincha.errors import GoneTooMany, SourceError


@dataclass(frozen=True, slots=True)
class Gone:
    """What a complete delivery comes to for one table: the keys of the records that are no longer in it."""

    table: Table
    delivery: Delivery
    keys: pl.Series
    report: GoneReport


def absent(before: Snapshot, delivery: Delivery, table: Table, staged: Sequence[Path]) -> Gone:
    """`staged`: all rows of the load in this table. Of the lake's rows of the source those whose key is not there."""
    source = pl.lit(delivery.source or None, pl.String)
    own = before.scan(table.name).filter(pl.col("source").eq_missing(source)).select(table.key, "gone_on").collect()
    there = pl.concat([pl.Series(table.key, [], pl.String), *(pl.read_parquet(each)[table.key] for each in staged)])
    is_there = pl.col(table.key).is_in(there.implode())
    gone = own.filter(pl.col("gone_on").is_null() & ~is_there)[table.key]
    report = GoneReport(
        delivery.source,
        KIND_OF[table.name].name,
        delivery.day,
        len(gone),
        own["gone_on"].null_count(),
        own.filter(pl.col("gone_on").is_not_null() & is_there).height,
    )
    return Gone(table, delivery, gone, report)


def refuse_many(gone: Iterable[Gone], percent: float) -> None:
    """Raise `GoneTooMany` where more of a source's records would go at once than `percent` of those it has."""
    many = [each.report for each in gone if each.report.gone * 100 > percent * each.report.of]
    if not many:
        return
    told = "; ".join(
        f"{each.gone:,} of the {each.of:,} records of kind {each.kind} of {named(each.source)} "
        f"({each.gone / each.of:.1%}) are not in it"
        for each in many
    )
    raise GoneTooMany(
        f"this complete delivery lacks more than {percent:g} % of what its source had (XINCHA_GONE_PERCENT), and "
        f"nothing was loaded: {told}. Look whether its files are whole, and all there; if they are only what is new, "
        "load them with --delivery increment; if they are of another source, name it with --source; if all this is "
        "really published no more, load them again with --accept-gone"
    )


def refuse_older(deliveries: Iterable[tuple[str, Delivery]], known: Iterable[GoneReport]) -> None:
    """Raise `SourceError` for a complete delivery (of a kind) that tells of an earlier day than one loaded before."""
    newest: dict[tuple[str, str], date] = {}
    for each in known:
        key = each.source, each.kind
        newest[key] = max(each.day, newest.get(key, each.day))
    for kind, delivery in deliveries:
        last = newest.get((delivery.source, kind), delivery.day)
        if delivery.day < last:
            raise SourceError(
                f"the complete delivery of {last} of {named(delivery.source)} (kind {kind}) is loaded already, and "
                f"this one is of {delivery.day}: what came between would be taken away. Nothing was loaded; load it "
                "with --delivery increment"
            )


def mark(gone: Gone, outcome: Merged, before: Snapshot, batch_id: str, path: Callable[[], Path]) -> None:
    """Write `gone_on` into the files that the table has after this load, as far as a record of theirs is gone.

    `outcome` is changed; `path` gives new file names.
    """
    if gone.keys.is_empty():
        return
    table, is_gone = gone.table, pl.col(gone.table.key).is_in(gone.keys.implode())
    kept = [file for file in before.files(table.name) if file not in outcome.remove]
    for file in (*kept, *outcome.add[:]):
        scan = scan_files(table.name, [file])
        if not scan.select(is_gone.any()).collect().item():
            continue
        rows = scan.collect().with_columns(
            gone_on=pl.when(is_gone).then(pl.lit(gone.delivery.day)).otherwise("gone_on"),
            batch_id=pl.when(is_gone).then(pl.lit(batch_id)).otherwise("batch_id"),
        )
        if file in outcome.add:
            outcome.add.remove(file)
        else:
            outcome.remove.append(file)
        outcome.add.append(write_file(rows, path()))


def named(source: str) -> str:
    """A source as messages call it."""
    return f"source {source}" if source else "the source without a name"
