"""What is loaded, and of which days, stands wherever a person might read that there is nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from indexer.load import load
from indexer.publish import publish
from tests import coverage_files as files
from tests.coverage_files import CITY, COMPANY, NAMES, OTHER
from tests.page.conftest import Serve
from xincha.days import today
from xincha.engine.open import open_engine
from xincha.kinds import KINDS
from xincha.settings import Settings

pytestmark = pytest.mark.browser

Check = Callable[[Page], None]
UNLOADED = f"未装载：{'、'.join(kind.title for kind in KINDS.values() if kind.name != 'penalty')}。查不到，不说明没有。"
NOTHING = "查无此名甲乙丙丁"


@pytest.fixture(scope="module")
def covered(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where a register and penalties are served, and nothing else."""
    folder = tmp_path_factory.mktemp("covered")
    settings = Settings(data=folder / "data", workers=1)
    load([make(folder / "files", today()) for make in (files.register, files.penalties)], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
    return serve(folder / "data").address


@pytest.fixture(params=[(390, "light"), (1280, "dark")], ids=["phone", "desk"])
def window(open_page: Callable[..., Page], covered: str, request: pytest.FixtureRequest) -> Page:
    width, scheme = request.param
    return open_page(width, scheme=scheme, base=covered)


def main(page: Page) -> str:
    """What the page says, once it has said which kinds are not loaded."""
    expect(page.get_by_role("main")).to_contain_text("未装载")
    return page.get_by_role("main").inner_text()


def test_the_home_page_says_of_which_day_the_data_is_by_kind(window: Page, assert_accessible: Check) -> None:
    window.goto("/")
    newest, register = files.days_ago(today(), 40), files.days_ago(today(), 90)
    assert f"数据截至 {newest}。" in main(window)
    loaded = window.get_by_role("region", name="装载的数据").get_by_role("listitem")
    expect(loaded.filter(has_text="登记信息")).to_contain_text(f"内容到 {register}")
    expect(loaded.filter(has_text="行政处罚")).to_contain_text(f"内容到 {newest}")
    assert UNLOADED in main(window)
    assert_accessible(window)


def test_content_that_ends_long_ago_is_called_so_though_it_was_loaded_today(window: Page) -> None:
    window.goto("/")
    expect(window.get_by_text(f"数据的内容只到 {files.days_ago(today(), 40)}")).to_be_visible()


def test_a_company_without_records_says_so_of_loaded_kinds_alone(window: Page, assert_accessible: Check) -> None:
    window.goto(f"/entity/{OTHER}")
    said = main(window)
    assert "装载的行政处罚里，没有这家企业依法仍在公示的记录。" in said
    assert not re.search("没有[^。]*(?:经营异常|抽查检查|行政许可)[^。]*记录", said)
    scope = window.get_by_role("region", name="数据范围")
    expect(scope).to_contain_text(UNLOADED)
    expect(scope).to_contain_text(
        f"行政处罚 3 条，{files.days_ago(today(), 500)} 至 {files.days_ago(today(), 40)}，{CITY}等 2 个机关"
    )
    expect(window.locator(".head")).to_contain_text(f"登记信息截至 {files.days_ago(today(), 90)}")
    assert_accessible(window)


def test_a_company_with_records_says_what_is_not_loaded_too(window: Page) -> None:
    window.goto(f"/entity/{COMPANY}")
    expect(window.get_by_role("region", name="数据范围")).to_contain_text(UNLOADED)
    expect(window.get_by_role("main")).not_to_contain_text("没有这家企业依法")


def test_a_search_for_records_of_a_kind_that_is_not_loaded(window: Page, assert_accessible: Check) -> None:
    window.goto("/records?kind=abnormal")
    expect(window.get_by_role("heading", name="经营异常没有装载")).to_be_visible()
    assert "没有记录" not in main(window)
    assert_accessible(window)
    window.goto(f"/records?q={NOTHING}")
    expect(window.get_by_role("heading", name="没有找到", exact=True)).to_be_visible()
    assert UNLOADED in main(window)
    window.goto(f"/records?q={NOTHING}&kind=penalty")
    expect(window.get_by_role("heading", name="这些条件下没有记录")).to_be_visible()


def test_a_list_of_hits_says_what_none_of_them_shows(window: Page) -> None:
    window.goto("/search?q=示例")
    expect(window.get_by_role("list", name="查询结果")).to_be_visible()
    assert UNLOADED in main(window)
    window.goto(f"/search?q={NOTHING}")
    expect(window.get_by_role("main")).to_contain_text(f"登记信息截至 {files.days_ago(today(), 90)}")


def test_matched_names_stand_beside_what_is_loaded(window: Page, assert_accessible: Check) -> None:
    window.goto("/match")
    window.get_by_role("textbox").last.fill(f"{NAMES[OTHER]}\n{NOTHING}")
    window.get_by_role("button", name="核对", exact=True).click()
    expect(window.get_by_role("heading", name="核对结果")).to_be_visible()
    expect(window.get_by_role("table", name="核对结果")).to_be_visible()
    assert UNLOADED in main(window)
    window.get_by_role("button", name=NOTHING).click()
    assert "装载的登记信息里没有主体使用这个名称" in main(window)
    assert_accessible(window)


def test_the_page_of_the_data_has_all_of_it_as_a_table(window: Page, assert_accessible: Check) -> None:
    window.goto("/about")
    table = window.get_by_role("table", name="已装载的数据")
    expect(table.get_by_role("row", name=re.compile("^行政处罚 3 "))).to_contain_text(files.days_ago(today(), 40))
    expect(table.get_by_role("row", name=re.compile("^经营异常"))).to_contain_text("未装载，查不到不说明没有")
    offices = window.get_by_role("group").filter(has_text=f"行政处罚：{CITY}等 2 个机关")
    offices.get_by_text("行政处罚：").click()
    expect(offices.get_by_role("listitem")).to_have_count(2)
    assert_accessible(window)
    width = window.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1]
