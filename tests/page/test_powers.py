"""From a penalty to the article that it rests on, and to the power that may be behind it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from fixtures.layouts import LAW

pytestmark = pytest.mark.browser


def test_a_penalty_leads_to_its_articles_and_powers(page: Page) -> None:
    found = page.request.get(f"/api/v1/records?kind=penalty&article={LAW}|52").json()["hits"]
    page.goto(f"/record/{found[0]['record_id']}")
    powers = page.get_by_role("region", name="可能依据的权责事项")
    expect(powers).to_contain_text("没有公布")
    expect(powers.get_by_role("link")).to_have_text(["对虚假示例宣传的处罚"])
    page.get_by_role("region", name="引用的条文").get_by_role("link", name="第52条").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("法律法规条文")
    expect(page.get_by_role("region", name="全文")).to_contain_text("处一万元以上十万元以下罚款")
