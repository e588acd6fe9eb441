"""List of serious violation 严重违法失信名单 (SAMR order 44), and the one before it (严重违法失信企业名单, until
2021-08-31)."""

from __future__ import annotations

from xincha.kinds.kind import Count, Counts, Effect, Fact, Kind, Row, State, Variants
from xincha.rules import lists

REGIMES = {"order83": "原国家工商行政管理总局令第83号", "order44": "国家市场监督管理总局令第44号"}
_NAMES = {"order83": "严重违法失信企业名单", "order44": "严重违法失信名单"}


def _act(regime: str | None) -> str:
    return f"列入{_NAMES.get(regime or '', '严重违法失信名单')}"


def headline(row: Row) -> str:
    """列入严重违法失信名单：生产销售不符合食品安全标准的食品，被吊销许可证."""
    act = _act(row.get("regime"))
    return f"{act}：{row['reason']}" if row.get("reason") else act


def summary(counts: Counts, variants: Variants) -> str:
    """现列入严重违法失信名单."""
    if not counts["serious"] and not counts["serious_now"]:
        return ""
    acts = "、".join(_act(name) for name in REGIMES if name in variants) or _act(None)
    return f"现{acts}" if counts["serious_now"] else f"曾{acts}，已移出"


SERIOUS = Kind(
    "serious",
    table="serious_listings",
    letter="S",
    title="严重违法失信",
    own=(
        Fact("reason", "列入原因", prose=True, searched=True),
        Fact("category", "列入类别", searched=True),
        Fact(
            "regime",
            "适用规定",
            shown="data",
            words=REGIMES,
            doc="order83: listed before 2021-09-01; order44: since",
        ),
        Fact("listed_on", "列入日期", "date", happened=True),
        Fact("listed_by", "作出列入决定机关", authority=True),
        Fact("list_doc_no", "列入决定文号", number=True, office="listed_by"),
        Fact("list_basis", "列入依据", prose=True, searched=True, cites=True),
        Fact("penalty_doc_no", "行政处罚决定书文号", number=True),
        Fact("until_on", "列入期限（文件所载）", "date", end=True),
        Fact("removed_on", "移出日期", "date", event=True),
        Fact("removal_reason", "移出原因", prose=True, searched=True),
        Fact("removed_by", "作出移出决定机关"),
        Fact("removal_doc_no", "移出决定文号", number=True, office="removed_by"),
        Fact("annulled_on", "撤销列入日期", "date", "lake", doc="it was an error, and leaves nothing"),
    ),
    window=lists.serious,
    headline=headline,
    summary=summary,
    has="现列入严重违法失信名单",
    has_state="listed",
    counts=(
        Count("serious", "严重违法失信（次）", listed="严重违法失信（合计）"),
        Count(
            "serious_now",
            "现列入严重违法失信名单（次）",
            state="listed",
            risk="现列入严重违法失信名单",
            tone="adverse",
            listed="严重违法失信（现在列）",
        ),
        Count(
            "serious_last_on",
            "严重违法失信列入日期（现列入）",
            state="listed",
            latest=True,
            listed="严重违法失信列入日期",
        ),
    ),
    effects={
        "": Effect(
            "违法行为性质恶劣、情节严重、社会危害较大并受到较重行政处罚的，列入这一名单（国家市场监督管理总局令第44号，据报道，未见条文）",
            "政府采购、工程招投标、国有土地出让、授予荣誉称号等依法予以限制或者禁入（《企业信息公示暂行条例》（2014年）第十八条）",
            "期满移出；列入满一年的，可以申请提前移出（国家市场监督管理总局令第44号，据报道，未见条文）",
        )
    },
    states={
        "listed": State("现仍列入", "adverse"),
        "removed": State("已移出"),
    },
    span=("listed_on", "removed_on"),
    variant="regime",
)
