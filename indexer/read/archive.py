"""`.gz` and `.zip` → files in a temporary folder, one at a time, counted while they stream.

Nothing an archive says is believed: sizes are counted as bytes come out, names never become paths (a temporary file
has a name of ours; `safe_name` is for people to read). Refused, naming archive and member: more bytes than
`Limits.max_unpacked`, a ratio beyond `max_ratio`, more than `max_members`, encryption, damage, an archive inside an
archive.
"""

from __future__ import annotations

import gzip
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import IO

from indexer.read import Limits
from xincha.errors import StorageError, UnreadableFile
from xincha.faults import sentence

_CHUNK = 1 << 20
_DAMAGE = (zipfile.BadZipFile, EOFError, OSError, zlib.error, ValueError, NotImplementedError, RuntimeError)
ARCHIVES = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst")

Unpack = Callable[[], AbstractContextManager[Path]]
"""Gives the content of a file in an archive, for as long as the context is open."""


@dataclass(slots=True)
class Counted:
    """Bytes that came out of one archive so far, against what is allowed."""

    source_file: str
    packed: int
    limits: Limits
    unpacked: int = 0

    def read(self, stream: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
        """The content of a stream in pieces; `UnreadableFile` beyond the limits."""
        limits = self.limits
        while chunk := stream.read(_CHUNK):
            self.unpacked += len(chunk)
            if self.unpacked > limits.max_unpacked:
                raise UnreadableFile(
                    f"{self.source_file}: 解压后超过 {limits.max_unpacked >> 20} MiB。"
                    "如确需载入,请先解压,或调大 XINCHA_MAX_UNPACKED_MB。"
                )
            if self.unpacked > max(limits.ratio_from, self.packed * limits.max_ratio):
                raise UnreadableFile(
                    f"{self.source_file}: 压缩比超过 {limits.max_ratio} 倍,疑似压缩炸弹。如确认可信,请先解压再载入。"
                )
            yield chunk


def safe_name(name: str) -> str:
    """A member's name as it may be shown and stored: no absolute path, no `..`, no control or direction characters."""
    shown = "".join(c for c in name.replace("\\", "/") if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    parts = [part.strip() for part in shown.split("/")]
    return "/".join(part for part in parts if part not in ("", ".", "..") and not part.endswith(":"))[:240] or "未命名"


@contextmanager
def damage_named(source_file: str) -> Iterator[None]:
    """Errors of unpacking as `UnreadableFile`."""
    try:
        yield
    except _DAMAGE as error:
        if told := sentence(error, tempfile.gettempdir()):
            raise StorageError(told) from error
        raise UnreadableFile(
            f"{source_file}: 文件已损坏或不完整({type(error).__name__})。请重新下载或导出后再载入。"
        ) from error


def check_unpacked(path: Path, source_file: str, limits: Limits) -> None:
    """Raise `UnreadableFile` for a file of an office program, a ZIP of parts, that is damaged or unfolds beyond the
    limits."""
    counted = Counted(source_file, path.stat().st_size, limits)
    with damage_named(source_file), zipfile.ZipFile(path) as parts:
        for info in parts.infolist():
            with parts.open(info) as stream:
                for _ in counted.read(stream):
                    pass


@contextmanager
def gunzipped(path: Path, source_file: str, limits: Limits) -> Iterator[Path]:
    """The unpacked content of a `.gz`, for as long as the context is open."""
    with _unpacked(lambda: gzip.GzipFile(path), source_file, Counted(source_file, path.stat().st_size, limits)) as file:
        yield file


@contextmanager
def _unpacked(opened: Callable[[], IO[bytes] | gzip.GzipFile], source_file: str, counted: Counted) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(prefix="xincha-") as target:
        with damage_named(source_file), opened() as stream:
            target.writelines(counted.read(stream))
            target.flush()
        yield Path(target.name)


@contextmanager
def members(path: Path, source_file: str, limits: Limits) -> Iterator[list[tuple[str, Unpack]]]:
    """The files in a `.zip`, in the order of their names, each with what unpacks it."""
    with damage_named(source_file):
        archive = zipfile.ZipFile(path)
    with archive:
        files = [info for info in archive.infolist() if not info.is_dir()]
        if len(files) > limits.max_members:
            raise UnreadableFile(f"{source_file}: 压缩包内文件超过 {limits.max_members} 个。请先解压再载入。")
        counted = Counted(source_file, path.stat().st_size, limits)
        named = sorted(((_member_name(info), info) for info in files), key=itemgetter(0))
        yield [(name, partial(_member, archive, info, f"{source_file}/{name}", counted)) for name, info in named]


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, counted: Counted
) -> AbstractContextManager[Path]:
    if info.flag_bits & 1:
        raise UnreadableFile(f"{name}: 压缩包已加密。请去掉密码后再载入。")
    return _unpacked(lambda: archive.open(info), name, counted)


def _member_name(info: zipfile.ZipInfo) -> str:
    """The name as its maker wrote it: archives made on Chinese Windows hold GBK without saying so."""
    if not info.flag_bits & 0x800:
        for encoding in ("utf-8", "gb18030"):
            with suppress(UnicodeError):
                return safe_name(info.orig_filename.encode("cp437").decode(encoding))
    return safe_name(info.filename)
