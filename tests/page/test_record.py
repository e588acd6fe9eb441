"""A record under its own address, and the full text of a decision."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.page.conftest import OpenPage
from tests.page.test_company import open_company

pytestmark = pytest.mark.browser

DECIDED = "厦门示例文书0食品有限公司"


def open_text(page: Page) -> None:
    open_company(page, DECIDED)
    page.get_by_role("button", name=re.compile("行政处罚.*展开")).first.press("Enter")
    page.locator(".details:visible").get_by_role("link", name="读全文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("文书全文")


def test_a_penalty_leads_to_its_decision_and_that_back_to_the_company(page: Page) -> None:
    open_text(page)
    expect(page).to_have_url(re.compile("/record/W-"))
    text = page.get_by_role("region", name="全文")
    expect(text).to_contain_text("决定对当事人作出如下行政处罚")
    expect(text).to_contain_text("［电话已隐去］")
    text.get_by_role("link", name="决定", exact=True).click()
    expect(page).to_have_url(re.compile("#decision$"))
    expect(page.locator("#decision")).to_be_in_viewport()
    expect(page.get_by_role("region", name="公布的内容")).to_contain_text("为什么公示")
    page.get_by_role("link", name=DECIDED).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(DECIDED)


def test_a_penalty_leads_to_the_part_of_its_decision_that_one_wants(desk: Page) -> None:
    found = desk.request.get("/api/v1/records?kind=document&page_size=100").json()["hits"]
    for penalty in (identifier for text in found for identifier in text["of_ids"]):
        texts = desk.request.get(f"/api/v1/records/{penalty}").json()["texts"]
        if any(section["title"] == "救济" for text in texts for section in text["sections"]):
            break
    desk.goto(f"/record/{penalty}")
    desk.get_by_role("navigation", name="全文的章节").get_by_role("link", name="救济").first.click()
    expect(desk).to_have_url(re.compile("/record/W-.*#"))
    expect(desk.locator(".section", has_text="行政复议").first).to_be_in_viewport()


def test_the_page_of_a_text_is_accessible(page: Page) -> None:
    open_text(page)
    assert Axe().run(page).response["violations"] == []


def test_a_record_that_is_not_shown_says_why_it_may_be_so(open_page: OpenPage) -> None:
    page = open_page(trouble=True)
    page.goto("/record/P-0000000000000000")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有这条记录")
    expect(page.locator("main")).to_contain_text("公示期已满")
