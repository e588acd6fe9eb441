"""Words around names, several parties or numbers in one cell: public cases 13 and 14, and more of their kinds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from indexer.load import load
from indexer.publish import publish
from xincha.engine.open import open_engine
from xincha.search.questions import RecordSearch
from xincha.search.service import Searcher
from xincha.settings import Settings

TODAY = date(2026, 4, 1)
LANTING = "91350203YYY77405XJ"
CERTAIN = (0, 3, 5, 7, 9, 11)
"""Rows of case 13 with nothing but a known remark, or with the code."""


@pytest.fixture(scope="module")
def searcher(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Both registers of the public cases, and the penalties of case 14."""
    settings = Settings(data=tmp_path_factory.mktemp("words"), workers=1)
    load([cases / name for name in ("M01_register.csv", "base.csv")], settings)
    load([cases / "14_several_parties_or_numbers__L19_multi_party.csv"], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine, day=TODAY)
        yield Searcher(engine, today=lambda: TODAY)


def test_words_around_a_name(searcher: Searcher, cases: Path) -> None:
    rows = json.loads((cases / "13_match_words_around_a_name.json").read_text("utf-8"))["rows"]
    matches = searcher.matcher.match(rows)
    *around, last = matches
    for number, (row, match) in enumerate(zip(rows, around, strict=False)):
        assert match.state == ("matched" if number in CERTAIN else "ambiguous"), row
        assert match.candidates[0].uscc == LANTING, row
    assert last.state == "ambiguous"
    assert {each.name for each in last.candidates} == {"厦门示例云礁食品有限公司", "厦门示例岚亭建材有限公司"}


def numbers(searcher: Searcher, q: str) -> list[str]:
    """The last number of each record that is found, in order."""
    page = searcher.records.page(RecordSearch(q=q, page_size=50))
    return sorted(str(hit["doc_no"])[-4:] for hit in page.hits)


def test_several_parties_and_numbers_in_one_cell(searcher: Searcher) -> None:
    bridge, reef, shop, rock = "91350203YYY770016A", "91350203YYY7700245", "92350203YYY770032W", "91350203YYY770040T"
    counts = {code: searcher.entities.one(code)["counts"]["penalty"] for code in (bridge, reef, shop, rock)}
    assert counts == {bridge: 4, reef: 2, shop: 1, rock: 1}
    assert numbers(searcher, bridge) == ["301号", "302号", "303号", "305号"]
    assert numbers(searcher, reef) == ["301号", "302号"]
    assert {"301号", "302号"} <= set(numbers(searcher, "厦门示例云礁食品有限公司"))
    for number in ("307", "308"):
        assert numbers(searcher, f"示市监罚字〔2026〕{number}号") == ["308号"]
    [record] = searcher.records.page(RecordSearch(q="示市监罚字〔2026〕301号")).hits
    assert (record["entity_id"], record["also_ids"]) == (bridge, [reef])
    assert (record["entity_name"], record["also_names"]) == ("厦门示例岚桥贸易有限公司", ["厦门示例云礁食品有限公司"])
