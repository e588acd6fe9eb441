"""Articles of laws, regulations and rules 法律法规条文: what a basis cites, in the words of a text that is loaded."""

from __future__ import annotations

from xincha.kinds.kind import Fact, Kind, Row, no_summary
from xincha.rules import publicity


def headline(row: Row) -> str:
    """《中华人民共和国食品安全法》第124条（2021-04-29 的文本）."""
    version = row.get("version_on") or row.get("in_force_on")
    number, _, of = str(row.get("article_no") or "").partition("-")
    article = f"第{number}条" + (f"之{of}" if of else "")
    return f"《{row.get('law') or '法律法规'}》{article}" + (f"（{version} 的文本）" if version else "")


REGULATION = Kind(
    "regulation",
    table="regulations",
    letter="F",
    title="法律法规条文",
    party=False,
    own=(
        Fact("law", "法律法规名称", searched=True),
        Fact("article_no", "条", doc="24-1: 第二十四条之一"),
        Fact("chapter", "章节"),
        Fact("article_text", "条文", prose=True, searched=True, lines_kept=True),
        Fact("citation", "引用形式", "code", "data", cited=True, doc="食品安全法|124"),
        Fact("version_on", "版本日期", "date", happened=True),
        Fact("in_force_on", "施行日期", "date", event=True),
    ),
    window=publicity.regulation,
    headline=headline,
    summary=no_summary,
    topic="powers",
    columns=("law", "article_no", "chapter", "article_text", "version_on"),
)
