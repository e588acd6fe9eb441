"""Items of changes 变更事项, as offices write them, and the names and addresses in their values."""

from __future__ import annotations

import pytest

from xincha.text.alterations import ADDRESS, KINDS, NAME, OTHER, address_in, kind_of, name_in

NAMES = (
    "名称变更", "名称", "企业名称变更", "企业名称", "市场主体名称变更", "名称变更（字号名称、集团名称等）",
    "字号名称变更", "企业（机构）名称",
    "公司名称变更登记", "个体工商户名称变更", "变更名称", "名称变更(字号名称、集团名称等)", "企业名称信息变更",
    "字号名",
)  # fmt: skip
ADDRESSES = (
    "住所变更", "住所", "住所（经营场所）变更", "地址变更（住所地址、经营场所、驻在地址等变更）", "经营场所变更",
    "企业住所变更",
    "主要经营场所", "注册地址变更", "住所/经营场所", "住所、经营场所变更", "登记住所变更",
)  # fmt: skip
OTHERS = {
    "股东名称": "股东及出资变更",
    "投资人（股权）变更": "股东及出资变更",
    "股东（发起人）名称变更": "股东及出资变更",
    "投资人名称变更": "股东及出资变更",
    "认缴出资额": "股东及出资变更",
    "注册资本（金）变更": "注册资本变更",
    "注册资本变更（注册资金、资金数额等变更）": "注册资本变更",
    "法定代表人变更": "负责人变更",
    "负责人变更（法定代表人、负责人、首席代表、合伙事务执行人等变更）": "负责人变更",
    "经营者姓名": "负责人变更",
    "高级管理人员备案（董事、监事、经理等）": "主要人员变更",
    "经理备案": "主要人员变更",
    "联络员名称": "主要人员变更",
    "经营范围变更（含业务范围变更）": "经营范围变更",
    "营业期限变更": "经营期限变更",
    "市场主体类型变更": "类型变更",
    "章程修正案备案": "章程变更",
    "集团名称": OTHER,
    "网站名称": OTHER,
    "分支机构名称变更": OTHER,
    "隶属企业名称": OTHER,
    "通信地址": OTHER,
    "联系地址变更": OTHER,
    "电子邮箱地址": OTHER,
    "英文名称": OTHER,
    "曾用名称": OTHER,
    "": OTHER,
}


@pytest.mark.parametrize("item", NAMES)
def test_an_item_of_the_entitys_own_name(item: str) -> None:
    assert kind_of(item) == NAME


@pytest.mark.parametrize("item", ADDRESSES)
def test_an_item_of_the_entitys_own_place(item: str) -> None:
    assert kind_of(item) == ADDRESS


@pytest.mark.parametrize(("item", "kind"), OTHERS.items())
def test_an_item_of_something_else_is_no_name_and_no_place_of_the_entity(item: str, kind: str) -> None:
    assert kind_of(item) == kind
    assert kind in KINDS


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("厦门示例商贸有限公司", "厦门示例商贸有限公司"),
        ("企业名称：厦门示例商贸有限公司", "厦门示例商贸有限公司"),
        ("名称:厦门示例商贸有限公司;集团名称:示例集团", "厦门示例商贸有限公司"),
        (" “厦门示例商贸有限公司”。\n", "厦门示例商贸有限公司"),
        ("厦门示例商贸有限公司，组织形式：有限责任公司", "厦门示例商贸有限公司"),
        ("Example Trading (Xiamen) Ltd.", "Example Trading (Xiamen) Ltd"),
        ("厦门示例**商贸有限公司", None),
        *((nothing, None) for nothing in ("", "无", "——", "null", "*", None, "1", "厦" * 101)),
    ],
)
def test_the_name_in_a_value(value: str | None, name: str | None) -> None:
    assert name_in(value) == name


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("厦门市思明区示例路1号，2楼", "厦门市思明区示例路1号，2楼"),
        ("住所：厦门市思明区示例路1号", "厦门市思明区示例路1号"),
        ("无", None),
        (None, None),
    ],
)
def test_the_address_in_a_value(value: str | None, address: str | None) -> None:
    assert address_in(value) == address
