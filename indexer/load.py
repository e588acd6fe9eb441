"""Files → lake, all of it or nothing.

`load` reads every file (`indexer.stage`), merges by key (`indexer.merge`), commits table by table, and links the
records (`indexer.link`); the row of the ledger makes it happen (`indexer.lake`). An error before that, whichever,
leaves the lake as it was. Of every file: `rows_read == kept + merged + rejected`, or nothing is loaded.

A file whose content (SHA-256) an earlier load has read is not read again: its rows count as merged. Files are taken in
the order given, those of a folder by name; of two rows with one key the later one is the newer.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from importlib.metadata import version
from pathlib import Path

import polars as pl

from indexer import expect, workers
from indexer import link as links
from indexer.lake import Commit, Lake, Writing, write_file
from indexer.merge import Merged, Merger
from indexer.pieces import Piece, gathered, reasons
from indexer.read import Limits, RawTable, Skipped
from indexer.read.files import open_tables
from indexer.recognise import recognise
from indexer.report import FileReport, LoadReport, Progress, Reason, Stage
from indexer.stage import Staged, Stager
from indexer.tables import DATA_TABLES
from xincha.errors import RejectsFound, XinchaError
from xincha.settings import Settings
from xincha.text.names import name_key

TOP_REASONS = 10
_LEDGER_FILE = tuple(each.name for each in fields(FileReport) if each.name != "loaded_before")

Content = tuple[str, int, str]
"""What makes two tables the same: the bytes of their file, their place in it, and the kind as which they are read."""


def load(
    paths: Sequence[Path],
    settings: Settings,
    *,
    kind: str | None = None,
    strict: bool = False,
    progress: Progress | None = None,
) -> LoadReport:
    """Load files and folders into the lake of `settings`.

    `kind` names the source instead of recognising it by its columns; `strict` turns any reject into `RejectsFound`.
    Raises `SourceError` (a file cannot be loaded), `RejectsFound`, `LakeBusy`, `LakeError`: then nothing has changed.
    """
    lake = Lake(settings.lake)
    with lake.writing() as writing:
        return _Load(lake, writing, settings, progress or _silent).run(paths, kind, strict)


def _silent(stage: Stage, done: int, total: int | None) -> None:
    """No progress is shown."""


@dataclass(slots=True)
class _Load:
    """One load on its way: what it has staged, what it knows of earlier loads, and how long its stages took."""

    lake: Lake
    writing: Writing
    settings: Settings
    progress: Progress
    labels: dict[str, int] = field(default_factory=dict)
    staged: list[Staged] = field(default_factory=list)
    reports: list[FileReport] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    contradictions: list[Piece] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, paths: Sequence[Path], kind: str | None, strict: bool) -> LoadReport:
        """All stages, in order."""
        began = time.perf_counter()
        with self._timed(Stage.READ), workers.without_collector():
            self._read(paths, kind)
        if strict:
            self._refuse_rejects()
        if not self.staged:
            self.seconds["total"] = time.perf_counter() - began
            return self._report(None, changed=False)
        with self._timed(Stage.MERGE):
            merged = self._merge()
        self._check(merged)
        with self._timed(Stage.WRITE):
            changed = self._commit(merged)
        with self._timed(Stage.LINK):
            self._link(changed)
        self.seconds["total"] = time.perf_counter() - began
        self._finish()
        return self._report(self.writing.batch_id, changed=changed)

    def _read(self, paths: Sequence[Path], kind: str | None) -> None:
        """Stage every table of every path that no earlier load has read."""
        before = _read_before(self.lake.ledger())
        limits = Limits(max_unpacked=self.settings.max_unpacked_mb << 20)
        places = _Places()
        expected = expect.rows(paths) if self.progress is not _silent else None
        with Stager(self.writing, self.settings.workers) as stager:
            for path in paths:
                for table in open_tables(path, limits, on_skip=self.skipped.append):
                    label = _label(table, path, self.labels)
                    layout = recognise(table.header, source_file=label, kind=kind)
                    content = (table.sha256, places.take(path, table.file), layout.kind)
                    if content in before:
                        self.reports.append(_again(before[content], label))
                        continue
                    staged = stager.stage(table, layout, label, lambda: self._tell_read(stager.rows, expected))
                    self.staged.append(staged)
                    before[content] = _file_report(staged)
        self.progress(Stage.READ, stager.rows, stager.rows)

    def _tell_read(self, rows: int, expected: int | None) -> None:
        self.progress(Stage.READ, rows, None if expected is None else max(rows, expected))

    def _refuse_rejects(self) -> None:
        """Raise `RejectsFound` where a row of these files cannot be used, in this load or in the one that read it."""
        rejected = {each.label: each.rejected for each in self.staged} | {e.file: e.rejected for e in self.reports}
        files = [file for file, rows in rejected.items() if rows]
        if files:
            why = "; ".join(f"{each.code} × {each.count} ({each.example})" for each in self._reasons("rejects"))
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
            of_table = [staged for staged in self.staged if staged.source.table.name == table.name]
            parts = gathered((part.rows for staged in of_table for part in staged.parts), self.writing.path)
            if parts:
                merged[table.name] = merger(table, parts, tick)
                self.contradictions += merged[table.name].issues
        return merged

    def _check(self, merged: Mapping[str, Merged]) -> None:
        """`rows_read == kept + merged + rejected` for every file, or nothing is loaded."""
        for staged in self.staged:
            outcome = merged.get(staged.source.table.name, Merged())
            report = replace(
                _file_report(staged),
                kept=outcome.kept.get(staged.label, 0),
                merged=outcome.merged.get(staged.label, 0),
                issues=staged.issues + outcome.conflicts.get(staged.label, 0),
            )
            if report.rows_read != report.kept + report.merged + report.rejected:
                raise XinchaError(f"{staged.label}: rows are unaccounted for, and nothing was loaded: {report}")
            self.reports.append(report)

    def _commit(self, merged: Mapping[str, Merged]) -> bool:
        """Commit the data tables and what goes with them; true where a data table changed."""
        changes = [path for each in merged.values() for path in each.changes]
        self._append("changes", changes)
        for name in ("rejects", "issues"):
            self._append(name, gathered(self._pieces(name), self.writing.path))
        for table in DATA_TABLES:
            outcome = merged.get(table.name, Merged())
            self.writing.commit(self.writing.compacted(Commit(table.name, outcome.add, outcome.remove)))
        return any(each.add or each.remove for each in merged.values())

    def _append(self, name: str, add: Sequence[Path]) -> None:
        if add:
            self.writing.commit(self.writing.compacted(Commit(name, add)))

    def _link(self, changed: bool) -> None:
        """Link all records anew, and commit the links where one differs."""
        if not changed:
            return
        after = self.writing.after()
        linked = links.link(links.parties(after.scan), after.scan("entities"), name_key).sort("record_id")
        before = self.writing.before.scan("links").sort("record_id").collect()
        if not linked.equals(before):
            old = self.writing.before.files("links")
            self.writing.commit(Commit("links", [write_file(linked, self.writing.path())], old))
        self.progress(Stage.LINK, linked.height, linked.height)

    def _finish(self) -> None:
        """Write the ledger row: the load has happened."""
        files = [
            {name: getattr(report, name) for name in _LEDGER_FILE}
            for report in self.reports
            if not report.loaded_before
        ]
        self.writing.finish({"files": files, "seconds": json.dumps(self.seconds), "program": version("xincha")})

    def _report(self, batch_id: str | None, *, changed: bool) -> LoadReport:
        counts = self.lake.snapshot().scan("links").group_by("rule").len().sort("rule").collect()
        return LoadReport(
            batch_id,
            changed,
            sorted(self.reports, key=lambda report: self.labels[report.file]),
            self._reasons("rejects"),
            self._reasons("issues"),
            {str(rule): int(count) for rule, count in counts.iter_rows()},
            self.seconds,
            [{"file": each.source_file, "reason": each.reason} for each in self.skipped],
        )

    def _pieces(self, name: str) -> list[Piece]:
        found = [getattr(part, name) for staged in self.staged for part in staged.parts]
        return found + (self.contradictions if name == "issues" else [])

    def _reasons(self, name: str) -> list[Reason]:
        return reasons(self._pieces(name))[:TOP_REASONS]

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds[stage] = time.perf_counter() - began


def _label(table: RawTable, path: Path, labels: dict[str, int]) -> str:
    """The name of a table in this load: `source_file`, with the folder before it where another one is called that."""
    label = table.source_file
    if label in labels:
        label = f"{path.absolute().parent.name}/{label}"
    number = 2
    while label in labels:
        label, number = f"{label.removesuffix(f' ({number - 1})')} ({number})", number + 1
    labels[label] = len(labels)
    return label


class _Places:
    """Counts the tables of each file: the first is 0."""

    def __init__(self) -> None:
        self._seen: Counter[object] = Counter()

    def take(self, *file: object) -> int:
        """The place of the next table in this file."""
        self._seen[file] += 1
        return self._seen[file] - 1


def _read_before(ledger: pl.DataFrame) -> dict[Content, FileReport]:
    """Every table that an earlier load has read."""
    found: dict[Content, FileReport] = {}
    for batch_id, files in ledger.select("batch_id", "files").iter_rows():
        places = _Places()
        for file in files:
            report = FileReport(**file)
            found[report.sha256, places.take(batch_id, report.sha256), report.kind] = report
    return found


def _file_report(staged: Staged) -> FileReport:
    rejected = staged.rejected
    return FileReport(
        staged.label, staged.source.kind, staged.rows_read, 0, staged.rows_read - rejected, rejected, staged.issues,
        staged.sha256, staged.bytes,
    )  # fmt: skip


def _again(before: FileReport, label: str) -> FileReport:
    """A table that was read before: all its usable rows are in the lake."""
    return replace(before, file=label, kept=0, merged=before.kept + before.merged, loaded_before=True)
