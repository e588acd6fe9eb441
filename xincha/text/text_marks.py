"""What spreadsheets write so that a cell stays text: `="9135…"` and `'9135…` stand for 9135….

Without them a code of 18 digits becomes a number and loses its last three. `unmarked` is for whole cells, and for words
that a person copied out of one; `clean` and `fold` know nothing of it.
"""

from __future__ import annotations

import re

_SIGNS = "='`´‘’＇"
_MARKED = re.compile(r"""=\s*"(.*)"|=(\d{8,})|['`´‘’＇]([^'`´‘’＇]+)""", re.DOTALL)
_LONGEST = 500

MARKED = rf"^\s*[{_SIGNS}]"
"""Finds every text that `unmarked` may change, for regular expressions as in Polars."""


def unmarked(text: str) -> str:
    """The text without such marks; without outer space where it had some. A quotation (‘示例’商行) is none."""
    while (inner := text.strip())[:1] in _SIGNS and len(inner) <= _LONGEST and (marked := _MARKED.fullmatch(inner)):
        quoted, number, behind = marked.groups()
        text = (number or behind or (quoted or "").replace('""', '"')).strip()
    return text
