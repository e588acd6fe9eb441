"""What a person says of the answers to a list: which entity a row means, or that it is none of those offered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import orjson


class Judgment(NamedTuple):
    """The entity that a person has confirmed, and its name; both are `None` where none is meant.

    `waited`: whether the answer waited for a person.
    """

    entity_id: str | None
    name: str | None
    waited: bool


Judgments = Mapping[int, Judgment]
"""By the place of the row in the list, from 1."""


def write_judgments(judgments: Judgments, changes: int, path: Path) -> None:
    """Keep them in a file, from which another process reads them; `changes`: how often they changed until then."""
    rows = [[row, *judgment] for row, judgment in judgments.items()]
    path.write_bytes(orjson.dumps({"changes": changes, "rows": rows}))


def read_judgments(path: Path) -> tuple[Judgments, int]:
    """Those of such a file, and how often they had changed."""
    told = orjson.loads(path.read_bytes())
    return {row: Judgment(*values) for row, *values in told["rows"]}, told["changes"]
