"""A person finds a company and reads its record: by mouse and by keyboard, on a phone and at a desk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

pytestmark = pytest.mark.browser

HEAD_OFFICE = "厦门示例澜汀餐饮管理有限公司"
PUNISHED = "厦门示例期舍商贸有限公司"


def results(page: Page) -> Locator:
    return page.get_by_role("list", name="查询结果").get_by_role("heading")


def search(page: Page, text: str) -> None:
    page.goto("/")
    page.get_by_role("combobox", name="企业名称").fill(text)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def show_filters(page: Page) -> None:
    page.locator(".total").filter(has_text="共").wait_for()
    if page.locator(".facets .toggle").is_visible():
        page.locator(".facets .toggle").click()


def leave_filters(page: Page) -> None:
    if page.get_by_role("dialog", name="筛选").is_visible():
        page.get_by_role("button", name=re.compile("^查看")).click()


def test_home_tells_what_is_here_and_its_examples_find_something(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("combobox", name="企业名称")).to_be_focused()
    facts = page.get_by_role("region", name="这里有什么")
    expect(facts).to_contain_text(
        re.compile(r"可查 [\d,]+ 家主体、[\d,]+ 条公示记录.*厦门市.*数据截至 \d{4}-\d\d-\d\d")
    )
    example = facts.get_by_role("link").first
    example.click()
    expect(results(page).first).to_be_visible()


def test_by_mouse(page: Page) -> None:
    search(page, "示例澜汀")
    expect(results(page).first).to_have_text(HEAD_OFFICE)
    expect(results(page).first.locator("mark").first).to_be_visible()
    expect(page).to_have_title("“示例澜汀”的查询结果 · 信查")
    results(page).first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HEAD_OFFICE)
    expect(page).to_have_title(f"{HEAD_OFFICE} · 信查")
    expect(page.get_by_role("main")).to_be_focused()


def test_by_keyboard(page: Page) -> None:
    page.goto("/")
    page.keyboard.type("示例期舍")
    page.keyboard.press("Enter")
    first = page.get_by_role("link", name=PUNISHED)
    expect(first).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Tab")
        if first.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(PUNISHED)
    page.go_back()
    expect(first).to_be_focused()


def test_slash_brings_the_box(desk: Page) -> None:
    desk.goto("/about")
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    desk.keyboard.press("/")
    expect(desk.get_by_role("combobox", name="企业名称")).to_be_focused()
    desk.keyboard.type("a/b")
    expect(desk.get_by_role("combobox", name="企业名称")).to_have_value("a/b")


def test_filters_narrow_and_chips_widen_again(page: Page) -> None:
    page.goto("/search")
    total = page.locator(".total")
    expect(total).to_have_text(re.compile(r"共 [\d,]+ 家"))
    everything = total.inner_text()
    show_filters(page)
    page.get_by_role("checkbox", name=re.compile("^注销")).check()
    chip = page.get_by_role("button", name="移除条件 登记状态：注销")
    expect(chip).to_be_visible()
    expect(page).to_have_url(re.compile("status="))
    expect(total).not_to_have_text(everything)
    expect(page.get_by_role("checkbox", name=re.compile("^存续"))).to_be_visible()
    leave_filters(page)
    for line in page.get_by_role("list", name="查询结果").get_by_role("listitem").all():
        expect(line).to_contain_text("注销")
    chip.press("Enter")
    expect(total).to_have_text(everything)
    expect(page.get_by_role("main")).to_be_focused()


def test_a_range_is_chosen_by_bucket_and_by_hand(desk: Page) -> None:
    desk.goto("/search")
    desk.get_by_role("spinbutton", name="注册资本，从").fill("100")
    desk.get_by_role("button", name="按注册资本筛选").click()
    expect(desk).to_have_url(re.compile("capital_from=1000000"))
    chip = desk.get_by_role("button", name="移除条件 注册资本：100 万元 起")
    expect(chip).to_be_visible()
    chip.click()
    bucket = desk.get_by_role("group", name="成立时间").get_by_role("button").first
    bucket.click()
    expect(bucket).to_have_attribute("aria-pressed", "true")
    expect(desk).to_have_url(re.compile("established_"))
    bucket.click()
    expect(bucket).to_have_attribute("aria-pressed", "false")


def test_order_is_part_of_the_address(page: Page) -> None:
    page.goto("/search")
    page.get_by_label("排序").select_option(label="最早成立")
    expect(page).to_have_url(re.compile("sort=established_on"))
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    lines = page.get_by_role("list", name="查询结果").get_by_role("listitem")
    days = [day for text in lines.all_inner_texts() for day in re.findall(r"(\d{4}-\d\d-\d\d) 成立", text)]
    assert days
    assert days == sorted(days)
    page.reload()
    expect(page.get_by_label("排序")).to_have_value("established_on")


def test_more_of_a_list_and_the_way_back_to_the_same_place(page: Page) -> None:
    page.goto("/search")
    expect(results(page)).to_have_count(20)
    more = page.get_by_role("button", name="加载更多")
    more.press("Enter")
    expect(results(page)).to_have_count(40)
    thirtieth = results(page).nth(29).get_by_role("link")
    expect(results(page).nth(20).get_by_role("link")).to_be_focused()
    name = thirtieth.inner_text()
    thirtieth.scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    thirtieth.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.go_back()
    expect(results(page)).to_have_count(40)
    expect(thirtieth).to_be_focused()
    assert abs(page.evaluate("scrollY") - scrolled) < 5
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_back_and_forward_go_through_searches(desk: Page) -> None:
    search(desk, "示例澜汀")
    desk.get_by_role("combobox", name="企业名称").fill("示例期舍")
    desk.keyboard.press("Enter")
    expect(results(desk).first).to_have_text(PUNISHED)
    desk.go_back()
    expect(results(desk).first).to_have_text(HEAD_OFFICE)
    expect(desk.get_by_role("combobox", name="企业名称")).to_have_value("示例澜汀")
    desk.go_forward()
    expect(results(desk).first).to_have_text(PUNISHED)


def test_a_former_name_finds_and_says_so(page: Page) -> None:
    search(page, "示例旧屿")
    line = page.get_by_role("list", name="查询结果").get_by_role("listitem").first
    expect(line).to_contain_text("厦门示例新屿商贸有限公司")
    expect(line).to_contain_text("曾用名")


def test_the_answer_that_is_no_longer_wanted_is_not_shown(desk: Page) -> None:
    desk.goto("/search?q=示例期舍")
    expect(results(desk).first).to_have_text(PUNISHED)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.route("**/api/v1/entities?*", hold, times=1)
    with desk.expect_event("requestfailed", lambda request: "/entities?" in request.url):
        desk.get_by_role("combobox", name="企业名称").fill("示例旧屿")
        desk.keyboard.press("Enter")
        expect(desk.get_by_text("正在查询…")).to_be_visible()
        desk.get_by_role("combobox", name="企业名称").fill("示例澜汀")
        desk.keyboard.press("Enter")
        expect(results(desk).first).to_have_text(HEAD_OFFICE)
    expect(results(desk).first).to_have_text(HEAD_OFFICE)


def test_what_stands_beside_the_state_is_a_filter(desk: Page) -> None:
    desk.goto("/search?q=示例")
    bucket = desk.get_by_role("group", name="特别状态").get_by_role("checkbox", name="另册管理")
    bucket.check()
    expect(desk).to_have_url(re.compile("flag="))
    expect(desk.get_by_role("button", name="移除条件 特别状态：另册管理")).to_be_visible()
    results(desk).first.get_by_role("link").click()
    expect(desk.get_by_role("main")).to_contain_text("另册管理")
