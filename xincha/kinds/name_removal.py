"""Removal of a name: 名称剔除 (Xiamen: the name is gone for good, only deregistration is left) and 除名 (Shenzhen,
Zhuhai: the entity goes on, and must liquidate). Two regimes, and never one."""

from __future__ import annotations

from xincha.kinds.kind import Count, Counts, Effect, Fact, Kind, Row, State, Variants
from xincha.rules import lists

REGIMES = ("名称剔除", "除名")
_TOLD = {"名称剔除": "名称已被剔除", "除名": "已被除名"}


def headline(row: Row) -> str:
    """名称自2018-09-10起被剔除：连续三年未报送年度报告."""
    since = f"自 {row['decided_on']} 起" if row.get("decided_on") else ""
    act = {"名称剔除": f"名称{since}被剔除", "除名": f"{since}被除名"}.get(
        row.get("regime") or "", f"{since}被剔除名称或者除名"
    )
    return f"{act}：{row['ground']}" if row.get("ground") else act


def summary(counts: Counts, variants: Variants) -> str:
    """名称已被剔除."""
    if not counts["name_removal"]:
        return ""
    return "、".join(_TOLD[name] for name in REGIMES if name in variants) or "名称已被剔除或者除名"


NAME_REMOVAL = Kind(
    "name_removal",
    table="name_removals",
    letter="D",
    title="名称剔除与除名",
    own=(
        Fact("regime", "处理方式", category={name: name for name in REGIMES}, doc="名称剔除 or 除名: as the file says"),
        Fact("ground", "事由", prose=True, searched=True),
        Fact("decided_on", "剔除或除名日期", "date", happened=True),
        Fact("decided_by", "作出决定机关", authority=True),
        Fact("doc_no", "决定书文号", number=True, office="decided_by"),
        Fact("basis", "法律依据", prose=True, searched=True),
        Fact("restored_on", "恢复日期", "date", event=True),
        Fact("restore_reason", "恢复原因", prose=True, searched=True),
    ),
    window=lists.name_removal,
    headline=headline,
    summary=summary,
    has="名称被剔除或被除名",
    has_state="name_removed",
    counts=(
        Count(
            "name_removal",
            "名称剔除与除名（次）",
            state="name_removed",
            risk="名称被剔除或被除名",
            tone="adverse",
            listed="名称剔除与除名",
        ),
    ),
    effects={
        "": Effect(
            "名称从登记簿上剔除或者被除名：原名称不再是登记的名称",
            "",
            "决定被撤销或者名称恢复为止；法规没有规定期限",
        )
    },
    states={"name_removed": State("已剔除或除名", "adverse"), "name_restored": State("已恢复")},
    span=("decided_on", "restored_on"),
    variant="regime",
    reworded={
        "名称剔除": {"剔除或除名": "剔除", "事由": "剔除事由"},
        "除名": {"剔除或除名": "除名", "事由": "除名事由"},
    },
)
