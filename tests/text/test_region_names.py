"""What a name of a place means: every name of today, alone and with the places around it, short and in full."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from xincha.text import divisions, regions
from xincha.text.region_names import GENERIC, codes_before, codes_of

STREETS = ("人民路1号", "湖滨南路12-3号", "示例街道办事处", "示例镇")


@pytest.fixture(scope="module")
def today(shared: Path) -> dict[str, str]:
    """Code → official name of every division of today, without zones and collective headings."""
    found: dict[str, str] = {}
    for file in ("provinces", "cities", "areas"):
        with (shared / f"data/regions/{file}.csv").open(encoding="utf-8-sig", newline="") as lines:
            found |= {row["code"].ljust(6, "0"): row["name"] for row in csv.DictReader(lines)}
    return {code: name for code, name in found.items() if divisions.name(code) == name}


def _clipped(name: str) -> str:
    return name[:-1] if name[-1] in "省市县区" else name


def _spelled(code: str) -> Iterator[str]:
    """A division by itself, behind its province, behind its city, behind both; in full, shortly, without 市, 县, 区."""
    *around, own = (divisions.names()[each] for each in divisions.ancestors(code))
    for short in (str, divisions.short_name, _clipped):
        outer, name = [divisions.short_name(each) if short is not str else each for each in around], short(own)
        yield from dict.fromkeys((name, *(each + name for each in outer), "".join((*outer, name))))


def test_every_division_is_meant_by_its_name_however_it_is_written(today: dict[str, str]) -> None:
    assert len(today) > 3_180
    missed = [
        (code, text) for code in today for text in _spelled(code) if len(text) > 1 and code not in codes_before(text)
    ]
    assert missed == []


def test_a_name_means_those_that_bear_it_and_nobody_else(today: dict[str, str]) -> None:
    bearers: dict[str, set[str]] = defaultdict(set)
    for code, name in divisions.names().items():
        bearers[name].add(code)
    assert {name: set(codes_of(name)) for name in bearers} == bearers
    several = {name for name, codes in bearers.items() if len(codes) > 1}
    assert {"鼓楼区", "朝阳区", "桥西区", "市中区"} <= several


def test_a_name_behind_its_city_means_one(today: dict[str, str]) -> None:
    for code, name in today.items():
        chain = divisions.ancestors(code)
        if len(chain) > 1:
            assert codes_of(divisions.full_name(code)) == (code,)
            assert codes_of(divisions.names()[chain[-2]] + name) in (
                (code,),
                tuple(sorted((code, *_same(code)))),
            )


def _same(code: str) -> set[str]:
    """Others of the same name in the same province: 河北省桥西区."""
    own = divisions.names()[code]
    return {each for each, name in divisions.names().items() if name == own and each != code and each[:2] == code[:2]}


def test_a_street_behind_does_not_drop_the_district(today: dict[str, str]) -> None:
    for number, code in enumerate(today):
        street = STREETS[number % len(STREETS)]
        for text in (today[code], divisions.full_name(code)):
            assert codes_before(text + street) == codes_of(text), text + street


def test_files_name_the_same_places_as_lists(today: dict[str, str]) -> None:
    """Regions, authorities and addresses that name one division are read as it; what several bear, as none of them."""
    for code, name in today.items():
        full = divisions.full_name(code)
        assert regions.find(full) == regions.find(full + "市场监督管理局") == code
        assert regions.from_address(full + "人民路1号") == code
        chain = [divisions.names()[each] for each in divisions.ancestors(code)]
        if len(chain) == 2:
            assert regions.from_published(*chain) == code or _same(code), chain
        found = regions.find(name)
        assert found == code or len(codes_of(name)) > 1 or found in divisions.ancestors(code), name


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("三亚", "460200"),
        ("肥西县", "340123"),
        ("宾县", "230125"),
        ("鼓楼区", "320106 320302 350102 410204"),
        ("朝阳区", "110105 220104"),
        ("朝阳", "110105 211300 211321 220104"),
        ("吉林", "220000 220200"),
        ("福建 / 厦门", "350200"),
        ("福建省-厦门市-思明区", "350203"),
        ("福建鼓楼", "350102"),
        ("南京鼓楼", "320106"),
        ("北京市市辖区朝阳区", "110105"),
        ("海南省省直辖县级行政区划琼海市", "469002"),
        ("北京市北京市朝阳区", "110105"),
        ("北京北京朝阳", "110105"),
        ("重庆市县忠县", "500233"),
        ("广东省东莞市东莞市", "441900"),
        ("吉林吉林", "220200"),
        ("中国福建厦门", "350200"),
        ("湘西州", "433100"),
        ("湖南湘西州吉首", "433101"),
        ("广西省", "450000"),
        ("内蒙古", "150000"),
        ("上海浦东区", "310115"),
        ("滨海新区", "120116"),
        ("香港", "810000"),
        ("崇文区", "110101"),  # retired names mean what became of them
        ("石家庄市桥东区", "130100"),
        ("邢台市桥东区", "130502"),  # renamed 襄都区 under its code
        ("襄樊", "420600"),
        ("居巢区", "340181"),
        ("桥东区", "130702"),
        ("廈門市思明區", "350203"),
        ("闽", "350000"),
        ("粤", "440000"),
        ("沪", "310000"),
        ("闽厦门", "350200"),
        ("江山", "330881"),
        ("不存在市", ""),
        ("某某区", ""),
        ("思明市", ""),
        ("湘南", ""),
        ("市辖区", ""),
        ("有限公司", ""),
        ("", ""),
    ],
)
def test_what_a_name_means(text: str, codes: str) -> None:
    assert " ".join(codes_of(text)) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("思明区湖滨南路1号", "350203"),
        ("厦门思明湖滨南路1号", "350203"),
        ("鼓楼区东街口", "320106 320302 350102 410204"),
        ("厦门市火炬高新区", "350200"),
        ("三亚市河东区", "460200"),  # a quarter that is no division
        ("福建省深圳市", ""),  # one of the two is wrong
        ("厦门市、泉州市", ""),
        ("北京路1号", ""),
        ("厦门大厦", ""),
        ("海口市场", ""),
        ("南山村", ""),
        ("思明市", ""),
        ("不存在市人民路1号", ""),
        ("闽", "350000"),
        ("省", ""),
    ],
)
def test_what_a_text_means_that_begins_with_places(text: str, codes: str) -> None:
    assert " ".join(codes_before(text)) == codes


def test_every_name_since_1980_means_what_became_of_it(shared: Path) -> None:
    """But those that are words as well (郊区), and headings and zones of the statistics bureau."""
    with (shared / "data/regions/history.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = [(row["code"], row["name"]) for row in csv.DictReader(lines)]
    known = {(code, bearer.name) for code, bearers in divisions.former_names().items() for bearer in bearers}
    known |= set(divisions.names().items())
    read = [(code, name) for code, name in rows if (code, name) in known]
    assert len(read) > 6_500
    unread = [name for _, name in read if not codes_of(name) and not GENERIC.fullmatch(name)]
    assert unread == []


def test_every_province_has_its_character() -> None:
    provinces = {code for code in divisions.names() if divisions.level(code) == divisions.PROVINCE}
    characters = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新台港澳申蜀黔滇秦陇"
    assert {code for character in characters for code in codes_of(character)} == provinces
    assert all(len(codes_of(character)) == 1 for character in characters)
