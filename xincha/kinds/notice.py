"""Notices 公告 of offices and entities: plans and results of spot checks, listings, deregistration, 歇业, creditors."""

from __future__ import annotations

from xincha.kinds.kind import Count, Counts, Fact, Kind, Row, State, Variants
from xincha.rules import publicity
from xincha.text import notices


def headline(row: Row) -> str:
    """The title, else 简易注销公告 2026-01-05 至 2026-01-24."""
    if row.get("title"):
        return str(row["title"])
    days = [str(row[name]) for name in ("from_on", "to_on") if row.get(name)]
    return f"{row.get('notice_kind') or '公告'} {' 至 '.join(days)}".strip()


def summary(counts: Counts, _variants: Variants) -> str:
    """公告中 1 项."""
    return f"公告中 {counts['notice_running']} 项" if counts["notice_running"] else ""


NOTICE = Kind(
    "notice",
    table="notices",
    letter="G",
    title="公告",
    own=(
        Fact("notice_kind", "公告类型", category={}, doc="、".join(notices.KINDS)),
        Fact("title", "公告标题", prose=True, searched=True),
        Fact("doc_no", "公告文号", number=True),
        Fact("authority", "公告机关", authority=True),
        Fact("published_on", "公告日期", "date", happened=True),
        Fact("from_on", "公告期自", "date", happened=True),
        Fact("to_on", "公告期至", "date"),
        Fact("plan_no", "抽查计划编号", number=True, relates="plan"),
        Fact("task_no", "抽查任务编号", number=True, relates="task"),
        Fact("attachments", "附件", "list", searched=True),
        Fact("source_url", "原文网址"),
        Fact("text", "公告内容", prose=True, searched=True, detail=True),
        Fact("of_ids", "所属记录", "list", "data", derived=True, doc="the listing that it announces"),
    ),
    window=publicity.notice,
    headline=headline,
    summary=summary,
    has="有公告",
    counts=(
        Count("notice", "公告（项）"),
        Count("notice_running", "公告中（项）", state="notice_running", risk="公告中 {}"),
    ),
    states={"notice_running": State("公告中"), "notice_over": State("公告期满")},
    span=("from_on", "to_on"),
    topic="notices",
    columns=("title", "notice_kind", "authority", "published_on", "from_on", "to_on"),
)
