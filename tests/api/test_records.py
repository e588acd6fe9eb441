"""Records over HTTP: search, filters, facets and sums, what the law lets be shown, one record with its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import TypeAdapter

from fixtures.manifest import Fixtures
from xincha.kinds import KINDS
from xincha.search import answers
from xincha.text.doc_no import doc_no_key

Get = Callable[..., Any]

RECORD: TypeAdapter[Any] = TypeAdapter(answers.Record)


ALONE = (
    *("articles", "rule_articles", "powers", "document_ids", "texts", "text_of", "related", "sections", "text"),
    *("possibly_led_to", "possibly_after"),
)
"""What a record by itself says beside what lists say of it."""


@pytest.mark.parametrize("kind", KINDS)
def test_records_have_every_declared_key_and_a_source(get: Get, kind: str) -> None:
    page = get("records", kind=kind, page_size=50)
    assert page["hits"]
    for record in page["hits"]:
        assert set(record) == set(type(RECORD.validate_python(record)).model_fields)
        assert record["happened_on"] is not None or kind != "penalty"
        assert record["origin"]["file"]
        assert record["rule"] or kind != "penalty"
        whole = get(f"records/{record['record_id']}")
        alone = {key: whole[key] for key in ALONE if key in whole}
        assert whole == {**record, "highlights": [], **alone}


def test_traps_of_publicity_show_what_may_be_shown_and_nothing_else(get: Get, fictional: Fixtures) -> None:
    shown = {
        str(seen.where["doc_no"]): seen.expect["shown"]
        for trap in sorted(fictional.traps.values(), key=lambda trap: trap.after)  # what the later delivery says wins
        for seen in trap.see
        if "shown" in seen.expect and "doc_no" in seen.where
    }
    assert set(shown.values()) == {True, False}
    found = {number: get("records", q=number, page_size=100)["hits"] for number in shown}
    keys = {number: {doc_no_key(hit.get("doc_no") or "") for hit in hits} for number, hits in found.items()}
    assert {number: doc_no_key(number) in found for number, found in keys.items()} == shown


def test_a_record_of_nobody_in_the_register_is_still_found(get: Get) -> None:
    for rule in ("none", "ambiguous"):
        page = get("records", link=rule, page_size=5)
        assert page["hits"]
        for record in page["hits"]:
            assert (record["link_rule"], record["entity_id"]) == (rule, None)
            assert record["party_name"]


def test_sums_are_of_all_records_found(get: Get) -> None:
    fines, confiscated, cursor = 0.0, 0.0, None
    while True:
        page = get("records", kind="penalty", page_size=100, **({"cursor": cursor} if cursor else {}))
        fines += sum(record["fine_cny"] or 0 for record in page["hits"])
        confiscated += sum(record["confiscated_cny"] or 0 for record in page["hits"])
        cursor = page["cursor"]
        if cursor is None:
            break
    assert page["sums"] == pytest.approx({"fine_cny": fines, "confiscated_cny": confiscated})


@pytest.mark.parametrize("facet", ["kind", "region", "authority", "category", "state"])
def test_a_facet_counts_what_its_filter_finds(get: Get, facet: str) -> None:
    buckets = get("records", page_size=1, facet=facet)["facets"][facet]
    assert buckets
    for bucket in buckets[:3]:
        assert get("records", page_size=1, **{facet: bucket["value"]})["total"] == bucket["count"], bucket


def test_the_state_of_a_record_is_the_one_it_is_filtered_by(get: Get) -> None:
    for state in ("listed", "found", "clear"):
        hits = get("records", state=state, page_size=20)["hits"]
        assert {record["state"] for record in hits} == {state}
    assert get("records", state="removed")["hits"] == []  # what has left a list is not shown


def test_bounds_narrow_by_day_and_by_fine(get: Get) -> None:
    page = get("records", happened_from="2025-01-01", happened_to="2025-12-31", page_size=100)
    assert page["hits"]
    assert all("2025-01-01" <= record["happened_on"] <= "2025-12-31" for record in page["hits"])
    fined = get("records", fine_from=10_000, sort="fine_cny", page_size=100)["hits"]
    assert fined
    assert [record["fine_cny"] for record in fined] == sorted(record["fine_cny"] for record in fined)
    assert fined[0]["fine_cny"] >= 10_000


def test_without_words_the_newest_come_first(get: Get) -> None:
    days = [record["happened_on"] for record in get("records", page_size=100)["hits"]]
    assert days == sorted(days, reverse=True)


def test_records_are_found_by_the_article_that_they_name(get: Get) -> None:
    asked = {"article": "食品安全法|124", "page_size": 100}
    found = get("records", **asked)
    assert found["total"] > 10
    assert all("食品安全法》第一百二十四条" in hit["basis"] for hit in found["hits"])
    whole = get("records", kind="penalty", page_size=100, q="食品安全法 第一百二十四条")
    assert found["total"] >= sum("》第一百二十四条" in hit["basis"] for hit in whole["hits"])
