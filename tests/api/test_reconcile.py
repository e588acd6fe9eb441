"""`/reconcile` as its clients meet it, in both versions; the specification's own schemas are the measure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator, Registry

from api.reconcile.properties import PROPERTIES
from api.reconcile.queries import BATCH_SIZE

Valid = Callable[[str, object], None]
Ask = Callable[..., Any]

OLD, NEW = "0.2", "1.0-draft"
NAME = "厦门示例澜汀餐饮管理有限公司"
NEAR = "厦门示例澜汀餐饮管理服务有限公司"


@pytest.fixture(scope="session")
def specification(shared: Path) -> Path:
    """The folder of the specification's schemas and examples."""
    return shared / "data" / "reconciliation"


def schema(specification: Path, version: str, name: str) -> Draft202012Validator:
    folder = specification / version / "schemas"
    loaded = {path.name: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
    for each in loaded.values():
        each.pop("$schema", None)  # it names no draft
    registry = Registry([(each["$id"], each) for each in loaded.values()])
    return Draft202012Validator(loaded[f"{name}.json"], registry=registry)


@pytest.fixture(scope="session", params=[OLD, NEW])
def version(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture(scope="session")
def valid(specification: Path, version: str) -> Valid:
    """Whether an answer is what the version's schema says."""

    def check(name: str, answer: object) -> None:
        schema(specification, version, name).validate(answer)

    return check


def root(version: str) -> str:
    return "/reconcile" if version == OLD else "/reconcile/v1"


def send(client: TestClient, version: str, batch: object) -> httpx2.Response:
    """A batch as the version sends it."""
    if version == OLD:
        return client.post("/reconcile", data={"queries": json.dumps(batch)})
    return client.post("/reconcile/v1/match", json=batch)


def one(version: str, name: str = "", *, limit: int | None = None, kind: str = "", **properties: object) -> Any:
    """One query of a version."""
    made: dict[str, Any] = {**({"limit": limit} if limit is not None else {}), **({"type": kind} if kind else {})}
    if version == OLD:
        told = [{"pid": key, "v": value} for key, value in properties.items()]
        return {**made, **({"query": name} if name else {}), **({"properties": told} if told else {})}
    conditions = [{"matchType": "name", "propertyValue": name}] if name else []
    conditions += [
        {"matchType": "property", "propertyId": key, "propertyValue": value}  # type: ignore[dict-item]
        for key, value in properties.items()
    ]
    return {**made, "conditions": conditions}


def batch(version: str, queries: list[Any]) -> Any:
    return {f"q{at}": query for at, query in enumerate(queries)} if version == OLD else {"queries": queries}


@pytest.fixture(scope="session")
def ask(client: TestClient, version: str, valid: Valid) -> Ask:
    """The candidates of each query, in their order, with its error where there is one; the answer checked."""

    def call(*queries: Any) -> list[Any]:
        answer = send(client, version, batch(version, list(queries)))
        assert answer.status_code == 200, answer.text
        body = answer.json()
        valid("reconciliation-result-batch", body)
        results = list(body.values()) if version == OLD else body["results"]
        assert len(results) == len(queries)
        return [result.get("error") or result["result" if version == OLD else "candidates"] for result in results]

    return call


def test_the_manifest_tells_all_that_is_offered(client: TestClient, version: str, valid: Valid) -> None:
    answer = client.get(root(version))
    manifest = answer.json()
    valid("manifest", manifest)
    assert manifest["versions"] == [version]
    assert manifest["batchSize"] == BATCH_SIZE
    assert {"suggest", "preview", "extend", "view", "defaultTypes"} <= manifest.keys()


def test_addresses_of_the_manifest_answer(client: TestClient, valid: Valid, version: str) -> None:
    manifest = client.get(root(version)).json()
    if version == OLD:
        for what, told in manifest["suggest"].items():
            found = client.get(told["service_url"] + told["service_path"], params={"prefix": "示例"}).json()
            assert "result" in found
            assert "${id}" in told["flyout_service_path"], what
        entity = client.get("/reconcile/suggest/entity", params={"prefix": NAME}).json()["result"][0]["id"]
        assert client.get(manifest["preview"]["url"].replace("{{id}}", entity)).status_code == 200
        propose = manifest["extend"]["propose_properties"]
        proposed = client.get(propose["service_url"] + propose["service_path"], params={"type": "企业"}).json()
        valid("data-extension-property-proposal", proposed)
    else:
        assert manifest["suggest"] == {"entity": True, "property": True, "type": True}


def test_the_name_of_one_entity_is_matched_and_a_near_name_is_not(version: str, ask: Ask) -> None:
    exact, near, nothing = ask(one(version, NAME), one(version, NEAR), one(version, "没有这样的名称"))
    assert [candidate["match"] for candidate in exact] == [True]
    assert (exact[0]["name"], exact[0]["score"]) == (NAME, 100.0)
    assert near[0]["name"] == NAME
    assert not any(candidate["match"] for candidate in near)
    assert 0 < near[0]["score"] < 100
    assert nothing == []


def test_candidates_explain_themselves(version: str, ask: Ask) -> None:
    ((candidate,),) = ask(one(version, NAME, region="思明区"))
    features = {feature["id"]: feature for feature in candidate["features"]}
    assert features["exact_name"]["value"] == 1.0
    assert features["property:region"]["value"] is True
    assert ("name" in features["exact_name"]) is (version == NEW)
    assert {kind["id"] for kind in candidate["type"]} == {"企业", "entity"}


def test_match_is_true_only_where_the_matcher_says_matched(client: TestClient, version: str, ask: Ask) -> None:
    names = [
        hit["name"] for hit in client.get("/api/v1/entities", params={"q": "示例", "page_size": 90}).json()["hits"]
    ]
    results = client.post("/api/v1/match", json={"rows": [{"name": name} for name in names]}).json()["results"]
    for name, result, candidates in zip(names, results, ask(*(one(version, name) for name in names)), strict=True):
        matched = [candidate["id"] for candidate in candidates if candidate["match"]]
        assert matched == ([result["entity_id"]] if result["state"] == "matched" else []), name
        assert [candidate["id"] for candidate in candidates] == [each["entity_id"] for each in result["candidates"]]


def test_a_code_finds_its_entity_as_name_and_as_property(version: str, ask: Ask) -> None:
    code = ask(one(version, NAME))[0][0]["id"]
    for query in (one(version, code), one(version, f" {code.lower()} "), one(version, uscc=code)):
        ((candidate,),) = ask(query)
        assert (candidate["id"], candidate["match"]) == (code, True)


def test_an_identifier_is_looked_up(client: TestClient, ask: Ask, version: str) -> None:
    if version == OLD:
        return
    code = ask(one(version, NAME))[0][0]["id"]
    found, nothing = ask(*({"conditions": [{"matchType": "id", "propertyValue": each}]} for each in (code, "N-0")))
    assert [candidate["id"] for candidate in found] == [code]
    assert nothing == []


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("region", "福州市"),
        ("legal_rep", "别的示例人"),
        ("address", "福州市鼓楼区示例路 1 号"),
        ("uscc", "91350211YYY000062D"),
    ],
)
def test_columns_of_the_matcher_decide_as_in_the_matcher(
    client: TestClient, version: str, ask: Ask, name: str, other: str
) -> None:
    fits = client.get(f"/api/v1/entities/{ask(one(version, NAME))[0][0]['id']}").json()[name]
    for value in (fits, other):
        told: dict[str, Any] = {name: value}
        (result,) = client.post("/api/v1/match", json={"rows": [{"name": NAME, **told}]}).json()["results"]
        (candidates,) = ask(one(version, NAME, **told))
        assert [each["id"] for each in candidates if each["match"]] == [
            each for each in [result["entity_id"]] if each is not None
        ]


