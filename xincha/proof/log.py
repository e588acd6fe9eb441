"""The log of loads and publishes in the data folder: a line of JSON for each, and the checkpoints that were signed.

It is only ever added to, by whoever loads or publishes. The leaves of its tree (`xincha.proof.merkle`) are the lines as
they stand; a signed checkpoint stands behind the last line that it covers, as a JSON string. An entry that names a
`signer` was written together with its checkpoint, so that one without it was tampered with. Where no key lies on this
machine, checkpoints come from another one (`xincha key request`, `sign`, `signed`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from xincha.errors import ProofError
from xincha.proof import merkle
from xincha.proof.checkpoints import Checkpoint, SigningRequest
from xincha.proof.evidence import Evidence
from xincha.proof.notes import SigningKey, VerifyKey, opened, read
from xincha.shared_file import SharedFile

_MODE = 0o640
ORIGIN = "xincha"
"""What the log of an installation without any key is called."""

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Logged:
    """What the file of a log says. `lines`: the entries as they stand; `notes`: signed checkpoints, oldest first, each
    with the number of entries before it; `told`: what the lines say; `leaves`: their hashes in the tree."""

    lines: Sequence[bytes] = ()
    notes: Sequence[tuple[int, str]] = ()
    told: Sequence[Entry] = ()
    leaves: Sequence[bytes] = field(default=(), repr=False)

    @property
    def note(self) -> str | None:
        """The newest signed checkpoint."""
        return self.notes[-1][1] if self.notes else None

    @property
    def signed(self) -> Checkpoint | None:
        """What that says; its signature is not looked at."""
        return Checkpoint.parse(opened(self.notes[-1][1], ()).text) if self.notes else None

    def entries(self) -> Iterable[tuple[int, Entry]]:
        """Every entry with its place."""
        return enumerate(self.told)

    def last(self, kind: str, **said: object) -> tuple[int, Entry] | None:
        """The newest entry of a kind that says this, with its place."""
        found = (each for each in self.entries() if each[1].get("kind") == kind and said.items() <= each[1].items())
        return max(found, key=lambda each: each[0], default=None)

    def checkpoint(self, origin: str) -> Checkpoint:
        """The head of the tree of all entries."""
        return Checkpoint(origin, len(self.lines), merkle.root(self.leaves))

    def evidence(self, place: int) -> Evidence | None:
        """The proof that the entry at `place` is in the newest signed checkpoint; None where it is not signed yet."""
        signed = self.signed
        if signed is None or self.note is None or not place < signed.size <= len(self.lines):
            return None
        return Evidence(place, merkle.inclusion(self.leaves[: signed.size], place), self.note)


class Log:
    """The log in a folder. Safe to share between threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "log"
        self._file = SharedFile(self.path, "the log of proofs", _parsed, ProofError, _MODE)

    def read(self) -> Logged:
        """What it says now; raises `ProofError`."""
        return self._file.read()

    def append(self, entries: Callable[[Logged], Sequence[Entry]], key: SigningKey | None) -> None:
        """Add the entries that follow from what the log says by then, and sign where the key is here."""
        told = {"at": datetime.now(UTC).isoformat(timespec="seconds")}
        if key:
            told["signer"] = named(key.verify_key)
        with self._file.changing():
            now = self.read()
            new = entries(now)
            if not new:
                return
            if key:
                self._check_continues(now, key.name)
            added = [orjson.dumps({**told, **each}, option=orjson.OPT_SORT_KEYS) for each in new]
            more = _logged([*now.lines, *added], now.notes)
            if key:
                note = key.sign(more.checkpoint(key.name).text)
                more = _logged(more.lines, [*now.notes, (len(more.lines), note)])
            self._file.write(_written(more))

    def request(self, origin: str) -> SigningRequest:
        """What is to be signed elsewhere: all entries, behind what was signed last."""
        now = self.read()
        before = min(now.signed.size if now.signed else 0, len(now.lines))
        return SigningRequest(before, merkle.consistency(now.leaves, before), now.checkpoint(origin))

    def take(self, note: str, key: VerifyKey) -> Checkpoint:
        """Take in a checkpoint that was signed elsewhere; raises `ProofError` unless it is one of this log."""
        given = Checkpoint.parse(read(note, [key]).text)
        with self._file.changing():
            now = self.read()
            self._check_continues(now, given.origin)
            if given.size > len(now.lines) or merkle.root(now.leaves[: given.size]) != given.root:
                raise ProofError("this checkpoint is not one of this log: sign a request that this machine made")
            if now.signed and given.size < now.signed.size:
                raise ProofError(f"a newer checkpoint, of {now.signed.size} entries, is there already")
            self._file.write(_written(_logged(now.lines, [*now.notes, (len(now.lines), note)])))
        return given

    def _check_continues(self, now: Logged, origin: str) -> None:
        """Raise `ProofError` where what was signed is not how the log begins, or is called otherwise."""
        if now.signed is None:
            return
        if now.signed.origin != origin:
            raise ProofError(
                f"{self.path}: is signed as {now.signed.origin}, and the key is called {origin}: make a key of that "
                "name, or keep this log elsewhere and begin a new one"
            )
        if now.signed.size > len(now.lines) or merkle.root(now.leaves[: now.signed.size]) != now.signed.root:
            raise ProofError(f"{self.path}: was altered behind its last checkpoint; `xincha verify` says where")


def named(key: VerifyKey) -> str:
    """A key as entries name it."""
    return f"{key.name}+{key.hash.hex()}"


def _logged(lines: Sequence[bytes], notes: Sequence[tuple[int, str]]) -> Logged:
    told = tuple(map(orjson.loads, lines))
    if not all(isinstance(each, dict) for each in told):
        raise ValueError("an entry is no object")
    return Logged(tuple(lines), tuple(notes), told, tuple(map(merkle.leaf_hash, lines)))


def _parsed(text: str | None) -> Logged:
    lines: list[bytes] = []
    notes: list[tuple[int, str]] = []
    for line in (text or "").split("\n"):
        if line.startswith('"'):
            notes.append((len(lines), orjson.loads(line)))
        elif line:
            lines.append(line.encode())
    return _logged(lines, notes)


def _written(log: Logged) -> str:
    notes = list(log.notes)
    written = []
    for number in range(len(log.lines) + 1):
        if number:
            written.append(log.lines[number - 1].decode())
        while notes and notes[0][0] == number:
            written.append(orjson.dumps(notes.pop(0)[1]).decode())
    return "".join(f"{line}\n" for line in written)
