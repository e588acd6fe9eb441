"""The core loop, as a person goes through it: what is chosen moves nothing else, nothing jumps, nothing is lost."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.page.conftest import DESK, PHONE, TOLD

pytestmark = pytest.mark.browser

Opener = Callable[..., Page]
COMPANY = "厦门示例期舍商贸有限公司"
LATE_S = 2.0
QUIET = 10
"""Looks at a window, 20 ms apart, in which nothing is asked: it asks nothing more."""
MOST_SHIFT = 0.05
SHIFT = """() => {
    window.shift = 0
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value
    }).observe({ type: 'layout-shift', buffered: true })
}"""
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(window.shift))))"


def results(page: Page) -> Locator:
    return page.get_by_role("list", name="查询结果").get_by_role("heading")


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="企业名称")


def settled(page: Page) -> None:
    """Wait until no answer is waited for."""
    expect(page.locator(".total")).to_have_text(re.compile(r"共 [\d,]+"))
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


class Late:
    """Every answer of the API to a window comes two seconds after it was asked; none comes along in the document."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.held: deque[tuple[float, Route]] = deque()
        page.route("**/*", self.hold)

    def hold(self, route: Route) -> None:
        if "/api/v1/" in route.request.url:
            self.held.append((time.monotonic(), route))
        elif route.request.resource_type == "document":
            answer = route.fetch()
            route.fulfill(response=answer, body=TOLD.sub("", answer.text()))
        else:
            route.continue_()

    def shift(self, ready: Locator) -> float:
        """Let answers come until that is there and none is waited for; the layout shift until then."""
        end = time.monotonic() + 60
        quiet = 0
        while quiet < QUIET:
            assert time.monotonic() < end
            while self.held and time.monotonic() - self.held[0][0] >= LATE_S:
                self.held.popleft()[1].continue_()
            self.page.wait_for_timeout(20)
            quiet = quiet + 1 if not self.held and ready.is_visible() else 0
        shift: float = self.page.evaluate(PAINTED)
        self.page.unroute_all(behavior="ignoreErrors")
        return shift


# What is chosen


def test_an_order_keeps_the_box_and_the_place(page: Page) -> None:
    page.goto("/search?q=示例")
    settled(page)
    page.mouse.wheel(0, 60)
    page.wait_for_function("scrollY === 60")
    page.get_by_label("排序").select_option(label="最早成立")
    expect(page).to_have_url(re.compile("sort=established_on"))
    settled(page)
    expect(box(page)).to_have_value("示例")
    expect(page.get_by_role("heading", level=1)).to_contain_text("示例")
    assert page.evaluate("scrollY") == 60


def test_filters_keep_the_box_and_the_place(desk: Page) -> None:
    desk.goto("/search?q=示例")
    settled(desk)
    choice = desk.get_by_role("group", name="登记状态").get_by_role("checkbox").first
    desk.mouse.wheel(0, 40)
    desk.wait_for_function("scrollY === 40")
    choice.check()
    settled(desk)
    expect(desk).to_have_url(re.compile("status="))
    expect(box(desk)).to_have_value("示例")
    assert desk.evaluate("scrollY") == 40
    desk.get_by_role("group", name="成立时间").get_by_role("button").first.click()
    settled(desk)
    desk.get_by_role("button", name="清除全部条件").click()
    settled(desk)
    expect(box(desk)).to_have_value("示例")
    desk.reload()
    settled(desk)
    expect(box(desk)).to_have_value("示例")


def test_filters_keep_the_box_of_records(desk: Page) -> None:
    desk.goto("/records?q=示例")
    settled(desk)
    desk.get_by_role("group", name="类型").get_by_role("checkbox").first.check()
    settled(desk)
    expect(desk.get_by_role("searchbox", name="当事人")).to_have_value("示例")
    expect(desk).to_have_title(re.compile("示例"))


def test_a_word_that_the_address_has_twice_is_one_word(desk: Page) -> None:
    desk.goto("/search?q=示例澜汀&q=示例期舍&sort=established_on&sort=-capital_cny")
    settled(desk)
    expect(box(desk)).to_have_value("示例澜汀")
    expect(desk.get_by_label("排序")).to_have_value("established_on")


# On a phone


