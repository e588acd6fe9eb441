"""Who follows some companies is told of theirs, each thing once, whatever happens to lake, index and days."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from indexer import plan as plans
from indexer.delivery import Declared
from tests.indexer.test_changes import CODE, NAME, PENALTY, TODAY, Register
from xincha.engine.contract import Engine
from xincha.engine.open import open_engine
from xincha.search import touched
from xincha.search.followed import FollowedChange
from xincha.settings import Settings

pytestmark = pytest.mark.slow

OTHER_CODE, OTHER = "91350203YYY770017D", "厦门示例海棠贸易有限公司"
HEAD = "企业名称,统一社会信用代码,登记状态,成立日期,住所,法定代表人"


class Follower(Register):
    """A register, and who follows one company of it."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        super().__init__(settings, engine)
        self.begun = ""
        self.at: str | None = None

    def registers(self, status: str, address: str = "厦门市思明区示例路1号", person: str = "示例甲") -> None:
        """Load both companies; of the followed one the state and more is given."""
        rows = [
            f"{NAME},{CODE},{status},2001-02-03,{address},{person}",
            f"{OTHER},{OTHER_CODE},{status},2001-02-03,{address},示例乙",
        ]
        self.write("登记.csv", [HEAD, *rows], Declared())

    def penalises(self, *numbers: int, ends: int = 200) -> None:
        """Load the penalties of both, which are all that there are: of each company one of each number."""
        decided, last = (TODAY + timedelta(days=days) for days in (-20, ends))
        rows = [
            f"示市监罚字〔2026〕{number + add}号,{name},{code},示例违法事实,罚款,罚款90000元,{decided},{last},示例局"
            for number in numbers
            for add, name, code in ((0, NAME, CODE), (500, OTHER, OTHER_CODE))
        ]
        self.write("处罚.csv", [PENALTY, *rows], Declared(delivery="complete", source="示例市"))

    def begin(self) -> None:
        self.begun = self.searcher.changes("now", 1).cursor

    def look(self, size: int = 100) -> list[FollowedChange]:
        """What is told now."""
        told: list[FollowedChange] = []
        more = True
        while more:
            page = self.searcher.followed.since([CODE], self.begun, self.at, size)
            assert page.complete
            told, self.at, more = [*told, *page.changes], page.cursor, page.more
        assert {each.entity_id for each in told} <= {CODE}
        assert {each.name for each in told} <= {NAME}
        return told

    def seen(self, size: int = 100) -> list[str]:
        """The same in short."""
        return [short(each) for each in self.look(size)]


def short(change: FollowedChange) -> str:
    if change.change == "registration":
        return "；".join(f"{fact.title} {fact.old}→{fact.new}" for fact in change.facts)
    if change.record:
        return f"record {change.record['doc_no'].rpartition('〕')[2]}"
    assert (change.record, change.facts) == (None, ())
    return "ended"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", workers=1, index_threads=1, index_memory_mb=32)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    with closing(open_engine(settings)) as opened:
        yield opened


@pytest.fixture
def register(settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Follower:
    monkeypatch.setattr(plans, "SMALL_SHARE", 1.0)
    made = Follower(settings, engine)
    made.registers("存续")
    made.penalises(1, 2)
    made.publish()
    made.begin()
    return made


@pytest.mark.parametrize("most", [touched.MOST, 1])
def test_a_follower_is_told_what_became_of_his_company_and_nothing_of_others(
    register: Follower, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it is looked up for all of which companies something changed, or there is too much for that."""
    monkeypatch.setattr(touched, "MOST", most)
    assert register.seen() == []
    register.registers("注销", "厦门市湖里区示例路2号", "示例丙")
    register.penalises(1, 3)
    assert register.seen() == []  # loaded, not published
    register.publish()
    told = register.look()
    registration = "登记状态 存续→注销；法定代表人 None→None；住所 厦门市思明区示例路1号→厦门市湖里区示例路2号"
    assert sorted(map(short, told)) == ["ended", "record 3号", registration]
    assert all(each.at for each in told)
    assert register.seen() == []


def test_each_change_of_a_registration_is_told_once_also_a_page_at_a_time(register: Follower) -> None:
    register.registers("吊销")
    register.publish()
    assert register.seen(1) == ["登记状态 存续→吊销未注销"]
    for status in ("撤销", "注销"):
        register.registers(status)
    register.penalises(1, 2, 3, 4)
    register.publish()
    told = register.seen(1)
    assert told[0] == "登记状态 吊销未注销→撤销；登记状态 撤销→注销"
    assert sorted(told[1:]) == ["record 3号", "record 4号"]
    assert register.seen(1) == []


def test_making_the_index_anew_and_going_back_tells_nothing_twice_and_loses_nothing(register: Follower) -> None:
    register.registers("注销")
    register.penalises(1, 3)
    register.publish()
    assert len(register.seen()) == 3
    register.publish(full=True)
    assert register.seen() == []
    register.penalises(1, 3, 4)
    register.publish()
    register.engine.rollback()
    assert register.seen() == []
    register.publish()
    assert register.seen() == ["record 4号"]
    register.engine.rollback()
    assert register.seen() == []
    register.publish(full=True)
    assert register.seen() == []


@pytest.mark.parametrize("publishes", [(), (False,), (False, True)])
def test_what_the_law_ends_is_told_without_content_whether_it_was_published_since(
    register: Follower, publishes: tuple[bool, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    register.penalises(1, 2, ends=3)
    register.publish()
    register.look()
    if not publishes:
        monkeypatch.setattr(touched, "MOST", 1)
    register.day += timedelta(days=4)
    for full in publishes:
        register.publish(full=full)
    assert register.seen() == ["ended", "ended"]
    assert register.seen() == []
    assert len(register.searcher.followed.ended([CODE], register.begun)) == 2
    assert register.searcher.followed.ended(["nobody"], register.begun) == []


@pytest.mark.parametrize("published", [False, True])
def test_what_is_held_back_is_told_of_its_company(register: Follower, published: bool) -> None:
    page = register.searcher.followed.since([CODE], register.begun, None, 10)
    assert page.changes == []
    records = register.shown()
    held = {
        key: each
        for key, each in records.items()
        if each.get("doc_no") and each["doc_no"].endswith(("〕2号", "〕502号"))
    }
    assert len(held) == 2
    for record in held:
        register.holds.hold(record, "示例理由", None, register.day)
    if published:
        register.publish()
        register.penalises(1, 2, 3)
        register.publish()
    assert sorted(register.seen()) == ["ended", *["record 3号"] * published]
    for record in held:
        register.holds.release(record, register.day)
    register.publish()
    assert register.seen() == ["record 2号"]


def test_a_cursor_from_before_tells_nothing_from_before_the_list_was_made(register: Follower) -> None:
    before = register.begun
    register.penalises(1)
    register.registers("注销")
    register.publish()
    register.begin()
    for cursor in (before, register.searcher.changes(None, 1).cursor):
        register.at = cursor
        assert register.seen() == []
    assert register.searcher.followed.ended([CODE], register.begun) == []


def test_everybody_is_told_of_what_ended_and_not_whose_it_was(register: Follower) -> None:
    register.penalises(1)
    register.publish()
    (page,) = [register.searcher.changes(register.begun, 100)]
    gone = [each for each in page.changes if each.change == "gone"]
    assert len(gone) == 2
    assert {(each.entity, each.record) for each in gone} == {(None, None)}
