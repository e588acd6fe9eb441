"""Published changes 变更信息 in the life of an entity: its former names and addresses with their days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.kinds import double_random as of
from tests.kinds.double_random import Data, data_in
from xincha.days import today

Get = Callable[..., Any]
FIRST, SECOND = "厦门示例最初食品有限公司", "厦门示例后来食品有限公司"
LATELY = today() - timedelta(days=30)
HEAD = "企业名称,统一社会信用代码,变更事项,变更前内容,变更后内容,变更日期\n"
CHANGES = (
    f"{of.NAME},{of.CODE},企业名称变更,{SECOND},{of.NAME},2020-05-06\n"
    f"{SECOND},,名称变更（字号名称、集团名称等）,名称：{FIRST},{SECOND},2015-03-04\n"
    f"{of.NAME},{of.CODE},住所（经营场所）变更,厦门市湖里区样本路2号,厦门市思明区示例路1号,2018-07-08\n"
    f"{of.NAME},{of.CODE},集团名称,示例某集团,示例另集团,2019-01-02\n"
    f"{of.NAME},{of.CODE},股东名称,厦门示例股东商贸有限公司,厦门示例新股东商贸有限公司,2019-01-03\n"
)
PENALTIES = (
    "行政相对人名称,行政处罚决定书文号,违法行为类型,处罚内容,处罚决定日期,处罚机关,罚款金额（万元）\n"
    f"{FIRST},示市监罚〔2026〕1号,虚假宣传,罚款,{LATELY},{of.OFFICE},0.5\n"
    f"厦门示例股东商贸有限公司,示市监罚〔2026〕2号,虚假宣传,罚款,{LATELY},{of.OFFICE},0.5\n"
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    data = data_in(tmp_path_factory.mktemp("changes"))
    data.load(register=of.REGISTER, changes=HEAD + CHANGES, penalties=PENALTIES)
    data.publish()
    return data


@pytest.fixture(scope="module")
def get(data: Data) -> Iterator[Get]:
    with data.asked() as get:
        yield get


def test_a_company_has_its_former_names_and_addresses_with_their_days_and_records(get: Get) -> None:
    company = get(f"entities/{of.CODE}")
    assert company["former_names"] == [SECOND, FIRST]
    told = [(line["name"], line["until_on"]) for line in company["renamed"]]
    assert told == [(SECOND, "2020-05-06"), (FIRST, "2015-03-04")]
    assert [(line["address"], line["until_on"]) for line in company["moved"]] == [
        ("厦门市湖里区样本路2号", "2018-07-08")
    ]
    assert get(f"records/{company['renamed'][0]['record_id']}")["after"] == of.NAME


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_a_company_is_found_by_the_names_that_it_had(get: Get, name: str) -> None:
    found = get("entities", q=name)["hits"][0]
    assert found["name"] == of.NAME
    assert "former_names" in {highlight["field"] for highlight in found["highlights"]}


def test_what_a_list_says_of_a_former_name_is_about_the_company(get: Get) -> None:
    [penalty] = get(f"entities/{of.CODE}/records", kind="penalty")["hits"]
    assert (penalty["party_name"], penalty["link_rule"]) == (FIRST, "former_name")


def test_a_company_bears_no_name_of_its_group_or_of_its_shareholders(get: Get) -> None:
    [other] = get("records", q="示市监罚〔2026〕2号")["hits"]
    assert other["entity_id"] is None


@pytest.mark.parametrize(
    ("day", "name", "address", "former"),
    [
        ("2014-01-01", FIRST, "厦门市湖里区样本路2号", []),
        ("2016-01-01", SECOND, "厦门市湖里区样本路2号", [FIRST]),
        ("2020-05-05", SECOND, "厦门市思明区示例路1号", [FIRST]),
        ("2020-05-06", of.NAME, "厦门市思明区示例路1号", [SECOND, FIRST]),
    ],
)
def test_on_an_earlier_day_it_had_the_name_and_the_address_of_that_day(
    get: Get, day: str, name: str, address: str, former: list[str]
) -> None:
    company = get(f"entities/{of.CODE}", as_of=day)
    assert (company["name"], company["address"], company["former_names"]) == (name, address, former)


def test_changes_are_counted_by_what_was_changed(get: Get) -> None:
    for kind, count in (("名称变更", 2), ("住所变更", 1), ("其他变更", 1), ("股东及出资变更", 1)):
        assert get("records", kind="change", category=kind)["total"] == count, kind


def test_changes_that_come_later_reach_what_is_published_already(tmp_path: Path) -> None:
    data = data_in(tmp_path / "data")
    others = "".join(f"厦门示例第{number}食品有限公司,,存续,2010-01-05,\n" for number in range(60))
    penalties = "".join(
        f"某{number}示例行,示市监罚〔2025〕{number}号,虚假宣传,罚款,{LATELY},{of.OFFICE},0.5\n" for number in range(120)
    )
    data.load(register=of.REGISTER + others, penalties=PENALTIES + penalties)
    data.publish()
    data.load(changes=HEAD + CHANGES)
    assert data.publish().mode == "changes"
    with data.asked() as get:
        assert get(f"entities/{of.CODE}")["former_names"] == [SECOND, FIRST]
        assert get(f"entities/{of.CODE}/records", kind="penalty")["total"] == 1


def test_a_register_that_is_behind_keeps_the_name_that_it_states(tmp_path: Path) -> None:
    data = data_in(tmp_path / "data")
    later = f"{of.NAME},{of.CODE},名称变更,{of.NAME},厦门示例未来食品有限公司,2026-05-06\n"
    data.load(register=of.REGISTER, changes=HEAD + later)
    data.publish()
    with data.asked() as get:
        company = get(f"entities/{of.CODE}")
        assert (company["name"], company["former_names"]) == (of.NAME, [])
