"""How well penalties are published, as a person reads it: by source and office, on a phone too."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from indexer.load import load
from indexer.publish import publish
from tests.page.conftest import Serve
from tests.quality_files import CITY, ENVIRONMENT, days, penalties, register
from xincha.engine.open import open_engine
from xincha.settings import Settings

pytestmark = pytest.mark.browser

Check = Callable[[Page], None]
ROWS = [
    days("2026-03-02", "2026-03-10"),
    days("2026-03-02", "2026-05-10"),
    days("2026-04-01", "2026-04-03"),
    days("2026-04-01", ""),
    days("2026-04-01", "2026-04-03", 处罚机关=ENVIRONMENT),
]


@pytest.fixture(scope="module")
def published(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the penalties of two offices are served."""
    folder = tmp_path_factory.mktemp("quality")
    settings = Settings(data=folder / "data", workers=1)
    load([register(folder), penalties(folder / "处罚.csv", *ROWS)], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
    return serve(folder / "data").address


@pytest.fixture(params=[(390, "light"), (1280, "dark")], ids=["phone", "desk"])
def window(open_page: Callable[..., Page], published: str, request: pytest.FixtureRequest) -> Page:
    width, scheme = request.param
    return open_page(width, scheme=scheme, base=published)


def test_it_tells_by_office_what_is_in_time_and_what_each_number_means(window: Page, assert_accessible: Check) -> None:
    window.goto("/about")
    window.get_by_role("main").get_by_role("link", name="公示质量").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("公示质量")
    source = window.get_by_role("region", name="来源：处罚.csv")
    office = source.get_by_role("region", name=CITY)
    for title, value in {"处罚": "4", "按期": "2（66%）", "逾期": "1", "不明": "1", "摘要齐全": "4"}.items():
        told = office.locator("dl > div", has=window.get_by_text(title, exact=True))
        expect(told.locator("dd")).to_have_text(value)
    expect(office).to_contain_text("未载明公示日期 1")
    expect(source.get_by_role("region", name=ENVIRONMENT)).to_contain_text("7个工作日内")
    office.get_by_text("逐月（2 个月）").click()
    rows = office.get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_have_text("2026-0421012 / 2")
    meaning = window.get_by_role("region", name="每个数字的意思")
    expect(meaning).to_contain_text("自作出处罚决定之日起20个工作日")
    assert window.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(window)


def test_where_nothing_was_loaded_it_says_so(
    open_page: Callable[..., Page], serve: Serve, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("no-penalties")
    settings = Settings(data=folder / "data", workers=1)
    load([register(folder)], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
    page = open_page(390, base=serve(folder / "data").address)
    page.goto("/quality")
    expect(page.get_by_role("main")).to_contain_text("没有装载行政处罚")
