"""Faults of disks and folders → one sentence: what, where, what stays as it was, and the way out.

Libraries raise them in errors of their own kinds; the number of the system's error is in the chain of causes, or in the
text (`os error 28`, `[Errno 28]`, `Os { code: 28`).
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xincha.errors import SourceError, StorageError

_NUMBER = re.compile(r"(?:os error|\[Errno|Os { code:) ?(\d+)")
_OWN = "give this user the right to read and write there, or run this as the owner"
_FREE = "free some space there and run the same again"

TOO_LARGE = "a file would be larger than this process may write"
_FAULTS = {
    errno.ENOSPC: ("the disk is full", _FREE),
    errno.EDQUOT: ("this user's share of the disk is used up", _FREE),
    errno.EROFS: ("the file system is read-only", "mount it for writing, or name another folder"),
    errno.EACCES: ("permission is denied", _OWN),
    errno.EPERM: ("permission is denied", _OWN),
    errno.EFBIG: (TOO_LARGE, "raise its limit (ulimit -f)"),
    errno.EMFILE: ("too many files are open", "raise the limit of this process (ulimit -n)"),
    errno.EIO: ("the disk cannot be read or written", "look into the system's log; the disk may be failing"),
    errno.ENOTDIR: ("a part of this path is a file", "name another folder"),
}


def number_of(error: BaseException) -> int | None:
    """The number of the system's error behind an error, of those that have a sentence here."""
    seen: BaseException | None = error
    while seen is not None:
        number = seen.errno if isinstance(seen, OSError) else None
        if number is None and (told := _NUMBER.search(str(seen))):
            number = int(told[1])
        if number in _FAULTS:
            return number
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return None


def sentence(error: BaseException, where: object, stays: str = "") -> str | None:
    """What a person has to know of a fault of the system; `None` for an error that is none."""
    number = number_of(error)
    if number is None:
        return None
    what, way = _FAULTS[number]
    return "; ".join(filter(None, (f"{where}: {what}", stays, way)))


@contextmanager
def named(where: Path, stays: str = "") -> Iterator[None]:
    """Raise faults of the system as `StorageError`. `where`: what is read and written; `stays`: what did not change."""
    try:
        yield
    except (SourceError, StorageError):  # these name another file
        raise
    except Exception as error:
        told = sentence(error, where, stays)
        if told is None:
            raise
        raise StorageError(told) from error
