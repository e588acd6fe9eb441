"""What the page says of itself: which personal data is processed, and what is not kept of those who search."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_it_says_what_is_done_with_personal_data(desk: Page) -> None:
    desk.goto("/about")
    people = desk.get_by_role("region", name="关于个人")
    for said in ("身份证号", "即被隐去", "没有按人名汇总", "不需要登录", "不写入日志"):
        expect(people).to_contain_text(said)
