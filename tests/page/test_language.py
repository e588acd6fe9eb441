"""English as a second language of the frame: what chooses it, what keeps it, and that nothing of it stays Chinese.

What offices published stays as they wrote it, and says so (`lang="zh-CN"`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import DESK

pytestmark = pytest.mark.browser

Opener = Callable[..., Page]
COMPANY = "厦门示例期舍商贸有限公司"
ADDRESSES = {
    "/": "main .facts",
    "/search?q=示例&status=存续&capital_from=10000": "main ol > li",
    "/search?q=zzzzqqqq": "main .state",
    "/records": "main ol > li",
    "/record/NOPE": "main .state",
    "/notices": "main tbody tr",
    "/records?fine_from=x": "main .state",
    "/about": "main table",
    "/stats": "main .block table",
    "/stats?of=penalty&by=region": "main .block table",
    "/quality": "main .office",
    "/verify": "main form",
    "/nowhere": "main .state",
}
"""Pages and states, and what is there once they are painted."""
IN_CHINESE = """() => {
    const chinese = /[\\u2e80-\\u9fff\\uff00-\\uffef]/
    const found = []
    const look = (element, text) => {
        if (text && chinese.test(text) && !element.closest('[lang="zh-CN"]')) found.push(text.trim())
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement
        if (!parent.closest('script, style')) look(parent, walker.currentNode.data)
    }
    for (const element of document.body.querySelectorAll('*'))
        for (const name of ['aria-label', 'alt', 'placeholder', 'title'])
            look(element, element.getAttribute(name))
    return [...new Set(found)]
}"""
"""Chinese of the present document that nothing says is published: of texts, and of what is read aloud."""

CRAMPED = """() => {
    const found = []
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
    if (wide > 0) found.push(`the page is ${wide} px too wide`)
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const range = document.createRange()
    while (walker.nextNode()) {
        if (walker.currentNode.parentElement.closest('code')) continue
        for (const word of walker.currentNode.data.matchAll(/[A-Za-z]{4,}/g)) {
            range.setStart(walker.currentNode, word.index)
            range.setEnd(walker.currentNode, word.index + word[0].length)
            const lines = [...range.getClientRects()].filter(line => line.width > 0).map(line => Math.round(line.top))
            if (new Set(lines).size > 1) found.push(word[0])
        }
    }
    return found
}"""
"""What does not fit into a narrow window: the page, and words that go on in the next line."""


def cramped(page: Page) -> list[str]:
    page.set_viewport_size({"width": 320, "height": 900})
    found = list(page.evaluate(CRAMPED))
    page.set_viewport_size({"width": DESK, "height": 900})
    return found


def chinese(page: Page) -> list[str]:
    expect(page.locator("html")).to_have_attribute("lang", "en")
    return list(page.evaluate(IN_CHINESE))


def test_who_chooses_by_keyboard_keeps_it(open_page: Opener) -> None:
    page = open_page(DESK, alone=True, trouble=True)
    page.goto("/nowhere")
    english = page.get_by_role("group", name="语言").get_by_role("button", name="English")
    for _ in range(20):
        if english.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    expect(page.get_by_role("button", name="English")).to_be_focused()
    expect(page.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status").last).to_have_text("The page is now in English")
    expect(page).to_have_title(re.compile("Page not found · Xincha"))
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    assert page.context.cookies() == []
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("没有这个页面")


def test_nobody_sees_chinese_turn_into_english(open_page: Opener) -> None:
    """What the server wrote is Chinese, and stays hidden (`test_served`); the page's own text is English at once."""
    page = open_page(DESK, locale="en-US", trouble=True)
    page.add_init_script(
        """window.seen = []
        new MutationObserver(() => {
            const own = document.querySelector('#app > :not(.served)')
            if (own) window.seen.push(document.documentElement.lang + ' ' + document.body.innerText)
        }).observe(document, {childList: true, subtree: true, characterData: true})"""
    )
    page.goto("/nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    seen = page.evaluate("window.seen")
    assert seen
    other = re.compile("^(?!en)|[\u4e00-\u9fff]")
    assert [text for text in seen if other.search(text.replace("中文", ""))] == []


def test_the_frame_is_english(open_page: Opener, assert_accessible: Callable[[Page], None]) -> None:
    page = open_page(DESK, locale="en-US", trouble=True)
    found = {}
    for address, painted in ADDRESSES.items():
        page.goto(address)
        expect(page.locator(painted).first).to_be_visible()
        found[address] = chinese(page) + cramped(page)
        if address == "/":
            assert_accessible(page)
    page.goto(f"/search?q={COMPANY}")
    page.get_by_role("link", name=COMPANY, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(COMPANY)
    page.get_by_role("button", name=re.compile("Open")).last.click()
    found["a company"] = chinese(page) + cramped(page)
    assert_accessible(page)
    page.get_by_role("link", name="See the legal basis of this record, and related ones").first.click()
    expect(page.get_by_role("heading", name="What was published")).to_be_visible()
    found["a record"] = chinese(page) + cramped(page)
    assert {address: texts for address, texts in found.items() if texts} == {}
