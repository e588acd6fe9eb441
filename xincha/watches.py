"""Watch lists: entities that somebody follows under an address that cannot be guessed, in one file of the data folder.

An address is 192 bits of chance. Whoever has it sees what changed and may delete the list; here its SHA-256 alone is
kept, which leads to no list over HTTP. Of a list its entities are kept, and the place in the lake's history at which
it began: no name, no row of the file it came from, nobody's address, not when somebody looked. A list ends after
`LASTS`; what has ended or was deleted is overwritten in the file (`secure_delete`).

SQLite of the standard library: a list is there whole or not at all, also where the machine stops, and the service and
commands use the file at the same time.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from xincha.errors import Busy, NotFound, WatchesUnreadable

ADDRESS = re.compile("[0-9A-Za-z_-]{32}")
LASTS = timedelta(days=365)
_SECRET_BYTES = 24
_BUSY_SECONDS = 5
_BESIDE = 400
"""Bytes of a list that are not its entities: hash, place, days."""
_MODE = 0o600
_PRAGMAS = ("PRAGMA auto_vacuum = FULL", "PRAGMA secure_delete = ON", "PRAGMA synchronous = FULL")
_TABLE = """CREATE TABLE IF NOT EXISTS watches (
    sha256 BLOB PRIMARY KEY, begun TEXT NOT NULL, made_at TEXT NOT NULL, ends_at TEXT NOT NULL,
    count INTEGER NOT NULL, bytes INTEGER NOT NULL, entities BLOB NOT NULL) WITHOUT ROWID"""


@dataclass(frozen=True, slots=True)
class WatchList:
    """One list. `sha256`: of its address, in hexadecimal; `begun`: a cursor; times in UTC."""

    sha256: str
    begun: str
    made_at: datetime
    ends_at: datetime
    entities: Sequence[str]


class Watches:
    """The lists in one file, of `most_bytes` in all. Safe to share between threads."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        self._path, self._most = path, most_bytes
        self._swept: date | None = None

    def may_keep(self) -> bool:
        """Whether lists can be kept here at all: they are wanted, and the file can be written."""
        folder = self._path.parent
        return (
            self._most > 0
            and folder.is_dir()
            and os.access(folder, os.W_OK | os.X_OK)
            and (not self._path.exists() or os.access(self._path, os.W_OK))
        )

    def make(self, entities: Sequence[str], begun: str) -> tuple[str, WatchList]:
        """Keep a list of entities, followed from the cursor `begun` on: its address, which nobody can see again.

        Raises `Busy` where there is no room, `WatchesUnreadable` where it cannot be written.
        """
        address, now = secrets.token_urlsafe(_SECRET_BYTES), _now()
        made = WatchList(digest(address), begun, now, now + LASTS, tuple(sorted(set(entities))))
        packed = zlib.compress("\n".join(made.entities).encode("ascii"), 9)
        size = len(packed) + _BESIDE
        row = (bytes.fromhex(made.sha256), begun, now.isoformat(), made.ends_at.isoformat(), len(made.entities), size)
        with self._changing() as file:
            _remove_ended(file, now)
            if file.execute("SELECT total(bytes) FROM watches").fetchone()[0] + size > self._most:
                raise Busy("as many lists as are kept are here already; follow companies one by one, or ask later")
            file.execute("INSERT INTO watches VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, packed))
        return address, made

    def at(self, address: str) -> WatchList:
        """The list of an address; raises `NotFound`."""
        return self.of(digest(address))

    def of(self, sha256: str) -> WatchList:
        """The list whose address has this hash; raises `NotFound`, `WatchesUnreadable`."""
        self._sweep()
        asked = "SELECT begun, made_at, ends_at, entities FROM watches WHERE sha256 = ? AND ends_at > ?"
        with self._told("read"), closing(self._opened(write=False)) as file:
            row = file.execute(asked, (bytes.fromhex(sha256), _now().isoformat())).fetchone()
        if not row:
            raise _gone()
        begun, *moments, packed = row
        made_at, ends_at = map(datetime.fromisoformat, moments)
        return WatchList(sha256, begun, made_at, ends_at, zlib.decompress(packed).decode("ascii").split("\n"))

    def remove(self, address: str) -> None:
        """Delete a list; raises `NotFound` where there is none."""
        with self._changing() as file:
            if not file.execute("DELETE FROM watches WHERE sha256 = ?", (bytes.fromhex(digest(address)),)).rowcount:
                raise _gone()

    def _sweep(self) -> None:
        """Delete what has ended, once a day, where this process may."""
        today = _now().date()
        if self._swept == today:
            return
        self._swept = today
        with suppress(WatchesUnreadable):
            if self._path.exists() and self.may_keep():
                with self._changing() as file:
                    _remove_ended(file, _now())

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """A change that is made whole or not at all."""
        with self._told("written"), closing(self._opened(write=True)) as file:
            file.execute("BEGIN IMMEDIATE")
            try:
                yield file
            except BaseException:
                file.execute("ROLLBACK")
                raise
            file.execute("COMMIT")

    def _opened(self, *, write: bool) -> sqlite3.Connection:
        """The file, made if it is to be written. To be read it need not be there: then it is empty."""
        if write:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, _MODE))
        uri = f"{self._path.absolute().as_uri()}?mode={'rw' if write else 'ro'}"
        source = uri if self._path.exists() else ":memory:"
        file = sqlite3.connect(source, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
        if write:
            for pragma in _PRAGMAS:
                file.execute(pragma)
        if write or source == ":memory:":
            file.execute(_TABLE)
        return file

    @contextmanager
    def _told(self, done: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
            told = f"the watch lists in {self._path} cannot be {done} ({why}): the user that serves must own the file"
            raise WatchesUnreadable(told) from error


def digest(address: str) -> str:
    """What is kept of an address."""
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()


def _remove_ended(file: sqlite3.Connection, now: datetime) -> None:
    file.execute("DELETE FROM watches WHERE ends_at <= ?", (now.isoformat(),))


def _gone() -> NotFound:
    return NotFound("there is no such watch list; a list is removed by whoever has its address, or after a year")


def _now() -> datetime:
    return datetime.now(UTC)
