"""The service looks at some documents, and tells of one that is not as it was published."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.routes.service import operators
from api.sampling import Sampler
from tests.proof.conftest import Site
from tests.proof.test_tampering import a_document


def test_a_document_that_differs_is_told_while_searches_go_on(whole: Site, tmp_path: Path) -> None:
    site = whole.copy(tmp_path / "site")
    changed = a_document(site)
    with site.engine() as engine:
        app = create_app(site.settings, engine)
        with TestClient(app) as client, TestClient(operators(app)) as own:
            assert client.get("/readyz").json()["status"] == "ready"
            for _ in range(20):
                app.state.sampler.look()
            told = client.get("/readyz")
            assert told.status_code == 200
            assert told.json()["status"] == "degraded"
            (altered,) = told.json()["altered"]
            assert altered.startswith("records/")
            assert altered.endswith(f"/{changed}")
            assert client.get("/api/v1/entities?q=示例1号").status_code == 200
            counts = {
                line.partition(" ")[0]: float(line.partition(" ")[2])
                for line in own.get("/metrics").text.splitlines()
                if line.startswith("xincha_proof_documents")
            }
    assert counts['xincha_proof_documents_total{result="differs"}'] > 0
    assert counts['xincha_proof_documents_total{result="same"}'] > 0


@pytest.mark.parametrize("an_hour", [1, 7, 120, 600, 1000, 100_000])
def test_as_many_are_compared_as_was_said(an_hour: int, whole: Site) -> None:
    with whole.engine() as engine:
        sampler = Sampler(whole.settings.model_copy(update={"proof_samples": an_hour}), engine)
        assert sampler.pause >= 59
        assert sampler.each * 2 * 3600 / sampler.pause == pytest.approx(an_hour)
        assert Sampler(whole.settings.model_copy(update={"proof_samples": 0}), engine).each == 0


def test_where_the_leaves_are_not_nothing_is_told_to_differ(whole: Site, tmp_path: Path) -> None:
    site = whole.copy(tmp_path / "site")
    for path in (site.settings.proofs / "documents").iterdir():
        path.unlink()
    with site.engine() as engine:
        app = create_app(site.settings, engine)
        app.state.sampler.look()
        assert (app.state.sampler.seen["unknown"] > 0, app.state.sampler.differing) == (True, [])
