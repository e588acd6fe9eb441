"""Restrictions of posts 任职限制 of who was in charge of an entity whose name was removed, and their release.

They are about persons: who it is stands on the page of the entity, as long as the restriction lasts, and nowhere else;
no search asks for it, no list and no file holds it.
"""

from __future__ import annotations

from xincha.kinds.kind import Count, Counts, Fact, Kind, Row, State, Variants
from xincha.rules import lists

RELEASES = {
    "1": "主体已注销",
    "2": "有证据表明申请人不负有个人责任",
    "3": "法律法规或者上级政策另有规定",
}
"""Cases of release 解除情形 (厦市监企监〔2018〕7号)."""


def headline(row: Row) -> str:
    """法定代表人自 2018-09-10 起任职受限，至 2021-09-10; never who it is."""
    since = f"自 {row['from_on']} 起" if row.get("from_on") else ""
    until = f"，至 {row['until_on']}" if row.get("until_on") else ""
    return f"{row.get('role') or '法定代表人、负责人'}{since}任职受限{until}"


def summary(counts: Counts, _variants: Variants) -> str:
    """任职限制期内 1 项."""
    return f"任职限制期内 {counts['post_restriction']} 项" if counts["post_restriction"] else ""


POST_RESTRICTION = Kind(
    "post_restriction",
    table="post_restrictions",
    letter="B",
    title="任职限制",
    own=(
        Fact("person", "受限人员", shown="page", doc="on the page of the entity alone"),
        Fact("role", "职务"),
        Fact("from_on", "限制起始日期", "date", happened=True),
        Fact("until_on", "限制截止日期", "date", end=True),
        Fact("imposed_by", "作出任职限制决定机关", authority=True),
        Fact("doc_no", "决定书文号", number=True, office="imposed_by"),
        Fact("ground", "事由", prose=True),
        Fact("released_on", "解除日期", "date", event=True),
        Fact("release_reason", "解除原因", prose=True),
        Fact("release_code", "解除情形", shown="data", words=RELEASES, follows="release_reason"),
        Fact("released_by", "解除机关"),
    ),
    window=lists.post_restriction,
    headline=headline,
    summary=summary,
    has="有任职限制",
    counts=(Count("post_restriction", "任职限制（项）", risk="任职限制 {}", tone="past"),),
    states={"restricted": State("限制期内", "adverse")},
    span=("from_on", "until_on"),
)
