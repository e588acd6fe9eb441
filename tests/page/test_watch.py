"""关注这份名单: an address for a matched list, what changed since the last look, and its end, in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import CONTROLS, DESK, FINGER, PHONE, TOO_SMALL, OpenPage, accessible
from tests.page.test_language import chinese
from xincha.days import today
from xincha.holds import Holds

pytestmark = pytest.mark.browser

SMALLEST = 320
SCHEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")


@dataclass(frozen=True)
class Watching:
    """A server with watch lists and holds of its own, and a company of it with a record."""

    address: str
    holds: Holds
    company: str
    entity: str
    record: str


@pytest.fixture(scope="module")
def watching(serve: Callable[..., object], demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Watching:
    folder = tmp_path_factory.mktemp("watching")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XINCHA_WATCHES", str(folder / "watches.sqlite"))
        patched.setenv("XINCHA_HOLDS", str(folder / "holds.json"))
        address = serve(demo).address  # type: ignore[attr-defined]
    hits = httpx2.get(f"{address}/api/v1/records", params={"kind": "penalty", "page_size": 100}).json()["hits"]
    hit = next(each for each in hits if each["entity_id"] and each["party_name"] == each["entity_name"])
    holds = Holds(folder / "holds.json")
    return Watching(address, holds, hit["entity_name"], hit["entity_id"], hit["record_id"])


def fits(page: Page, *widths: int) -> None:
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert accessible(page) == []
        if width <= PHONE:
            assert page.evaluate(TOO_SMALL, [CONTROLS, FINGER]) == []


def test_a_pasted_list_is_watched_looked_at_and_deleted(open_page: OpenPage, watching: Watching) -> None:
    page = open_page(PHONE, base=watching.address, alone=True, trouble=True)  # a missing list is a 404 on the console
    page.goto("/match")
    page.locator("textarea").fill(f"{watching.company}\n西宁无此示例铸造厂")
    page.locator("form:has(textarea) button[type=submit]").click()
    page.get_by_role("button", name="关注这份名单").click()
    expect(page.get_by_role("heading", name="已经关注 1 家企业")).to_be_focused()
    fits(page, SMALLEST, DESK, PHONE)
    page.get_by_role("button", name="复制订阅（Atom）").click()
    feed = page.evaluate("navigator.clipboard.readText()")
    assert feed.startswith(f"{watching.address}/feeds/watches/")
    assert httpx2.get(feed).status_code == 200
    page.get_by_role("link", name="打开这份名单的页面").click()
    expect(page.get_by_role("heading", name="关注的 1 家企业", level=1)).to_be_visible()
    expect(page.get_by_text("没有变化。")).to_be_visible()
    assert "/watch/" in page.url

    watching.holds.hold(watching.record, "示例", None, today())
    try:
        page.reload()
        expect(page.get_by_text("有 1 条记录不再公示")).to_be_visible()
        expect(page.get_by_role("link", name=watching.company)).to_be_visible()
        page.reload()  # what was seen a moment ago is not lost
        expect(page.get_by_text("有 1 条记录不再公示")).to_be_visible()
        fits(page, SMALLEST, DESK, PHONE)
        address = page.url
        other = page.context.new_page()  # another window of the same browser: since the last look nothing has changed
        other.goto(address)
        expect(other.get_by_text("没有变化。")).to_be_visible()
        expect(other.get_by_text("自上次查看")).to_be_visible()
        other.get_by_role("button", name="从开始关注时看起").click()
        expect(other.get_by_text("有 1 条记录不再公示")).to_be_visible()
        other.close()
    finally:
        watching.holds.release(watching.record, today())

    page.get_by_role("button", name="删除这份名单").click()
    sure = page.get_by_role("button", name="确认删除")
    expect(sure).to_be_focused()
    assert accessible(page) == []
    sure.press("Enter")
    expect(page.get_by_role("heading", name="这份名单已经删除")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('watch'))") == []
    answer = page.goto(address)
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", name="没有这份名单")).to_be_visible()
    assert httpx2.get(feed).status_code == 404


def test_an_uploaded_list_is_watched_in_english(open_page: OpenPage, watching: Watching) -> None:
    page = open_page(DESK, base=watching.address, locale="en-US")
    made = httpx2.post(f"{watching.address}/api/v1/watches", json={"entity_ids": [watching.entity]}).json()
    page.goto(f"/watch/{made['id']}")
    expect(page.get_by_role("heading", name="1 watched company")).to_be_visible()
    expect(page.get_by_text("Nothing has changed.")).to_be_visible()
    assert chinese(page) == []
    fits(page, SMALLEST, DESK)
    files = f"{watching.address}/api/v1/match/files"
    list_id = httpx2.post(files, params={"filename": "a.csv"}, content=f"name\n{watching.company}".encode()).json()[
        "id"
    ]
    page.goto(f"/match?list={list_id}")
    with page.expect_request("**/api/v1/watches") as asked:
        page.get_by_role("button", name="Watch this list").click()
    assert json.loads(asked.value.post_data or "") == {"match_file": list_id}
    expect(page.get_by_role("heading", name="1 company is watched")).to_be_focused()
    fits(page, SMALLEST, DESK)
    httpx2.delete(f"{files}/{list_id}")
