"""A small file of the data folder that commands change and running services read: whole at any time, never half.

It is replaced whole, under a lock; who reads it looks whether it is another one than before, which costs one call to
the system.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from filelock import FileLock, Timeout

from xincha.errors import XinchaError

T = TypeVar("T")
_LOCK_SECONDS = 10
_Stamp = tuple[int, int, int]


@dataclass(slots=True)
class SharedFile(Generic[T]):
    """The file at `path`. `parse`: its text → what it says, of no file `None`; `mode`: its rights.

    `error` is raised where the file cannot be read, changed or written: the message says which of these, and why;
    `what` is what it calls the contents. Safe to share between threads.
    """

    path: Path
    what: str
    parse: Callable[[str | None], T]
    error: type[XinchaError]
    mode: int
    _read: tuple[_Stamp | None, T] | None = field(default=None, init=False)

    def read(self) -> T:
        """What the file says now."""
        known = self._read
        try:
            stamp = _stamp(self.path)
            if known is None or known[0] != stamp:
                known = stamp, self.parse(self.path.read_text("utf-8") if stamp else None)
                self._read = known
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._told("read", error) from error
        return known[1]

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Nobody else changes the file meanwhile."""
        lock = FileLock(f"{self.path}.lock", timeout=_LOCK_SECONDS, mode=self.mode)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except (OSError, Timeout) as error:
            raise self._told("changed", error) from error
        try:
            yield
        finally:
            lock.release()

    def write(self, text: str) -> None:
        """Replace the file by one that says this."""
        part = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        try:
            with suppress(FileNotFoundError):
                part.unlink()
            opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, self.mode)
            with os.fdopen(opened, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise self._told("written", error) from error

    def _told(self, done: str, error: Exception) -> XinchaError:
        why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        return self.error(
            f"{self.what} in {self.path} cannot be {done} ({why}): the user that serves must own the file, "
            "and it be whole"
        )


def _stamp(path: Path) -> _Stamp | None:
    """What differs when a file was replaced; None where there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
