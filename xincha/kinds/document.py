"""Documents as full text 文书全文: decisions on penalties, on lists, and orders, as they were published."""

from __future__ import annotations

from collections.abc import Mapping

from xincha.kinds.kind import Count, Counts, Fact, Kind, Row, Variants
from xincha.rules import penalties
from xincha.rules.window import Policy, Window, day_of
from xincha.text import decision, money
from xincha.text.codes import penalty_types


def window(row: Row, policy: Policy) -> Window:
    """A document that belongs to no record: what its own words make of it as a penalty; else it is not shown.

    One that belongs to a record is shown as long as that is (`indexer.belonging`).
    """
    if row.get("document_kind") in decision.ON_PENALTIES:
        content = row.get("content")
        said = str(content) if content else None
        imposed = {
            "penalty_types": penalty_types(said) if said else None,
            "fine_cny": money.fine_in(said),
            "confiscated_cny": money.confiscated_in(said),
        }
        return penalties.penalty({**row, **imposed}, policy)
    begin = day_of(row, "published_on") or day_of(row, "decided_on")
    return Window(begin, withheld="alone", rule="没有对应的记录，无从得知是否仍在公示期内，文书不予展示")


def headline(row: Row) -> str:
    """行政处罚决定书（厦市监罚〔2026〕1号）：罚款 25,000 元."""
    title = row.get("title") or row.get("document_kind") or "文书"
    numbered = f"{title}（{row['doc_no']}）" if row.get("doc_no") else title
    return f"{numbered}：{row['violation']}" if row.get("violation") else numbered


def summary(_counts: Counts, _variants: Variants) -> str:
    """Nothing: what a document is about is said by its record."""
    return ""


def sections(row: Row) -> list[Mapping[str, str]]:
    """The text in its parts, as `decision.sections` has them."""
    return [part._asdict() for part in decision.sections(row["text"])] if row.get("text") else []


DOCUMENT = Kind(
    "document",
    table="documents",
    letter="W",
    title="文书全文",
    own=(
        Fact("party_kind", "行政相对人类别", shown="data", doc="法人及非法人组织, 个体工商户, 自然人"),
        Fact("legal_rep", "法定代表人", shown="data"),
        Fact("document_kind", "文书类型", category={}, doc="、".join(decision.KINDS)),
        Fact("title", "文书标题", prose=True, searched=True),
        Fact("doc_no", "文书号", number=True),
        Fact("authority", "作出机关", authority=True),
        Fact("violation", "案由", prose=True, searched=True),
        Fact("basis", "处罚依据", prose=True, cites=True),
        Fact("content", "处罚内容", prose=True, label="决定内容"),
        Fact("decided_on", "决定日期", "date", happened=True),
        Fact("published_on", "公示日期", "date"),
        Fact("public_until_on", "公示截止期（文件所载）", "date", end=True),
        Fact("source_url", "原文网址"),
        Fact("format", "文件格式", shown="data"),
        Fact("pages", "页数", "count"),
        Fact("masks", "已隐去", "list", doc="what was masked in the text, and how often"),
        Fact("text_sha256", "全文摘要值（SHA-256）", "code", "data", doc="of the masked text"),
        Fact("original_sha256", "原件摘要值（SHA-256）", "code", "data", doc="of the file as delivered"),
        Fact("text", "全文", prose=True, searched=True, lines_kept=True, detail=True),
        Fact("of_ids", "所属记录", "list", "data", derived=True, doc="records that it is the text of"),
        Fact(
            "sections",
            "章节",
            "lines",
            "data",
            derived=True,
            detail=True,
            made=sections,
            lines=(Fact("anchor", "锚点"), Fact("title", "名称"), Fact("text", "内容")),
        ),
    ),
    window=window,
    headline=headline,
    summary=summary,
    has="有文书全文",
    counts=(Count("document", "文书全文（份）"),),
)
