"""Names for people of the values that facets count: region 350203 → 思明区."""

from __future__ import annotations

from collections.abc import Mapping

RECORDS: Mapping[str, str] = {"penalty": "行政处罚", "abnormal": "经营异常", "spot_check": "抽查检查"}
SOURCES: Mapping[str, str] = {"registration": "登记信息", **RECORDS}
STATES: Mapping[str, str] = {"listed": "现在列", "removed": "已移出", "found": "发现问题", "clear": "未发现问题"}
