"""Lists of what may be checked at random 随机抽查事项清单: items with objects, method, basis and departments."""

from __future__ import annotations

from xincha.kinds.kind import Fact, Kind, Row, no_summary
from xincha.rules import publicity


def headline(row: Row) -> str:
    """食品销售监督检查：对食品销售者主体资格的检查（一般检查事项）."""
    parts = [row.get("check_category"), row.get("item_name")]
    named = "：".join(part for part in parts if part) or row.get("item_code") or "抽查事项"
    return f"{named}（{row['item_kind']}）" if row.get("item_kind") else named


CHECK_ITEM = Kind(
    "check_item",
    table="check_items",
    letter="I",
    title="抽查事项",
    party=False,
    own=(
        Fact("item_code", "事项编码", number=True),
        Fact("check_category", "抽查类别", searched=True),
        Fact("item_name", "抽查事项", prose=True, searched=True),
        Fact("item_kind", "事项类别", category={}, doc="重点检查事项, 一般检查事项"),
        Fact("objects", "检查对象", prose=True, searched=True),
        Fact("method", "检查方式", "list", doc="现场, 书面, 网络"),
        Fact("basis", "检查依据", prose=True, searched=True, cites=True),
        Fact("lead", "检查主体", authority=True),
        Fact("partners", "配合部门", "list", joined=True, searched=True),
        Fact("level", "检查层级"),
        Fact("published_on", "公布日期", "date", happened=True),
        Fact("remark", "备注", prose=True),
    ),
    window=publicity.public_act,
    headline=headline,
    summary=no_summary,
    topic="inspections",
    columns=("item_name", "check_category", "item_kind", "objects", "method", "lead"),
)
