"""What differs between two answered lists: the output of an earlier `xincha match`, and that of a new one.

Both are CSV. Rows are the same where the cells of the list itself are; whoever moved a row, or left one out, gets no
false difference. Scores and the wording of reasons are no difference: what is said of a company is.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from xincha.errors import BadParameter

_FIRST, _LAST = "state", "候选主体"
"""What the heads of the first and of the last column of answers begin with; behind them stands what is loaded."""
_UNTOLD = ("得分", "理由")


@dataclass(frozen=True, slots=True)
class Difference:
    """One row. `row`: its place in the newer file (in the older one, if it is `gone`), from 1; `input`: its own cells;
    `fields`: head of an answer → what it was and what it is, empty where there was none."""

    row: int
    change: Literal["changed", "new", "gone"]
    input: Mapping[str, str]
    fields: Mapping[str, tuple[str, str]]


class _Row(NamedTuple):
    number: int
    own: Mapping[str, str]
    answers: Mapping[str, str]


Answers = Mapping[tuple[object, ...], _Row]
"""Rows by what they are."""


def differences(old: Answers, new: Answers) -> list[Difference]:
    """The rows of `new` that differ from those of `old`, in order, then those that are not there any more."""
    before, made = dict(old), list[Difference]()
    for key, row in new.items():
        earlier = before.pop(key, None)
        was = earlier.answers if earlier else {}
        fields = {
            head: (was.get(head, ""), value)
            for head, value in row.answers.items()
            if was.get(head, "") != value and (earlier is None or head in was)
        }
        if fields or earlier is None:
            made.append(Difference(row.number, "changed" if earlier else "new", row.own, fields))
    return made + [Difference(row.number, "gone", row.own, {}) for row in before.values()]


def answers(path: Path) -> Answers:
    """The rows of a file by their own cells; of equal ones by which of them each is.

    Raises `BadParameter` where it is not what `xincha match` has written as CSV.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    rows: dict[tuple[object, ...], _Row] = {}
    for number, (own, answers) in enumerate(_rows(path), 1):
        cells = tuple(own.values())
        rows[(seen[cells], *cells)] = _Row(number, own, answers)
        seen[cells] += 1
    return rows


def _rows(path: Path) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """The cells of each row that are the list's own, and those of its answers that count."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            head = next(reader, [])
            first = max((at for at, each in enumerate(head) if each.startswith(_FIRST)), default=-1)
            told = head[first:] if first >= 0 else []
            last = next((at for at, each in enumerate(told) if each.startswith(_LAST)), 0)
            if not last:
                raise _no_answers(path)
            counted = [each for each in told[: last + 1] if not each.startswith(_UNTOLD)]
            for cells in reader:
                row = dict(zip(head, cells, strict=False))
                yield {each: row.get(each, "") for each in head[:first]}, {each: row.get(each, "") for each in counted}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _no_answers(path) from error


def _no_answers(path: Path) -> BadParameter:
    return BadParameter(
        f"{path}: this is not what `xincha match` has written as CSV", parameter="--since", allowed="an earlier output"
    )
