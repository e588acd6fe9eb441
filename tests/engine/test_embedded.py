"""What only the embedded engine has: a folder of versions, tantivy's traps, many segments."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date
from pathlib import Path

import pytest
import tantivy

from tests.engine import corpus
from tests.engine.conftest import publish
from xincha.engine import query as q
from xincha.engine.contract import Bucket, Document
from xincha.engine.embedded import facets
from xincha.engine.embedded.engine import EmbeddedEngine
from xincha.engine.embedded.index import date_number, number_date, wrapped
from xincha.engine.embedded.search import VersionSearcher
from xincha.engine.open import open_engine
from xincha.engine.versioned import Version
from xincha.errors import EngineError, EngineNotReady
from xincha.settings import Settings

EVERYTHING = q.Request(q.MatchAll(), size=1_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def engine(folder: Path) -> EmbeddedEngine:
    return EmbeddedEngine(folder, memory_mb=64)


def versions(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_dir()}


def fingerprints(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_settings_say_where_the_engine_is(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, index_memory_mb=64)
    opened = open_engine(settings)
    opened.switch([opened.build("records", [], note={})])
    assert (tmp_path / "index" / "published.json").is_file()
    opened.close()


def test_older_versions_are_removed_and_the_one_before_is_kept(engine: EmbeddedEngine, folder: Path) -> None:
    built = []
    for name in "abcd":
        publish(engine, "entities", [{"id": name, "tie": 1, "source": b""}])
        built.append(f"entities-{engine.status().indices['entities'].version}")
    assert versions(folder) == set(built[-2:])
    engine.rollback()
    assert versions(folder) == {built[-2]}


def test_an_index_that_is_not_switched_again_is_kept(engine: EmbeddedEngine, folder: Path) -> None:
    publish(engine, "records", [])
    for name in "abc":
        publish(engine, "entities", [{"id": name, "tie": 1, "source": b""}])
    assert engine.search("records", EVERYTHING).total == 0
    assert len(versions(folder)) == 3


def test_what_an_interrupted_writer_left_is_removed_by_the_next_one(engine: EmbeddedEngine, folder: Path) -> None:
    publish(engine, "entities", corpus.documents(3))
    published = versions(folder)
    left = EmbeddedEngine(folder, memory_mb=64)
    left.build("entities", corpus.documents(4), note={})
    left.close()
    assert versions(folder) > published
    (folder / "published.new").write_text("half")
    build = engine.build("records", [], note={})
    assert versions(folder) == published | {f"records-{build.version}"}
    assert not (folder / "published.new").exists()


def test_a_failed_build_leaves_no_folder_and_no_lock(engine: EmbeddedEngine, folder: Path) -> None:
    publish(engine, "entities", corpus.documents(3))
    published = versions(folder)
    with pytest.raises(EngineError):
        engine.build("entities", [{"id": "a", "nowhere": 1}], note={})
    with pytest.raises(EngineError):
        engine.apply("records", [], [], note={})
    assert versions(folder) == published
    publish(EmbeddedEngine(folder, memory_mb=64), "records", [])


def test_a_change_does_not_touch_the_files_that_are_published(engine: EmbeddedEngine, folder: Path) -> None:
    publish(engine, "entities", corpus.documents(200))
    (name,) = versions(folder)
    before = fingerprints(folder / name)
    changed = [corpus.document(number, seed=1) for number in range(0, 200, 2)]
    engine.switch([engine.apply("entities", changed, ["示例-0001"], note={})])
    assert fingerprints(folder / name) == before


def test_a_reader_outlives_the_folder_of_its_version(engine: EmbeddedEngine, folder: Path) -> None:
    publish(engine, "entities", corpus.documents(100))
    version = Version("entities", engine.status().indices["entities"].version)
    reader = VersionSearcher(version, folder / version.name)
    shutil.rmtree(folder / version.name)
    sort = [q.Sort("established_on"), q.Sort("tie")]
    result = reader.search(q.Request(q.Match("name_1", "示"), sort=sort, facets={"a": q.Facet(q.TermsAgg("region"))}))
    assert result.total > 0
    assert all(hit.source for hit in result.hits)


@pytest.mark.parametrize("content", [b"", b"half"])
def test_a_damaged_record_of_what_is_published_is_an_error_and_not_ready(
    engine: EmbeddedEngine, folder: Path, content: bytes
) -> None:
    publish(engine, "entities", corpus.documents(3))
    (folder / "published.json").write_bytes(content)
    with pytest.raises(EngineError, match="published"):
        engine.search("entities", EVERYTHING)
    assert not engine.status().ready
    assert "published.json" in engine.status().reason


def test_what_another_format_published_is_not_ready_until_it_is_published_anew(
    engine: EmbeddedEngine, folder: Path
) -> None:
    publish(engine, "entities", corpus.documents(3))
    before = engine.status().indices["entities"].version
    (folder / "published.json").write_bytes(b'{"format": 1, "states": [{"versions": {}, "since": {}}]}')
    with pytest.raises(EngineNotReady, match="xincha publish"):
        engine.search("entities", EVERYTHING)
    assert "another format" in engine.status().reason
    publish(engine, "entities", corpus.documents(5))
    assert engine.search("entities", EVERYTHING).total == 5
    assert not (folder / f"entities-{before}").exists()


@pytest.mark.parametrize("damaged", ["", "meta.json"])
def test_a_damaged_version_is_an_error_and_not_ready(engine: EmbeddedEngine, folder: Path, damaged: str) -> None:
    publish(engine, "entities", corpus.documents(3))
    publish(engine, "records", [])
    version = folder / f"entities-{engine.status().indices['entities'].version}"
    if damaged:
        (version / damaged).write_text("half")
    else:
        shutil.rmtree(version)
    later = EmbeddedEngine(folder, memory_mb=64)
    assert not later.status().ready
    assert version.name.partition("-")[2] in later.status().reason
    with pytest.raises(EngineError, match="version"):
        later.search("entities", EVERYTHING)


def test_a_panic_of_tantivy_is_an_error_like_others() -> None:
    index = tantivy.Index(tantivy.SchemaBuilder().build())
    with pytest.raises(EngineError, match="limit"), wrapped("limit"):
        index.searcher().search(tantivy.Query.all_query(), 0)
    with pytest.raises(KeyboardInterrupt), wrapped("nothing"):
        raise KeyboardInterrupt


@pytest.mark.parametrize("day", [date.min, date(1900, 1, 1), date(2018, 3, 5), date.max])
def test_dates_of_all_centuries_are_kept(engine: EmbeddedEngine, day: date) -> None:
    assert number_date(date_number(day)) == day
    publish(engine, "entities", [{"id": "a", "tie": 1, "established_on": day, "source": b""}])
    sort = [q.Sort("established_on"), q.Sort("tie")]
    (hit,) = engine.search("entities", q.Request(q.Range("established_on", gte=day, lte=day), sort=sort)).hits
    assert hit.sort == (day, 1)


def test_more_documents_than_one_step_of_a_scan_are_walked(engine: EmbeddedEngine) -> None:
    """Cursors by score read in growing steps; here the steps end inside long groups of ties."""
    documents = [
        {"id": f"{n:05d}", "tie": n, "name_1": "示 " + "例 " * (n // 700), "source": b""} for n in range(6_000)
    ]
    publish(engine, "entities", documents)
    keys = [q.Sort("_score", "desc"), q.Sort("tie")]
    found: list[str] = []
    place = None
    while True:
        request = q.Request(q.Term("name_1", "示"), sort=keys, size=499, search_after=place, total=False)
        hits = engine.search("entities", request).hits
        if not hits:
            break
        found += [hit.id for hit in hits]
        place = hits[-1].sort
    whole = engine.search("entities", q.Request(q.Term("name_1", "示"), sort=keys, size=6_000)).hits
    assert found == [hit.id for hit in whole]
    assert len(set(found)) == 6_000


@pytest.mark.parametrize("of_both", [2, 3, 9], ids=["rare in each", "like others in each", "common in each"])
@pytest.mark.parametrize("of_segment", [1, 20_000])
def test_counts_are_exact_where_segments_report_only_their_commonest_values(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch, of_segment: int, of_both: int
) -> None:
    """Each segment has forty values of its own three times, and five values that together are the commonest."""
    monkeypatch.setattr(facets, "_FEW", 1)
    monkeypatch.setattr(facets, "_SEGMENT_VALUES", of_segment)

    def half(name: str) -> list[Document]:
        values = [f"{name}{n}" for n in range(40)] * 3 + [f"both{n}" for n in range(5)] * of_both
        return [{"id": f"{name}-{n}", "tie": n, "entity_id": [value], "source": b""} for n, value in enumerate(values)]

    publish(engine, "records", half("one"))
    engine.switch([engine.apply("records", half("other"), [], note={})])
    request = q.Request(q.MatchAll(), size=0, facets={"who": q.Facet(q.TermsAgg("entity_id", 5))})
    assert engine.search("records", request).facets["who"] == [Bucket(f"both{n}", 2 * of_both) for n in range(5)]
