"""One entity: its counts on a day, and what was known of it on an earlier one."""

from __future__ import annotations

from datetime import date

import pytest

from tests.search.conftest import Publish
from tests.search.register import TODAY, code, entity
from xincha.errors import NotFound
from xincha.search.counts import counts_on
from xincha.search.history import as_of
from xincha.search.questions import EntitySearch


def brief(kind: str, begin: str, end: str, **more: object) -> dict[str, object]:
    return {"kind": kind, "public_from": begin, "public_until": end, **more}


RECORDS = [
    brief("penalty", "2023-03-02", "2026-03-01", fine_cny=100.5),
    brief("penalty", "2022-01-01", "2025-01-01", fine_cny=50),
    brief("penalty", "2023-01-01", "2027-01-01", withheld="repaired"),
    brief("abnormal", "2020-07-01", "9999-12-31", state="listed"),
    brief("abnormal", "2021-07-01", "9999-12-31", state="listed", turns_on="2022-05-05", next_state="removed"),
    brief("spot_check", "2024-01-01", "9999-12-31", state="found"),
    brief("spot_check", "2024-01-01", "9999-12-31", state="clear"),
]
NAMES = ("penalty", "abnormal", "abnormal_now", "spot_check", "spot_check_found", "fine_cny")


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        ("2026-03-01", (1, 2, 1, 2, 1, 100.5)),
        ("2026-03-02", (0, 2, 1, 2, 1, 0.0)),
        ("2025-01-01", (2, 2, 1, 2, 1, 150.5)),
        ("2022-05-04", (1, 2, 2, 0, 0, 50.0)),
        ("2022-05-05", (1, 2, 1, 0, 0, 50.0)),
        ("2020-01-01", (0, 0, 0, 0, 0, 0.0)),
    ],
)
def test_records_are_counted_as_of_a_day(day: str, counts: tuple[float, ...]) -> None:
    counted = counts_on({"records": RECORDS}, date.fromisoformat(day))
    assert tuple(counted[name] for name in NAMES) == counts


def test_the_latest_day_is_that_of_records_which_count() -> None:
    records = [
        brief("penalty", "2023-03-02", "2026-03-01", on="2023-03-01"),
        brief("penalty", "2023-01-01", "2027-01-01", on="2025-12-30", withheld="repaired"),
        brief("penalty", "2022-01-01", "2027-01-01", on="2021-12-30"),
        brief("abnormal", "2021-07-01", "9999-12-31", on="2021-07-01", state="removed"),
        brief("abnormal", "2020-07-01", "9999-12-31", state="listed"),
    ]
    counted = counts_on({"records": records}, date(2026, 3, 1))
    assert [counted[name] for name in ("penalty_last_on", "abnormal_last_on", "serious_last_on")] == [
        "2023-03-01", None, None,
    ]  # fmt: skip
    assert counts_on({"records": records}, date(2026, 3, 2))["penalty_last_on"] == "2021-12-30"


def test_an_entity_without_records_has_none() -> None:
    assert not any(counts_on({}, TODAY).values())


CHANGES = [
    {
        "field": "name",
        "old": "厦门旧称贸易有限公司",
        "new": "厦门新名贸易有限公司",
        "changed_at": "2024-05-01T10:00:00.000000Z",
    },
    {"field": "capital_cny", "old": "1000000.00", "new": "5000000.00", "changed_at": "2024-06-30T16:30:00.000000Z"},
    {"field": "former_names", "new": '["厦门旧称贸易有限公司"]', "changed_at": "2024-05-01T10:00:00.000000Z"},
    {"field": "region_code", "old": "350203", "new": "350206", "changed_at": "2025-01-01T00:00:00.000000Z"},
]
SOURCE = {
    "name": "厦门新名贸易有限公司", "capital_cny": 5000000.0, "former_names": ["厦门旧称贸易有限公司"],
    "region_code": "350206", "region": "福建省厦门市湖里区", "changes": CHANGES,
    "status": "注销", "status_on": "2025-02-01",
}  # fmt: skip


def test_later_changes_are_undone() -> None:
    before = as_of(SOURCE, date(2024, 4, 30))
    assert before == {
        "name": "厦门旧称贸易有限公司", "capital_cny": 1000000.0,
        "region_code": "350203", "region": "福建省厦门市思明区",
    }  # fmt: skip


