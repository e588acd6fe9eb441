"""Versions on disk: which exist, which are published, and who may write.

    <folder>/published.json            the published versions of all indices, and those before them
    <folder>/<index>-<version>/        the files of one version
    <folder>/write.lock                held by the process that builds or publishes

`published.json` is replaced in one step, so that a switch of several indices happens at once and a process killed at
any moment leaves the state before or after. What it does not name is a leftover: the next writer removes it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock, Timeout

from xincha.engine.contract import IndexName
from xincha.engine.embedded.index import wrapped
from xincha.engine.fields import INDICES
from xincha.engine.versioned import Published, State, Version, new_version
from xincha.errors import BuildFailed, EngineError
from xincha.faults import sentence

FORMAT = 2
_LOCKS = {".tantivy-writer.lock", ".tantivy-meta.lock"}
_PREFIXES = tuple(f"{index}-" for index in INDICES)

Stamp = tuple[int, int, int]


class EmbeddedStore:
    """The versions in one folder."""

    def __init__(self, folder: Path) -> None:
        self.where = f"embedded: {folder}"
        self._folder = folder
        self._published = folder / "published.json"
        self._path = str(self._published)

    def path(self, version: Version) -> Path:
        """The folder of a version."""
        return self._folder / version.name

    def stamp(self) -> Stamp | None:
        """Changes whenever something is published; `None` if nothing is. One system call: asked for each search."""
        try:
            status = os.stat(self._path)  # noqa: PTH116 - a Path would cost more than the call
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino, status.st_size

    def published(self) -> Published:
        """See `VersionStore.published`."""
        try:
            content = orjson.loads(self._published.read_bytes())
        except FileNotFoundError:
            return Published(self.where)
        except OSError as cause:
            raise EngineError(sentence(cause, f"embedded: {self._published}") or f"embedded: {cause}") from cause
        except ValueError as cause:
            raise self._damaged(cause) from cause
        if isinstance(content, dict) and content.get("format", FORMAT) != FORMAT:
            return Published(f"{self.where} (its versions are of another format)")
        try:
            present, *before = [{index: _version(each) for index, each in state.items()} for state in content["states"]]
        except (LookupError, TypeError, AttributeError, ValueError) as cause:
            raise self._damaged(cause) from cause
        return Published(self.where, present, before)

    def _damaged(self, cause: Exception) -> EngineError:
        way = "move it away, and run `xincha publish`, which makes the index anew from the lake"
        return EngineError(f"embedded: {self._published} is damaged ({type(cause).__name__}: {cause}); {way}")

    def publish(self, before: Published, states: Sequence[State]) -> None:  # noqa: ARG002 - nobody else has the lock
        """See `VersionStore.publish`."""
        content = [{index: asdict(version) for index, version in state.items()} for state in states]
        with wrapped("cannot publish", BuildFailed):
            write_whole(self._published, orjson.dumps({"format": FORMAT, "states": content}))

    def begin(self, index: IndexName) -> Version:
        """See `VersionStore.begin`."""
        version = new_version(index)
        with wrapped("cannot make a version", BuildFailed):
            self.path(version).mkdir()
        return version

    def copy(self, base: Version) -> Version:
        """See `VersionStore.copy`: the same files, linked. tantivy never writes into a file twice."""
        version = self.begin(base.index)
        with wrapped("cannot copy a version", BuildFailed):
            for path in self.path(base).iterdir():
                if path.name not in _LOCKS:
                    _link(path, self.path(version) / path.name)
        return version

    def check(self, versions: Iterable[Version]) -> None:
        """See `VersionStore.check`."""
        for version in versions:
            if not (self.path(version) / "meta.json").is_file():
                raise EngineError(f"embedded: version {version.version} of {version.index} is not there")

    def remove(self, version: Version) -> None:
        """See `VersionStore.remove`. Readers that have it open keep it."""
        shutil.rmtree(self.path(version), ignore_errors=True)

    def sweep(self, keep: set[str]) -> None:
        """See `VersionStore.sweep`."""
        named = self.published().versions().keys() | keep
        for path in self._folder.iterdir():
            if path.name.startswith(_PREFIXES) and path.name not in named:
                shutil.rmtree(path, ignore_errors=True)
            elif path.suffix == ".new":
                path.unlink(missing_ok=True)


class FolderLock:
    """The `WriterLock` of a folder: one of the operating system, which ends with its holder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder / "write.lock", timeout=0, thread_local=False)

    @property
    def locked(self) -> bool:
        """See `WriterLock.locked`."""
        return bool(self._lock.is_locked)

    def lock(self) -> None:
        """See `WriterLock.lock`."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout as cause:
            reason = f"embedded: another process is writing {self._folder}; try again when it has finished"
            raise BuildFailed(reason) from cause

    def check(self) -> None:
        """See `WriterLock.check`: it cannot be lost."""

    def unlock(self) -> None:
        """See `WriterLock.unlock`."""
        self._lock.release(force=True)


def _version(kept: Mapping[str, Any]) -> Version:
    """A version as it is kept; raises where that is not one."""
    version = Version(**kept)
    datetime.fromisoformat(version.published_at)
    if version.index not in INDICES or not isinstance(version.documents, int) or not isinstance(version.note, dict):
        raise ValueError(version.name)
    return version


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is whole or not there, also after the power fails."""
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
