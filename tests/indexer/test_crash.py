"""A load or publish that is killed leaves the last complete state, and the next one works as if nothing had been.

A child process loads and publishes, and is killed with SIGKILL: at chosen calls of its own code (counted, so that the
points do not depend on the speed of the machine), and at moments drawn by a seed, which also hit the libraries' threads
and worker processes. Whatever a reader then finds must be one of the two complete states.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from indexer.lake import Lake
from indexer.load import load
from indexer.plan import INDICES
from indexer.publish import publish, status
from indexer.tables import DATA_TABLES
from xincha.engine.open import open_engine
from xincha.engine.query import MatchAll, Request
from xincha.settings import Settings

POINTS = 10
SEEDS = 4

CHILD = """
import os, signal, sys
from pathlib import Path

def armed(at, told):
    count = 0
    parts = (os.sep + "indexer" + os.sep, os.sep + "deltalake" + os.sep, os.sep + "engine" + os.sep)

    def called(frame, event, argument):
        nonlocal count
        if event in ("call", "return") and any(part in frame.f_code.co_filename for part in parts):
            count += 1
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(called)
    yield
    sys.setprofile(None)
    told.write_text(str(count))

if __name__ == "__main__":
    data, at, workers, told, *files = sys.argv[1:]
    from indexer import prepare, stage
    from indexer.load import load
    from indexer.publish import publish
    from xincha.engine.open import open_engine
    from xincha.settings import Settings

    if int(workers) > 1:
        stage.POOL_FROM_ROWS = prepare.POOL_FROM = 0
    settings = Settings(data=Path(data), workers=int(workers), index_threads=1, index_memory_mb=32)
    print("ready", flush=True)
    for _ in armed(int(at), Path(told)):
        load([Path(file) for file in files], settings)
        publish(settings, open_engine(settings))
"""

NAME = "企业名称,登记状态,法定代表人,成立日期,住所"
PENALTY = "行政相对人名称,行政处罚决定书文号,处罚类别,处罚内容,处罚决定日期,处罚机关"


def company(number: int, person: str) -> str:
    return f"鹭岛示例{number}号有限公司,存续,{person},2001-02-03,厦门市思明区示例路{number}号"


def penalty(number: int) -> str:
    return f"鹭岛示例{number}号有限公司,示罚〔2024〕{number}号,罚款,罚款500元,2024-05-06,厦门市示例局"


@dataclass(frozen=True)
class Site:
    """A folder with a complete first state, files that make the second, and what both look like."""

    folder: Path
    files: tuple[Path, ...]
    states: tuple[object, object]
    calls: int

    def settings(self, name: str) -> Settings:
        return Settings(data=self.folder / name, workers=1, index_threads=1, index_memory_mb=32)


def seen(settings: Settings) -> tuple[object, object]:
    """What a reader of the lake finds, and what a search finds; without origins, which name the load."""
    snapshot = Lake(settings.lake).snapshot()
    drop = ("batch_id", "loaded_at", "carried")
    rows = {
        table.name: sorted(map(str, snapshot.scan(table.name).drop(drop).collect().iter_rows()))
        for table in DATA_TABLES
    }
    links = sorted(map(str, snapshot.scan("links").collect().iter_rows()))
    with closing(open_engine(settings)) as engine:
        hits = {index: engine.search(index, Request(MatchAll(), size=1000)).hits for index in INDICES}
    found = {index: sorted(map(shown, of)) for index, of in hits.items()}
    return (rows, links, snapshot.count("changes")), found


def shown(hit: object) -> str:
    source = orjson.loads(hit.source)  # type: ignore[attr-defined]
    facts = {key: value for key, value in source.items() if key not in ("origin", "carried", "changes")}
    return str(sorted(facts.items()))


def child(site: Site, name: str, *, at: int = 0, workers: int = 1) -> subprocess.Popen[str]:
    arguments = [str(site.folder / name), str(at), str(workers), str(site.folder / "calls"), *map(str, site.files)]
    script = site.folder / "child.py"
    script.write_text(CHILD, "utf-8")
    return subprocess.Popen([sys.executable, str(script), *arguments], stdout=subprocess.PIPE, text=True)  # noqa: S603


def copy(site: Site, name: str) -> Settings:
    import shutil

    shutil.copytree(site.folder / "first", site.folder / name)
    return site.settings(name)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("crash")
    first = folder / "first.csv"
    first.write_text("\n".join([NAME, *(company(n, "甲某") for n in range(40))]), "utf-8")
    second, records = folder / "second.csv", folder / "penalties.csv"
    second.write_text("\n".join([NAME, *(company(n, "乙某") for n in range(20, 60))]), "utf-8")
    records.write_text("\n".join([PENALTY, *(penalty(n) for n in range(30, 80))]), "utf-8")
    site = Site(folder, (second, records), ((), ()), 0)
    settings = site.settings("first")
    load([first], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
    before = seen(settings)
    done = copy(site, "done")
    with child(site, "done") as process:
        assert process.wait(timeout=300) == 0
    calls = int((folder / "calls").read_text())
    return Site(folder, site.files, (before, seen(done)), calls)


def check(site: Site, settings: Settings) -> None:
    """The state is a complete one, and loading and publishing again makes it the second."""
    (lake_before, found_before), (lake_after, found_after) = site.states  # type: ignore[misc]
    lake, found = seen(settings)
    assert lake in (lake_before, lake_after)  # type: ignore[has-type]
    assert found in (found_before, found_after)  # type: ignore[has-type]
    assert not (found == found_after and lake == lake_before)  # type: ignore[has-type]
    load(site.files, settings)
    with closing(open_engine(settings)) as engine:
        assert (publish(settings, engine).mode != "unchanged") == (found == found_before)  # type: ignore[has-type]
        assert status(settings, engine).published
    assert seen(settings) == site.states[1]
    assert not (settings.lake / "staging").exists()
    assert not (settings.data / "publishing").exists()


@pytest.mark.slow
@pytest.mark.parametrize("point", range(POINTS))
def test_killed_at_a_call(site: Site, point: int) -> None:
    settings = copy(site, f"point-{point}")
    at = 1 + site.calls * point // POINTS + random.Random(point).randrange(site.calls // POINTS)  # noqa: S311
    with child(site, settings.data.name, at=at) as process:
        process.communicate(timeout=300)
    assert process.returncode == -signal.SIGKILL
    check(site, settings)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_killed_at_a_moment_with_worker_processes(site: Site, seed: int) -> None:
    settings = copy(site, f"seed-{seed}")
    with child(site, settings.data.name, workers=2) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=random.Random(seed).uniform(0, 4))  # noqa: S311
        process.kill()
        process.communicate(timeout=60)  # ends when the last worker process has closed the pipe that it shares
    check(site, settings)


@pytest.mark.slow
def test_readers_never_see_half_a_load(site: Site) -> None:
    settings = copy(site, "watched")
    lakes = {str(state[0]) for state in site.states}  # type: ignore[index]
    with child(site, settings.data.name) as process:
        while process.poll() is None:
            assert str(seen(settings)[0]) in lakes
    assert process.returncode == 0
    assert seen(settings) == site.states[1]
