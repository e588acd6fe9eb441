"""Administrative penalties 行政处罚: the 30 fields of 双公示."""

from __future__ import annotations

from xincha.kinds.kind import COUNTERPARTY, Count, Counts, Fact, Kind, Row, Variants, yuan
from xincha.rules import penalties


def headline(row: Row) -> str:
    """What was done, and what was imposed: 虚假宣传：警告、罚款 25,000 元."""
    fine = f"罚款 {yuan(row['fine_cny'])}" if row.get("fine_cny") else "罚款"
    types = [fine if each == "罚款" else each for each in row.get("penalty_types") or ()]
    if row.get("fine_cny") and fine not in types:
        types.append(fine)
    imposed = "、".join(types) or "处罚内容见详情"
    return f"{row['violation']}：{imposed}" if row.get("violation") else imposed


def summary(counts: Counts, _variants: Variants) -> str:
    """公示期内行政处罚 2 次，罚款合计 25,000 元，最近一次 2025-12-30."""
    if not counts["penalty"]:
        return ""
    fine = f"，罚款合计 {counts['fine_cny']:,.2f} 元".replace(".00 元", " 元") if counts["fine_cny"] else ""
    last = f"，最近一次 {counts['penalty_last_on']}" if counts["penalty_last_on"] else ""
    return f"公示期内行政处罚 {counts['penalty']} 次{fine}{last}"


PENALTY = Kind(
    "penalty",
    table="penalties",
    letter="P",
    title="行政处罚",
    own=(
        *COUNTERPARTY,
        Fact("doc_no", "行政处罚决定书文号", number=True, office="authority"),
        Fact("procedure", "案件程序", doc="简易程序 (on the spot) or 普通程序 (ordinary), by its column or its number"),
        Fact("violation", "违法行为类型", prose=True, searched=True, grouped=True),
        Fact("facts", "违法事实", prose=True, searched=True),
        Fact("basis", "处罚依据", prose=True, searched=True, cites=True),
        Fact("penalty_types", "处罚类别", "list", category={}),
        Fact("content", "处罚内容", prose=True, searched=True),
        Fact("fine_cny", "罚款金额（元）", "money", follows="content", alone=True),
        Fact("confiscated_cny", "没收金额（元）", "money", follows="content", alone=True),
        Fact("licence", "暂扣或吊销证照名称及编号", searched=True),
        Fact("decided_on", "处罚决定日期", "date", happened=True),
        Fact("effective_until_on", "处罚有效期", "date", end=True),
        Fact(
            "received_on",
            "收到日期",
            "date",
            "data",
            doc="pushed by who decided, received by who publishes",
        ),
        Fact("published_on", "公示日期", "date"),
        Fact("public_until_on", "公示截止期（文件所载）", "date", end=True),
        Fact("authority", "处罚机关", authority=True),
        Fact("authority_uscc", "处罚机关统一社会信用代码", "code", "data"),
        Fact("published_by", "公示机关", doc="who published it, where that is not who decided"),
        Fact(
            "out_of_town", "异地处罚", "flag", derived=True, doc="true: who decided sits in another city than the party"
        ),
        Fact("public_state", "公示状态", shown="data", doc="as published"),
        Fact("data_source", "数据来源单位"),
        Fact("data_source_uscc", "数据来源单位统一社会信用代码", "code", "data"),
        Fact("remark", "备注", prose=True),
        Fact("corrected_on", "更正日期", "date"),
        Fact("correction_reason", "更正原因", prose=True),
        Fact("withdrawn", "撤销", "flag", "lake", doc="撤销, 撤回"),
        Fact("withdrawal_reason", "撤销原因", shown="lake", prose=True),
        Fact("repaired_on", "修复日期", "date", "lake"),
        Fact("repaired", "信用修复", "flag", "lake"),
    ),
    window=penalties.penalty,
    headline=headline,
    summary=summary,
    has="有行政处罚",
    counts=(
        Count("penalty", "行政处罚（次）", risk="行政处罚 {}", listed="行政处罚"),
        Count("fine_cny", "罚款合计（元）", sums="fine_cny", listed="罚款合计"),
        Count("penalty_last_on", "最近处罚日期", latest=True, listed="最近处罚日期"),
    ),
    tone="past",
)
