"""`/docs`: what the API takes and answers, to read and to try, from this service alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import OpenPage

pytestmark = pytest.mark.browser


def test_an_endpoint_is_read_and_tried_and_nobody_else_is_asked(open_page: OpenPage, site: str) -> None:
    page: Page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/docs")
    page.locator("#operations-search-entity").get_by_role("button").first.click()
    operation = page.locator("#operations-search-search_records")
    operation.get_by_role("button").first.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response-col_status").last).to_have_text("200")
    assert {url.removeprefix(site).startswith(("/", "data:")) for url in asked if not url.startswith("data:")} == {True}
    page.goto("/")
    assert not [url for url in asked[asked.index(f"{site}/") :] if "docs" in url]
