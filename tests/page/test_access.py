"""Everybody can use it: what opens, zoom, touch, focus, weight, no inline code; `test_every_page` has all states."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response, expect

from tests.page.conftest import CONTROLS, FINGER, PHONE, TOO_SMALL

pytestmark = pytest.mark.browser

Check = Callable[[Page], None]
Opener = Callable[..., Page]
READY = {
    "/": "main .facts",
    "/search?q=示例&status=存续": "main ol > li",
    "/records": "main ol > li",
    "/about": "main table",
    "/quality": "main .office",
    "/stats": "main .block table",
}
"""Addresses, and what is there once the answer of the API is painted."""
ADDRESSES = list(READY)
LIMIT = 100 * 1024


def settle(page: Page) -> None:
    """Wait until one of `ADDRESSES` shows what it asked the API for."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    address = next(one for one in reversed(READY) if page.evaluate("location.pathname") == one.partition("?")[0])
    expect(page.locator(READY[address]).first).to_be_visible()


def as_on_a_phone(page: Page, scheme: str, width: int = PHONE) -> None:
    """A window that is open already, made narrow: below 52rem styles are those of fingers, whatever points.

    Without motion, since colours that are on their way have any contrast.
    """
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")


def test_nothing_serious_in_what_opens(open_page: Opener, assert_accessible: Check) -> None:
    page = open_page(PHONE)
    page.goto("/search?q=示例")
    page.locator(".facets .toggle").click()
    expect(page.get_by_role("group", name="登记状态")).to_be_visible()
    for scheme in ("light", "dark"):
        as_on_a_phone(page, scheme)
        assert_accessible(page)
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="企业名称").fill("示例澜汀")
    expect(page.locator("[role=option]").first).to_be_visible()
    for scheme in ("dark", "light"):
        as_on_a_phone(page, scheme)
        assert_accessible(page)


def test_the_filters_of_a_small_phone_fit_it_and_a_finger(open_page: Opener) -> None:
    """320 px is a small phone, 640 px a desk at 200 %; what is closed is looked at by `test_every_page`."""
    page = open_page(320)
    for address in ("/search?q=示例", "/records"):
        page.goto(address)
        settle(page)
        page.locator(".facets .toggle").click()
        expect(page.get_by_role("dialog", name="筛选")).to_be_visible()
        for width in (320, 640, PHONE):
            as_on_a_phone(page, "light", width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(TOO_SMALL, [CONTROLS, FINGER]) == []
        as_on_a_phone(page, "light", 320)


def test_the_first_tab_skips_to_the_text(desk: Page) -> None:
    desk.goto("/about")
    settle(desk)
    desk.keyboard.press("Tab")
    skip = desk.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("main")).to_be_focused()


def test_every_page_has_landmarks_and_a_title(desk: Page) -> None:
    titles = set()
    for address in ADDRESSES:
        desk.goto(address)
        settle(desk)
        for landmark in ("banner", "main", "contentinfo", "search"):
            expect(desk.get_by_role(landmark).first).to_be_visible()
        expect(desk.get_by_role("heading", level=1)).to_have_count(1)
        titles.add(desk.title())
    assert len(titles) == len(ADDRESSES)


def test_counts_are_said_aloud(desk: Page) -> None:
    desk.goto("/search?q=示例澜汀")
    expect(desk.get_by_role("status")).to_have_text(re.compile(r"找到 [\d,]+ 家"))


def test_where_motion_is_unwanted_nothing_moves(desk: Page) -> None:
    desk.emulate_media(reduced_motion="reduce")
    desk.goto("/about")
    settle(desk)
    moving = desk.evaluate(
        """() => [...document.querySelectorAll('*')].filter(element => {
            const style = getComputedStyle(element)
            const glides = style.transitionDuration.split(',').some(time => parseFloat(time) > 0)
            return glides || style.animationName !== 'none'
        }).length"""
    )
    assert moving == 0


def test_the_policy_allows_nothing_inline_and_nothing_foreign(desk: Page, site: str) -> None:
    """What breaks the policy speaks in the console, and fails every test here."""
    hosts = set()
    desk.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    answer = desk.goto("/search?q=示例")
    settle(desk)
    policy = answer.headers["content-security-policy"] if answer else ""
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert hosts == {site.split("/")[2]}
    assert desk.locator("[style]:not([style*=display])").count() == 0
    assert desk.locator("script:not([src]), style").count() == 0


def test_the_first_load_is_light(open_page: Opener) -> None:
    desk = open_page(alone=True)
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    desk.on("response", note)
    desk.goto("/")
    settle(desk)
    weights = {answer.url: len(gzip.compress(answer.body())) for answer in answers}
    assert sum(weights.values()) <= LIMIT, weights
    assert all("content-encoding" in answer.headers for answer in answers if answer.url.endswith((".js", ".css")))
