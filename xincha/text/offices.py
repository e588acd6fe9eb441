"""Names of offices, as far as two spellings are one: 市监局, 市场监管局 and 市场监督管理局; before 2018 工商局."""

from __future__ import annotations

import re

from xincha.text.fold import fold
from xincha.text.remember import remembered

_MARKET = re.compile("市场监(?:督)?管理?局?|市监局?|工商行政管理局|工商局")


@remembered(1 << 12)
def office_key(office: str) -> str:
    """The matching form of an office's name."""
    return _MARKET.sub("市监局", fold(office))
