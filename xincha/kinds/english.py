"""What kinds and figures declare in Chinese, in English: titles (`english_titles.py`), counts, words of registers.

Looked up by the Chinese, so that each stands once. What offices wrote themselves is not translated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xincha.kinds.english_titles import TITLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xincha.kinds.kind import Kind

_ENDINGS = {"（条）": " (records)", "（占比）": " (share)"}
"""What figures add to the title of a state."""

VALUES = {
    # registration states
    "存续": "in operation",
    "吊销未注销": "licence revoked, not deregistered",
    "吊销已注销": "licence revoked and deregistered",
    "责令关闭": "ordered to close",
    "注销": "deregistered",
    "强制注销": "compulsorily deregistered",
    "撤销": "registration withdrawn",
    "撤销设立登记": "registration of establishment withdrawn",
    "迁出": "moved away",
    "歇业": "business suspended",
    "名称剔除": "name struck",
    "除名": "removed from the register",
    "其他": "other",
    # types of entity
    "企业": "enterprise",
    "个体工商户": "individual business",
    "农民专业合作社": "farmers' cooperative",
    "分支机构": "branch",
    "外国企业常驻代表机构": "representative office of a foreign enterprise",
    # kinds of inspection
    "双随机抽查": "double-random inspection",
    "产品质量监督抽查": "product quality inspection",
    "认证监管抽查": "certification inspection",
    "食品抽查": "food inspection",
    "其他抽查": "other inspection",
    # types of penalty
    "警告": "warning",
    "通报批评": "circulated criticism",
    "罚款": "fine",
    "没收违法所得": "confiscation of illegal gains",
    "没收非法财物": "confiscation of illegal property",
    "暂扣许可证件": "licence suspended",
    "降低资质等级": "qualification lowered",
    "吊销许可证件": "licence revoked",
    "限制开展生产经营活动": "business activities restricted",
    "责令停产停业": "ordered to stop production or business",
    "限制从业": "restricted from employment",
    "行政拘留": "administrative detention",
    "其他行政处罚": "other administrative penalty",
}
"""Words of registers that the program itself assigns, and that are filters: as they stand in answers → in English."""


def english(title: str) -> str:
    """The English of a title, "" where there is none. «现仍列入（条）» is «Currently listed (records)»."""
    for ending, other in _ENDINGS.items():
        if title.endswith(ending) and title not in TITLES:
            stem = english(title.removesuffix(ending))
            return stem and stem + other
    return TITLES.get(title, "")


def english_of_count(words: str, number: object) -> str:
    """What stands against an entity: «行政处罚 {}» and 2 are «Administrative penalties 2»."""
    stem = words.removesuffix(" {}")
    return english(stem) + ("" if stem == words else f" {number}")


def reworded(kind: Kind) -> dict[str, dict[str, str]]:
    """`Kind.reworded` for English titles: value of `variant` → a whole title → the title in the words of that value."""
    titles = [*(fact.label or fact.title for fact in kind.facts), *(state.title for state in kind.states.values())]
    made: dict[str, dict[str, str]] = {}
    for variant, words in kind.reworded.items():
        pairs = ((title, replaced(title, words)) for title in titles)
        made[variant] = {english(title): english(other) for title, other in pairs if other != title and english(other)}
    return made


def replaced(text: str, words: Mapping[str, str]) -> str:
    """`text` with the first of `words` that is in it replaced: the longer ones stand first."""
    return next((text.replace(word, other) for word, other in words.items() if word in text), text)
