"""Lists of abnormal operation 经营异常名录: entry and removal, in one row or in rows (and files) of their own; for an
individual business 个体工商户 a mark 标记, and the return to normal. Fills `abnormal_listings`.

A row needs a party (name or code) and a date of listing or of removal, or a reason for either. The key of a row is
party, date of listing and reason. A row about a removal that does not state when the party was listed has a key of
its own (party and date of removal) and `listed_on` null: who merges rows closes the open listing of that party with it.
"""

from __future__ import annotations

from indexer.sources.declare import PARTY_COLUMNS, Source, column
from indexer.tables import ABNORMAL_LISTINGS

ABNORMAL = Source(
    kind="abnormal",
    title="经营异常名录",
    table=ABNORMAL_LISTINGS,
    columns={
        **PARTY_COLUMNS,
        "reason": column(
            "列入经营异常名录原因", "speCause_CN", "列入原因", "列入事由", "列入经营异常名录事由",
            "列入经营异常名录的原因", "列异原因", "异常原因", "列入异常名录原因", "列入经营异常原因", "经营异常原因",
            "标记经营异常状态原因", "标记原因", "标记为经营异常状态原因", "标记异常原因", "speCause", "reason",
        ),
        "listed_on": column(
            "列入日期", "abntime", "列入时间", "列入经营异常名录日期", "列入经营异常名录时间", "列异日期", "列异时间",
            "列入异常名录日期", "列入异常日期", "标记日期", "标记时间", "标记经营异常状态日期",
            "标记为经营异常状态日期", "异常日期", "listed_on",
        ),
        "listed_by": column(
            "作出决定机关(列入)", "decOrg_CN", "列入机关", "列入决定机关", "作出列入决定机关", "列入作出决定机关",
            "作出决定机关", "标记机关", "列异机关", "决定机关", "列入决定机关名称", "作出列入决定机关名称",
            "标记决定机关", "decOrg",
        ),
        "list_doc_no": column(
            "列入决定书文号", "列入文号", "列入决定文号", "列异文号", "列入决定书编号", "决定书文号", "文号",
        ),
        "removed_on": column(
            "移出日期", "remDate", "移出时间", "移出经营异常名录日期", "移出经营异常名录时间", "移异日期", "恢复日期",
            "恢复正常记载状态日期", "恢复正常日期", "恢复时间", "removed_on",
        ),
        "removal_reason": column(
            "移出经营异常名录原因", "remExcpRes_CN", "移出原因", "移出事由", "移出经营异常名录事由", "移异原因",
            "恢复原因", "恢复正常记载状态原因", "恢复正常原因", "remExcpRes",
        ),
        "removed_by": column(
            "作出决定机关(移出)", "reDecOrg_CN", "移出机关", "移出决定机关", "作出移出决定机关", "移出作出决定机关",
            "恢复机关", "恢复决定机关", "移异机关", "reDecOrg",
        ),
        "removal_doc_no": column("移出决定书文号", "移出文号", "移出决定文号", "移异文号", "移出决定书编号"),
    },
    required=(
        ("party_name", "party_uscc", "party_reg_no", "party_code"),
        ("listed_on", "removed_on", "reason", "removal_reason"),
    ),
    marks=("reason", "listed_on", "removed_on", "removal_reason", "listed_by", "removed_by"),
    strangers=(
        "serILLRea_CN", "列入严重违法失信名单原因", "列入严重违法失信企业名单原因",
        "列入严重违法失信名单(黑名单)原因", "serILLRea", "列入严重违法失信名单日期",
    ),
    seconds={"listed_by": "removed_by"},
    ignored=(
        "busExcList", "列入记录ID", "pripid", "主体身份代码", "序号", "编号", "id", "法定代表人", "法定代表人(负责人)",
        "负责人", "经营者",
    ),
)  # fmt: skip
