"""What only the OpenSearch engine has: indices and aliases of a cluster, a lock in it, limits, many shards."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import AuthorizationException, RequestError

from tests.engine import corpus
from tests.engine.conftest import publish
from xincha.engine import query as q
from xincha.engine.contract import Bucket, Document
from xincha.engine.open import open_engine
from xincha.engine.opensearch.bulk import BODY_DOCUMENTS
from xincha.engine.opensearch.client import Connection, refusal
from xincha.engine.opensearch.engine import OpenSearchEngine
from xincha.engine.opensearch.lock import PublisherLock, _home
from xincha.engine.opensearch.mapping import DEEPEST
from xincha.engine.opensearch.store import IndexOptions
from xincha.engine.versioned import Published
from xincha.errors import BuildFailed, EngineError, EngineNotReady, EngineUnavailable, SettingsError, UnsupportedQuery
from xincha.settings import Settings

EVERYTHING = q.Request(q.MatchAll(), size=1_000)
NOBODY = "http://127.0.0.1:9"
"""An address where nobody listens."""

SECRET = "geheim"  # noqa: S105 - nobody's

Opened = Callable[..., OpenSearchEngine]


@pytest.fixture
def prefix(tmp_path: Path) -> str:
    return f"o-{hashlib.blake2b(str(tmp_path).encode(), digest_size=8).hexdigest()}"


@pytest.fixture
def opened(opensearch_url: str, prefix: str) -> Iterator[Opened]:
    """Opens engines on one store; names are those of `IndexOptions`."""
    engines: list[OpenSearchEngine] = []

    def another(**options: Any) -> OpenSearchEngine:
        chosen = IndexOptions(**{"prefix": prefix, "replicas": 0, "lock_seconds": 10.0, **options})
        engines.append(OpenSearchEngine(Connection([opensearch_url], timeout=30), chosen))
        return engines[-1]

    yield another
    for engine in engines:
        engine.close()


@pytest.fixture
def engine(opened: Opened) -> OpenSearchEngine:
    return opened()


@pytest.fixture
def cluster(opensearch_url: str) -> Iterator[OpenSearch]:
    with OpenSearch(opensearch_url, timeout=30) as client:
        yield client


def indices(cluster: OpenSearch, prefix: str) -> set[str]:
    return {name for name in cluster.indices.get(index=f"{prefix}-*") if not name.endswith("-lock")}


def name_of(engine: OpenSearchEngine, prefix: str, index: str = "entities") -> str:
    return f"{prefix}-{index}-{engine.status().indices[index].version}"


def named(name: str) -> Document:
    return {"id": name, "tie": 1, "source": b""}


def lock_of(engine: OpenSearchEngine) -> PublisherLock:
    assert isinstance(engine._lock, PublisherLock)
    return engine._lock


def found(engine: OpenSearchEngine) -> set[str]:
    return {hit.id for hit in engine.search("entities", EVERYTHING).hits}


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_so_many_versions_are_kept_and_no_more(opened: Opened, cluster: OpenSearch, prefix: str, keep: int) -> None:
    engine = opened(keep=keep)
    built = []
    for name in "abcd":
        publish(engine, "entities", [named(name)])
        built.append(name_of(engine, prefix))
    assert indices(cluster, prefix) == set(built[-keep:])
    for back in range(1, keep):
        engine.rollback()
        assert name_of(engine, prefix) == built[-1 - back]
        assert indices(cluster, prefix) == set(built[-keep : len(built) - back])
    with pytest.raises(EngineNotReady):
        engine.rollback()


def test_an_index_that_is_not_switched_again_is_kept(
    engine: OpenSearchEngine, cluster: OpenSearch, prefix: str
) -> None:
    publish(engine, "records", [])
    for name in "abc":
        publish(engine, "entities", [named(name)])
    assert engine.search("records", EVERYTHING).total == 0
    assert len(indices(cluster, prefix)) == 3


def test_what_an_interrupted_writer_left_is_removed_by_the_next_one(
    engine: OpenSearchEngine, opened: Opened, cluster: OpenSearch, prefix: str
) -> None:
    publish(engine, "entities", corpus.documents(3))
    published = indices(cluster, prefix)
    left = opened()
    left.build("entities", corpus.documents(4), note={})
    left.close()
    assert indices(cluster, prefix) > published
    build = engine.build("records", [], note={})
    assert indices(cluster, prefix) == published | {f"{prefix}-records-{build.version}"}


def test_a_failed_build_leaves_no_index_and_no_lock(
    engine: OpenSearchEngine, opened: Opened, cluster: OpenSearch, prefix: str
) -> None:
    publish(engine, "entities", corpus.documents(3))
    published = indices(cluster, prefix)
    with pytest.raises(EngineError):
        engine.build("entities", [{"id": "a", "nowhere": 1}], note={})
    with pytest.raises(EngineError):
        engine.apply("records", [], [], note={})
    assert indices(cluster, prefix) == published
    publish(opened(), "records", [])


def test_a_published_version_is_never_written_again(engine: OpenSearchEngine, cluster: OpenSearch, prefix: str) -> None:
    publish(engine, "entities", corpus.documents(30))
    name = name_of(engine, prefix)
    before = cluster.indices.stats(index=name)["_all"]["primaries"]["indexing"]
    engine.switch([engine.apply("entities", corpus.documents(10, seed=1), ["示例-0011"], note={})])
    assert cluster.indices.stats(index=name)["_all"]["primaries"]["indexing"] == before
    for written in (name, name_of(engine, prefix)):
        with pytest.raises(AuthorizationException, match="blocked"):
            cluster.index(index=written, body={"id": "x"})


def test_an_index_holds_what_is_declared_and_stores_what_is_shown(
    engine: OpenSearchEngine, cluster: OpenSearch, prefix: str
) -> None:
    publish(engine, "entities", [{**corpus.document(1), "source": b"shown"}])
    name = name_of(engine, prefix)
    assert cluster.search(index=name)["hits"]["hits"][0]["_source"] == {"source": "shown"}
    body = cluster.indices.get(index=name)[name]
    cluster.indices.create(index=f"{prefix}-copy", body={"mappings": body["mappings"], "settings": {
        "analysis": body["settings"]["index"]["analysis"], "number_of_replicas": 0}})  # fmt: skip
    with pytest.raises(RequestError, match="strict_dynamic_mapping"):
        cluster.index(index=f"{prefix}-copy", body={"nowhere": "x"})
    cluster.indices.delete(index=f"{prefix}-copy")


def test_a_finished_version_is_refreshed_and_copied_as_the_settings_say(
    opened: Opened, cluster: OpenSearch, prefix: str
) -> None:
    engine = opened(replicas=2, shards=3)
    publish(engine, "entities", corpus.documents(3))
    name = name_of(engine, prefix)
    settings = cluster.indices.get(index=name)[name]["settings"]["index"]
    assert (settings["number_of_shards"], settings["number_of_replicas"]) == ("3", "2")
    assert "refresh_interval" not in settings
    assert settings.get("translog", {}).get("durability", "REQUEST") == "REQUEST"


def test_copies_of_a_version_are_copies_of_its_files(
    engine: OpenSearchEngine, cluster: OpenSearch, prefix: str
) -> None:
    """Not of its operations: those that the cluster keeps would all be indexed once more on each other node."""
    publish(engine, "entities", corpus.documents(200))
    assert cluster.indices.stats(index=name_of(engine, prefix))["_all"]["primaries"]["translog"]["operations"] == 0
    engine.switch([engine.apply("entities", corpus.documents(20, seed=1), ["示例-0150"], note={})])
    assert cluster.indices.stats(index=name_of(engine, prefix))["_all"]["primaries"]["translog"]["operations"] == 0


def test_the_lock_is_kept_for_as_long_as_its_holder_works(opened: Opened) -> None:
    holder, other = opened(lock_seconds=4.0), opened(lock_seconds=4.0)
    build = holder.build("entities", [named("a")], note={})
    end = time.monotonic() + 5.0
    refused = 0
    while time.monotonic() < end:
        with pytest.raises(BuildFailed, match="another process"):
            other.build("entities", [named("b")], note={})
        refused += 1
    assert refused > 1
    holder.switch([build])
    publish(other, "entities", [named("b")])
    assert found(holder) == {"b"}


def test_a_lock_that_nobody_renews_is_taken_over(opened: Opened, cluster: OpenSearch, prefix: str) -> None:
    engine = opened(lock_seconds=3.0)
    held = {"host": "示例", "process": "7", "since": "2026-03-02T08:00:00+00:00", "token": "x"}
    cluster.index(index=f"{prefix}-lock", id="writer", body=held)
    begun = time.monotonic()
    publish(engine, "entities", [named("a")])
    assert time.monotonic() - begun >= 3.0
    assert found(engine) == {"a"}


def test_a_lock_of_a_process_of_this_machine_that_is_gone_is_taken_over_at_once(
    opened: Opened, cluster: OpenSearch, prefix: str
) -> None:
    engine = opened(lock_seconds=3600.0)
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    others = ((gone.pid, "elsewhere", False), (os.getpid(), _home(), False), (gone.pid, _home(), True))
    for process, home, dead in others:
        held = {"host": "示例", "process": str(process), "home": home, "token": "x"}
        assert lock_of(engine)._is_dead(held) == dead
        cluster.index(index=f"{prefix}-lock", id="writer", body=held)
    publish(engine, "entities", [named("a")])
    assert found(engine) == {"a"}


def test_who_is_refused_learns_who_writes_and_since_when(opened: Opened) -> None:
    opened().build("entities", [named("a")], note={})
    with pytest.raises(BuildFailed, match=r"another process is writing \(.+, process \d+, since 20"):
        opened().build("entities", [named("b")], note={})


def test_a_writer_that_has_lost_its_lock_publishes_nothing(opened: Opened, cluster: OpenSearch, prefix: str) -> None:
    engine = opened(lock_seconds=4.0)
    publish(engine, "entities", [named("old")])
    lock = f"{prefix}-lock"

    def robbed() -> Iterator[Document]:
        yield named("new")
        cluster.index(index=lock, id="writer", body={"host": "示例", "token": "x"})
        while lock_of(engine)._place is not None:  # until its next renewal has failed
            time.sleep(0.05)

    with pytest.raises(BuildFailed, match="lock"):
        engine.build("entities", robbed(), note={})
    cluster.delete(index=lock, id="writer")
    assert found(engine) == {"old"}
    publish(engine, "entities", [named("new")])
    assert found(engine) == {"new"}


def stand_still(engine: OpenSearchEngine, seen: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next look is an old one."""
    look = engine._store.published

    def once() -> Published:
        monkeypatch.undo()
        return seen

    assert look() != seen
    monkeypatch.setattr(engine._store, "published", once)


