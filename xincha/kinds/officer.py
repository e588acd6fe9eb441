"""Officers who check 执法检查人员名录, as offices publish them: no search finds a person, who has left is not shown."""

from __future__ import annotations

from xincha.kinds.kind import Fact, Kind, Row, no_summary
from xincha.rules import publicity


def headline(row: Row) -> str:
    """示安，执法证 示350200001：食品经营监督检查."""
    number = f"执法证 {row['certificate_no']}" if row.get("certificate_no") else ""
    who = "，".join(part for part in (row.get("name"), number) if part) or "执法检查人员"
    return f"{who}：{row['field']}" if row.get("field") else who


OFFICER = Kind(
    "officer",
    table="officers",
    letter="O",
    title="执法检查人员",
    party=False,
    own=(
        Fact("name", "姓名", person=True, doc="no search finds it"),
        Fact("authority", "工作单位", authority=True),
        Fact("department", "所属部门", searched=True),
        Fact("certificate_no", "执法证号", number=True),
        Fact("field", "执法领域", prose=True, searched=True),
        Fact("valid_from_on", "证件有效期自", "date", happened=True),
        Fact("valid_until_on", "证件有效期至", "date", end=True),
        Fact("certified_by", "发证部门"),
        Fact("post", "在岗状态（原文）", shown="data"),
    ),
    window=publicity.officer,
    headline=headline,
    summary=no_summary,
    span=("valid_from_on", "valid_until_on"),
    topic="officers",
    columns=("name", "authority", "department", "certificate_no", "field", "valid_until_on"),
)
