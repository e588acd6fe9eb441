"""Citations of law in prose: which articles a basis names.

    《中华人民共和国食品安全法》第一百二十四条第一款第（五）项    食品安全法|124|1|5
    《示例条例》第二十四条之一                              示例条例|24-1
    …第一百二十五条第一款第（二）、（三）项                   …|125|1|2 and …|125|1|3
    《甲法》第三条、第五条第二款                             甲法|3, 甲法|5|2
    该法第十条; 同法第十条; 上述规定第十条                     of the law that was named last

A law is called by its name without 中华人民共和国 and without what a bracket says of its version (2021修订,
令第777号); 试行 and 暂行 are part of the name. A shorter name counts where the text itself defines it
(以下简称《食品法》). An article without a law is not read. Where a list of powers quotes
an article whole, the laws and articles that stand within its sentences are none of the basis: what follows it is read
where it begins anew, behind a space or the end of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

LONGEST = 50_000
_MOST = 200
"""Citations of a text; a basis names a few, and a list of powers quotes some dozens."""

_HAN = "〇零一二三四五六七八九十百千两"
NUMBER = rf"(?:[{_HAN}]{{1,9}}|\d{{1,4}})"
"""A number as laws write it, as a pattern."""
_LAW = re.compile(
    r"《(?P<name>[^《》\n]{2,60}(?:《[^《》\n]{1,40}》[^《》\n]{0,30})?)》(?:\s?[(（](?P<note>[^()（）\n]{0,60})[)）])?"
)
_ALIAS = re.compile(r"(?:以下|下)(?:均|统)?简?称(?:为)?[:：]?\s?[《“\"](?P<alias>[^《》“”\"\n]{2,40})[》”\"]")
_ARTICLE = re.compile(rf"第\s?(?P<article>{NUMBER})\s?条(?:之(?P<of>{NUMBER}))?")
_PARAGRAPH = re.compile(rf"\s?第?\s?(?P<number>{NUMBER})\s?款")
_ITEM = re.compile(rf"\s?第?\s?[(（]?\s?(?P<number>{NUMBER})\s?[)）]?\s?项")
_POINT = re.compile(rf"\s?第?\s?[(（]?\s?(?P<number>{NUMBER}|[a-z])\s?[)）]?\s?目")
_ITEM_OF_LIST = re.compile(rf"\s?第?\s?[(（]?\s?(?P<number>{NUMBER})\s?[)）]?\s?(?=[、,，和及至到])")
_AND = re.compile(r"\s?(?:[、,，和及]|以及)\s?")
_BROKEN = re.compile(r"违反[^\n]{0,2000}?(?=依据|根据|依照|按照|适用|\n|$)")
_COUNTRY = "中华人民共和国"
_NOTE = re.compile(r"\s?[(（][^()（）]{0,60}(?:年|修[订正改]|令|号|公告|施行|版)[^()（）]{0,30}[)）]$")
_QUOTED = re.compile(r"\s*[:：]?\s*(?=[^、,，。;；和及\s第《的之规])")
_BEGINS_BEHIND = " \t\n。；;…]】）).、"


Strength = Literal["item", "paragraph", "article", ""]


class Citation(NamedTuple):
    """One article of a law, or a part of it; "" for parts that are not named. `str` is its canonical form."""

    law: str
    article: str
    paragraph: str = ""
    item: str = ""
    point: str = ""

    def __str__(self) -> str:
        parts = [self.law, self.article, self.paragraph, self.item, self.point]
        while not parts[-1]:
            parts.pop()
        return "|".join(parts)

    @property
    def of_article(self) -> str:
        """The law and the article alone: 食品安全法|124."""
        return f"{self.law}|{self.article}"


def citations(text: str) -> list[Citation]:
    """The articles that a text names, in order, each once."""
    found: dict[Citation, None] = {}
    for each in _read(text[:LONGEST]):
        found[each] = None
        if len(found) == _MOST:
            break
    return list(found)


def liability(text: str) -> list[Citation]:
    """The articles by which something was imposed, of a basis that may name those that were broken beside them:
    违反《甲法》第三条，依据该法第九条 gives 甲法|9."""
    return citations(_BROKEN.sub(_last_law, text[:LONGEST]))


def _last_law(match: re.Match[str]) -> str:
    """What is left of a passage on what was broken: the law that it named last, for 该法 behind it."""
    laws = list(_LAW.finditer(match[0]))
    return laws[-1][0] if laws else ""


def law_name(name: str) -> str:
    """A law's name in the form in which laws are compared: 食品安全法."""
    plain = re.sub(r"\s", "", name).replace("（", "(").replace("）", ")")
    previous = ""
    while plain != previous:
        previous, plain = plain, _NOTE.sub("", plain)
    return plain.removeprefix(_COUNTRY)


