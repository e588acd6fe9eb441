"""What people call the filters and bounds of lists: their facets, their chips, and the heads of figures by them."""

from __future__ import annotations

from collections.abc import Mapping

from xincha.kinds import grouped

FILTERS: Mapping[str, str] = {
    "status": "登记状态",
    "flag": "特别状态",
    "has": "公示记录",
    "kind": "类型",
    "region": "地区",
    "industry": "行业",
    "established": "成立时间",
    "capital": "注册资本",
    "authority": "机关",
    "category": "类别",
    "state": "现状",
    "happened": "日期",
    "fine": "罚款",
    "closed": "终止时间",
    "ended": "移出或期满日期",
    "lasted": "历时",
    "published": "开始公示日期",
    "loaded": "装载日期",
    "law": "法律法规",
    "article": "依据条文",
    "address": "住所",
    "link": "对应情况",
    **grouped(),
}
"""By name of the parameter; of bounds without `_from` and `_to`."""
