"""A law, regulation or rule as text → its articles.

# 中华人民共和国行政处罚法                title, in the first lines, alone in its own
2021年1月22日 … 修订                     the days on which it was passed and changed; the last is the version's
## 第一章 总则                           parts, chapters, sections
第一条 为了规范行政处罚…                   articles; further paragraphs 款 are lines of their own
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from xincha.text import dates
from xincha.text.citations import NUMBER, arabic

LONGEST = 500_000
_MOST_HEAD = 30
_LEAST_ARTICLES = 2
_TITLE = re.compile(
    r"#{0,3}\s*([\u4e00-\u9fff《》〈〉（）()、]{3,60}(?:法|条例|规定|办法|细则|规则|决定|解释|意见|标准)(?:[（(][\u4e00-\u9fff\d]{1,20}[)）])?)"
)
_ARTICLE = re.compile(rf"\**第({NUMBER})条(?:之({NUMBER}))?\**(?:[\s\u3000：:]+(.*)|$)")
_BARE = re.compile(rf"({NUMBER})(?:-(\d{{1,3}}))?")
_CHAPTER = re.compile(rf"#{{0,6}}\s*(第{NUMBER}[编章节分][\s\u3000]*.{{0,40}})")
_PASSED = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_IN_FORCE = re.compile(r"自(\d{4}年\d{1,2}月\d{1,2}日)起(?:施行|实施)")
_MARK = re.compile(r"^<!--.*-->$|^\s*$")


class Article(NamedTuple):
    """One article: its number (24-1: 第二十四条之一), its text, a line for each paragraph, and the chapter it is in."""

    number: str
    text: str
    chapter: str


class Regulation(NamedTuple):
    """A text of law. `version_on`: the last day that stands above its articles; `in_force_on`: that of 自…起施行."""

    title: str
    version_on: date | None
    in_force_on: date | None
    articles: list[Article]


def read(text: str) -> Regulation | None:
    """The articles of a text of law; `None` where it has no title of one, or hardly an article."""
    lines = [line.strip() for line in text[:LONGEST].split("\n")]
    first = next((at for at, line in enumerate(lines) if _ARTICLE.match(line)), None)
    if first is None:
        return None
    head = [line for line in lines[:first] if line][:_MOST_HEAD]
    title = next((match[1] for line in head if (match := _TITLE.fullmatch(line))), None)
    articles = _articles(lines)
    if title is None or len(articles) < _LEAST_ARTICLES:
        return None
    days = [day for line in head for text in _PASSED.findall(line) if (day := dates.parse(text))]
    force = [match[1] for each in articles if (match := _IN_FORCE.search(each.text))]
    return Regulation(title, max(days, default=None), dates.parse(force[-1]) if force else None, articles)


def article_number(text: str) -> str | None:
    """第一百二十四条之一, 124-1, 第124条 → 124-1, 124; `None` for what is no number of an article."""
    match = _ARTICLE.match(text.strip()) or _BARE.fullmatch(text.strip())
    return arabic(match[1]) + (f"-{arabic(match[2])}" if match[2] else "") if match else None


def _articles(lines: list[str]) -> list[Article]:
    articles: list[Article] = []
    number, chapter = "", ""
    paragraphs: list[str] = []
    for line in [*lines, "第一条"]:
        found, heading = _ARTICLE.match(line), _CHAPTER.fullmatch(line)
        if found or heading:
            if number and paragraphs:
                articles.append(Article(number, "\n".join(paragraphs), chapter))
            number, paragraphs = "", []
        if found:
            number = arabic(found[1]) + (f"-{arabic(found[2])}" if found[2] else "")
            paragraphs = [found[3]] if found[3] else []
        elif heading:
            chapter = " ".join(heading[1].split())
        elif number and not _MARK.match(line):
            paragraphs.append(line)
    return articles
