"""Two rows of one key become one: what wins, what is kept, what is remembered."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from indexer.kinds.penalty import PENALTIES
from indexer.kinds.spot_check import SPOT_CHECKS
from indexer.merge_rows import conflicts, fold, history, merge_pairs
from indexer.tables import ENTITIES

Rows = Callable[..., pl.DataFrame]

E = {"entity_id": "X1", "name": "鹭岛示例有限公司", "name_key": "鹭岛示例有限公司", "former_names": []}


def one(frame: pl.DataFrame) -> dict[str, object]:
    assert frame.height == 1
    return frame.row(0, named=True)


def test_a_null_does_not_erase_and_what_is_kept_names_its_file(rows: Rows) -> None:
    old = rows(ENTITIES, {**E, "address": "示例路1号", "legal_rep": "甲"}, file="old.csv", batch=1)
    new = rows(ENTITIES, {**E, "legal_rep": "乙"}, file="new.csv", batch=2)
    merged = one(merge_pairs(old, new, ENTITIES))
    assert (merged["address"], merged["legal_rep"], merged["source_file"]) == ("示例路1号", "乙", "new.csv")
    assert isinstance(merged["carried"], list)
    assert [(each["field"], each["source_file"]) for each in merged["carried"]] == [("address", "old.csv")]


def test_a_fact_carried_twice_still_names_the_file_that_stated_it(rows: Rows) -> None:
    first = rows(ENTITIES, {**E, "address": "示例路1号"}, file="1.csv", batch=1)
    second = rows(ENTITIES, {**E, "legal_rep": "甲"}, file="2.csv", batch=2)
    third = rows(ENTITIES, {**E, "legal_rep": "乙"}, file="3.csv", batch=3)
    merged = merge_pairs(first, second, ENTITIES).select(*ENTITIES.schema)
    carried = one(merge_pairs(merged, third, ENTITIES))["carried"]
    assert isinstance(carried, list)
    assert [(each["field"], each["source_file"], each["source_row"]) for each in carried] == [("address", "1.csv", 1)]


def test_a_row_that_says_nothing_new_leaves_the_old_row_as_it_was(rows: Rows) -> None:
    old = rows(ENTITIES, {**E, "address": "示例路1号", "former_names": ["旧示例"]}, file="old.csv")
    new = rows(ENTITIES, E, file="new.csv", batch=2)
    merged = merge_pairs(old, new, ENTITIES)
    assert not one(merged)["changed"]
    assert merged.select(*ENTITIES.schema).equals(old)


def test_a_new_name_makes_the_old_one_a_former_name(rows: Rows) -> None:
    old = rows(ENTITIES, {**E, "former_names": ["更早示例"]})
    new = rows(ENTITIES, {"entity_id": "X1", "name": "新示例有限公司", "name_key": "新示例有限公司"}, batch=2)
    merged = one(merge_pairs(old, new, ENTITIES))
    assert merged["name"] == "新示例有限公司"
    assert merged["former_names"] == ["更早示例", "鹭岛示例有限公司"]


def test_a_name_that_comes_back_is_not_its_own_former_name(rows: Rows) -> None:
    old = rows(ENTITIES, {**E, "name": "乙示例", "name_key": "乙示例", "former_names": ["鹭岛示例有限公司"]})
    merged = one(merge_pairs(old, rows(ENTITIES, E, batch=2), ENTITIES))
    assert merged["former_names"] == ["乙示例"]


def test_another_spelling_of_a_name_is_no_former_name(rows: Rows) -> None:
    old = rows(ENTITIES, {**E, "name": "示例(厦门)公司", "name_key": "示例厦门公司"})
    new = rows(ENTITIES, {**E, "name": "示例（厦门）公司", "name_key": "示例厦门公司"}, batch=2)
    merged = one(merge_pairs(old, new, ENTITIES))
    assert (merged["name"], merged["former_names"]) == ("示例（厦门）公司", [])


def test_a_value_read_from_a_text_goes_with_its_text(rows: Rows) -> None:
    yuan = {"capital_text": "100万元", "capital_cny": Decimal(1000000), "capital_currency": "CNY"}
    dollars = {"capital_text": "50万美元", "capital_currency": "USD"}
    merged = one(merge_pairs(rows(ENTITIES, E | yuan), rows(ENTITIES, E | dollars, batch=2), ENTITIES))
    assert (merged["capital_cny"], merged["capital_currency"]) == (None, "USD")


def test_a_coarser_region_without_an_address_does_not_replace_a_finer_one(rows: Rows) -> None:
    old = rows(ENTITIES, {**E, "address": "厦门市思明区示例路1号", "region_code": "350203"})
    new = rows(ENTITIES, {**E, "region_code": "350200"}, batch=2)
    assert one(merge_pairs(old, new, ENTITIES))["region_code"] == "350203"


def test_a_fine_goes_with_the_content_that_states_it(rows: Rows) -> None:
    key = {"record_id": "P-1"}
    old = rows(PENALTIES, {**key, "content": "罚款500元", "fine_cny": Decimal(500)})
    corrected = rows(PENALTIES, {**key, "content": "警告"}, batch=2)
    stated = rows(PENALTIES, {**key, "fine_cny": Decimal(300)}, batch=2)
    assert one(merge_pairs(old, corrected, PENALTIES))["fine_cny"] is None
    assert one(merge_pairs(old, stated, PENALTIES))["fine_cny"] == Decimal(300)


def test_a_withdrawal_stays_where_a_newer_file_says_nothing_of_it(rows: Rows) -> None:
    old = rows(PENALTIES, {"record_id": "P-1", "withdrawn": True})
    new = rows(PENALTIES, {"record_id": "P-1", "remark": "示例"}, batch=2)
    assert one(merge_pairs(old, new, PENALTIES))["withdrawn"] is True


def test_results_of_one_check_are_joined_with_their_codes(rows: Rows) -> None:
    old = rows(
        SPOT_CHECKS, {"record_id": "C-1", "results": ["甲", "乙"], "result_codes": ["1", None], "items": ["登记"]}
    )
    new = rows(SPOT_CHECKS, {"record_id": "C-1", "results": ["乙", "丙"], "result_codes": [None, "3"]}, batch=2)
    merged = one(merge_pairs(old, new, SPOT_CHECKS))
    assert merged["results"] == ["甲", "乙", "丙"]
    assert merged["result_codes"] == ["1", None, "3"]
    assert merged["items"] == ["登记"]


def test_every_changed_field_has_its_line_in_the_history(rows: Rows) -> None:
    old = rows(ENTITIES, {**E, "established_on": date(2001, 2, 3), "capital_cny": Decimal("10.50")}, file="o.csv")
    new = rows(ENTITIES, {**E, "established_on": date(2002, 2, 3), "status": "存续", "former_names": ["旧"]}, batch=2)
    pairs = merge_pairs(old, new, ENTITIES).filter("changed")
    changes = {row["field"]: row for row in history(pairs, ENTITIES).iter_rows(named=True)}
    assert set(changes) == {"established_on", "status", "former_names"}
    assert (changes["established_on"]["old"], changes["established_on"]["new"]) == ("2001-02-03", "2002-02-03")
    assert (changes["status"]["old"], changes["status"]["new"]) == (None, "存续")
    assert json.loads(changes["former_names"]["new"]) == ["旧"]
    assert (changes["status"]["key"], changes["status"]["old_source_file"]) == ("X1", "o.csv")


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13])
def test_many_rows_of_one_key_in_one_load_become_one_the_last_winning(rows: Rows, count: int) -> None:
    values = [{**E, "legal_rep": f"人{n}", "status": "存续" if n == 0 else None} for n in range(count)]
    merged = one(fold(rows(ENTITIES, *values), ENTITIES))
    assert (merged["legal_rep"], merged["status"]) == (f"人{count - 1}", "存续")


def test_equal_rows_of_one_load_are_the_first_of_them(rows: Rows) -> None:
    assert one(fold(rows(ENTITIES, E, E, E), ENTITIES))["source_row"] == 1


def test_contradictions_within_a_load_name_the_columns(rows: Rows) -> None:
    found = conflicts(
        rows(
            ENTITIES,
            {**E, "address": "甲", "status": "存续"},
            {**E, "address": "乙"},
            {"entity_id": "X2", "address": "丙"},
            {"entity_id": "X2"},
        ),
        ENTITIES,
    )
    assert found.rows() == [("X1", "a.csv", 2, "address")]


def test_several_results_of_one_check_contradict_nothing(rows: Rows) -> None:
    values = [{"record_id": "C-1", "results": [text], "result_codes": [None], "items": ["登记"]} for text in "甲乙"]
    assert conflicts(rows(SPOT_CHECKS, *values), SPOT_CHECKS).is_empty()


def test_brackets_of_another_width_are_no_other_content(rows: Rows) -> None:
    types = ("有限责任公司（自然人独资）", "有限责任公司(自然人独资)")
    values = ({"entity_id": "1", "name": "示例甲", "enterprise_type": each} for each in types)
    assert conflicts(rows(ENTITIES, *values), ENTITIES).is_empty()
