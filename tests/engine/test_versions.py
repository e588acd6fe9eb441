"""Versions: built beside the published one, switched at once, rolled back; what may go wrong leaves readers alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.engine import corpus
from tests.engine.conftest import publish
from xincha.engine import query as q
from xincha.engine.contract import Document, Engine, IndexName
from xincha.engine.fields import fingerprint, tie
from xincha.errors import BuildFailed, EngineError, EngineNotReady, EngineUnavailable

Opened = Callable[[], Engine]
EVERYTHING = q.Request(q.MatchAll(), size=1_000)


def plain(*names: str, **more: object) -> list[Document]:
    return [{"id": name, "tie": tie(name), "source": name.encode(), **more} for name in names]


def held(engine: Engine, index: IndexName = "entities") -> dict[str, bytes]:
    return {hit.id: hit.source for hit in engine.search(index, EVERYTHING).hits}


def test_nothing_is_ready_before_the_first_switch(engine: Engine) -> None:
    status = engine.status()
    assert not status.ready
    assert status.reason
    assert status.indices == {}
    build = engine.build("entities", plain("a"), note={})
    with pytest.raises(EngineNotReady):
        engine.search("entities", EVERYTHING)
    engine.switch([build])
    assert held(engine) == {"a": b"a"}
    with pytest.raises(EngineNotReady, match="records"):
        engine.search("records", EVERYTHING)
    assert not engine.status().ready
    publish(engine, "records", plain("r"))
    assert engine.status().ready


def test_status_says_what_is_published(engine: Engine, opened: Opened) -> None:
    begun = datetime.now(UTC)
    publish(engine, "records", [])
    publish(engine, "entities", plain("a", "b"), lake="7")
    first = engine.status().indices["entities"]
    assert (first.documents, first.note, first.previous) == (2, {"lake": "7"}, ())
    assert first.fingerprint == fingerprint("entities")
    assert begun <= first.published_at <= datetime.now(UTC)
    engine.switch([engine.apply("entities", plain("c"), [], note={"lake": "8"})])
    second = opened().status()
    assert second.ready
    assert second.engine == engine.name
    assert second.indices["entities"].documents == 3
    assert second.indices["entities"].note == {"lake": "8"}
    assert second.indices["entities"].previous == (first.version,)
    assert second.indices["records"].documents == 0
    assert second.indices["records"].previous == ()


def test_a_build_changes_nothing_for_readers_until_it_is_switched(engine: Engine, opened: Opened) -> None:
    reader = opened()
    publish(engine, "entities", plain("old"))
    build = engine.build("entities", plain("new"), note={})
    assert build.documents == 1
    assert held(reader) == held(engine) == {"old": b"old"}
    engine.switch([build])
    assert held(reader) == held(engine) == {"new": b"new"}
    assert engine.search("entities", EVERYTHING).version == build.version


def test_several_indices_are_switched_at_once(engine: Engine, opened: Opened) -> None:
    reader = opened()
    for content in ("one", "two"):
        builds = [engine.build("entities", plain(content), note={}), engine.build("records", plain(content), note={})]
        engine.switch(builds)
        assert held(reader, "entities") == held(reader, "records") == {content: content.encode()}


def test_a_change_replaces_adds_and_removes(engine: Engine) -> None:
    publish(engine, "entities", plain("a", "b", "c", "d"))
    changed = [{"id": "b", "tie": tie("b"), "status": "注销", "source": b"B"}, *plain("e", "d")]
    build = engine.apply("entities", changed, ["c", "d", "nowhere"], note={})
    assert build.documents == 4
    assert held(engine) == {name: name.encode() for name in "abcd"}
    engine.switch([build])
    assert held(engine) == {"a": b"a", "b": b"B", "d": b"d", "e": b"e"}
    assert engine.search("entities", q.Request(q.Term("status", "注销"))).total == 1


def test_many_changes_add_up(engine: Engine) -> None:
    expected: dict[str, Any] = {str(d["id"]): d["source"] for d in corpus.documents(60)}
    publish(engine, "entities", corpus.documents(60))
    for seed in range(1, 8):
        changed = [corpus.document(number, seed) for number in range(seed * 8, seed * 8 + 20)]
        gone = [f"示例-{number:04d}" for number in range(seed, 80, 13)]
        engine.switch([engine.apply("entities", changed, gone, note={})])
        expected = {identifier: source for identifier, source in expected.items() if identifier not in gone}
        expected |= {str(d["id"]): d["source"] for d in changed}
        assert held(engine) == expected


def test_a_change_needs_something_to_change(engine: Engine, opened: Opened) -> None:
    with pytest.raises(EngineNotReady):
        engine.apply("entities", plain("a"), [], note={})
    publish(opened(), "entities", plain("b"))
    assert held(engine) == {"b": b"b"}


def test_rollback_publishes_what_was_before_once(engine: Engine, opened: Opened) -> None:
    with pytest.raises(EngineNotReady):
        engine.rollback()
    publish(engine, "records", plain("r"))
    publish(engine, "entities", plain("a"))
    with_a = engine.status().indices["entities"]
    publish(engine, "entities", plain("b"))
    status = engine.rollback()
    assert status.ready
    assert status.indices["entities"] == with_a
    assert held(engine) == held(opened()) == {"a": b"a"}
    assert held(engine, "records") == {"r": b"r"}
    with pytest.raises(EngineNotReady):
        engine.rollback()
    engine.switch([engine.apply("entities", plain("c"), [], note={})])
    assert set(held(engine)) == {"a", "c"}


def test_documents_may_come_from_an_iterator(engine: Engine) -> None:
    assert engine.build("entities", iter(plain("a", "b")), note={}).documents == 2


def test_a_failing_source_of_documents_is_told_as_it_is(engine: Engine) -> None:
    def failing() -> Iterator[Document]:
        yield from plain("a")
        raise ZeroDivisionError

    publish(engine, "entities", plain("old"))
    with pytest.raises(ZeroDivisionError):
        engine.build("entities", failing(), note={})
    with pytest.raises(ZeroDivisionError):
        engine.apply("entities", failing(), [], note={})
    assert held(engine) == {"old": b"old"}
    publish(engine, "entities", plain("new"))
    assert held(engine) == {"new": b"new"}


LONG = "长" * 10_667
"""One byte over 32,000 in UTF-8."""


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({"tie": 1}, "id"),
        ({"id": "", "tie": 1}, "id"),
        ({"id": 5}, "id"),
        ({"id": "甲-1", "nowhere": "x"}, "nowhere"),
        ({"id": "甲-1", "status": 5}, "status"),
        ({"id": "甲-1", "status": ["存续"]}, "status"),
        ({"id": "甲-1", "status": None}, "status"),
        ({"id": "甲-1", "status": "\ud800"}, "status"),
        ({"id": "甲-1", "status": LONG}, "status"),
        ({"id": "甲-1", "region": "350200"}, "region"),
        ({"id": "甲-1", "region": ["350200", 5]}, "region"),
        ({"id": "甲-1", "region": ["350200", LONG]}, "region"),
        ({"id": "甲-1", "scope_word": "批发 " + LONG}, "scope_word"),
        ({"id": "甲-1", "scope_word": ["批发"]}, "scope_word"),
        ({"id": "甲-1", "established_on": "2018-03-05"}, "established_on"),
        ({"id": "甲-1", "capital_cny": "5"}, "capital_cny"),
        ({"id": "甲-1", "capital_cny": float("nan")}, "capital_cny"),
        ({"id": "甲-1", "tie": 1.5}, "tie"),
        ({"id": "甲-1", "tie": 2**63}, "tie"),
        ({"id": "甲-1", "source": "{}"}, "source"),
    ],
)
def test_a_document_that_cannot_be_written_fails_the_build_by_name(
    engine: Engine, document: Document, named: str
) -> None:
    publish(engine, "entities", plain("old"))
    with pytest.raises(BuildFailed, match=named) as built:
        engine.build("entities", [*plain("a"), document, *plain("b")], note={})
    with pytest.raises(BuildFailed, match=named) as applied:
        engine.apply("entities", [*plain("a"), document], ["old"], note={})
    assert named == "id" or ("甲-1" in str(built.value) and "甲-1" in str(applied.value))
    assert held(engine) == {"old": b"old"}


def test_long_text_of_short_tokens_is_fine(engine: Engine) -> None:
    words = " ".join(f"词{number}" for number in range(20_000))
    publish(engine, "entities", plain("a", scope_word=words, core=["长" * 10_666]))
    for query in (q.Term("scope_word", "词19999"), q.Prefix("core", "长" * 100), q.Term("core", "长" * 10_666)):
        assert engine.search("entities", q.Request(query)).total == 1


def test_an_identifier_that_is_given_twice_fails_the_build_by_name(engine: Engine) -> None:
    publish(engine, "entities", plain("old"))
    with pytest.raises(BuildFailed, match="twice: 'b', 'd'"):
        engine.build("entities", plain("a", "b", "c", "d", "b", "d", "e"), note={})
    with pytest.raises(BuildFailed, match="twice: 'old'"):
        engine.apply("entities", plain("old", "new", "old"), [], note={})
    assert held(engine) == {"old": b"old"}


def test_a_version_that_was_not_built_cannot_be_switched(engine: Engine) -> None:
    publish(engine, "entities", plain("old"))
    build = engine.build("entities", plain("new"), note={})
    for wrong in (
        type(build)("entities", "nowhere", 1),
        type(build)("records", build.version, 1),
        type(build)("entities", build.version, 2),
    ):
        with pytest.raises(EngineError):
            engine.switch([build, wrong])
    assert held(engine) == {"old": b"old"}


def test_one_process_at_a_time_writes(engine: Engine, opened: Opened) -> None:
    other = opened()
    build = engine.build("entities", plain("a"), note={})
    for write in (
        lambda: other.build("entities", plain("b"), note={}),
        lambda: other.switch([build]),
        other.rollback,
    ):
        with pytest.raises(BuildFailed, match="another process"):
            write()
    engine.switch([build])
    publish(other, "entities", plain("b"))
    assert held(engine) == {"b": b"b"}


def test_a_changed_analysis_makes_an_index_not_ready_instead_of_wrong(
    engine: Engine, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(engine, "entities", plain("a"))
    publish(engine, "records", plain("r"))
    monkeypatch.setattr("xincha.text.analysis.fingerprint", lambda: "another")
    later = opened()
    assert not later.status().ready
    assert "entities" in later.status().reason
    for ask in (
        lambda: later.search("entities", EVERYTHING),
        lambda: later.apply("entities", plain("b"), [], note={}),
    ):
        with pytest.raises(EngineNotReady, match="analysis; run `xincha publish`"):
            ask()
    publish(later, "entities", plain("b"))
    publish(later, "records", plain("r"))
    assert later.status().ready


def test_a_closed_engine_says_so(engine: Engine) -> None:
    publish(engine, "entities", plain("a"))
    engine.close()
    with pytest.raises(EngineUnavailable):
        engine.search("entities", EVERYTHING)
    with pytest.raises(EngineUnavailable):
        engine.build("entities", plain("b"), note={})
    assert not engine.status().ready
    engine.close()


def test_an_open_engine_reads_and_makes_nothing(opened: Opened, tmp_path: Path) -> None:
    assert not opened().status().ready
    assert list(tmp_path.iterdir()) == []
