"""Every feature of matching is needed: for each one there is a row with another answer without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.search.conftest import Publish
from tests.search.register import code, entity
from xincha.search.match import features
from xincha.search.match.features import APART, COLUMNS, NAMES
from xincha.search.service import Searcher

Company = tuple[str, dict[str, Any]]
Answer = tuple[str, str, str]
GROUPS = {"NAMES": NAMES, "APART": APART, "COLUMNS": COLUMNS}

CASES: Mapping[str, tuple[dict[str, str], list[Company], Answer]] = {
    # A row, the companies that it may mean, and the answer: its state, the first candidate, the first reason.
    "exact_name": (
        {"name": "厦门鹭岛茶业有限公司", "legal_rep": "李示例"},
        [("厦门鹭岛茶业有限公司", {"legal_rep": "张示例"})],
        ("matched", "厦门鹭岛茶业有限公司", "exact_name"),
    ),
    "former_name": (
        {"name": "厦门旧称贸易有限公司"},
        [("厦门新名贸易有限公司", {"former_names": ["厦门旧称贸易有限公司"]})],
        ("matched", "厦门新名贸易有限公司", "former_name"),
    ),
    "same_name": (
        {"name": "厦门市澜汀建材有限责任公司"},
        [("厦门澜汀建材有限公司", {})],
        ("matched", "厦门澜汀建材有限公司", "same_name"),
    ),
    "placed_name": (
        {"name": "云栈物流有限公司", "region": "厦门"},
        [("厦门云栈物流有限公司", {})],
        ("matched", "厦门云栈物流有限公司", "placed_name"),
    ),
    "one_apart": (
        {"name": "门厦溪岸网络科技发展有限责任公司湖里分公司"},
        [("厦门溪岸网络科技发展有限责任公司湖里分公司", {}), ("溪岸网络科技发展有限责任公司湖里分公司", {})],
        ("ambiguous", "厦门溪岸网络科技发展有限责任公司湖里分公司", "near"),
    ),
    "contains": (
        {"name": "福建古厝茶"},
        [("福建古厝茶叶商行", {})],
        ("ambiguous", "福建古厝茶叶商行", "near"),
    ),
    "other_signs": ({"name": "竹里A***坊"}, [("竹里A坊", {})], ("ambiguous", "竹里A坊", "near")),
    "form_left_out": (
        {"name": "厦门晴川鞋塑公司"},
        [("厦门晴川鞋塑有限公司", {})],
        ("ambiguous", "厦门晴川鞋塑有限公司", "near"),
    ),
    "same_sound": ({"name": "墨持文画社"}, [("墨池文化社", {})], ("ambiguous", "墨池文化社", "near")),
    "other_place": (
        {"name": "漳州青禾建材有限公司"},
        [("泉州青禾建材有限公司", {})],
        ("none", "泉州青禾建材有限公司", "unlike"),
    ),
    "place_apart": (
        {"name": "晋江白鹭茶业商行"},
        [("晋江白鹭贸易商行", {}), ("泉州白鹭茶业商行", {})],
        ("none", "晋江白鹭贸易商行", "unlike"),
    ),
    "place_in_one": (
        {"name": "鹤鸣建材贸易有限公司"},
        [("鹤鸣钢材贸易有限公司", {}), ("厦门鹤鸣建材贸易有限公司", {})],
        ("ambiguous", "鹤鸣钢材贸易有限公司", "near"),
    ),
    "other_number": (
        {"name": "厦门第二示例仪器厂"},
        [("厦门第一示例仪器厂", {})],
        ("none", "厦门第一示例仪器厂", "unlike"),
    ),
    "other_branch": (
        {"name": "厦门松涛网络科技有限公司湖里分公司"},
        [("厦门松涛网络科技有限公司思明分公司", {})],
        ("none", "厦门松涛网络科技有限公司思明分公司", "unlike"),
    ),
    "other_brand": (
        {"name": "厦门湖畔汽车租赁有限公司"},
        [("厦门海棠汽车租赁有限公司", {})],
        ("none", "厦门海棠汽车租赁有限公司", "unlike"),
    ),
    "brand_apart": (
        {"name": "厦门渔火信科贸有限公司"},
        [("厦门渔火信查科工贸有限公司", {})],
        ("none", "厦门渔火信查科工贸有限公司", "unlike"),
    ),
    "other_trade": (
        {"name": "厦门听潮阁科贸有限公司"},
        [("厦门听潮阁轩科工贸有限公司", {})],
        ("none", "厦门听潮阁轩科工贸有限公司", "unlike"),
    ),
    "other_form": (
        {"name": "福建竹里茶厂"},
        [("福建新竹里茶叶厂", {}), ("福建竹里茶业店", {})],
        ("none", "福建新竹里茶叶厂", "unlike"),
    ),
    "code": ({"uscc": code(1)}, [], ("matched", "厦门鹭岛茶业有限公司", "code")),
    "other_code": (
        {"name": "厦门晚枫贸易有限公司", "uscc": code(999)},
        [("厦门晚枫贸易有限公司", {})],
        ("ambiguous", "厦门晚枫贸易有限公司", "contradicted"),
    ),
    "region": (
        {"name": "雁塔便民商店", "region": "思明区"},
        [("雁塔便民商店", {"region": "350203"}), ("雁塔便民商店", {"region": "350200"})],
        ("matched", "雁塔便民商店", "exact_name"),
    ),
    "other_region": (
        {"name": "石桥示例股份有限公司", "region": "北京"},
        [("石桥示例股份有限公司", {})],
        ("ambiguous", "石桥示例股份有限公司", "contradicted"),
    ),
    "representative": (
        {"name": "荷塘便民商店", "legal_rep": "张示例"},
        [("荷塘便民商店", {"legal_rep": "张示例"}), ("荷塘便民商店", {})],
        ("matched", "荷塘便民商店", "exact_name"),
    ),
    "other_representative": (
        {"name": "厦门远山茶业有限责任公司", "legal_rep": "李示例"},
        [("厦门远山茶业有限公司", {"legal_rep": "张示例"})],
        ("ambiguous", "厦门远山茶业有限公司", "contradicted"),
    ),
    "address": (
        {"name": "近水便民商店", "address": "示例南路12号"},
        [("近水便民商店", {"address": "厦门市思明区示例南路12号"}), ("近水便民商店", {})],
        ("matched", "近水便民商店", "exact_name"),
    ),
}


@pytest.fixture(scope="module")
def searcher(publish: Publish) -> Searcher:
    companies = [company for _, of_case, _ in CASES.values() for company in of_case]
    return publish(entity(number, name, **facts) for number, (name, facts) in enumerate(companies, 1))


def answer(searcher: Searcher, feature: str) -> Answer:
    [match] = searcher.matcher.match([CASES[feature][0]])
    return match.state, match.candidates[0].name, match.reasons[0].feature if match.reasons else ""


@pytest.mark.parametrize("feature", CASES)
def test_a_row_has_its_answer(searcher: Searcher, feature: str) -> None:
    assert answer(searcher, feature) == CASES[feature][2]


@pytest.mark.parametrize(
    ("group", "feature"), [(group, feature) for group, weights in GROUPS.items() for feature in weights]
)
def test_no_feature_can_be_left_out(
    searcher: Searcher, group: str, feature: features.Feature, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = {other: weight for other, weight in GROUPS[group].items() if other is not feature}
    monkeypatch.setattr(features, group, rest)
    assert answer(searcher, feature.__name__) != CASES[feature.__name__][2]
