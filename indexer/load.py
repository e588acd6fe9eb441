"""Files → lake, all of it or nothing.

`load` reads every file (`indexer.stage`), merges by key (`indexer.merge`), commits table by table, and links the
records (`indexer.link`); the row of the ledger makes it happen (`indexer.lake`). An error before that, whichever,
leaves the lake as it was. Of every file: `rows_read == kept + merged + rejected`, or nothing is loaded.

A file whose content (SHA-256) an earlier load has read is not read again: its rows count as merged. It is read where it
is part of a complete delivery (`indexer.delivery`), for what is in it is there, or of a source of which it was not
before. Files are taken in the order given, those of a folder by name; of two rows with one key the later is the newer.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.metadata import version
from itertools import chain, count
from pathlib import Path

import polars as pl

from indexer import closing, decided, gone, workers
from indexer import link as links
from indexer.belonging import conflicts
from indexer.delivery import MANIFEST, Declared, Deliveries
from indexer.findings import count_by_code
from indexer.kept import keep
from indexer.lake import Lake, Writing, faults_named, scan_files, write_file
from indexer.link_report import least_certain, new_links
from indexer.logged import Loads
from indexer.merge import Merged, Merger
from indexer.pieces import Piece, gathered, write_piece
from indexer.read import Limits, RawTable, Skipped
from indexer.read.files import open_tables
from indexer.recognise import check_kind
from indexer.report import FileReport, FindingCount, GoneReport, LinkExample, LoadReport, Progress, Stage, silent, timed
from indexer.row_estimate import estimate_rows
from indexer.sheets import Sheets
from indexer.stage import Staged, Stager
from indexer.tables import DATA_TABLES, KIND_OF, LINKS, Table
from indexer.unread import Unread
from xincha.days import today
from xincha.errors import RejectsFound, XinchaError
from xincha.settings import Settings

TOP_CODES = 10

Content = tuple[str, int, str]
"""What makes two tables the same: the bytes of their file, their place in it, and the kind as which they are read."""

_NO_MORE = Declared()


def load(  # noqa: PLR0913 - options
    paths: Sequence[Path],
    settings: Settings,
    *,
    kind: str | None = None,
    strict: bool = False,
    declared: Declared = _NO_MORE,
    accept_gone: bool = False,
    progress: Progress | None = None,
) -> LoadReport:
    """Load files and folders into the lake of `settings`.

    `kind` names the kind instead of recognising it by its columns; `strict` turns any reject into `RejectsFound`.
    `declared`: of what delivery all of them are, before what a file beside them says. `accept_gone`: any number of
    records may be absent from a complete one. Raises `SourceError` (a file cannot be loaded), `BadParameter`,
    `RejectsFound`, `GoneTooMany`, `LakeBusy`, `LakeError`: then nothing has changed.
    """
    if kind is not None:
        check_kind(kind)
    lake, deliveries, loads = Lake(settings.lake), Deliveries(declared, today()), Loads.of(settings)
    with faults_named(settings.lake, "the lake is as it was before"), lake.writing() as writing:
        report = _Load(lake, writing, settings, progress or silent, deliveries, accept_gone).run(paths, kind, strict)
    loads.log(lake)
    return report


@dataclass(slots=True)
class _Load:
    """One load on its way: what it has staged, what it knows of earlier loads, and how long its stages took."""

    lake: Lake
    writing: Writing
    settings: Settings
    progress: Progress
    deliveries: Deliveries
    accept_gone: bool
    labels: dict[str, int] = field(default_factory=dict)
    staged: list[Staged] = field(default_factory=list)
    reports: list[FileReport] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    gone: Sequence[GoneReport] = ()
    contradictions: list[Piece] = field(default_factory=list)
    top: dict[str, list[FindingCount]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    new_links: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LINKS))
    least_certain: Sequence[LinkExample] = ()

    def run(self, paths: Sequence[Path], kind: str | None, strict: bool) -> LoadReport:
        """All stages, in order."""
        changed = False
        with timed(self.seconds, "total"):
            with timed(self.seconds, Stage.READ), workers.without_collector():
                self._read(paths, kind)
            if strict:
                self._refuse_rejects()
            if self.staged:
                changed = self._write()
        if self.staged:
            self._finish()
        return self._report(changed)

    def _write(self) -> bool:
        """Merge, check, commit and link what is staged; true if a data table changed."""
        with timed(self.seconds, Stage.MERGE):
            merged = self._merge()
        self._check(merged)
        linked_anew = any(each.add or each.remove for each in merged.values())
        with timed(self.seconds, Stage.MERGE):
            self._mark_gone(merged)
            for table in closing.LISTS:
                if table.name in merged:
                    closing.close(
                        table, merged[table.name], self.writing.before, self.writing.batch_id, self.writing.path
                    )
            decided.settle(merged, self.writing.before, self.writing.batch_id, self.writing.path)
        with timed(self.seconds, Stage.WRITE):
            changed = self._commit(merged)
        with timed(self.seconds, Stage.LINK):
            if linked_anew:
                self._link()
        with timed(self.seconds, Stage.WRITE):
            self._commit_findings()
        return changed

    def _read(self, paths: Sequence[Path], kind: str | None) -> None:
        """Stage every table of every path that no earlier load has read."""
        before, sources = _read_before(self.lake.ledger())
        limits = Limits(max_unpacked=self.settings.max_unpacked_mb << 20)
        places: Counter[object] = Counter()
        here = set[Content]()
        estimate = estimate_rows(paths) if self.progress is not silent else None
        with Stager(self.writing, self.settings.workers) as stager:

            def tick() -> None:
                self.progress(Stage.READ, stager.rows, estimate and max(stager.rows, estimate))

            for path in paths:
                if path.name == MANIFEST and path.is_file():
                    continue
                sheets = Sheets(kind, self.skipped)
                for table in open_tables(path, limits, on_skip=self.skipped.append):
                    label = _label(table, path, self.labels)
                    layout = sheets.layout(table, label)
                    if layout is None:
                        continue
                    content = (table.sha256, places[path, table.file], layout.kind)
                    places[path, table.file] += 1
                    delivery = self.deliveries.of(path, table.file)
                    known = not delivery.source or (content, delivery.source) in sources
                    if content in here or (content in before and known and not delivery.complete):
                        usable = before[content].kept + before[content].merged  # all in the lake
                        again = replace(
                            before[content],
                            file=label,
                            kept=0,
                            merged=usable,
                            loaded_before=True,
                            unread_columns=Unread(layout).names,
                        )
                        self.reports.append(again)
                        continue
                    staged = stager.stage(table, layout, label, delivery, tick)
                    self.staged.append(staged)
                    keep(self.settings.keep_sources, path, table)
                    before[content] = staged.report
                    here.add(content)
                sheets.finish()
        self.progress(Stage.READ, stager.rows, stager.rows)

    def _refuse_rejects(self) -> None:
        """Raise `RejectsFound` where a row of these files cannot be used, in this load or in the one that read it."""
        rejected = {each.file: each.rejected for each in (*(staged.report for staged in self.staged), *self.reports)}
        files = [file for file, rows in rejected.items() if rows]
        if files:
            top = self._top_findings("rejects")
            why = "; ".join(f"{each.code} × {each.count} ({each.example})" for each in top)
            raise RejectsFound(
                f"{sum(rejected.values())} rows of {', '.join(files)} cannot be used, and nothing was loaded"
                + (f": {why}" if why else "; `xincha rejects` shows them")
            )

    def _merge(self) -> dict[str, Merged]:
        """What the load comes to, by table."""
        merger = Merger(self.writing.before, self.writing.path, self.writing.batch_id)
        total = sum(part.rows.rows for staged in self.staged for part in staged.parts)
        done = 0

        def tick(rows: int) -> None:
            nonlocal done
            done += rows
            self.progress(Stage.MERGE, done, total)

        merged = {}
        for table in DATA_TABLES:
            pieces = [part.rows for staged in self.staged if staged.table.name == table.name for part in staged.parts]
            parts = gathered(pieces, self.writing.path)
            if parts:
                merged[table.name] = merger(table, parts, tick)
                self.contradictions += merged[table.name].issues
        return merged

    def _check(self, merged: Mapping[str, Merged]) -> None:
        """`rows_read == kept + merged + rejected` for every file, or nothing is loaded."""
        for staged in self.staged:
            outcome = merged.get(staged.table.name, Merged())
            file = staged.report.file
            report = replace(
                staged.report,
                kept=outcome.kept.get(file, 0),
                merged=outcome.merged.get(file, 0),
                issues=staged.report.issues + outcome.conflicts.get(file, 0),
            )
            if report.rows_read != report.kept + report.merged + report.rejected:
                raise XinchaError(f"{file}: rows are unaccounted for, and nothing was loaded: {report}")
            self.reports.append(report)

    def _mark_gone(self, merged: dict[str, Merged]) -> None:
        """Mark what complete deliveries lack; raise `GoneTooMany` or `SourceError` where that cannot be meant."""
        complete = dict.fromkeys(
            (staged.table.name, staged.delivery)
            for staged in self.staged
            if staged.delivery.complete and staged.table.name in KIND_OF
        )
        known = [each for line in self.lake.ledger()["deliveries"].drop_nulls() for each in _complete_ones(line)]
        gone.refuse_older(((KIND_OF[name].name, delivery) for name, delivery in complete), known)
        found = [gone.absent(self.writing.before, delivery, *self._staged_rows(name)) for name, delivery in complete]
        if not self.accept_gone:
            gone.refuse_many(found, self.settings.gone_percent)
        for each in found:
            outcome = merged.setdefault(each.table.name, Merged())
            gone.mark(each, outcome, self.writing.before, self.writing.batch_id, self.writing.path)
        self.gone = [each.report for each in found]

    def _staged_rows(self, name: str) -> tuple[Table, list[Path]]:
        """A table, and the files of its rows in this load."""
        of = [staged for staged in self.staged if staged.table.name == name]
        return of[0].table, [part.rows.path for staged in of for part in staged.parts if part.rows.path]

    def _commit(self, merged: Mapping[str, Merged]) -> bool:
        """Commit the data tables and what goes with them; true where a data table changed."""
        self.writing.commit("changes", [path for each in merged.values() for path in each.changes])
        for table in DATA_TABLES:
            outcome = merged.get(table.name, Merged())
            self.writing.commit(table.name, outcome.add, outcome.remove)
        return any(each.add or each.remove for each in merged.values())

    def _commit_findings(self) -> None:
        """Commit what is wrong with rows and values of this load, and keep the commonest for the report."""
        for name in ("rejects", "issues"):
            self.top[name] = self._top_findings(name)
            self.writing.commit(name, gathered(self._pieces(name), self.writing.path))

    def _link(self) -> None:
        """Link all records anew, and commit the links where one differs; name those that a code alone decides."""
        after = self.writing.after()
        linked = links.of_lake(after.scan)
        before = self.writing.before.scan("links").sort("record_id").collect()
        if not linked.equals(before):
            old = self.writing.before.files("links")
            self.writing.commit("links", [write_file(linked, self.writing.path())], old)
            self.new_links = new_links(linked, before)
            self.least_certain = least_certain(self.new_links, after.scan)
        told = (each(linked, before, after.scan, self.writing.batch_id) for each in (links.issues, conflicts))
        issues = pl.concat(told)
        self.contradictions.append(write_piece(issues, self.writing.path()))
        more = Counter(issues["source_file"])
        self.reports = [replace(report, issues=report.issues + more[report.file]) for report in self.reports]
        self.progress(Stage.LINK, linked.height, linked.height)

    def _finish(self) -> None:
        """Write the ledger row: the load has happened."""
        files = [report.in_ledger() for report in self.reports if not report.loaded_before]
        sources = {staged.report.file: staged.delivery.source for staged in self.staged}
        deliveries = {
            "sources": [sources[str(file["file"])] for file in files],
            "complete": [each.as_dict() for each in self.gone],
        }
        row = {"files": files, "seconds": json.dumps(self.seconds), "program": version("xincha")}
        self.writing.finish({**row, "deliveries": json.dumps(deliveries, ensure_ascii=False)})

    def _report(self, changed: bool) -> LoadReport:
        all_links = self.lake.snapshot().scan("links")
        return LoadReport(
            self.writing.batch_id if self.staged else None,
            changed,
            sorted(self.reports, key=lambda report: self.labels[report.file]),
            self.top.get("rejects", ()),
            self.top.get("issues", ()),
            links.count_by_rule(all_links),
            links.count_by_rule(self.new_links.lazy()),
            self.least_certain,
            links.count_unlinked(all_links),
            self.seconds,
            [{"file": each.source_file, "reason": each.reason} for each in self.skipped],
            self.gone,
        )

    def _pieces(self, name: str) -> list[Piece]:
        """The rejects or issues of this load."""
        pieces = [getattr(part, name) for staged in self.staged for part in staged.parts]
        return pieces + (self.contradictions if name == "issues" else [])

    def _top_findings(self, name: str) -> list[FindingCount]:
        files = [piece.path for piece in self._pieces(name) if piece.path]
        return count_by_code(scan_files(name, files))[:TOP_CODES]


def _label(table: RawTable, path: Path, labels: dict[str, int]) -> str:
    """The name of a table in this load: `source_file`, with the folder before it where another one is called that."""
    longer = f"{path.absolute().parent.name}/{table.source_file}"
    names = chain((table.source_file, longer), (f"{longer} ({number})" for number in count(2)))
    label = next(name for name in names if name not in labels)
    labels[label] = len(labels)
    return label


def _read_before(ledger: pl.DataFrame) -> tuple[dict[Content, FileReport], set[tuple[Content, str]]]:
    """Every table that an earlier load has read, and those of them that were of a named source, with its name."""
    tables: dict[Content, FileReport] = {}
    named: set[tuple[Content, str]] = set()
    for files, line in ledger.select("files", "deliveries").iter_rows():
        places: Counter[str] = Counter()
        sources = json.loads(line)["sources"] if line else [""] * len(files)
        for file, source in zip(files, sources, strict=True):
            report = FileReport(**file)
            content = report.sha256, places[report.sha256], report.kind
            tables[content] = report
            named.add((content, source))
            places[report.sha256] += 1
    return tables, named


def _complete_ones(line: str) -> list[GoneReport]:
    """What complete deliveries came to, by a row of the ledger."""
    told = json.loads(line)["complete"]
    return [GoneReport(**{**each, "day": date.fromisoformat(each["day"])}) for each in told]
