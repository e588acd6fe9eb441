"""Where the header is: below any title rows, the rows that name most columns that a source declares.

A header may have two or three rows, with groups above what they hold (行政相对人信息: 名称, 代码). A group runs over
the blank cells behind it; in a workbook it is a merged cell, which stands in all of its cells here. What the rows say
of a column becomes one name: what lies below alone, unless the group tells it apart (处罚机关: 名称, 代码).

Heads of lists of companies count too. Where no rows have two heads the first line that looks like a table is taken, so
that the error about an unknown kind can name what was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from indexer.headers import spellings
from indexer.list_heads import Role, is_head, role
from indexer.recognise import is_personal, known, meanings

LOOKED_AT = 30
"""Rows at the top in which the header is looked for: the longest title block seen has eight."""

_MOST_ROWS = 3
_LONGEST_TITLE = 300
_LONGEST_HEAD = 40
_ABOUT = re.compile(r"(?:基本|相关|登记|主体)?(?:信息|情况|内容|资料)$")
_BRACKET_AT_END = re.compile(r"\s*([(（【\[][^()（）【】\[\]]{0,12}[)）】\]])$")
_UNIT = re.compile(r"[(（]?(?:单位[:：]?)?(?:人民币)?[十百千万亿]*[元圆](?:人民币)?[)）]?")
_VALUE = re.compile(r"(?:名称|全称|姓名|名字|金额|数额|数值|数量|日期|时间)")
_GENERIC = re.compile(
    r"(?:单位|机构|机关|部门)?(?:名称|全称|姓名|代码|编[码号]|类[别型]|地址|日期|时间|状态|统一社会信用代码|社会信用代码|信用代码|组织机构代码)"
)
_OFFICE = re.compile(r"机关|部门|执法|来源|主办|经办|实施|监管|登记机构|发布|报送|填报")

Row = Sequence[str | None]


class Header(NamedTuple):
    """The rows `first` to `last` of a table are its header; `names`: what they say of each column."""

    names: Sequence[str | None]
    first: int
    last: int


def find_header(rows: Sequence[Row]) -> Header | None:
    """The header among the first rows of a table; `None` where all are blank."""
    top = rows[:LOOKED_AT]
    singles = [Header(row, at, at) for at, row in enumerate(top)]
    best = max(singles, key=_rank, default=None)
    if best is None:
        return None
    deeper = max((each for at in range(len(top)) for each in _deep(top, at)), key=_preferred, default=None)
    if deeper and _rank(deeper)[0] >= _rank(best)[0] and _tells_more(deeper, best):
        best = deeper
    heads, _ = _rank(best)
    if heads > 1 or (heads and (_filled(best.names) > 1 or max(map(_filled, top)) == 1)):
        return best
    several = [single for single in singles if _filled(single.names) > 1]
    some = [single for single in singles if _filled(single.names)]
    return next(iter(several or some), None)


def title_above(rows: Sequence[Row], header: Header) -> str:
    """What stands above the header of a table, its different cells joined."""
    cells = (" ".join(cell.split()) for row in rows[: header.first] for cell in row if cell)
    return " ".join(dict.fromkeys(cell for cell in cells if cell))[:_LONGEST_TITLE]


def _rank(header: Header) -> tuple[int, int]:
    """How many heads of a table there are, and how many of them are columns that some source declares."""
    cells = {cell for cell in header.names if cell}
    return sum(bool(known([cell])) or is_head(cell) for cell in cells), known([*cells])


def _preferred(header: Header) -> tuple[tuple[int, int], int]:
    return _rank(header), header.first - header.last  # a title above the groups adds nothing


def _filled(row: Row) -> int:
    return sum(1 for cell in row if cell and cell.strip())


def _tells_more(deeper: Header, single: Header) -> bool:
    """Whether rows together say something else than one row alone: another column, or the same of somebody else."""
    if _rank(deeper) > _rank(single):
        return True
    if not deeper.first <= single.first <= deeper.last:
        return False
    pairs = zip(deeper.names, single.names, strict=False)
    return any(_meaning(one or "") != _meaning(other or "") for one, other in pairs)


def _meaning(cell: str) -> object:
    whose, units = role(cell), [unit for _, unit in spellings(cell) if unit]
    return meanings(cell), whose if whose in (Role.THEM, Role.BUYER) else None, units[:1]


def _deep(rows: Sequence[Row], at: int) -> Iterator[Header]:
    """The headers of several rows that begin here."""
    names: Sequence[str | None] = rows[at]
    for depth in range(2, _MOST_ROWS + 1):
        if at + depth > len(rows):
            return
        lower = rows[at + depth - 1]
        width = max(len(names), len(lower))
        joined = _joined(_padded(names, width), _padded(lower, width))
        if joined is None:
            return
        names = joined
        yield Header(names, at, at + depth - 1)


def _padded(row: Row, width: int) -> list[str | None]:
    cells = [" ".join(cell.split()) if cell else None for cell in row]
    return [*(cell or None for cell in cells), *[None] * (width - len(row))]


def _joined(upper: Sequence[str | None], lower: Sequence[str | None]) -> list[str | None] | None:
    """What two rows of a header say together; `None` if the lower one is none of a header."""
    if _filled(lower) < 1 or any(cell and (len(cell) > _LONGEST_HEAD or not _says(cell)) for cell in lower):
        return None
    names: list[str | None] = []
    group, begins = None, 0
    for place, (above, below) in enumerate(zip(upper, lower, strict=True)):
        if above:
            group, begins = (above, place) if above != group else (group, begins)
        if not below:
            names.append(above)
        elif not (above or group) or (above or group) == below:
            names.append(below)
        elif (name := _name(above or group or "", below, is_group=_is_group(upper, lower, begins))) is None:
            return None
        else:
            names.append(name)
    return names


def _says(cell: str) -> bool:
    """Whether a cell holds a letter or a digit: signs alone are no head."""
    return any(map(str.isalnum, cell))


def _is_group(upper: Sequence[str | None], lower: Sequence[str | None], begins: int) -> bool:
    """Whether a cell of the upper row stands over several ones below, but not over all as a title does."""
    end = begins + 1
    while end < len(upper) and (upper[end] in (None, upper[begins])) and lower[end]:
        end += 1
    return 1 < end - begins < len([cell for cell in lower if cell] or upper) or (end - begins > 1 and begins > 0)


def _name(group: str, head: str, *, is_group: bool) -> str | None:  # noqa: PLR0911 - one rule after the other
    """The name of a column whose head stands below another one; `None` where it can be no head."""
    base, whole = _ABOUT.sub("", group), group + head
    unit = _BRACKET_AT_END.search(base)
    if unit:
        base = base[: unit.start()]
    end = f" {unit[1]}" if unit else ""
    if is_personal(whole) or is_personal(head):
        return whole if is_personal(whole) else head
    for joined in (whole, f"{base}{head}{end}"):
        if meanings(joined):
            return joined
    if _UNIT.fullmatch(head):
        return f"{group}({head.strip('()（）')})"
    bare = _BRACKET_AT_END.sub("", head)
    if role(base) in (Role.THEM, Role.BUYER) and not meanings(base):
        return f"{base}{head}{end}"
    of_group, of_head = meanings(base) or meanings(group), meanings(head)
    if _OFFICE.search(group) and _GENERIC.fullmatch(bare):
        return f"{base}{end}" if of_group and _VALUE.search(bare) else whole
    if of_group and _VALUE.fullmatch(bare) and not of_group & of_head:
        return f"{base}{head[len(bare) :]}{end}"
    if of_head:
        return head
    return whole if is_group else None
