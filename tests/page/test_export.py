"""A person takes what a search found away as a file."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Download, Locator, Page, expect

from tests.page.conftest import OpenPage

pytestmark = pytest.mark.browser


def button(page: Page) -> Locator:
    return page.get_by_role("button", name="导出")


def taken(page: Page, kind: str) -> Download:
    """The file that a click on one of the kinds brings."""
    button(page).click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name=kind).click()
    return waiting.value


def rows(download: Download) -> list[dict[str, str]]:
    with download.path().open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def counted(page: Page) -> int:
    said = re.search(r"共 ([\d,]+)", page.locator(".total").inner_text())
    assert said
    return int(said[1].replace(",", ""))


def test_what_was_found_comes_as_a_file_of_as_many_rows(page: Page) -> None:
    page.goto("/search?q=示例&status=存续")
    expect(button(page)).to_be_visible()
    total = counted(page)
    download = taken(page, "CSV")
    assert re.fullmatch(rf"信查市场主体_\d{{4}}-\d\d-\d\d_{total}条\.csv", download.suggested_filename)
    found = rows(download)
    assert len(found) == total
    assert {row["登记状态"] for row in found} == {"存续"}
    shown = page.get_by_role("list", name="查询结果").get_by_role("heading").first.inner_text()
    assert found[0]["名称"] == shown
    expect(button(page)).to_be_focused()


def test_records_come_with_their_filters(desk: Page) -> None:
    desk.goto("/records?kind=penalty&fine_from=10000")
    expect(button(desk)).to_be_visible()
    total = counted(desk)
    found = rows(taken(desk, "CSV"))
    assert len(found) == total > 0
    assert all(float(row["罚款金额（元）"]) >= 10_000 for row in found)


@pytest.mark.parametrize(("kind", "begin"), [("XLSX", b"PK"), ("NDJSON", b"{")])
def test_other_kinds_of_file(desk: Page, kind: str, begin: bytes) -> None:
    desk.goto("/search?q=示例澜汀")
    expect(button(desk)).to_be_visible()
    assert taken(desk, kind).path().read_bytes().startswith(begin)


def test_by_keyboard(desk: Page) -> None:
    desk.goto("/search?q=示例")
    button(desk).focus()
    desk.keyboard.press("Enter")
    first = desk.get_by_role("link", name="CSV")
    expect(first).to_be_visible()
    desk.keyboard.press("Tab")
    expect(first).to_be_focused()
    desk.keyboard.press("Escape")
    expect(first).to_be_hidden()
    expect(button(desk)).to_be_focused()


def test_a_click_elsewhere_closes_the_menu(desk: Page) -> None:
    desk.goto("/search?q=示例")
    button(desk).click()
    desk.get_by_text("每一行都带来源").click()
    expect(desk.get_by_role("link", name="CSV")).to_be_visible()
    desk.get_by_role("heading", level=1).click()
    expect(desk.get_by_role("link", name="CSV")).to_be_hidden()


def test_nothing_found_is_not_exported(desk: Page) -> None:
    desk.goto("/search?q=示例&region=999999")
    expect(desk.locator(".total")).to_have_text("共 0 家")
    expect(button(desk)).to_have_count(0)


def test_the_open_menu_is_accessible_and_fits(open_page: OpenPage, assert_accessible: Callable[[Page], None]) -> None:
    for path in ("/search?q=示例", "/records"):
        page = open_page(320)
        page.goto(path)
        button(page).click()
        expect(page.get_by_role("link", name="CSV")).to_be_visible()
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
