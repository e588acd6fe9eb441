"""The real server: a node answers with its version, nodes form a cluster, and nothing outlives the test run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from opensearchpy import OpenSearch


@pytest.fixture
def client(opensearch_url: str) -> Iterator[OpenSearch]:
    with OpenSearch(opensearch_url) as client:
        yield client


def test_a_node_answers_with_its_version(client: OpenSearch) -> None:
    assert client.info()["version"]["number"] == "3.8.0"


def test_a_node_runs_whitespace_analysis_scripts_and_deletes_by_query(client: OpenSearch) -> None:
    mappings = {"properties": {"words": {"type": "text", "analyzer": "whitespace"}}}
    client.indices.create(index="nodes-test", body={"mappings": mappings})
    try:
        for number, words in enumerate(["鹭 屿", "鹭屿"]):
            client.index(index="nodes-test", id=str(number), body={"words": words}, refresh=True)
        script = {"script": {"source": "'屿' == params.wanted", "params": {"wanted": "屿"}}}
        query = {"bool": {"must": {"match": {"words": "屿"}}, "filter": {"script": script}}}
        assert client.delete_by_query(index="nodes-test", body={"query": query})["deleted"] == 1
    finally:
        client.indices.delete(index="nodes-test")
