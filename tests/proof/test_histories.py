"""What is done honestly is whole: loads, holds, ends, compaction, publishes, going back, interruptions."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from indexer import lake as lakes
from indexer import plan as plans
from indexer.clean import clean
from indexer.lake import Lake
from indexer.logged import Loads
from indexer.publish import roll_back
from tests.indexer import phases
from tests.proof.conftest import COMPANIES, PENALTIES, PERSON, Site, company, file, made, penalty
from xincha.days import today
from xincha.errors import BadParameter, EngineNotReady
from xincha.holds import Holds

pytestmark = pytest.mark.slow

SEEDS = 4
STEPS_EACH = 5


class Walk:
    """One history on its way."""

    def __init__(self, site: Site, seed: int) -> None:
        self.site = site
        self.random = random.Random(seed)  # noqa: S311 - a walk
        self.number = 100 * (seed + 1)

    def rows(self) -> list[str]:
        """A new penalty, and one that is there with another amount."""
        self.number += 1
        return [penalty(self.number), penalty(self.random.randrange(1, 6), self.random.randrange(1, 99) * 1000)]

    def load(self) -> None:
        self.site.load(f"{self.number}.csv", PENALTIES, *self.rows())

    def load_again(self) -> None:
        self.load()
        self.site.load(f"{self.number}.again.csv", PENALTIES, *self.rows()[:1], penalty(1))
        self.site.load(f"{self.number}.again.csv", PENALTIES, penalty(1))

    def load_many(self) -> None:
        """So many small files that they are put together."""
        for _ in range(2):
            self.load()

    def hold(self) -> None:
        keys = Lake(self.site.settings.lake).snapshot().scan("penalties").select("record_id").collect()["record_id"]
        holds = Holds(self.site.settings.holds_file)
        holds.hold(self.random.choice(sorted(keys)), "示例理由", None, today())
        self.site.publish()

    def release_the_hold(self) -> None:
        holds = Holds(self.site.settings.holds_file)
        for held in sorted(holds.on(today()) - {""}):
            holds.release(held, today())
        with pytest.raises(BadParameter):
            holds.release("none", today())
        self.site.publish()

    def publish(self) -> None:
        self.site.publish()

    def publish_all(self) -> None:
        self.site.publish(full=True)

    def end(self) -> None:
        """All that is public is over on that day."""
        self.site.publish(day=today() + timedelta(days=2000))

    def roll_back(self) -> None:
        with self.site.engine() as engine:
            try:
                roll_back(self.site.settings, engine)
            except EngineNotReady:
                self.site.publish(full=True)

    def clean(self) -> None:
        clean(self.site.settings)

    def write_a_release(self) -> None:
        self.site.publish()
        self.site.release()

    def interrupt(self, command: str, phase: str) -> None:
        """A command is killed in a phase, behind its first step."""
        new = file(self.site.folder / f"{self.number}.csv", PENALTIES, self.rows())
        phases.run(command, self.site.settings.data, [new], phase, self.random.randrange(1, 4))

    def interrupt_a_load(self) -> None:
        self.interrupt("load", self.random.choice(["write", "link", "prove", "ledger"]))

    def interrupt_a_load_that_has_happened(self) -> None:
        self.interrupt("load", "loaded")

    def interrupt_a_publish(self) -> None:
        self.load()
        self.interrupt("publish", self.random.choice(["build", "switch", "published"]))


def steps() -> list[Callable[[Walk], None]]:
    """Every step, some several times, as many as there are in all walks, in an order that is drawn once."""
    every = [each for name, each in vars(Walk).items() if name[0] != "_" and name not in {"rows", "interrupt"}]
    drawn = random.Random(20)  # noqa: S311 - an order
    more = drawn.choices(every, k=SEEDS * STEPS_EACH - len(every))
    return drawn.sample([*every, *more], SEEDS * STEPS_EACH)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_an_honest_history_is_whole(seed: int, whole: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each walk is five histories: what was done so far is verified after each step."""
    monkeypatch.setattr(plans, "SMALL_SHARE", 1.0)
    monkeypatch.setattr(lakes, "MANY_SMALL", 4)
    walk = Walk(whole.copy(tmp_path / "site"), seed)
    monkeypatch.setenv("XINCHA_SIGNING_KEY", str(walk.site.folder / "key"))  # also of what is killed
    saved = walk.site.log.read().note
    done = []
    for step in steps()[seed * STEPS_EACH : (seed + 1) * STEPS_EACH]:
        step(walk)
        done.append(step.__name__)
        report = walk.site.verify(saved)
        assert report.altered == [], done
        saved = walk.site.log.read().note


