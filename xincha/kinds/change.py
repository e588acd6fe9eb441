"""Changes of registered facts 变更信息: what was, what is, and since when. Names of people stand on one page alone."""

from __future__ import annotations

from xincha.kinds.kind import Count, Counts, Fact, Kind, Row, Variants
from xincha.rules import publicity
from xincha.text import alterations

_MOST = 40
"""Characters of a value in a line."""


def headline(row: Row) -> str:
    """名称变更：厦门示例甲有限公司 → 厦门示例乙有限公司; of people what was changed alone."""
    item = str(row.get("item") or "登记事项")
    item = item if "变更" in item else f"{item}变更"
    before, after = (_short(row.get(name)) for name in ("before", "after"))
    return f"{item}：{before or '（空）'} → {after or '（空）'}" if before or after else item


def _short(text: str | None) -> str:
    said = " ".join((text or "").split())
    return f"{said[:_MOST]}…" if len(said) > _MOST else said


def summary(_counts: Counts, _variants: Variants) -> str:
    """Nothing: that something was changed is neither good nor bad."""
    return ""


CHANGE = Kind(
    "change",
    table="alterations",
    letter="H",
    title="变更信息",
    own=(
        Fact("item", "变更事项", searched=True),
        Fact("change_kind", "变更类别", category={}, follows="item", doc="、".join(alterations.KINDS)),
        Fact("before", "变更前", prose=True, searched=True),
        Fact("after", "变更后", prose=True, searched=True),
        Fact("before_people", "变更前（人员）", shown="page", prose=True, doc="on the page of the entity alone"),
        Fact("after_people", "变更后（人员）", shown="page", prose=True, doc="on the page of the entity alone"),
        Fact("changed_on", "变更日期", "date", happened=True),
        Fact("authority", "登记机关", authority=True),
    ),
    window=publicity.change,
    headline=headline,
    summary=summary,
    has="有变更信息",
    counts=(Count("change", "变更信息（项）"),),
)
