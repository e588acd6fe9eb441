"""Suggestions: an ARIA 1.2 combobox that is driven by keys or by mouse, and silent while an input method composes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, expect

pytestmark = pytest.mark.browser

HEAD_OFFICE = "厦门示例澜汀餐饮管理有限公司"


def asked(page: Page) -> list[str]:
    """Addresses of suggestions that are asked for from now on."""
    found: list[str] = []

    def note(request: Request) -> None:
        if "/suggest" in request.url:
            found.append(request.url)

    page.on("request", note)
    return found


def test_keys_choose_and_enter_opens(page: Page) -> None:
    page.goto("/")
    box = page.get_by_role("combobox", name="企业名称")
    box.press_sequentially("示例澜汀")
    options = page.locator("[role=option]")
    expect(options.first).to_contain_text(HEAD_OFFICE)
    expect(options.first.locator("mark").first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "?")
    box.press("ArrowUp")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(0)
    box.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(HEAD_OFFICE)


def test_escape_closes_and_keeps_what_was_typed(page: Page) -> None:
    page.goto("/")
    box = page.get_by_role("combobox", name="企业名称")
    box.press_sequentially("示例澜汀")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("示例澜汀")


def test_a_click_opens(page: Page) -> None:
    page.goto("/")
    page.get_by_role("combobox", name="企业名称").press_sequentially("示例澜汀")
    page.locator("[role=option]").filter(has_text=HEAD_OFFICE).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(HEAD_OFFICE)


def test_nothing_is_asked_for_one_character(desk: Page) -> None:
    desk.goto("/")
    urls = asked(desk)
    desk.get_by_role("combobox", name="企业名称").press_sequentially("示")
    desk.get_by_role("combobox", name="企业名称").press_sequentially("例")
    expect(desk.locator("[role=option]").first).to_be_visible()
    assert len(urls) == 1


def test_nothing_is_asked_while_an_input_method_composes(desk: Page) -> None:
    desk.goto("/")
    expect(desk.get_by_role("combobox", name="企业名称")).to_be_focused()
    urls = asked(desk)
    keyboard = desk.context.new_cdp_session(desk)
    for typed in ("sh", "shi'li", "shi'li'lan"):
        keyboard.send(
            "Input.imeSetComposition", {"text": typed, "selectionStart": len(typed), "selectionEnd": len(typed)}
        )
    expect(desk.get_by_role("combobox", name="企业名称")).to_have_value("shi'li'lan")
    assert urls == []
    keyboard.send("Input.insertText", {"text": "示例澜"})
    expect(desk.get_by_role("combobox", name="企业名称")).to_have_value("示例澜")
    expect(desk.locator("[role=option]").first).to_be_visible()
    assert len(urls) == 1
