"""Numbers of official documents 文号: 厦市监罚〔2018〕12号, and the many ways to write the same.

Brackets may be 〔〕, （）, [], 【】 or <>, with spaces anywhere, 第 before the number, leading zeros in it, 号 missing.
Some authorities stand in brackets themselves: (德阳)应急罚〔2019〕15号. All spellings of a number have one key.
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
