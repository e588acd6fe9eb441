"""One uploaded list: its files, how far it is, what a person says of its rows, what `xincha` is asked to do for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import orjson

from xincha.errors import NotDone, NotFound
from xincha.limits import MAX_LIST_ROWS
from xincha.lists.judgments import Judgment, write_judgments

if TYPE_CHECKING:
    from api.limits.asking import Asking

T = TypeVar("T")
State = Literal["queued", "running", "done", "failed"]

KEPT = timedelta(hours=1)

_WRITING = "writing"
"""Name of the progress of an answer that is written again."""


@dataclass(slots=True)
class Job:
    """One list. `columns`: what is said of a company → the column that says it, where somebody has named it.

    `report` is that of `xincha match --json`; `unclear`: what it says instead where a person has to name a column.
    `changes`: how often `judgments` changed, `written`: of those that the answer says.
    """

    id: str
    folder: Path
    list: Path
    out: Path
    columns: Mapping[str, str]
    asking: Asking | None = None
    state: State = "queued"
    error: str | None = None
    report: dict[str, Any] = field(default_factory=dict)
    unclear: dict[str, Any] = field(default_factory=dict)
    judgments: dict[int, Judgment] = field(default_factory=dict)
    changes: int = 0
    written: int = 0
    is_there: bool = False
    expires_at: datetime = field(default_factory=lambda: datetime.now(UTC) + KEPT)

    @property
    def caller(self) -> str | None:
        """Whose list it is, as far as shares go."""
        return self.asking.caller if self.asking else None

    @property
    def rows(self) -> Path:
        """The answers as `xincha.lists.answer_log` reads them, once it is done."""
        return self.folder / "rows"

    @property
    def is_written(self) -> bool:
        """Whether its answer says all that a person has said."""
        return bool(self.report) and self.written == self.changes

    def from_log(self, read: Callable[[Path], T]) -> T:
        """What is read of the answers that are there; raises `NotDone` before, `NotFound` if the list went."""
        for path in (self.rows, self.out.with_name(f"{self.out.name}.part"), self.rows):  # it moves when all are there
            with suppress(FileNotFoundError):
                return read(path)
        if self.folder.is_dir():
            raise NotDone("no row of this list is answered yet: its progress says how far it is")
        raise gone()

    def progress(self) -> dict[str, Any]:
        """What is done of how much; empty before it begins."""
        first = _read_json(self.folder / "progress")
        return {**first, **_read_json(self.folder / _WRITING)} if self.report and self.state != "done" else first

    def judged(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Rows by what a person says of them; `counts`: by state."""
        said = list(self.judgments.values())
        confirmed = sum(judgment.entity_id is not None for judgment in said)
        waiting = counts.get("ambiguous", 0) - sum(judgment.waited for judgment in said)
        return {"confirmed": confirmed, "refused": len(said) - confirmed, "open": waiting}


def command_of(job: Job) -> list[str]:
    """What `xincha` is asked to do for a list: answer it, or write the answer again with what a person says of it."""
    if job.report:
        judgments = job.folder / "judgments"
        write_judgments(job.judgments, job.changes, judgments)
        command = ["write-again", str(job.rows), str(judgments)]
        options = {"out": str(job.out), "progress-file": str(job.folder / _WRITING)}
    else:
        command = ["match", str(job.list), "--json"]
        options = {"out": str(job.out), "progress-file": str(job.folder / "progress"), "rows-file": str(job.rows)}
        options |= {"most-rows": str(MAX_LIST_ROWS)}
        for name, column in job.columns.items():
            command += [f"--column={column}" if name == "name" else f"--field={name}={column}"]
    return command + [f"--{name}={value}" for name, value in options.items()]


def gone() -> NotFound:
    """What is told of a list that is not here any more."""
    return NotFound("there is no such list; lists are removed after the download, or an hour later")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        return orjson.loads(path.read_bytes())  # type: ignore[no-any-return]
    except (OSError, orjson.JSONDecodeError):
        return {}
