"""Short forms of places with which short names of companies begin: 沪 of 上海, as on number plates (GB/T 2260, and the
usual ones of some large cities)."""

from __future__ import annotations

from collections.abc import Mapping

_PLACES = (
    *("京北京", "津天津", "沪上海", "申上海", "渝重庆", "冀河北", "晋山西", "蒙内蒙古", "辽辽宁", "吉吉林", "黑黑龙江"),
    *("苏江苏", "浙浙江", "皖安徽", "闽福建", "赣江西", "鲁山东", "豫河南", "鄂湖北", "湘湖南", "粤广东", "桂广西"),
    *("琼海南", "川四川", "蜀四川", "贵贵州", "黔贵州", "云云南", "滇云南", "藏西藏", "陕陕西", "秦陕西", "甘甘肃"),
    *("陇甘肃", "青青海", "宁宁夏", "新新疆", "穗广州", "深深圳", "甬宁波"),
)
ABBREVIATIONS: Mapping[str, str] = {each[0]: each[1:] for each in _PLACES}
"""Short forms of places → their names."""
