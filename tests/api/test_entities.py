"""Entities over HTTP: search, filters, facets, pages, one entity with its sources and history, suggestions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

import pytest

from api import models
from fixtures.manifest import Fixtures
from xincha.kinds import KINDS, of_entities
from xincha.search import answers

HIT: Any = answers.EntityHit
ENTITY: Any = answers.Entity
Get = Callable[..., Any]


def pages(get: Get, address: str, **asked: object) -> Iterator[dict[str, Any]]:
    """Every page of a search, from the first to the last."""
    cursor = None
    while True:
        page = get(address, **asked, **({"cursor": cursor} if cursor else {}))
        yield page
        cursor = page["cursor"]
        if cursor is None:
            return


def test_a_hit_has_the_shape_that_programs_rely_on(get: Get) -> None:
    page = get("entities", q="示例", page_size=5)
    assert set(page) >= {"hits", "total", "facets", "cursor"}
    assert len(page["hits"]) == 5
    for hit in page["hits"]:
        assert {"entity_id", "uscc", "name", "status", "highlights", "reasons", "counts"} <= hit.keys()
        HIT.model_validate(hit)
        assert set(hit) == set(HIT.model_fields)


def test_every_searched_trap_comes_first(get: Get, fictional: Fixtures) -> None:
    wrong = {}
    for trap in fictional.traps.values():
        for q, expected in trap.first.items():
            hits = get("entities", q=q, page_size=3)["hits"]
            if not hits or hits[0]["entity_id"] != expected:
                wrong[q] = [hit["name"] for hit in hits]
    assert not wrong


def test_what_matches_is_marked_and_explained(get: Get, fictional: Fixtures) -> None:
    former, expected = next(iter(fictional.traps["former_name"].first.items()))
    hit = get("entities", q=former, page_size=1)["hits"][0]
    assert hit["entity_id"] == expected
    marked = {
        each["field"]: "".join(part["text"] for part in each["parts"] if part["mark"]) for each in hit["highlights"]
    }
    assert former in marked.values()
    assert all(reason["text"] for reason in hit["reasons"])


def test_filters_narrow_and_facets_do_not_count_themselves_out(get: Get) -> None:
    everything = get("entities", page_size=1)
    status = {bucket["value"]: bucket["count"] for bucket in everything["facets"]["status"]}
    assert len(status) > 2
    one = get("entities", status="注销", page_size=100)
    assert {hit["status"] for hit in one["hits"]} == {"注销"}
    assert one["total"] == status["注销"]
    assert {bucket["value"]: bucket["count"] for bucket in one["facets"]["status"]} == status
    assert sum(bucket["count"] for bucket in one["facets"]["kind"]) == one["total"]
    both = get("entities", status=["注销", "存续"], page_size=1)
    assert both["total"] == status["注销"] + status["存续"]


@pytest.mark.parametrize("facet", ["status", "kind", "region", "industry", "authority", "has"])
def test_a_facet_counts_what_its_filter_finds(get: Get, facet: str) -> None:
    buckets = get("entities", page_size=1, facet=facet)["facets"][facet]
    assert buckets
    for bucket in buckets[:3]:
        assert get("entities", page_size=1, **{facet: bucket["value"]})["total"] == bucket["count"], bucket


@pytest.mark.parametrize("facet", ["established", "capital"])
def test_a_facet_of_bounds_counts_what_its_bounds_find(get: Get, facet: str) -> None:
    buckets = get("entities", page_size=1, facet=facet)["facets"][facet]
    assert buckets
    for bucket in buckets[:3]:
        bounds = {f"{facet}_{side}": bucket[side] for side in ("from", "to") if bucket[side] is not None}
        assert get("entities", page_size=1, **bounds)["total"] == bucket["count"], bucket


def test_only_the_facets_that_are_asked_for_are_counted(get: Get) -> None:
    assert set(get("entities", facet=["kind", "region"])["facets"]) == {"kind", "region"}


def test_codes_in_facets_carry_their_names(get: Get) -> None:
    names = {bucket["value"]: bucket["name"] for bucket in get("entities", facet="region")["facets"]["region"]}
    assert names["350203"] == "思明区"
    named = {bucket["value"]: bucket["name"] for bucket in get("entities", facet="has")["facets"]["has"]}
    assert named["penalty"] == "有行政处罚"


@pytest.mark.parametrize(
    "asked", [{"sort": "-established_on"}, {"q": "示例"}, {"q": "商贸", "sort": "capital_cny"}, {}]
)
def test_pages_go_to_the_last_hit_without_repeating_one(get: Get, asked: dict[str, object]) -> None:
    seen: Counter[str] = Counter()
    total = 0
    for page in pages(get, "entities", **asked, page_size=40, facet="has"):
        seen.update(hit["entity_id"] for hit in page["hits"])
        total = page["total"]
    assert seen.total() == len(seen) == total
    assert total > 40


@pytest.mark.parametrize("field", ["established_on", "capital_cny", "approved_on"])
def test_sorting_goes_both_ways_and_ends_with_what_has_no_value(get: Get, field: str) -> None:
    for sort, down in ((field, False), (f"-{field}", True)):
        values = [hit[field] for page in pages(get, "entities", sort=sort, page_size=100) for hit in page["hits"]]
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=down)
        assert values[len(known) :] == [None] * (len(values) - len(known))


def test_an_entity_is_told_whole_with_the_source_of_its_facts(get: Get, fictional: Fixtures) -> None:
    for seen in fictional.traps["newer_file"].see:
        if seen.table == "entities":
            entity = get(f"entities/{seen.where['entity_id']}")
            ENTITY.model_validate(entity)
            assert set(entity) == set(ENTITY.model_fields)
            assert {name: entity[name] for name in seen.expect} == seen.expect
            assert entity["origin"]["file"]
            assert entity["origin"]["row"] > 0
        if seen.table == "changes":
            changes = {change["field"]: change for change in get(f"entities/{seen.where['key']}")["changes"]}
            change = changes[str(seen.where["field"])]
            assert {name: change[name] for name in seen.expect} == seen.expect
            assert change["changed_at"]


def test_the_summary_says_what_the_facts_say_and_no_more(get: Get, fictional: Fixtures) -> None:
    for hit in get("entities", has="penalty", page_size=20)["hits"]:
        told = get(f"entities/{hit['entity_id']}")
        assert f"行政处罚 {told['counts']['penalty']} 次" in told["summary"]
        assert ("现列入" in told["summary"] or "现标记" in told["summary"]) == (told["counts"]["abnormal_now"] > 0)


def test_an_entity_as_of_a_day_before_it_was_punished_has_no_penalty(get: Get) -> None:
    hit = get("entities", has="penalty", page_size=1)["hits"][0]
    timeline = get(f"entities/{hit['entity_id']}/records", kind="penalty")["hits"]
    first = min(record["public_from"] for record in timeline)
    earlier = get(f"entities/{hit['entity_id']}", as_of=hit["established_on"])
    assert first > earlier["as_of"] == hit["established_on"]
    assert earlier["counts"]["penalty"] == 0


def test_before_the_first_load_an_answer_says_that_it_is_of_later_facts(get: Get) -> None:
    hit = get("entities", q="示例", page_size=1)["hits"][0]
    today = get(f"entities/{hit['entity_id']}")
    assert hit["established_on"] < today["known_from"] <= today["as_of"]
    assert "不详" not in today["summary"]
    earlier = get(f"entities/{hit['entity_id']}", as_of=hit["established_on"])
    assert earlier["known_from"] == today["known_from"] > earlier["as_of"]
    assert f"登记信息自 {today['known_from']} 起才有，{hit['established_on']} 是否如此不详" in earlier["summary"]
    assert (earlier["approved_on"] or "") <= earlier["as_of"]
    assert (earlier["status_on"] or "") <= earlier["as_of"]


def test_a_timeline_holds_what_the_counts_say_newest_first(get: Get) -> None:
    for hit in get("entities", has=["penalty", "abnormal"], page_size=20)["hits"]:
        timeline = get(f"entities/{hit['entity_id']}/records", page_size=100)
        counted = Counter(record["kind"] for record in timeline["hits"])
        assert counted == {kind: hit["counts"][kind] for kind in of_entities() if hit["counts"][kind]}
        days = [record["happened_on"] for record in timeline["hits"] if record["happened_on"]]
        assert days == sorted(days, reverse=True)


def test_suggestions_mark_what_was_typed(get: Get, fictional: Fixtures) -> None:
    suggestions = get("suggest", q="示例", limit=5)["suggestions"]
    assert len(suggestions) == 5
    for suggestion in suggestions:
        assert set(suggestion) == {each.name for each in fields(answers.Suggestion)}
        assert "".join(part["text"] for part in suggestion["parts"]) == suggestion["name"]
        why = suggestion["why"] or {"parts": []}  # of one whose name is disused, a former name
        assert any(part["mark"] for part in [*suggestion["parts"], *why["parts"]])
    assert get("suggest", q="")["suggestions"] == []


def test_the_home_page_is_told_what_is_loaded(get: Get) -> None:
    about = get("about")
    models.About.model_validate(about)
    assert about["entities"] == get("entities", page_size=1)["total"]
    assert about["records"] == get("records", page_size=1)["total"] == sum(about["by_kind"].values())
    assert about["places"][0]["name"] == "厦门市"
    assert {source["kind"] for source in about["sources"]} == {"registration", *KINDS}
    assert about["age_days"] == 0
    assert len(about["examples"]) == 3
    for example in about["examples"]:
        assert 0 < get("entities", q=example["q"], page_size=1)["total"] <= 20, example


def test_nothing_personal_or_withheld_is_in_any_answer(get: Get, fictional: Fixtures) -> None:
    told = "".join(
        str(page["hits"]) for address in ("entities", "records") for page in pages(get, address, page_size=100)
    )
    assert len(told) > 1_000_000
    assert not [secret for secret in fictional.secrets if secret in told]
