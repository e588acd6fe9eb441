"""Sources that were kept, releases and the built page against the hashes that were logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from indexer.proven import file_hash, hashes_below
from indexer.verify.report import VerifyReport
from xincha.proof.log import Logged


def check_sources(folder: Path | None, rows: Sequence[Mapping[str, Any]], report: VerifyReport) -> None:
    """The files of the ledger that were kept; one that is not there was not kept, or had to go."""
    if folder is None:
        report.note("sources are not looked at: XINCHA_KEEP_SOURCES names no folder")
        return
    loaded = {file["sha256"]: file["file"] for row in rows for file in row["files"]}
    kept = {path.name.partition(".")[0]: path for path in sorted(folder.glob("*")) if path.is_file()}
    for sha256, path in kept.items():
        if sha256 not in loaded:
            report.note(f"{path}: no load of the ledger read this file")
        elif file_hash(path) != sha256:
            report.differs(str(path), f"is not the file {loaded[sha256]} that was loaded")
        report.count("sources")
    if missing := len(loaded.keys() - kept.keys()):
        report.note(f"{missing} of {len(loaded)} sources are not kept")


def check_releases(folder: Path | None, log: Logged, report: VerifyReport) -> None:
    """The files of every release that is there."""
    if folder is None:
        return
    logged = {entry["name"]: entry["files"] for entry in log.told if entry.get("kind") == "release"}
    for release in sorted(each for each in folder.glob("*") if each.is_dir() and each.name[:1].isdigit()):
        if release.name not in logged:
            report.note(f"release {release.name} is not in the log: an earlier program wrote it")
            continue
        _check_folder(release, logged[release.name], f"releases/{release.name}", report)
    _check_catalogue(folder / "index.json", logged, report)


def check_page(folder: Path, log: Logged, report: VerifyReport) -> None:
    """The built page, as it was when it was logged last."""
    pages = [entry["files"] for entry in log.told if entry.get("kind") == "page"]
    if not pages:
        report.note("the page is not in the log yet: a publish adds it")
        return
    before = len(report.altered)
    _check_folder(folder, pages[-1], "page", report)
    if len(report.altered) > before:
        report.note("if you built the page anew yourself, `xincha verify --accept page` says so in the log")


def _check_catalogue(path: Path, logged: Mapping[str, Mapping[str, str]], report: VerifyReport) -> None:
    """The hashes that readers of the releases are told."""
    try:
        told = orjson.loads(path.read_bytes())["releases"] if path.exists() else ()
        sums = {(each["name"], file["name"]): file["sha256"] for each in told for file in each["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        report.differs("releases/index.json", "the index of releases cannot be read")
        return
    for (release, name), sha256 in sums.items():
        if release in logged and logged[release].get(name) != sha256:
            report.differs("releases/index.json", f"tells another hash of {release}/{name} than was logged")


def _check_folder(folder: Path, expected: Mapping[str, str], where: str, report: VerifyReport) -> None:
    there = hashes_below(folder)
    for name in sorted(there.keys() | expected.keys()):
        if name not in there:
            report.differs(f"{where}/{name}", "the file is gone")
        elif name not in expected:
            report.differs(f"{where}/{name}", "this file is new")
        elif there[name] != expected[name]:
            report.differs(f"{where}/{name}", "the file is not the one that was logged")
    report.count("files of releases and page", len(there))
