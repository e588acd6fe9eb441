"""Names of offices, as far as two spellings are one: 市监局, 市场监管局 and 市场监督管理局; before 2018 工商局."""

from __future__ import annotations

import re

from xincha.text.fold import fold
from xincha.text.remember import remembered

_BEGINS = re.compile(r"(.{2,30}?(?:局|委员会|委|厅|总队|支队))((?:关于|开展|20\d\d|第|双随机|年度).{2,})")
_MARKET = re.compile("市场监(?:督)?管理?局?|市监局?|工商行政管理局|工商局")


@remembered(1 << 12)
def office_key(office: str) -> str:
    """The matching form of an office's name."""
    return _MARKET.sub("市监局", fold(office))


def office_and_rest(title: str) -> tuple[str | None, str | None]:
    """The office with whose name a title begins, and what follows it: 示例市市监局, 2026年抽查."""
    found = _BEGINS.fullmatch(title)
    return (found[1], found[2]) if found else (None, title or None)


def same_office(one: str, other: str) -> bool:
    """Whether two names are of one office, the shorter without the province or city that the longer begins with."""
    keys = sorted((office_key(one), office_key(other)), key=len)
    return bool(keys[0]) and keys[1].endswith(keys[0])
