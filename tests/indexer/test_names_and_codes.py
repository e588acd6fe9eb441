"""Files in which a name and a code are those of two entities: what is linked, held back, and said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
import pytest

from indexer.lake import Lake
from indexer.load import load
from indexer.report import FileReport, LoadReport
from xincha.settings import Settings
from xincha.text.uscc import check_character

pytestmark = pytest.mark.slow

ROCK, TIDE, BRIDGE = "91350203YYY770040T", "91350203YYY770059P", "91350203YYY770016A"
SHOP, OTHER_SHOP = "92350203YYY770032W", f"92350206YYY770067{check_character('92350206YYY770067')}"
NAMES = {
    ROCK: "厦门示例榕荫建材有限公司",
    TIDE: "厦门示例潮音科技有限公司",
    BRIDGE: "厦门示例岚桥贸易有限公司",
    SHOP: "示例阿桐小吃店",
}
Register = Callable[..., LoadReport]
Penalties = Callable[..., LoadReport]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", workers=1)


@pytest.fixture
def register(settings: Settings, tmp_path: Path) -> Register:
    """`register({code: name}, …)`: one load of a file for each mapping, with a state."""
    made = iter(range(100))

    def run(*files: Mapping[str, str], status: str = "存续") -> LoadReport:
        paths = []
        for names in files:
            rows = [f"{name},{code},{status},厦门市{'湖里' if code[2:8] == '350206' else '思明'}区示例路{next(made)}号"
                    for code, name in names.items()]  # fmt: skip
            paths.append(tmp_path / f"register-{next(made)}.csv")
            paths[-1].write_text("\n".join(["企业名称,统一社会信用代码,登记状态,住所", *rows]), "utf-8")
        return load(paths, settings)

    return run


@pytest.fixture
def penalties(settings: Settings, tmp_path: Path) -> Penalties:
    """`penalties((name, code), …)`: a load of one penalty for each party."""

    def run(*parties: tuple[str, str], file: str = "p.csv") -> LoadReport:
        head = "行政处罚决定书文号,行政相对人名称,统一社会信用代码,处罚内容,处罚决定日期,处罚机关"
        rows = [f"示罚〔2026〕{n}号,{name},{code},警告,2026-03-05,示例局" for n, (name, code) in enumerate(parties, 1)]
        (tmp_path / file).write_text("\n".join([head, *rows]), "utf-8")
        return load([tmp_path / file], settings)

    return run


def scan(settings: Settings, name: str) -> pl.DataFrame:
    return Lake(settings.lake).snapshot().scan(name).collect()


def names(settings: Settings) -> dict[str, str]:
    return dict(scan(settings, "entities").select("entity_id", "name").iter_rows())


def issues(settings: Settings) -> list[tuple[str, int, str]]:
    return list(scan(settings, "issues").select("source_file", "source_row", "code").iter_rows())


def counts(file: FileReport) -> tuple[int, int, int, int, int]:
    return file.rows_read, file.kept, file.merged, file.rejected, file.issues


def exchanged(one: str, other: str) -> dict[str, str]:
    return {one: NAMES[other], other: NAMES[one]}


@pytest.mark.parametrize(("one", "other"), [(ROCK, TIDE), (TIDE, SHOP)])
def test_a_register_that_exchanges_two_codes_changes_nothing_until_another_file_does_too(
    settings: Settings, register: Register, one: str, other: str
) -> None:
    register(NAMES)
    before = scan(settings, "entities")
    first = register(exchanged(one, other), status="注销")
    assert counts(first.files[0]) == (2, 0, 2, 0, 2)
    assert not first.changed
    assert scan(settings, "entities").equals(before)
    assert [code for _, _, code in issues(settings)] == ["name_of_another"] * 2
    register(exchanged(one, other), status="注销")
    assert names(settings) == {**NAMES, **exchanged(one, other)}
    assert len(issues(settings)) == 2


def test_codes_that_are_one_row_off_rename_nobody(settings: Settings, register: Register) -> None:
    register(NAMES)
    register(dict(zip(NAMES, [*list(NAMES.values())[1:], NAMES[ROCK]], strict=True)))
    assert names(settings) == NAMES
    assert len(issues(settings)) == 4


def test_an_exchange_is_seen_within_one_load_too(settings: Settings, register: Register) -> None:
    report = register(NAMES, exchanged(ROCK, TIDE))
    assert names(settings) == NAMES
    assert [counts(file) for file in report.files] == [(4, 4, 0, 0, 0), (2, 0, 2, 0, 2)]


def test_a_later_file_of_the_same_load_repeats_an_exchange(settings: Settings, register: Register) -> None:
    register(NAMES, exchanged(ROCK, TIDE), exchanged(ROCK, TIDE))
    assert names(settings) == {**NAMES, **exchanged(ROCK, TIDE)}


def test_a_new_name_a_former_name_and_a_name_that_was_given_up_are_taken_at_once(
    settings: Settings, register: Register
) -> None:
    register(NAMES)
    register({ROCK: "厦门示例新荫建材有限公司"})
    register({TIDE: NAMES[ROCK]})
    assert names(settings)[TIDE] == NAMES[ROCK]
    register({TIDE: NAMES[TIDE]})
    assert names(settings)[TIDE] == NAMES[TIDE]
    assert issues(settings) == []


def test_shops_of_two_districts_may_bear_one_name(settings: Settings, register: Register) -> None:
    register({**NAMES, OTHER_SHOP: "示例阿枫面馆"})
    register({OTHER_SHOP: NAMES[SHOP]})
    assert names(settings)[OTHER_SHOP] == NAMES[SHOP]
    assert issues(settings) == []


def test_a_record_whose_name_and_code_are_of_two_is_named_once(
    settings: Settings, register: Register, penalties: Penalties
) -> None:
    register(NAMES)
    report = penalties((NAMES[ROCK], TIDE), ("厦门示例榕荫建材公司", ROCK), ("厦门示例无此贸易有限公司", BRIDGE))
    assert report.links == {"code_of_another": 1, "uscc": 2}
    assert report.files[0].issues == 2
    assert issues(settings) == [("p.csv", 1, "code_of_another"), ("p.csv", 3, "named_otherwise")]
    register({BRIDGE: NAMES[BRIDGE]}, status="注销")
    assert len(issues(settings)) == 2, "a later load says nothing again"


def test_a_record_is_judged_anew_when_the_register_comes(
    settings: Settings, register: Register, penalties: Penalties
) -> None:
    register({TIDE: NAMES[TIDE]})
    assert penalties((NAMES[ROCK], TIDE)).links == {"uscc": 1}
    report = register({ROCK: NAMES[ROCK]})
    assert report.links == {"code_of_another": 1}
    assert issues(settings) == [("p.csv", 1, "named_otherwise"), ("p.csv", 1, "code_of_another")]
    assert [file.issues for file in report.files] == [0], "the row is of another file"


def test_companies_without_a_code_whose_names_differ_in_signs_are_two(settings: Settings, tmp_path: Path) -> None:
    names_of_two = ["厦门示例B++软件有限公司", "厦门示例B软件有限公司"]
    (tmp_path / "a.csv").write_text("\n".join(["企业名称", *names_of_two]), "utf-8")
    load([tmp_path / "a.csv"], settings, kind="registration")
    assert sorted(names(settings).values()) == sorted(names_of_two)
