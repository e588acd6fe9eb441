"""Why a hit is one: what a name does not show is said, a total ends where relevance ends, what is far is not near."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

PUNISHED = "厦门示例期舍商贸有限公司"
CODE = "91350203YYY000310G"


def lines(page: Page) -> Locator:
    return page.get_by_role("list", name="查询结果").get_by_role("listitem")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("qishe", "拼音一致"),
        ("期设商贸", "读音相同或相近"),
        ("示例旧屿", "曾用名"),
        ("slqs", "拼音首字母一致"),
        ("澜汀餐馆", re.compile("相近|相同|一致")),
    ],
)
def test_a_hit_says_why_it_is_one_where_its_name_does_not(desk: Page, typed: str, why: str | re.Pattern[str]) -> None:
    desk.goto(f"/search?q={typed}")
    expect(lines(desk).first).to_contain_text(why)


def test_a_name_that_holds_what_was_typed_explains_itself(desk: Page) -> None:
    desk.goto("/search?q=示例期舍")
    expect(lines(desk).first.locator("mark")).to_have_text("示例期舍")
    expect(lines(desk).first.locator(".why")).to_have_count(0)


@pytest.mark.parametrize(("typed", "marked"), [(CODE, CODE), (CODE.lower(), CODE), (CODE[8:17], CODE[8:17])])
def test_a_code_that_was_typed_is_marked_in_the_line_of_its_hit(desk: Page, typed: str, marked: str) -> None:
    desk.goto(f"/search?q={typed}")
    mark = lines(desk).first.locator(".code mark")
    expect(mark).to_be_visible()
    assert mark.inner_text().replace(" ", "") == marked
    expect(lines(desk).first.locator(".why")).to_have_count(0)
    served = desk.request.get(f"/search?q={typed}").text()
    assert f"<mark>{marked}</mark>" in served


EVERY = ("示例澜汀", "澜汀餐馆", "qishe", "slqs", "示例咖啡", "期设商贸", "餐饮 思明", "示例", CODE[:9])
SLIPS = (
    f"{CODE[:-1]}H",
    f"{CODE[:7]}Y{CODE[8:]}",
    CODE[:4] + CODE[5:],
    f"{CODE[:4]}0{CODE[4:]}",
    CODE.lower()[:-1] + "k",
)


@pytest.mark.parametrize("typed", EVERY)
def test_every_hit_and_every_suggestion_has_a_reason(desk: Page, typed: str) -> None:
    hits = desk.request.get(f"/api/v1/entities?q={typed}&page_size=50").json()["hits"]
    assert hits
    assert all(hit["reasons"] for hit in hits)
    for each in desk.request.get(f"/api/v1/suggest?q={typed}").json()["suggestions"]:
        assert each["reason"]


@pytest.mark.parametrize(
    ("typed", "why"), [("shiliqishe", "拼音一致"), ("示例旧屿", "曾用名"), (CODE[:10], "统一社会信用代码")]
)
def test_a_suggestion_says_why_it_is_one_where_its_name_does_not(page: Page, typed: str, why: str) -> None:
    page.goto("/")
    page.get_by_role("combobox", name="企业名称").fill(typed)
    expect(page.get_by_role("option").first).to_contain_text(why)


@pytest.mark.parametrize(("typed", "parts"), [("示例咖啡", ("示例", "咖啡")), ("示例百货", ("示例", "百货"))])
def test_a_total_ends_where_relevance_ends(desk: Page, typed: str, parts: tuple[str, str]) -> None:
    answer = desk.request.get(f"/api/v1/entities?q={typed}&page_size=100").json()
    assert 0 < answer["total"] <= 100
    for hit in answer["hits"]:
        assert all(part in hit["name"] for part in parts)


@pytest.mark.parametrize("typed", SLIPS)
def test_a_code_with_one_wrong_sign_is_asked_about(page: Page, typed: str) -> None:
    page.goto(f"/search?q={typed}")
    expect(page.get_by_text("您是否要找")).to_contain_text(f"{PUNISHED}（{CODE}）")
    page.get_by_role("link", name=PUNISHED).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PUNISHED)


@pytest.mark.parametrize("typed", ["张三咖啡", "厦市监罚", "某某商贸有限公司甲乙"])
def test_what_shares_a_common_word_alone_is_not_near(desk: Page, typed: str) -> None:
    desk.goto(f"/search?q={typed}")
    expect(desk.get_by_role("heading", name="没有找到", exact=True)).to_be_visible()
    expect(desk.get_by_role("heading", name="最接近的名称")).to_have_count(0)


def test_without_hits_there_are_no_empty_filters(page: Page) -> None:
    page.goto("/search?q=查无此名甲乙丙丁戊己庚辛")
    expect(page.get_by_role("heading", name="没有找到", exact=True)).to_be_visible()
    expect(page.get_by_role("complementary", name="筛选")).to_have_count(0)
    page.goto("/search?q=示例期舍&status=注销")
    expect(page.get_by_role("heading", name="这些条件下没有找到")).to_be_visible()
    if page.locator(".facets .toggle").is_visible():
        page.locator(".facets .toggle").click()
    for group in page.get_by_role("main").get_by_role("group").all():
        assert re.search(r"\d", group.inner_text())
    expect(page.get_by_role("checkbox", name=re.compile("^注销"))).to_be_checked()
