"""The search for records: words, filters, sums, and the way to the company and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser


def records(page: Page) -> Locator:
    return page.get_by_role("list", name="记录").locator("> li")


def show_filters(page: Page) -> None:
    page.locator(".facets").wait_for()
    if page.locator(".facets .toggle").is_visible():
        page.locator(".facets .toggle").click()


def test_records_are_counted_and_summed(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="主要页面").get_by_role("link", name="查记录").click()
    expect(records(page)).to_have_count(20)
    expect(page.locator(".total")).to_have_text(re.compile(r"共 [\d,]+ 条；罚款合计 [\d,.]+ 元"))


def test_a_kind_is_chosen_and_the_count_follows(page: Page) -> None:
    page.goto("/records")
    show_filters(page)
    box = page.get_by_role("checkbox", name=re.compile("^抽查检查"))
    count = re.findall(r"[\d,]+", box.locator("xpath=..").inner_text())[-1]
    box.check()
    expect(page.locator(".total")).to_have_text(f"共 {count} 条")
    for record in records(page).all():
        expect(record).to_contain_text("抽查检查")


def test_a_record_opens_in_place_and_leads_to_its_company_and_back(page: Page) -> None:
    page.goto("/records?kind=penalty&sort=-fine_cny")
    first = records(page).first
    first.get_by_role("button", name=re.compile("展开")).click()
    expect(first.locator(".details")).to_contain_text("出处")
    link = first.get_by_role("heading").get_by_role("link")
    name = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".details:visible")).to_contain_text(name)
    page.go_back()
    expect(link).to_be_focused()


def test_words_are_searched(page: Page) -> None:
    page.goto("/records")
    page.get_by_label("当事人、文号、违法事实或处罚内容里的词").fill("示例期舍")
    page.get_by_role("button", name="查记录").click()
    expect(page).to_have_url(re.compile("q="))
    expect(records(page).first).to_contain_text("示例期舍")


def test_where_the_words_were_found_is_named_in_chinese(desk: Page) -> None:
    desk.goto("/records?q=虚假广告")
    expect(records(desk).first).to_contain_text("虚假广告")
    places = " ".join(records(desk).locator("> p").all_inner_texts())
    assert places
    assert re.findall(r"[a-z_]{4,}：", places) == []


def test_a_fine_has_a_range(desk: Page) -> None:
    desk.goto("/records")
    desk.get_by_role("spinbutton", name="罚款，从").fill("100000")
    desk.get_by_role("button", name="按罚款筛选").click()
    expect(desk.get_by_role("button", name="移除条件 罚款：10 万元 起")).to_be_visible()
    expect(records(desk).first).to_contain_text("罚款")
