"""批量核对: a list of companies from a file, or pasted, to the answers on the page and the file of them."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin

import httpx2
import polars as pl
import pytest
from playwright.sync_api import Download, Locator, Page, Request, Response, Route, expect

from tests.page.conftest import DESK, PHONE, OpenPage

pytestmark = pytest.mark.browser


class Server(Protocol):
    """A process of `xincha serve`, as conftest.py starts it."""

    address: str

    def start(self) -> None: ...

    def stop(self) -> None: ...


Check = Callable[[Page], None]
Serve = Callable[[Path], Server]
KNOWN = "厦门示例期舍商贸有限公司"
NEAR = "厦门示例期舍贸易有限公司"
NOWHERE = "西宁无此示例铸造厂"
NAME = "供应商名单.csv"
LEFT: list[str] = []


@pytest.fixture(autouse=True)
def left() -> Iterator[list[str]]:
    """Addresses of the lists that a test leaves on a server, which takes only some at a time: removed after it."""
    LEFT.clear()
    yield LEFT
    for address in LEFT:
        httpx2.delete(address)


@pytest.fixture(scope="module")
def done(site: str) -> Iterator[str]:
    """The page of a list that is answered, for tests of what comes behind that. Not to be removed."""
    files = f"{site}/api/v1/match/files"
    identifier = httpx2.post(files, params={"filename": NAME}, content=LIST).json()["id"]
    address, deadline = f"{files}/{identifier}", time.monotonic() + 120
    while httpx2.get(address).json()["state"] != "done":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield f"/match?list={identifier}"
    httpx2.delete(address)


def note_list(answer: Response) -> None:
    if answer.status == 202:
        LEFT.append(urljoin(answer.url, answer.headers["location"]))


def open_match(page: Page) -> None:
    page.on("response", note_list)
    # From the first listener on, Playwright takes file choosers over; it does not wait until that is so.
    page.on("filechooser", lambda _: None)
    page.goto("/match")


def as_csv(*rows: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


LIST = as_csv(
    ["序号", "供应商", "税号", "备注"],
    ["1", KNOWN, "", "老客户"],
    ["2", NEAR, "", ""],
    ["3", NOWHERE, "", ""],
    ["4", "", "", "没有写名称"],
)


def choose(page: Page, body: bytes = LIST, name: str = NAME, button: str = "选择文件") -> None:
    """Choose a file as a mouse does."""
    with page.expect_file_chooser() as waiting:
        page.get_by_role("button", name=button).click()
    waiting.value.set_files({"name": name, "mimeType": "", "buffer": body})


def chosen(page: Page) -> Locator:
    return page.locator(".zone strong")


def send(page: Page) -> None:
    page.get_by_role("button", name="上传并核对").click()


def answered(page: Page, body: bytes = LIST) -> None:
    """From the open page to the answers."""
    open_match(page)
    choose(page, body)
    send(page)
    expect(heading(page)).to_be_visible()


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", name="核对结果", exact=True)


def answers(page: Page) -> Locator:
    return page.get_by_role("table", name="核对结果").locator("tr.line")


def opened(line: Locator) -> None:
    """Open a line, or close it."""
    line.locator("[data-row]").click()


def tab(page: Page, word: str) -> Locator:
    return page.get_by_role("navigation", name="按结果筛选").get_by_role("link", name=re.compile(word))


def paste(page: Page, *lines: str) -> None:
    open_match(page)
    page.get_by_role("textbox", name=re.compile("一行一个")).fill("\n".join(lines))
    page.get_by_role("button", name="核对", exact=True).click()


def rows(download: Download) -> list[dict[str, str]]:
    with download.path().open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_from_a_file_to_the_answers_and_the_file_of_them(page: Page) -> None:
    answered(page)
    main = page.get_by_role("main")
    expect(main).to_contain_text("共 4 条：已匹配 1，待确认 1，未找到 1，无法使用 1")
    expect(main).to_contain_text("名称取自“供应商”栏；代码取自“税号”栏")
    expect(answers(page)).to_have_count(4)
    known, near, nowhere, bad = answers(page).all()
    expect(known).to_contain_text("已匹配")
    expect(known.get_by_role("link", name=KNOWN)).to_be_visible()
    expect(known).to_contain_text("行政处罚 5")
    expect(near).to_contain_text("名称相近")
    expect(near.get_by_role("link", name=KNOWN)).to_be_visible()
    expect(nowhere).to_contain_text("未找到")
    expect(bad).to_contain_text("无法使用")
    assert {round(line.bounding_box()["height"]) for line in answers(page).all()} <= (  # type: ignore[index]
        {38} if page.viewport_size["width"] == DESK else {*range(44, 120)}  # type: ignore[index]
    )
    opened(known)
    expect(main).to_contain_text("相符程度 1.00")
    expect(main).to_contain_text("名称完全一致")
    opened(known)
    opened(near)
    expect(main.get_by_role("list", name="候选主体").get_by_role("link").first).to_have_text(KNOWN)
    expect(main).to_contain_text("不符")
    opened(bad)
    expect(main).to_contain_text("没有名称，也没有有效的统一社会信用代码或注册号")
    expect(main).to_contain_text("备注：没有写名称")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载全部结果（CSV）").click()
    assert waiting.value.suggested_filename == "供应商名单.matched.csv"
    taken = rows(waiting.value)
    assert [row["state"] for row in taken] == ["matched", "ambiguous", "none", "error"]
    assert [row["供应商"] for row in taken] == [KNOWN, NEAR, NOWHERE, ""]


def test_the_same_by_keyboard(desk: Page) -> None:
    open_match(desk)
    button = desk.get_by_role("button", name="选择文件")
    button.focus()
    with desk.expect_file_chooser() as waiting:
        desk.keyboard.press("Enter")
    waiting.value.set_files({"name": NAME, "mimeType": "text/csv", "buffer": LIST})
    expect(chosen(desk)).to_have_text(NAME)
    desk.keyboard.press("Tab")
    desk.keyboard.type("X")
    expect(desk.get_by_role("combobox", name="结果存为")).to_have_value("xlsx")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(heading(desk)).to_be_focused()
    expect(desk.get_by_role("status")).to_have_text("核对完成：已匹配 1，待确认 1，未找到 1，无法使用 1")
    expect(desk.get_by_role("link", name="下载全部结果（XLSX）")).to_be_visible()
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="下载全部结果（XLSX）")).to_be_focused()
    with desk.expect_download() as taken:
        desk.keyboard.press("Enter")
    assert pl.read_excel(taken.value.path())["state"].to_list() == ["matched", "ambiguous", "none", "error"]
    tab(desk, "名称相近").focus()
    desk.keyboard.press("Enter")
    expect(answers(desk)).to_have_count(1)
    expect(tab(desk, "名称相近")).to_be_focused()


def test_a_list_that_is_done_at_the_first_look_gets_the_focus_too(desk: Page) -> None:
    def once_done(route: Route) -> None:
        address = route.request.url
        while httpx2.get(address).json()["state"] not in ("done", "failed"):
            time.sleep(0.1)
        route.continue_()

    open_match(desk)
    choose(desk)
    desk.route("**/api/v1/match/files/*", once_done)
    send(desk)
    expect(heading(desk)).to_be_focused()
    expect(desk.get_by_role("status")).to_have_text("核对完成：已匹配 1，待确认 1，未找到 1，无法使用 1")


@pytest.mark.parametrize("onto", [".zone", "textarea", "h1"])
def test_a_file_may_be_dropped_anywhere(desk: Page, onto: str) -> None:
    desk.goto("/match")
    expect(desk.locator("textarea")).to_be_visible()
    carried = desk.evaluate_handle(
        """([name, text]) => {
            const carried = new DataTransfer()
            carried.items.add(new File([text], name))
            return carried
        }""",
        [NAME, LIST.decode()],
    )
    for event in ("dragover", "drop"):
        desk.dispatch_event(onto, event, {"dataTransfer": carried})
    expect(chosen(desk)).to_have_text(NAME)


def test_the_answers_are_filtered_by_state_and_the_way_back_leads_there(page: Page, done: str) -> None:
    page.goto(done)
    expect(heading(page)).to_be_visible()
    tab(page, "无法使用").click()
    expect(answers(page)).to_have_count(1)
    expect(answers(page)).to_contain_text("4")
    tab(page, "已匹配").click()
    expect(tab(page, "已匹配")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("status")).to_have_text("已匹配 1 条")
    page.get_by_role("link", name=KNOWN).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(KNOWN)
    page.go_back()
    expect(answers(page)).to_have_count(1)
    expect(tab(page, "已匹配")).to_have_attribute("aria-current", "true")
    page.reload()
    expect(answers(page)).to_have_count(1)
    page.go_back()
    expect(answers(page)).to_contain_text("没有名称，也没有有效的统一社会信用代码或注册号")


def test_a_long_list_comes_in_pages(desk: Page) -> None:
    answered(desk, as_csv(["名称"], *([f"西宁示例{number}号厂"] for number in range(220))))
    expect(desk.get_by_role("main")).to_contain_text("共 220 条")
    expect(answers(desk)).to_have_count(100)
    desk.get_by_role("button", name="加载更多").click()
    expect(answers(desk)).to_have_count(200)
    expect(desk.locator("#row-101")).to_be_focused()
    desk.get_by_role("button", name="加载更多").click()
    expect(answers(desk)).to_have_count(220)
    expect(desk.get_by_role("button", name="加载更多")).to_have_count(0)
    desk.reload()
    expect(answers(desk)).to_have_count(220)


def test_names_are_pasted(page: Page) -> None:
    code = "9135 0203 yyy0 0031 0g"
    paste(page, f"1、{KNOWN}", "", NEAR, code, f"{KNOWN}\t{code.replace(' ', '')}\t老客户", NOWHERE, "某" * 201)
    expect(heading(page)).to_be_focused()
    expect(page.get_by_role("main")).to_contain_text("共 6 条：已匹配 3，待确认 1，未找到 1，无法使用 1")
    expect(answers(page).last).to_contain_text("名称超过 200 个字符")
    tab(page, "名称相近").click()
    expect(answers(page)).to_have_count(1)
    page.get_by_role("link", name=KNOWN).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(KNOWN)
    page.go_back()
    expect(answers(page)).to_contain_text(NEAR)
    page.get_by_role("button", name="再核对一份").click()
    expect(page.locator("textarea")).to_have_value(re.compile(NOWHERE))


@pytest.mark.parametrize(("kind", "read"), [("CSV", pl.read_csv), ("XLSX", pl.read_excel)])
def test_what_was_pasted_comes_as_a_file(desk: Page, kind: str, read: Callable[[Path], pl.DataFrame]) -> None:
    paste(desk, KNOWN, '有,逗号和"引号"的示例厂', "9135 0203 YYY0 0031 0G", NEAR)
    desk.get_by_role("button", name=f"第 4 行：是 {KNOWN}").click()
    with desk.expect_download(timeout=120_000) as waiting:
        desk.get_by_role("button", name=f"下载 {kind}").click()
    assert waiting.value.suggested_filename == f"粘贴的名单.matched.{kind.lower()}"
    taken = read(waiting.value.path())
    assert taken["state"].to_list() == ["matched", "none", "matched", "ambiguous"]
    assert taken["名称"].to_list() == [KNOWN, '有,逗号和"引号"的示例厂', None, NEAR]
    assert taken["确认的主体名称"].to_list() == [None, None, None, KNOWN]


def test_too_many_names_or_none_are_not_sent(desk: Page) -> None:
    sent: list[Request] = []

    def note(request: Request) -> None:
        if "/api/" in request.url:
            sent.append(request)

    desk.goto("/match")
    desk.on("request", note)
    paste_button = desk.get_by_role("button", name="核对", exact=True)
    paste_button.click()
    expect(desk.get_by_role("alert")).to_have_text("请先写上名称，一行一个。")
    desk.locator("textarea").evaluate(
        "box => { box.value = '某\\n'.repeat(100_002); box.dispatchEvent(new Event('input')) }"
    )
    expect(desk.get_by_role("alert")).to_contain_text("多了 2 个：一次最多 100,000 个")
    paste_button.click()
    desk.get_by_role("button", name="上传并核对").click()
    expect(desk.get_by_role("alert").first).to_have_text("请先选择一个文件。")
    assert sent == []


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [("名单.docx", b"PK", "不是名单文件"), ("名单.csv", b"", "是空的")],
)
def test_what_is_no_list_is_told_before_it_is_sent(
    desk: Page, name: str, body: bytes, said: str, assert_accessible: Check
) -> None:
    open_match(desk)
    choose(desk, body, name)
    expect(desk.get_by_role("alert")).to_contain_text(f"“{name}”{said}")
    expect(desk.get_by_role("button", name="选择文件")).to_be_visible()
    assert_accessible(desk)


def test_where_no_column_or_several_may_be_meant_a_person_chooses_before_the_first_rows(
    open_page: OpenPage, assert_accessible: Check
) -> None:
    page = open_page(PHONE, scheme="dark")
    open_match(page)
    choose(page, as_csv(["甲", "乙"], ["1", "期舍商贸"], ["2", "无此"]))
    send(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("找不到名称或统一社会信用代码栏。表头:甲、乙。")
    expect(alert).not_to_contain_text("--column")
    expect(alert.get_by_role("table")).to_contain_text("期舍商贸")
    assert_accessible(page)
    alert.get_by_role("button", name="换一个文件").click()
    expect(chosen(page)).to_have_text(NAME)
    others = [f"西宁无此示例{n}号铸造厂" for n in range(6)]
    choose(
        page,
        button="换一个文件",
        body=as_csv(["采购", "供应"], *([name, KNOWN] if n else [name, NEAR] for n, name in enumerate(others))),
    )
    send(page)
    expect(alert).to_contain_text("名称在哪一栏？")
    for row in (*others[:5], NEAR):
        expect(alert.get_by_text(row, exact=True)).to_be_visible()
    expect(alert.get_by_text(others[5])).to_have_count(0)
    page.reload()
    alert.get_by_role("button", name="按这些栏核对").click()
    expect(alert.get_by_role("alert")).to_have_text("请先选名称或代码在哪一栏。")
    alert.get_by_role("combobox", name="名称").select_option("供应")
    alert.get_by_role("button", name="按这些栏核对").click()
    expect(page.get_by_role("main")).to_contain_text("名称取自“供应”栏")


def test_a_damaged_workbook_is_told(desk: Page) -> None:
    open_match(desk)
    choose(desk, b"no workbook", "名单.xlsx")
    send(desk)
    expect(desk.get_by_role("alert")).to_contain_text("不是工作簿")


def test_a_file_that_is_too_large_and_a_server_that_is_away(
    open_page: OpenPage, serve: Serve, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XINCHA_MAX_UPLOAD_MB", "1")
    server = serve(demo)
    page = open_page(base=server.address, trouble=True)
    open_match(page)
    choose(page, LIST * (1 + (1 << 20) // len(LIST)))
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("一次最多 1 MB")
    page.reload()
    choose(page)
    server.stop()
    send(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("连不上服务")
    server.start()
    alert.get_by_role("button", name="再试一次").click()
    expect(heading(page)).to_be_visible()


def test_a_list_at_work_shows_how_far_it_is_and_can_be_stopped(desk: Page, assert_accessible: Check) -> None:
    open_match(desk)
    choose(desk, as_csv(["名称"], *([f"西宁示例{number}号厂"] for number in range(20_000))))
    send(desk)
    expect(desk.get_by_role("progressbar")).to_be_visible()
    assert_accessible(desk)
    expect(desk.get_by_role("region", name="进度")).to_contain_text(re.compile(r"正在核对：[\d,]+ / 20,000"))
    with desk.expect_response(lambda answer: answer.request.method == "DELETE") as gone:
        desk.get_by_role("button", name="取消并删除").click()
    assert gone.value.status == 204
    expect(desk.get_by_role("heading", level=1)).to_be_focused()
    expect(desk.get_by_role("button", name="上传并核对")).to_be_visible()


def test_a_list_is_deleted_on_request_and_then_gone(open_page: OpenPage, assert_accessible: Check) -> None:
    page = open_page(trouble=True)
    answered(page)
    address = page.url
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.get_by_role("button", name="立即删除").click()
    expect(page.get_by_role("button", name="上传并核对")).to_be_visible()
    page.goto(address)
    expect(page.get_by_role("alert")).to_contain_text("这份名单已经不在了")
    assert_accessible(page)
    page.get_by_role("button", name="核对一份名单").click()
    expect(page.get_by_role("button", name="选择文件")).to_be_visible()


def test_a_list_that_went_while_it_was_looked_at(open_page: OpenPage) -> None:
    page = open_page(trouble=True)
    answered(page)
    expect(page.get_by_role("button", name="立即删除")).to_be_visible()  # until then the page looks how far the list is
    identifier = page.url.rpartition("list=")[2]
    assert page.request.delete(f"/api/v1/match/files/{identifier}").status == 204
    tab(page, "未找到").click()
    expect(page.get_by_role("alert")).to_contain_text("这份名单已经从服务器删除")


def test_nothing_serious_before_and_after(desk: Page, assert_accessible: Check) -> None:
    def check() -> None:
        for width, scheme in ((PHONE, "dark"), (DESK, "light")):
            desk.set_viewport_size({"width": width, "height": 800})
            desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            assert_accessible(desk)

    open_match(desk)
    choose(desk)
    check()
    send(desk)
    expect(answers(desk)).to_have_count(4)
    for line in answers(desk).all():
        opened(line)
    check()


def test_it_fits_a_phone_and_a_finger(open_page: OpenPage) -> None:
    page = open_page(PHONE)
    open_match(page)
    choose(page)
    assert_fits(page)
    send(page)
    expect(answers(page)).to_have_count(4)
    assert_fits(page)


def assert_fits(page: Page) -> None:
    for width in (320, PHONE):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """() => [...document.querySelectorAll('main :is(button, select, input, textarea, a, summary)')]
            .filter(control => control.checkVisibility() && control.getBoundingClientRect().height < 44)
            .map(control => control.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_the_page_arrives_when_it_is_opened_and_says_where_it_does_not(open_page: OpenPage) -> None:
    page = open_page(trouble=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    expect(page.get_by_role("region", name="这里有什么")).to_be_visible()
    assert not any("MatchPage" in address for address in asked)
    page.route("**/assets/MatchPage*", lambda route: route.abort())
    page.get_by_role("navigation", name="主要页面").get_by_role("link", name="批量核对").click()
    expect(page.get_by_role("alert")).to_contain_text("这一页没有载入")
    page.unroute("**/assets/MatchPage*")
    page.get_by_role("button", name="重新载入").click()
    expect(page.get_by_role("button", name="选择文件")).to_be_visible()
