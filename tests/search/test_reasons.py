"""Every hit and every suggestion has a reason that a person sees; where there is none more, results end."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from loadtests.cases import of_files, own
from tests.search.conftest import Publish
from tests.search.register import TODAY, code, entity
from xincha.engine.open import open_engine
from xincha.search.answers import EntityPage, Highlight
from xincha.search.questions import EntitySearch, EntitySelection
from xincha.search.service import Searcher
from xincha.settings import Settings

_TRADES = ("餐饮管理", "贸易", "机械租赁", "食品", "文化传播", "软件")


@pytest.fixture(scope="module")
def searcher(publish: Publish) -> Searcher:
    """240 companies of one brand and many trades, some cafés, and a few by themselves."""
    many = [
        entity(
            number, f"厦门示例{chr(0x4E00 + number)}{_TRADES[number % 6]}有限公司", status=("存续", "注销")[number % 2]
        )
        for number in range(1, 241)
    ]
    cafes = [entity(300 + number, f"厦门{chr(0x5E00 + number)}山咖啡店") for number in range(60)]
    others = [
        entity(401, "厦门示例咖菲有限公司"),
        entity(402, "厦门浔泉餐饮有限公司"),
        entity(403, "泉州循权贸易有限公司", region="350503"),
        entity(404, "厦门迅泉商行"),
        entity(405, "福州寻常泉水有限公司", region="350103"),
        entity(406, "厦门澄瓦（泉州）旅游有限公司"),
        entity(407, "厦门新名示范有限公司", former_names=["厦门旧称澄瓦有限公司"]),
        entity(
            408, "厦门示范设备有限公司", scope="机械设备租赁；挖掘机的租赁服务", address="厦门市思明区厦禾路示例大厦"
        ),
        entity(409, "厦门晴川阁贸易有限公司", legal_rep="示安"),
        entity(410, "厦门示范一号有限公司", region="350206"),
        entity(411, "厦门澜桥甲子有限公司"),
        entity(412, "厦门澜桥丁子有限公司"),
    ]
    return publish([*many, *cafes, *others])


def ask(searcher: Searcher, q: str, **more: Any) -> EntityPage:
    return searcher.entities.page(EntitySearch(q=q, **more))


def names(page: EntityPage) -> list[str]:
    return [str(hit["name"]) for hit in page.hits]


def is_marked(highlights: list[Highlight]) -> bool:
    return any(part.mark for highlight in highlights for part in highlight.parts)


# ── Where relevance ends ───────────────────────────────────────────────────────────────────────────────────────────


def test_what_shares_one_word_is_no_hit(searcher: Searcher) -> None:
    """示例咖啡 is nobody's name: one brand and one trade of it are those of 300 companies."""
    page = ask(searcher, "示例咖啡")
    assert names(page)[0] == "厦门示例咖菲有限公司"
    assert page.total == len(page.hits) < 10
    assert page.notes


@pytest.mark.parametrize("q", ["示例咖啡", "寻泉", "厦门示例咖菲有限责任公司思明", "挖掘机租赁", "晴川各", "xunquan"])
def test_total_facets_pages_and_export_are_of_the_same_hits(searcher: Searcher, q: str) -> None:
    whole = ask(searcher, q, page_size=300)
    found = [hit["entity_id"] for hit in whole.hits]
    assert whole.total == len(found) > 0
    assert [row["entity_id"] for rows in searcher.entities.all(EntitySelection(q=q)) for row in rows] == found
    assert sum(bucket["count"] for bucket in whole.facets["status"]) == whole.total
    sorted_hits = ask(searcher, q, page_size=300, sort="-established_on").hits
    assert {hit["entity_id"] for hit in sorted_hits} == set(found)
    pages, following = [], None
    while page := ask(searcher, q, page_size=2, cursor=following):
        pages += [hit["entity_id"] for hit in page.hits]
        if not (following := page.cursor):
            break
    assert pages == found


def test_filters_take_from_what_is_near_and_add_nothing(searcher: Searcher) -> None:
    every = ask(searcher, "示例机租赁", page_size=300)
    closed = ask(searcher, "示例机租赁", page_size=300, status=["注销"])
    assert {*names(closed)} == {str(hit["name"]) for hit in every.hits if hit["status"] == "注销"}


# ── What the answer says ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", ["寻泉", "厦门寻泉", "寻泉 厦门", "巡泉"])
def test_a_brand_is_found_as_it_was_heard(searcher: Searcher, typed: str) -> None:
    page = ask(searcher, typed)
    assert {"厦门浔泉餐饮有限公司", "厦门迅泉商行"} <= set(names(page)[:3])


