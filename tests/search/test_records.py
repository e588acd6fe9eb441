"""Finding records of fictional companies: words, numbers, what may be shown, facets and sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.search.conftest import Publish
from tests.search.register import code, entity, record
from xincha.errors import BadCursor, BadParameters, NotFound
from xincha.search.answers import RecordPage
from xincha.search.questions import RecordSearch, Timeline
from xincha.search.service import Searcher


@pytest.fixture(scope="module")
def searcher(publish: Publish) -> Searcher:
    return publish(
        [entity(1, "厦门示例澜汀食品有限公司"), entity(2, "厦门示例墨池餐饮有限公司")],
        [
            record(
                "P-1", "penalty", entity_id=code(1), link_rule="uscc", party_name="厦门示例澜汀食品有限公司",
                doc_no="示市监罚〔2025〕12号", facts="当事人经营超过保质期的食品。", content="罚款人民币伍仟元整。",
                category=["罚款"], fine_cny=5000.0, happened_on="2025-03-01", authority="示例市市场监督管理局",
            ),
            record(
                "P-2", "penalty", entity_id=code(1), link_rule="uscc", party_name="厦门示例澜汀食品有限公司",
                doc_no="示市监罚〔2025〕120号", facts="当事人未取得食品经营许可。", category=["没收违法所得", "罚款"],
                fine_cny=1000.0, confiscated_cny=250.5, happened_on="2025-05-01",
            ),
            record("P-3", "penalty", facts="超过保质期", party_name="示例甲", withheld="no_penalty", fine_cny=9.0),
            record("P-4", "penalty", facts="超过保质期", party_name="示例乙", public_until="2026-02-28", fine_cny=9.0),
            record("P-5", "penalty", facts="超过保质期", party_name="示例丙", public_from="2026-03-02", fine_cny=9.0),
            record("P-6", "penalty", facts="超过期限", party_name="示例丁", public_until="2026-03-01", fine_cny=7.0),
            record(
                "A-1", "abnormal", entity_id=code(2), link_rule="name", party_name="厦门示例墨池餐饮有限公司",
                reason="未按照规定公示年度报告", category=["annual_report"], state="listed", happened_on="2024-07-01",
            ),
            record("C-1", "spot_check", entity_id=code(2), state="clear", happened_on="2024-09-01"),
        ],
    )  # fmt: skip


def record_ids(page: RecordPage) -> list[object]:
    return [hit["record_id"] for hit in page.hits]


def ask(searcher: Searcher, q: str = "", **more: Any) -> RecordPage:
    return searcher.records.page(RecordSearch(q=q, **more))


def test_only_what_may_be_shown_today_is_found_counted_and_summed(searcher: Searcher) -> None:
    page = ask(searcher)
    assert set(record_ids(page)) == {"P-1", "P-2", "P-6", "A-1", "C-1"}
    assert page.total == 5
    assert page.sums == {"fine_cny": 6007.0, "confiscated_cny": 250.5}
    kinds = {bucket["value"]: (bucket["name"], bucket["count"]) for bucket in page.facets["kind"]}
    assert kinds == {"penalty": ("行政处罚", 3), "abnormal": ("经营异常", 1), "spot_check": ("抽查检查", 1)}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("超过保质期", ["P-1"]),
        ("“保质期的食品”", ["P-1"]),
        ("食品 许可", ["P-2"]),
        ("示市监罚〔2025〕12号", ["P-1"]),
        ("示市监罚(2025) 12 号", ["P-1"]),
        ("厦门示例墨池餐饮有限公司", ["A-1"]),
        ("墨池", ["A-1"]),
        ("澜汀食品 -许可", ["P-1"]),
        ("年度报告", ["A-1"]),
        ("无此内容甲乙丙", []),
    ],
)
def test_records_are_found_by_words_phrases_numbers_and_parties(
    searcher: Searcher, typed: str, expected: list[str]
) -> None:
    assert record_ids(ask(searcher, typed)) == expected


def test_the_newest_come_first(searcher: Searcher) -> None:
    assert record_ids(ask(searcher, kind=["abnormal", "spot_check"])) == ["C-1", "A-1"]


def test_filters_and_their_facets(searcher: Searcher) -> None:
    page = ask(searcher, category=["罚款"])
    assert set(record_ids(page)) == {"P-1", "P-2"}
    assert page.sums["fine_cny"] == 6000.0
    assert {bucket["value"] for bucket in page.facets["category"]} == {"罚款", "没收违法所得", "annual_report"}
    assert record_ids(ask(searcher, link=["name"])) == ["A-1"]
    assert record_ids(ask(searcher, state=["listed"])) == ["A-1"]
    assert record_ids(ask(searcher, fine_from=5000.0)) == ["P-1"]


def test_years_are_counted_and_their_bounds_go_back_as_filter(searcher: Searcher) -> None:
    years = ask(searcher).facets["happened"]
    assert [bucket["value"] for bucket in years] == ["2025", "2024"]
    for year in years:
        assert ask(searcher, happened_from=year["from"], happened_to=year["to"]).total == year["count"]


def test_pages_hold_every_record_once(searcher: Searcher) -> None:
    for sort in (None, "happened_on", "-fine_cny", "fine_cny"):
        seen: list[object] = []
        cursor = None
        while True:
            page = ask(searcher, page_size=2, sort=sort, cursor=cursor)
            seen += record_ids(page)
            cursor = page.cursor
            if cursor is None:
                break
        assert sorted(map(str, seen)) == ["A-1", "C-1", "P-1", "P-2", "P-6"]


def test_matches_are_marked(searcher: Searcher) -> None:
    hit = ask(searcher, "保质期").hits[0]
    marked = {each.field: "".join(part.text for part in each.parts if part.mark) for each in hit["highlights"]}
    assert marked == {"facts": "保质期"}


def test_one_record(searcher: Searcher) -> None:
    assert searcher.records.one("P-1")["doc_no"] == "示市监罚〔2025〕12号"


@pytest.mark.parametrize("identifier", ["P-3", "P-4", "P-5", "P-9"])
def test_a_record_that_may_not_be_shown_is_not_there(searcher: Searcher, identifier: str) -> None:
    with pytest.raises(NotFound):
        searcher.records.one(identifier)


def test_the_timeline_of_an_entity(searcher: Searcher) -> None:
    assert record_ids(searcher.timeline(Timeline(entity_id=code(1)))) == ["P-2", "P-1"]
    assert record_ids(searcher.timeline(Timeline(entity_id=code(2), kind=("abnormal",)))) == ["A-1"]
    first = searcher.timeline(Timeline(entity_id=code(1), page_size=1))
    assert record_ids(searcher.timeline(Timeline(entity_id=code(1), page_size=1, cursor=first.cursor))) == ["P-1"]
    with pytest.raises(BadCursor):
        searcher.timeline(Timeline(entity_id=code(2), page_size=1, cursor=first.cursor))
    with pytest.raises(NotFound):
        searcher.timeline(Timeline(entity_id=code(3)))


def test_what_cannot_be_asked_is_refused(searcher: Searcher) -> None:
    for name, value in (("sort", "name"), ("colour", "x"), ("entity_id", code(1))):
        with pytest.raises(BadParameters) as caught:
            RecordSearch.read([(name, value)])
        assert caught.value.parameter == name
    with pytest.raises(BadCursor):
        ask(searcher, "罚款", cursor=ask(searcher, page_size=1).cursor)


def test_a_rule_is_told_with_its_articles_and_the_text_of_those_that_are_loaded(publish: Publish) -> None:
    rule = "依法公示（《企业信息公示暂行条例》第十七条）；不再展示（《信用修复管理办法》（2026年）第三条、第四条）"
    searcher = publish(
        [],
        [
            record("A-1", "abnormal", rule=rule, state="listed"),
            record(
                "F-1", "regulation", law="企业信息公示暂行条例", article_no="17", citation="企业信息公示暂行条例|17",
                article_text="有下列情形之一的，列入经营异常名录。", article=["企业信息公示暂行条例|17"],
                version_on="2014-08-07",
            ),
        ],
    )  # fmt: skip
    loaded, *others = searcher.records.one("A-1")["rule_articles"]
    assert (loaded.citation, loaded.record_id) == ("企业信息公示暂行条例|17", "F-1")
    assert loaded.text == "有下列情形之一的，列入经营异常名录。"
    assert "2014-08-07 的文本" in loaded.title
    assert [(each.title, each.record_id, each.text) for each in others] == [
        ("《信用修复管理办法》第3条", None, None),
        ("《信用修复管理办法》第4条", None, None),
    ]
    assert searcher.records.articles(["没有写明条文的规则（据报道，未见条文）", ""]) == []
