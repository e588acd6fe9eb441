"""Which record is about which entity, and when nobody may say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from indexer.kinds.penalty import PENALTIES
from indexer.link import link, parties
from indexer.tables import ENTITIES, Table
from xincha.text.names import name_key

Rows = Callable[..., pl.DataFrame]
Linked = Callable[[list[dict[str, object]], dict[str, object]], tuple[str, str | None, list[str] | None]]

CODE, OTHER = "91350200M0001A0A0X", "91350200M0002B0B0Y"
SIMING, HULI, XIAMEN, FUZHOU = "350203", "350206", "350200", "350102"


@pytest.fixture
def linked(rows: Rows) -> Linked:
    """The link of one penalty, given the entities: (rule, entity_id, candidates)."""

    def run(entities: list[dict[str, object]], party: dict[str, object]) -> tuple[str, str | None, list[str] | None]:
        numbered = [{"entity_id": f"E{n}", "former_names": [], **each} for n, each in enumerate(entities, 1)]
        frames = {"entities": rows(ENTITIES, *numbered), "penalties": rows(PENALTIES, {"record_id": "P-1", **party})}

        def scan(name: str) -> pl.LazyFrame:
            empty = {table.name: table for table in _tables()}
            return frames.get(name, pl.DataFrame(schema=pl.Schema(empty[name].schema))).lazy()

        found = link(parties(scan), scan("entities"), name_key)
        assert found.height == 1
        row = found.row(0, named=True)
        return row["rule"], row["entity_id"], row["candidates"]

    return run


def _tables() -> tuple[Table, ...]:
    from indexer.tables import DATA_TABLES

    return DATA_TABLES


def named(name: str, **rest: object) -> dict[str, object]:
    return {"name": name, "name_key": name, **rest}


def called(name: object, **rest: object) -> dict[str, object]:
    return {"name": name, "name_key": name_key(str(name)), **rest}


def party(name: str, **rest: object) -> dict[str, object]:
    return {"party_name": name, "party_name_key": name, **rest}


def test_rules_are_tried_in_order(linked: Linked) -> None:
    entities = [
        named("甲", uscc=CODE),
        named("乙", reg_no="350200000000001"),
        named("丙"),
        named("丁", former_names=["戊"]),
    ]
    assert linked(entities, party("己", party_uscc=CODE, party_reg_no="350200000000001"))[:2] == ("uscc", "E1")
    assert linked(entities, party("己", party_reg_no="350200000000001"))[:2] == ("reg_no", "E2")
    assert linked(entities, party("丙"))[:2] == ("name", "E3")
    assert linked(entities, party("戊"))[:2] == ("former_name", "E4")
    assert linked(entities, party("己")) == ("none", None, None)


def test_a_present_name_goes_before_a_former_one(linked: Linked) -> None:
    entities = [named("甲", former_names=["乙"]), named("乙")]
    assert linked(entities, party("乙"))[:2] == ("name", "E2")


ROCK, TIDE = "厦门示例榕荫建材有限公司", "厦门示例潮音科技有限公司"


@pytest.mark.parametrize(
    ("owner", "other", "name"),
    [
        ({"name": TIDE}, {"name": ROCK}, ROCK),
        ({"name": TIDE}, {"name": "厦门示例新荫建材有限公司", "former_names": [ROCK]}, ROCK),
        ({"name": TIDE}, {"name": ROCK}, "厦门市示例榕荫建材有限责任公司"),
        ({"name": TIDE}, {"name": "示例榕荫建材（厦门）有限公司"}, ROCK),
        ({"name": "厦门示例榕荫建村有限公司"}, {"name": ROCK}, ROCK),
        ({"name": "厦门市示例榕荫建材有限公司"}, {"name": ROCK}, ROCK),
        ({"name": f"{ROCK}思明分公司"}, {"name": ROCK}, ROCK),
        ({"name": ROCK}, {"name": f"{ROCK}思明分公司"}, f"{ROCK}思明分公司"),
        ({"name": TIDE}, {"name": "示例阿桐小吃店", "kind": "个体工商户", "region_code": SIMING}, "示例阿桐小吃店"),
        ({"name": TIDE, "region_code": FUZHOU}, {"name": ROCK, "region_code": SIMING}, ROCK),
    ],
)
@pytest.mark.parametrize("column", ["uscc", "reg_no"])
def test_a_code_does_not_outvote_a_name(
    linked: Linked, column: str, owner: dict[str, object], other: dict[str, object], name: str
) -> None:
    entities = [{**called(**owner), column: CODE}, {**called(**other), column: OTHER}]
    told = {**party(name_key(name)), "party_name": name, f"party_{column}": CODE, "party_region_code": SIMING}
    assert linked(entities, told) == ("code_of_another", None, ["E1", "E2"])


@pytest.mark.parametrize(
    ("owner", "others", "name"),
    [
        ({"name": ROCK}, [ROCK], ROCK),
        ({"name": "厦门示例新荫建材有限公司", "former_names": [ROCK]}, [ROCK], ROCK),
        ({"name": "厦门市示例榕荫建材有限责任公司"}, [TIDE], ROCK),
        ({"name": ROCK}, [TIDE], "厦门示例榕荫建村有限公司"),
        ({"name": ROCK}, [TIDE], "厦门示例榕荫建材公司"),
        ({"name": ROCK}, [TIDE], "厦门示例不存在贸易有限公司"),
        ({"name": ROCK}, [TIDE], "示安"),
    ],
)
def test_a_code_decides_where_nobody_else_bears_the_name(
    linked: Linked, owner: dict[str, object], others: list[str], name: str
) -> None:
    entities = [{**called(**owner), "uscc": CODE}, *({**called(other), "uscc": OTHER} for other in others)]
    told = {**party(name_key(name)), "party_name": name, "party_uscc": CODE}
    assert linked(entities, told) == ("uscc", "E1", None)


@pytest.mark.parametrize(
    ("registered", "name"),
    [
        ("厦门示例B++软件有限公司", "厦门示例B软件有限公司"),
        ("厦门示例25度餐饮有限公司", "厦门示例2.5度餐饮有限公司"),
        ("厦门示例贸易有限公司", "厦门示例**贸易有限公司"),
        ("厦门示例城贸易有限公司", "厦门示例□城贸易有限公司"),
    ],
)
def test_a_name_that_differs_in_signs_is_another_one(linked: Linked, registered: str, name: str) -> None:
    told = {**party(name_key(name)), "party_name": name}
    assert linked([called(registered)], told) == ("none", None, None)
    assert linked([called(TIDE, former_names=[registered])], told) == ("none", None, None)
    assert linked([called(registered), called(name)], told)[:2] == ("name", "E2")
    assert linked([called(TIDE, former_names=[name])], told)[:2] == ("former_name", "E1")
    both = [{**called(registered), "uscc": CODE}, {**called(name), "uscc": OTHER}]
    assert linked(both, {**told, "party_uscc": CODE})[0] == "code_of_another"


def test_namesakes_that_cannot_be_the_party_dispute_no_code(linked: Linked) -> None:
    owner = {**called("厦门市思明区示例阿桐小吃店"), "uscc": CODE, "kind": "个体工商户", "region_code": SIMING}
    shop = {**called("示例阿桐小吃店"), "uscc": OTHER, "kind": "个体工商户", "region_code": HULI}
    later = {**called(ROCK), "uscc": OTHER, "established_on": date(2020, 1, 1)}
    himself = {**called(ROCK), "org_code": CODE[8:17]}
    told = {"party_uscc": CODE, "party_region_code": SIMING, "decided_on": date(2019, 1, 1)}
    assert linked([owner, shop], {**party("示例阿桐小吃店"), **told})[:2] == ("uscc", "E1")
    assert linked([owner, later], {**party(ROCK), **told})[:2] == ("uscc", "E1")
    assert linked([owner, himself], {**party(ROCK), **told})[:2] == ("uscc", "E1")


def test_a_natural_person_is_whom_his_code_says(linked: Linked) -> None:
    entities = [{**called("示例阿桐小吃店"), "uscc": CODE}, {**called("示安"), "uscc": OTHER}]
    assert linked(entities, party("示安", party_uscc=CODE, party_kind="自然人"))[:2] == ("uscc", "E1")


def test_a_valid_code_that_is_not_in_the_register_never_reaches_a_company_with_another_code(linked: Linked) -> None:
    assert linked([named("甲", uscc=OTHER)], party("甲", party_uscc=CODE)) == ("none", None, None)
    assert linked([named("乙", uscc=OTHER, former_names=["甲"])], party("甲", party_uscc=CODE))[0] == "none"
    assert linked([named("甲", uscc=OTHER, reg_no="1")], party("甲", party_uscc=CODE, party_reg_no="1"))[0] == "none"


def test_a_code_that_is_not_in_the_register_may_be_that_of_an_entity_without_one(linked: Linked) -> None:
    assert linked([named("甲")], party("甲", party_uscc=CODE))[:2] == ("name", "E1")
    assert linked([named("甲", org_code=CODE[8:17])], party("甲", party_uscc=CODE))[:2] == ("name", "E1")
    assert linked([named("甲", org_code="000000000")], party("甲", party_uscc=CODE))[0] == "none"


def test_a_name_does_not_outweigh_another_registration_number(linked: Linked) -> None:
    assert linked([named("甲", reg_no="1")], party("甲", party_reg_no="2"))[0] == "none"


def test_region_decides_between_equals(linked: Linked) -> None:
    two = [named("甲", region_code=SIMING), named("甲", region_code=HULI)]
    assert linked(two, party("甲", party_region_code=HULI))[:2] == ("name", "E2")
    assert linked(two, party("甲", party_region_code=XIAMEN)) == ("ambiguous", None, ["E1", "E2"])
    assert linked(two, party("甲")) == ("ambiguous", None, ["E1", "E2"])
    district = [named("甲", region_code=SIMING), named("甲", region_code=XIAMEN)]
    assert linked(district, party("甲", party_region_code=SIMING))[:2] == ("name", "E1")


def test_a_company_that_moved_within_its_city_is_found_a_shop_is_not(linked: Linked) -> None:
    record = party("甲", party_region_code=HULI)
    assert linked([named("甲", region_code=SIMING, kind="企业")], record)[:2] == ("name", "E1")
    assert linked([named("甲", region_code=SIMING, kind="个体工商户")], record)[0] == "none"
    assert linked([named("甲", region_code=HULI, kind="个体工商户")], record)[:2] == ("name", "E1")


def test_a_name_in_another_city_is_somebody_else(linked: Linked) -> None:
    assert linked([named("甲", region_code=FUZHOU)], party("甲", party_region_code=SIMING))[0] == "none"


def test_an_office_elsewhere_does_not_say_where_a_company_is(linked: Linked) -> None:
    """异地处罚."""
    for name in ("厦门市甲乙贸易有限公司", "甲乙贸易有限公司"):
        company = named(name, region_code=SIMING, kind="企业")
        assert linked([company], party(name, authority="福州市鼓楼区市场监督管理局"))[:2] == ("name", "E1")
        assert linked([company], party(name, authority="杭州市市场监督管理局"))[:2] == ("name", "E1")
    two = [named("甲乙贸易有限公司", region_code=each, kind="企业") for each in (SIMING, FUZHOU)]
    office = "福州市鼓楼区市场监督管理局"
    assert linked(two, party("甲乙贸易有限公司", authority=office)) == ("ambiguous", None, ["E1", "E2"])
    assert linked(two, party("甲乙贸易有限公司", party_region_code=SIMING, authority=office))[:2] == ("name", "E1")


@pytest.mark.parametrize(
    ("name", "authority", "rule"),
    [
        ("甲乙小吃店", "厦门市思明区市场监督管理局", "name"),
        ("甲乙小吃店", "厦门市市场监督管理局", "name"),
        ("甲乙小吃店", "厦门市湖里区市场监督管理局", "none"),
        ("甲乙小吃店", "杭州市市场监督管理局", "none"),
        ("甲乙小吃店", "某某局", "name"),
        ("厦门市思明区甲乙小吃店", "杭州市市场监督管理局", "name"),  # its name says where it is
        ("厦门市甲乙小吃店", "厦门市湖里区市场监督管理局", "none"),
        ("厦门市思明区甲乙小吃店", "厦门市市场监督管理局", "name"),
    ],
)
def test_an_office_says_where_a_shop_is_whose_name_and_record_do_not(
    linked: Linked, name: str, authority: str, rule: str
) -> None:
    shop = named(name, region_code=SIMING, kind="个体工商户")
    assert linked([shop], party(name, authority=authority))[0] == rule


def test_nobody_is_linked_by_name_to_what_happened_before_it_existed(linked: Linked) -> None:
    later = [named("甲", established_on=date(2020, 1, 1))]
    assert linked(later, party("甲", decided_on=date(2019, 12, 31)))[0] == "none"
    assert linked(later, party("甲", decided_on=date(2020, 1, 1)))[:2] == ("name", "E1")


def test_a_natural_person_is_not_linked_by_name(linked: Linked) -> None:
    assert linked([named("甲")], party("甲", party_kind="自然人"))[0] == "none"


def test_at_most_ten_candidates_are_kept(linked: Linked) -> None:
    rule, entity_id, candidates = linked([named("甲") for _ in range(15)], party("甲"))
    assert (rule, entity_id) == ("ambiguous", None)
    assert candidates is not None
    assert len(candidates) == 10


def test_several_former_names_that_fold_to_one_are_one_candidate(linked: Linked) -> None:
    assert linked([named("乙", former_names=["ABC", "abc"])], party("abc"))[:2] == ("former_name", "E1")


def test_no_records_make_no_links(rows: Rows) -> None:
    empty = {table.name: pl.LazyFrame(schema=pl.Schema(table.schema)) for table in _tables()}
    assert link(parties(empty.__getitem__), empty["entities"], str.casefold).is_empty()
