"""The data folder as the system sees it, looked at before anything is opened: is it there, mounted, and ours to use?

A folder that belongs to somebody else shows itself late and in many ways: "nothing is published" to who only searches,
a permission error of some file to who loads. `require` says it first, naming the folder, its owner and the user.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from xincha.errors import SettingsError
from xincha.settings import Settings

Use = Literal["search", "read", "write"]

MOUNTS = Path("/proc/self/mountinfo")


def require(settings: Settings, use: Use) -> None:
    """Raise `SettingsError` where `XINCHA_DATA` cannot be used.

    `search`: the published index is read, `read`: the lake is, `write`: both are written. A folder that is not there is
    one in which nothing has been loaded yet, unless it has to be a mount (`XINCHA_DATA_MOUNTED`).
    """
    if use == "search" and settings.engine != "embedded":
        return
    folder = settings.data.absolute()
    if settings.data_mounted and not _mounted(folder):
        raise SettingsError(
            f"XINCHA_DATA: nothing is mounted at {folder}, so what is loaded would be lost with the container: "
            f"mount a volume there (-v xincha:{folder}), or say XINCHA_DATA_MOUNTED=false"
        )
    for path, rights in _needed(settings, write=use == "write"):
        fault = _fault(path, rights)
        if fault:
            raise SettingsError(f"XINCHA_DATA: {fault}")


def _needed(settings: Settings, *, write: bool) -> Iterator[tuple[Path, int]]:
    """Each folder that is used, from the root on, with what must be allowed there (as of `os.access`)."""
    folder = settings.data.absolute()
    for path in reversed(folder.parents):
        yield path, os.X_OK
    if write and not folder.exists():
        yield next(path for path in folder.parents if path.exists()), os.W_OK | os.X_OK
    for path in (folder, settings.lake.absolute(), settings.index.absolute()):
        yield path, os.R_OK | os.X_OK | (os.W_OK if write else 0)


def _fault(path: Path, rights: int) -> str:
    """Why this process has not these rights to the folder, if it is there; else an empty text."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"{path} cannot be read ({error.strerror})"
    if not stat.S_ISDIR(found.st_mode):
        return f"{path} is a file, and not a folder"
    if os.access(path, rights, effective_ids=True):
        return ""
    if rights & os.W_OK and os.statvfs(path).f_flag & os.ST_RDONLY:
        return f"{path}: the file system is read-only; mount it for writing, or name another folder"
    user, group = os.geteuid(), os.getegid()
    return (
        f"{path}: permission is denied; it belongs to {_name(found.st_uid, found.st_gid)}, "
        f"mode {stat.S_IMODE(found.st_mode):04o}, and user {_name(user, group)} has to "
        f"{'write' if rights & os.W_OK else 'read'} there: give it to that user "
        f"(chown -R {user}:{group} of what is mounted or lies there), or run this as the owner"
    )


def _name(user: int, group: int) -> str:
    """`1000:1000`, and the user's name where the system knows it."""
    import pwd

    try:
        return f"{user}:{group} ({pwd.getpwuid(user).pw_name})"
    except KeyError:
        return f"{user}:{group}"


def _mounted(folder: Path) -> bool:
    """Whether the folder lies in another mount than the root; true where the system does not tell.

    Not `os.path.ismount`, which does not see a folder that is mounted from the same file system.
    """
    try:
        points = set(_mount_points(MOUNTS.read_text("utf-8", "replace")))
    except OSError:
        return True
    real = folder.resolve()
    return any(str(path) in points for path in (real, *real.parents) if path != path.parent)


def _mount_points(mountinfo: str) -> Iterator[str]:
    """The fifth field of each line; spaces and the like are written as three octal digits."""
    for line in mountinfo.splitlines():
        fields = line.split(" ")
        if len(fields) > 4:
            yield re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4])