def test_the_answer_says_that_several_sound_alike(searcher: Searcher) -> None:
    assert "3 家的读音与所输相同" in ask(searcher, "寻泉").notes[1]
    assert len(ask(searcher, "晴川各").notes) == 1


def test_the_answer_says_that_several_have_one_character_more(searcher: Searcher) -> None:
    page = ask(searcher, "厦门澜桥子有限公司")
    assert set(names(page)[:2]) == {"厦门澜桥甲子有限公司", "厦门澜桥丁子有限公司"}
    assert "2 家比所输多一个字" in page.notes[1]


def test_the_note_says_where_what_was_typed_stands(searcher: Searcher) -> None:
    page = ask(searcher, "挖掘机租赁")
    assert page.notes == ["没有名称包含所输文字，以下企业的住所或经营范围含有所输文字"]
    assert is_marked(page.hits[0]["highlights"])


def test_a_code_with_one_wrong_sign_is_asked_about(searcher: Searcher) -> None:
    right = code(402)
    wrong = f"{right[:12]}{'7' if right[12] != '7' else '8'}{right[13:]}"
    swapped = f"{right[:3]}{right[4]}{right[3]}{right[5:]}"
    for typed in (wrong, f"代码：{wrong}。", swapped, right[:5] + right[6:], f"{right[:9]}0{right[9:]}"):
        page = ask(searcher, typed)
        assert "厦门浔泉餐饮有限公司" in names(page), typed
        assert "校验位不符，您是否要找" in page.notes[0]
        assert f"厦门浔泉餐饮有限公司（{right}）" in page.notes[0]
        assert page.hits[0]["reasons"][0].feature == "near_code"
        assert page.hits[0]["highlights"][0].field == "uscc"
    assert [suggestion.name for suggestion in searcher.suggest(wrong, 3)] == ["厦门浔泉餐饮有限公司"]


# ── Reasons ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "typed",
    [
        *("示例", "示例咖啡", "寻泉", "旧称澄瓦", "挖掘机租赁", "示例大厦", "示安 晴川阁", "晴川阁 示安", "湖里区示范"),
        *("xunquan", "xq", "xmxunquan", "chengwalvyou", "lǚyóu", "lv3you2", code(402), code(402)[8:17], code(402)[:12]),
        *("山咖啡", "厦门示例x", "迅quan", "思明 挖掘机"),
    ],
)
def test_every_hit_and_suggestion_has_a_reason_that_is_seen(searcher: Searcher, typed: str) -> None:
    page = ask(searcher, typed, page_size=300)
    unseen = [hit["name"] for hit in page.hits if not is_marked(list(hit["highlights"])) and not hit["reasons"]]
    assert (unseen, page.total > 0 or typed == "厦门示例x") == ([], True)
    for suggestion in searcher.suggest(typed, 8):
        assert any(part.mark for part in suggestion.parts) or suggestion.why


def test_a_suggestion_by_a_former_name_shows_it(searcher: Searcher) -> None:
    (suggestion,) = searcher.suggest("旧称澄瓦", 8)
    assert suggestion.name == "厦门新名示范有限公司"
    assert suggestion.why
    assert suggestion.why.field == "former_names"


@pytest.mark.slow
def test_every_hit_over_published_registrations_has_a_reason_that_is_seen(registered: Path) -> None:
    every = of_files() + own()
    chance = random.Random(20260301)  # noqa: S311 - the same sample each time
    asked = [
        query for case in chance.sample(every, 200) for query in (case.query, case.query[: len(case.query) // 2 + 1])
    ]
    with closing(open_engine(Settings(data=registered))) as engine:
        searcher = Searcher(engine, today=lambda: TODAY)
        for q in asked:
            for hit in ask(searcher, q, page_size=50, facet=()).hits:
                assert is_marked(list(hit["highlights"])), (q, hit["name"])
            for suggestion in searcher.suggest(q, 8):
                assert any(part.mark for part in suggestion.parts) or suggestion.why, (q, suggestion.name)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("南阳市示例万德机电有限公司", "南阳市示例万得机械有限公司"),
        ("淮南市示例万德机电有限公司", "淮南市示例万德电机有限公司"),
    ],
)
def test_the_place_decides_before_the_rest_of_the_name(publish: Publish, typed: str, first: str) -> None:
    searcher = publish(
        [
            entity(1, "南阳市示例万得机械有限公司", region="411300"),
            entity(2, "淮南市示例万德电机有限公司", region="340400"),
        ]
    )
    assert names(ask(searcher, typed))[0] == first