def test_the_filter_of_a_phone_is_a_sheet_with_the_total(open_page: Opener) -> None:
    phone = open_page(PHONE)
    phone.goto("/search?q=示例")
    settled(phone)
    everything = phone.locator(".total").inner_text()
    phone.get_by_role("button", name="筛选").click()
    sheet = phone.get_by_role("dialog", name="筛选")
    expect(sheet).to_be_visible()
    show = sheet.get_by_role("button", name=re.compile(r"^查看 [\d,]+ 家$"))
    expect(show).to_be_in_viewport(ratio=1)
    before = show.inner_text()
    assert re.sub(r"\D", "", before) == re.sub(r"\D", "", everything)
    sheet.get_by_role("checkbox", name=re.compile("^注销")).check()
    expect(show).not_to_have_text(before)
    expect(show).to_be_in_viewport(ratio=1)
    expect(sheet.get_by_role("checkbox", name=re.compile("^注销"))).to_be_in_viewport()
    assert sheet.evaluate("sheet => sheet.getBoundingClientRect().height <= innerHeight")
    assert phone.evaluate("document.documentElement.scrollHeight") < 10_000
    chosen = show.inner_text()
    show.click()
    expect(sheet).to_be_hidden()
    expect(phone.locator(".total")).to_be_in_viewport()
    assert re.sub(r"\D", "", phone.locator(".total").inner_text()) == re.sub(r"\D", "", chosen)
    phone.get_by_role("button", name="筛选（1）").press("Enter")
    expect(sheet).to_be_visible()
    phone.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(phone.get_by_role("button", name="筛选（1）")).to_be_focused()


def test_nothing_moves_under_the_finger_in_the_sheet(open_page: Opener) -> None:
    phone = open_page(PHONE)
    phone.goto("/search?q=示例")
    settled(phone)
    phone.get_by_role("button", name="筛选").click()
    sheet = phone.get_by_role("dialog", name="筛选")
    status = sheet.get_by_role("group", name="登记状态").get_by_role("checkbox")
    before = [place.bounding_box() for place in sheet.get_by_role("group").all()]
    status.nth(1).check()
    expect(phone).to_have_url(re.compile("status="))
    settled(phone)
    assert [place.bounding_box() for place in sheet.get_by_role("group").all()] == before


# Nothing jumps

LATE = {
    "/": ".facts",
    "/search?q=示例": "main ol > li",
    "/search?q=示例&status=存续&kind=个体工商户": ".total",
    "/search?q=查无此名甲乙丙丁": "main .state",
    "/records": "main ol > li",
    "/about": "main table",
    "/quality": "main .office",
    "/stats": "main .block table",
    "/notices": "main table",
    "entity": "#life",
    "record": "#record-facts",
}


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("address", LATE)
def test_a_late_answer_moves_nothing(open_page: Opener, address: str, width: int) -> None:
    page = open_page(width)
    ready = LATE[address]
    if address == "entity":
        found = page.request.get(f"/api/v1/entities?q={COMPANY}&page_size=1").json()["hits"][0]
        address = f"/entity/{found['entity_id']}"
    if address == "record":
        found = page.request.get("/api/v1/records?kind=penalty&page_size=1").json()["hits"][0]
        address = f"/record/{found['record_id']}"
    page.add_init_script(f"({SHIFT})()")
    late = Late(page)
    page.goto(address)
    assert late.shift(page.locator(ready).first) < MOST_SHIFT


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_late_answer_to_another_order_moves_nothing(open_page: Opener, width: int) -> None:
    page = open_page(width)
    page.add_init_script(f"({SHIFT})()")
    page.goto("/search?q=示例")
    settled(page)
    late = Late(page)
    page.get_by_label("排序").select_option(label="最早成立")
    expect(page).to_have_url(re.compile("sort="))
    expect(page.locator(".total")).to_have_text("正在查询…")
    assert late.shift(page.locator(".total", has_text="共")) < MOST_SHIFT
    settled(page)


# By keyboard


@pytest.mark.parametrize("address", ["/search?q=示例", "/records", "/search?status=存续&has=penalty"])
def test_the_first_tab_of_a_list_skips_to_its_results(page: Page, address: str) -> None:
    page.goto(address)
    settled(page)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到结果")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    url = page.url
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    first = page.locator("main ol > li").first
    assert first.evaluate("line => line.contains(document.activeElement)")
    assert page.url == url


# What was there is there again


def test_a_reload_shows_what_was_loaded_where_it_was(page: Page) -> None:
    page.goto("/search?q=示例")
    settled(page)
    for loaded in (40, 60):
        page.get_by_role("button", name="加载更多").press("Enter")
        expect(results(page)).to_have_count(loaded)
    results(page).nth(50).scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    assert scrolled > 1000
    page.reload()
    expect(results(page)).to_have_count(60)
    page.wait_for_function("where => Math.abs(scrollY - where) < 5", arg=scrolled)


