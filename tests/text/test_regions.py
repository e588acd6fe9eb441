"""Where an entity is: codes, retired codes, addresses, what the register says beside them."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.text.resolve import resolve
from xincha.text import divisions, regions, uscc


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_table_is_todays_gb2260(shared: Path) -> None:
    folder = shared / "data/regions"
    official = {row["code"] + "0000": row["name"] for row in _rows(folder / "provinces.csv")}
    official |= {row["code"] + "00": row["name"] for row in _rows(folder / "cities.csv")}
    official |= {row["code"]: row["name"] for row in _rows(folder / "areas.csv")}
    ours = {code: divisions.name(code) for code in official}
    differ = [code for code, name in ours.items() if name is not None and name != official[code]]
    assert differ == []
    missing = {code: official[code] for code, name in ours.items() if name is None}
    collective = {code for code, name in missing.items() if name in ("市辖区", "县") or "直辖" in name}
    zones = {code for code in missing if 70 <= int(code[4:]) <= 79}
    others = set(missing) - collective - zones
    assert others == {"460321", "460322", "460323", "620201", "632857"}  # numbered by the statistics bureau only


_DAUGHTERS = {("51", "50"), ("44", "46")}  # 重庆 was of 四川, 海南 of 广东


def test_every_code_since_1980_has_a_present_one(shared: Path) -> None:
    for row in _rows(shared / "data/regions/history.csv"):
        present = divisions.current(row["code"])
        assert present is not None
        assert divisions.name(present), row
        assert present[:2] == row["code"][:2] or (row["code"][:2], present[:2]) in _DAUGHTERS, row


@pytest.mark.parametrize(
    ("code", "on", "present"),
    [
        ("350203", None, "350203"),
        ("350202", None, "350203"),  # 鼓浪屿 → 思明
        ("350204", None, "350203"),  # 开元 → 思明
        ("350221", None, "350212"),  # 同安县 → 同安区
        ("350205", None, "350205"),  # 海沧
        ("350205", date(2003, 6, 1), "350205"),
        ("350205", date(2002, 6, 30), "350200"),  # 杏林: today in 海沧 and 集美
        ("350211", date(1985, 1, 1), "350211"),  # 郊区, renamed 集美区
        ("352201", None, "350902"),  # 宁德市 (county) → 蕉城区
        ("352200", None, "350900"),
        ("350403", None, "350404"),  # 三元 and 梅列 became a new 三元
        ("350182", None, "350112"),
        ("110103", None, "110101"),  # 崇文 → 东城
        ("310119", None, "310115"),  # 南汇 → 浦东
        ("510202", None, "500103"),  # 重庆 was of Sichuan
        ("230123", date(2004, 1, 1), "230124"),  # 方正县 before the codes moved on
        ("230123", None, "230123"),
        ("350298", None, "350200"),  # an authority's own code
        ("3502", None, "350200"),
        ("35", None, "350000"),
        ("350203000000", None, "350203"),
        ("350203001", None, "350203"),
        ("100000", None, None),
        ("999999", None, None),
        ("35020", None, None),
        ("", None, None),
        ("厦门市", None, None),
    ],
)
def test_current_code(code: str, on: date | None, present: str | None) -> None:
    assert divisions.current(code, on) == present


@pytest.mark.parametrize(
    ("code", "chain", "full"),
    [
        ("350203", ["350000", "350200", "350203"], "福建省厦门市思明区"),
        ("350200", ["350000", "350200"], "福建省厦门市"),
        ("110108", ["110000", "110108"], "北京市海淀区"),
        ("429004", ["420000", "429004"], "湖北省仙桃市"),
        ("441900", ["440000", "441900"], "广东省东莞市"),
        ("350299", [], ""),
    ],
)
def test_ancestors(code: str, chain: list[str], full: str) -> None:
    assert list(divisions.ancestors(code)) == chain
    assert divisions.full_name(code) == full


@pytest.mark.parametrize(
    ("address", "near", "code"),
    [
        ("福建省厦门市思明区湖滨南路1号", "", "350203"),
        ("厦门市思明区湖滨南路1号", "", "350203"),
        ("厦门思明区湖滨南路1号", "", "350203"),
        ("思明区湖滨南路1号", "", "350203"),
        ("思明区湖滨南路1号", "350200", "350203"),
        ("厦门湖里火炬园", "", "350206"),
        ("厦门市海沧新阳工业区", "", "350205"),
        ("集美北部工业区", "350200", "350211"),
        ("厦门市思明南路402号", "", "350200"),  # a road, and so are the next
        ("厦门市同安路1号", "", "350200"),
        ("集美大道1号", "350200", None),
        ("南京西路1号", "310000", None),
        ("海口市场3号", "350200", None),
        ("北京市朝阳区建国路1号", "350200", "110105"),
        ("朝阳区建国路1号", "110000", "110105"),
        ("朝阳区建国路1号", "", None),  # of Beijing or of Changchun
        ("鼓楼区东街1号", "350100", "350102"),
        ("江苏省鼓楼区1号", "", "320000"),  # of Nanjing or of Xuzhou
        ("福建省鼓楼区1号", "", "350102"),
        ("晋江市青阳街道1号", "", "350582"),
        ("福建省晋江市青阳街道1号", "", "350582"),
        ("晋江青阳1号", "350500", "350582"),
        ("铜陵镇演武街1号", "350600", None),  # a town of Zhangzhou, not the city
        ("厦门市开元区湖滨南路1号", "", "350203"),
        ("厦门市鼓浪屿龙头路1号", "", "350203"),
        ("厦门市同安县大同镇1号", "", "350212"),
        ("厦门市杏林区宁宝花园1号", "", "350211"),
        ("厦门市杏林区杏东路1号", "", "350211"),
        ("厦门市杏林区新阳工业区1号", "", "350205"),
        ("厦门市杏林区1号", "", "350200"),
        ("中国(福建)自由贸易试验区厦门片区象屿路1号", "", "350200"),
        ("中国（福建）自由贸易试验区厦门片区（保税区）象屿路1号", "", "350200"),
        ("廈門市思明區湖濱南路1號", "", "350203"),
        ("福建省 厦门市 思明区", "", "350203"),
        ("内蒙古呼和浩特市赛罕区1号", "", "150105"),
        ("广西壮族自治区南宁市青秀区1号", "", "450103"),
        ("云南省德宏州芒市1号", "", "533103"),
        ("上海浦东新区1号", "", "310115"),
        ("重庆市忠县1号", "", "500233"),
        ("一楼", "", None),
        ("", "", None),
    ],
)
def test_region_of_an_address(address: str, near: str, code: str | None) -> None:
    assert regions.from_address(address, near=near) == code


@pytest.mark.parametrize(
    ("province", "city", "code"),
    [
        ("福建", "厦门", "350200"),
        ("福建省", "厦门市", "350200"),
        ("福建", "思明", "350203"),
        ("北京", "海淀", "110108"),
        ("上海", "浦东", "310115"),
        ("浙江", "北仑", "330206"),
        ("辽宁", "朝阳", "211300"),
        ("吉林", "吉林", "220200"),
        ("海南", "海口", "460100"),
        ("海南", "省直辖县", "460000"),
        ("福建", None, "350000"),
        (None, "厦门", "350200"),
        (None, "350203", "350203"),
        ("35", "350204", "350203"),
        ("N/A", "N/A", None),
        (None, None, None),
    ],
)
def test_region_as_published(province: str | None, city: str | None, code: str | None) -> None:
    assert regions.from_published(province, city) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("厦门市思明区市场监督管理局", "350203"),
        ("厦门市市场监督管理局", "350200"),
        ("福建省市场监督管理局", "350000"),
        ("国家市场监督管理总局", None),
        ("350203", "350203"),
        ("思明区", "350203"),
    ],
)
def test_region_of_an_authority(text: str, code: str | None) -> None:
    assert regions.find(text) == code


@pytest.mark.parametrize(
    ("address", "province", "city", "code", "region"),
    [
        ("厦门市集美区1号", "福建", "厦门", "91350203155103485D", "350211"),  # the address before all
        ("上海市长宁区仙霞路1号", "福建", "厦门", "91350203155103485D", "310105"),
        ("湖滨南路1号", "福建", "厦门", "91350203155103485D", "350200"),
        ("厦门市湖滨南路1号", "福建", "思明", None, "350203"),
        (None, None, None, "91350203155103485D", "350200"),  # the authority's city, not its district
        (None, None, None, "91350204155103485D", "350200"),
        (None, None, None, "91110108155103485D", "110000"),
        (None, None, None, "91350000155103485D", "350000"),
        (None, None, None, "91100000155103485D", None),
        ("一楼", None, None, None, None),
    ],
)
def test_resolve_believes_in_this_order(
    address: str | None, province: str | None, city: str | None, code: str | None, region: str | None
) -> None:
    assert resolve(address, province, city, code) == region


def test_regions_of_the_registry(registry: Path) -> None:
    levels: Counter[int] = Counter()
    elsewhere = 0
    for file in ("xiamen", "fujian_rest", "national"):
        for row in _rows(registry / f"{file}.csv"):
            published = regions.from_published(row["所在省份"], row["地区"])
            code = uscc.normalize(row["统一社会信用代码"])
            region = resolve(row["注册地址"], row["所在省份"], row["地区"], code)
            assert region is not None, row
            assert divisions.name(region)
            levels[divisions.level(region)] += 1
            elsewhere += published is not None and not divisions.contains(published, region)
    assert sum(levels.values()) == 72_258
    assert levels[divisions.COUNTY] > 62_000
    assert levels[divisions.PROVINCE] < 200
    assert elsewhere < 80  # addresses in another city than the one that is published beside them


@given(st.text() | st.text("福建省厦门市思明区北京朝阳路街0123456789（）杏林"))
def test_any_text_is_a_region_of_today_or_none(text: str) -> None:
    for code in (
        regions.find(text),
        divisions.current(text),
        resolve(text, text, text),
        regions.from_address(text),
    ):
        assert code is None or divisions.name(code)


@given(st.from_regex(r"[1-8][0-9]{5}", fullmatch=True), st.none() | st.dates(date(1980, 1, 1), date(2030, 1, 1)))
def test_present_codes_stay(code: str, on: date | None) -> None:
    present = divisions.current(code, on)
    if present is not None:
        assert divisions.current(present) == present
        assert divisions.ancestors(present)[-1] == present