def test_changes_up_to_the_day_stay_and_days_are_those_of_china() -> None:
    view = as_of(SOURCE, date(2024, 6, 30))
    assert view["name"] == "厦门新名贸易有限公司"
    assert view["capital_cny"] == 1000000.0  # 16:30 of 30 June in UTC is 1 July in China
    assert [change["field"] for change in view["changes"]] == ["name", "former_names"]
    assert as_of(SOURCE, date(2024, 7, 1))["capital_cny"] == 5000000.0


def test_a_later_state_is_not_known_yet() -> None:
    assert "status" not in as_of(SOURCE, date(2025, 1, 31))
    assert as_of(SOURCE, date(2025, 2, 1))["status"] == "注销"


def test_one_entity_today_and_on_an_earlier_day(publish: Publish) -> None:
    searcher = publish(
        [entity(1, "厦门新名贸易有限公司", established_on="2019-01-02", records=RECORDS, changes=CHANGES[:1])]
    )
    today = searcher.entities.one(code(1))
    assert (today["as_of"], today["counts"]["penalty"], today["name"]) == (TODAY, 1, "厦门新名贸易有限公司")
    before = searcher.entities.one(code(1), date(2024, 1, 31))
    assert (before["as_of"], before["counts"]["penalty"], before["name"]) == (
        date(2024, 1, 31),
        1,  # of the two that had begun, one may not be shown any more
        "厦门旧称贸易有限公司",
    )
    with pytest.raises(NotFound):
        searcher.entities.one(code(1), date(2019, 1, 1))
    with pytest.raises(NotFound):
        searcher.entities.one(code(2))


LATER = {
    "status": "存续", "status_on": "2019-01-02", "approved_on": "2024-03-01", "term_from_on": "2024-03-01",
    "term_to_on": "9999-12-31", "established_on": "2019-01-02", "known_from": "2025-11-30T17:00:00.000000Z",
}  # fmt: skip


def test_what_is_certainly_later_is_left_out() -> None:
    before, after = as_of(LATER, date(2024, 2, 29)), as_of(LATER, date(2024, 3, 1))
    assert set(LATER) - set(before) == {"approved_on", "term_from_on", "term_to_on"}
    assert after == LATER


def test_what_was_not_known_on_a_day_says_since_when_it_is(publish: Publish) -> None:
    searcher = publish([entity(1, "厦门后知贸易有限公司", **LATER), entity(2, "厦门无源贸易有限公司")])
    today = searcher.entities.one(code(1))
    assert (today["known_from"], "不详" in today["summary"]) == (date(2025, 12, 1), False)  # a day in China
    on = searcher.entities.one(code(1), date(2025, 12, 1))
    assert on["summary"] == today["summary"] == "2019 年成立，存续"
    before = searcher.entities.one(code(1), date(2025, 11, 30))
    assert before["known_from"] > before["as_of"]
    assert before["summary"] == "2019 年成立，存续；登记信息自 2025-12-01 起才有，2025-11-30 是否如此不详"
    assert searcher.entities.one(code(2))["known_from"] is None


def test_a_list_of_an_earlier_day_says_what_was_known_then(publish: Publish) -> None:
    searcher = publish(
        [
            entity(1, "厦门后知贸易有限公司", **LATER),
            entity(2, "厦门后知商贸有限公司", established_on="2025-06-01"),
            entity(3, "厦门后知经贸有限公司", known_from="2018-01-01T00:00:00.000000Z", established_on="2017-01-01"),
        ]
    )
    page = searcher.entities.page(EntitySearch(q="厦门后知"))
    shown = searcher.entities.as_known(page, date(2024, 1, 1))
    assert {hit["entity_id"]: hit["known_from"] for hit in shown.hits} == {
        code(1): date(2025, 12, 1),
        code(3): date(2018, 1, 1),
    }
    assert all(hit["reasons"] for hit in shown.hits)
    assert {hit["entity_id"]: hit["approved_on"] for hit in shown.hits}[code(1)] is None
    assert list(shown.notes) == [
        *page.notes,
        "以上为 2024-01-01 的情况。",
        "1 家的登记信息是此后才有的（最早 2025-12-01），2024-01-01 是否如此不详。",
        "1 家此后才成立，没有列出。",
    ]
