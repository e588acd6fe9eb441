"""Figures: each number is that of the list behind it, and what Polars counts in the lake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import polars as pl
import pytest

from indexer.lake import Lake
from indexer.load import load
from indexer.publish import publish
from tests import figures_files as files
from tests.figures_files import DAY, shown_penalties
from tests.search.conftest import Publish
from tests.search.register import entity
from xincha.engine.contract import Engine
from xincha.engine.embedded.engine import EmbeddedEngine
from xincha.engine.open import open_engine
from xincha.errors import BadParameter, BadParameters
from xincha.search.figures.answer import Figures, percentile
from xincha.search.figures.counting import CellKey, Counting, FigureCell, FigureCells
from xincha.search.figures.dimensions import Values
from xincha.search.figures.kept import MOST_ROWS, DataState, Different, KeptFigures
from xincha.search.figures.question import FiguresQuestion
from xincha.search.figures.small import Told
from xincha.search.questions import EntitySearch, RecordSearch
from xincha.search.service import Searcher
from xincha.settings import Settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("figures")
    settings = Settings(data=folder / "data", workers=1, publicity="texts", repaired="history")
    load(list(files.everything(folder)), settings)
    return settings


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Iterator[Engine]:
    with closing(open_engine(settings)) as engine:
        publish(settings, engine, day=DAY)
        yield engine


@pytest.fixture(scope="module")
def searcher(engine: Engine) -> Searcher:
    return Searcher(engine, today=lambda: DAY)


def asked(question: str) -> FiguresQuestion:
    return FiguresQuestion.read(parse_qsl(question, keep_blank_values=True))


def figures(searcher: Searcher, question: str) -> Figures:
    return searcher.figures(asked(question))


def listed(searcher: Searcher, address: str) -> tuple[int, float]:
    """How many the list behind a figure finds, and the sum of their fines."""
    parts = urlsplit(address)
    pairs = [*parse_qsl(parts.query), ("page_size", "1")]
    if parts.path == "/api/v1/entities":
        return searcher.entities.page(EntitySearch.read(pairs)).total, 0.0
    page = searcher.records.page(RecordSearch.read(pairs))
    return page.total, page.sums["fine_cny"]


QUESTIONS = [
    "of=entity&by=year",
    "of=entity&by=region,status&level=district&measure=count,in_business",
    "of=entity&by=kind,industry",
    "of=entity&by=authority,quarter&on=closed",
    "of=entity&by=month&on=loaded&status=存续",
    "of=entity&by=region&q=岚桥&region=350200",
    "of=entity&by=industry,region&industry=51&industry=F&has=penalty",
    "of=penalty",
    "of=penalty&by=year,region&level=district",
    "of=penalty&by=region,month&region=350203&region=350206&happened_from=2022-02-15&happened_to=2022-11-15",
    "of=penalty&by=authority,quarter&q=虚假宣传&fine_from=60000",
    "of=penalty&by=category,authority",
    "of=penalty&by=category,year&category=没收违法所得",
    "of=penalty&by=year&on=published",
    "of=abnormal&by=state,year",
    "of=abnormal&by=state&state=removed&lasted_to=30",
    "of=abnormal&by=month,region&on=ended&region=350000",
    "of=spot_check&by=state,category",
    "of=penalty&by=article,year",
    "of=abnormal&by=address,region&level=district&top=3",
    "of=spot_check&by=region,quarter&level=district&state=found",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_number_is_that_of_the_list_behind_it(searcher: Searcher, question: str) -> None:
    sums = question.startswith("of=penalty")
    told = figures(searcher, question + ("&measure=count,fine_sum" if sums else ""))
    assert told.total
    assert listed(searcher, told.query)[0] == told.total
    assert told.totals["count"] == told.total
    for row in told.rows:
        if row["query"]:
            assert listed(searcher, row["query"]) == (row["count"], row["fine_sum"] if sums else 0.0)
    assert any(row["query"] for row in told.rows)
    if not any(name in question for name in ("category", "article", "top")):
        small = sum(row["suppressed"] for row in told.rows)
        assert sum(row["count"] or 0 for row in told.rows) <= told.total - 3 * bool(small)


@pytest.mark.parametrize("by", ["year", "region", "authority", "year,region", "region,authority"])
def test_counts_sums_and_percentiles_are_those_of_the_lake(searcher: Searcher, settings: Settings, by: str) -> None:
    measures = "count,fine_count,fine_sum,fine_median,fine_p90"
    told = figures(searcher, f"of=penalty&by={by}&measure={measures}&level=district&fine_from=10000")
    keys, fine = by.split(","), pl.col("fine")
    expected = (
        shown_penalties(settings)
        .filter(fine >= 10_000)
        .group_by(keys)
        .agg(
            count=pl.len(),
            fine_count=fine.count(),
            fine_sum=fine.sum(),
            fine_median=fine.median(),
            fine_p90=fine.quantile(0.9, "linear").round(2),
        )
        .sort(keys)
    )
    assert [{key: row[key] for key in expected.columns} for row in told.rows] == expected.to_dicts()


def test_the_rate_of_checks_with_findings_is_that_of_the_lake(searcher: Searcher, settings: Settings) -> None:
    told = figures(searcher, "of=spot_check&by=region,year&level=district&measure=count,found,found_rate")
    snapshot = Lake(settings.lake).snapshot()
    places = snapshot.scan("entities").select("uscc", region="region_code")
    found = pl.col("results").list.first().is_in(files.RESULTS[1:])
    expected = (
        snapshot.scan("spot_checks")
        .filter(pl.col("checked_on") <= DAY)
        .join(places, left_on="party_uscc", right_on="uscc")
        .with_columns(year=pl.col("checked_on").dt.year())
        .group_by("region", "year")
        .agg(count=pl.len(), found=found.sum())
        .with_columns(found_rate=(pl.col("found") / pl.col("count")).round(4))
        .sort("region", "year")
        .collect()
    )
    assert expected.height > 6
    assert [{key: row[key] for key in expected.columns} for row in told.rows] == expected.to_dicts()


def test_companies_that_were_removed_within_thirty_days_are_those_of_the_lake(
    searcher: Searcher, settings: Settings
) -> None:
    listings = Lake(settings.lake).snapshot().scan("abnormal_listings")
    days = (pl.col("removed_on") - pl.col("listed_on")).dt.total_days()
    wanted = listings.filter((pl.col("removed_on") <= DAY) & (days <= 30)).select("party_uscc").collect()
    found = searcher.records.page(
        RecordSearch.read([("kind", "abnormal"), ("state", "removed"), ("lasted_to", "30"), ("page_size", "100")])
    )
    assert sorted(hit["party_uscc"] for hit in found.hits) == sorted(wanted["party_uscc"])
    assert figures(searcher, "of=abnormal&state=removed&lasted_to=30").total == wanted.height


def test_what_was_loaded_or_published_since_a_day_is_found(searcher: Searcher, settings: Settings) -> None:
    def total(question: str) -> int:
        return searcher.records.page(RecordSearch.read(parse_qsl(question))).total

    everything = total("kind=penalty")
    loaded = Lake(settings.lake).snapshot().scan("penalties").select("loaded_at").first().collect().item().date()
    assert total(f"kind=penalty&loaded_from={loaded}") == everything
    assert total("kind=penalty&loaded_to=2020-01-01") == 0
    since = shown_penalties(settings).filter(pl.col("decided_on") >= date(2024, 1, 1)).height
    assert total("kind=penalty&published_from=2024-01-01&fine_from=10000") < since
    assert total("kind=penalty&published_from=2024-01-01") == since + 3
    assert searcher.entities.page(EntitySearch.read([("loaded_to", "2020-01-01")])).total == 0


def test_closed_companies_are_counted_by_the_day_on_which_they_closed(searcher: Searcher) -> None:
    told = figures(searcher, "of=entity&by=year&on=closed&measure=count,in_business")
    assert [(row["year"], row["count"], row["in_business"]) for row in told.rows] == [(2023, 4, 0), (None, 21, 21)]
    assert searcher.entities.page(EntitySearch.read([("closed_from", "2023-02-01")])).total == 2


def test_what_is_not_stated_is_a_row_without_a_list(searcher: Searcher) -> None:
    told = figures(searcher, "of=entity&by=authority,industry")
    rows = {(row["authority"], row["industry"]): row for row in told.rows}
    assert rows[None, None]["count"] == 2
    assert rows[None, "F"]["query"] is None
    assert told.rows[-1]["authority"] is None


def test_the_most_punished_addresses_are_those_of_the_register_without_persons(
    searcher: Searcher, settings: Settings
) -> None:
    told = figures(searcher, "of=penalty&by=address&top=5&measure=count,fine_sum")
    places = Lake(settings.lake).snapshot().scan("entities").select("uscc", "address").collect()
    expected = (
        shown_penalties(settings)
        .join(places, left_on="party_uscc", right_on="uscc")
        .group_by("address")
        .agg(count=pl.len(), fine_sum=pl.col("fine").sum())
        .sort(["count", "address"], descending=[True, False])
    )
    stated = [row for row in told.rows if row["address"]]
    assert [{key: row[key] for key in expected.columns} for row in stated] == expected.head(5).to_dicts()
    assert (told.rows[-1]["address"], told.rows[-1]["count"]) == (None, 6)
    assert listed(searcher, stated[0]["query"]) == (stated[0]["count"], stated[0]["fine_sum"])
    assert told.notes == ["只列出条数最多的 5 个；其余只在合计中。"]
    assert told.total == expected["count"].sum() + 6
    listings = figures(searcher, "of=abnormal&by=address")
    assert files.INDIVIDUAL[2] not in {row["address"] for row in listings.rows}
    assert listings.rows[-1]["address"] is None
    assert listings.rows[-1]["count"] == 1


def test_penalties_are_counted_by_article_and_by_type_with_the_commonest_first(searcher: Searcher) -> None:
    told = figures(searcher, "of=penalty&by=article")
    assert {row["article"]: row["count"] for row in told.rows if row["query"]} == {
        "食品安全法|124": 60,
        "广告法|55": 60,
    }
    both = figures(searcher, "of=penalty&by=article&article=广告法|55")
    assert [(row["article"], row["count"]) for row in both.rows] == [("广告法|55", 60)]
    first = figures(searcher, "of=penalty&by=category&top=1")
    assert [row["category"] for row in first.rows] == ["罚款"]
    of_years = figures(searcher, "of=penalty&by=year,authority&top=1&measure=count,fine_sum")
    assert len({row["authority"] for row in of_years.rows}) == 1
    assert of_years.total is not None
    assert sum(row["count"] for row in of_years.rows) < of_years.total == of_years.totals["count"]


def test_what_is_held_back_counts_as_little_as_in_lists(engine: Engine, searcher: Searcher) -> None:
    page = searcher.records.page(RecordSearch.read([("kind", "penalty"), ("page_size", "5")]))
    held = frozenset(hit["record_id"] for hit in page.hits)
    before = figures(searcher, "of=penalty&by=year")
    after = figures(Searcher(engine, today=lambda: DAY, held=lambda _: held), "of=penalty&by=year")
    assert before.total is not None
    assert after.total == before.total - 5
    assert after.rows[-1]["count"] == before.rows[-1]["count"] - 5


def test_a_small_cell_of_natural_persons_is_not_told_and_one_of_companies_is(searcher: Searcher) -> None:
    told = figures(searcher, "of=penalty&by=year&fine_to=10000&measure=count,fine_sum,fine_median")
    assert [(row["year"], row["count"], row["fine_sum"], row["suppressed"]) for row in told.rows] == [
        (2022, None, None, True),
        (2023, None, None, True),
        (2024, 3, 20_000.0, False),
    ]
    assert (told.suppressed, told.rows[0]["query"], told.rows[0]["fine_median"]) == (2, None, None)
    assert "不足 3 条" in told.notes[0]
    of_offices = figures(searcher, "of=penalty&by=year,authority&fine_to=10000")
    assert [row["count"] for row in of_offices.rows] == [None] * 4
    companies = figures(searcher, "of=penalty&by=month,region&level=district&fine_from=50000")
    assert {1, 2} <= {row["count"] for row in companies.rows}
    assert companies.suppressed == 0


def test_of_few_persons_alone_nothing_is_told(searcher: Searcher) -> None:
    told = figures(searcher, "of=penalty&happened_to=2022-12-31&fine_to=10000&measure=count,fine_sum,fine_count")
    assert (told.total, set(told.totals.values()), told.suppressed) == (None, {None}, 1)
    by_year = figures(searcher, "of=penalty&by=year&happened_to=2022-12-31&fine_to=10000&measure=count,fine_p90")
    assert (by_year.total, by_year.totals, by_year.rows[0]["count"]) == (None, {"count": None, "fine_p90": None}, None)


BY = (
    "year",
    "authority",
    "year,authority",
    "quarter,authority",
    "authority,region",
    "month",
    "category,year",
    "region",
)


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("narrowed", ["", "&fine_to=10000", "&fine_to=60000", "&happened_to=2023-12-31&fine_to=50000"])
def test_no_hidden_number_can_be_computed_of_what_is_told(searcher: Searcher, by: str, narrowed: str) -> None:
    """Of all together, and of each line of a table, which is a question of its own."""
    told = figures(searcher, f"of=penalty&by={by}&level=district{narrowed}")
    dimensions = by.split(",")
    lines = [(told.total, told.rows)]
    if len(dimensions) > 1:
        for name in dimensions:
            alone = figures(searcher, f"of=penalty&by={name}&level=district{narrowed}")
            lines += [(row["count"], [each for each in told.rows if each[name] == row[name]]) for row in alone.rows]
    question = asked(f"of=penalty&by={by}&level=district{narrowed}")
    cells = Counting(question, searcher.records.all(question.records()), Different()).counted().cells
    of_rows = {tuple(row[name] for name in dimensions): row for row in told.rows}
    few = {key for key, cell in cells.items() if cell.has_persons and cell.count < 3}
    assert all(of_rows[key]["suppressed"] for key in few)
    known = {key: row["count"] for key, row in of_rows.items() if not row["suppressed"]}
    for _ in told.rows:
        for total, rows in lines if "category" not in by else ():
            of_line = [tuple(row[name] for name in dimensions) for row in rows]
            left = [key for key in of_line if key not in known]
            if left and total is not None:
                rest = total - sum(known.get(key, 0) for key in of_line)
                known |= dict.fromkeys(left, rest / len(left)) if len(left) in {1, rest} else {}
    assert not few & known.keys()
    whole = figures(searcher, f"of=penalty&by={by}&level=district{narrowed}&measure=count,fine_count,fine_sum")
    assert [row["suppressed"] for row in whole.rows] == [row["suppressed"] for row in told.rows]


@pytest.mark.parametrize(
    ("companies", "persons", "hidden"),
    [
        ({"甲": 9, "乙": 5, "丙": 7}, {"甲": 1}, ""),
        ({"甲": 0, "乙": 5, "丙": 7}, {"甲": 1}, "甲乙"),
        ({"甲": 1, "乙": 5, "丙": 4}, {"甲": 1}, "甲丙"),
        ({"甲": 0, "乙": 0, "丙": 7}, {"甲": 1, "乙": 1}, "甲乙丙"),
        ({"甲": 0, "乙": 0, "丙": 7}, {"甲": 1, "乙": 2}, "甲乙"),
        ({"甲": 2, "乙": 1, "丙": 1}, {}, ""),
    ],
)
def test_the_smallest_other_cell_is_hidden_with_a_single_one(
    companies: dict[str, int], persons: dict[str, int], hidden: str
) -> None:
    cells: dict[CellKey, FigureCell] = {
        (name,): FigureCell(count + persons.get(name, 0)) for name, count in companies.items()
    }
    for name, number in persons.items():
        cells[name,].counted["persons:"] = number
    whole = FigureCell()
    for cell in cells.values():
        whole.add(cell)
    told = Told(FigureCells([Values("authority", (), 0, None)], cells, whole, 0), [])
    assert "".join(name for name in companies if not told.row((name,))) == hidden
    assert told.whole


def test_penalties_are_counted_and_found_by_violation(searcher: Searcher, settings: Settings) -> None:
    told = figures(searcher, "of=penalty&by=violation,year&measure=count,fine_sum&fine_from=10000")
    expected = (
        shown_penalties(settings)
        .filter(pl.col("fine") >= 10_000)
        .group_by("violation", "year")
        .agg(count=pl.len(), fine_sum=pl.col("fine").sum())
        .sort("violation", "year")
    )
    assert [{key: row[key] for key in expected.columns} for row in told.rows] == expected.to_dicts()
    for row in told.rows[:4]:
        assert listed(searcher, row["query"]) == (row["count"], row["fine_sum"])
    one = figures(searcher, "of=penalty&by=year&violation=虚假宣传&fine_from=60000&region=350203")
    assert one.total == sum(row["count"] for row in one.rows) > 0


def test_everybody_who_was_renamed_in_a_year_is_counted_and_listed(searcher: Searcher, settings: Settings) -> None:
    changes = Lake(settings.lake).snapshot().scan("alterations").filter(pl.col("item").is_in(files.RENAMED))
    expected = changes.group_by(pl.col("changed_on").dt.year()).agg(pl.len()).sort("changed_on").collect()
    told = figures(searcher, "of=change&category=名称变更&by=year")
    assert [(row["year"], row["count"]) for row in told.rows] == expected.rows()
    in_a_year = told.rows[1]
    assert "happened_from=2022-01-01&happened_to=2022-12-31" in in_a_year["query"]
    assert listed(searcher, in_a_year["query"])[0] == in_a_year["count"] > 5


def test_all_decisions_and_those_published_in_time_are_counted_without_names(
    searcher: Searcher, settings: Settings
) -> None:
    told = figures(searcher, "of=penalty&by=year&measure=count,decided,timely,late,timely_rate")
    rows = {row["year"]: row for row in told.rows}
    lake = Lake(settings.lake).snapshot().scan("penalties").filter(~pl.col("withdrawn").fill_null(False))
    expected = lake.group_by(pl.col("decided_on").dt.year()).agg(pl.len()).collect()
    assert {year: row["decided"] for year, row in rows.items()} == dict(expected.rows())
    assert (rows[2015]["count"], rows[2015]["decided"], rows[2025]["count"]) == (0, 6, 0)
    assert listed(searcher, rows[2015]["query"])[0] == 0
    assert told.totals["decided"] == expected["len"].sum()
    assert any("含不再公示的" in note for note in told.notes)
    of_office = figures(
        searcher, f"of=penalty&by=quarter&measure=decided&authority={files.CITY}&happened_to=2022-12-31"
    )
    offices = lake.filter((pl.col("authority") == files.CITY) & (pl.col("decided_on") <= date(2022, 12, 31)))
    assert of_office.totals["decided"] == offices.select(pl.len()).collect().item()
    assert sum(row["decided"] or 0 for row in of_office.rows) <= (of_office.totals["decided"] or 0)


@pytest.mark.parametrize(
    ("further", "parameter"),
    [
        ("by=region", "measure"),
        ("by=year&violation=虚假宣传", "measure"),
        ("by=year&on=published", "measure"),
        ("by=authority&top=1", "measure"),
        ("by=year&happened_from=2022-01-02", "happened_from"),
        ("by=year&happened_to=2022-12-30", "happened_to"),
    ],
)
def test_all_decisions_are_counted_by_office_and_month_alone(searcher: Searcher, further: str, parameter: str) -> None:
    with pytest.raises(BadParameter) as error:
        figures(searcher, f"of=penalty&measure=decided&{further}")
    assert error.value.parameter == parameter
    assert error.value.allowed


def test_of_a_kind_that_is_not_loaded_there_are_no_figures(searcher: Searcher) -> None:
    told = figures(searcher, "of=licence&by=year&measure=count,valid")
    assert (told.rows, told.total, told.totals) == ([], None, {})
    assert not next(kind.loaded for kind in told.coverage if kind.kind == "licence")
    assert told.notes == ["未装载：行政许可。查不到，不说明没有。"]
    nothing = figures(searcher, "of=penalty&by=year&fine_from=99999999")
    assert (nothing.rows, nothing.total, nothing.totals) == ([], 0, {"count": 0})


@pytest.mark.parametrize(
    ("question", "partial"),
    [
        ("of=penalty&by=year", [False, False, False, True]),
        ("of=penalty&by=year&happened_from=2022-02-01&happened_to=2023-12-31", [True, False]),
        ("of=penalty&by=year&happened_to=2023-06-30", [False, False, True]),
        ("of=penalty&by=region", [False]),
    ],
)
def test_a_period_that_is_not_whole_is_marked(searcher: Searcher, question: str, partial: Sequence[bool]) -> None:
    assert [row["partial"] for row in figures(searcher, question).rows] == partial


@pytest.mark.parametrize(("most", "cells"), [(1, 0), (12, 3), (40, 15), (100_000, 15)])
def test_percentiles_are_exact_however_few_amounts_are_told_at_once_or_are_not_told(
    engine: Engine, searcher: Searcher, most: int, cells: int
) -> None:
    question = asked("of=penalty&by=year,region&level=district&measure=fine_median")
    whole = Counting(question, searcher.records.all(question.records()), Different()).counted()
    parted = Counting(question, searcher.records.all(question.records()), Different(), most_amounts=most).counted()
    told = {key: amounts for key, cell in parted.cells.items() if (amounts := cell.told("fine_cny")) is not None}
    assert told == {key: whole.cells[key].told("fine_cny") for key in told}
    assert list(parted.whole.told("fine_cny") or ()) == list(whole.whole.told("fine_cny") or ())
    assert (len(told), len(whole.cells)) == (cells, 15)


def test_more_cells_than_can_be_told_are_refused(publish: Publish) -> None:
    register = [
        entity(
            number,
            f"厦门示例{number}有限公司",
            authority=f"示例{number}局",
            established_on=date(2000 + number // 12, number % 12 + 1, 1).isoformat(),
        )
        for number in range(110)
    ]
    searcher = publish(register)
    with pytest.raises(BadParameter, match=r"combinations") as error:
        figures(searcher, "of=entity&by=month,authority")
    assert error.value.allowed.startswith("at most 10,000")
    assert figures(searcher, "of=entity&by=year,authority").total == 110


@pytest.mark.parametrize(
    ("question", "parameter"),
    [
        ("by=year", "of"),
        ("of=nothing", "of"),
        ("of=entity&by=category", "by"),
        ("of=penalty&by=state", "by"),
        ("of=penalty&by=year,month", "by"),
        ("of=penalty&by=year,region,authority", "by"),
        ("of=penalty&by=weekday", "by"),
        ("of=penalty&measure=in_business", "measure"),
        ("of=abnormal&measure=fine_sum", "measure"),
        ("of=entity&fine_from=1", "fine_from"),
        ("of=penalty&status=存续", "status"),
        ("of=penalty&kind=企业", "kind"),
        ("of=penalty&on=established", "on"),
        ("of=penalty&happened_from=2024-01-02&happened_to=2024-01-01", "happened_from"),
        ("of=penalty&sort=fine_cny", "sort"),
        ("of=penalty&level=town", "level"),
        ("of=penalty&top=0", "top"),
        ("of=spot_check&by=article", "by"),
    ],
)
def test_a_question_that_cannot_be_asked_names_what_is_wrong(question: str, parameter: str) -> None:
    with pytest.raises(BadParameters) as error:
        asked(question)
    assert [each["name"] for each in error.value.wrong] == [parameter]


def test_a_percentile_lies_between_two_ranks_by_proportion() -> None:
    assert percentile([], 0.5) is None
    assert percentile([(7.0, 1)], 0.9) == 7.0
    assert percentile([(1.0, 2), (2.0, 2)], 0.5) == 1.5
    assert percentile([(10.0, 1), (20.0, 1), (30.0, 1)], 0.9) == 28.0


def test_asked_twice_the_same_is_said(searcher: Searcher) -> None:
    once: Any = figures(searcher, "of=penalty&by=year,year&by=region&measure=count,count")
    assert once == figures(searcher, "of=penalty&by=year,region")


def test_what_was_answered_is_kept_until_another_day_or_other_records_are_held_back(engine: Engine) -> None:
    days, held = [DAY], [frozenset[str]()]
    searcher = Searcher(engine, today=lambda: days[-1], held=lambda _: held[-1])
    question = "of=penalty&by=year,region&level=district&measure=count,fine_median,fine_p90&region=350200"
    first = figures(searcher, question)
    assert figures(searcher, question) is first
    days.append(date(2024, 7, 1))
    assert figures(searcher, question).day == date(2024, 7, 1)
    before = figures(searcher, "of=penalty")
    page = searcher.records.page(RecordSearch.read([("kind", "penalty"), ("page_size", "3")]))
    held.append(frozenset(hit["record_id"] for hit in page.hits))
    assert (before.total or 0) - 3 == figures(searcher, "of=penalty").total


def test_what_was_published_meanwhile_is_told(tmp_path: Path) -> None:
    with closing(EmbeddedEngine(tmp_path, threads=1, memory_mb=32)) as engine:
        searcher = Searcher(engine, today=lambda: DAY)
        for number in (2, 1):
            register = [entity(each, f"厦门示例{each}有限公司") for each in range(number)]
            engine.switch([engine.build("entities", register, note={}), engine.build("records", [], note={})])
            first = figures(searcher, "of=entity")
            assert (first.total, figures(searcher, "of=entity") is first) == (number, True)


def test_nothing_that_was_typed_is_kept_and_no_more_rows_than_may_be() -> None:
    kept, now = KeptFigures[Figures](100), DataState("e1", "r1", DAY, frozenset())

    def answer(rows: int) -> Figures:
        return Figures([{}] * rows, rows, {}, 0, "", DAY, [], [])

    for number in range(1, 60):
        kept.keep(now, asked(f"of=entity&by=year&established_from=19{number + 30}-01-01"), answer(20))
        assert kept.rows <= 100
    assert kept.get(now, asked("of=entity&by=year&established_from=1989-01-01"))
    assert not kept.get(now, asked("of=entity&by=year&established_from=1931-01-01"))
    for typed in ("q=示例", "address=示例路1号", "&".join(f"authority=示例局{n:090}" for n in range(30))):
        question = asked(f"of=penalty&{typed}")
        kept.keep(now, question, answer(1))
        assert not kept.get(now, question)
    large = asked("of=entity&by=month,region")
    kept.keep(now, large, answer(MOST_ROWS // 2))
    assert not kept.get(now, large)
    later = now._replace(records="r2")
    kept.keep(later, large, answer(1))
    assert (kept.rows, kept.get(now, asked("of=entity&by=year&established_from=1989-01-01"))) == (2, None)
