"""What Xincha survives on a real cluster: nodes and publishers that are killed, a full disk, a cluster that is away.

Whatever happens, an answer is right or an error that says so (503 with Retry-After); what is published is a complete
version; and what is whole again is used again without anybody's help.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path
from shutil import copytree
from time import monotonic
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opensearchpy import OpenSearch

from api.app import create_app
from indexer.publish import publish
from tests.opensearch.publisher import BODY, COUNT, documents, engine_on
from tests.opensearch.server import Cluster, poll
from xincha.engine import query as q
from xincha.engine.contract import Document
from xincha.engine.opensearch import bulk
from xincha.engine.opensearch.engine import OpenSearchEngine
from xincha.errors import BuildFailed, EngineError
from xincha.settings import Settings

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
MANY = 8 * BODY
"""Documents that are written while a node is killed: several requests of each writer."""
EVERYTHING = q.Request(q.MatchAll(), size=10_000)
ENOUGH = 24
"""Right answers in a row, four of each address: what was broken is used again."""
ADDRESSES = (
    "/api/v1/entities?q=示例",
    "/api/v1/entities?q=示例&sort=-established_on&page_size=5",
    "/api/v1/entities?status=存续",
    "/api/v1/records?q=虚假宣传&kind=penalty&sort=-happened_on",
    "/api/v1/records?page_size=50",
    "/api/v1/suggest?q=示例",
)


@pytest.fixture(autouse=True)
def small_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few documents are several requests of each writer."""
    monkeypatch.setattr(bulk, "BODY_DOCUMENTS", BODY)


@pytest.fixture
def cluster(opensearch_cluster: Cluster) -> Iterator[Cluster]:
    """Three nodes, all there again in the end."""
    yield opensearch_cluster
    for node in opensearch_cluster.nodes:
        if node.process is None or node.process.poll() is not None:
            node.launch()
    opensearch_cluster.wait("green")


