"""Nothing that a person sees depends on the engine: the same questions, asked of both over the same lake."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, get_args
from urllib.parse import parse_qsl

import polars as pl
import pytest

from indexer.load import load
from indexer.publish import publish
from loadtests.cases import of_files
from loadtests.relevance import run
from xincha.engine.open import open_engine
from xincha.search.answers import EntityPage, RecordPage
from xincha.search.figures.question import FiguresQuestion
from xincha.search.questions import EntitySearch, EntitySort, RecordSearch, RecordSort
from xincha.search.service import Searcher
from xincha.settings import Settings

DAY = date(2026, 3, 1)
CLASS_SAMPLE = 15
CLOSELY = 72
"""Up to so many candidates the ranking looks at each: no score of an engine is left in their order."""
Filters = Mapping[str, Any]
Both = Callable[[Path], list[Searcher]]
Page = TypeVar("Page", EntityPage, RecordPage)

BROAD = ("示例", "厦门 示例", "", "思明 餐饮", "slt", "35020")
NARROW = (
    *(
        "示例澜汀",
        "示例澜汀有限公司",
        "厦門示例瀾汀",
        "示例栏汀",
        "澜汀示例",
        "澜汀",
        "lanting",
        "shililanting",
        "示例lanting",
    ),
    *(
        "91350203YYY000038A",
        "9135O2O3YYY000038A",
        "91350203YYY000039A",
        "🎉",
        "缆厅",
        "xmlanting",
        "lùdǎo",
        "示例咖啡",
        "“示例澜汀”",
        "示例澜汀 -湖里",
        "湖里第一分公司",
        "没有这样的名称",
    ),
)
RECORDS = ("厦市监", "虚假宣传", "示例 虚假", "“虚假宣传”", "示例澜汀", "没有这样的文字")
FILTERS: tuple[Filters, ...] = (
    {},
    {"status": ["存续"]},
    {"region": ["350203", "350206"], "kind": ["个体工商户"]},
    {"has": ["penalty", "abnormal"]},
    {"flag": ["另册管理", "歇业中"]},
)
RECORD_FILTERS: tuple[Filters, ...] = ({}, {"kind": ["penalty"]}, {"region": ["350200"], "kind": ["abnormal"]})


@pytest.fixture(scope="module")
def both(opensearch_url: str) -> Iterator[Both]:
    """Searchers on both engines over what is published in a data folder; it is published to OpenSearch too."""
    with ExitStack() as opened:

        def searchers(data: Path) -> list[Searcher]:
            embedded = Settings(data=data)
            used = {"engine": "opensearch", "opensearch_url": opensearch_url, "opensearch_replicas": 0}
            cluster = embedded.model_copy(update={**used, "opensearch_prefix": f"both-{data.parent.name}"})
            engines = [opened.enter_context(closing(open_engine(settings))) for settings in (embedded, cluster)]
            publish(cluster, engines[1])
            return [Searcher(engine, today=lambda: DAY) for engine in engines]

        yield searchers


@pytest.fixture(scope="module")
def pair(both: Both, fictional_folder: Path) -> list[Searcher]:
    return both(fictional_folder / "data")


def pages(ask: Callable[[str | None], Page]) -> list[Page]:
    """The first pages of a search, from cursor to cursor; without the cursors, which hold scores."""
    found: list[Page] = []
    cursor: str | None = None
    while len(found) < 4 and (not found or cursor):
        page = ask(cursor)
        cursor = page.cursor
        found.append(replace(page, cursor="" if cursor else None))
    return found


def entity_pages(searcher: Searcher, search: EntitySearch) -> list[EntityPage]:
    """Pages; of hits only the first where so many were found that scores decide which of them are looked at closely."""
    found = pages(lambda cursor: searcher.entities.page(search.model_copy(update={"cursor": cursor})))
    if search.sort != "relevance" or not search.q or found[0].total <= CLOSELY:
        return found
    first = found[0].hits[:1] if search.q in NARROW and not search.filters else []
    return [replace(page, hits=first) for page in found]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_entities_are_the_same_page_for_page(pair: list[Searcher], filters: Filters) -> None:
    asked = [EntitySearch(q=q, **filters, page_size=7) for q in (*BROAD, *NARROW)]
    for sort in get_args(EntitySort)[1:]:
        asked += [EntitySearch(q=q, **filters, sort=sort, page_size=9) for q in BROAD[::2]]
    bounds: Filters = {"established_from": date(2010, 1, 1), "capital_from": 1e6, "capital_to": 1e8}
    asked.append(EntitySearch(q="示例", **filters, **bounds))
    for search in asked:
        one, other = (entity_pages(searcher, search) for searcher in pair)
        assert other == one, search


def record_pages(searcher: Searcher, search: RecordSearch) -> list[RecordPage]:
    return pages(lambda cursor: searcher.records.page(search.model_copy(update={"cursor": cursor})))


@pytest.mark.parametrize("filters", RECORD_FILTERS, ids=str)
def test_records_are_the_same_page_for_page(pair: list[Searcher], filters: Filters) -> None:
    sorts: tuple[RecordSort | None, ...] = (None, "-happened_on", "fine_cny")
    others: tuple[RecordSort, ...] = ("happened_on", "-fine_cny")
    asked = [RecordSearch(**filters, sort=sort, page_size=11) for sort in sorts]
    asked += [RecordSearch(q=q, **filters, sort=sort) for q in RECORDS for sort in others]
    assert {search.sort or "relevance" for search in asked} == set(get_args(RecordSort))
    for search in asked:
        one, other = (record_pages(searcher, search) for searcher in pair)
        assert other == one, search


def test_whole_results_are_the_same_row_for_row(pair: list[Searcher]) -> None:
    entities = [
        EntitySearch(),
        EntitySearch(q="示例", sort="-capital_cny"),
        EntitySearch(q="思明 餐饮"),
        EntitySearch(q="没有"),
    ]
    records = [RecordSearch(), RecordSearch(q="虚假宣传"), RecordSearch(kind=("penalty",), sort="fine_cny")]
    wholes = [[*map(searcher.entities.all, entities), *map(searcher.records.all, records)] for searcher in pair]
    for one, other in zip(*wholes, strict=True):
        rows, others = ([row for page in whole for row in page] for whole in (one, other))
        assert others == rows
        assert len(rows) == one.total == other.total


def test_suggestions_are_the_same(pair: list[Searcher]) -> None:
    one, other = ([searcher.suggest(text, 8) for text in NARROW] for searcher in pair)
    assert other == one
    assert any(one)


@pytest.fixture(scope="module")
def some(registry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of some real registrations, from all over the biggest of them."""
    file = tmp_path_factory.mktemp("some") / "xiamen.csv"
    pl.read_csv(registry / "xiamen.csv", infer_schema=False).gather_every(3).write_csv(file)
    return file


