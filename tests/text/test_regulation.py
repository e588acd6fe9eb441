"""Texts of law are read into their articles: the published ones, and made ones."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from xincha.text import regulation

MADE = """示例市场监督管理条例

2020年1月2日 示例市人民代表大会常务委员会通过
2023年5月6日 修正

第一章 总则
第一条 为了示例，制定本条例。
第二条　有下列情形之一的，处一万元以下罚款：
（一）甲；
（二）乙。
第二条之一 情节严重的，吊销许可证。
第二章 附则
第三条 本条例自2023年7月1日起施行。
"""


def test_articles_have_their_paragraphs_and_their_chapter() -> None:
    read = regulation.read(MADE)
    assert read is not None
    assert (read.title, read.version_on) == ("示例市场监督管理条例", date(2023, 5, 6))
    assert read.in_force_on == date(2023, 7, 1)
    assert [(each.number, each.chapter) for each in read.articles] == [
        ("1", "第一章 总则"),
        ("2", "第一章 总则"),
        ("2-1", "第一章 总则"),
        ("3", "第二章 附则"),
    ]
    assert read.articles[1].text == "有下列情形之一的，处一万元以下罚款：\n（一）甲；\n（二）乙。"


@pytest.mark.parametrize("text", ["", "行政处罚决定书\n第一条 甲\n", "示例条例\n没有条文", "名称,代码\n甲,乙\n"])
def test_what_is_no_text_of_law_is_none(text: str) -> None:
    assert regulation.read(text) is None


def test_every_article_of_the_published_texts_is_read(shared: Path) -> None:
    undated = 0
    for path in (shared / "data" / "regulations").glob("*.md"):
        text = path.read_text("utf-8")
        expected = re.findall(r"^第[一二三四五六七八九十百零]+条(?=[\s\u3000])", text, re.MULTILINE)
        read = regulation.read(text)
        if path.name == "EXCERPTS.md" or "200-204" in path.name:
            continue
        assert read is not None, path.name
        assert len(read.articles) == len(expected), path.name
        assert [each.number for each in read.articles] == [str(at) for at in range(1, len(expected) + 1)], path.name
        undated += (read.version_on or read.in_force_on) is None
    assert undated == 1  # the State Council's provisions on registered capital, whose text names no day