def test_a_reload_of_a_company_stays_where_it_was(page: Page) -> None:
    page.goto(f"/search?q={COMPANY}")
    page.get_by_role("link", name=COMPANY, exact=True).click()
    expect(page.locator("#coverage")).to_be_visible()
    page.locator("#coverage").scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    assert scrolled > 0
    page.reload()
    expect(page.locator("#coverage")).to_be_visible()
    page.wait_for_function("where => Math.abs(scrollY - where) < 5", arg=scrolled)


def test_a_reload_answers_again_what_was_pasted(page: Page) -> None:
    page.goto("/match")
    page.locator("textarea").fill(f"{COMPANY}\n西宁示例无此厂")
    page.get_by_role("button", name="核对", exact=True).click()
    answers = page.get_by_role("table", name="核对结果").locator("tr.line")
    expect(answers).to_have_count(2)
    page.get_by_role("navigation", name="按结果筛选").get_by_role("link", name="已匹配").click()
    expect(answers).to_have_count(1)
    page.reload()
    expect(answers).to_have_count(1)
    expect(answers).to_contain_text(COMPANY)
    page.go_back()
    expect(answers).to_have_count(2)
    page.get_by_role("button", name="再核对一份").click()
    expect(page.locator("textarea")).to_have_value(re.compile("西宁示例无此厂"))


# Without https


@pytest.fixture
def plain(open_page: Opener) -> Page:
    """A window where nothing may be written to the clipboard by the asynchronous way, as over plain http."""
    page = open_page(DESK)
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined })")
    return page


def test_links_and_codes_are_copied_over_plain_http(plain: Page) -> None:
    plain.goto(f"/search?q={COMPANY}")
    plain.get_by_role("button", name="复制统一社会信用代码").first.click()
    expect(plain.get_by_role("status")).to_have_text("统一社会信用代码已复制")
    box(plain).fill("")
    box(plain).press("Control+V")
    expect(box(plain)).to_have_value(re.compile("^[0-9A-Z]{18}$"))
    plain.keyboard.press("Escape")
    plain.get_by_role("link", name=COMPANY, exact=True).click()
    copy = plain.get_by_role("button", name="复制链接")
    copy.click()
    expect(plain.get_by_role("status")).to_have_text("链接已复制")
    expect(copy).to_be_focused()


# In Chinese

WRONG = {
    "/search?status=没有这个状态": "登记状态",
    "/search?established_from=昨天": "成立时间",
    "/search?region=厦门": "地区",
    f"/search?q={'示' * 300}": "所输文字",
    "/search?sort=name": "排序",
    "/records?kind=nothing": "类型",
    "/records?fine_from=很多": "罚款",
    "/records?happened_from=2026-05-01&happened_to=2026-01-01": "日期",
    f"/entity/{'长' * 300}": "",
    "/record/不是编号": "",
    "/match?list=不是编号": "",
}
ENGLISH = re.compile(r"[A-Za-z]{3,} [A-Za-z]{2,}|cannot|must|allowed", re.I)


@pytest.mark.parametrize("address", WRONG)
def test_what_is_wrong_is_said_in_chinese(open_page: Opener, address: str) -> None:
    page = open_page(trouble=True)
    page.goto(address)
    state = page.locator("main .state")
    expect(state).to_be_visible()
    expect(state).to_contain_text(WRONG[address])
    assert not ENGLISH.search(state.inner_text())


def test_a_condition_that_cannot_be_is_taken_away_by_a_click(open_page: Opener) -> None:
    page = open_page(trouble=True)
    page.goto("/search?q=示例&status=没有这个状态&kind=个体工商户")
    alert = page.get_by_role("alert")
    expect(alert.get_by_role("button", name="再试一次")).to_have_count(0)
    alert.get_by_role("button", name="去掉这个条件").click()
    settled(page)
    expect(box(page)).to_have_value("示例")
    expect(page).to_have_url(re.compile("kind="))
    expect(page).not_to_have_url(re.compile("status="))


# What the page promises


def test_what_the_page_of_the_data_names_is_answered_and_copied(desk: Page) -> None:
    desk.goto("/about")
    ways = desk.locator("main .ways")
    expect(ways).to_be_visible()
    for address in [link.get_attribute("href") or "" for link in ways.get_by_role("link").all()]:
        assert desk.request.get(address).ok, address
    assert "/files" not in ways.inner_text(), "there are none here"
    ways.get_by_role("button", name="复制订阅").click()
    assert desk.evaluate("navigator.clipboard.readText()").endswith("/feeds/records.atom")


# Addresses that lead nowhere


@pytest.mark.parametrize("address", ["/foo", "/entity/NOPE", "/entity/91350200MA0000000X", "/record/NOPE"])
def test_what_is_not_there_is_404_and_says_so(open_page: Opener, address: str, site: str) -> None:
    page = open_page(trouble=True)
    answer = page.goto(address)
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^没有这"))
