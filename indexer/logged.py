"""Loads and publishes → the log of `xincha.proof`, signed where the key is on this machine.

A load is in the ledger first: what the log lacks, as after an interruption, the next load or publish adds. A publish is
in the log before readers see it, so that no version is ever searched that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from indexer.lake import Lake, Snapshot
from indexer.proven import file_hash, hashes_below, row_hash
from xincha.engine.contract import EngineStatus
from xincha.proof.keys import signing_key
from xincha.proof.log import Entry, Log, Logged
from xincha.proof.notes import SigningKey
from xincha.settings import Settings


@dataclass(frozen=True, slots=True)
class Loads:
    """The log of an installation, and the key that signs it, if it is here."""

    log_file: Log
    key: SigningKey | None
    page: Path

    @classmethod
    def of(cls, settings: Settings) -> Loads:
        """That of these settings; raises `ProofError`, `SettingsError` for a key that cannot be used."""
        return cls(Log(settings.proofs), signing_key(settings), settings.page)

    def log(self, lake: Lake, *more: Entry) -> None:
        """Add every load of the ledger that the log lacks, with the ledger's new files, then `more`."""
        files = lake.ledger_files()
        ledger = lake.ledger(files).with_row_index("number")
        places = ledger.select("number", "batch_id", "finished_at").rows()

        def entries(now: Logged) -> list[Entry]:
            known = {(each.get("load"), each.get("finished_at")) for each in now.told}
            new = [number for number, load, at in places if (load, at.isoformat()) not in known]
            told = logged_files(now)
            added = {path.name: file_hash(path) for path in files if path.name not in told}
            written = [{"kind": "ledger", "files": added}] if added else []
            return [*map(entry_of, ledger[new].drop("number").iter_rows(named=True)), *written, *more]

        self.log_file.append(entries, self.key)

    def log_publish(
        self, lake: Lake, snapshot: Snapshot, indices: Mapping[str, Mapping[str, Any]], before: EngineStatus
    ) -> None:
        """Add a publish that is about to happen, with what proves each index. `before`: what is published until now."""
        earlier = {name: [index.version, *index.previous] for name, index in before.indices.items()}
        told = {"load": snapshot.batch_id, "engine": before.engine, "indices": indices, "before": earlier}
        self.log(lake, {"kind": "publish", **told}, *self._page())

    def log_rollback(self, status: EngineStatus) -> None:
        """Add a rollback that is about to happen."""
        indices = {name: {"version": index.previous[0]} for name, index in status.indices.items() if index.previous}
        self.log_file.append(lambda _: [{"kind": "rollback", "indices": indices}] if indices else [], self.key)

    def log_switched(self, status: EngineStatus) -> None:
        """Add what is published now, behind a publish or a rollback."""
        indices = {name: {"version": index.version} for name, index in status.indices.items()}
        self.log_file.append(lambda _: [{"kind": "switched", "indices": indices}], self.key)

    def accept_page(self) -> None:
        """Add the page as it is now: it was built anew."""
        self.log_file.append(lambda _: [page_entry(self.page)], self.key)

    def accept_restored(self, lake: Lake) -> None:
        """Say that the ledger was restored: what the log has beside its loads is past."""
        loads = [[load, at.isoformat()] for load, at in lake.ledger().select("batch_id", "finished_at").rows()]
        self.log_file.append(lambda _: [{"kind": "restored", "loads": loads}], self.key)

    def _page(self) -> list[Entry]:
        """The built page, the first time and with each program; else what is there may have been altered since."""
        last = self.log_file.read().last("page")
        same = last is not None and last[1]["program"] == version("xincha")
        return [] if same or not (self.page / "index.html").is_file() else [page_entry(self.page)]


def logged_files(log: Logged) -> dict[str, str]:
    """The files of the ledger that the log has, with their hashes."""
    return {name: at for entry in log.told if entry.get("kind") == "ledger" for name, at in entry["files"].items()}


def page_entry(page: Path) -> Entry:
    """What the log says of the built page."""
    return {"kind": "page", "program": version("xincha"), "files": hashes_below(page)}


def entry_of(row: Mapping[str, Any]) -> Entry:
    """What the log says of a row of the ledger."""
    return {
        "kind": "load",
        "load": row["batch_id"],
        "finished_at": row["finished_at"].isoformat(),
        "row": row_hash(row),
    }
