"""Figures as a person meets them: drawings with their tables, each number a way to its list, and a form whose state is
the address."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from indexer.load import load
from indexer.publish import publish
from tests import figures_files
from tests.page.conftest import DESK, PHONE, Serve
from xincha.engine.open import open_engine
from xincha.settings import Settings

pytestmark = pytest.mark.browser

Check = Callable[[Page], None]
Opener = Callable[..., Page]
CHARTS = 10


def block(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def numbers(text: str | None) -> int:
    return int(re.sub(r"\D", "", text or ""))


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
def test_each_drawing_has_its_table_its_day_and_its_file(open_page: Opener, width: int, scheme: str) -> None:
    page = open_page(width, scheme=scheme)
    answer = page.goto("/stats")
    assert answer
    assert answer.status == 200
    expect(page.get_by_role("link", name="统计", exact=True)).to_have_attribute("aria-current", "page")
    expect(page.locator(".block table")).to_have_count(CHARTS)
    for each in page.locator(".block").all():
        expect(each).to_contain_text(re.compile(r"内容截至 20\d\d-\d\d-\d\d"))
        expect(each.get_by_role("link", name=re.compile("^CSV")).first).to_have_attribute(
            "href", re.compile(r"^/api/v1/stats\.csv\?of=")
        )
    expect(page.locator("figure svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", ["行政处罚：按机关，条数与罚款", "经营主体：按类型"])
def test_a_number_leads_to_the_list_that_was_counted(desk: Page, name: str) -> None:
    desk.goto("/stats")
    row = block(desk, name).locator("tbody tr").first
    number = row.get_by_role("link").first
    counted = numbers(number.text_content())
    number.click()
    expect(desk.get_by_text(re.compile(rf"^共 {counted:,} [条家]"))).to_be_visible()
    desk.go_back()
    row.locator(".bar a").click(force=True, position={"x": 3, "y": 5})
    expect(desk.get_by_text(re.compile(rf"^共 {counted:,} [条家]"))).to_be_visible()


def test_the_form_writes_the_address_and_the_address_the_form(page: Page) -> None:
    page.goto("/stats")
    page.get_by_role("button", name="自己统计").click()
    form = page.get_by_role("form", name="统计什么")
    form.get_by_label("统计", exact=True).select_option("行政处罚")
    expect(page.get_by_role("heading", name="行政处罚：按年", exact=True)).to_be_visible()
    form.get_by_label("再按", exact=True).select_option("机关")
    form.get_by_label("罚款金额合计（元）").check()
    form.get_by_label("条件", exact=True).select_option("罚款，从（元）")
    form.get_by_label("罚款，从（元）的值").fill("10000")
    form.get_by_role("button", name="加上").click()
    expect(page).to_have_url(re.compile("fine_from=10000"))
    asked = parse_qsl(urlsplit(page.url).query)
    assert sorted(asked) == [
        ("by", "authority"), ("by", "year"), ("fine_from", "10000"), ("measure", "count"), ("measure", "fine_sum"),
        ("of", "penalty"),
    ]  # fmt: skip
    page.reload()
    own = page.locator(".block")
    expect(own.get_by_role("columnheader", name="罚款金额合计（元）")).to_be_visible()
    expect(form.get_by_label("再按", exact=True)).to_have_value("authority")
    page.get_by_role("button", name="移除条件 罚款：1 万元 起").click()
    expect(page).not_to_have_url(re.compile("fine_from"))
    page.go_back()
    expect(page).to_have_url(re.compile("fine_from=10000"))
    expect(form.get_by_label("罚款金额合计（元）")).to_be_checked()


def test_what_is_asked_often_is_an_address_each_of_which_is_answered(desk: Page) -> None:
    desk.goto("/stats?of=penalty")
    links = desk.locator(".often a")
    expect(links).to_have_count(8)
    for at in range(8):
        with desk.expect_response("**/api/v1/stats?*") as answered:
            links.nth(at).click()
        assert answered.value.ok
        expect(desk.locator(".block h2")).to_be_visible()
        expect(desk.get_by_role("alert")).to_have_count(0)


def test_a_question_that_cannot_be_answered_says_so(open_page: Opener) -> None:
    page = open_page(DESK, trouble=True)
    page.goto("/stats?of=penalty&by=nothing")
    expect(page.get_by_role("alert")).to_contain_text("没有办法回答")
    expect(page.get_by_role("form", name="统计什么")).to_be_visible()


def test_on_paper_each_table_is_whole_and_the_form_is_not_there(desk: Page) -> None:
    desk.goto("/stats")
    expect(desk.locator(".block table")).to_have_count(CHARTS)
    desk.emulate_media(media="print")
    expect(desk.get_by_role("form", name="统计什么")).to_be_hidden()
    cut = desk.locator(".scroll").evaluate_all(
        "all => all.filter(one => one.scrollHeight > one.clientHeight + 1).length"
    )
    assert cut == 0


def test_what_is_not_loaded_is_told_and_is_no_zero(
    open_page: Opener, serve: Serve, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("figures")
    settings = Settings(data=folder / "data", workers=1)
    load([figures_files.register(folder)], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
    page = open_page(PHONE, base=serve(folder / "data").address)
    page.goto("/stats")
    for name in ("行政处罚：按机关，条数与罚款", "抽查检查：按区，发现问题的比率"):
        expect(block(page, name)).to_contain_text("未装载：")
        expect(block(page, name).get_by_role("table")).to_have_count(0)
    expect(block(page, "经营主体：按成立年份").get_by_role("table")).to_be_visible()


def test_filters_of_an_address_are_chips_that_can_be_taken_away(desk: Page) -> None:
    desk.goto(
        "/records?kind=penalty&published_from=2020-01-01&lasted_to=4000&violation=虚假宣传&article=食品安全法|124"
    )
    for text in (
        "开始公示日期：2020-01-01 起",
        "历时：至 4,000 天",
        "违法行为类型：虚假宣传",
        "依据条文：食品安全法第124条",
    ):
        expect(desk.get_by_role("button", name=f"移除条件 {text}")).to_be_visible()
    desk.get_by_role("button", name="移除条件 违法行为类型：虚假宣传").click()
    expect(desk).not_to_have_url(re.compile("violation"))
    desk.goto("/records?published_from=2020-01-01")  # where nothing is found there are no empty filters
    for name in ("移出或期满日期", "历时", "开始公示日期"):
        expect(desk.get_by_role("group", name=re.compile(name))).to_be_visible()
    desk.goto("/search?closed_from=2020-01-01&loaded_from=2020-01-01")
    expect(desk.get_by_role("button", name="移除条件 终止时间：2020-01-01 起")).to_be_visible()
    expect(desk.get_by_role("button", name="移除条件 装载日期：2020-01-01 起")).to_be_visible()
