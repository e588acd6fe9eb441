"""Uploaded lists on their way: one folder each, one at work at a time, gone after the download or an hour later.

A list is matched by a process of its own (`xincha match`) under limits (`api.match.limits`): a broken workbook, or one
that takes all memory, ends that process and not the service, and searches do not wait for Python's lock. Nothing of a
list is kept but its files, in a temporary folder that only this user may read; nothing of it is logged. Whoever has the
identifier, 192 bits of chance, has the list.

A place is taken when a list is there, and a caller never has more than half of them. Callers take turns: the first list
of each is answered before the second of any.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from pydantic import SecretStr

from api.limits.costs import PER_LIST_ROW
from api.match.job import KEPT, Job, command_of, gone
from api.match.limits import ChildLimits, died_of, of_the_machine, wait
from api.match.processes import begin, warm
from xincha.errors import Busy, TooLarge
from xincha.lists.judgments import Judgment
from xincha.settings import Settings

if TYPE_CHECKING:
    from api.limits.asking import Asking

log = logging.getLogger("xincha.api")


MAX_WAITING = 8
"""Lists that wait or are at work at once; one caller has half of them at most."""

MAX_JUDGMENTS = 20_000
"""Rows of one list that a person may judge."""

MAX_KEPT = 32
"""Lists that are here at once, those that are done too; one caller has half of them at most."""

_KEPT_AT_LEAST = timedelta(minutes=10)
_KEPT_ONCE_SENT = timedelta(minutes=2)
_LONGEST_SECONDS = 1800
_PREFIX = "xincha-match-"
_STALE_SECONDS = 3 * 3600


class Jobs:
    """The lists of one application. Safe to share between threads; `close` removes all."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._jobs: dict[str, Job] = {}
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._root: Path | None = None
        self._worker: threading.Thread | None = None
        self._running: BaseProcess | None = None
        self._closed = False

    def check_room(self, asking: Asking | None = None) -> None:
        """Raise `Busy` where no further list would be taken now."""
        with self._lock:
            self._make_room(asking)

    @contextmanager
    def landing(self) -> Iterator[Path]:
        """A new file for a list that arrives; deleted in the end, unless it was moved."""
        with self._lock:
            path = self._folder() / f"arriving-{secrets.token_hex(16)}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def begin(self, name: str, suffix: str, columns: Mapping[str, str], asking: Asking | None = None) -> Job:
        """A place for a list of this name (its suffix decides how it is read), to be answered as a file of `suffix`.

        Raises `Busy` where there are too many. The list is then put at `job.list`, and `submit` or `remove` called.
        """
        with self._lock:
            self._make_room(asking)
            identifier = secrets.token_urlsafe(24)
            folder = self._folder() / identifier
            folder.mkdir(mode=0o700)
            out = folder / f"{Path(name).stem}.matched{suffix}"
            return self._jobs.setdefault(identifier, Job(identifier, folder, folder / name, out, columns, asking))

    def submit(self, job: Job) -> None:
        """Its list is there: answer it when it is its turn."""
        with self._lock:
            job.is_there = True
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="match", daemon=True)
                self._worker.start()
            self._changed.notify()

    def get(self, identifier: str) -> Job:
        """A list that is here; raises `NotFound`."""
        with self._lock:
            self._sweep()
            job = self._jobs.get(identifier)
        if job is None:
            raise gone()
        return job

    def position(self, job: Job) -> int:
        """How many lists are answered before it."""
        with self._lock:
            return next((at for at, other in enumerate(self._in_turn()) if other is job), 0)

    def judge(self, job: Job, judgments: Mapping[int, Judgment | None]) -> None:
        """Keep what a person says of rows; `None` takes back what was said. Raises `TooLarge` if it is too much."""
        with self._lock:
            changed = {**job.judgments, **judgments}
            kept = {row: judgment for row, judgment in changed.items() if judgment}
            if len(kept) > MAX_JUDGMENTS:
                raise TooLarge("judgments of one list", parameter="judgments", allowed=f"at most {MAX_JUDGMENTS:,}")
            job.judgments, job.changes = kept, job.changes + 1

    def write_again(self, job: Job) -> None:
        """Have the answer say all judgments, when it is its turn; nothing where it does."""
        with self._lock:
            if job.state == "done" and not job.is_written:
                job.error, job.state = None, "queued"
                self.submit(job)

    def remove(self, job: Job) -> None:
        """Stop it where it is at work, and remove everything of it."""
        with self._lock:
            self._jobs.pop(job.id, None)
            if job.state == "running" and self._running:
                self._running.kill()
            job.state = "failed"
        shutil.rmtree(job.folder, ignore_errors=True)

    def sent(self, job: Job) -> None:
        """Its answer was downloaded: keep it only as long as a broken download may be begun again."""
        job.expires_at = datetime.now(UTC) + _KEPT_ONCE_SENT

    def close(self) -> None:
        """Stop, and remove all lists."""
        self._closed = True
        for job in list(self._jobs.values()):
            self.remove(job)
        with self._lock:
            self._changed.notify()
        if self._worker:
            self._worker.join(timeout=10)
        if self._root:
            shutil.rmtree(self._root, ignore_errors=True)

    def _folder(self) -> Path:
        if self._root is None or not self._root.is_dir():
            _remove_stale()
            self._root = Path(tempfile.mkdtemp(prefix=_PREFIX))
        return self._root

    def _in_turn(self) -> list[Job]:
        """Lists that wait or are at work, in the order of their turn: that at work, then the first one of each caller,
        then the second ones; callers who came first are first."""
        here = [job for job in self._jobs.values() if job.state in ("queued", "running")]
        ranks: Counter[str | None] = Counter()
        placed = []
        for at, job in enumerate(sorted(here, key=lambda job: job.state != "running")):
            placed.append((job.state != "running", ranks[job.caller], at, job))
            ranks[job.caller] += 1
        return [job for *_, job in sorted(placed, key=itemgetter(0, 1, 2))]

    def _make_room(self, asking: Asking | None) -> None:
        """Raises `Busy` where no place is free, and no list failed or has been done for long."""
        self._sweep()
        jobs = list(self._jobs.values())
        waiting = sum(job.state in ("queued", "running") for job in jobs)
        early = datetime.now(UTC) + KEPT - _KEPT_AT_LEAST
        gone = [job for job in jobs if job.state == "failed" or (job.state == "done" and job.expires_at < early)]
        if len(jobs) >= MAX_KEPT and gone:
            self.remove(min(gone, key=lambda job: job.expires_at))
        if self._closed or waiting >= MAX_WAITING or len(self._jobs) >= MAX_KEPT:
            raise Busy("as many lists as are taken at once are here already; try again in some minutes")
        if asking and asking.caller:
            yours = [job for job in self._jobs.values() if job.caller == asking.caller]
            waiting = sum(job.state in ("queued", "running") for job in yours)
            if waiting >= MAX_WAITING // 2 or len(yours) >= MAX_KEPT // 2:
                raise Busy("as many lists as one caller may have at once are here already; remove one, or wait")

    def _sweep(self) -> None:
        now = datetime.now(UTC)
        for job in [job for job in self._jobs.values() if job.expires_at < now and job.state != "running"]:
            self.remove(job)

    def _work(self) -> None:
        """Answer lists, one at a time; remove those whose hour is over also while nobody asks."""
        warm()
        while not self._closed:
            with self._lock:
                job = next((each for each in self._in_turn() if each.is_there), None)
                if job is None:
                    self._sweep()
                    self._changed.wait(timeout=60)
                    continue
            self._answer(job)

    def _answer(self, job: Job) -> None:
        try:
            with self._lock:
                if job.id not in self._jobs:
                    return
                job.state = "running"
                running = begin(command_of(job), job.folder, self._environment(), ChildLimits.of(self._settings))
                self._running = running.process
            code = wait(running.process, _LONGEST_SECONDS)
            self._finish(job, code, _read(running.told), _read(running.said))
        except TimeoutError:
            self._fail(job, "这份名单用时太久，没有核对完。请分成几份再试。")
        except OSError as error:
            log.error("a list cannot be matched: %s", type(error).__name__)
            self._fail(job, "现在没有办法核对名单，请稍后再试。")
        finally:
            with self._lock:
                if self._running:
                    self._running.kill()
                    self._running.join()
                self._running = None

    def _finish(self, job: Job, code: int, told: bytes, said: bytes) -> None:
        if code == 0 and job.report:
            job.written, job.state = orjson.loads(told)["changes"], "done"
            return
        if code == 0:
            job.report = orjson.loads(told)
            if job.asking:
                job.asking.charge(PER_LIST_ROW * job.report["rows"])
            job.list.unlink(missing_ok=True)
            job.expires_at, job.state = datetime.now(UTC) + KEPT, "done"
            return
        lines = said.decode("utf-8", "replace").splitlines() if code == 2 else []
        reasons = [line.removeprefix("xincha: ") for line in lines if line.startswith("xincha: ")]
        if not reasons and job.id in self._jobs:
            log.error("matching a list ended with code %d", code)
        reason = reasons[-1] if reasons else died_of(code, said)
        if code == 2 and told.startswith(b"{"):
            job.unclear = orjson.loads(told)
        self._fail(job, of_the_machine(reason, job.folder) or reason)

    def _fail(self, job: Job, why: str) -> None:
        """One that was answered before stays as it was."""
        if not job.report:
            shutil.rmtree(job.folder, ignore_errors=True)
        job.error, job.state = why, "done" if job.report else "failed"

    def _environment(self) -> dict[str, str]:
        """That of this process, with the settings of this application; secrets come to the child as they did here."""
        plain = {name: value for name, value in self._settings if not isinstance(value, SecretStr)}
        return {
            **os.environ,
            **{f"XINCHA_{name.upper()}": "" if value is None else str(value) for name, value in plain.items()},
        }


def _read(file: Path) -> bytes:
    """What a process has written; nothing where it ended before, or its list was removed."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def _remove_stale() -> None:
    """What a service that was killed left behind: lists of persons unknown are nobody's to keep."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(folder)
