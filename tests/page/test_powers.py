"""From a penalty to the article that it rests on, and to the power that may be behind it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from fixtures.layouts import LAW
from tests.page.conftest import PHONE

pytestmark = pytest.mark.browser

Check = Callable[[Page], None]


def test_the_list_of_powers_is_narrowed_by_law_and_leads_to_each(desk: Page, assert_accessible: Check) -> None:
    desk.goto("/powers?kind=power")
    table = desk.get_by_role("table", name="权责事项")
    expect(table.get_by_role("columnheader")).to_have_text(["权责事项", "事项类型", "实施主体和责任主体", "现状"])
    desk.get_by_role("group", name="法律法规").get_by_role("checkbox", name="别市市场秩序条例").check()
    expect(desk).to_have_url(re.compile("law="))
    expect(table.get_by_role("row")).to_have_count(2)
    assert_accessible(desk)
    desk.set_viewport_size({"width": PHONE, "height": 800})
    assert_accessible(desk)
    assert desk.evaluate("document.documentElement.scrollWidth") <= PHONE
    desk.get_by_role("link", name="双随机抽查").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("双随机抽查")
    desk.get_by_role("table", name="双随机抽查").get_by_role("link").first.click()
    expect(desk).to_have_url(re.compile("/record/"))


def test_a_penalty_leads_to_its_articles_and_powers(page: Page) -> None:
    found = page.request.get(f"/api/v1/records?kind=penalty&article={LAW}|52").json()["hits"]
    page.goto(f"/record/{found[0]['record_id']}")
    powers = page.get_by_role("region", name="可能依据的权责事项")
    expect(powers).to_contain_text("没有公布")
    expect(powers.get_by_role("link")).to_have_text(["对虚假示例宣传的处罚"])
    page.get_by_role("region", name="引用的条文").get_by_role("link", name="第52条").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("法律法规条文")
    expect(page.get_by_role("region", name="全文")).to_contain_text("处一万元以上十万元以下罚款")
