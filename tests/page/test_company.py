"""The record of one company: its facts with their sources, its life by year, and on paper."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PUNISHED = "厦门示例期舍商贸有限公司"
LISTED_AND_REMOVED = "厦门示例出名商贸有限公司"
MARKED = "厦门市思明区示例标记食杂店"
RENAMED = "厦门示例新屿商贸有限公司"


def open_company(page: Page, name: str) -> None:
    page.goto(f"/search?q={name}")
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_one_line_says_where_the_facts_come_from(page: Page) -> None:
    open_company(page, PUNISHED)
    registration = page.get_by_role("region", name="登记信息")
    table = registration.get_by_role("table", name="登记信息")
    rows = table.locator("tbody tr")
    expect(rows.nth(9)).to_be_attached()
    expect(registration).to_contain_text(re.compile(r"以上各项出处：\S+ 第 \d+ 行，\d{4}-\d\d-\d\d 装载。"))
    expect(table).not_to_contain_text("出处")
    expect(table).to_contain_text("统一社会信用代码")
    expect(page.locator(".summary")).to_contain_text("成立")


def test_the_timeline_opens_in_place_to_rule_and_source(page: Page) -> None:
    open_company(page, PUNISHED)
    line = page.get_by_role("button", name=re.compile("行政处罚.*展开")).first
    line.press("Enter")
    expect(page.get_by_role("button", name=re.compile("行政处罚.*收起")).first).to_have_attribute(
        "aria-expanded", "true"
    )
    details = page.locator(".details:visible")
    expect(details).to_contain_text("处罚机关")
    expect(details).to_contain_text("为什么公示")
    expect(details).to_contain_text(re.compile(r"出处：\S+ 第 \d+ 行"))


def test_the_timeline_shows_one_kind_and_the_address_says_which(page: Page) -> None:
    open_company(page, PUNISHED)
    kinds = page.get_by_role("group", name="只看一类")
    kinds.get_by_role("button", name=re.compile("^行政处罚")).click()
    expect(page).to_have_url(re.compile("kind=penalty"))
    timeline = page.locator(".timeline ol")
    expect(timeline.filter(has_text="登记").filter(has_not_text="行政处罚")).to_have_count(0)
    page.reload()
    expect(kinds.get_by_role("button", name=re.compile("^行政处罚"))).to_have_attribute("aria-pressed", "true")


def test_what_the_law_withholds_is_not_shown(desk: Page) -> None:
    """Eighteen penalties were published of this company: five may be shown today."""
    open_company(desk, PUNISHED)
    lines = desk.get_by_role("button", name=re.compile("行政处罚.*展开"))
    expect(lines).to_have_count(5)


def test_a_listing_that_was_left_is_shown_no_more_and_the_page_says_so(page: Page) -> None:
    open_company(page, LISTED_AND_REMOVED)
    expect(page.locator(".coverage")).to_contain_text("已移出名录、已修复的，不再展示")
    expect(page.get_by_role("button", name=re.compile("经营异常.*展开"))).to_have_count(0)
    expect(page.locator(".adverse")).to_have_count(0)


def test_a_mark_that_lasts_is_shown_as_a_present_state(page: Page) -> None:
    open_company(page, MARKED)
    line = page.get_by_role("button", name=re.compile("经营异常.*展开"))
    expect(line).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d"))
    expect(page.locator(".adverse").first).to_be_visible()
    head = page.get_by_role("heading", level=1).locator("..")
    expect(head).to_contain_text("现标记为经营异常状态")
    expect(head).not_to_contain_text("列入")
    now = page.get_by_role("region", name="现在对它不利的")
    expect(now).to_contain_text("这是标记，不是列入")
    expect(now).not_to_contain_text("列入经营异常名录的")


def test_former_names_are_at_the_top(page: Page) -> None:
    open_company(page, RENAMED)
    expect(page.locator(".former")).to_contain_text("厦门示例旧屿商贸有限公司")


def test_the_link_is_copied(desk: Page) -> None:
    open_company(desk, PUNISHED)
    desk.get_by_role("button", name="复制链接").click()
    expect(desk.get_by_role("status")).to_have_text("链接已复制")
    link = desk.evaluate("navigator.clipboard.readText()")
    desk.goto(link)
    expect(desk.get_by_role("heading", level=1)).to_have_text(PUNISHED)


def test_the_facts_are_there_as_json(desk: Page) -> None:
    open_company(desk, PUNISHED)
    address = desk.get_by_role("link", name="JSON 数据").get_attribute("href") or ""
    answer = desk.request.get(address)
    assert json.loads(answer.body())["name"] == PUNISHED


def test_paper_gets_everything_and_no_controls(desk: Page) -> None:
    open_company(desk, PUNISHED)
    expect(desk.get_by_role("button", name=re.compile("行政处罚.*展开"))).to_have_count(5)
    desk.emulate_media(media="print")
    expect(desk.get_by_role("combobox", name="企业名称")).to_be_hidden()
    expect(desk.get_by_role("button", name="打印")).to_be_hidden()
    expect(desk.get_by_role("table", name="登记信息")).to_be_visible()
    expect(desk.locator(".details:visible")).to_have_count(5)
    expect(desk.locator(".address")).to_contain_text("/entity/")
    assert desk.pdf(format="A4").startswith(b"%PDF")