def strength(one: Citation, other: Citation) -> Strength:
    """How far two citations name the same: `item`, `paragraph`, `article`, or "" where they do not.

    What one names and the other leaves out is the same as far as both go.
    """
    if one.of_article != other.of_article:
        return ""
    if one.paragraph and other.paragraph and one.paragraph != other.paragraph:
        return ""
    if one.item and other.item:
        same_paragraph = one.paragraph == other.paragraph
        return "item" if one.item == other.item and same_paragraph else ""
    return "paragraph" if one.paragraph and one.paragraph == other.paragraph else "article"


def _read(text: str) -> Iterator[Citation]:
    """Goes through laws and articles in the order in which they stand."""
    aliases: dict[str, str] = {}
    law = ""
    at = 0
    in_quote = False
    while at < len(text):
        match = _NEXT.search(text, at)
        if not match:
            return
        at = match.end()
        if in_quote and match.start() and text[match.start() - 1] not in _BEGINS_BEHIND:
            continue
        if match["law"]:
            in_quote = False
            named = _LAW.match(text, match.start())
            if named:
                at = named.end()
                law = aliases.get(law_name(named["name"]), law_name(named["name"]))
                defined = _ALIAS.match(text, at) or _ALIAS.match(text, at + 1) or _ALIAS.search(named["note"] or "")
                if defined:
                    aliases[law_name(defined["alias"])] = law
                    at = max(at, defined.end()) if defined.string is text else at
        elif match["article"] and law:
            parts, at = _parts(text, match.start(), law)
            yield from parts
            in_quote = bool(_QUOTED.match(text, at))


_NEXT = re.compile(rf"(?P<law>《)|(?P<article>第\s?{NUMBER}\s?条)")


def _parts(text: str, start: int, law: str) -> tuple[list[Citation], int]:
    """The citations that begin with the article at a place, and where they end."""
    match = _ARTICLE.match(text, start)
    if match is None:  # the pattern that led here is the beginning of this one
        return [], start + 1
    article = arabic(match["article"]) + (f"-{arabic(match['of'])}" if match["of"] else "")
    at, found = match.end(), []
    paragraph = item = ""
    while True:
        if part := _PARAGRAPH.match(text, at):
            paragraph, item, at = arabic(part["number"]), "", part.end()
        elif items := _items(text, at):
            numbers, at = items
            if point := _POINT.match(text, at):
                at = point.end()
                found.append(Citation(law, article, paragraph, numbers[0], arabic(point["number"])))
            else:
                found += [Citation(law, article, paragraph, number) for number in numbers]
            item = numbers[-1]
        else:
            break
        more = _AND.match(text, at)
        if more and (_PARAGRAPH.match(text, more.end()) or _items(text, more.end())):
            if not item:
                found.append(Citation(law, article, paragraph))
            at = more.end()
    if not item:
        found.append(Citation(law, article, paragraph))
    return found, at


def _items(text: str, at: int) -> tuple[list[str], int] | None:
    """The numbers of items 项 at a place, 第（二）、（三）项, and where they end; `None` where there are none."""
    numbers: list[str] = []
    while part := _ITEM_OF_LIST.match(text, at):
        more = _AND.match(text, part.end())
        if more is None or len(numbers) == _MOST:
            return None
        numbers.append(arabic(part["number"]))
        at = more.end()
    last = _ITEM.match(text, at)
    if last is None:
        return None
    return [*numbers, arabic(last["number"])], last.end()


def arabic(number: str) -> str:
    """The number of an article in figures: 一百二十四 → 124; what is none, as it stands."""
    if number.isascii():
        return number.lstrip("0") or "0"
    try:
        import cn2an  # compiles its patterns, and few texts need them

        return str(int(cn2an.cn2an(number.replace("〇", "零"), "smart")))
    except ValueError:
        return number
