"""Where the header is: below any title rows, the first of the lines with most columns that a source declares.

Where no line has two known columns the first line that looks like a table is taken, so that the error about an unknown
kind can name what was found.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.recognise import known

LOOKED_AT = 30
"""Rows at the top in which the header is looked for: the longest title block seen has eight."""


def header_at(rows: Sequence[Sequence[str | None]]) -> int | None:
    """Index of the header in the first rows of a table; `None` where all are blank."""
    top = rows[:LOOKED_AT]
    scores = [known(row) for row in top]
    best = max(scores, default=0)
    if best >= 2:
        return scores.index(best)
    for index, row in enumerate(top):
        if scores[index] and sum(1 for cell in row if cell) > 1:
            return index
    filled = [sum(1 for cell in row if cell and cell.strip()) for row in top]
    several = [index for index, count in enumerate(filled) if count > 1]
    some = [index for index, count in enumerate(filled) if count]
    return next(iter(several or some), None)
