"""The log of loads and publishes against the checkpoints in it, and the ledger of the lake against the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from indexer.logged import logged_files
from indexer.proven import Proof, file_hash, row_hash
from indexer.verify.report import VerifyReport
from xincha.errors import ProofError
from xincha.proof import merkle
from xincha.proof.checkpoints import Checkpoint
from xincha.proof.log import Entry, Logged, named
from xincha.proof.notes import VerifyKey, opened, read

LOG = "proofs/log"
LEDGER = "lake/batches"


def check_log(
    log: Logged, key: VerifyKey | None, saved: str | None, report: VerifyReport, *, here: bool = False
) -> None:
    """`key`: by whom checkpoints have to be signed; None: not looked at. `saved`: a checkpoint kept elsewhere. `here`:
    the key is on this machine, and so each entry is signed as it is written."""
    if key is None:
        report.note("signatures are not checked: name the public key (XINCHA_VERIFY_KEY, or --key)")
    covered = 0
    for number, (before, note) in enumerate(log.notes, 1):
        checkpoint = _checkpoint(note, key, f"{LOG}, checkpoint {number}", report)
        if checkpoint is None:
            continue
        if checkpoint.size < covered:
            report.differs(LOG, f"checkpoint {number} is older than the one before: it was put in place of a newer one")
        elif checkpoint.size > before or merkle.root(log.leaves[: checkpoint.size]) != checkpoint.root:
            report.differs(LOG, f"entries {covered} to {checkpoint.size - 1} are not those that were signed")
        covered = max(covered, checkpoint.size)
        report.count("checkpoints")
    unsigned = [place for place, entry in log.entries() if place >= covered and "signer" in entry]
    if unsigned:
        report.differs(
            LOG, f"entries from {unsigned[0]} on were signed, and their checkpoint is gone: an older one is there"
        )
    elif key and not log.notes and log.lines:
        report.differs(LOG, f"nothing is signed by {key.name}: sign it, or its signatures were taken away")
    elif here and covered < len(log.lines):
        report.differs(LOG, f"entries from {covered} on are not signed, and the key is on this machine")
    elif covered < len(log.lines):
        report.note(f"{len(log.lines) - covered} entries of the log are not signed yet (`xincha key request`)")
    for place, entry in log.entries():
        if place >= covered and entry.get("kind") in {"page", "restored"}:
            report.note(f"entry {place} of the log accepts what is there ({entry['kind']}), and is not signed")
    _check_signers(log, key, report)
    if saved is not None:
        _check_saved(log, key, saved, report)
    report.count("entries of the log", len(log.lines))


def check_files(paths: Sequence[Path], rows: Sequence[Mapping[str, Any]], log: Logged, report: VerifyReport) -> None:
    """The files of the ledger against the log, to the byte; those of a load that is not logged yet are new."""
    logged = logged_files(log)
    loads = {(entry["load"], entry["finished_at"]) for entry in loads_of(log)}
    waiting = any((row["batch_id"], row["finished_at"].isoformat()) not in loads for row in rows[-1:])
    for path in paths if logged else ():
        if path.name not in logged:
            if not waiting:
                report.differs(f"{LEDGER}/{path.name}", "no load that is logged wrote this file")
        elif file_hash(path) != logged[path.name]:
            report.differs(f"{LEDGER}/{path.name}", "the file is not the one that was written")


def check_ledger(rows: Sequence[Mapping[str, Any]], log: Logged, report: VerifyReport) -> list[tuple[str, Proof]]:
    """The ledger's rows, oldest first, against the log and each other; the proofs of those that have one, by load."""
    there = {(row["batch_id"], row["finished_at"].isoformat()): row for row in rows}
    logged = {(entry["load"], entry["finished_at"]): entry for entry in loads_of(log)}
    if rows and not logged and rows[-1]["proof"]:
        report.differs(LOG, "the log of loads and publishes is gone: restore it from its backup")
    for load, entry in logged.items():
        row = there.get(load)
        if row is None:
            report.differs(LEDGER, f"load {load[0]} is in the log, and its row is gone from the ledger")
        elif row_hash(row) != entry["row"]:
            report.differs(LEDGER, f"the row of load {load[0]} is not the one that was logged")
    _check_unlogged(list(there), logged, report)
    proven = []
    for before, row in zip([None, *rows], rows, strict=False):
        if row["proof"] is None:
            continue
        proof = Proof.parse(row["proof"])
        if proof.before != (row_hash(before) if before else None):
            report.differs(
                LEDGER, f"load {row['batch_id']} does not continue the row before it: one of both was altered"
            )
        proven.append((str(row["batch_id"]), proof))
    if rows and not proven:
        report.note("no load here has a proof yet: an earlier program made all of them; the next one takes them in")
    elif proven and proven[0][0] != rows[0]["batch_id"]:
        report.note(f"records can be told from load {proven[0][0]} on; of those before, files since then")
    report.count("loads", len(rows))
    return proven


def loads_of(log: Logged) -> list[Entry]:
    """The loads that the ledger has to have: without those that a restored lake was said to lack."""
    loads: list[Entry] = []
    for entry in log.told:
        if entry.get("kind") == "load":
            loads.append(entry)
        elif entry.get("kind") == "restored":
            loads = [each for each in loads if [each["load"], each["finished_at"]] in entry["loads"]]
    return loads


def _checkpoint(note: str, key: VerifyKey | None, where: str, report: VerifyReport) -> Checkpoint | None:
    try:
        return Checkpoint.parse((opened(note, ()) if key is None else read(note, [key])).text)
    except ProofError as error:
        report.differs(where, str(error))
        return None


def _check_signers(log: Logged, key: VerifyKey | None, report: VerifyReport) -> None:
    others = {entry["signer"] for entry in log.told if "signer" in entry} - ({named(key)} if key else set())
    if key and others:
        report.differs(LOG, f"entries say that another key signed them: {', '.join(sorted(map(str, others)))}")


def _check_saved(log: Logged, key: VerifyKey | None, saved: str, report: VerifyReport) -> None:
    checkpoint = _checkpoint(saved, key, "the checkpoint that was kept", report)
    if checkpoint is None:
        return
    if checkpoint.size > len(log.lines):
        report.differs(LOG, f"{checkpoint.size} entries were signed once, and {len(log.lines)} are there")
    elif merkle.root(log.leaves[: checkpoint.size]) != checkpoint.root:
        report.differs(LOG, f"the first {checkpoint.size} entries are not those of the checkpoint that was kept")


def _check_unlogged(
    rows: Sequence[tuple[str, str]], logged: Mapping[tuple[str, str], Entry], report: VerifyReport
) -> None:
    """Rows that the log lacks: at the end a load may have been interrupted before it was logged."""
    last = max((place for place, load in enumerate(rows) if load in logged), default=-1)
    for place, load in enumerate(rows):
        if load in logged:
            continue
        if place < last:
            report.differs(LEDGER, f"load {load[0]} is in the ledger, and the log does not have it")
        elif logged:
            report.note(f"load {load[0]} is not in the log yet: the next load or publish adds it")
