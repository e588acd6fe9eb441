"""The parties that a cell names, and the persons beside them."""

from __future__ import annotations

import pytest

from xincha.text.parties import parties

A, B = "厦门示例岚桥贸易有限公司", "厦门示例云礁食品有限公司"
SHOP = "厦门市思明区示例阿桐小吃店"


@pytest.mark.parametrize(
    "text",
    [
        f"{A}、{B}", f"{A} {B}", f"{A}；{B}", f"{A}，{B}", f"{A}/{B}", f"{A}和{B}", f"{A}与{B}", f"1、{A}2、{B}",
        f"①{A}②{B}",
        f"当事人：{A}、{B}", f"{A}（张三）、{B}（法定代表人：李四）", f"{A}、张三、{B}", f"{A}、{B}联合体",
    ],
)  # fmt: skip
def test_several_parties(text: str) -> None:
    assert [party.name for party in parties(text)] == [A, B]


@pytest.mark.parametrize(
    ("text", "name", "person"),
    [
        (f"{SHOP}（示安）", SHOP, "示安"),
        (f"{SHOP}（经营者：示安）", SHOP, "示安"),
        (f"{SHOP}(经营者示安)", SHOP, "示安"),
        (f"{SHOP} 经营者：示某某", SHOP, "示某某"),
        (f"{A} 示安", A, "示安"),
        (f"{A}（法定代表人：示安）", A, "示安"),
        (f"{A}、张三", A, ""),
        (f"{A}等3家", A, ""),
        (f"{A}（已注销）", A, ""),
        (f"{A}已吊销", A, ""),
        (f"{A} 91350203YYY770016A", A, ""),
        (f"{A}（原{B}）", A, ""),
        ("示例餐饮管理（厦门）有限公司 示安", "示例餐饮管理(厦门)有限公司", "示安"),
    ],
)
def test_one_party_with_something_beside_it(text: str, name: str, person: str) -> None:
    assert parties(text) == [(name, person)]


@pytest.mark.parametrize(
    "text",
    [
        "厦门示例百川合伙企业（有限合伙）思明第一分公司", f"{A}（张三）{B}",
        "安溪县示例供销合作社照相、文具门市部", "示例煤业（集团）金帆公司", f"{A}，住所：示例路1号", f"{A}（法人独资）",
        f"{A}和平北大街营业厅", f"{A}和田县支公司示例服务部",
        A, SHOP, "张三", "示例餐饮管理（厦门）有限公司", f"示安（{SHOP}经营者）", f"张三 {A}", f"{A}张三",
        f"{A}（{B}）", f"{A}{B}",
        f"{A}（委托方：{B}）", f"{A}（示例项目部）", f"{A} 思明分公司", f"{A}（二厂）",
        "厦门示例百川合伙企业（有限合伙）", "甲、乙",
        "厦门市思明区示例阿楠面馆（个体工商户）", "厦门示例A/B检测有限公司",
        "、".join(f"厦门示例{n}号贸易有限公司" for n in range(30)),
    ],
)  # fmt: skip
def test_none_where_a_cell_is_one_name_or_says_something_else(text: str) -> None:
    assert parties(text) == []
