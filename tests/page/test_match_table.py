"""The answers to a list as a table: the keyboard in it, what a person says of a row, other columns, many rows."""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Callable, Iterator

import httpx2
import pytest
from playwright.sync_api import Download, Locator, Page, expect

from tests.page.conftest import DESK, PHONE, OpenPage

pytestmark = pytest.mark.browser

Check = Callable[[Page], None]
KNOWN = "厦门示例期舍商贸有限公司"
NEAR = "厦门示例期舍贸易有限公司"
NOWHERE = "西宁无此示例铸造厂"
ROWS = ["名称,备用名称", f"{KNOWN},{NOWHERE}", f"{NEAR},{KNOWN}", f"{NOWHERE},{KNOWN}"]


@pytest.fixture
def address(site: str) -> Iterator[str]:
    """Where a list that is answered can be asked about."""
    sent = httpx2.post(f"{site}/api/v1/match/files", params={"filename": "名单.csv"}, content="\n".join(ROWS).encode())
    place = f"{site}{sent.headers['location']}"
    deadline = time.monotonic() + 120
    while httpx2.get(place).json()["state"] != "done":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield place
    httpx2.delete(place)


def shown(page: Page, address: str, **more: str) -> None:
    page.goto(f"/match?list={address.rpartition('/')[2]}" + "".join(f"&{name}={value}" for name, value in more.items()))
    expect(lines(page).first).to_be_visible()


def put(box: Locator, text: str) -> None:
    """Put much text into a box at once: Playwright's `fill` takes a minute for it."""
    box.evaluate("(box, text) => { box.value = text; box.dispatchEvent(new Event('input')) }", text)


def lines(page: Page) -> Locator:
    return page.get_by_role("table", name="核对结果").locator("tr.line")


def line(page: Page, row: int) -> Locator:
    return page.locator(f"tr.line:has(#row-{row})")


def tab(page: Page, word: str) -> Locator:
    return page.get_by_role("navigation", name="按结果筛选").get_by_role("link", name=re.compile(word))


def taken(download: Download) -> list[dict[str, str]]:
    with download.path().open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_click_confirms_or_refuses_and_the_download_says_so(
    open_page: OpenPage, address: str, width: int, assert_accessible: Check
) -> None:
    page = open_page(width)
    shown(page, address)
    page.get_by_role("button", name=f"第 2 行：是 {KNOWN}").click()
    expect(line(page, 2)).to_contain_text("已确认")
    expect(page.get_by_role("status")).to_have_text(f"第 2 行已确认：{KNOWN}")
    line(page, 1).locator("[data-row]").click()
    with page.expect_response(re.compile("judgments")) as kept:
        page.get_by_role("button", name="都不是", exact=True).click()
    assert kept.value.status == 200
    expect(line(page, 1)).to_contain_text("都不是")
    expect(tab(page, "您确认过")).to_contain_text("2")
    expect(tab(page, "还没确认")).to_have_count(0)
    assert_accessible(page)
    page.reload()
    expect(line(page, 2)).to_contain_text("已确认")
    tab(page, "您确认过").click()
    expect(lines(page)).to_have_count(2)
    with page.expect_download(timeout=120_000) as waiting:
        page.get_by_role("button", name="写入确认并下载（CSV）").click()
    rows = taken(waiting.value)
    assert [row["人工确认"] for row in rows] == ["都不是", "已确认", ""]
    assert [row["确认的主体名称"] for row in rows] == ["", KNOWN, ""]
    assert any(re.search(r"数据范围：登记信息 .*截至 \d{4}-\d\d-\d\d.*\d{4}-\d\d-\d\d 核对", head) for head in rows[0])
    expect(page.get_by_role("link", name="下载全部结果（CSV）")).to_be_visible()
    page.get_by_role("button", name="第 2 行：撤销确认").click()
    expect(line(page, 2)).to_contain_text("名称相近")


def test_the_keyboard_goes_through_rows_and_says_what_they_mean(desk: Page, address: str) -> None:
    shown(desk, address)
    desk.locator("#row-1").focus()
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("#row-2")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("list", name="候选主体").get_by_role("link", name=KNOWN)).to_be_visible()
    desk.keyboard.press("1")
    expect(line(desk, 2)).to_contain_text("已确认")
    expect(desk.locator("#row-3")).to_be_focused()
    desk.keyboard.press("Home")
    expect(desk.locator("#row-1")).to_be_focused()
    desk.keyboard.press("0")
    expect(line(desk, 1)).to_contain_text("都不是")
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("Backspace")
    expect(line(desk, 1)).to_contain_text("已匹配")
    desk.keyboard.press("End")
    expect(desk.locator("#row-3")).to_be_focused()
    stops = desk.evaluate(
        "[...document.querySelectorAll('tr.line :is(a, button)')].filter(each => each.tabIndex === 0)"
        ".map(each => each.closest('tr').rowIndex)"
    )
    assert len(set(stops)) == 1, "one row is a stop of the way through the page"


