"""The page of a company with a long life: quick on the screen, whole on paper, and what stands against it now told."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from fixtures.identifiers import unified_code
from indexer.load import load
from indexer.publish import publish
from tests import coverage_files as files
from tests.coverage_files import CITY, COMPANY, NAMES, OTHER
from tests.page.conftest import DESK, PHONE, Serve
from xincha.days import today
from xincha.engine.open import open_engine
from xincha.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Check = Callable[[Page], None]
Opener = Callable[..., Page]
CHECKS, YEARS = 260, 10
NAME = NAMES[COMPANY]


def _register(folder: Path) -> Path:
    """The company, a branch of it, a namesake that is none, and one at the same address."""
    head = "企业名称,统一社会信用代码,登记状态,成立日期,核准日期,登记机关,住所"
    branch, near, far = (unified_code(77004 + place, "91", "350203") for place in range(3))
    days = "存续,2019-03-05,2020-03-04"
    rows = [
        f"{NAME},{COMPANY},存续,2001-02-03,2020-03-04,{CITY},厦门市思明区示例路1号",
        f"{NAMES[OTHER]},{OTHER},{days},{CITY},厦门市思明区示例路2号",
        f"{NAME}集美分公司,{branch},{days},{CITY},厦门市集美区示例路3号",
        f"厦门示例岚桥贸易服务有限公司,{near},{days},{CITY},厦门市思明区示例路１号",
        f"厦门示例岚桥之外食品有限公司,{far},{days},{CITY},厦门市思明区示例路11号",
    ]
    return _written(folder / "登记.csv", [head, *rows])


def _checks(folder: Path) -> Path:
    head = (
        "抽查计划编号,抽查计划名称,抽查任务编号,抽查任务名称,检查类型,企业名称,统一社会信用代码,抽查事项,"
        "抽查检查结果,抽查日期,检查实施机关"
    )
    days = [today() - timedelta(3650 * number // CHECKS + 1) for number in range(CHECKS)]
    rows = [
        f"示抽{day.year},示例计划,RW{number:05},示例任务第{number}号,抽查,{NAME},{COMPANY},示例事项{number},未发现问题,{day},{CITY}"
        for number, day in enumerate(days)
    ]
    return _written(folder / "抽查.csv", [head, *rows])


def _listings(folder: Path) -> Path:
    """Two listings that last, for two years' reports."""
    head = "企业名称,统一社会信用代码,列入经营异常名录原因,列入日期,作出决定机关(列入)"
    rows = [
        f"{NAME},{COMPANY},{reason},{files.days_ago(today(), days)},{CITY}"
        for reason, days in (("未按规定公示年度报告", 800), ("通过登记的住所无法联系", 400))
    ]
    return _written(folder / "异常.csv", [head, *rows])


def _written(path: Path, lines: list[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, ""]), "utf-8")
    return path


