"""Where a record is found: where its party is, by the record and the register; by its name; else by the office."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from indexer.load import load
from indexer.publish import publish
from xincha.days import today
from xincha.engine.open import open_engine
from xincha.search.questions import RecordSearch
from xincha.search.service import Searcher
from xincha.settings import Settings

ROCK, SHOP = "厦门礁石示例贸易有限公司", "示例礁石小吃店"
REGISTER = [
    ("企业名称", "统一社会信用代码", "企业类型", "登记状态", "住所"),
    (ROCK, "91350203YYY770040T", "有限责任公司", "存续", "厦门市思明区示例路1号"),
    (SHOP, "92350203YYY770032W", "个体工商户", "存续", "厦门市思明区示例路2号"),
]
HEADER = ("行政处罚决定书文号", "行政相对人名称", "统一社会信用代码", "住所", "处罚机关", "处罚决定日期", "处罚内容")
CASES = (  # party, code, address, office; link; where it is found
    (ROCK, "91350203YYY770040T", "厦门市", "厦门市市场监督管理局", "uscc", "350203"),
    (ROCK, "91350203YYY770040T", "", "厦门市市场监督管理局", "uscc", "350203"),
    (ROCK, "91350203YYY770040T", "厦门市湖里区示例路3号", "厦门市市场监督管理局", "uscc", "350206"),
    (ROCK, "", "", "厦门市思明区市场监督管理局", "name", "350203"),
    (ROCK, "", "", "杭州市西湖区市场监督管理局", "name", "350203"),
    (SHOP, "", "", "厦门市思明区市场监督管理局", "name", "350203"),
    (SHOP, "", "", "厦门市市场监督管理局", "name", "350203"),
    (SHOP, "", "", "杭州市西湖区市场监督管理局", "none", "330106"),
    ("泉州无人示例有限公司", "", "", "杭州市西湖区市场监督管理局", "none", "350500"),
    ("厦门无人示例有限公司", "", "", "厦门市湖里区市场监督管理局", "none", "350206"),
    ("北京无人示例有限公司厦门分公司", "", "", "杭州市西湖区市场监督管理局", "none", "350200"),
    ("无人示例股份有限公司", "", "", "杭州市西湖区市场监督管理局", "none", "330106"),
    ("无人示例股份有限公司", "", "安徽省肥西县示例路", "杭州市西湖区市场监督管理局", "none", "340123"),
)


def _write(path: Path, rows: Sequence[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("places")
    settings = Settings(data=folder / "data", workers=1, index_threads=1, index_memory_mb=32)
    penalties = [
        (f"示罚〔2026〕{number}号", party, code, address, office, (today() - timedelta(30)).isoformat(), "罚款5000元")
        for number, (party, code, address, office, _, _) in enumerate(CASES, 1)
    ]
    load([_write(folder / "register.csv", REGISTER)], settings)
    load([_write(folder / "penalties.csv", [HEADER, *penalties])], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
        yield Searcher(engine, today=today)


@pytest.mark.parametrize("number", range(1, len(CASES) + 1))
def test_a_record_is_found_where_its_party_is(searcher: Searcher, number: int) -> None:
    *_, rule, region = CASES[number - 1]
    (hit,) = searcher.records.page(RecordSearch(q=f"示罚〔2026〕{number}号", facet=("region",))).hits
    assert hit["link_rule"] == rule
    for around in (region, region[:4] + "00", region[:2] + "0000"):
        found = searcher.records.page(RecordSearch(region=(around,), page_size=100)).hits
        assert hit["record_id"] in {each["record_id"] for each in found}, around
    elsewhere = {"350203", "350206", "330106", "350500", "340123"} - {region}
    for other in elsewhere:
        found = searcher.records.page(RecordSearch(region=(other,), page_size=100)).hits
        assert hit["record_id"] not in {each["record_id"] for each in found}, other
