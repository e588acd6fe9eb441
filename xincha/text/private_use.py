"""Characters in the private places of GBK → the characters that they have had in Unicode since.

GBK, and GB 18030 before 2005, had characters that Unicode did not have yet: programs put them where everybody may put
what he likes, Chinese Windows at U+E78D to U+E864, and files with them are still made: `厦门辉贸易有限公司` is
厦门䶮辉贸易有限公司. The table is that of GB 18030-2022, annex D: bytes FE50 to FEA0, A6D9 to A6F3, A8BC, A8BF, A989 to
A995. What else stands in a private place says nothing: it is a lost character.
"""

from __future__ import annotations

from collections.abc import Mapping

_FIRST = 0xE815
_TRAILS = (*range(0x50, 0x7F), *range(0x80, 0xA1))
_LATER = "𠂇𠂉𠃌龴龵龶龷𡗗龸𢦏龹龺𤇾龻"
"""Those of FE50 to FEA0 that Python's codec, which is of 2000, leaves in their private places."""


def _characters() -> Mapping[int, int]:
    later = iter(_LATER)
    read = [bytes((0xFE, trail)).decode("gb18030") for trail in _TRAILS]
    known = [next(later) if 0xE000 <= ord(char) <= 0xF8FF else char for char in read]
    signs = zip(
        (*range(0xE78D, 0xE797), 0xE7C7, 0xE7C8, *range(0xE7E7, 0xE7F4)),
        (0xFE10, 0xFE12, 0xFE11, *range(0xFE13, 0xFE1A), 0x1E3F, 0x01F9, 0x303E, *range(0x2FF0, 0x2FFC)),
        strict=True,
    )
    return dict(signs) | {place: ord(char) for place, char in enumerate(known, _FIRST)}


CHARACTERS = _characters()
"""Place → character, both as code points."""
