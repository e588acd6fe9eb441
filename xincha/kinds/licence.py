"""Administrative licences 行政许可: the fields of 双公示, and those of the national publicity system."""

from __future__ import annotations

from xincha.kinds.kind import COUNTERPARTY, Count, Counts, Fact, Kind, Row, State, Variants
from xincha.rules import publicity
from xincha.rules.window import Policy, Window

CATEGORIES = ("普通", "特许", "认可", "核准", "登记", "其他")
"""Categories of licence 许可类别 (行政许可法 article 12)."""


def window(row: Row, _policy: Policy) -> Window:
    """A licence is shown while it is valid, and for a year after it as expired."""
    return publicity.while_valid(row, ("valid_from_on", "decided_on"), "valid_until_on", "revoked")


def headline(row: Row) -> str:
    """食品经营许可证（JY13502000000000）：热食类食品制售."""
    named = row.get("licence_name") or row.get("document_name") or "行政许可"
    number = row.get("licence_no") or row.get("doc_no")
    title = f"{named}（{number}）" if number else named
    return f"{title}：{row['licence_content']}" if row.get("licence_content") else title


def summary(counts: Counts, _variants: Variants) -> str:
    """有效行政许可 2 项."""
    return f"有效行政许可 {counts['licence_valid']} 项" if counts["licence_valid"] else ""


LICENCE = Kind(
    "licence",
    table="licences",
    letter="L",
    title="行政许可",
    own=(
        *COUNTERPARTY,
        Fact("licence_name", "许可证书名称", searched=True),
        Fact("licence_no", "许可编号", number=True),
        Fact("document_name", "许可决定文书名称", searched=True),
        Fact("doc_no", "许可决定文书号", number=True),
        Fact("licence_category", "许可类别", "list", category={}),
        Fact("licence_content", "许可内容", prose=True, searched=True),
        Fact("valid_from_on", "有效期自", "date", happened=True),
        Fact("valid_until_on", "有效期至", "date", end=True),
        Fact("decided_on", "许可决定日期", "date", happened=True),
        Fact("authority", "许可机关", authority=True),
        Fact("authority_uscc", "许可机关统一社会信用代码", "code", "data"),
        Fact("data_source", "数据来源单位"),
        Fact("data_source_uscc", "数据来源单位统一社会信用代码", "code", "data"),
        Fact("current_state", "当前状态（原文）", shown="data"),
        Fact("revoked", "许可已失效", "flag", "lake", doc="撤销, 撤回, 吊销, 注销, 失效"),
        Fact("remark", "备注", prose=True),
    ),
    window=window,
    headline=headline,
    summary=summary,
    has="有有效的行政许可",
    has_state="valid",
    counts=(
        Count("licence", "行政许可（项）"),
        Count("licence_valid", "有效行政许可（项）", state="valid"),
    ),
    states={"valid": State("有效", "good"), "expired": State("已过期")},
    span=("valid_from_on", "valid_until_on"),
)
