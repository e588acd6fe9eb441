"""The whole OpenAPI document against the application: whatever is sent, no answer but those that are described."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import settings as how

from api.app import create_app
from xincha.settings import Settings

BOUNDS = ("established", "capital", "closed", "loaded", "happened", "ended", "lasted", "published", "fine", "month")
RELATED = {"cursor", "since", *(f"{name}_to" for name in BOUNDS)}


@pytest.fixture(scope="module")
def described() -> Any:
    """The document, which needs no engine; the requests go to the application that has one."""
    import schemathesis

    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", create_app(Settings()))


@pytest.mark.slow
def test_every_answer_is_one_that_the_document_describes(
    described: Any, client: TestClient, subtests: pytest.Subtests
) -> None:
    """Of each operation the cases that Schemathesis makes of the document, and some by chance.

    Made while the test runs: its decorator makes them in every worker that collects tests, which takes seconds, and
    gives the tests of all operations one name, of which pytest-xdist runs one.
    """
    from schemathesis.checks import load_all_checks
    from schemathesis.generation.hypothesis.builder import HypothesisTestConfig, HypothesisTestMode, create_test

    load_all_checks()
    how_often = HypothesisTestConfig(
        project=described.config, modes=[*HypothesisTestMode], explicit_settings=how(max_examples=15)
    )
    operations = [each.ok() for each in described.get_all_operations()]
    assert len(operations) > 25
    for operation in operations:
        with subtests.test(operation.label):
            create_test(operation=operation, test_func=answers_as_described, config=how_often)(client=client)


def answers_as_described(case: Any, client: TestClient) -> None:
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

    # What a schema cannot say: that a cursor was handed out, that bounds hold something, that filters are of what is
    # counted, that a bad row is its own error, that there is room for a list.
    counted = case.path.startswith("/api/v1/stats")
    beyond_schema = [positive_data_acceptance] if counted or (case.query and set(case.query) & RELATED) else []
    beyond_schema += [negative_data_rejection] if case.path in {"/api/v1/match", "/api/v1/receipts/match"} else []
    beyond_schema += [not_a_server_error, positive_data_acceptance] if case.path == "/api/v1/match/files" else []
    if case.path == "/api/v1/watches":  # that one of both is given, and the companies are here; too many is 413
        beyond_schema = [negative_data_rejection, positive_data_acceptance]
    if case.path.startswith("/reconcile"):  # JSON in a form, a bad query is its own error, what is not known is left
        beyond_schema = [negative_data_rejection, positive_data_acceptance]
    case.call_and_validate(app=client.app, excluded_checks=beyond_schema)


@pytest.fixture(scope="module", name="document")
def printed_document() -> dict[str, Any]:
    """What `python -m api` prints. Not to be changed."""
    made = subprocess.run([sys.executable, "-m", "api"], capture_output=True, check=True)
    parsed: dict[str, Any] = json.loads(made.stdout)
    return parsed


def test_the_document_that_is_printed_is_the_one_that_is_served(document: dict[str, Any], client: TestClient) -> None:
    assert document == client.get("/api/v1/openapi.json").json()


def test_the_document_has_every_endpoint_and_says_what_each_parameter_is(document: dict[str, Any]) -> None:
    paths = document["paths"]
    assert set(paths) == {
        "/api/v1/entities",
        "/api/v1/entities/{entity_id}",
        "/api/v1/entities/{entity_id}/records",
        "/api/v1/entities/{entity_id}/relatives",
        "/api/v1/records",
        "/api/v1/records/{record_id}",
        "/api/v1/suggest",
        "/api/v1/match",
        "/api/v1/match/files",
        "/api/v1/match/files/{file_id}",
        "/api/v1/match/files/{file_id}/columns",
        "/api/v1/match/files/{file_id}/judgments",
        "/api/v1/match/files/{file_id}/result",
        "/api/v1/match/files/{file_id}/rows",
        "/api/v1/export/entities.{kind}",
        "/api/v1/export/records.{kind}",
        "/api/v1/changes",
        "/api/v1/checkpoint",
        "/api/v1/receipts/entities",
        "/api/v1/receipts/entities/{entity_id}",
        "/api/v1/receipts/match",
        "/api/v1/receipts/records",
        "/api/v1/receipts/records/{record_id}",
        "/feeds/entities.atom",
        "/feeds/entities/{entity_id}.atom",
        "/feeds/records.atom",
        "/feeds/watches/{watch_id}.atom",
        "/api/v1/watches",
        "/api/v1/watches/{watch_id}",
        "/api/v1/watches/{watch_id}/changes",
        "/api/v1/watches/{watch_id}/changes.csv",
        "/reconcile",
        "/reconcile/extend/propose",
        "/reconcile/flyout/{what}",
        "/reconcile/preview",
        "/reconcile/suggest/{what}",
        "/reconcile/v1",
        "/reconcile/v1/extend",
        "/reconcile/v1/extend/propose",
        "/reconcile/v1/match",
        "/reconcile/v1/preview",
        "/reconcile/v1/suggest/{what}",
        "/api/v1/about",
        "/api/v1/quality",
        "/api/v1/stats",
        "/api/v1/stats.csv",
        "/api/v1/stats/choices",
        "/healthz",
        "/readyz",
    }
    for operation in (operation for path in paths.values() for operation in path.values()):
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], parameter
        assert "422" not in operation["responses"]


def unbounded(part: object, place: str = "") -> Iterator[str]:
    """Every text and list of a part of a document that may be of any length."""
    if isinstance(part, dict):
        kinds, told = part.get("type"), {"enum", "const", "pattern", "format", "maxLength"} & part.keys()
        if (kinds == "string" and not told) or (kinds == "array" and "maxItems" not in part):
            yield place
    for key, value in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        yield from unbounded(value, f"{place}/{key}")


def test_the_document_bounds_every_text_that_may_come_in(document: dict[str, Any]) -> None:
    """A pattern counts where it bounds the length: one that ends in * or + does not."""
    incoming = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            asked = [*operation.get("parameters", ()), operation.get("requestBody", {})]
            incoming += [(f"{method} {path} {each.get('name', 'body')}", each) for each in asked]
    assert len(incoming) > 50
    assert [place for name, each in incoming for place in unbounded(each, name)] == []
    patterns = [pattern for _, each in incoming for pattern in re.findall(r'"pattern": "([^"]*)"', json.dumps(each))]
    assert {pattern for pattern in patterns if re.search(r"[*+]\$$", pattern)} <= {
        "^[0-9A-Za-z_=-]*$"
    }  # has a maxLength


def references(part: object) -> Iterator[str]:
    """Every `$ref` in a part of a document."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        if key == "$ref":
            yield str(value)
        else:
            yield from references(value)


def test_every_reference_of_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    assert {ref.rpartition("/")[0] for ref in references(document)} == {"#/components/schemas"}
    assert {ref.rpartition("/")[2] for ref in references(document)} <= set(document["components"]["schemas"])


def test_each_schema_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    """Two models of one name are told apart by the modules they lie in, which generators of clients cannot read."""
    assert [name for name in document["components"]["schemas"] if "__" in name] == []


def test_a_public_address_is_in_the_document(document: dict[str, Any]) -> None:
    made = create_app(Settings(base_url="https://xincha.example")).openapi()
    assert made["servers"] == [{"url": "https://xincha.example"}]
    assert document["servers"] == [{"url": "/"}]
