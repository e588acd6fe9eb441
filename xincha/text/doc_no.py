"""Numbers of official documents 文号: 厦市监罚〔2018〕12号, and the many ways to write the same.

Brackets may be 〔〕, （）, [], 【】 or <>, with spaces anywhere, 第 before the number, leading zeros in it, 号 missing.
Some authorities stand in brackets themselves: (德阳)应急罚〔2019〕15号. All spellings of a number have one key.

A cell may hold several: X〔2026〕307号；X〔2026〕308号, or in short X〔2026〕307、308号, or X〔2026〕307至309号.
"""

from __future__ import annotations

import re

from xincha.text.fold import fold

_OPEN, _CLOSE = r"[(<\"]", r"[)>\"]"
_YEAR = re.compile(rf"{_OPEN}((?:19|20)\d{{2}})年?{_CLOSE}年?")
_ZEROS = re.compile(r"(?<=\))(?:第|字|no\.?)*0*(?=\d)")
_END = re.compile(r"(?<=\d)号?(?:之)?$")


def doc_no_key(text: str) -> str:
    """The matching form of a document number; "" for an empty text.

    厦市监罚〔2018〕012 号, 厦市监罚（2018）第12号 and 厦市监罚[2018]12 are all `厦市监罚(2018)12号`. A text of another
    shape is folded, no more.
    """
    folded = _YEAR.sub(r"(\1)", fold(text))
    if "(" not in folded:
        return folded
    return _END.sub("号", _ZEROS.sub("", folded))


_APART = re.compile(r"[;；、，,\n]|(?<=[号號])(?:\s+|[和及与/|])")
_NUMBER = re.compile(r"(.*?)第?\d+(?:-\d+)?号?$")
_YEAR_FIRST = re.compile(rf"{_OPEN}(?:19|20)\d{{2}}年?{_CLOSE}")
_RUN = re.compile(r"(.*?\D)(\d{1,7})号?(?:至|到|~)(?:\1)?第?(\d{1,7})号?$")
_MOST_NUMBERS = 50
_LONGEST_CELL = 1000


def doc_no_keys(text: str) -> list[str]:
    """The keys under which a cell is found: its own, and where it holds several numbers, that of each."""
    whole = doc_no_key(text)
    numbers: list[str] = []
    office = front = ""
    for part in map(fold, _APART.split(text[:_LONGEST_CELL])):
        if not (number := _NUMBER.match(part)):
            continue
        if _YEAR_FIRST.match(number[1]):
            part, front = office + part, office + number[1]  # noqa: PLW2901
        elif number[1]:
            front = number[1]
            office = front[: year.start()] if (year := _YEAR_FIRST.search(front)) else front
        else:
            part = front + part  # noqa: PLW2901
        numbers += _each(part)
    keys = list(dict.fromkeys(map(doc_no_key, numbers[:_MOST_NUMBERS])))
    return list(dict.fromkeys([whole, *keys])) if len(keys) > 1 else [whole]


def _each(part: str) -> list[str]:
    """The numbers from one to another, where that is what a part says."""
    if not (run := _RUN.match(part)):
        return [part]
    first, last = int(run[2]), int(run[3])
    return [f"{run[1]}{number}号" for number in range(first, last + 1)] if 0 < last - first < _MOST_NUMBERS else [part]
