"""A version that several processes write, each its part, and that one more publishes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from opensearchpy import OpenSearch

from indexer.part_plan import PartFolder
from indexer.parts import Part, finish, give_up, write_part
from indexer.publish import publish
from indexer.verify.whole import verify
from xincha.engine import query as q
from xincha.engine.contract import Engine, IndexName
from xincha.engine.open import open_engine
from xincha.engine.opensearch.engine import OpenSearchEngine
from xincha.engine.opensearch.store import OpenSearchStore
from xincha.errors import BuildFailed, LakeBusy, NotDone
from xincha.settings import Settings

EVERYTHING = q.Request(q.MatchAll(), size=10_000)
INDICES: tuple[IndexName, IndexName] = ("entities", "records")
PARTS = 4


@pytest.fixture
def settings(fictional_folder: Path, tmp_path: Path, opensearch_url: str) -> Settings:
    """Of a folder in which the fictional files are loaded, and nothing is published."""
    made = Settings(
        data=tmp_path / "data",
        page=tmp_path / "none",
        workers=1,
        engine="opensearch",
        opensearch_url=opensearch_url,
        opensearch_prefix=f"parts-{os.getpid()}-{tmp_path.name}"[:60].rstrip("-").replace("_", "-"),
        opensearch_replicas=0,
    )
    copytree(fictional_folder / "data" / "lake", made.lake)
    return made


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    with closing(open_engine(settings)) as engine:
        yield engine


@pytest.fixture
def client(settings: Settings) -> Iterator[OpenSearch]:
    """Removes what the test has made."""
    with OpenSearch(settings.opensearch_urls) as client:
        yield client
        client.indices.delete(index=f"{settings.opensearch_prefix}-*")


def started(settings: Settings, part: int, *arguments: str) -> subprocess.Popen[str]:
    """A process that writes a part."""
    environment = {
        **os.environ,
        "XINCHA_DATA": str(settings.data),
        "XINCHA_WORKERS": "1",
        "XINCHA_ENGINE": "opensearch",
        "XINCHA_OPENSEARCH_URL": settings.opensearch_url,
        "XINCHA_OPENSEARCH_PREFIX": settings.opensearch_prefix,
        "XINCHA_OPENSEARCH_REPLICAS": "0",
    }
    command = [sys.executable, "-m", "tests.opensearch.part_publisher", f"{part}/{PARTS}", *arguments]
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(  # noqa: S603 - our own module
        command,
        cwd=root,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def found(engine: Engine) -> dict[str, dict[str, bytes]]:
    """What is published: index → identifier → what is shown."""
    return {index: {hit.id: hit.source for hit in engine.search(index, EVERYTHING).hits} for index in INDICES}


def write(settings: Settings, engine: Engine, *parts: int) -> None:
    for part in parts:
        write_part(settings, engine, Part(part, PARTS))


def names(client: OpenSearch, settings: Settings) -> set[str]:
    """The versions in the cluster."""
    return {name for index in INDICES for name in client.indices.get(index=f"{settings.opensearch_prefix}-{index}-2*")}


@pytest.mark.slow
def test_four_processes_of_which_one_is_killed_and_run_again_write_what_one_would(
    settings: Settings, engine: Engine, client: OpenSearch
) -> None:
    running = [started(settings, part, *(["wait"] if part == 2 else [])) for part in range(1, PARTS + 1)]
    killed = running[1]
    assert killed.stdout
    assert killed.stdout.readline() == "writing\n"
    killed.kill()
    for process in running:
        said, _ = process.communicate(timeout=120)
        assert process is killed or (process.returncode, said.split()[-1]) == (0, "written")
    assert not engine.status().ready
    with pytest.raises(NotDone, match="not written: 2;"):
        finish(settings, engine)
    said, _ = started(settings, 2).communicate(timeout=120)
    assert said.split()[-1] == "written"
    report = finish(settings, engine)
    published = found(engine)
    assert report.mode == "parts"
    assert report.documents == {index: len(published[index]) for index in INDICES}
    assert verify(settings, engine, None).whole
    assert publish(settings, engine).mode == "unchanged"
    publish(settings, engine, full=True)
    assert found(engine) == published
    assert not PartFolder.of(settings).plan()


def test_a_part_is_written_once_and_by_the_plan_that_was_begun(
    settings: Settings, engine: Engine, client: OpenSearch
) -> None:
    first = write_part(settings, engine, Part(1, 2))
    again = write_part(settings, engine, Part(1, 2))
    assert (first.state, again.state, first.missing) == ("written", "written already", [2])
    assert again.documents == first.documents
    with pytest.raises(LakeBusy, match="in 2 parts is under way, not in 3"):
        write_part(settings, engine, Part(2, 3))
    with pytest.raises(LakeBusy, match="2 parts is under way"):
        publish(settings, engine)
    folder = PartFolder.of(settings)
    plan = folder.plan()
    assert plan
    folder.begin(replace(plan, notes={"entities": {**plan.notes["entities"], "made_by": "another"}}))
    with pytest.raises(LakeBusy, match="another program"):
        write_part(settings, engine, Part(2, 2))


def test_what_is_begun_stays_while_others_publish_and_goes_when_it_is_given_up(
    settings: Settings, engine: OpenSearchEngine, client: OpenSearch
) -> None:
    publish(settings, engine)
    before = names(client, settings)
    PartFolder.of(settings).empty()
    engine.begin_parts()
    begun = names(client, settings) - before
    engine.switch([engine.build(index, [], note={}) for index in INDICES])
    engine.rollback()
    assert len(begun) == len(INDICES)
    assert begun <= names(client, settings)
    assert engine.begin_parts()
    assert not begun & names(client, settings)
    assert not give_up(settings, engine)
    assert names(client, settings) <= before


@pytest.mark.slow
def test_a_part_that_is_written_while_all_is_given_up_says_so(
    settings: Settings, engine: Engine, client: OpenSearch
) -> None:
    writing = started(settings, 1, "wait")
    assert writing.stdout
    assert writing.stdout.readline() == "writing\n"
    assert give_up(settings, engine)
    _, complained = writing.communicate("go on\n", timeout=120)
    assert writing.returncode
    assert "given up meanwhile" in complained
    assert publish(settings, engine).mode == "full"
    assert len(names(client, settings)) == len(INDICES)


def test_nothing_is_to_do_where_all_is_published(settings: Settings, engine: Engine, client: OpenSearch) -> None:
    with pytest.raises(NotDone, match="--part 1/N"):
        finish(settings, engine)
    publish(settings, engine)
    assert write_part(settings, engine, Part(1, 2)).state == "unchanged"
    assert finish(settings, engine).mode == "unchanged"


def test_an_end_that_was_interrupted_is_ended(
    settings: Settings, engine: Engine, client: OpenSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(settings, engine, 3, 1, 4, 2)
    with monkeypatch.context() as patch:

        def interrupted(_: PartFolder) -> None:
            raise KeyboardInterrupt

        patch.setattr(PartFolder, "empty", interrupted)
        with pytest.raises(KeyboardInterrupt):
            finish(settings, engine)
    published = engine.status().indices["entities"].version
    assert finish(settings, engine).mode == "parts"
    assert engine.status().indices["entities"].version == published
    assert verify(settings, engine, None).whole


def test_an_end_that_was_interrupted_just_before_the_switch_is_ended(
    settings: Settings, engine: Engine, client: OpenSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(settings, engine, 1, 2, 3, 4)
    with monkeypatch.context() as patch:

        def interrupted(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(OpenSearchStore, "_moves", interrupted)
        with pytest.raises(KeyboardInterrupt):
            finish(settings, engine)
    assert finish(settings, engine).mode == "parts"
    assert verify(settings, engine, None).whole
    publish(settings, engine, full=True)
    publish(settings, engine, full=True)
    assert len(names(client, settings)) == 2 * len(INDICES)


def test_documents_that_are_missing_are_noticed_and_what_is_there_stays(
    settings: Settings, engine: Engine, client: OpenSearch
) -> None:
    write(settings, engine, 1, 2, 3, 4)
    plan = PartFolder.of(settings).plan()
    assert plan
    version = f"{settings.opensearch_prefix}-entities-{plan.into['entities']}"
    client.indices.refresh(index=version)
    client.delete_by_query(index=version, body={"query": {"match_all": {}}}, params={"max_docs": 1, "refresh": "true"})
    with pytest.raises(BuildFailed, match="were written"):
        finish(settings, engine)
    assert version in names(client, settings)
    assert give_up(settings, engine)
    write(settings, engine, 1, 2, 3, 4)
    assert finish(settings, engine).mode == "parts"
