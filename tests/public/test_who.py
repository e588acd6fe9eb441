"""Public reports on who is who, tried on the files that they were reported with (`cases/public` of the real data)."""

from __future__ import annotations

import json
import random
from contextlib import closing
from itertools import islice, pairwise
from pathlib import Path

import polars as pl
from fastapi.testclient import TestClient

from api.app import create_app
from indexer.lake import Lake
from indexer.load import load
from indexer.publish import publish
from loadtests import registry
from xincha.days import today
from xincha.engine.open import open_engine
from xincha.search.service import Searcher
from xincha.settings import Settings
from xincha.text import uscc
from xincha.text.names import name_key

ROCK, TIDE, BRIDGE, REEF, SHOP = (
    "91350203YYY770040T",
    "91350203YYY770059P",
    "91350203YYY770016A",
    "91350203YYY7700245",
    "92350203YYY770032W",
)


def scan(settings: Settings, name: str) -> pl.DataFrame:
    return Lake(settings.lake).snapshot().scan(name).collect()


def links(settings: Settings) -> list[tuple[str | None, str, list[str] | None]]:
    """Entity, rule and candidates of each penalty, in the order of their rows."""
    penalties = scan(settings, "penalties").select("record_id", "source_row")
    linked = penalties.join(scan(settings, "links"), on="record_id").sort("source_row")
    return list(linked.select("entity_id", "rule", "candidates").iter_rows())


def test_a_penalty_with_the_code_of_another_is_linked_to_neither(settings: Settings, cases: Path) -> None:
    load([cases / "base.csv"], settings)
    report = load([cases / "01a_penalty_code_of_another__L60_code_of_another.csv"], settings)
    assert links(settings) == [
        (None, "code_of_another", [ROCK, TIDE]),
        (None, "code_of_another", [BRIDGE, REEF]),
        (BRIDGE, "uscc", None),
        (SHOP, "uscc", None),
    ]
    issues = scan(settings, "issues")
    assert issues.select("source_row", "code").rows() == [
        (1, "code_of_another"),
        (2, "code_of_another"),
        (3, "named_otherwise"),
        (4, "named_otherwise"),
    ]
    assert report.files[0].issues == 4
    assert {each.code: each.count for each in report.issues} == {"code_of_another": 2, "named_otherwise": 2}


def test_names_stay_where_a_register_exchanges_two_codes(settings: Settings, cases: Path) -> None:
    load([cases / "base.csv"], settings)
    report = load([cases / "01b_registration_codes_swapped__L61_reg_code_of_another.csv"], settings)
    names = dict(scan(settings, "entities").select("uscc", "name").iter_rows())
    assert (names[ROCK], names[TIDE]) == ("厦门示例榕荫建材有限公司", "厦门示例潮音科技有限公司")
    assert scan(settings, "issues").select("source_row", "column", "code").rows() == [
        (1, "name", "name_of_another"),
        (2, "name", "name_of_another"),
    ]
    assert report.files[0].issues == 2


def test_a_row_with_the_code_of_another_is_matched_with_neither(registered: Path, cases: Path) -> None:
    rows = json.loads((cases / "01c_match_code_of_another.json").read_text("utf-8"))["rows"]
    settings = Settings(data=registered)
    with closing(open_engine(settings)) as engine, TestClient(create_app(settings, engine)) as client:
        results = client.post("/api/v1/match", json={"rows": rows}).json()["results"]
        queries = {
            str(at): {"query": row["name"], "properties": [{"pid": "uscc", "v": row["uscc"]}]}
            for at, row in enumerate(rows)
        }
        answers = client.post("/reconcile", data={"queries": json.dumps(queries)}).json()
    # the code of the last row has a wrong sign
    owners = [rows[0]["uscc"], rows[1]["uscc"], "913505006115321021"]
    for at, (row, result) in enumerate(zip(rows, results, strict=True)):
        assert (result["state"], result["entity_id"]) == ("ambiguous", None)
        assert (result["candidates"][0]["uscc"], result["candidates"][1]["name"]) == (owners[at], row["name"])
        assert result["reasons"][0]["text"].endswith("属于名称不同的主体")
        offered = answers[str(at)]["result"]
        assert not any(each["match"] for each in offered)
        assert {owners[at]} < {each["id"] for each in offered}


def real_pairs(count: int) -> list[dict[str, str]]:
    """Names of registered companies beside codes of others; half of them share the first four characters."""
    chance = random.Random(11)  # noqa: S311 - the same pairs each time
    by_key = {name_key(row[registry.NAME]): row for row in registry.rows() if uscc.is_valid(row[registry.CODE])}
    in_order = [by_key[key] for key in sorted(by_key)]
    alike = [pair for pair in pairwise(in_order) if pair[0][registry.NAME][:4] == pair[1][registry.NAME][:4]]
    any_two = zip(chance.sample(in_order, count), chance.sample(in_order, count), strict=True)
    pairs = [*chance.sample(alike, count // 2), *islice((pair for pair in any_two if pair[0] != pair[1]), count // 2)]
    return [{"name": one[registry.NAME], "uscc": other[registry.CODE]} for one, other in pairs]


def test_no_real_name_is_matched_by_the_code_of_another(registered: Path) -> None:
    rows = real_pairs(400)
    with closing(open_engine(Settings(data=registered))) as engine:
        results = Searcher(engine, today=today).matcher.match(rows)
    assert len(results) == 400
    for row, result in zip(rows, results, strict=True):
        assert result.state == "ambiguous", row
        assert result.candidates[0].uscc == row["uscc"]
        assert row["name"] in [each.name for each in result.candidates]


SIGNS = "02a_penalty_signs_in_name__L68_symbol_names.csv"


def test_no_penalty_is_linked_by_a_name_that_differs_in_signs(settings: Settings, cases: Path) -> None:
    load([cases / "M01_register.csv"], settings)
    load([cases / SIGNS], settings)
    assert [(entity, rule) for entity, rule, _ in links(settings)] == [(None, "none")] * 9


def test_no_row_is_matched_by_a_name_that_differs_in_signs(settings: Settings, cases: Path) -> None:
    load([cases / "M01_register.csv"], settings)
    rows = json.loads((cases / "02b_match_signs_in_name.json").read_text("utf-8"))["rows"]
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
        with TestClient(create_app(settings, engine)) as client:
            results = client.post("/api/v1/match", json={"rows": rows}).json()["results"]
            queries = {str(at): {"query": row["name"]} for at, row in enumerate(rows)}
            answers = client.post("/reconcile", data={"queries": json.dumps(queries)}).json()
            found = [client.get("/api/v1/entities", params={"q": row["name"]}).json()["hits"] for row in rows]
    near = ["B软件", "25度餐饮", "优教培", "贸易", "30咨询", "AB检测", "岚亭建材"]
    for at, result in enumerate(results):
        name = f"厦门示例{near[at]}有限公司"
        assert (result["state"], result["entity_id"]) == ("ambiguous", None)
        assert name in [each["name"] for each in result["candidates"]]
        assert "名称完全一致" not in [reason["text"] for each in result["candidates"] for reason in each["reasons"]]
        assert not any(each["match"] for each in answers[str(at)]["result"])
        assert name in [each["name"] for each in found[at]]