@pytest.fixture
def prefix(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where a test's indices are; they are removed, so that each finds a cluster at rest."""
    name = f"faults{random.Random(request.node.name).randrange(10**6)}"  # noqa: S311
    yield name
    with asked(cluster) as client:
        client.indices.delete(index=f"{name}-*")


@pytest.fixture(scope="module")
def lake(fictional_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a folder in which the fictional files are loaded, and nothing is published."""
    folder = tmp_path_factory.mktemp("lake")
    settings = Settings(data=folder / "data", page=folder / "none", workers=1)
    copytree(fictional_folder / "data" / "lake", settings.lake)
    return settings


@pytest.fixture
def searched(cluster: Cluster, lake: Settings) -> Iterator[OpenSearchEngine]:
    """An engine on which what lies in the lake is published, by the first test that asks."""
    with closing(engine_on(cluster.urls, "faults-lake")) as engine:
        if not engine.status().ready:
            publish(lake, engine)
        cluster.wait("green")
        yield engine


@contextmanager
def asked(cluster: Cluster) -> Iterator[OpenSearch]:
    """A client of the living nodes."""
    urls = [node.url for node in cluster.living()]
    with OpenSearch(urls, timeout=60, max_retries=5, retry_on_timeout=True) as client:
        yield client


def holder(cluster: Cluster, pattern: str, *, holds: bool = True) -> int:
    """A node that holds the primary shard of the newest index of a pattern, or one that does not."""
    with asked(cluster) as client:
        shards = client.cat.shards(index=pattern, params={"format": "json", "h": "index,node,prirep"})
    newest = max((shard for shard in shards if shard["prirep"] == "p"), key=lambda shard: shard["index"])
    names = [str(node.settings["node.name"]) for node in cluster.nodes]
    return next(number for number, name in enumerate(names) if (name == newest["node"]) is holds)


def manager(cluster: Cluster) -> int:
    """The elected cluster manager."""
    with asked(cluster) as client:
        (elected,) = client.cat.cluster_manager(params={"format": "json"})
    return [node.settings["node.name"] for node in cluster.nodes].index(elected["node"])


def publish_generation(engine: OpenSearchEngine, name: str) -> None:
    builds = [engine.build(index, documents(index, name), note={}) for index in ("entities", "records")]
    engine.switch(builds)


def generation(engine: OpenSearchEngine, count: int = COUNT) -> str:
    """The generation that is published: both indices are complete, and of the same one.

    Two searches are two moments. A switch that a publisher had sent before it was killed may come between them: then
    both are asked again.
    """
    for _ in range(20):
        results = [engine.search(index, EVERYTHING) for index in ("entities", "records")]
        assert [result.total for result in results] == [len(result.hits) for result in results] == [count, count]
        found = [{hit.source for hit in result.hits} for result in results]
        assert [len(each) for each in found] == [1, 1]
        if found[0] == found[1]:
            return found[0].pop().decode()
    raise AssertionError(f"entities and records are of different generations: {found}")


def leftovers(cluster: Cluster, prefix: str) -> list[str]:
    """Indices under a prefix that are neither published, nor kept, nor the lock."""
    with asked(cluster) as client:
        found = client.indices.get(index=f"{prefix}-*")
    return [name for name, body in found.items() if not body["aliases"] and name != f"{prefix}-lock"]


def test_every_copy_of_a_version_finds_the_same(cluster: Cluster, prefix: str) -> None:
    with closing(engine_on(cluster.urls, prefix)) as engine, asked(cluster) as client:
        publish_generation(engine, "示例")
        cluster.wait("green")
        alias = f"{prefix}-entities"
        nodes = [shard["node"] for shard in client.cat.shards(index=alias, params={"format": "json"})]
        assert len(set(nodes)) == 2
        for query in ({"term": {"status": "存续"}}, {"match": {"name_1": "示"}}, {"range": {"tie": {"gte": 0}}}):
            counts = {
                client.count(index=alias, body={"query": query}, params={"preference": f"_only_nodes:{node}"})["count"]
                for node in nodes
            }
            assert len(counts) == 1, query
            assert min(counts) > 0


# Searching


_BETWEEN = 0.05
"""Seconds between two requests of a thread, so that nodes that start are left some of the processor."""


@dataclass
class Load:
    """Requests to the API from several threads, each answer compared with the one of the whole cluster."""

    client: TestClient
    expected: Mapping[str, Any]
    right: int = 0
    in_a_row: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def running(self, threads: int = 3) -> Iterator[None]:
        asking = [threading.Thread(target=self._ask, args=(number,)) for number in range(threads)]
        for thread in asking:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in asking:
                thread.join()

    def _ask(self, number: int) -> None:
        for address in cycle([*ADDRESSES[number:], *ADDRESSES[:number]]):
            if self._stop.wait(_BETWEEN):
                return
            answer = self.client.get(address)
            with self._lock:
                self._count(address, answer.status_code, answer.headers, answer.json())

    def _count(self, address: str, status: int, headers: Mapping[str, str], body: object) -> None:
        if status == 503 and headers.get("retry-after"):
            self.refused += 1
            self.in_a_row = 0
        elif status == 200 and body == self.expected[address]:
            self.right += 1
            self.in_a_row += 1
        else:
            self.wrong.append(f"{status} {address}: {body}"[:500])


def expected(client: TestClient) -> dict[str, Any]:
    """What each address answers; not only nothing."""
    answers = {address: client.get(address) for address in ADDRESSES}
    assert {address: answer.text for address, answer in answers.items() if answer.status_code != 200} == {}
    bodies = {address: answer.json() for address, answer in answers.items()}
    assert [address for address, body in bodies.items() if not body.get("hits", body.get("suggestions"))] == []
    return bodies


@pytest.mark.parametrize("role", ["holder", "manager"])
def test_a_node_killed_under_load_costs_no_wrong_answer(
    cluster: Cluster, searched: OpenSearchEngine, lake: Settings, role: str
) -> None:
    victim = holder(cluster, "faults-lake-entities-*") if role == "holder" else manager(cluster)
    with TestClient(create_app(lake, searched)) as client:
        load = Load(client, expected(client))
        with load.running():
            assert poll(lambda: load.right > 20)
            cluster.kill(victim)
            cluster.wait("yellow", nodes=2)
            load.in_a_row = 0
            assert poll(lambda: load.in_a_row > ENOUGH or bool(load.wrong)), load
            cluster.restart(victim)
            cluster.wait("green")
            load.in_a_row = 0
            assert poll(lambda: load.in_a_row > ENOUGH or bool(load.wrong)), load
        assert not load.wrong
        assert client.get("/readyz").status_code == 200


def test_an_api_that_starts_without_its_cluster_says_so_and_recovers(
    cluster: Cluster, searched: OpenSearchEngine, lake: Settings
) -> None:
    with TestClient(create_app(lake, searched)) as client:
        before = expected(client)
    cluster.stop()
    with closing(engine_on(cluster.urls, "faults-lake")) as engine, TestClient(create_app(lake, engine)) as client:
        assert client.get("/healthz").status_code == 200
        for address in ("/readyz", *ADDRESSES):
            answer = client.get(address)
            assert answer.status_code == 503, address
            assert answer.headers["retry-after"]
            assert "127.0.0.1" not in answer.text
        cluster.start()
        assert poll(lambda: client.get("/readyz").status_code == 200)
        assert expected(client) == before


# Publishing


@pytest.mark.parametrize("moment", ["holder", "holder comes back", "another"])
def test_a_node_killed_during_a_publish_leaves_it_complete_or_the_old_one_serving(
    cluster: Cluster, prefix: str, moment: str
) -> None:
    def killing() -> Iterator[Document]:
        rows = documents("entities", "new", MANY)
        for number, row in enumerate(rows):
            if number == MANY // 2:
                victim = holder(cluster, f"{prefix}-entities-*", holds=moment != "another")
                cluster.kill(victim)
                if moment == "holder comes back":
                    threading.Thread(target=cluster.restart, args=(victim,)).start()
            yield row

    # What a lost node held alone comes back with it or never: waiting longer would only take longer.
    writing = engine_on(cluster.urls, prefix, tries=3 if moment == "holder" else 9)
    with closing(engine_on(cluster.urls, prefix)) as reader, closing(writing) as writer:
        publish_generation(reader, "old")
        cluster.wait("green")
        try:
            built = writer.build("entities", killing(), note={})
            writer.switch([built])
        except EngineError:
            assert generation(reader) == "old"
        else:
            result = reader.search("entities", EVERYTHING)
            assert (result.total, {hit.source for hit in result.hits}) == (MANY, {b"new"})
        cluster.wait("yellow", nodes=len(cluster.living()))
        publish_generation(writer, "newer")
        assert generation(reader) == "newer"
        assert not leftovers(cluster, prefix)


def run(cluster: Cluster, prefix: str, name: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.opensearch.publisher", ",".join(cluster.urls), prefix, name]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_publisher_killed_at_any_moment_leaves_a_complete_index(cluster: Cluster, prefix: str) -> None:
    with run(cluster, prefix, "0") as process:
        assert line(process) == "writing"
        began = monotonic()
        assert line(process) == "published"
        took = monotonic() - began
    dice = random.Random(20260101)  # noqa: S311
    last, killed = "0", 0
    with closing(engine_on(cluster.urls, prefix)) as reader:
        for name in map(str, range(1, 7)):
            with run(cluster, prefix, name) as process:
                assert line(process) == "writing"
                with suppress(subprocess.TimeoutExpired):
                    process.wait(dice.uniform(0, took))
                process.kill()
            killed += process.returncode < 0
            found = generation(reader)
            assert found in {last, str(int(name) - 1), name}
            last = found
        assert killed > 2
        with run(cluster, prefix, "next") as process:
            assert [line(process), line(process)] == ["writing", "published"]
        assert generation(reader) == "next"
    assert not leftovers(cluster, prefix)


def test_of_two_publishers_at_once_one_is_refused_with_a_message(cluster: Cluster, prefix: str) -> None:
    with (
        closing(engine_on(cluster.urls, prefix)) as first,
        closing(engine_on(cluster.urls, prefix)) as second,
    ):
        publish_generation(first, "old")
        refused: list[str] = []

        def meanwhile() -> Iterator[Document]:
            for number, row in enumerate(documents("entities", "new")):
                if number == COUNT // 2:
                    with pytest.raises(BuildFailed, match="another process is writing") as error:
                        publish_generation(second, "other")
                    refused.append(str(error.value))
                yield row

        builds = [first.build("entities", meanwhile(), note={})]
        builds.append(first.build("records", documents("records", "new"), note={}))
        first.switch(builds)
        assert len(refused) == 1
        assert generation(second) == "new"
        publish_generation(second, "other")
        assert generation(first) == "other"


# Clusters that take no changes


def read_only(client: OpenSearch, *, on: bool) -> None:
    client.cluster.put_settings(body={"persistent": {"cluster.blocks.read_only": True if on else None}})


def no_new_index(client: OpenSearch, *, on: bool) -> None:
    """What a cluster does by itself where all disks are above the high watermark."""
    client.cluster.put_settings(body={"persistent": {"cluster.blocks.create_index": True if on else None}})


def full_disk(client: OpenSearch, *, on: bool) -> None:
    """Every disk is above the flood stage, or as empty as it is."""
    levels = dict.fromkeys(("low", "high", "flood_stage"), "0.01%" if on else None)
    settings: dict[str, object] = {
        f"cluster.routing.allocation.disk.watermark.{name}": level for name, level in levels.items()
    }
    settings["cluster.routing.allocation.disk.threshold_enabled"] = True
    client.cluster.put_settings(body={"persistent": settings})
    if not on:  # the cluster does it too, after a minute or more
        no_new_index(client, on=False)
        client.indices.put_settings(index="_all", body={"index.blocks.read_only_allow_delete": None})


def blocked(client: OpenSearch, prefix: str) -> bool:
    """Does the cluster take no changes, or no changes of the lock?"""
    blocks = client.cluster.state(metric="blocks")["blocks"]
    return bool(blocks.get("global") or blocks.get("indices", {}).get(f"{prefix}-lock"))


def published(engine: OpenSearchEngine, lift: Callable[[], None]) -> bool:
    """Is a new generation published? If not, what blocks it is lifted again: the cluster looks at disks by itself."""
    with suppress(EngineError):
        publish_generation(engine, "new")
        return True
    lift()
    return False


@pytest.mark.parametrize(
    ("block", "words"),
    [
        pytest.param(read_only, "takes no changes", id="read only"),
        pytest.param(no_new_index, "makes no index.*disks", id="no new index"),
        pytest.param(full_disk, "disk is full|disks are nearly full", id="full disk"),
    ],
)
def test_a_cluster_that_takes_no_changes_is_a_clear_error_and_goes_on_serving(
    cluster: Cluster, prefix: str, block: Callable[..., None], words: str
) -> None:
    with closing(engine_on(cluster.urls, prefix)) as engine, asked(cluster) as client:
        publish_generation(engine, "old")
        cluster.wait("green")
        block(client, on=True)
        try:
            assert poll(lambda: blocked(client, prefix))
            with pytest.raises(EngineError, match=words):
                publish_generation(engine, "new")
            assert generation(engine) == "old"
            assert engine.status().ready
        finally:
            block(client, on=False)
        assert poll(lambda: published(engine, partial(block, client, on=False)))
        assert generation(engine) == "new"
        assert not leftovers(cluster, prefix)
