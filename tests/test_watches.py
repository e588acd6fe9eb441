"""What is kept of watch lists: identifiers and a hash, for a year, within bounds, and nothing once it was deleted."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from xincha import watches as module
from xincha.errors import Busy, NotFound, WatchesUnreadable
from xincha.watches import ADDRESS, Watches

MIB = 1 << 20


@pytest.fixture
def watches(tmp_path: Path) -> Watches:
    return Watches(tmp_path / "data" / "watches.sqlite", MIB)


def test_a_list_is_found_by_its_address_and_by_the_hash_of_it(watches: Watches) -> None:
    address, made = watches.make(["B", "A", "B"], "cursor")
    assert ADDRESS.fullmatch(address)
    for found in (watches.at(address), watches.of(made.sha256)):
        assert found.entities == ["A", "B"]
        assert (found.begun, found.sha256) == ("cursor", made.sha256)
        assert found.ends_at - found.made_at == timedelta(days=365)
    for other in (made.sha256, address[:-1] + "-", "", "\ud800"):
        with pytest.raises(NotFound):
            watches.at(other)


def test_the_file_holds_no_address_and_is_for_its_owner_only(watches: Watches, tmp_path: Path) -> None:
    address, _ = watches.make(["A"], "cursor")
    file = tmp_path / "data" / "watches.sqlite"
    assert address.encode() not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]  # nothing lies beside it that a backup would need


def test_what_is_deleted_is_not_in_the_file_any_more(watches: Watches, tmp_path: Path) -> None:
    kept, _ = watches.make(["KEPT"], "cursor-of-kept")
    address, _ = watches.make(["X" * 40], "cursor-of-removed")
    file = tmp_path / "data" / "watches.sqlite"
    assert b"cursor-of-removed" in file.read_bytes()
    watches.remove(address)
    assert b"cursor-of-removed" not in file.read_bytes()
    assert watches.at(kept).entities == ["KEPT"]
    for again in (address, "a" * 32):
        with pytest.raises(NotFound):
            watches.remove(again)


def test_a_list_ends_after_a_year_and_is_deleted_then(
    watches: Watches, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, _ = watches.make(["A"], "cursor-of-old")
    assert watches.at(address)
    file = tmp_path / "data" / "watches.sqlite"
    for days, there in ((364, True), (366, False)):
        monkeypatch.setattr(module, "_now", lambda days=days: datetime.now(UTC) + timedelta(days=days))
        if there:
            assert watches.at(address)
        else:
            with pytest.raises(NotFound):
                watches.at(address)
        assert (b"cursor-of-old" in file.read_bytes()) == there


def test_all_lists_together_have_their_bound(tmp_path: Path) -> None:
    watches = Watches(tmp_path / "watches.sqlite", 2000)
    made = [watches.make([f"{n}"], "c")[0] for n in range(4)]
    with pytest.raises(Busy):
        watches.make(["5"], "c")
    watches.remove(made[0])
    assert watches.make(["5"], "c")
    assert not Watches(tmp_path / "watches.sqlite", 0).may_keep()


def test_who_may_only_read_reads(watches: Watches, tmp_path: Path) -> None:
    address, _ = watches.make(["A"], "c")
    file = tmp_path / "data" / "watches.sqlite"
    with pytest.raises(NotFound):
        Watches(tmp_path / "nowhere" / "watches.sqlite", MIB).at(address)
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM watches").fetchall()  # somebody reads meanwhile
        assert Watches(file, MIB).at(address).entities == ["A"]


def test_a_damaged_file_is_said(watches: Watches, tmp_path: Path) -> None:
    address, _ = watches.make(["A"], "c")
    (tmp_path / "data" / "watches.sqlite").write_bytes(b"nothing" * 1000)
    with pytest.raises(WatchesUnreadable, match=r"watches\.sqlite cannot be read"):
        watches.at(address)


def test_many_may_be_kept_and_deleted_at_once(watches: Watches) -> None:
    def one(number: int) -> bool:
        address, _ = watches.make([f"{number}"], "c")
        found = watches.at(address).entities == [f"{number}"]
        watches.remove(address)
        return found

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(one, range(20)))
