"""How well penalties are published, counted over what was loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from indexer.clean import clean
from indexer.delivery import Declared
from indexer.lake import Lake
from indexer.load import load
from indexer.quality import measure
from tests.quality_files import CITY, ELSEWHERE, ENVIRONMENT, GUANGDONG, NAMES, Row, code, days, penalties, register
from xincha.quality import QualityRow, bounded, ordered, pack, unpack
from xincha.settings import Settings

SOURCE = "处罚.csv"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", workers=1)


def measured(settings: Settings, *rows: Row, held: tuple[str, ...] = ()) -> list[QualityRow]:
    files = settings.data.parent / "files"
    load([register(files), penalties(files / SOURCE, *rows)], settings)
    return measure(Lake(settings.lake).snapshot().scan, held)


def only(rows: list[QualityRow]) -> QualityRow:
    assert len(rows) == 1
    return rows[0]


AWAY = {"行政相对人名称": NAMES[ELSEWHERE], "统一社会信用代码": ELSEWHERE}
TO_XIAMEN = {"处罚机关": GUANGDONG}
UNNAMED, OFFICE = {"处罚机关": "示例市场监督管理局"}, code("11350200YYY880001")
PERSON = {"行政相对人名称": "林拟山", "统一社会信用代码": "", "行政相对人类别": "自然人"}
LATE_HERE, LATE_THERE = ({**TO_XIAMEN, "收到日期": day} for day in ("2026-10-12", "2026-10-09"))


CASES: list[tuple[Row, Mapping[str, Any]]] = [
    (days("2018-09-25", "2018-10-26"), {"timely": 1, "days_median": 20.0}),
    (days("2018-09-25", "2018-10-29"), {"late": 1, "days_median": 21.0}),
    (days("2026-02-10", "2026-03-16"), {"timely": 1}),
    (days("2026-02-10", "2026-03-17"), {"late": 1}),
    (days("2025-12-25", "2026-01-23"), {"timely": 1, "days_p90": 20.0}),
    (days("2026-09-18", "2026-10-13", **TO_XIAMEN), {"timely": 1, "days_median": 13.0, "out_of_town": 1}),
    (days("2026-09-18", "2026-10-22", **TO_XIAMEN, 收到日期="2026-10-09"), {"timely": 1, "out_of_town": 1}),
    (days("2026-09-18", "2026-10-23", **LATE_THERE), {"late": 1, "late_publish": 1, "out_of_town": 1}),
    (days("2026-09-18", "2026-10-13", **LATE_HERE), {"late": 1, "late_push": 1, "out_of_town": 1}),
    (days("2026-09-18", "2026-10-13", **AWAY), {"timely": 1, "out_of_town": 1, "unlinked": 1}),
    (days("2026-03-02", "2026-03-11", 处罚机关=ENVIRONMENT), {"timely": 1, "timely_7": 1, "family": "other"}),
    (days("2026-03-02", "2026-03-12", 处罚机关=ENVIRONMENT), {"timely": 1, "late_7": 1, "family": "other"}),
    (days("2026-03-02", "2026-05-12", 处罚机关=ENVIRONMENT), {"late": 1, "late_7": 1, "family": "other"}),
    (days("2026-03-02", "2026-03-10", **UNNAMED, 处罚机关统一社会信用代码=OFFICE), {"timely": 1}),
    (days("2026-03-02", "2026-02-10"), {"unknown": 1, "unknown_why": {"before_decision": 1}}),
    (days("2026-03-02", "2026-03-10", **UNNAMED), {"unknown": 1, "unknown_why": {"office_unplaced": 1}}),
    (days("2026-03-02", "2026-03-10", **PERSON), {"unknown": 1, "unknown_why": {"party_unplaced": 1}}),
    (days("2026-12-28", "2027-01-12"), {"unknown": 1, "unknown_why": {"calendar": 1}}),
    (days("2026-03-02", ""), {"unknown": 1, "unknown_why": {"no_publication_day": 1}, "dated": 0}),
    (days("", "2026-03-17"), {"unknown": 1, "unknown_why": {"no_decision_day": 1}, "dated": 0, "month": None}),
]
"""One penalty each, and what is counted of it beside one record and two days."""

NOTHING = dict.fromkeys(("timely", "late", "unknown", "out_of_town", "late_push", "late_publish", "unlinked"), 0)


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, QualityRow]:
    """The row of each case, by its file."""
    folder = tmp_path_factory.mktemp("cases")
    settings = Settings(data=folder / "data", workers=1)
    for number, (row, _) in enumerate(CASES):
        penalties(folder / "files" / f"{number}.csv", {"行政处罚决定书文号": f"示市监罚〔2026〕9{number}号", **row})
    load([register(folder), folder / "files"], settings)
    rows = {row.source: row for row in measure(Lake(settings.lake).snapshot().scan)}
    assert len(rows) == len(CASES)
    return rows


@pytest.mark.parametrize("number", range(len(CASES)))
def test_in_time_late_or_not_known_by_working_days(counted: Mapping[str, QualityRow], number: int) -> None:
    row, told = CASES[number]
    got = counted[f"{number}.csv"]
    other = told.get("family") == "other"
    sevens = {"timely_7": 0, "late_7": 0} if other else {"timely_7": None, "late_7": None, "family": "market"}
    stated = {"records": 1, "dated": 1, "month": row["处罚决定日期"][:7], "unknown_why": {}}
    expected = {**NOTHING, **sevens, **stated, **told}
    assert {name: getattr(got, name) for name in expected} == expected


def test_the_province_of_a_party_is_that_of_the_register(settings: Settings) -> None:
    """A company with a code of Guangdong whose address is in Xiamen: the register decides."""
    files = settings.data.parent / "files"
    moved = register(files, ELSEWHERE, "厦门市湖里区示例路3号")
    load([moved, penalties(files / SOURCE, days("2026-03-02", "2026-03-10", **AWAY))], settings)
    got = only(measure(Lake(settings.lake).snapshot().scan))
    assert (got.out_of_town, got.unlinked, got.timely) == (0, 0, 1)


def test_rows_are_by_source_office_and_month_and_percentiles_of_each(settings: Settings) -> None:
    march = [days("2026-03-02", day) for day in ("2026-03-03", "2026-03-04", "2026-03-06", "2026-03-13", "")]
    april = days("2026-04-01", "2026-04-02")
    other = days("2026-03-02", "2026-03-03", 处罚机关=ENVIRONMENT)
    rows = measured(settings, *march, april, other, days("", ""))
    assert [(row.month, row.authority, row.records) for row in rows] == [
        ("2026-04", CITY, 1), ("2026-03", CITY, 5), ("2026-03", ENVIRONMENT, 1), (None, CITY, 1)
    ]  # fmt: skip
    assert rows[1].days_median == 3  # of 1, 2, 4 and 9 days
    assert rows[1].days_p90 == pytest.approx(7.5)
    assert rows[3].days_median is None
    assert all(row.records == row.timely + row.late + row.unknown for row in rows)


def test_what_a_later_delivery_changes_is_corrected_and_what_becomes_of_it_is_not(settings: Settings) -> None:
    first = [days("2026-03-02", "2026-03-03") for _ in range(5)]
    measured(settings, *first)
    later: list[Row] = [
        {**first[0], "处罚内容": "罚款30000元"},
        {**first[1], "是否撤销": "是", "撤销原因": "示例原因"},
        {**first[2], "违法事实": "先前没有载明"},
        {**first[3], "更正日期": "2026-03-09", "更正原因": "示例"},
        first[4],
    ]
    load([penalties(settings.data.parent / "later" / "处罚二.csv", *later)], settings)
    rows = measure(Lake(settings.lake).snapshot().scan)
    assert sum(row.records for row in rows) == 5
    assert sum(row.corrected for row in rows) == 2
    assert sum(row.withdrawn for row in rows) == 1


def test_held_back_complete_and_conflicting_records_are_counted(settings: Settings) -> None:
    day = days("2026-03-02", "2026-03-03")
    rows: list[Row] = [
        day,
        {**day, "违法行为类型": "", "违法事实": "示例事实"},
        {**day, "罚款金额（万元）": "20000"},
        {**day, "行政相对人名称": "林拟山", "统一社会信用代码": "", "行政相对人类别": "自然人"},
        {**day, "行政相对人名称": "厦门示例无此户有限公司", "统一社会信用代码": ""},
    ]
    got = only(measured(settings, *rows))
    assert (got.records, got.complete, got.amount_conflicts, got.unlinked) == (5, 3, 1, 1)
    scan = Lake(settings.lake).snapshot().scan
    some = scan("penalties").select("record_id").head(2).collect().to_series()
    assert only(measure(scan, some.to_list())).held == 2


def test_what_a_complete_delivery_lacks_is_gone_and_a_source_has_its_name(settings: Settings) -> None:
    rows = [days("2026-03-02", "2026-03-03") for _ in range(3)]
    files, declared = settings.data.parent / "files", Declared(source="市局", delivery="complete")
    load([penalties(files / "一.csv", *rows)], settings, declared=declared)
    load([penalties(files / "二.csv", *rows[:2])], settings, declared=declared, accept_gone=True)
    got = only(measure(Lake(settings.lake).snapshot().scan))
    assert (got.source, got.records, got.gone, got.corrected) == ("市局", 3, 1, 0)


def test_what_was_blanked_is_as_complete_as_what_is_left_of_it(settings: Settings) -> None:
    """A person's penalty of long ago, whose name and texts were cleaned out of the lake."""
    measured(settings, days("2020-03-02", "2020-03-03", **PERSON))
    assert clean(settings).blanked == {"penalty": 1}
    got = only(measure(Lake(settings.lake).snapshot().scan))
    assert (got.records, got.complete, got.unlinked, got.unknown) == (1, 1, 0, 1)


