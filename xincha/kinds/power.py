"""Powers and responsibilities of offices 权责事项: what an office may do, and on which article."""

from __future__ import annotations

from xincha.kinds.kind import Fact, Kind, Row, State, no_summary
from xincha.rules import publicity

KINDS_OF_POWER = (
    "行政许可", "行政处罚", "行政强制", "行政检查", "行政确认", "行政奖励", "行政裁决", "行政给付", "行政征收",
    "其他行政权力", "公共服务", "审核转报", "内部审批",
)  # fmt: skip
OF_PENALTY = "行政处罚"


def headline(row: Row) -> str:
    """对生产经营超过保质期食品的处罚（子项）."""
    name = str(row.get("power_name") or row.get("item_code") or "权责事项")
    return f"{name}（{row['subitem']}）" if row.get("subitem") else name


POWER = Kind(
    "power",
    table="powers",
    letter="Q",
    title="权责事项",
    party=False,
    own=(
        Fact("item_code", "事项编码", number=True),
        Fact("power_name", "权责事项", prose=True, searched=True),
        Fact("subitem", "子项", prose=True, searched=True),
        Fact("power_kind", "事项类型", category={}, doc="、".join(KINDS_OF_POWER)),
        Fact("basis", "设定依据", prose=True, searched=True, cites=True),
        Fact("authority", "实施主体和责任主体", authority=True),
        Fact("division", "承办机构"),
        Fact("level", "行使层级"),
        Fact("duties", "责任事项", prose=True),
        Fact("duty_basis", "责任事项依据", prose=True),
        Fact("accountability", "追责情形", prose=True),
        Fact("accountability_basis", "追责依据", prose=True),
        Fact("adjustment", "调整方式", doc="新增, 取消, 调整"),
        Fact("effective_on", "生效日期", "date", happened=True),
        Fact("remark", "备注", prose=True),
    ),
    window=publicity.power,
    headline=headline,
    summary=no_summary,
    states={"in_force": State("现行", "plain"), "cancelled": State("已取消")},
    topic="powers",
    columns=("power_name", "subitem", "power_kind", "authority", "division", "effective_on"),
)