def test_an_alias_that_somebody_else_moved_is_not_moved_again(
    engine: OpenSearchEngine, cluster: OpenSearch, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a writer stands still between its last look and its switch, until another has taken its lock."""
    publish(engine, "entities", [named("old")])
    seen = engine._store.published()
    publish(engine, "entities", [named("other")])
    build = engine.build("entities", [named("new")], note={})
    stand_still(engine, seen, monkeypatch)
    with pytest.raises(BuildFailed, match="meanwhile"):
        engine.switch([build])
    assert found(engine) == {"other"}


def test_an_alias_on_what_was_never_published_is_an_error_and_not_ready(
    engine: OpenSearchEngine, cluster: OpenSearch, prefix: str
) -> None:
    build = engine.build("entities", [named("a")], note={})
    alias = {"index": f"{prefix}-entities-{build.version}", "alias": f"{prefix}-entities"}
    cluster.indices.update_aliases(body={"actions": [{"add": alias}]})
    assert not engine.status().ready
    with pytest.raises(EngineError, match=f"{prefix}-entities"):
        engine.search("entities", EVERYTHING)


def test_two_that_publish_for_the_first_time_cannot_both_succeed(
    engine: OpenSearchEngine, opened: Opened, cluster: OpenSearch, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = engine._store.published()
    publish(opened(), "entities", [named("first")])
    build = engine.build("entities", [named("second")], note={})
    stand_still(engine, seen, monkeypatch)
    with pytest.raises(BuildFailed, match="meanwhile"):
        engine.switch([build])
    assert found(engine) == {"first"}


def test_a_search_on_a_version_that_is_gone_is_answered_on_the_next_one(
    engine: OpenSearchEngine, opened: Opened
) -> None:
    reader = opened()
    none = q.Request(q.Term("status", "nowhere"))
    publish(engine, "entities", [named("a")])
    assert reader.search_many("entities", [none, EVERYTHING])[1].total == 1
    for names in (["b", "c"], ["d", "e", "f"], []):
        publish(engine, "entities", [named(name) for name in names])
        version = engine.status().indices["entities"].version
        assert [(r.total, r.version) for r in reader.search_many("entities", [none, EVERYTHING])] == [
            (0, version), (len(names), version)]  # fmt: skip
        assert reader.search("entities", none).version == version
        assert reader.search("entities", replace(EVERYTHING, size=0)).total == len(names)


def test_more_documents_than_a_body_holds_arrive(engine: OpenSearchEngine) -> None:
    count = 2 * BODY_DOCUMENTS + 345
    publish(engine, "entities", [{"id": f"{n:05d}", "tie": n, "source": b"x" * 3_000} for n in range(count)])
    assert engine.search("entities", q.Request(q.MatchAll(), size=0)).total == count


def test_an_identifier_that_is_given_again_much_later_is_found(engine: OpenSearchEngine) -> None:
    names = [f"{n:05d}" for n in range(3 * BODY_DOCUMENTS)]
    with pytest.raises(BuildFailed, match="1 identifiers were given twice: '00007'"):
        engine.build("entities", map(named, [*names, "00007"]), note={})


def test_a_document_that_the_cluster_refuses_is_named(engine: OpenSearchEngine) -> None:
    long = "长" * 200
    with pytest.raises(BuildFailed, match="512 bytes"):
        engine.build("entities", [named("a"), named(long)], note={})
    with pytest.raises(BuildFailed, match="'甲-1', field 'source'"):
        engine.build("entities", [{"id": "甲-1", "source": b"\xff"}], note={})


def test_tokens_are_kept_whole(engine: OpenSearchEngine) -> None:
    """OpenSearch's own whitespace tokenizer cuts after 255 characters, and splits at more than spaces."""
    tokens = ["长" * 300, "a\N{IDEOGRAPHIC SPACE}b", "a.b", "Ａ"]
    publish(engine, "entities", [{"id": "a", "tie": 1, "scope_word": " ".join(tokens), "source": b""}])
    for token in tokens:
        assert engine.search("entities", q.Request(q.Term("scope_word", token))).total == 1
    for part in ("长" * 45, "a", "b", "ａ"):
        assert engine.search("entities", q.Request(q.Term("scope_word", part))).total == 0


@pytest.mark.parametrize("day", [date.min, date(1900, 1, 1), date(1969, 12, 31), date(2018, 3, 5), date.max])
def test_dates_of_all_centuries_are_kept(engine: OpenSearchEngine, day: date) -> None:
    publish(engine, "entities", [{"id": "a", "tie": 1, "established_on": day, "source": b""}])
    years = {"years": q.Facet(q.DateHistogramAgg("established_on"))}
    request = q.Request(
        q.Range("established_on", gte=day, lte=day), sort=[q.Sort("established_on"), q.Sort("tie")], facets=years
    )
    result = engine.search("entities", request)
    assert result.hits[0].sort == (day, 1)
    assert result.facets["years"] == [Bucket(day.replace(month=1, day=1), 1)]
    after = replace(request, facets={}, search_after=(day, 0))
    assert [hit.id for hit in engine.search("entities", after).hits] == ["a"]


@pytest.fixture(scope="module")
def many(opensearch_url: str) -> Iterator[OpenSearchEngine]:
    """A hundred and ten thousand records, each of an entity of its own; published in three shards."""
    name = f"o-many-{time.time_ns()}"
    engine = OpenSearchEngine(Connection([opensearch_url], timeout=60), IndexOptions(name, shards=3, replicas=0))
    rows = ({"id": f"P-{n}", "tie": n, "entity_id": [f"{n:06d}"], "source": b""} for n in range(110_000))
    engine.switch([engine.build("records", rows, note={})])
    yield engine
    engine.close()


@pytest.mark.slow
def test_limits_of_the_cluster_are_no_limits_of_what_may_be_asked(many: OpenSearchEngine) -> None:
    """More identifiers than a clause may hold, more values than a shard reports, and any depth."""
    named_ = q.Ids([f"P-{n}" for n in range(110_000)])
    values = {"many": q.Facet(q.TermsAgg("entity_id", 10_000)), "few": q.Facet(q.TermsAgg("entity_id", 3))}
    result = many.search("records", q.Request(named_, size=0, facets=values))
    assert result.total == 110_000
    assert result.facets["many"] == [Bucket(f"{n:06d}", 1) for n in range(10_000)]
    assert result.facets["few"] == [Bucket(f"{n:06d}", 1) for n in range(3)]
    request = q.Request(q.MatchAll(), sort=[q.Sort("tie")], size=5, total=False, source=False)
    deep = many.search("records", replace(request, search_after=(DEEPEST - 6,))).hits
    assert [hit.id for hit in deep] == [f"P-{n}" for n in range(DEEPEST - 5, DEEPEST)]
    deeper = many.search("records", replace(request, search_after=deep[-1].sort)).hits
    assert [hit.id for hit in deeper] == [f"P-{n}" for n in range(DEEPEST, DEEPEST + 5)]
    with pytest.raises(UnsupportedQuery, match="search_after"):
        many.search("records", replace(request, size=DEEPEST + 1))


def test_what_the_cluster_cannot_honour_is_an_error_without_the_words(engine: OpenSearchEngine) -> None:
    publish(engine, "entities", corpus.documents(3))
    clauses = [q.Match("name_1", f"秘{n} 密{n}") for n in range(5_000)]
    for ask in (
        lambda request: engine.search("entities", request),
        lambda request: engine.search_many("entities", [request]),
    ):
        with pytest.raises(UnsupportedQuery, match="opensearch: Request: ") as refused:
            ask(q.Request(q.Bool(should=clauses)))
        assert "秘" not in str(refused.value)


def test_scores_and_ties_do_not_depend_on_the_number_of_shards(opened: Opened, prefix: str) -> None:
    request = q.Request(q.Bool(should=[q.Match("name_1", "示 信"), q.Match("scope_word", "批发 food")]), size=300)
    answers = []
    for shards in (1, 4):
        engine = opened(prefix=f"{prefix}-{shards}", shards=shards)
        publish(engine, "entities", corpus.documents(300))
        answers.append(engine.search("entities", request).hits)
        assert engine.search("entities", request).hits == answers[-1]
    one, other = answers
    assert [hit.id for hit in other] == [hit.id for hit in one]
    assert [hit.score for hit in other] == pytest.approx([hit.score for hit in one])


def test_an_engine_that_is_away_says_so_and_not_where_it_is() -> None:
    engine = OpenSearchEngine(Connection([NOBODY], user="示例", password=SECRET, timeout=1), IndexOptions())
    for _ in range(4):  # the last ones fail at once
        with pytest.raises(EngineUnavailable) as away:
            engine.search("entities", EVERYTHING)
        assert not {"127.0.0.1", SECRET, "示例"} & set(str(away.value).split())
        assert SECRET not in repr(away.value.__cause__)
    with pytest.raises(EngineUnavailable, match="in a moment"):
        engine.search_many("entities", [EVERYTHING])
    status = engine.status()
    assert not status.ready
    assert status.reason
    with pytest.raises(EngineUnavailable):
        engine.build("entities", [], note={})
    engine.close()


def test_an_engine_that_was_away_answers_again_by_itself(engine: OpenSearchEngine, opensearch_url: str) -> None:
    publish(engine, "entities", [named("a")])
    circuit = engine._cluster._circuit
    for _ in range(5):
        circuit.leave(failed=True)
    with pytest.raises(EngineUnavailable):
        engine.search("entities", EVERYTHING)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            assert found(engine) == {"a"}
            break
        except EngineUnavailable:
            time.sleep(0.05)
    assert found(engine) == {"a"}


def test_a_node_that_is_away_is_no_matter_where_there_is_another(opensearch_url: str, prefix: str) -> None:
    engine = OpenSearchEngine(Connection([NOBODY, opensearch_url], timeout=30), IndexOptions(prefix, replicas=0))
    publish(engine, "entities", [named("a")])
    for _ in range(10):
        assert found(engine) == {"a"}
    engine.close()


def test_the_settings_say_where_the_engine_is(opensearch_url: str, prefix: str, tmp_path: Path) -> None:
    settings = Settings(
        engine="opensearch",
        data=tmp_path,
        opensearch_url=opensearch_url,
        opensearch_prefix=prefix,
        opensearch_replicas=0,
    )
    engine = open_engine(settings)
    engine.switch([engine.build("records", [], note={})])
    assert engine.status().engine == "opensearch"
    assert list(tmp_path.iterdir()) == []
    engine.close()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"URL": "http://示例:geheim@127.0.0.1:9200"}, "URL"),
        ({"URL": "http://a:9200,https://b:9200"}, "URL"),
        ({"URL": "a:9200"}, "URL"),
        ({"URL": "http://a:99999"}, "URL"),
        ({"URL": ","}, "URL"),
        ({"USER": "示例"}, "PASSWORD"),
        ({"PASSWORD": SECRET}, "USER"),
        ({"URL": "https://a", "CA": "/nowhere/ca.pem"}, "CA"),
        ({"CA": __file__}, "CA"),
        ({"URL": "https://a", "CLIENT_CERT": __file__}, "CLIENT_KEY"),
        ({"URL": "https://a", "CLIENT_KEY": __file__}, "CLIENT_CERT"),
        ({"PREFIX": "Xincha"}, "PREFIX"),
        ({"PREFIX": "a*"}, "PREFIX"),
        ({"SHARDS": "0"}, "SHARDS"),
        ({"TIMEOUT": "nan"}, "TIMEOUT"),
    ],
)
def test_settings_that_cannot_be_used_are_told_by_their_key_and_without_secrets(
    given: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XINCHA_ENGINE", "opensearch")
    for key, value in given.items():
        monkeypatch.setenv(f"XINCHA_OPENSEARCH_{key}", value)
    with pytest.raises(SettingsError, match=f"XINCHA_OPENSEARCH_{told}") as refused:
        Settings.read()
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_a_cluster_cannot_do_now_it_may_do_later(status: int) -> None:
    cause = {"type": "node_disconnected_exception", "reason": f"{SECRET} [127.0.0.1:9300]"}
    error = refusal("search", status, {**cause, "root_cause": [cause]})
    assert isinstance(error, EngineUnavailable)
    assert SECRET not in str(error)
    assert "node_disconnected_exception" in str(error)


def test_a_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINCHA_OPENSEARCH_USER", "示例")
    monkeypatch.setenv("XINCHA_OPENSEARCH_PASSWORD", SECRET)
    settings = Settings.read()
    connection = Connection(settings.opensearch_urls, password=settings.opensearch_password.get_secret_value())
    assert SECRET not in f"{settings} {settings!r} {connection!r} {settings.opensearch_password}"
