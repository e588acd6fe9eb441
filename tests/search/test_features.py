"""Every feature of the ranking is needed: for each one there is a query that has a wrong first hit without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from tests.search.conftest import Publish
from tests.search.register import code, entity
from xincha.search.features import FEATURES, Feature
from xincha.search.questions import EntitySearch
from xincha.search.service import Searcher

Company = tuple[str, dict[str, Any]]

CASES: Mapping[str, tuple[str, Company, Company]] = {
    # What is typed, the company that is meant, and one that must stand behind it.
    "identifier": (code(1), ("厦门代码示例有限公司", {}), ("厦门号码示例有限公司", {})),
    "exact_name": (
        "厦门鹭岛茶业有限公司",
        ("厦门鹭岛茶业有限公司", {"status": "注销"}),
        ("厦门市鹭岛茶业有限公司", {}),
    ),
    "former_name": (
        "厦门市旧称贸易有限责任公司",
        ("厦门新名贸易有限公司", {"former_names": ["厦门旧称贸易有限公司"]}),
        ("福建省厦门市旧称贸易有限责任公司湖里分公司", {}),
    ),
    "same_name": (
        "厦门澜汀建材有限责任公司",
        ("厦门澜汀建材有限公司", {}),
        ("厦门澜汀建材有限责任公司湖里分公司", {}),
    ),
    "core": ("云栈物流", ("厦门云栈物流有限公司", {}), ("厦门云栈物流设备股份有限公司", {})),
    "brand": ("溪岸", ("厦门溪岸贸易有限公司", {}), ("厦门溪岸堂食品股份有限公司", {})),
    "start": ("古厝", ("厦门古厝坊工艺品有限公司", {}), ("厦门小古厝工艺品股份有限公司", {})),
    "contains": ("墨池 文化", ("厦门墨池文化传播有限公司", {}), ("厦门文化墨池有限公司", {})),
    "words": (
        "文房 砚台 拓片",
        ("厦门文澜文房与砚台艺术品有限公司", {"scope": "拓片"}),
        ("厦门文房工艺有限公司", {"scope": "砚台、拓片"}),
    ),
    "similarity": (
        "青禾环保科技",
        ("清禾环保科技", {}),
        ("清和环保科技", {"scope": "青禾环保科技"}),
    ),
    "similar_core": ("厦门白鹭观光有限公司", ("厦门白路观光有限责任公司", {}), ("厦门白鹿关光有限公司", {})),
    "turned": ("建材虹桥", ("厦门虹桥建材有限公司", {}), ("厦门建材虹商行", {})),
    "in_order": ("示高速", ("福建省示例高速公路发展有限公司", {}), ("福建省示高台商行", {})),
    "sound": (
        "厦门松涛雅集有限公司",
        ("厦门松桃雅集有限公司", {"status": None}),
        ("厦门松树雅集有限公司", {}),
    ),
    "spelled": ("hupan", ("厦门湖畔商行", {}), ("厦门大湖畔食品股份有限公司", {})),
    "first_letters": ("htsw", ("厦门海棠书屋有限公司", {}), ("厦门海棠书屋文化股份有限公司", {})),
    "place": (
        "渔火 泉州",
        ("渔火餐饮管理有限公司", {"region": "350503"}),
        ("渔火饮食股份有限公司", {"address": "厦门市思明区泉州路1号"}),
    ),
    "address": (
        "示例南路12号",
        ("厦门听潮物流有限公司", {"address": "厦门市思明区示例南路12号"}),
        ("厦门示例商行", {"address": "厦门市示例南路1号楼12号"}),
    ),
    "scope": (
        "挖掘机租赁",
        ("厦门远山商行", {"scope": "挖掘机租赁"}),
        ("厦门近水贸易股份有限公司", {"scope": "挖掘机销售；房屋租赁"}),
    ),
    "representative": (
        "竹里 林海",
        ("厦门竹里文化有限公司", {"legal_rep": "林海"}),
        ("竹里商行", {"address": "厦门市林海路1号"}),
    ),
    "status": ("晚枫", ("厦门晚枫贸易有限公司", {}), ("厦门晚枫贸易股份有限公司", {"status": "注销"})),
    "head_office": (
        "雁塔信查",
        ("厦门雁塔信查网络科技有限公司", {}),
        ("厦门雁塔信查网络有限公司湖里分公司", {}),
    ),
    "joint_stock": ("石桥", ("厦门石桥食品饮料股份有限公司", {}), ("厦门石桥食品有限公司", {})),
    "short": ("荷塘", ("厦门荷塘食品有限公司", {}), ("厦门荷塘食品贸易有限公司", {})),
    "capital": (
        "茶山坞",
        ("厦门茶山坞贸易有限公司", {"capital_cny": 2e9, "status": None}),
        ("厦门茶山坞建材有限公司", {}),
    ),
    "near_code": (
        code(51)[:15] + ("A" if code(51)[15] != "A" else "B") + code(51)[16:],
        ("厦门近码示例有限公司", {}),
        ("厦门远码示例有限公司", {}),
    ),
}


@pytest.fixture(scope="module")
def searcher(publish: Publish) -> Searcher:
    companies = [company for _, *both in CASES.values() for company in both]
    return publish(entity(number, name, **facts) for number, (name, facts) in enumerate(companies, 1))


def holds(searcher: Searcher, feature: str) -> bool:
    """Whether the company that is meant stands first, and the answer says why."""
    typed, (meant, _), _ = CASES[feature]
    first = searcher.entities.page(EntitySearch(q=typed)).hits[0]
    return first["name"] == meant and any(reason.score > 0 for reason in first["reasons"])


@pytest.mark.parametrize("feature", CASES)
def test_the_company_that_is_meant_stands_first(searcher: Searcher, feature: str) -> None:
    assert holds(searcher, feature)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.__name__)
def test_no_feature_can_be_left_out(searcher: Searcher, feature: Feature, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cast("dict[Feature, float]", FEATURES), feature, 0.0)
    assert not holds(searcher, feature.__name__)
