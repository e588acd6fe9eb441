"""What OpenSearch has published is compared with its leaves as what the embedded engine has."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

import pytest

from indexer.load import load
from indexer.publish import publish
from indexer.verify.whole import verify
from tests.proof.conftest import COMPANIES, PENALTIES, company, file, penalty
from xincha.engine.open import open_engine
from xincha.engine.query import MatchAll, Request, Sort
from xincha.settings import Settings


def put(url: str, body: object) -> None:
    headers = {"content-type": "application/json"}
    with urlopen(HttpRequest(url, json.dumps(body).encode(), headers, method="PUT")) as answer:  # noqa: S310
        assert answer.status in {200, 201}


@pytest.mark.slow
def test_a_document_that_somebody_wrote_in_the_cluster_is_found(opensearch_url: str, tmp_path: Path) -> None:
    settings = Settings(
        data=tmp_path / "data",
        page=tmp_path,
        engine="opensearch",
        opensearch_url=opensearch_url,
        opensearch_prefix="proof",
        opensearch_replicas=0,
        workers=1,
    )
    files = [file(tmp_path / "1.csv", COMPANIES, [company(1)]), file(tmp_path / "2.csv", PENALTIES, [penalty(1)])]
    load(files, settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
        report = verify(settings, engine, None)
        assert (report.altered, report.checked["documents"]) == ([], 2)
        version = engine.status().indices["records"].version
        (hit,) = engine.search("records", Request(MatchAll(), sort=(Sort("tie"),))).hits
        address = f"{opensearch_url}/proof-records-{version}"
        put(f"{address}/_settings", {"index.blocks.write": False})
        source = hit.source.decode().replace("10000", "0")
        put(f"{address}/_doc/{hit.id}?refresh=true", {"source": source, "tie": hit.sort[0]})
        (altered,) = verify(settings, engine, None).altered
    assert (altered.where, altered.records) == (f"index/records-{version}", [hit.id])
