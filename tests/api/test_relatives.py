"""Head office, branches and the same address over HTTP, and what stands against an entity in its records' words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from xincha.kinds import KINDS
from xincha.search.relatives import Relatives
from xincha.search.risks import risks_on

Get = Callable[..., Any]
HEAD = "厦门示例澜汀餐饮管理有限公司"


def entity_id(get: Get, name: str) -> str:
    hit = get("entities", q=name, page_size=1)["hits"][0]
    assert hit["name"] == name
    return str(hit["entity_id"])


def names(told: dict[str, Any]) -> set[str]:
    return {each["name"] for each in told["entities"]}


def test_branches_are_those_whose_names_go_on_and_lead_back(get: Get) -> None:
    told = get(f"entities/{entity_id(get, HEAD)}/relatives")
    branches = names(told["branches"])
    assert branches == {f"{HEAD}思明分公司", f"{HEAD}湖里第一分公司", f"{HEAD}集美店"}
    assert not told["head_office"]["entities"]
    for branch in branches:
        back = get(f"entities/{entity_id(get, branch)}/relatives")
        assert names(back["head_office"]) == {HEAD}
        assert not back["branches"]["entities"]


def test_nobody_has_no_relatives(client: TestClient) -> None:
    assert client.get("/api/v1/entities/NOPE/relatives").status_code == 404
    assert client.get("/api/v1/entities/NOPE/relatives?x=1").status_code == 400


def test_a_mark_is_not_called_a_list(get: Get, client: TestClient) -> None:
    marked = "厦门市思明区示例标记食杂店"
    found = entity_id(get, marked)
    hit = get("entities", q=marked, page_size=1)["hits"][0]
    row = client.post("/api/v1/match", json={"rows": [{"name": marked}]}).json()["results"][0]["candidates"][0]
    for told in (hit, row, get(f"entities/{found}")):
        assert [risk["text"] for risk in told["risks"]] == ["现标记为经营异常状态"]
    record = get(f"entities/{found}/records")["hits"][0]
    assert "列入经营异常名录的" not in record["rule"]


@pytest.mark.parametrize(
    ("kind", "variants", "said"),
    [
        ("企业", ["listed"], "现列入经营异常名录"),
        ("企业", ["recorded"], "现载入经营异常名录"),
        ("个体工商户", ["recorded"], "现载入经营异常名录"),
        ("个体工商户", ["marked"], "现标记为经营异常状态"),
        ("个体工商户", [], "现标记为经营异常状态"),
        ("企业", [], "现列入经营异常名录"),
        ("企业", ["listed", "recorded"], "现列入经营异常名录、现载入经营异常名录"),
    ],
)
def test_what_stands_against_somebody_is_said_in_the_words_of_the_record(
    kind: str, variants: list[str], said: str
) -> None:
    briefs = [
        {"kind": "abnormal", "variant": each, "public_from": "2020-01-01", "state": "listed"} for each in variants
    ]
    risks = risks_on({"kind": kind, "records": briefs}, {"abnormal_now": 1}, None)
    assert [(risk.text, risk.tone) for risk in risks] == [(said, "adverse")]


def test_what_stands_now_comes_first_and_what_is_not_loaded_is_silent() -> None:
    risks = risks_on({"kind": "企业"}, {"penalty": 2, "serious_now": 1, "abnormal_now": None}, None)
    assert [risk.text for risk in risks] == ["现列入严重违法失信名单", "行政处罚 2"]


def test_every_state_that_is_adverse_says_what_it_means() -> None:
    for kind in KINDS.values():
        adverse = any(state.tone == "adverse" for state in kind.states.values())
        if adverse and kind.name != "post_restriction":  # about a person, whose page this is not
            assert kind.effects, kind.name
        assert set(kind.effects) <= {"", *next((fact.words for fact in kind.own if fact.name == kind.variant), {})}
        for effect in kind.effects.values():
            assert effect.meaning
            assert effect.ends


def test_the_answer_has_the_shape_that_programs_rely_on(get: Get) -> None:
    assert set(get(f"entities/{entity_id(get, HEAD)}/relatives")) == set(Relatives.__dataclass_fields__)