def salts_of(site: Site, key: str) -> list[bytes | None]:
    """Of a record, in all that lies below the lake, whatever the version."""
    files = [pl.read_parquet(path) for path in (site.settings.lake / "leaves").glob("*.parquet")]
    rows = pl.concat(files).filter(pl.col("key") == key).sort("batch_id")
    return rows["salt"].to_list()


def test_salt_and_content_of_what_the_law_ended_go_and_all_other_proofs_hold(whole: Site, tmp_path: Path) -> None:
    site = whole.copy(tmp_path / "site")
    rows = Lake(site.settings.lake).snapshot().scan("penalties")
    (key,) = rows.filter(pl.col("party_name") == PERSON).select("record_id").collect()["record_id"]
    (salt,) = salts_of(site, key)
    assert salt
    saved = site.log.read().note
    assert clean(site.settings).blanked == {"penalty": 1}
    first, second = salts_of(site, key)
    assert first is None
    assert second not in {None, salt}
    assert not any(PERSON in str(pl.read_parquet(path).to_dicts()) for path in site.settings.lake.rglob("*.parquet"))
    report = site.verify(saved)
    assert (report.altered, report.checked["leaves"]) == ([], whole.verify().checked["leaves"] + 1)


def test_the_salt_of_a_document_that_left_the_index_goes(
    whole: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "SMALL_SHARE", 1.0)
    site = whole.copy(tmp_path / "site")
    rows = Lake(site.settings.lake).snapshot().scan("penalties")
    (key,) = rows.filter(pl.col("doc_no").str.contains("〕1号")).select("record_id").collect()["record_id"]
    Holds(site.settings.holds_file).hold(key, "示例理由", None, today())
    site.publish()
    files = [pl.read_parquet(path) for path in (site.settings.proofs / "documents").glob("records-*.parquet")]
    leaves = pl.concat(files).filter(pl.col("id") == key).sort("gone")
    assert leaves["gone"].to_list() == [False, True]
    assert leaves["salt"][0] is None
    assert leaves["leaf"].null_count() == 0
    assert site.verify().altered == []


def test_a_lake_that_was_restored_is_whole_once_that_is_said(whole: Site, tmp_path: Path) -> None:
    site = whole.copy(tmp_path / "site")
    backup = site.copy(tmp_path / "backup")
    walk = Walk(site, 9)
    walk.load()
    site.settings.lake.rename(tmp_path / "lost")
    backup.settings.lake.rename(site.settings.lake)
    assert any("gone from the ledger" in each.what for each in site.verify().altered)
    Loads.of(site.settings).accept_restored(Lake(site.settings.lake))
    assert site.verify().altered == []
    walk.load()
    site.publish()
    assert site.verify().altered == []


def test_of_a_lake_that_an_earlier_program_loaded_it_says_from_when_on_it_can_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = made(tmp_path)
    with monkeypatch.context() as earlier:
        earlier.setattr(lakes.Writing, "finish", lambda writing, row: writing._record(row))
        site.load("companies.csv", COMPANIES, company(1))
        site.load("penalties.csv", PENALTIES, penalty(1), penalty(2))
    old = max((site.settings.lake / "penalties").glob("*.parquet"))
    report = site.verify()
    assert (report.altered, [note for note in report.notes if "no load here has a proof" in note]) == (
        [],
        ["no load here has a proof yet: an earlier program made all of them; the next one takes them in"],
    )
    site.load("more.csv", PENALTIES, penalty(3))
    third = Lake(site.settings.lake).ledger()["batch_id"][2]
    report = site.verify()
    assert report.altered == []
    assert f"records can be told from load {third} on; of those before, files since then" in report.notes
    frame = pl.read_parquet(old)
    frame.with_columns(fine_cny=pl.lit(0).cast(pl.Decimal(20, 2))).write_parquet(old)
    assert [each.where for each in site.verify().altered] == [f"lake/penalties/{old.name}"]