def test_the_head_of_the_table_stays_and_a_line_is_one_line(desk: Page, site: str) -> None:
    body = "名称\n" + "\n".join(f"西宁无此示例{number}号名称很长而不换行的股份有限公司分公司" for number in range(100))
    desk.on("filechooser", lambda _: None)
    desk.goto("/match")
    with desk.expect_file_chooser() as waiting:
        desk.get_by_role("button", name="选择文件").click()
    waiting.value.set_files({"name": "名单.csv", "mimeType": "", "buffer": body.encode()})
    desk.get_by_role("button", name="上传并核对").click()
    expect(lines(desk)).to_have_count(100)
    expect(desk.get_by_role("link", name="下载全部结果（CSV）")).to_be_visible()
    heights = {round(each.bounding_box()["height"]) for each in lines(desk).all()[:5]}  # type: ignore[index]
    assert max(heights) < 45
    line(desk, 60).scroll_into_view_if_needed()
    expect(desk.get_by_role("columnheader", name="登记的企业")).to_be_in_viewport()
    desk.get_by_role("button", name="立即删除").click()


def test_another_column_is_taken_and_the_list_answered_anew(open_page: OpenPage) -> None:
    page = open_page(DESK)
    page.on("filechooser", lambda _: None)
    page.goto("/match")
    with page.expect_file_chooser() as waiting:
        page.get_by_role("button", name="选择文件").click()
    waiting.value.set_files({"name": "名单.csv", "mimeType": "", "buffer": "\n".join(ROWS).encode()})
    page.get_by_role("button", name="上传并核对").click()
    sample = page.get_by_role("region", name="您的文件的前 3 行")
    expect(sample.get_by_role("row", name=f"{NOWHERE} {KNOWN}")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("共 3 条：已匹配 1，待确认 1，未找到 1")
    first = page.url
    page.reload()  # the file is still in this window
    page.get_by_text("名单的栏目").click()
    page.get_by_role("button", name="按这些栏重新核对").click()
    expect(page.get_by_role("alert")).to_contain_text("没有改动")
    page.get_by_role("combobox", name="名称", exact=True).select_option("备用名称")
    expect(sample.get_by_role("columnheader", name="备用名称 名称")).to_be_visible()
    page.get_by_role("button", name="按这些栏重新核对").click()
    expect(page.get_by_role("main")).to_contain_text("共 3 条：已匹配 2，未找到 1")
    assert page.url != first
    gone = first.rpartition("list=")[2].partition("&")[0]
    assert page.request.get(f"/api/v1/match/files/{gone}").status == 404
    page.get_by_role("button", name="立即删除").click()


def test_what_was_said_of_pasted_names_stays_over_a_reload(desk: Page) -> None:
    desk.goto("/match")
    desk.locator("textarea").fill(f"{KNOWN}\n{NEAR}")
    desk.get_by_role("button", name="核对", exact=True).click()
    desk.get_by_role("button", name=f"第 2 行：是 {KNOWN}").click()
    desk.reload()
    expect(line(desk, 2)).to_contain_text("已确认")
    desk.get_by_role("button", name="再核对一份").click()
    desk.locator("textarea").fill(f"{NEAR}\n{NEAR}")
    desk.get_by_role("button", name="核对", exact=True).click()
    expect(line(desk, 2)).to_contain_text("名称相近")


def test_ten_thousand_pasted_names_are_a_list(desk: Page) -> None:
    """Its rows come as they are answered, a hundred at a time, and it says how long it takes still."""
    desk.goto("/match")
    put(desk.locator("textarea"), "\n".join(f"西宁示例{number}号厂" for number in range(10_000)))
    expect(desk.get_by_text("10,000 个：超过 1,000 个的")).to_be_visible()
    with desk.expect_response(lambda answer: answer.status == 202):
        desk.get_by_role("button", name="核对", exact=True).click()
    progress = desk.get_by_role("region", name="进度")
    expect(lines(desk).first).to_be_visible()
    expect(progress).to_contain_text(re.compile(r"正在核对：[\d,]+ / 10,000，约还要 \d+ (秒|分钟)"))
    expect(lines(desk)).to_have_count(100)
    progress.get_by_role("button", name="取消并删除").click()
    expect(desk.get_by_role("button", name="上传并核对")).to_be_visible()


def test_a_judgment_that_cannot_be_kept_is_told(open_page: OpenPage, address: str) -> None:
    page = open_page(trouble=True)
    shown(page, address)
    page.route("**/judgments", lambda route: route.abort())
    page.get_by_role("button", name=f"第 2 行：是 {KNOWN}").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("连不上服务")
    page.unroute("**/judgments")
    alert.get_by_role("button", name="再试一次").click()
    expect(alert).to_have_count(0)
    assert httpx2.get(address).json()["judged"]["confirmed"] == 1