@pytest.mark.parametrize(
    ("name", "fitting", "other"),
    [
        ("industry", "H", "A"),
        ("industry", "住宿和餐饮业", ["农、林、牧、渔业", "C"]),
        ("established_on", "established_on", "1999-01-01"),
        ("region", ["漳州市", "思明区"], ["漳州市", "福州市"]),
        ("status", "存续", "注销"),
    ],
)
def test_other_properties_that_contradict_make_no_match(  # noqa: PLR0917
    client: TestClient, version: str, ask: Ask, name: str, fitting: Any, other: Any
) -> None:
    entity_id = ask(one(version, NAME))[0][0]["id"]
    fits = client.get(f"/api/v1/entities/{entity_id}").json()[name] if fitting == name else fitting
    right, wrong = ask(one(version, NAME, **{name: fits}), one(version, NAME, **{name: other}))
    assert [candidate["match"] for candidate in right if candidate["id"] == entity_id] == [True]
    assert [candidate["match"] for candidate in wrong if candidate["id"] == entity_id] == [False]


def test_types_restrict(version: str, ask: Ask) -> None:
    same, other, general, unknown = ask(
        *(one(version, NAME, kind=kind) for kind in ("企业", "个体工商户", "entity", "DifferentiatedPerson"))
    )
    assert same[0]["match"] is general[0]["match"] is True
    assert other == unknown == []


