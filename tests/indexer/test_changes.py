"""Who follows the changes has a copy of what is public, whatever happens to lake, index and days."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import pytest

from indexer import lake as lakes
from indexer import plan as plans
from indexer.delivery import Declared
from indexer.load import load
from indexer.publish import publish
from xincha.days import today
from xincha.engine.contract import Engine
from xincha.engine.open import open_engine
from xincha.errors import BadCursor
from xincha.holds import Holds
from xincha.search.changes import Changes
from xincha.search.questions import EntitySearch, RecordSearch
from xincha.search.service import Searcher
from xincha.settings import Settings

pytestmark = pytest.mark.slow

TODAY = today()
CODE, NAME = "91350203YYY770016A", "厦门示例岚桥贸易有限公司"
PENALTY = (
    "行政处罚决定书文号,行政相对人名称,统一社会信用代码,违法事实,处罚类别,处罚内容,处罚决定日期,公示截止期,处罚机关"
)
COMPLETE = Declared(delivery="complete", source="示例市")


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(plans, "SMALL_SHARE", 1.0)
    given: Any = {}
    if getattr(request, "param", "") == "opensearch":
        url = request.getfixturevalue("opensearch_url")
        given = {
            "engine": "opensearch",
            "opensearch_url": url,
            "opensearch_prefix": "changes",
            "opensearch_replicas": 0,
        }
    return Settings(data=tmp_path / "data", workers=1, index_threads=1, index_memory_mb=32, **given)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    with closing(open_engine(settings)) as opened:
        yield opened


class Register:
    """A lake and its index, on a day, and who keeps a copy of what is public."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.settings, self.engine, self.day = settings, engine, TODAY
        self.holds = Holds(settings.holds_file)
        self.searcher = Searcher(engine, today=lambda: self.day, held=self.holds.on, holds=self.holds.listed)
        self.copy: dict[str, Any] = {}
        self.cursor: str | None = None
        self.files = 0

    def load(self, penalties: dict[int, int], *, ends: int = 200, declared: Declared = COMPLETE) -> None:
        """Load a list of penalties: number → fine; each may be shown for so many days."""
        last = (TODAY + timedelta(days=ends)).isoformat()
        decided = (TODAY - timedelta(days=20)).isoformat()
        rows = [
            f"示市监罚字〔2026〕{number}号,{NAME},{CODE},示例违法事实,罚款,罚款{fine}元,{decided},{last},示例市市场监督管理局"
            for number, fine in penalties.items()
        ]
        self.write("处罚.csv", [PENALTY, *rows], declared)

    def register(self, *names: str) -> None:
        rows = [f"{name},存续,2001-02-03" for name in names]
        self.write("登记.csv", ["企业名称,登记状态,成立日期", *rows], Declared())

    def write(self, name: str, lines: Sequence[str], declared: Declared) -> None:
        self.files += 1
        path = self.settings.data.parent / str(self.files) / name
        path.parent.mkdir()
        path.write_text("\n".join([*lines, ""]), "utf-8")
        load([path], self.settings, declared=declared, accept_gone=True)

    def publish(self, *, full: bool = False) -> str:
        """How the index was written."""
        return publish(self.settings, self.engine, day=self.day, full=full).mode

    def follow(self, size: int = 2) -> list[Changes]:
        """Read on to the end, and bring the copy up to date."""
        pages: list[Changes] = []
        while not pages or pages[-1].more:
            page = self.searcher.changes(self.cursor, size)
            if page.reset:
                self.copy = {}
            for each in page.changes:
                if each.change == "gone":
                    assert (each.entity, each.record) == (None, None)
                    self.copy.pop(each.id, None)
                else:
                    self.copy[each.id] = plain(each.record or each.entity)
            self.cursor = page.cursor
            pages.append(page)
            assert len(pages) < 100
        assert self.copy == self.shown()
        return pages

    def told(self, size: int = 2) -> list[tuple[str, str]]:
        """What a follower was told, as numbers of documents or names."""
        numbers = {key: each.get("doc_no") or each["name"] for key, each in self.copy.items()}
        changes = [each for page in self.follow(size) for each in page.changes]
        numbers |= {key: each.get("doc_no") or each["name"] for key, each in self.copy.items()}
        return [(each.change, str(numbers.get(each.id)).partition("〕")[2] or numbers[each.id]) for each in changes]

    def shown(self) -> dict[str, Any]:
        """What a search finds now."""
        records = self.searcher.records.page(RecordSearch(page_size=100)).hits
        entities = self.searcher.entities.page(EntitySearch(page_size=100)).hits
        found = {each["record_id"]: plain(each) for each in records}
        return found | {each["entity_id"]: plain(each) for each in entities}


def plain(answer: Any) -> Any:
    """An answer as it is sent, without what another row says: counts of an entity, and whom a record is linked to."""
    told = orjson.loads(orjson.dumps(answer))
    return {key: value for key, value in told.items() if key not in {"counts", "risks", "entity_id", "entity_name"}}


@pytest.fixture
def register(settings: Settings, engine: Engine) -> Register:
    made = Register(settings, engine)
    made.register("厦门示例甲有限公司", "厦门示例乙有限公司", "厦门示例丙有限公司")
    made.load({1: 90_000, 2: 80_000, 3: 70_000})
    made.publish()
    return made


