"""Loading, empty, away, not ready, old, missing: each state says what is the matter and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser


class Server(Protocol):
    """A process of `xincha serve`, as conftest.py starts it."""

    address: str

    def start(self) -> None: ...

    def stop(self) -> None: ...


Serve = Callable[[Path], Server]
NOTHING = "查无此名甲乙丙丁戊己庚辛"


def test_a_skeleton_stands_in_after_150_ms_and_not_before(open_page: Callable[..., Page]) -> None:
    desk = open_page(alone=True)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.clock.install(time=0)
    desk.goto("/")
    expect(desk.get_by_role("region", name="这里有什么")).to_be_visible()
    desk.clock.pause_at(60_000)
    desk.route("**/api/v1/entities?*", hold)
    with desk.expect_request("**/api/v1/entities?*"):
        desk.get_by_role("combobox", name="企业名称").fill("示例澜汀")
        desk.keyboard.press("Enter")
    skeleton = desk.locator(".skeleton")
    desk.clock.run_for(149)
    expect(desk.get_by_role("heading", level=1)).to_contain_text("示例澜汀")
    assert skeleton.count() == 0
    desk.clock.run_for(1)
    expect(skeleton).to_be_visible()
    held[0].continue_()
    expect(desk.get_by_role("list", name="查询结果")).to_be_visible()
    expect(skeleton).to_have_count(0)


def test_nothing_found_tells_what_was_tried_and_how_to_widen(open_page: Callable[..., Page]) -> None:
    page = open_page(390)
    page.goto(f"/search?q={NOTHING}&status=注销")
    expect(page.get_by_role("heading", name="这些条件下没有找到")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(NOTHING)
    expect(page.get_by_role("status")).to_have_text("找到 0 家")
    page.get_by_role("button", name="去掉全部条件").click()
    expect(page.get_by_role("heading", name="没有找到", exact=True)).to_be_visible()
    expect(page).not_to_have_url(re.compile("status="))
    expect(page.get_by_role("main")).to_contain_text("试过名称含有所输文字")


def test_nothing_found_offers_the_nearest(page: Page) -> None:
    page.goto("/search?q=珐琅期舍瓷")
    expect(page.get_by_role("heading", name="没有找到", exact=True)).to_be_visible()
    nearest = page.get_by_role("list", name="最接近的名称").get_by_role("listitem")
    expect(nearest).to_have_count(1)
    expect(nearest.first).to_contain_text("期舍")
    nearest.first.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/entity/"))


def test_no_records_tell_the_same(page: Page) -> None:
    page.goto(f"/records?q={NOTHING}&kind=penalty")
    expect(page.get_by_role("heading", name="这些条件下没有记录")).to_be_visible()
    page.get_by_role("button", name="去掉全部条件").click()
    expect(page).not_to_have_url(re.compile("kind="))


def test_a_server_that_is_away_can_be_asked_again(open_page: Callable[..., Page], serve: Serve, demo: Path) -> None:
    server = serve(demo)
    page = open_page(base=server.address, trouble=True)
    page.goto("/search?q=示例澜汀")
    expect(page.get_by_role("list", name="查询结果")).to_be_visible()
    server.stop()
    page.get_by_role("combobox", name="企业名称").fill("示例期舍")
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("连不上服务")
    server.start()
    alert.get_by_role("button", name="再试一次").click()
    expect(page.get_by_role("link", name="厦门示例期舍商贸有限公司")).to_be_visible()
    expect(alert).to_have_count(0)


@pytest.fixture(scope="module")
def unpublished(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where a server is that nothing was published for."""
    return serve(tmp_path_factory.mktemp("unpublished") / "empty").address


@pytest.mark.parametrize("address", ["/", "/search?q=示例", "/records", "/entity/91350200MA00000000"])
def test_before_anything_is_published_every_page_says_so(
    open_page: Callable[..., Page], unpublished: str, address: str
) -> None:
    page = open_page(base=unpublished, trouble=True)
    page.goto(address)
    expect(page.get_by_role("alert")).to_contain_text("数据还没有准备好")
    expect(page.get_by_role("alert").get_by_role("button", name="再试一次")).to_be_visible()


def test_old_data_is_called_old(desk: Page) -> None:
    def aged(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "age_days": 45})

    desk.route("**/api/v1/about", aged)
    desk.goto("/")
    expect(desk.get_by_text("数据已有 45 天没有更新")).to_be_visible()


def test_a_company_that_is_not_there(open_page: Callable[..., Page]) -> None:
    page = open_page(390, trouble=True)
    page.goto("/entity/91350200MA0000000X")
    expect(page.get_by_role("heading", name="没有这家企业")).to_be_visible()
    page.get_by_role("link", name="用这个编号查询").click()
    expect(page).to_have_url(re.compile(r"/search\?q=91350200MA0000000X"))


def test_a_condition_that_cannot_be_is_explained(open_page: Callable[..., Page]) -> None:
    page = open_page(trouble=True)
    page.goto("/search?status=没有这个状态")
    expect(page.get_by_role("alert")).to_contain_text("这个查询没有办法回答登记状态写得不对")


@pytest.mark.parametrize("width", [390, 1280])
def test_an_address_that_is_no_page(open_page: Callable[..., Page], width: int) -> None:
    page = open_page(width, trouble=True)
    page.goto("/没有/这页")
    expect(page.get_by_role("heading", name="没有这个页面")).to_be_visible()
    page.get_by_role("link", name="回到首页").click()
    expect(page.get_by_role("combobox", name="企业名称")).to_be_focused()
