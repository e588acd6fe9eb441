"""The real server with security: who is let in, and that the project's roles reach as far as the engine needs, and no
further. What does not depend on permissions is tested on the open node."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import AuthenticationException, AuthorizationException, SSLError

from tests.engine import corpus
from tests.opensearch.secured import Secured
from xincha.engine import query as q
from xincha.engine.contract import Build, IndexName
from xincha.engine.opensearch import facets
from xincha.engine.opensearch.client import Connection
from xincha.engine.opensearch.engine import OpenSearchEngine
from xincha.engine.opensearch.store import IndexOptions
from xincha.errors import EngineError

VERSION = "xincha-entities-示例1"
OTHER = "somebody-elses"
INDEX = {"settings": {"number_of_replicas": 0}, "mappings": {"properties": {"brand": {"type": "keyword"}}}}

Call = Callable[[OpenSearch], object]


@pytest.fixture(scope="module")
def secured(opensearch_secured: Secured) -> Secured:
    """A published version, an unpublished one, and an index of somebody else."""
    with opensearch_secured.client("xincha-publisher") as publisher:
        for version in (VERSION, "xincha-entities-示例2"):
            publisher.indices.create(index=version, body=INDEX)
        publisher.bulk(index=VERSION, body=[{"index": {"_id": "示例"}}, {"brand": "鹭屿"}], params={"refresh": "true"})
        publisher.indices.update_aliases(body={"actions": [{"add": {"index": VERSION, "alias": "xincha-entities"}}]})
    with opensearch_secured.client("admin") as admin:
        admin.index(index=OTHER, id="1", body={"secret": "示例"}, params={"refresh": "true"})
    return opensearch_secured


@pytest.fixture(scope="module")
def reader(secured: Secured) -> Iterator[OpenSearch]:
    with secured.client("xincha-reader") as client:
        yield client


@pytest.fixture(scope="module")
def publisher(secured: Secured) -> Iterator[OpenSearch]:
    with secured.client("xincha-publisher") as client:
        yield client


def test_nobody_is_let_in_without_a_password(secured: Secured) -> None:
    with OpenSearch(secured.url, ca_certs=secured.ca) as client, pytest.raises(AuthenticationException):
        client.info()


def test_nobody_is_let_in_with_a_wrong_password(secured: Secured) -> None:
    with secured.client("xincha-reader", password="wrong") as client, pytest.raises(AuthenticationException):  # noqa: S106
        client.info()


def test_the_node_is_not_trusted_without_its_authority(secured: Secured) -> None:
    auth = ("xincha-reader", secured.passwords["xincha-reader"])
    with OpenSearch(secured.url, http_auth=auth, max_retries=0) as client, pytest.raises(SSLError):
        client.info()


def test_a_user_without_a_role_may_do_nothing(secured: Secured) -> None:
    with secured.client("stranger") as client, pytest.raises(AuthorizationException):
        client.search(index="xincha-entities")


def test_a_client_certificate_is_as_good_as_a_password(secured: Secured) -> None:
    with secured.certified("reader") as client:
        assert client.info()["version"]["number"] == "3.4.0"
        assert client.count(index="xincha-entities")["count"] == 1


READS: dict[str, Call] = {
    "says its version": lambda c: c.info(),
    "search": lambda c: c.search(index="xincha-entities"),
    "several searches": lambda c: c.msearch(index="xincha-entities", body=[{}, {"query": {"match_all": {}}}]),
    "which version is published": lambda c: c.indices.get(index="xincha-entities"),
}

WRITES: dict[str, Call] = {
    "write a document": lambda c: c.index(index="xincha-entities", body={"brand": "鹭屿"}),
    "delete a document": lambda c: c.delete(index="xincha-entities", id="示例"),
    "delete by query": lambda c: c.delete_by_query(index="xincha-entities", body={"query": {"match_all": {}}}),
    "make an index": lambda c: c.indices.create(index="xincha-entities-9"),
    "delete an index": lambda c: c.indices.delete(index=VERSION),
    "close an index": lambda c: c.indices.close(index="xincha-entities"),
    "change settings": lambda c: c.indices.put_settings(
        index="xincha-entities", body={"index": {"blocks.write": True}}
    ),
    "move the alias": lambda c: c.indices.put_alias(index=VERSION, name="xincha-records"),
    "keep a point in time open": lambda c: c.create_pit(index="xincha-entities", params={"keep_alive": "1m"}),
    "take the lock": lambda c: c.index(index="xincha-lock", body={}),
}

OUTSIDE: dict[str, Call] = {
    "search another index": lambda c: c.search(index=OTHER),
    "read a document of another index": lambda c: c.get(index=OTHER, id="1"),
    "search everything": lambda c: c.search(index="*"),
    "list indices": lambda c: c.cat.indices(),
    "list nodes": lambda c: c.cat.nodes(),
    "cluster state": lambda c: c.cluster.state(),
    "cluster settings": lambda c: c.cluster.put_settings(body={"transient": {"cluster.max_shards_per_node": 1}}),
    "users": lambda c: c.transport.perform_request("GET", "/_plugins/_security/api/internalusers"),
    "the plugin's own index": lambda c: c.search(index=".opendistro_security"),
    "a snapshot repository": lambda c: c.snapshot.create_repository(repository="x", body={"type": "fs"}),
    "a stored script": lambda c: c.put_script(id="x", body={"script": {"lang": "painless", "source": "1"}}),
    "write to another index": lambda c: c.index(index=OTHER, body={}),
    "delete another index": lambda c: c.indices.delete(index=OTHER),
    "delete everything": lambda c: c.indices.delete(index="*"),
    "point the alias at another index": lambda c: c.indices.put_alias(index=OTHER, name="xincha-entities"),
}


@pytest.mark.parametrize("call", READS.values(), ids=READS)
def test_the_reader_may(reader: OpenSearch, call: Call) -> None:
    assert call(reader)


def test_the_reader_sees_what_is_published(reader: OpenSearch) -> None:
    assert reader.search(index="xincha-entities")["hits"]["hits"][0]["_source"] == {"brand": "鹭屿"}


@pytest.mark.parametrize("call", (WRITES | OUTSIDE).values(), ids=WRITES | OUTSIDE)
def test_the_reader_may_not(reader: OpenSearch, call: Call) -> None:
    with pytest.raises(AuthorizationException):
        call(reader)


def test_the_reader_does_not_see_a_version_before_it_is_published(reader: OpenSearch) -> None:
    with pytest.raises(AuthorizationException):
        reader.search(index="xincha-entities-示例2")


@pytest.mark.parametrize("call", OUTSIDE.values(), ids=OUTSIDE)
def test_the_publisher_may_not(publisher: OpenSearch, call: Call) -> None:
    with pytest.raises(AuthorizationException):
        call(publisher)


# The engine, with the two users


@pytest.fixture
def publishing(opensearch_secured: Secured) -> Iterator[OpenSearchEngine]:
    yield from engine_of(opensearch_secured, "xincha-publisher")


@pytest.fixture
def reading(opensearch_secured: Secured) -> Iterator[OpenSearchEngine]:
    yield from engine_of(opensearch_secured, "xincha-reader")


def engine_of(secured: Secured, user: str) -> Iterator[OpenSearchEngine]:
    connection = Connection([secured.url], user, secured.passwords[user], Path(secured.ca), timeout=30)
    with closing(OpenSearchEngine(connection, IndexOptions("s-users", replicas=0, threads=2))) as engine:
        yield engine


def build(engine: OpenSearchEngine, count: int) -> list[Build]:
    records = [{"id": f"P-{n}", "tie": n, "entity_id": [f"{n % 7}"], "source": b""} for n in range(count)]
    return [
        engine.build("entities", corpus.documents(count), note={}),
        engine.build("records", records, note={}),
    ]


def test_the_roles_are_enough_to_publish_and_to_search(
    publishing: OpenSearchEngine, reading: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each way in which the engine asks: by alias, by version, several at once, page by page, and of versions that are
    gone or back again."""
    monkeypatch.setattr(facets, "_SHARD_VALUES", 1)  # so that all values are read page by page
    everything = q.Request(q.MatchAll(), size=1_000, facets={"who": q.Facet(q.TermsAgg("entity_id", 3))})
    nothing = q.Request(q.Term("kind", "nowhere"))

    def totals(index: IndexName) -> tuple[int, ...]:
        both = [result.total for result in reading.search_many(index, [replace(everything, facets={}), nothing])]
        return (reading.search(index, nothing).total, *both)

    for count in (20, 30, 40):
        publishing.switch(build(publishing, count))
        assert totals("entities") == totals("records") == (0, count, 0)
        result = reading.search("records", everything)
        assert result.total == count
        assert [bucket.key for bucket in result.facets["who"]] == ["0", "1", "2"]  # type: ignore[union-attr]
        assert reading.status().ready
    publishing.switch([publishing.apply("entities", [corpus.document(1, seed=1)], ["示例-0002"], note={})])
    assert totals("entities") == (0, 39, 0)
    assert publishing.rollback().ready
    assert totals("entities") == (0, 40, 0)
    assert reading.status().indices["entities"] == publishing.status().indices["entities"]


def test_the_reader_can_publish_nothing(publishing: OpenSearchEngine, reading: OpenSearchEngine) -> None:
    publishing.switch(build(publishing, 20))
    version = reading.status().indices["entities"].version
    for write in (lambda: build(reading, 3), reading.rollback, lambda: reading.apply("entities", [], [], note={})):
        with pytest.raises(EngineError, match="lacks the permission"):
            write()
    assert reading.status().indices["entities"].version == version
