"""The citizen's way through one story, link by link: from the notice of a plan to the repair, and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from fixtures.trap_story import OWNER

pytestmark = pytest.mark.browser


def follow(page: Page, region: str, link: str, kind: str) -> str:
    """Follow a link of a section of a record's page to a record of a kind; answer its address."""
    page.get_by_role("region", name=region, exact=True).get_by_role("link", name=re.compile(link)).first.click()
    return arrived(page, kind)


def arrived(page: Page, kind: str) -> str:
    expect(page.get_by_role("heading", level=1)).to_have_text(kind)
    expect(page.get_by_role("region", name="公布的内容", exact=True)).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, "the page is wider than the window"
    return page.url


def test_from_the_notice_of_a_plan_to_the_repair_and_back(page: Page) -> None:
    page.goto("/records?kind=notice&q=示例餐饮单位双随机抽查计划")
    page.get_by_role("list", name="记录").get_by_role("heading").get_by_role("link").first.click()
    arrived(page, "公告")
    plan = follow(page, "抽查计划", "双随机抽查计划", "抽查计划")
    task = follow(page, "抽查任务", "抽取 3 户", "抽查任务")
    facts = page.locator(".details")
    expect(facts.get_by_text("抽取比例", exact=True)).to_have_count(1)
    follow(page, "抽查对象", OWNER, "抽查对象")
    follow(page, "抽查任务", "抽取 3 户", "抽查任务")
    check = follow(page, "抽查检查", OWNER, "抽查检查")
    page.get_by_role("link", name=OWNER, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(OWNER)
    page.locator(f"[id='{check.rpartition('/')[2]}']").get_by_role("link", name="看它的计划").click()
    arrived(page, "抽查检查")
    expect(page.get_by_role("region", name="可能随后")).to_contain_text("没有公布")
    listing = follow(page, "可能随后", "经营异常", "经营异常")
    page.get_by_role("link", name=re.compile(r"读全文：\s*移出")).click()
    arrived(page, "文书全文")
    expect(page.get_by_role("region", name="全文")).to_contain_text("信用修复")
    follow(page, "文书所属的记录", "经营异常", "经营异常")
    assert page.url == listing
    follow(page, "可能先有的抽查", "无法联系", "抽查检查")
    penalty = follow(page, "可能随后", "行政处罚", "行政处罚")
    follow(page, "可能依据的权责事项", "超过保质期", "权责事项")
    page.get_by_role("link", name="引用同一条文的处罚").click()
    expect(page.get_by_role("list", name="记录")).to_contain_text(OWNER)
    page.goto(penalty)
    follow(page, "引用的条文", "第54条", "法律法规条文")
    expect(page.get_by_role("link", name=re.compile("引用这一条"))).to_be_visible()
    page.goto(penalty)
    page.get_by_role("link", name=re.compile(r"读全文：\s*行政处罚决定书")).click()
    arrived(page, "文书全文")
    follow(page, "文书所属的记录", "超过保质期", "行政处罚")
    follow(page, "可能先有的抽查", "无法联系", "抽查检查")
    assert page.url == check
    follow(page, "抽查任务", "抽取 3 户", "抽查任务")
    assert page.url == task
    follow(page, "抽查计划", "双随机抽查计划", "抽查计划")
    assert page.url == plan
    follow(page, "公告", "计划", "公告")
