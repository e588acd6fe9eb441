"""Receipts 查询回执 on the page: saved, printed, checked without the service, and compared with it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import OpenPage

pytestmark = pytest.mark.browser

COMPANY = "厦门示例双随机歇业商贸有限公司"
CODE = re.compile(r"校验码 ((?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4})（(\d{4}-\d\d-\d\d)）")


@pytest.fixture
def company(open_page: OpenPage, site: str) -> tuple[Page, str]:
    """The page of a company, and its address."""
    return _shown(open_page(), site)


def _shown(page: Page, site: str) -> tuple[Page, str]:
    found = page.request.get(f"{site}/api/v1/entities", params={"q": COMPANY}).json()["hits"][0]["entity_id"]
    page.goto(f"/entity/{found}")
    return page, f"{site}/entity/{found}"


def test_a_receipt_is_saved_and_checked_without_the_service(company: tuple[Page, str], tmp_path: Path) -> None:
    page, _ = company
    with page.expect_download() as begun:
        page.get_by_role("link", name="保存回执").click()
    begun.value.save_as(tmp_path / "receipt.json")
    receipt = json.loads((tmp_path / "receipt.json").read_text("utf-8"))
    page.get_by_role("link", name="怎样验证").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("验证回执")
    whole = page.get_by_role("region", name="验证回执文件")
    page.context.set_offline(True)
    whole.locator("input[type=file]").set_input_files(tmp_path / "receipt.json")
    expect(whole).to_contain_text("回答完整")
    expect(whole).to_contain_text(f"校验码 {receipt['code']} 相符")
    expect(whole).to_contain_text("没有签名")
    receipt["answer"]["entity"]["status"] = "吊销"
    whole.get_by_role("textbox").fill(json.dumps(receipt, ensure_ascii=False))
    expect(whole).to_contain_text("回答被改动过")
    page.context.set_offline(False)
    whole.get_by_role("button", name="与现在的公示比对").click()
    expect(whole).to_contain_text("现在公示的内容与它相同")


def test_what_stands_on_paper_is_compared_with_what_is_published(open_page: OpenPage, site: str) -> None:
    page, address = _shown(open_page(trouble=True), site)  # not known on a day is a 404, which browsers log
    line = page.locator("p.receipt")
    page.emulate_media(media="print")
    expect(line).to_contain_text(f"验证：{address.partition('/entity')[0]}/verify")
    printed = CODE.search(line.inner_text())
    assert printed
    page.emulate_media(media="screen")
    page.goto("/verify")
    paper = page.get_by_role("region", name="核对纸上的校验码")
    paper.get_by_label("页面地址").fill(address)
    paper.get_by_label("查询日期").fill(printed[2])
    paper.get_by_label("校验码").fill(printed[1].lower().replace("-", " "))
    paper.get_by_role("button", name="比对").click()
    expect(paper).to_contain_text("相符：现在公示的内容")
    paper.get_by_label("查询日期").fill("2020-01-01")
    paper.get_by_role("button", name="比对").click()
    expect(paper).to_contain_text("不相符")  # nothing was known of it on that day
    expect(paper.get_by_role("button", name="比对")).to_have_attribute("aria-disabled", "false")
    expect(paper).to_contain_text("不相符")