@pytest.fixture(scope="module")
def long_lived(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where a company with hundreds of records is served."""
    folder = tmp_path_factory.mktemp("life")
    settings = Settings(data=folder / "data", workers=1)
    made = folder / "files"
    load([_register(made), _checks(made), _listings(made), files.penalties(made, today())], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
    return serve(folder / "data").address


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def window(open_page: Opener, long_lived: str, request: pytest.FixtureRequest) -> Page:
    return open_page(request.param, base=long_lived)


@pytest.fixture
def desk(open_page: Opener, long_lived: str) -> Page:
    return open_page(DESK, base=long_lived)


def years(page: Page) -> Locator:
    return page.locator(".year")


def opened(page: Page, query: str = "") -> None:
    """Open the company, and wait until all of its records are there."""
    page.goto(f"/entity/{COMPANY}{query}")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(page.get_by_role("button", name="打印")).not_to_have_attribute("aria-disabled", "true")


def printed(page: Page) -> str:
    """What stands on paper, without line ends."""
    with closing(pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4")))) as document:
        text = "".join(sheet.get_textpage().get_text_bounded() for sheet in document)
    return re.sub(r"\s", "", text)


def test_a_long_life_is_grouped_by_year_counts_first(window: Page, assert_accessible: Check) -> None:
    opened(window)
    expect(years(window)).to_have_count(YEARS + 2)
    newest = years(window).first
    expect(newest.get_by_role("button").first).to_have_attribute("aria-expanded", "true")
    older = years(window).nth(5)
    expect(older).to_contain_text(re.compile(r"\d{4}.*抽查检查 2\d"))
    expect(older.get_by_role("listitem")).to_have_count(0)
    older.get_by_role("button").first.press("Enter")
    expect(older.get_by_role("listitem").first).to_be_visible()
    assert window.locator("*").count() < 2500
    assert_accessible(window)


def test_paper_is_whole_whatever_is_filtered_and_folded(window: Page) -> None:
    opened(window, "?kind=penalty")
    expect(years(window)).to_have_count(2)
    text = printed(window)
    for number in range(CHECKS):
        assert f"示例任务第{number}号" in text, number
    assert text.count("为什么公示") >= CHECKS
    assert "示市监罚字〔2026〕1号" in text
    assert f"打印于{today()}" in text
    assert re.search(r"第2页，共\d+页", text)
    window.emulate_media(media="print")
    expect(window.locator(".details:visible")).to_have_count(CHECKS + 2 + 3)
    window.emulate_media(media="screen")
    expect(years(window)).to_have_count(2)


def test_paper_says_what_is_missing_where_records_did_not_come(open_page: Opener, long_lived: str) -> None:
    page = open_page(DESK, base=long_lived, trouble=True)

    def refuse(route: Route) -> None:
        if "cursor=" in route.request.url:
            route.abort()
        else:
            route.continue_()

    page.route("**/records?*", refuse)
    page.goto(f"/entity/{COMPANY}")
    expect(page.get_by_role("alert")).to_contain_text("记录没有全部读到：100 / 265 条")
    assert "记录没有全部读到：100/265条" in printed(page)


def test_what_stands_against_it_comes_first_with_what_follows_and_how_it_ends(window: Page) -> None:
    opened(window)
    verdict = window.locator(".summary")
    first = files.days_ago(today(), 800)
    expect(verdict).to_contain_text(
        f"2001 年成立，存续。{first} 起列入经营异常名录（未按规定公示年度报告），至今未移出。"
    )
    expect(verdict).to_contain_text(
        re.compile(r"公示期内行政处罚 3 次，罚款合计 230,000 元，最近一次 \d{4}-\d\d-\d\d。")
    )
    now = window.get_by_role("region", name="现在对它不利的").get_by_role("listitem")
    expect(now).to_have_count(2)
    for said in ("意思", "不适用简易注销程序", "怎样结束", "移出", "第十七条", CITY):
        expect(now.first).to_contain_text(said)
    order = [title.inner_text() for title in window.locator("article h2").all()]
    assert order[:3] == ["现在对它不利的", "时间线", "登记信息"]


def test_the_drawing_keeps_apart_what_overlaps_and_is_walked_by_keys(window: Page) -> None:
    opened(window)
    drawing = window.get_by_role("group", name="时间线图")
    bars = [bar.bounding_box() for bar in drawing.locator("rect.adverse").all()]
    assert len(bars) == 2
    assert bars[0]
    assert bars[1]
    assert abs(bars[0]["y"] - bars[1]["y"]) >= bars[0]["height"]
    expect(window.locator(".legend")).to_contain_text("现在不利")
    assert drawing.locator("[tabindex='0']").count() == 1
    drawing.locator("[tabindex='0']").focus()
    window.keyboard.press("ArrowRight")
    focused = drawing.locator("a:focus")
    expect(focused).to_have_attribute("aria-label", re.compile("^行政处罚，"))
    window.keyboard.press("Enter")
    expect(window).to_have_url(re.compile("#P-"))
    expect(window.locator(".details:visible")).to_have_count(1)
    expect(window.locator(".place button:focus")).to_be_in_viewport()


def test_head_office_branches_and_address_are_lists_with_their_number(window: Page) -> None:
    opened(window)
    relatives = window.get_by_role("region", name="总机构、分支机构与同一住所")
    expect(relatives).to_contain_text("分支机构 1 家")
    expect(relatives).to_contain_text("同一住所 1 家")
    expect(relatives.get_by_role("listitem")).to_have_count(2)
    expect(relatives).not_to_contain_text("之外食品")
    relatives.get_by_role("link", name=f"{NAME}集美分公司").click()
    expect(window.get_by_role("heading", level=1)).to_have_text(f"{NAME}集美分公司")
    expect(relatives).to_contain_text("总机构 1 家")
    relatives.get_by_role("link", name=NAME, exact=True).click()
    expect(window.get_by_role("heading", level=1)).to_have_text(NAME)


def test_a_day_of_the_past_is_a_field(window: Page, assert_accessible: Check) -> None:
    opened(window)
    day = date(today().year - 4, 6, 30)
    window.get_by_label("截至某日的登记情况").fill(day.isoformat())
    window.get_by_role("button", name="查看", exact=True).click()
    expect(window).to_have_url(re.compile(f"as_of={day}"))
    expect(window.locator(".past").first).to_contain_text(f"截至 {day}")
    expect(window.get_by_role("region", name="现在对它不利的")).to_have_count(0)
    expect(years(window).first).to_contain_text(str(day.year))
    assert_accessible(window)
    window.reload()
    expect(window.locator(".past").first).to_contain_text(f"截至 {day}")
    window.get_by_role("button", name="回到现在").click()
    expect(window.get_by_role("region", name="现在对它不利的")).to_be_visible()


@pytest.mark.parametrize("day", ["1999-01-01", "昨天", "2999-01-01"])
def test_a_day_that_cannot_be_leads_back_to_now(open_page: Opener, long_lived: str, day: str) -> None:
    page = open_page(DESK, base=long_lived, trouble=True)
    page.goto(f"/entity/{COMPANY}?as_of={day}")
    page.locator("main .state, main article").get_by_role(
        "button", name=re.compile("看现在的情况|去掉这个条件|回到现在")
    ).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(page).not_to_have_url(re.compile("as_of"))
