"""Versions on disk: which exist, which are published, and who may write.

    <folder>/published.json            the published versions of all indices, and those before them
    <folder>/<index>-<version>/        one version: tantivy's files, and version.json once it is complete
    <folder>/write.lock                held by the process that builds or publishes

`published.json` is replaced in one step, so that a switch of several indices happens at once and a process killed at
any moment leaves the state before or after. What it does not name is a leftover: the next writer removes it.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import orjson
from filelock import FileLock, Timeout

from xincha.engine.contract import IndexName
from xincha.engine.fields import INDICES
from xincha.errors import BuildFailed, EngineError

FORMAT = 1
_LOCKS = {".tantivy-writer.lock", ".tantivy-meta.lock"}
_ABOUT = "version.json"
_PREFIXES = tuple(f"{index}-" for index in INDICES)


@dataclass(frozen=True, slots=True)
class Version:
    """What is known of one complete version; kept in its folder."""

    index: IndexName
    version: str
    documents: int
    fingerprint: str
    note: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class State:
    """What is published: of each index its version, and since when (ISO 8601)."""

    versions: Mapping[IndexName, str] = field(default_factory=dict)
    since: Mapping[IndexName, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Published:
    """The content of `published.json`; `stamp` changes with every change of the file."""

    stamp: tuple[int, int, int]
    present: State
    before: tuple[State, ...]


class Store:
    """The versions in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._published = folder / "published.json"
        self._path = str(self._published)
        self._lock = FileLock(folder / "write.lock", timeout=0, thread_local=False)

    def path(self, index: IndexName, version: str) -> Path:
        """The folder of a version."""
        return self.folder / f"{index}-{version}"

    def stamp(self) -> tuple[int, int, int] | None:
        """Changes whenever something is published; `None` where nothing is. One system call: asked for each search."""
        try:
            found = os.stat(self._path)  # noqa: PTH116 - a Path would cost more than the call
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size

    def published(self) -> Published | None:
        """What is published; `None` where nothing is."""
        try:
            with self._published.open("rb") as file:
                found = os.fstat(file.fileno())
                content = orjson.loads(file.read())
        except FileNotFoundError:
            return None
        except ValueError as cause:
            raise EngineError(f"embedded: {self._published} is damaged: {cause}") from cause
        if content.get("format") != FORMAT:
            raise EngineError(f"embedded: {self._published} is of a format that this program does not know")
        present, *before = [State(**state) for state in content["states"]]
        return Published((found.st_mtime_ns, found.st_ino, found.st_size), present, tuple(before))

    def publish(self, states: list[State]) -> None:
        """Replace what is published, in one step; `states` begins with the present one."""
        write_whole(self._published, orjson.dumps({"format": FORMAT, "states": [asdict(state) for state in states]}))

    def about(self, index: IndexName, version: str) -> Version:
        """What is known of a complete version."""
        try:
            return Version(**orjson.loads((self.path(index, version) / _ABOUT).read_bytes()))
        except FileNotFoundError as cause:
            raise EngineError(f"embedded: there is no complete version {version} of {index}") from cause
        except (ValueError, TypeError) as cause:
            raise EngineError(f"embedded: version {version} of {index} is damaged: {cause}") from cause

    def complete(self, version: Version) -> None:
        """Mark a version as complete."""
        write_whole(self.path(version.index, version.version) / _ABOUT, orjson.dumps(asdict(version)))

    def begin(self, index: IndexName) -> str:
        """A new version with an empty folder."""
        version = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        self.path(index, version).mkdir()
        return version

    def snapshot(self, index: IndexName, base: str) -> str:
        """A new version that begins as `base`: the same files, linked. tantivy never writes into a file twice."""
        version = self.begin(index)
        source, target = self.path(index, base), self.path(index, version)
        for path in source.iterdir():
            if path.name not in _LOCKS and path.name != _ABOUT:
                _link(path, target / path.name)
        return version

    def remove(self, index: IndexName, version: str) -> None:
        """Remove a version's folder; readers that have it open keep it."""
        shutil.rmtree(self.path(index, version), ignore_errors=True)

    def lock(self) -> None:
        """Become the writer of this folder; `BuildFailed` while another process is."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire()
        except Timeout as cause:
            reason = f"embedded: another process is writing {self.folder}; try again when it has finished"
            raise BuildFailed(reason) from cause

    def unlock(self) -> None:
        """Let others write."""
        self._lock.release(force=True)

    @property
    def locked(self) -> bool:
        """Is this process the writer?"""
        return bool(self._lock.is_locked)

    def sweep(self, keep: set[str]) -> None:
        """Remove the folders that are neither published nor in `keep`; only for the writer."""
        published = self.published()
        states = (published.present, *published.before) if published else ()
        named = {f"{index}-{version}" for state in states for index, version in state.versions.items()}
        for path in self.folder.iterdir():
            if path.name.startswith(_PREFIXES) and path.name not in named | keep:
                shutil.rmtree(path, ignore_errors=True)
            elif path.suffix == ".new":
                path.unlink(missing_ok=True)


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
