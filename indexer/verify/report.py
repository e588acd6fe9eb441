"""What `xincha verify` finds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

MOST = 20
"""Records that are named of one place."""


@dataclass(frozen=True, slots=True)
class Altered:
    """Something that is not as it was written. `where`: a file or place; `records`: identifiers, at most `MOST`."""

    where: str
    what: str
    records: Sequence[str] = ()


@dataclass(slots=True)
class VerifyReport:
    """`altered`: what differs; `notes`: what cannot be told, and why; `checked`: how much of what was looked at."""

    altered: list[Altered] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether nothing differs."""
        return not self.altered

    def differs(self, where: str, what: str, records: Iterable[str] = ()) -> None:
        """Something differs."""
        named = sorted(records)
        more = f" (and {len(named) - MOST} more)" if len(named) > MOST else ""
        self.altered.append(Altered(where, what + more, named[:MOST]))

    def note(self, text: str) -> None:
        """Say something once."""
        if text not in self.notes:
            self.notes.append(text)

    def count(self, what: str, number: int = 1) -> None:
        """So many of these were looked at."""
        self.checked[what] = self.checked.get(what, 0) + number

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"whole": self.whole, **asdict(self)}
