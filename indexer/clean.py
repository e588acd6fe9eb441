"""Personal data whose publication is over leaves the lake: blanked in its rows, then gone from its files.

What has lost its purpose is deleted (个人信息保护法 article 47). Of records about natural persons, whose publication
ended more than `expired_personal_days` ago, everything that names or describes the person is blanked: name, codes,
representative, and all texts; day, office, kind, amounts and number stay, so that they are counted. Of records about
entities that goes which names a person beside them (facts that stand on one page alone). What the lake's history and
findings say of these rows goes too. Of a record that could not be read nobody knows whom it names, nor when its
publication ends: what `rejects` quote of records is blanked as many days after their load.

Then only the present state is kept: earlier versions of all tables, by which Delta could go back, are removed with
their files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import polars as pl

from indexer import link as links
from indexer.kinds.registration import REGISTRATION
from indexer.lake import LEAVES, Lake, Writing, faults_named, scan_files, write_file
from indexer.logged import Loads
from indexer.persons import persons_of
from indexer.report import CleanReport
from indexer.tables import KIND_OF, RECORD_TABLES, Table, table_of
from xincha.days import CHINA, FOREVER, today
from xincha.kinds.kind import COUNTERPARTY, PARTY, Kind, Row
from xincha.rules.window import Policy, unless_gone
from xincha.settings import Settings

_KEPT = ("party_kind", "party_region_code")
"""What is said of a party and does not tell who it is."""


def clean(settings: Settings, *, day: date | None = None) -> CleanReport:
    """Blank expired personal data in the lake of `settings`, and remove what is left of it in earlier states.

    Raises `LakeBusy`, `LakeError`, `StorageError`: then run it again, which does what is left.
    """
    lake = Lake(settings.lake)
    before, loads = (day or today()) - timedelta(days=settings.expired_personal_days), Loads.of(settings)
    with faults_named(settings.lake), lake.writing() as writing:
        report = _Clean(writing, settings.policy, before).run()
        writing.forget_earlier()
    loads.log(lake)
    return report


@dataclass(frozen=True, slots=True)
class _Clean:
    """One cleaning on its way. What had ended on `before` or earlier is blanked."""

    writing: Writing
    policy: Policy
    before: date

    def run(self) -> CleanReport:
        """Blank, and complete it as a load of nothing."""
        ends = self._ends_of_texts()
        blanked = {KIND_OF[table.name].name: self._blank(table, ends) for table in RECORD_TABLES}
        rows = pl.concat(blanked.values())
        rejects = self._blank_rejects()
        if rows.is_empty() and not rejects:
            return CleanReport({})
        if rows.height:
            self._forget(rows)
            self._link()
        self.writing.finish({"files": [], "seconds": "{}", "program": version("xincha")})
        return CleanReport({kind: each.height for kind, each in blanked.items() if each.height}, rejects)

    def _blank_rejects(self) -> int:
        """Blank the text of rejected rows of loads that are old enough; how many there were."""
        day = pl.col("finished_at").dt.offset_by("8h").dt.date()  # in China
        old = self.writing.lake.ledger().filter(day <= self.before).select("batch_id", "files")
        files = old.explode("files").drop_nulls("files").unnest("files")
        of_records = files.filter(pl.col("kind") != REGISTRATION.kind)
        places = of_records.select("batch_id", source_file="file", quoted=pl.lit(True)).unique()
        at = ["batch_id", "source_file"]
        quoted = self.writing.before.scan("rejects").filter(pl.col("raw").is_not_null())
        count = int(quoted.join(places.lazy(), on=at, how="semi").select(pl.len()).collect().item())
        if count:
            self._rewrite("rejects", lambda found: _without_raw(found, places, at))
        return count

    def _ends_of_texts(self) -> Mapping[str, date]:
        """Of each document that is the text of records: the last day on which all of them were public."""
        pairs = self.writing.before.scan("links").select("record_id", of_id="of_ids").collect().explode("of_id")
        pairs = pairs.drop_nulls()
        of = pl.col("record_id").is_in(pairs["of_id"].implode())
        ended: dict[str, date] = {}
        for table in RECORD_TABLES if pairs.height else ():
            rows = self.writing.before.scan(table.name).filter(of).collect()
            for row in rows.iter_rows(named=True):
                ended[row["record_id"]] = self._ended_on(row, KIND_OF[table.name]) or FOREVER
        grouped = pairs.group_by("record_id").agg("of_id").iter_rows()
        return {document: min(ended.get(each, FOREVER) for each in of_ids) for document, of_ids in grouped}

    def _blank(self, table: Table, ends: Mapping[str, date]) -> pl.DataFrame:
        """Blank the rows of a table that have to be; their place as in `_PLACE`. `ends`: of documents with a record."""
        links = self.writing.before.scan("links").select("record_id", "entity_id").collect()
        add: list[Path] = []
        remove: list[Path] = []
        done = [pl.DataFrame(schema=_PLACE)]
        for file in self.writing.before.files(table.name):
            rows = scan_files(table.name, [file]).collect()
            linked = rows.join(links, on="record_id", how="left", maintain_order="left")
            whole, touched = self._blanked(linked, KIND_OF[table.name], ends)
            if not touched.any():
                continue
            add.append(write_file(whole.select(*table.schema), self.writing.path()))
            remove.append(file)
            done.append(rows.filter(touched).select(pl.col("record_id").alias("key"), *_ORIGIN))
            carried = rows.filter(touched).select(key="record_id", fact="carried").explode("fact").drop_nulls()
            done.append(carried.unnest("fact").select(*_PLACE))
        self.writing.commit(table.name, add, remove)
        return pl.concat(done)

    def _blanked(self, rows: pl.DataFrame, kind: Kind, ends: Mapping[str, date]) -> tuple[pl.DataFrame, pl.Series]:
        """Rows of a kind, blanked where they have to be, and which of them were filled there."""
        ended = [ends.get(row["record_id"]) or self._ended_on(row, kind) for row in rows.iter_rows(named=True)]
        expired = pl.Series([day is not None and day <= self.before for day in ended], dtype=pl.Boolean)
        known, perhaps = persons_of(rows, kind)
        touched = pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True)
        for names, at in (_names(kind), expired & (known | perhaps)), (_beside(kind), expired):
            if names:
                touched |= at & rows.select(pl.any_horizontal(pl.col(name).is_not_null() for name in names)).to_series()
                rows = rows.with_columns(pl.when(~at).then(name).alias(name) for name in names)
        batch = pl.when(touched).then(pl.lit(self.writing.batch_id)).otherwise("batch_id")
        return rows.with_columns(batch_id=batch), touched

    def _ended_on(self, row: Row, kind: Kind) -> date | None:
        """The last day of a record's publication; of one that was never to be shown the day on which it was known."""
        gone_on: date | None = row["gone_on"]
        window = unless_gone(kind.window(row, self.policy), gone_on)
        if window.withheld:
            known: date = gone_on or row.get("repaired_on") or row["loaded_at"].astimezone(CHINA).date()
            return known
        return window.public_until

    def _forget(self, rows: pl.DataFrame) -> None:
        """Remove what history says of blanked rows, the salts of what they were, and what findings quote of them."""
        keys = rows["key"].unique().implode()
        self._rewrite("changes", lambda found: found.filter(~pl.col("key").is_in(keys)))
        self._rewrite(LEAVES, lambda found: found.with_columns(salt=pl.when(~pl.col("key").is_in(keys)).then("salt")))
        places = rows.select(*_ORIGIN, quoted=pl.lit(True)).unique()
        self._rewrite("issues", lambda found: _without_raw(found, places, _ORIGIN))

    def _rewrite(self, name: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
        """Change a table file by file, as far as that makes a difference."""
        add, remove = [], []
        for file in self.writing.before.files(name):
            old = scan_files(name, [file]).collect()
            new = change(old).select(old.columns)
            if not new.equals(old):
                remove.append(file)
                add += [write_file(new, self.writing.path())] if new.height else []
        self.writing.commit(name, add, remove)

    def _link(self) -> None:
        """Link all records anew: the blanked ones to nobody."""
        after = self.writing.after()
        linked = links.of_lake(after.scan)
        old = self.writing.before.files("links")
        self.writing.commit("links", [write_file(linked, self.writing.path())], old)


_ORIGIN = ("source_file", "source_row")
_PLACE = {"key": pl.String, "source_file": pl.String, "source_row": pl.Int64}


def _without_raw(findings: pl.DataFrame, places: pl.DataFrame, at: Sequence[str]) -> pl.DataFrame:
    """Findings without the texts that they quote of `places`, which are named by the columns `at` and `quoted`."""
    joined = findings.join(places, on=list(at), how="left", maintain_order="left")
    return joined.with_columns(pl.when(pl.col("quoted").is_null()).then("raw").alias("raw"))


def _names(kind: Kind) -> list[str]:
    """The columns that name or describe the party of a record."""
    party = [fact.name for fact in (*PARTY, *COUNTERPARTY) if fact.name not in _KEPT]
    texts = [fact.name for fact in kind.own if fact.prose or fact.searched]
    return [name for name in (*party, *texts) if name in table_of(kind).columns]


def _beside(kind: Kind) -> list[str]:
    """The columns that name persons beside the party; full texts name witnesses and employees."""
    return [fact.name for fact in kind.own if fact.in_lake and (fact.shown == "page" or fact.lines_kept or fact.person)]
