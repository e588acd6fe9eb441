"""Penalties from a file to answers, asked on a day: windows, the rule beside each, out of town, natural persons."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import orjson
import pytest

from indexer.load import load
from indexer.publish import publish
from xincha.engine.contract import Engine
from xincha.engine.open import open_engine
from xincha.engine.query import MatchAll, Request
from xincha.search.questions import EntitySearch, RecordSearch
from xincha.search.service import Searcher
from xincha.settings import Settings

COMPANY, NAME = "91350203YYY770016A", "厦门示例岚桥贸易有限公司"
CITY, ELSEWHERE = "厦门市市场监督管理局", "广州市市场监督管理局"
PERSON = "示罚安"
HEAD = (
    "行政处罚决定书文号,行政相对人名称,行政相对人类别,统一社会信用代码,违法事实,处罚类别,处罚内容,罚款金额(元),"
    "处罚决定日期,公示日期,处罚机关,案件程序类别"
)
ROWS = {
    "1": f"{NAME},法人,{COMPANY},示例违法,罚款,罚款60000元,60000,2026-01-05,2026-01-15,{CITY},普通程序",
    "2": f"{NAME},法人,{COMPANY},示例违法,罚款,罚款3000元,3000,2026-01-05,2026-01-15,{CITY},普通程序",
    "3": f"{NAME},法人,{COMPANY},示例违法,吊销许可证件,吊销许可证,,2026-01-05,2026-01-15,{CITY},普通程序",
    "4": f"{NAME},法人,{COMPANY},示例违法,罚款,罚款60000元,60000,2026-01-05,2026-01-15,厦门市生态环境局,普通程序",
    "5": f"{NAME},法人,{COMPANY},示例违法,罚款,罚款60000元,60000,2026-01-05,2026-01-15,{ELSEWHERE},普通程序",
    "6": f"{NAME},法人,{COMPANY},示例违法,罚款,罚款60000元,60000,2026-01-05,2026-01-15,{CITY},简易程序",
    "7": f"{PERSON},自然人,,{PERSON}无照经营,罚款,罚款60000元,60000,2026-01-05,2026-01-15,{CITY},普通程序",
    "8": f"{PERSON},,,{PERSON}无照经营,罚款,罚款60000元,60000,2026-01-05,2026-01-15,{CITY},普通程序",
}
LAST = {
    "1": date(2027, 1, 15),
    "2": date(2026, 4, 15),
    "3": date(2029, 1, 15),
    "4": date(2027, 1, 5),
    "5": date(2027, 1, 15),
    "7": date(2027, 1, 15),
    "8": date(2027, 1, 15),
}
FIRST = date(2026, 1, 15)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("penalties")
    register = (
        f"企业名称,统一社会信用代码,登记状态,成立日期,住所\n{NAME},{COMPANY},存续,2015-01-05,厦门市思明区示例路1号\n"
    )
    _written(folder / "files" / "登记.csv", register)
    rows = "".join(f"厦示市监罚〔2026〕{number}号,{row}\n" for number, row in ROWS.items())
    _written(folder / "files" / "处罚.csv", f"{HEAD}\n{rows}")
    settings = Settings(data=folder / "data", workers=1)
    load([folder / "files"], settings)
    with closing(open_engine(settings)) as opened:
        publish(settings, opened, day=FIRST)
        yield opened


def _written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def on(engine: Engine, day: date) -> Searcher:
    return Searcher(engine, today=lambda: day)


def numbers(searcher: Searcher) -> set[str]:
    hits = searcher.records.page(RecordSearch(page_size=50)).hits
    return {hit["doc_no"].partition("〕")[2].removesuffix("号") for hit in hits}


@pytest.mark.parametrize("number", ROWS)
def test_a_penalty_is_there_through_its_last_day(engine: Engine, number: str) -> None:
    last = LAST.get(number)
    days = [FIRST] if last is None else [FIRST, last]
    assert {number in numbers(on(engine, day)) for day in days} == {last is not None}
    if last:
        assert number not in numbers(on(engine, last + timedelta(1)))
        assert number not in numbers(on(engine, FIRST - timedelta(10)))


def test_counts_and_filters_follow_the_same_days(engine: Engine) -> None:
    for day in (FIRST, date(2026, 4, 16), date(2027, 1, 6), date(2029, 1, 16)):
        there = sum(each in "12345" and last >= day for each, last in LAST.items())
        assert on(engine, day).entities.one(COMPANY)["counts"]["penalty"] == there
        assert bool(on(engine, day).entities.page(EntitySearch(has=("penalty",))).hits) == (there > 0)


def test_a_past_day_shows_nothing_that_has_ended_since(engine: Engine) -> None:
    asked = on(engine, date(2027, 2, 1)).entities
    assert asked.one(COMPANY)["counts"]["penalty"] == 1
    assert asked.one(COMPANY, FIRST)["counts"]["penalty"] == 1
    assert asked.one(COMPANY, FIRST - timedelta(1))["counts"]["penalty"] == 0
    assert on(engine, FIRST).entities.one(COMPANY, FIRST)["counts"]["penalty"] == 5


def test_each_says_its_rule_and_who_decided_elsewhere(engine: Engine) -> None:
    hits = {hit["doc_no"][-2]: hit for hit in on(engine, FIRST).records.page(RecordSearch(page_size=50)).hits}
    assert "一般" in hits["1"]["rule"]
    assert "福建省" in hits["2"]["rule"]
    assert "严重" in hits["3"]["rule"]
    assert "信用中国" in hits["4"]["rule"]
    assert {number for number, hit in hits.items() if hit["out_of_town"]} == {"5"}


def test_a_natural_person_has_no_name_anywhere(engine: Engine) -> None:
    searcher = on(engine, FIRST)
    named = {hit["doc_no"][-2]: hit["party_name"] for hit in searcher.records.page(RecordSearch(page_size=50)).hits}
    assert (named["7"], named["8"]) == ("自然人（姓名不予显示）", "疑为自然人（姓名不予显示）")
    assert searcher.records.page(RecordSearch(q=PERSON)).total == 0
    stored = engine.search("records", Request(MatchAll(), size=50)).hits
    assert not [hit.id for hit in stored if PERSON in hit.source.decode()]
    assert {orjson.loads(hit.source)["facts"] for hit in stored} >= {"［姓名已隐去］无照经营"}