@pytest.fixture(scope="module")
def xiamen(some: Path) -> Path:
    """A data folder in which they are loaded and published."""
    settings = Settings(data=some.parent / "data", workers=1)
    load([some], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
    return settings.data


@pytest.mark.slow
def test_published_registrations_are_found_as_well_on_both(both: Both, some: Path, xiamen: Path) -> None:
    known = set(pl.read_csv(some, infer_schema=False)["统一社会信用代码"])
    every = [case for case in of_files() if case.expected & known]
    choose = random.Random(20260301)  # noqa: S311 - the same sample each time
    asked = []
    for kind in dict.fromkeys(case.kind for case in every):
        of_kind = [case for case in every if case.kind == kind]
        asked += choose.sample(of_kind, min(CLASS_SAMPLE, len(of_kind)))
    assert len(asked) > 200
    one, other = (run(searcher, asked) for searcher in both(xiamen))
    for kind, score in other.items():
        assert (score.hit(1), score.hit(10)) == pytest.approx((one[kind].hit(1), one[kind].hit(10)), abs=0.01), kind


@pytest.mark.parametrize(
    "question",
    [
        "of=entity&by=region,status&level=district&measure=count,in_business",
        "of=entity&by=month,industry&q=示例",
        "of=entity&by=quarter&on=closed",
        "of=penalty&by=year,region&level=city&measure=count,fine_count,fine_sum,fine_median,fine_p90",
        "of=penalty&by=category,authority&q=虚假宣传",
        "of=penalty&by=address&top=5&measure=count,fine_sum",
        "of=penalty&by=article&top=3",
        "of=penalty&by=violation,year&measure=count,fine_median",
        "of=penalty&by=quarter&measure=count,decided,timely_rate",
        "of=abnormal&by=state,month&measure=count,listed",
        "of=spot_check&by=category,region&measure=count,found_rate",
        "of=licence",
    ],
)
def test_figures_are_the_same(pair: list[Searcher], question: str) -> None:
    asked = FiguresQuestion.read(parse_qsl(question))
    embedded, cluster = (searcher.figures(asked) for searcher in pair)
    assert replace(embedded, coverage=()) == replace(cluster, coverage=())
    assert embedded.total
