"""What the process that matches an uploaded list may use; beyond that it dies, and nothing else does.

The system holds the limits, so whatever a file makes of its reader they hold. Memory is counted as what the process
writes (`RLIMIT_DATA`): its address space (`RLIMIT_AS`) would count the index too, which is mapped and shared with the
service. Where a system knows no such limits (they are Linux's), the bounds of the readers are what there is.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from xincha.faults import TOO_LARGE
from xincha.settings import Settings

log = logging.getLogger("xincha.api")

ENVIRONMENT: Mapping[str, str] = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # the others reserve more than they use,
    "POLARS_MAX_THREADS": "2",  # as each thread does
    "RUST_BACKTRACE": "0",  # to make one takes memory; where there is none, it never ends
}
"""For the process."""

_FIRST_TO_GO = "800"
_LOOK_SECONDS = 5.0
_STILL_SECONDS = 120.0
"""A cluster that does not answer is waited for less long; a child process of its own that reads a workbook too."""
_TIME = {getattr(signal, "SIGXCPU", None)}


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Most that a process may take: bytes of memory that it writes, seconds of processor time, bytes of each file."""

    memory: int
    seconds: int
    output: int

    @classmethod
    def of(cls, settings: Settings) -> ChildLimits:
        """Those that an operator has set."""
        return cls(settings.upload_memory_mb << 20, settings.upload_seconds, settings.upload_output_mb << 20)

    def set(self) -> None:
        """Limit this process. The system ends it before others where memory is short, and searches go first."""
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, "ascii")
        try:
            from resource import RLIMIT_CORE, RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE, setrlimit
        except ImportError:
            return
        os.nice(10)
        for what, most in {
            RLIMIT_DATA: (self.memory, self.memory),
            RLIMIT_CPU: (self.seconds, self.seconds + 5),  # SIGXCPU says what it died of, SIGKILL would not
            RLIMIT_FSIZE: (self.output, self.output),
            RLIMIT_CORE: (0, 0),  # the list would be in it
        }.items():
            with suppress(OSError, ValueError):  # the service itself may use less
                setrlimit(what, most)


def of_the_machine(line: str, folder: Path) -> str | None:
    """What to tell of a fault of the disk, which the process names with the folder of the list; `None` for another."""
    if not line.startswith(f"{folder}:"):
        return None
    if TOO_LARGE in line:
        return "这份名单的核对结果太大，没有写完。请分成几份再试。"
    log.error("a list cannot be matched: %s", line.partition(": ")[2])
    return "现在没有办法核对名单，请稍后再试。"


def wait(process: BaseProcess, longest: float) -> int:
    """Wait for a process, and give the code that it ended with; one that does not move any more is ended.

    Raises `TimeoutError` after `longest` seconds.
    """
    end, moved, used = time.monotonic() + longest, time.monotonic(), ""
    while True:
        process.join(_LOOK_SECONDS)
        if process.exitcode is not None:
            return process.exitcode
        now, uses = time.monotonic(), _used(process.pid)
        if now > end:
            raise TimeoutError
        if uses != used:
            moved, used = now, uses
        elif now - moved > _STILL_SECONDS:
            process.kill()


def _used(pid: int | None) -> str:
    """The processor time of a process and of its children that have ended, as the system writes it."""
    with suppress(OSError):
        return " ".join(Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[11:15])
    return str(time.monotonic())  # this system does not tell


def died_of(code: int, said: bytes) -> str:
    """Why a process ended that has no sentence for it, to whom has sent the list; `code`, `said`: how it ended."""
    if -code in _TIME:
        return "这份名单用时太久，没有核对完。请分成几份再试。"
    if code < 0 or b"memory" in said:
        return "这份名单展开后太大，超过了可用的内存。请删去空白的行和列、分成几份，或另存为 CSV 再试。"
    return "没有办法核对这份名单。请另存为 CSV 或 XLSX 再试。"
