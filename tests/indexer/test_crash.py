"""A load or publish that is killed leaves the last complete state, and the next one works as if nothing had been.

A child process is killed with SIGKILL: in each phase of a load, a publish, a rollback, behind the moment that makes it
happen as well as before (`tests.indexer.phases`), and at moments drawn by a seed, which also hit the libraries' threads
and worker processes. Whatever a reader then finds must be one of the two complete states, and the one that the phase
says. `loadtests.kills` does the same a hundred times.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Mapping
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
from tests.indexer import phases
from xincha.engine.open import open_engine
from xincha.engine.query import MatchAll, Request
from xincha.settings import Settings

SEEDS = 4

CHILD = """
import sys
from pathlib import Path

if __name__ == "__main__":
    data, workers, *files = sys.argv[1:]
    from indexer import prepare, stage
    from indexer.load import load
    from indexer.publish import publish
    from xincha.engine.open import open_engine
    from xincha.settings import Settings

    if int(workers) > 1:
        stage.POOL_FROM_ROWS = prepare.POOL_FROM = 0
    settings = Settings(data=Path(data), workers=int(workers), index_threads=1, index_memory_mb=32)
    print("ready", flush=True)
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
    """A folder with a complete first state, files that make the second, and what both look like.

    `first`, `loaded` (the second state of the lake alone) and `done` are its data folders. `points`: at how many points
    each phase of each command can be killed.
    """

    folder: Path
    files: tuple[Path, ...]
    states: tuple[object, object]
    points: Mapping[tuple[str, str], int]

    def settings(self, name: str) -> Settings:
        return Settings(data=self.folder / name, workers=1, index_threads=1, index_memory_mb=32)


def seen(settings: Settings) -> tuple[object, object]:
    """What a reader of the lake finds, and what a search finds; without origins and days that name the load."""
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
    facts = {key: value for key, value in source.items() if key not in ("origin", "carried", "changes", "known_from")}
    return str(sorted(facts.items()))


def child(site: Site, name: str, *, workers: int = 1) -> subprocess.Popen[str]:
    arguments = [str(site.folder / name), str(workers), *map(str, site.files)]
    script = site.folder / "child.py"
    script.write_text(CHILD, "utf-8")
    return subprocess.Popen([sys.executable, str(script), *arguments], stdout=subprocess.PIPE, text=True)  # noqa: S603


def copy(site: Site, name: str, begin: str = "first") -> Settings:
    shutil.copytree(site.folder / begin, site.folder / name)
    return site.settings(name)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return made(tmp_path_factory.mktemp("crash"))


def made(folder: Path) -> Site:
    """A site in an empty folder."""
    first = folder / "first.csv"
    first.write_text("\n".join([NAME, *(company(n, "甲某") for n in range(40))]), "utf-8")
    second, records = folder / "second.csv", folder / "penalties.csv"
    second.write_text("\n".join([NAME, *(company(n, "乙某") for n in range(20, 60))]), "utf-8")
    records.write_text("\n".join([PENALTY, *(penalty(n) for n in range(30, 80))]), "utf-8")
    site = Site(folder, (second, records), ((), ()), {})
    settings = site.settings("first")
    load([first], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
    before = seen(settings)
    counted = {"load": phases.run("load", copy(site, "loaded").data, site.files)}
    done = copy(site, "done", "loaded")
    counted["publish"] = phases.run("publish", done.data)
    after = seen(done)
    counted["rollback"] = phases.run("rollback", copy(site, "back", "done").data)
    points = {(command, phase): count for command, of in counted.items() for phase, count in of.items()}
    return Site(folder, site.files, (before, after), points)


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


BEGINS = {"load": "first", "publish": "loaded", "rollback": "done"}
EACH_PHASE = [(command, phase) for command in phases.PHASES for phase in phases.names(command)]


def kill(site: Site, command: str, phase: str, chance: random.Random, name: str) -> bool:
    """Kill a command at a point of a phase, drawn by chance; what is found then is what the phase says, and the next
    run completes it. True if it had happened."""
    settings = copy(site, name, BEGINS[command])
    at = 1 + chance.randrange(site.points[command, phase])
    phases.run(command, settings.data, site.files if command == "load" else (), phase, at)
    (lake_before, found_before), (lake_after, found_after) = site.states  # type: ignore[misc]
    moment = phases.names(command).index(phase) - len(phases.PHASES[command]) + 1
    lake, found = seen(settings)
    if command == "load":  # in the phase before the last it happens
        allowed = {0: [lake_after], -1: [lake_before, lake_after]}.get(moment, [lake_before])  # type: ignore[has-type]
        assert lake in allowed
        assert found == found_before  # type: ignore[has-type]
        check(site, settings)
        return bool(lake == lake_after)  # type: ignore[has-type]
    assert lake == lake_after  # type: ignore[has-type]
    first, then = (found_before, found_after) if command == "publish" else (found_after, found_before)  # type: ignore[has-type]
    assert found in {0: [then], -1: [first, then]}.get(moment, [first])
    if command == "publish":
        check(site, settings)
    else:
        with closing(open_engine(settings)) as engine:
            publish(settings, engine)
        assert seen(settings) == site.states[1]
    return bool(found == then)


@pytest.mark.slow
@pytest.mark.parametrize(("command", "phase"), EACH_PHASE)
def test_killed_in_a_phase(site: Site, command: str, phase: str) -> None:
    kill(site, command, phase, random.Random(phase), f"{command}-{phase}")  # noqa: S311


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