def test_a_type_that_should_be_only_lowers_the_certainty(client: TestClient) -> None:
    query = {"query": NAME, "type": "个体工商户", "type_strict": "should"}
    (candidate,) = send(client, OLD, {"q": query}).json()["q"]["result"]
    assert (candidate["name"], candidate["match"]) == (NAME, False)


@pytest.mark.parametrize(
    ("condition", "stays"),
    [
        ({"propertyValue": "思明区", "required": True}, True),
        ({"propertyValue": "湖里区", "required": True}, False),
        ({"propertyValue": ["湖里区", "思明区"], "required": True}, True),
        ({"propertyValue": ["湖里区", "思明区"], "required": True, "matchQuantifier": "all"}, False),
        ({"propertyValue": ["350200", "思明区"], "required": True, "matchQuantifier": "all"}, True),
        ({"propertyValue": "湖里区", "required": True, "matchQuantifier": "none"}, True),
        ({"propertyValue": "思明区", "required": True, "matchQuantifier": "none"}, False),
    ],
)
def test_what_is_required_is_met(client: TestClient, condition: dict[str, Any], stays: bool) -> None:
    conditions = [
        {"matchType": "name", "propertyValue": NAME},
        {"matchType": "property", "propertyId": "region", **condition},
    ]
    (result,) = send(client, NEW, {"queries": [{"conditions": conditions}]}).json()["results"]
    assert [candidate["name"] for candidate in result["candidates"]] == ([NAME] if stays else [])


def test_a_limit_is_kept(version: str, ask: Ask) -> None:
    several, two, none = ask(one(version, "厦门示例"), one(version, "厦门示例", limit=2), one(version, NAME, limit=0))
    assert len(several) > 2
    assert several[:2] == two
    assert "limit" in none


def test_a_person_alone_finds_nothing(client: TestClient, version: str, ask: Ask) -> None:
    entity = client.get(f"/api/v1/entities/{ask(one(version, NAME))[0][0]['id']}").json()
    (answer,) = ask(one(version, legal_rep=entity["legal_rep"]))
    assert "名称" in answer


def test_a_bad_query_does_not_spoil_its_batch(client: TestClient, version: str, ask: Ask) -> None:
    malformed: Any = {"limit": 1}
    good, bad, long, better = ask(
        one(version, NAME), malformed, one(version, "示" * 1000), one(version, "厦门示例", limit=1)
    )
    assert good[0]["match"] is True
    assert isinstance(bad, str)
    assert isinstance(long, str)
    assert len(better) == 1


