"""Company names and their parts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xincha.text.divisions import short_name
from xincha.text.fold import fold
from xincha.text.names import NameParts, form_key_of, name_key, parts
from xincha.text.places import read_chain

NAMES = st.text(
    alphabet="福建省厦门市思明区安海镇鹭岛信查示例科技贸易有限责任股份集团公司分店厂(（）)abc12 ·和", max_size=30
)


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("福建省厦门市鹭岛示例网络科技有限公司", "福建省厦门市|鹭岛示例|网络科技|有限公司|"),
        ("鹭岛示例科技（厦门）有限公司", "厦门|鹭岛示例|科技|有限公司|"),
        ("鹭岛示例科技有限公司（厦门）", "厦门|鹭岛示例|科技|有限公司|"),
        ("厦门示例鹭(集团)股份有限公司", "厦门|示例鹭||集团股份有限公司|"),
        ("厦门示例鹭集团有限公司湖里分公司", "厦门|示例鹭||集团有限公司|湖里分公司"),
        ("示例银行股份有限公司厦门观音山支行", "|示例|银行|股份有限公司|厦门观音山支行"),
        ("示例控股漳州分公司", "|示例|控股||漳州分公司"),
        ("厦门市思明区示例书店", "厦门市思明区|示例||书店|"),
        ("晋江市安海镇示例鞋材店", "晋江市安海镇|示例|鞋材|店|"),
        ("厦门火炬高新区示例电子有限公司", "厦门火炬高新区|示例|电子|有限公司|"),
        ("大厂回族自治县示例商贸有限公司", "大厂回族自治县|示例|商贸|有限公司|"),
        ("厦门示例会计师事务所(普通合伙)", "厦门|示例|会计师|事务所|"),
        ("平安保险", "|平安|保险||"),
        ("厦门同安建材商行", "厦门同安||建材|商行|"),
        ("澳大利亚投资公司", "澳大利亚||投资|公司|"),
        ("北京市第三建筑工程公司", "北京市||第三建筑工程|公司|"),
        ("厦门市第二示例仪器厂", "厦门市|第二示例|仪器|厂|"),
        ("厦門市示例貿易有限公司", "厦门市|示例|贸易|有限公司|"),
        ("示例农业科技和生物科技有限公司", "|示例|农业科技和生物科技|有限公司|"),
        ("公司", "||||"),
        ("", "||||"),
    ],
)
def test_a_name_has_parts(name: str, split: str) -> None:
    found = parts(name)
    if name == "公司":
        assert "".join((found.region, found.brand, found.trade, found.form, found.branch)) == name
        return
    assert "|".join((found.region, found.brand, found.trade, found.form, found.branch)) == split


@given(NAMES)
def test_the_parts_of_a_name_without_brackets_are_the_name(name: str) -> None:
    folded = fold(name)
    if "(" in folded or ")" in folded:
        return
    found = parts(name)
    assert found.region + found.core + found.form + found.branch == name_key(name)
    assert "".join(found.steps) == found.region


@given(NAMES)
def test_parts_of_a_folded_name_are_the_same(name: str) -> None:
    assert parts(fold(name)) == parts(name)


@pytest.mark.parametrize(
    "names",
    [
        (
            "厦门鹭岛示例科技有限公司",
            "厦门市鹭岛示例科技有限责任公司",
            "鹭岛示例科技（厦门）有限公司",
            "厦門鷺島示例科技 有限公司",
        ),
        ("三明市大田县示例园林有限公司", "大田县示例园林（三明）有限公司", "示例园林（三明大田）有限公司"),
        ("厦门示例鹭（集团）有限公司", "厦门示例鹭集团有限公司"),
    ],
)
def test_word_order_and_form_do_not_change_the_form_key(names: tuple[str, ...]) -> None:
    assert len({form_key_of(parts(name)) for name in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京示例科技有限公司", "上海示例科技有限公司"),
        ("厦门第一示例仪器厂", "厦门第二示例仪器厂"),
        ("厦门示例科技有限公司", "厦门示例科技有限公司湖里分公司"),
        ("晋江市安海镇示例店", "晋江市陈埭镇示例店"),
        ("厦门示例科技有限公司", "厦门示例科技股份有限公司"),
    ],
)
def test_different_names_have_different_form_keys(one: str, other: str) -> None:
    assert form_key_of(parts(one)) != form_key_of(parts(other))


def test_the_name_key_has_no_spaces_brackets_or_punctuation() -> None:
    assert name_key(" 厦门（示 例）A·B　公司 ") == "厦门示例ab公司"


SIGNED = [
    ("厦门示例B++软件有限公司", "厦门示例B软件有限公司"),
    ("厦门示例C#软件有限公司", "厦门示例C软件有限公司"),
    ("厦门示例C＃软件有限公司", "厦门示例C++软件有限公司"),
    ("厦门示例2.5度餐饮有限公司", "厦门示例25度餐饮有限公司"),
    ("厦门示例1.11餐饮有限公司", "厦门示例11.1餐饮有限公司"),
    ("厦门示例7-11便利店", "厦门示例711便利店"),
    ("厦门示例优+教培有限公司", "厦门示例优教培有限公司"),
    ("厦门示例优＋教培有限公司", "厦门示例优教培有限公司"),
    ("厦门示例A&B检测有限公司", "厦门示例AB检测有限公司"),
    ("厦门示例张＆李食品店", "厦门示例张李食品店"),
    ("厦门示例A/B服饰店", "厦门示例AB服饰店"),
    ("厦门示例100%果汁店", "厦门示例100果汁店"),
    ("厦门示例**贸易有限公司", "厦门示例贸易有限公司"),
    ("厦门示例**贸易有限公司", "厦门示例*贸易有限公司"),
    ("厦门示例＊贸易有限公司", "厦门示例贸易有限公司"),
    ("厦门示例××贸易有限公司", "厦门示例贸易有限公司"),
    ("厦门示例○○贸易有限公司", "厦门示例贸易有限公司"),
    ("厦门示例__贸易有限公司", "厦门示例贸易有限公司"),
    ("厦门示例?城贸易有限公司", "厦门示例城贸易有限公司"),
    ("厦门示例？城贸易有限公司", "厦门示例城贸易有限公司"),
    ("厦门示例□城贸易有限公司", "厦门示例城贸易有限公司"),
    ("厦门示例■城贸易有限公司", "厦门示例城贸易有限公司"),
    ("厦门示例〓城贸易有限公司", "厦门示例城贸易有限公司"),
    ("厦门示例\ufffd城贸易有限公司", "厦门示例城贸易有限公司"),
    ("厦门示例\ue863城贸易有限公司", "厦门示例城贸易有限公司"),
]


@pytest.mark.parametrize(("one", "other"), SIGNED)
def test_signs_that_are_part_of_a_name_or_stand_for_a_character_count(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)
    assert form_key_of(parts(one)) != form_key_of(parts(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("厦门示例贸易有限公司。", "厦门示例贸易有限公司"),
        ("“厦门示例”贸易有限公司", "厦门示例贸易有限公司"),
        ("示例贸易（厦门）有限公司", "示例贸易厦门有限公司"),
        ("厦门示例—日新货运有限公司", "厦门示例-日新货运有限公司"),
        ("法国I·E·R有限公司厦门代表处", "法国IER有限公司厦门代表处"),
        ("厦门 示例 A & B 检测有限公司", "厦门示例A＆B检测有限公司"),
        ("厦门示例鞋类、百货门市部", "厦门示例鞋类百货门市部"),
    ],
)
def test_other_signs_do_not(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize("text", ["**", "□□", "+", "?", ""])
def test_signs_alone_are_no_name(text: str) -> None:
    assert name_key(text) == form_key_of(parts(text)) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("厦门示例B++软件有限公司", "厦门市示例B++软件有限责任公司"),
        ("示例A&B检测（厦门）有限公司", "厦门示例A&B检测有限公司"),
    ],
)
def test_a_name_with_signs_has_other_spellings_too(one: str, other: str) -> None:
    assert form_key_of(parts(one)) == form_key_of(parts(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("厦门示例岚亭建材（股份）有限公司", "厦门示例岚亭建材有限公司"),
        ("厦门示例岚亭（控股）有限公司", "厦门示例岚亭有限公司"),
        ("厦门示例百川合伙企业（有限合伙）", "厦门示例百川合伙企业（普通合伙）"),
        ("厦门示例百川合伙企业（有限合伙）", "厦门示例百川合伙企业"),
    ],
)
def test_a_form_in_brackets_is_not_nothing(one: str, other: str) -> None:
    assert form_key_of(parts(one)) != form_key_of(parts(other))


@pytest.mark.parametrize(
    ("text", "places", "code"),
    [
        ("福建三明大田示例", ["福建", "三明", "大田"], "350425"),
        ("北京朝阳示例", ["北京", "朝阳"], "110105"),
        ("朝阳市示例", ["朝阳"], "211300"),
        ("图木舒克示例", ["图木舒克"], "659003"),
        ("厦门市杏林区示例", ["厦门", "杏林"], "350200"),  # its code is 海沧's today
        ("肥西示例", ["肥西"], "340123"),  # 340122 until 1983, which is 肥东's today
        ("海南三亚示例", ["海南", "三亚"], "460200"),
        ("福州市城区示例", ["福州", "城区"], "350100"),
        ("石家庄市桥东区示例", ["石家庄", "桥东"], "130100"),
        ("思明示例", [], ""),
        ("示例厦门", [], ""),
    ],
)
def test_places_follow_one_another_from_large_to_small(text: str, places: list[str], code: str) -> None:
    chain = read_chain(text)
    assert [place.short for place in chain.places] == places
    assert chain.code == code


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("厦门市", "厦门"),
        ("内蒙古自治区", "内蒙古"),
        ("大厂回族自治县", "大厂"),
        ("义县", "义县"),
        ("滨海新区", "滨海"),
    ],
)
def test_places_have_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


def test_brands_of_a_list_of_names(shared: Path) -> None:
    """94.4 % at the time of writing; what is left is mostly a matter of taste in the list itself."""
    rows = [line.split(" ") for line in (shared / "data/names/brands.txt").read_text("utf-8").splitlines() if line]
    right = sum(parts(name).brand == fold(brand) for name, *rest in rows for brand in (rest or [""]))
    assert right / len(rows) >= 0.94


def test_no_part_is_missing_by_default() -> None:
    assert NameParts().core == ""
