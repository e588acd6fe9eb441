"""The citizen's way through double random: notice, plan, task, results, company, its check, and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_every_step_from_the_notice_to_the_company_and_back_is_a_link(desk: Page) -> None:
    desk.goto("/records?kind=notice&q=双随机抽查专项计划")
    desk.get_by_role("list", name="记录").get_by_role("heading").get_by_role("link").first.click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("公告")
    desk.get_by_role("region", name="抽查计划").get_by_role("link").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("抽查计划")
    plan = desk.url
    expect(desk.locator(".details")).to_contain_text("安全生产检查")
    desk.get_by_role("region", name="抽查任务").get_by_role("link", name=re.compile("2,899 户")).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("抽查任务")
    desk.get_by_role("region", name="抽查检查").get_by_role("link", name=re.compile("无法联系")).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("抽查检查")
    desk.get_by_role("link", name="厦门示例双随机食品有限公司", exact=True).click()
    expect(desk).to_have_url(re.compile("/entity/"))
    desk.get_by_role("link", name="看它的计划、任务、结果和公告").first.click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("抽查检查")
    desk.get_by_role("region", name="抽查计划").get_by_role("link").click()
    expect(desk).to_have_url(plan)
    desk.get_by_role("region", name="公告").get_by_role("link").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("公告")


def test_what_is_about_nobody_is_named_by_whose_work_it_is(desk: Page) -> None:
    desk.goto("/records?kind=officer")
    first = desk.get_by_role("list", name="记录").locator("> li").first
    expect(first.get_by_role("heading")).to_contain_text("市场监督管理局")
    expect(first).not_to_contain_text("当事人名称未公布")
    first.get_by_role("heading").get_by_role("link").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("执法检查人员")
    expect(desk.locator(".details")).to_contain_text("登记事项检查")