def examples(specification: Path, version: str, name: str, state: str) -> Iterator[tuple[str, Any]]:
    for path in sorted((specification / version / "examples" / name / state).glob("*.json")):
        yield path.name, json.loads(path.read_text("utf-8"))


def test_invalid_examples_of_queries_are_refused(client: TestClient, specification: Path, version: str) -> None:
    seen = list(examples(specification, version, "reconciliation-query-batch", "invalid"))
    assert len(seen) > 2
    for name, example in seen:
        answer = send(client, version, example)
        assert answer.status_code == 400, (name, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


def test_valid_examples_are_answered(client: TestClient, specification: Path, version: str, valid: Valid) -> None:
    for name, example in examples(specification, version, "reconciliation-query-batch", "valid"):
        answer = send(client, version, example)
        assert answer.status_code == 200, name
        valid("reconciliation-result-batch", answer.json())
    for name, example in examples(specification, version, "data-extension-query", "valid"):
        answer = fetched(client, version, example)
        assert answer.status_code == 200, name
        valid("data-extension-response", answer.json())


def fetched(client: TestClient, version: str, query: object) -> httpx2.Response:
    if version == OLD:
        return client.post("/reconcile", data={"extend": json.dumps(query)})
    return client.post("/reconcile/v1/extend", json=query)


TEXT = st.sampled_from([NAME, "", "any", "name", "region"])
VALUE: st.SearchStrategy[Any] = st.one_of(
    TEXT, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.fixed_dictionaries({}, optional={"id": TEXT, "name": TEXT | st.integers()}),
)  # fmt: skip
VALUES = VALUE | st.lists(VALUE, max_size=2)
PROPERTY = st.fixed_dictionaries({}, optional={"pid": TEXT, "v": VALUES, "lang": TEXT}) | VALUE
CONDITION = VALUE | st.fixed_dictionaries(
    {},
    optional={
        "matchType": st.sampled_from(["name", "id", "property", "any"]),
        "propertyId": TEXT,
        "propertyValue": VALUES,
        "required": VALUE,
        "matchQuantifier": st.sampled_from(["any", "all", "none", "some"]),
        "matchQualifier": VALUE,
        "lang": TEXT,
    },
)
COMMON: dict[str, st.SearchStrategy[Any]] = {"type": VALUES, "limit": VALUE}
QUERY: dict[str, st.SearchStrategy[Any]] = {
    OLD: VALUE | st.fixed_dictionaries(
        {},
        optional={**COMMON, "query": VALUE, "properties": st.lists(PROPERTY, max_size=2) | VALUE, "type_strict": VALUE},
    ),
    NEW: VALUE | st.fixed_dictionaries(
        {},
        optional={**COMMON, "conditions": st.lists(CONDITION, max_size=2) | VALUE, "dir": VALUE, "props": VALUE},
    ),
}  # fmt: skip


@how(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_the_schema_refuses_is_refused_and_nothing_else(
    client: TestClient, specification: Path, version: str, data: st.DataObject
) -> None:
    query = data.draw(QUERY[version])
    sent = batch(version, [query])
    answer = send(client, version, sent)
    fits = schema(specification, version, "reconciliation-query-batch").is_valid(sent)
    assert answer.status_code == (200 if fits else 400), answer.text


def test_values_are_fetched_in_the_types_of_the_schema(
    client: TestClient, version: str, ask: Ask, valid: Valid
) -> None:
    entity_id = ask(one(version, NAME))[0][0]["id"]
    entity = client.get(f"/api/v1/entities/{entity_id}").json()
    wanted = ["uscc", "region", "established_on", "capital_cny", "former_names", "counts.penalty", "无此项"]
    body = fetched(client, version, {"ids": [entity_id, "N-0"], "properties": [{"id": each} for each in wanted]}).json()
    valid("data-extension-response", body)
    assert [each["id"] for each in body["meta"]] == wanted
    assert body["meta"][0]["name"] == "统一社会信用代码"
    rows = body["rows"]
    if version == NEW:
        rows = {row["id"]: {each["id"]: each["values"] for each in row["properties"]} for row in rows}
    facts = rows[entity_id]
    assert facts["uscc"] == [{"str": entity["uscc"]}]
    assert facts["established_on"] == [{"date": f"{entity['established_on']}T00:00:00Z"}]
    assert facts["capital_cny"] == [{"int": int(entity["capital_cny"])}]
    assert facts["counts.penalty"] == [{"int": entity["counts"]["penalty"]}]
    assert facts["无此项"] == []
    assert set(map(len, rows["N-0"].values())) == {0}


def test_every_proposed_property_can_be_fetched(client: TestClient, version: str, valid: Valid) -> None:
    proposed = client.get(f"{root(version)}/extend/propose", params={"type": "企业", "limit": 40}).json()
    valid("data-extension-property-proposal", proposed)
    assert [each["id"] for each in proposed["properties"][:5]] == ["uscc", "region", "industry", "legal_rep", "address"]
    found = client.get("/api/v1/entities", params={"q": "示例", "page_size": 50}).json()["hits"]
    query = {"ids": [hit["entity_id"] for hit in found], "properties": proposed["properties"]}
    body = fetched(client, version, query).json()
    valid("data-extension-response", body)
    assert len(body["rows"]) == len(found)


def test_a_date_may_be_compared_as_it_was_fetched(client: TestClient, version: str, ask: Ask) -> None:
    entity_id = ask(one(version, NAME))[0][0]["id"]
    day = client.get(f"/api/v1/entities/{entity_id}").json()["established_on"]
    for text, met in ((f"{day}T00:00:00Z", True), (day.replace("-", "/"), True), ("1990-01-01T00:00:00Z", False)):
        ((candidate,),) = ask(one(version, NAME, established_on=text))
        assert candidate["match"] is met, text


@pytest.mark.parametrize(
    "typed",
    [
        f"12、{NAME}（已注销）",
        NAME.replace("有限公司", "有限责任公司"),
        NAME[:4] + NAME[5:],
        f"  {NAME}　",
    ],
)
def test_whom_reconciliation_offers_is_also_found_by_typing(
    client: TestClient, version: str, valid: Valid, ask: Ask, typed: str
) -> None:
    offered = [candidate["id"] for candidate in ask(one(version, typed))[0]]
    assert offered
    body = client.get(f"{root(version)}/suggest/entity", params={"prefix": typed}).json()
    valid("suggest-entities-response", body)
    assert body["result"][0]["id"] == offered[0]
    rest = client.get(f"{root(version)}/suggest/entity", params={"prefix": typed, "cursor": 1}).json()
    assert rest["result"] == body["result"][1:]


def test_what_nobody_is_called_suggests_nobody(client: TestClient, version: str) -> None:
    for typed in ("珐琅彩瓷无此公司", "？？", "X" * 150):
        assert client.get(f"{root(version)}/suggest/entity", params={"prefix": typed}).json() == {"result": []}


@pytest.mark.parametrize("what", ["entity", "property", "type"])
def test_suggestions(client: TestClient, version: str, valid: Valid, what: str) -> None:
    prefix, expected = {"entity": (NAME, NAME), "property": ("行政区划", "行政区划"), "type": ("个体", "个体工商户")}[
        what
    ]
    names = {"entity": "entities", "property": "properties", "type": "types"}
    address = f"{root(version)}/suggest/{what}"
    body = client.get(address, params={"prefix": prefix}).json()
    valid(f"suggest-{names[what]}-response", body)
    assert body["result"][0]["name"] == expected
    rest = client.get(address, params={"prefix": prefix, "cursor": 1, "type": "whatever"}).json()
    assert rest["result"][: len(body["result"]) - 1] == body["result"][1:10]
    everything = client.get(address).json()["result"]
    assert bool(everything) is (what != "entity")


def test_flyouts_say_more_in_html(client: TestClient) -> None:
    for what, wanted in (("property", "region"), ("type", "企业")):
        body = client.get(f"/reconcile/flyout/{what}", params={"id": wanted}).json()
        assert body["id"] == wanted
        assert body["html"].startswith("<p>")
    assert client.get("/reconcile/flyout/entity", params={"id": "N-0"}).status_code == 404


def test_a_preview_may_be_framed_and_runs_nothing(client: TestClient, version: str, ask: Ask) -> None:
    entity_id = ask(one(version, NAME))[0][0]["id"]
    answer = client.get(f"{root(version)}/preview", params={"id": entity_id})
    assert NAME in answer.text
    assert "<script" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "x-frame-options" not in answer.headers
    assert client.get(f"{root(version)}/preview", params={"id": "<b>"}).status_code == 404
    assert client.get("/").headers["x-frame-options"] == "DENY"


def test_more_than_a_batch_is_413(client: TestClient, version: str) -> None:
    full = batch(version, [one(version, "示例")] * BATCH_SIZE)
    assert send(client, version, full).status_code == 200
    for over in (batch(version, [one(version, "示例")] * (BATCH_SIZE + 1)), batch(version, ["x" * (2 << 20)])):
        assert send(client, version, over).status_code == 413
    over = {"ids": ["x"] * 501, "properties": []}
    assert fetched(client, version, over).status_code == 413


@pytest.mark.parametrize(
    ("ids", "properties"),
    [(501, 1), (1, 61), (500, 51), (500, 6000), (417, 60), (0, 6000)],
)
def test_more_values_than_are_fetched_at_once_are_413(
    client: TestClient, version: str, ids: int, properties: int
) -> None:
    asked = {"ids": [f"N-{at}" for at in range(ids)], "properties": [{"id": f"p{at}"} for at in range(properties)]}
    answer = fetched(client, version, asked)
    assert answer.status_code == 413, answer.text[:200]
    assert answer.json()["parameters"][0]["name"] == ("ids" if ids > 500 else "properties")


def test_all_properties_of_as_many_entities_as_are_fetched_at_once(client: TestClient, version: str) -> None:
    known = [{"id": each} for each in PROPERTIES]
    hits = client.get("/api/v1/entities", params={"q": "示例", "page_size": 100}).json()["hits"]
    ids = [hit["entity_id"] for hit in hits] + [f"N-{at}" for at in range(500 - len(hits))]
    answer = fetched(client, version, {"ids": ids, "properties": known})
    assert answer.status_code == 200
    assert len(answer.json()["rows"]) == 500
    assert len(answer.content) < 5 << 20


LONG = "&" + "amp;" * 50_000


@pytest.mark.parametrize("column", ["uscc", "region", "industry", "legal_rep", "address", "status", "无此项"])
@pytest.mark.parametrize("value", [LONG, [LONG], {"id": LONG, "name": "x"}, {"id": "x", "name": LONG}, ["x"] * 51])
def test_a_value_that_is_too_long_is_the_error_of_its_query(
    client: TestClient, version: str, column: str, value: object
) -> None:
    properties: dict[str, Any] = {column: value}
    sent = batch(version, [one(version, "示例", **properties), one(version, NAME)])
    answer = send(client, version, sent)
    assert answer.status_code == 200
    results = answer.json()
    results = results["results"] if version == NEW else [*results.values()]
    assert "at most" in results[0]["error"]
    assert "error" not in results[1]


@pytest.mark.parametrize(
    "query",
    [
        {"query": "x" * 201},
        {"query": "x", "type": LONG},
        {"query": "x", "type": ["企业"] * 51},
        {"query": "x", "properties": [{"pid": LONG, "v": "x"}]},
        {"query": "x", "properties": [{"pid": "uscc", "v": "x"}] * 61},
        {"conditions": [{"matchType": "name", "propertyValue": "x" * 301}]},
        {"conditions": [{"matchType": "name", "propertyValue": "x"}] * 61},
        {"conditions": [{"matchType": "property", "propertyId": LONG, "propertyValue": "x"}]},
        {"conditions": [{"matchType": "name", "propertyValue": "x", "matchQualifier": LONG}]},
        {"conditions": [{"matchType": "name", "propertyValue": "x"}], "lang": LONG},
        {"conditions": [{"matchType": "name", "propertyValue": "x"}], "type": LONG},
    ],
)
def test_every_text_of_a_query_has_a_bound(client: TestClient, query: dict[str, Any]) -> None:
    of = NEW if "conditions" in query else OLD
    answer = send(client, of, batch(of, [query]))
    assert answer.status_code == 400
    assert "at most" in answer.json()["detail"]


def test_a_batch_compares_so_many_values_and_no_more(client: TestClient, version: str) -> None:
    properties: dict[str, Any] = {f"p{at}": ["x"] * 50 for at in range(40)}
    query = one(version, "示例", **properties)
    assert send(client, version, batch(version, [query])).status_code == 200
    assert send(client, version, batch(version, [query, one(version, "示例", status="x")])).status_code == 413


@pytest.mark.parametrize(
    "extension",
    [
        {"ids": [LONG], "properties": []},
        {"ids": ["x"], "properties": [{"id": LONG}]},
        {"ids": ["x"], "properties": [{"id": "uscc", "settings": {LONG: 1}}]},
        {"ids": ["x"], "properties": [{"id": "uscc", "settings": {str(at): 1 for at in range(51)}}]},
    ],
)
def test_every_text_of_a_data_extension_query_has_a_bound(
    client: TestClient, version: str, extension: dict[str, Any]
) -> None:
    assert fetched(client, version, extension).status_code == 400


def test_a_key_of_a_batch_has_a_bound(client: TestClient) -> None:
    sent = {"queries": json.dumps({"q" * 201: {"query": "示例"}})}
    assert client.post("/reconcile", data=sent).status_code == 400


@pytest.mark.parametrize(
    "address",
    ["/reconcile", "/reconcile/v1", "/reconcile/suggest/type", "/reconcile/v1/nothing", "/reconcile?queries=x"],
)
def test_any_site_may_ask_without_credentials(client: TestClient, address: str) -> None:
    answer = client.get(address, headers={"origin": "https://elsewhere.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


def test_a_browser_is_told_that_it_may_send_json(client: TestClient) -> None:
    asking = {
        "origin": "https://elsewhere.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    answer = client.options("/reconcile/v1/match", headers=asking)
    assert answer.status_code == 200
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"] == "content-type"
    other = client.get("/healthz", headers=asking)
    assert "access-control-allow-origin" not in other.headers
    assert other.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"queries=%7B", "application/x-www-form-urlencoded", 400),
        (b"queries=[]", "application/x-www-form-urlencoded", 400),
        (b"extend={}", "application/x-www-form-urlencoded", 400),
        (b"", "application/x-www-form-urlencoded", 400),
        (b"a&" * 30, "application/x-www-form-urlencoded", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 5000, "application/json", 400),
        (b'{"queries": {}}', "application/json", 400),
        (b"{}", "text/plain", 415),
        (b'{"queries": []}', "application/json; charset=utf-8", 200),
        (b"queries={}", "application/x-www-form-urlencoded; charset=UTF-8", 200),
    ],
)
def test_what_is_no_batch_is_refused(client: TestClient, body: bytes, kind: str, status: int) -> None:
    assert client.post("/reconcile", content=body, headers={"content-type": kind}).status_code == status


def test_an_address_that_there_is_not_is_404(client: TestClient) -> None:
    assert client.get("/reconcile/nothing").status_code == 404
    assert client.get("/reconcile/v1/match").status_code == 405


def test_a_query_may_come_by_get(client: TestClient) -> None:
    answer = client.get("/reconcile", params={"queries": json.dumps({"a": {"query": NAME}})})
    assert answer.json()["a"]["result"][0]["match"] is True
