"""The five kinds of check 抽查检查 that the national system shows, by the words of titles, names and types.

双随机 is said of how somebody was drawn, so it goes before what is checked: a double random check of food is one of the
first kind, a sampling of food 食品抽检 one of the fourth. A text that says none of them tells no kind.
"""

from __future__ import annotations

import re

from xincha.text.fold import fold

RANDOM, PRODUCT, CERTIFICATION, FOOD, OTHER = (
    "双随机抽查", "产品质量监督抽查", "认证监管抽查", "食品抽查", "其他抽查",
)  # fmt: skip
KINDS = (RANDOM, PRODUCT, CERTIFICATION, FOOD, OTHER)

_LONGEST = 500
_WORDS = tuple(
    (kind, re.compile(words))
    for kind, words in (
        (RANDOM, r"双随机|不定向|定向|随机抽查"),
        (OTHER, r"其[他它](?:监督|专项|日常)?(?:抽查|检查)"),
        (CERTIFICATION, r"(?:认证|ccc|检验检测机构).{0,12}(?:抽查|检查|监管)"),
        (FOOD, r"(?:食品|食用农产品|餐饮?具)(?:安全)?(?:监督)?(?:抽样|抽检)|(?:食品|食用农产品)(?:安全监督|监督)?抽查"),
        (PRODUCT, r"(?:产品|商品|质量).{0,10}(?:抽查|抽检|抽样)"),
    )
)


def check_kind(text: str) -> str | None:
    """Which of `KINDS` a text says; None where it says none."""
    folded = fold(text[:_LONGEST])
    return next((kind for kind, words in _WORDS if words.search(folded)), None)