@pytest.mark.parametrize("settings", ["", pytest.param("opensearch", marks=pytest.mark.slow)], indirect=True)
def test_a_copy_is_what_is_public_after_loads_days_and_holds(register: Register) -> None:
    assert len(register.told()) == 6
    assert register.told() == []
    register.load({1: 90_000, 2: 60_000, 4: 50_000})  # one differs, one is new, one is gone
    assert register.told() == []
    assert register.publish() == "changes"
    assert sorted(register.told()) == [("gone", "3号"), ("shown", "2号"), ("shown", "4号")]
    register.load({1: 90_000, 2: 60_000, 4: 50_000, 5: 40_000}, ends=3)
    register.publish()
    assert {each for _, each in register.told()} >= {"5号"}
    register.day += timedelta(days=4)  # without a publish
    assert sorted(register.told(1)) == [("gone", f"{number}号") for number in (1, 2, 4, 5)]
    assert register.told() == []
    register.publish()
    assert not [each for each in register.told() if each[0] == "shown"]


def test_what_ended_between_two_looks_and_left_the_index_is_gone(register: Register) -> None:
    register.follow()
    register.load({1: 90_000, 2: 80_000, 3: 70_000}, ends=3)
    register.publish()
    register.follow()
    for full in (False, True):
        register.day += timedelta(days=4)
        register.publish(full=full)
    assert sorted(register.told(1)) == [("gone", f"{number}号") for number in (1, 2, 3)]


def test_what_is_held_back_is_gone_at_once_and_comes_back(register: Register) -> None:
    register.follow()
    (record,) = [key for key, each in register.copy.items() if "〕2号" in (each.get("doc_no") or "")]
    register.holds.hold(record, "示例理由", None, register.day)
    assert register.told() == [("gone", "2号")]
    register.holds.release(record, register.day)
    assert register.told() == [("shown", "2号")]
    register.holds.hold(record, "示例理由", register.day + timedelta(days=1), register.day)
    register.publish()
    assert register.told() == [("gone", "2号")]
    register.day += timedelta(days=2)
    assert register.told() == []  # the index has it not yet
    register.publish()
    assert register.told() == [("shown", "2号")]
    assert register.told() == []


def test_a_cursor_outlives_the_index(register: Register) -> None:
    register.follow()
    register.publish(full=True)
    assert register.told() == []
    register.load({1: 90_000, 2: 80_000, 3: 70_000, 4: 60_000})
    register.publish()
    assert register.told() == [("shown", "4号")]
    register.engine.rollback()
    assert not [each for page in [register.searcher.changes(register.cursor, 10)] for each in page.changes]
    register.load({1: 90_000, 2: 80_000, 4: 60_000, 5: 50_000})
    register.publish()
    assert sorted(register.told()) == [("gone", "3号"), ("shown", "5号")]
    shutil.rmtree(register.settings.index)
    with closing(open_engine(register.settings)) as engine:
        again = Register(register.settings, engine)
        again.copy, again.cursor = register.copy, register.cursor
        again.publish()
        assert again.told() == []
        again.files = 100
        again.load({1: 90_000, 2: 80_000, 4: 60_000})
        again.publish()
        assert again.told() == [("gone", "5号")]


def test_a_lake_that_went_another_way_begins_again(register: Register, tmp_path: Path) -> None:
    register.follow()
    shutil.copytree(register.settings.lake, tmp_path / "backup")
    register.load({1: 90_000, 2: 80_000, 3: 70_000, 4: 60_000})
    register.publish()
    register.follow()
    shutil.rmtree(register.settings.lake)
    shutil.copytree(tmp_path / "backup", register.settings.lake)
    register.load({1: 90_000, 2: 80_000, 3: 70_000, 5: 50_000})
    register.publish()
    pages = register.follow()
    assert [page.reset for page in pages] == [True, *[False] * (len(pages) - 1)]


def test_somebody_may_begin_with_now(register: Register) -> None:
    page = register.searcher.changes("now", 10)
    assert (page.changes, page.more) == ((), False)
    register.load({1: 90_000, 2: 80_000, 3: 70_000, 4: 60_000})
    register.publish()
    found = register.searcher.changes(page.cursor, 10)
    assert [each.record["doc_no"] for each in found.changes if each.record] == ["示市监罚字〔2026〕4号"]


def test_what_is_no_cursor_is_said(register: Register) -> None:
    for text in ("x", "W10", "bnVsbA", "WzEsMiwzXQ", "e30", "WyIxIiwiIixbMSwxXSxbMSwxXSxbMSwxXSwxLDEsMV0"):
        with pytest.raises(BadCursor):
            register.searcher.changes(text, 10)


def test_what_two_loads_of_one_second_bring_and_take_away_is_gone(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ticks = datetime.now(UTC).replace(microsecond=0), count()

    class WithinASecond(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return (begun + timedelta(microseconds=next(ticks))).astimezone(tz)

    monkeypatch.setattr(lakes, "datetime", WithinASecond)
    register.load({1: 1, 2: 2, 4: 4})
    register.publish()
    cursor = register.searcher.changes("now", 1).cursor
    register.load({1: 1, 2: 2})
    register.publish()
    assert [each.change for each in register.searcher.changes(cursor, 100).changes] == ["gone"]
