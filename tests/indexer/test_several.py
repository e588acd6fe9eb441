"""Records that name several parties in one cell: linked to each that is certain, counted for each, found by each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from indexer.lake import Lake
from indexer.load import load
from indexer.publish import publish
from tests.search.register import code
from xincha.engine.open import open_engine
from xincha.search.questions import RecordSearch, Timeline
from xincha.search.service import Searcher
from xincha.settings import Settings

pytestmark = pytest.mark.slow

A, B, C = "厦门示例岚桥贸易有限公司", "厦门示例云礁食品有限公司", "厦门示例潮音科技有限公司"
SHOP = "厦门市思明区示例阿桐小吃店"
REGISTER = [
    (A, code(1), "示安"),
    (B, code(2), "示安"),
    (C, code(3), "示安"),
    (SHOP, code(4).replace("91", "92", 1), "示平"),
]


def registrations() -> str:
    rows = [f"{name},{uscc},{person},厦门市思明区示例路1号,企业,存续" for name, uscc, person in REGISTER[:3]]
    return "\n".join(
        [
            "企业名称,统一社会信用代码,法定代表人,住所,企业类型,登记状态",
            *rows,
            f"{SHOP},,示平,厦门市思明区示例路4号,个体工商户,存续",
        ]
    )


def penalties(*parties: tuple[str, str], start: int = 1) -> str:
    rows = [f'示罚〔2026〕{n}号,"{name}","{uscc}",示例事实,2026-03-05' for n, (name, uscc) in enumerate(parties, start)]
    return "\n".join(["行政处罚决定书文号,行政相对人名称,统一社会信用代码,违法事实,处罚决定日期", *rows])


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def scan(settings: Settings, name: str) -> pl.DataFrame:
    return Lake(settings.lake).snapshot().scan(name).collect()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", workers=1)


@pytest.fixture
def linked(settings: Settings, tmp_path: Path) -> Callable[..., list[tuple[str, list[str]]]]:
    """The rule of each penalty, and the names of all whom it is linked to."""

    def run(*parties: tuple[str, str]) -> list[tuple[str, list[str]]]:
        load([written(tmp_path, "register.csv", registrations())], settings)
        load([written(tmp_path, "penalties.csv", penalties(*parties))], settings)
        names = dict(scan(settings, "entities").select("entity_id", "name").iter_rows())
        rows = (
            scan(settings, "penalties").select("record_id", "source_row").join(scan(settings, "links"), on="record_id")
        )
        found = rows.sort("source_row").select("rule", "entity_id", "also_ids").iter_rows()
        return [(rule, [names[each] for each in (first, *(also or ())) if each]) for rule, first, also in found]

    return run


def test_each_party_of_a_cell_is_linked(linked: Callable[..., Any]) -> None:
    cells = (f"{A}、{B}", f"{A}\n{B}", f"{B}；{A}", f"{A}和{B}", f"{A}、厦门示例无此有限公司、{C}", f"{A}、{B}、{C}")
    assert linked(*((cell, "") for cell in cells)) == [
        ("name", [A, B]), ("name", [A, B]), ("name", [B, A]), ("name", [A, B]), ("name", [A, C]), ("name", [A, B, C]),
    ]  # fmt: skip


def test_words_beside_a_party_are_not_its_name(linked: Callable[..., Any]) -> None:
    cells = (
        f"{A} 示安",
        f"{A}（法定代表人：张三）",
        f"{A}（已注销）",
        f"{A}（原示例旧称有限公司）",
        f"示安（{A}经营者）",
        f"{A}（{B}）",
    )
    assert linked(*((cell, "") for cell in cells)) == [("name", [A])] * 4 + [("none", [])] * 2


def test_a_shop_is_its_owners(linked: Callable[..., Any]) -> None:
    cells = (f"{SHOP}（示平）", f"{SHOP}（经营者：示某某）", f"{SHOP}（李四）", SHOP)
    assert [names for _, names in linked(*((cell, "") for cell in cells))] == [[SHOP], [SHOP], [], [SHOP]]


def test_a_code_belongs_to_the_party_that_bears_it(linked: Callable[..., Any]) -> None:
    assert linked(
        (f"{A}、{B}", f"{code(1)}、{code(2)}"),
        (f"{A}、{B}", f"{code(2)}\n{code(1)}"),
        (f"{A}、{B}", code(2)),
        (f"{A} {code(1)}、{B} {code(2)}", ""),
        (f"{A}、{B}", code(999)),
        (f"{A} 示安", code(2)),
        (f"{A}、{B}", code(3)),
    ) == [
        ("uscc", [A, B]), ("uscc", [A, B]), ("name", [A, B]), ("uscc", [A, B]), ("none", []), ("code_of_another", []),
        ("code_of_another", []),
    ]  # fmt: skip


def test_codes_of_a_cell_are_kept_and_the_row_is_named(linked: Callable[..., Any], settings: Settings) -> None:
    linked((f"{A}、{B}", f"{code(1)}；{code(2)}"), (f"{A} {code(1)}", ""), (A, code(1)))
    rows = scan(settings, "penalties").sort("source_row")
    assert rows["party_uscc"].to_list() == [code(1)] * 3
    assert rows["party_more_usccs"].to_list() == [[code(2)], None, None]
    issues = scan(settings, "issues").select("source_row", "column", "code").rows()
    assert issues == [(1, "行政相对人名称", "several_parties")]


def test_each_party_shows_and_finds_the_record_and_a_change_of_links_reaches_both(
    settings: Settings, tmp_path: Path
) -> None:
    load([written(tmp_path, "register.csv", registrations())], settings)
    many = "\n".join(f"厦门示例第{n}号商行,存续" for n in range(200))
    load([written(tmp_path, "more.csv", f"企业名称,登记状态\n{many}")], settings)
    load([written(tmp_path, "old.csv", penalties(*((f"示例第{n}厂", "") for n in range(100)), start=500))], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
        load([written(tmp_path, "penalties.csv", penalties((f"{A}、{B}、厦门示例后来有限公司", "")))], settings)
        assert publish(settings, engine).mode == "changes"
        assert counted(Searcher(engine, today=lambda: date(2026, 4, 1))) == {A: 1, B: 1, C: 0}
        load(
            [
                written(
                    tmp_path, "later.csv", f"企业名称,统一社会信用代码,登记状态\n厦门示例后来有限公司,{code(9)},存续"
                )
            ],
            settings,
        )
        assert publish(settings, engine).mode == "changes"
        searcher = Searcher(engine, today=lambda: date(2026, 4, 1))
        assert searcher.entities.one(code(9))["counts"]["penalty"] == 1
        for q in (A, B, "厦门示例后来有限公司", code(2), code(9)):
            [hit] = searcher.records.page(RecordSearch(q=q)).hits
            assert (hit["entity_name"], hit["also_names"]) == (A, [B, "厦门示例后来有限公司"]), q
        for entity_id in (code(1), code(2), code(9)):
            assert len(searcher.timeline(Timeline(entity_id=entity_id)).hits) == 1


def counted(searcher: Searcher) -> Mapping[str, int]:
    return {name: int(searcher.entities.one(uscc)["counts"]["penalty"]) for name, uscc, _ in REGISTER[:3]}
