"""The page without scripts, and how the page takes over where there are some."""

from __future__ import annotations

import gzip
import re
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.page.conftest import DESK, PHONE, OpenPage, Surroundings

pytestmark = pytest.mark.browser

FETCHED = "async (url) => { const it = await fetch(url); return [it.headers.get('content-encoding'), await it.text()] }"
COMPANY = "厦门示例双随机歇业商贸有限公司"


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def unscripted(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    size = {"width": request.param, "height": 900}
    context = browser.new_context(java_script_enabled=False, base_url=site, viewport=size)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def test_a_company_is_found_and_read_without_scripts(unscripted: Page) -> None:
    unscripted.goto("/")
    unscripted.get_by_label("名称、代码或拼音").fill(COMPANY)
    unscripted.get_by_role("button", name="查询").click()
    unscripted.get_by_role("link", name=COMPANY).first.click()
    expect(unscripted.get_by_role("heading", level=1)).to_have_text(COMPANY)
    expect(unscripted.get_by_role("region", name="登记信息")).to_contain_text("统一社会信用代码")
    unscripted.locator("summary").first.click()
    expect(unscripted.locator("details[open]")).to_contain_text("出处：")
    unscripted.get_by_role("link", name="这条记录").first.click()
    expect(unscripted.get_by_role("region", name="公布的内容")).to_be_visible()


@pytest.mark.parametrize("address", ["/search?q=示例&status=存续", "/records?kind=penalty", "/entity/{}"])
def test_the_page_takes_over_without_asking_again(open_page: OpenPage, site: str, address: str) -> None:
    page = open_page()
    found = page.request.get(f"{site}/api/v1/entities", params={"q": COMPANY}).json()["hits"][0]["entity_id"]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site)))
    page.goto(address.format(found))
    expect(page.locator("main h1")).to_be_visible()
    expect(page.locator(".served")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if url.startswith("/api/")] == ["/api/v1/about"]


def test_the_icons_that_head_and_manifest_name_are_there_in_their_sizes(surroundings: Surroundings, site: str) -> None:
    client = surroundings(site, False, "zh-CN", None).request
    head = re.findall(r'<link rel="(?:apple-touch-)?icon" href="([^"]+)"', client.get("/about").text())
    manifest = client.get("/site.webmanifest").json()["icons"]
    assert set(head) == {"/favicon.svg", "/icon-180.png", "/icon-192.png"}
    assert {icon.get("purpose") for icon in manifest} == {None, "maskable"}
    for name, size in {"/icon-180.png": "180x180", **{icon["src"]: icon["sizes"] for icon in manifest}}.items():
        answer = client.get(name)
        kind = "image/svg+xml" if size == "any" else "image/png"
        assert (answer.status, answer.headers["content-type"]) == (200, kind)
        if size != "any":
            width, height = struct.unpack(">II", answer.body()[16:24])
            assert f"{width}x{height}" == size


def test_what_is_sent_compressed_is_what_was_built(desk: Page, built_page: Path) -> None:
    desk.goto("/")
    built = [path for path in (built_page / "assets").iterdir() if path.suffix in {".js", ".css"}]
    assert len(built) > 2
    for path in built:
        assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == path.read_bytes()
        answer = desk.evaluate(FETCHED, f"/assets/{path.name}")
        assert answer == ["br", path.read_text("utf-8")]