def test_a_publication_before_the_decision_is_an_issue_of_the_load(settings: Settings) -> None:
    report = load([penalties(settings.data.parent / SOURCE, days("2026-03-02", "2026-02-10"))], settings)
    assert [(each.code, each.count) for each in report.issues] == [("published_before_decision", 1)]


def test_without_penalties_there_are_no_rows(settings: Settings) -> None:
    load([register(settings.data.parent)], settings)
    assert measure(Lake(settings.lake).snapshot().scan) == []


def row_of(month: str | None, source: str = "a.csv", office: str | None = CITY) -> QualityRow:
    """A row with a number in every place."""
    values: dict[str, Any] = dict.fromkeys((field.name for field in fields(QualityRow)), 1)
    more = {"days_median": 2.5, "timely_7": None, "unknown_why": {"calendar": 1}, "family": "market"}
    return QualityRow(**(values | more | {"source": source, "authority": office, "month": month}))


def test_rows_come_back_from_a_note_as_they_were() -> None:
    rows = ordered([row_of("2026-03"), row_of(None, office=None), row_of("2026-10", "b.csv")])
    assert [row.month for row in rows] == ["2026-10", "2026-03", None]
    assert unpack(pack(bounded(rows))) == (rows, None)


def test_of_too_many_rows_the_newest_whole_months_are_kept() -> None:
    rows = ordered(row_of(month, source) for month in ("2026-01", "2026-02", "2026-03", None) for source in "abc")
    kept, since = bounded(rows, 8)
    assert [(row.month, row.source) for row in kept] == [("2026-03", each) for each in "abc"] + [
        (None, each) for each in "abc"
    ]
    assert since == "2026-03"
    assert bounded(rows, 12) == (rows, None)
    assert bounded(rows, 4).rows == rows[-3:]
