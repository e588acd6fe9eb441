"""Finding entities by what a person types, over fictional companies in the real embedded engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from tests.search.conftest import Publish
from tests.search.register import code, entity
from xincha.errors import BadCursor, BadParameters
from xincha.search import cursor
from xincha.search.answers import EntityPage
from xincha.search.questions import EntitySearch, EntitySelection
from xincha.search.service import Searcher

NAMES = [
    "厦门鹭岛信查网络科技有限公司",
    "厦门鹭岛信查网络科技有限公司湖里分公司",
    "泉州鹭岛信查网络科技有限公司",
    "厦门市海沧澜汀建材有限公司",
    "福州澜汀食品有限公司",
    "澜汀餐饮管理（厦门）有限公司",
    "厦门墨池文化传播有限公司",
    "厦门墨迟文化传播有限公司",
    "厦门示例乾坤贸易有限公司",
    "厦门同安古厝工艺品商行",
    "厦门第一示例仪器厂",
    "厦门第二示例仪器厂",
    "福建省示例高速公路发展股份有限公司",
    "厦门ABC示例软件有限公司",
]


def names(page: EntityPage) -> list[str]:
    return [str(hit["name"]) for hit in page.hits]


def ask(searcher: Searcher, q: str, **more: Any) -> EntityPage:
    return searcher.entities.page(EntitySearch(q=q, **more))


@pytest.fixture(scope="module")
def searcher(publish: Publish) -> Searcher:
    documents = [entity(number, name) for number, name in enumerate(NAMES, 1)]
    documents += [
        entity(50, "厦门新名贸易有限公司", former_names=["厦门旧称贸易有限公司"]),
        entity(51, "厦门云栈物流有限公司", address="厦门市思明区示例南路12号3楼", scope="普通货运；仓储服务。"),
        entity(
            52, "厦门云栈仓储有限公司", address="厦门市思明区示例南路126号", scope="挖掘机租赁。", legal_rep="张示例"
        ),
        entity(53, "泉州溪岸茶业有限公司", region="350503", legal_rep="张示例"),
        entity(54, "厦门溪岸茶业有限公司", status="注销"),
        entity(55, "福建溪岸茶业有限公司", region="350500", address="福建省泉州市示例路1号"),
    ]
    return publish(documents)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("厦门鹭岛信查网络科技有限公司", NAMES[0]),
        ("厦门 鹭岛信查 网络科技 有限公司", NAMES[0]),
        ("“厦门鹭岛信查网络科技有限公司”", NAMES[0]),
        ("厦門鷺島信查網絡科技有限公司", NAMES[0]),
        ("厦门鹭岛信查网络科技有限责任公司", NAMES[0]),
        ("鹭岛信查网络科技（厦门）有限公司", NAMES[0]),
        ("厦门澜汀餐饮管理有限公司", NAMES[5]),
        ("ＡＢＣ示例软件", NAMES[13]),
        ("abc示例", NAMES[13]),
        ("墨池", NAMES[6]),
        ("墨池文化传播", NAMES[6]),
        ("厦门墨池", NAMES[6]),
        ("澜汀 福州", NAMES[4]),
        ("古厝工艺品 同安", NAMES[9]),
        ("厦门旧称贸易有限公司", "厦门新名贸易有限公司"),
        ("旧称贸易", "厦门新名贸易有限公司"),
        ("厦门第二示例仪器厂", NAMES[11]),
    ],
)
def test_names_are_found_however_they_are_written(searcher: Searcher, typed: str, first: str) -> None:
    page = ask(searcher, typed)
    assert names(page)[0] == first
    assert not page.notes


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("厦门墨持文化传播有限公司", NAMES[6]),  # one character wrong, the same sound
        ("厦门鹭岛信茶网络科技有限公司", NAMES[0]),
        ("厦门鹭信查网络科技有限公司", NAMES[0]),  # one missing
        ("厦门鹭岛信查大网络科技有限公司", NAMES[0]),  # one too many
        ("厦门同按古措工艺品商行", NAMES[9]),  # two wrong
        ("建材澜汀", NAMES[3]),  # turned round
        ("示高速", NAMES[12]),
        ("澜汀食品公司", NAMES[4]),
    ],
)
def test_names_that_differ_a_little_are_found_and_the_answer_says_so(
    searcher: Searcher, typed: str, first: str
) -> None:
    page = ask(searcher, typed)
    assert names(page)[0] == first
    assert page.notes


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("mochi", NAMES[6]),
        ("mochiwenhua", NAMES[6]),
        ("mo chi wen hua", NAMES[6]),
        ("xiamenmochi", NAMES[6]),
        ("gcgyp", NAMES[9]),
        ("墨池wenhua", NAMES[6]),
        ("guchuo", NAMES[9]),
    ],
)
def test_pinyin_and_first_letters_find_names(searcher: Searcher, typed: str, first: str) -> None:
    assert names(ask(searcher, typed))[0] == first


def test_a_code_finds_its_entity_only(searcher: Searcher) -> None:
    for typed in (code(7), code(7).lower(), f"{code(7)[:8]} {code(7)[8:]}"):
        page = ask(searcher, typed)
        assert names(page) == [NAMES[6]]
        assert page.total == 1
        assert page.hits[0]["reasons"][0].feature == "identifier"
    assert names(ask(searcher, code(7)[8:17])) == [NAMES[6]]


def test_a_misread_code_is_repaired_and_the_answer_says_so(searcher: Searcher) -> None:
    page = ask(searcher, code(7).replace("0", "O"))
    assert names(page) == [NAMES[6]]
    assert "校验位" in page.notes[0]


def test_the_beginning_of_a_code_finds_those_that_begin_so(searcher: Searcher) -> None:
    page = ask(searcher, code(7)[:-2])
    assert NAMES[6] in names(page)


def test_an_address_finds_who_is_there(searcher: Searcher) -> None:
    page = ask(searcher, "思明区示例南路12号")
    assert names(page)[0] == "厦门云栈物流有限公司"
    assert any(highlight.field == "address" for highlight in page.hits[0]["highlights"])


def test_words_may_stand_in_the_scope(searcher: Searcher) -> None:
    page = ask(searcher, "挖掘机租赁")
    assert names(page)[0] == "厦门云栈仓储有限公司"
    assert page.notes


def test_a_place_may_be_in_the_name_the_region_or_the_address(searcher: Searcher) -> None:
    page = ask(searcher, "溪岸 泉州")
    assert set(names(page)) == {"泉州溪岸茶业有限公司", "福建溪岸茶业有限公司"}


def test_excluded_words_exclude(searcher: Searcher) -> None:
    page = ask(searcher, "鹭岛信查 -分公司 -泉州")
    assert names(page) == [NAMES[0]]


def test_a_phrase_is_found_as_it_stands_first(searcher: Searcher) -> None:
    assert names(ask(searcher, "“文化传播”")) == names(ask(searcher, "文化传播"))
    assert names(ask(searcher, "“信查网络”"))[0] in NAMES[:3]


def test_a_person_is_no_search_of_its_own_but_narrows_one(searcher: Searcher) -> None:
    assert names(ask(searcher, "张示例")) == []
    assert names(ask(searcher, "张示例 溪岸")) == ["泉州溪岸茶业有限公司"]
    assert names(ask(searcher, "云栈 张示例")) == ["厦门云栈仓储有限公司"]


def test_nothing_is_found_where_nothing_is_near(searcher: Searcher) -> None:
    page = ask(searcher, "甲乙丙丁戊己庚辛")
    assert (page.total, page.hits, page.cursor, page.nearest) == (0, [], None, [])


def test_where_nothing_is_found_the_answer_says_what_was_tried_and_offers_the_nearest(searcher: Searcher) -> None:
    page = ask(searcher, "拉萨溪岸铸造厂")
    assert page.total == 0
    assert page.notes == [
        "试过名称含有所输文字，或读音、首字母这样开头；名称差一两个字、同音或是简称，住所、经营范围含有所输文字：都没有。"
    ]
    assert {str(hit["name"])[2:] for hit in page.nearest} == {"溪岸茶业有限公司"}
    assert len(page.nearest) == 3
    assert all("茶业" not in str(hit["name"]) for hit in ask(searcher, "拉萨溪岸铸造厂 -茶业").nearest)


def test_a_code_that_nobody_has_is_named_and_nothing_is_near_it(searcher: Searcher) -> None:
    page = ask(searcher, "91350200MA2XN4Q379")
    assert (page.total, page.notes, page.nearest) == (0, ["试过代码 91350200MA2XN4Q379：都没有。"], [])


def test_what_filters_leave_out_is_not_called_missing(searcher: Searcher) -> None:
    page = ask(searcher, "溪岸", status=["吊销未注销"])
    assert (page.total, page.notes, page.nearest) == (0, [], ())


@pytest.mark.parametrize("typed", ["", "  ", "\t"])
def test_nothing_typed_lists_everything(searcher: Searcher, typed: str) -> None:
    assert ask(searcher, typed).total == len(NAMES) + 6


@pytest.mark.parametrize("typed", ["🎉", "%", "？", "。", "\ufffd", "*", "——", "（）", "-", "“”", "…… ！", "@#￥"])
def test_signs_without_a_letter_find_nothing_and_the_answer_says_why(searcher: Searcher, typed: str) -> None:
    page = ask(searcher, typed)
    assert (page.total, page.hits, page.nearest) == (0, [], [])
    assert page.notes == ["所输的只有符号，没有可以查找的文字、字母或数字。"]
    assert [*searcher.entities.all(EntitySelection(q=typed))] == []
    assert searcher.suggest(typed, 8) == []


def test_what_is_left_out_leaves_all_others(searcher: Searcher) -> None:
    assert ask(searcher, "-分公司").total == len(NAMES) + 5


def test_similar_names_stay_apart(searcher: Searcher) -> None:
    assert names(ask(searcher, "厦门墨迟文化传播有限公司"))[0] == NAMES[7]
    assert names(ask(searcher, "厦门第一示例仪器厂"))[0] == NAMES[10]


def test_who_exists_comes_before_who_is_closed_and_head_office_before_branch(searcher: Searcher) -> None:
    hits = names(ask(searcher, "溪岸茶业"))
    assert hits[-1] == "厦门溪岸茶业有限公司"
    assert names(ask(searcher, "鹭岛信查"))[-1] == NAMES[1]


def test_every_hit_says_why(searcher: Searcher) -> None:
    for typed in (NAMES[0], "墨池", "mochi", "厦门墨持文化传播有限公司", "旧称贸易", "思明区示例南路12号"):
        for hit in ask(searcher, typed, page_size=1).hits:
            assert hit["reasons"]
            assert all(reason.text and reason.score > 0 for reason in hit["reasons"])
    exact = ask(searcher, NAMES[0]).hits[0]
    assert [reason.feature for reason in exact["reasons"]] == ["exact_name", "place"]


@pytest.mark.parametrize(
    ("typed", "field", "marked"),
    [
        ("墨池", "name", "墨池"),
        ("mochi", "name", "墨池"),
        ("文化墨池", "name", "墨池文化"),
        ("鷺島", "name", "鹭岛"),
        ("旧称", "former_names", "旧称"),
        (code(7), "uscc", code(7)),
    ],
)
def test_what_matches_is_marked(searcher: Searcher, typed: str, field: str, marked: str) -> None:
    hit = ask(searcher, typed).hits[0]
    shown = {highlight.field: highlight.parts for highlight in hit["highlights"]}
    assert "".join(part.text for part in shown[field] if part.mark) == marked


# ── Filters, facets, order, pages ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def register(publish: Publish) -> Searcher:
    """300 entities with one word in common."""
    kinds, states = ("企业", "个体工商户", "农民专业合作社"), ("存续", "注销")
    return publish(
        entity(
            number,
            f"厦门示例{chr(0x4E00 + number)}{chr(0x5E00 + number)}贸易有限公司",
            region="350203" if number % 2 else "350503",
            kind=kinds[number % 3],
            status=states[number % 5 == 0],
            established_on=f"{2000 + number % 26}-05-01",
            **({"capital_cny": float(number * 1000)} if number % 7 else {}),
            **({"penalty_until": "2026-03-01"} if number % 10 == 0 else {}),
            **({"penalty_until": "2026-02-28"} if number % 10 == 1 else {}),
            **({"abnormal_until": "9999-12-31"} if number % 25 == 0 else {}),
            **({"spot_check_until": "9999-12-31"} if number % 50 == 0 else {}),
        )
        for number in range(1, 301)
    )


def every(searcher: Searcher, search: dict[str, Any]) -> list[str]:
    """Identifiers of all pages."""
    identifiers: list[str] = []
    following = None
    while True:
        page = searcher.entities.page(EntitySearch(**search, cursor=following))
        identifiers += [str(hit["entity_id"]) for hit in page.hits]
        following = page.cursor
        if following is None:
            assert page.total == len(identifiers)
            return identifiers


@pytest.mark.parametrize("size", [7, 100])
@pytest.mark.parametrize("sort", ["relevance", "established_on", "-established_on", "-capital_cny", "capital_cny"])
@pytest.mark.parametrize("q", ["示例", "", "shili"])
def test_pages_hold_everything_once(register: Searcher, q: str, sort: str, size: int) -> None:
    identifiers = every(register, {"q": q, "sort": sort, "page_size": size, "facet": ()})
    assert len(identifiers) == len(set(identifiers)) == 300


def test_pages_of_any_size_have_one_order(register: Searcher) -> None:
    small, large = (every(register, {"q": "示例", "page_size": size, "facet": ()}) for size in (13, 90))
    assert small == large


def test_fields_order_with_those_without_a_value_last(register: Searcher) -> None:
    page = ask(register, "示例", sort="-capital_cny", page_size=300, facet=())
    capitals = [hit.get("capital_cny") for hit in page.hits]
    known = [value for value in capitals if isinstance(value, float)]
    assert known == sorted(known, reverse=True)
    assert capitals[len(known) :] == [None] * (300 - len(known))


def buckets(page: EntityPage, facet: str) -> dict[str, int]:
    return {bucket["value"]: bucket["count"] for bucket in page.facets[facet]}


def test_facets_are_counted_over_all_filters_but_their_own(register: Searcher) -> None:
    page = ask(register, "示例", status=["注销"])
    assert page.total == 60
    assert buckets(page, "status") == {"存续": 240, "注销": 60}
    assert sum(buckets(page, "kind").values()) == 60
    both = ask(register, "示例", status=["注销"], kind=["企业"])
    assert buckets(both, "kind") == buckets(page, "kind")
    assert sum(buckets(both, "status").values()) == 100


def test_regions_have_names(register: Searcher) -> None:
    named = {bucket["value"]: bucket["name"] for bucket in ask(register, "示例").facets["region"]}
    assert named["350200"] == "厦门市"
    assert named["350203"] == "思明区"


def test_what_the_law_says_depends_on_the_day(register: Searcher) -> None:
    """Windows close: what may be shown until yesterday is neither counted nor found."""
    page = ask(register, "示例")
    assert buckets(page, "has") == {"penalty": 30, "abnormal": 12, "spot_check": 6}
    assert ask(register, "示例", has=["penalty"]).total == 30
    assert ask(register, "示例", has=["abnormal", "penalty"]).total == 36


def test_bounds_are_inclusive_and_facets_give_them(register: Searcher) -> None:
    page = ask(register, "示例", capital_from=1000.0, capital_to=2000.0)
    assert page.total == 2
    for bucket in ask(register, "示例").facets["established"]:
        page = ask(register, "示例", established_from=bucket["from"], established_to=bucket["to"])
        assert page.total == bucket["count"]
    for bucket in ask(register, "示例").facets["capital"]:
        assert ask(register, "示例", capital_from=bucket["from"], capital_to=bucket["to"]).total == bucket["count"]


def test_filters_do_not_make_a_search_wider(searcher: Searcher) -> None:
    page = ask(searcher, "墨池", status=["注销"])
    assert (page.total, page.notes) == (0, [])
    assert buckets(page, "status") == {"存续": 1}


def test_only_facets_that_were_asked_for_are_counted(register: Searcher) -> None:
    assert set(ask(register, "示例", facet=("status", "has")).facets) == {"status", "has"}
    assert ask(register, "示例", facet=()).facets == {}


def test_a_cursor_belongs_to_its_search(register: Searcher) -> None:
    first = ask(register, "示例", page_size=10).cursor
    for other in ({"q": "贸易"}, {"q": "示例", "sort": "capital_cny"}, {"q": "示例", "status": ["存续"]}):
        with pytest.raises(BadCursor):
            register.entities.page(EntitySearch.model_validate({"q": "示例", **other, "cursor": first}))


@pytest.mark.parametrize("text", ["x", "AAAA", "bnVsbA", "WzEsMiwzXQ", "W10", "é"])
def test_a_damaged_cursor_is_refused(register: Searcher, text: str) -> None:
    with pytest.raises(BadCursor):
        register.entities.page(EntitySearch(q="示例").model_copy(update={"cursor": text}))


POSITIONS: list[tuple[str, list[Any]]] = [
    ("sorted", []),
    ("sorted", [0]),
    ("sorted", [0, "x", "y"]),
    ("sorted", [0, 2**64 - 1, 2**64 - 1]),
    ("sorted", [9, date(2020, 1, 1), 1]),
    ("sorted", [0, None, None]),
    ("ranked", [0, 1]),
    ("ranked", [0, -9]),
    ("ranked", [9, 0]),
    ("ranked", ["0", 0]),
    ("beyond", [0, 2**64 - 1]),
    ("beyond", []),
    ("other", [0, 0]),
]


@pytest.mark.parametrize("sort", ["relevance", "established_on"])
@pytest.mark.parametrize(("kind", "position"), POSITIONS)
def test_a_forged_cursor_is_a_bad_cursor_or_a_page(
    register: Searcher, sort: str, kind: str, position: list[Any]
) -> None:
    search = EntitySearch.model_validate({"q": "示例", "sort": sort})
    forged = cursor.write(cursor.binding(search.selection), kind, position)
    try:
        page = ask(register, "示例", sort=sort, cursor=forged)
    except BadCursor:
        return
    assert page.total == 300


@pytest.mark.parametrize(
    ("name", "value"), [("sort", "name"), ("colour", "blue"), ("has", "gold"), ("facet", "colour"), ("q", "示" * 201)]
)
def test_what_cannot_be_asked_is_named(name: str, value: str) -> None:
    with pytest.raises(BadParameters) as caught:
        EntitySearch.read([(name, value)])
    assert caught.value.parameter == name
    assert caught.value.allowed


def _ids(page: EntityPage) -> Sequence[object]:
    return [hit["entity_id"] for hit in page.hits]


def test_the_same_question_has_the_same_answer(register: Searcher) -> None:
    assert _ids(ask(register, "示例贸易")) == _ids(ask(register, "示例贸易"))
