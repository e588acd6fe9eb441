"""Records that are held back 暂停展示: hidden at once, whatever the law says of them, also in a service that runs.

A hold is what an operator does when somebody asks with reason that a record be not shown: it is wrong, it was ended
elsewhere, a decision is awaited. It has a reason, and may have an end. Holds are kept in one file, those that are over
too, as evidence; every search looks at that file, and every publish leaves out what is held.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from xincha.errors import BadParameter, HoldsUnreadable
from xincha.shared_file import SharedFile

LONGEST_REASON = 500
_MODE = 0o640
"""Who serves need not be who holds; a reason is for who runs it alone."""


@dataclass(frozen=True, slots=True)
class Hold:
    """One record that is, or was, held back. Times in UTC; `until`: the last day, in China, on which it is hidden."""

    record_id: str
    reason: str
    since: datetime
    until: date | None = None
    released_at: datetime | None = None

    def state(self, day: date) -> str:
        """`held`, `over` or `released`."""
        if self.released_at:
            return "released"
        return "over" if self.until and self.until < day else "held"


class Holds:
    """The holds in one file. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._file = SharedFile(path, "the holds", _parsed, HoldsUnreadable, _MODE)

    def listed(self) -> Sequence[Hold]:
        """All holds that there ever were, the oldest first."""
        return self._file.read()

    def on(self, day: date) -> frozenset[str]:
        """The records that are held back on a day; raises `HoldsUnreadable` rather than show one."""
        return frozenset(hold.record_id for hold in self._file.read() if hold.state(day) == "held")

    def hold(self, record_id: str, reason: str, until: date | None, day: date) -> Hold:
        """Hide a record from now on; one that is held already has another reason and end now.

        Raises `BadParameter` for an empty or overlong reason, and for an end that is past on `day`.
        """
        reason = " ".join(reason.split())
        if not reason or len(reason) > LONGEST_REASON:
            raise BadParameter(f"a hold needs a reason of at most {LONGEST_REASON} characters", parameter="--reason")
        if until and until < day:
            raise BadParameter(f"{until} is past: name a later day, or none", parameter="--until")
        made = Hold(record_id, reason, datetime.now(UTC), until)
        with self._file.changing():
            self._write([*self._without(record_id, day), made])
        return made

    def release(self, record_id: str, day: date) -> Hold:
        """End the hold of a record; raises `BadParameter` where it is not held."""
        with self._file.changing():
            held = next((each for each in self.listed() if _holds(each, record_id, day)), None)
            if held is None:
                raise BadParameter(f"{record_id} is not held: see `xincha holds`", parameter="RECORD")
            self._write(self._without(record_id, day))
        return replace(held, released_at=datetime.now(UTC))

    def _without(self, record_id: str, day: date) -> list[Hold]:
        """The holds, with the one of this record, if there is one, released."""
        now = datetime.now(UTC)
        return [replace(each, released_at=now) if _holds(each, record_id, day) else each for each in self.listed()]

    def _write(self, holds: Sequence[Hold]) -> None:
        rows = [{name: _text(value) for name, value in asdict(hold).items()} for hold in holds]
        self._file.write(json.dumps({"holds": rows}, ensure_ascii=False, indent=1))


def digest(records: Collection[str]) -> str:
    """What differs when other records are held back."""
    return hashlib.blake2b("\n".join(sorted(records)).encode(), digest_size=6).hexdigest()


def _holds(hold: Hold, record_id: str, day: date) -> bool:
    return hold.record_id == record_id and hold.state(day) == "held"


def _parsed(text: str | None) -> Sequence[Hold]:
    rows = () if text is None else json.loads(text)["holds"]
    return tuple(
        Hold(
            row["record_id"],
            row["reason"],
            datetime.fromisoformat(row["since"]),
            date.fromisoformat(row["until"]) if row.get("until") else None,
            datetime.fromisoformat(row["released_at"]) if row.get("released_at") else None,
        )
        for row in rows
    )


def _text(value: object) -> object:
    return value.isoformat() if isinstance(value, (date, datetime)) else value
