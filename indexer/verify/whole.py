"""All that can be verified of an installation."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from indexer.lake import Lake
from indexer.verify.files import check_page, check_releases, check_sources
from indexer.verify.index import check_index
from indexer.verify.lake import check_lake
from indexer.verify.ledger import LEDGER, LOG, check_files, check_ledger, check_log
from indexer.verify.report import VerifyReport
from xincha.engine.contract import Engine
from xincha.errors import LakeError, ProofError
from xincha.proof.documents import DocumentLeaves
from xincha.proof.log import Log, Logged
from xincha.proof.notes import VerifyKey
from xincha.settings import Settings

Tell = Callable[[str], None]


def verify(
    settings: Settings, engine: Engine, key: VerifyKey | None, *, saved: str | None = None, tell: Tell = lambda _: None
) -> VerifyReport:
    """Look at everything; `tell` hears what comes next. Takes no lock: run it while nothing is loaded or published."""
    report = VerifyReport()
    tell("log")
    try:
        log = Log(settings.proofs).read()
    except ProofError as error:
        report.differs(LOG, str(error))
        log = Logged()
    check_log(log, key, saved, report, here=settings.signing_key is not None)
    _check_lake(settings, log, report, tell)
    tell("index")
    check_index(engine, log, DocumentLeaves(settings.documents_proven), report)
    tell("releases and page")
    check_releases(settings.releases, log, report)
    check_page(settings.page, log, report)
    return report


def _check_lake(settings: Settings, log: Logged, report: VerifyReport, tell: Tell) -> None:
    lake = Lake(settings.lake)
    try:
        files = lake.ledger_files()
        rows = lake.ledger(files).to_dicts()
        snapshot = lake.snapshot()
    except (LakeError, OSError, pl.exceptions.PolarsError) as error:
        report.differs(LEDGER, f"the ledger cannot be read: {str(error).partition(chr(10))[0]}")
        return
    check_files(files, rows, log, report)
    proven = check_ledger(rows, log, report)
    tell("lake")
    check_lake(snapshot, proven, report)
    tell("sources")
    check_sources(settings.keep_sources, rows, report)
