"""The page as a person meets it: the built page, the real server over fictional companies, the system's Chromium.

`open_page` opens windows; when a test ends, whatever the console of such a window said fails the test (a violation of
the Content-Security-Policy speaks there), unless the test asked for trouble (`trouble=True`: a server that is away).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.required import missing, skip_if_off

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --process-per-site"
)
PHONE, DESK = 390, 1280
TOLD = re.compile(r"<script id=told.*?</script>", re.S)
"""The answers that come along in a document."""
OpenPage = Callable[..., Page]
Serve = Callable[..., "Server"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    skip_if_off("XINCHA_CHROMIUM")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        missing("XINCHA_CHROMIUM", "no Chromium on this machine: apt-get install chromium fonts-noto-cjk")
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def built_page() -> Path:
    skip_if_off("XINCHA_CHROMIUM")
    folder = ROOT / "frontend" / "dist"
    if not (folder / "index.html").is_file():
        missing("XINCHA_CHROMIUM", "the page is not built: run `make frontend/dist/index.html`")
    return folder


def _environment(data: Path, page: Path) -> dict[str, str]:
    return {**os.environ, "XINCHA_DATA": str(data), "XINCHA_PAGE": str(page), "XINCHA_INDEX_MEMORY_MB": "64"}


def _xincha(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "xincha.cli", *arguments]


class Server:
    """`xincha serve` as a process of its own; `address` is where it says it answers."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.environment = environment
        self.port = port
        self.start()

    def start(self) -> None:
        """Start, on the port of last time, and wait until it says that requests are answered."""
        self.process = subprocess.Popen(  # noqa: S603
            _xincha("serve", "--port", str(self.port)), env=self.environment, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        self.address = self.process.stdout.readline().split()[-1]
        self.port = int(self.address.rpartition(":")[2])

    def stop(self) -> None:
        """End this process, and nothing else."""
        self.process.terminate()
        self.process.communicate(timeout=30)


@pytest.fixture(scope="session")
def serve(built_page: Path) -> Iterator[Serve]:
    """Starts servers over a data folder; all are ended with the session."""
    started: list[Server] = []

    def start(data: Path, port: int = 0) -> Server:
        started.append(Server(_environment(data, built_page), port))
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture(scope="session")
def demo(built_page: Path, fictional_folder: Path) -> Path:
    """A data folder with the fictional companies loaded and published. Not to be changed."""
    return fictional_folder / "data"


@pytest.fixture(scope="session")
def site(serve: Serve, demo: Path) -> str:
    """Where the fictional companies are served."""
    return serve(demo).address


@contextmanager
def _quiet(page: Page) -> Iterator[None]:
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        said.append(f"{message.type}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(f"exception: {error}"))
    yield
    assert said == [], "the console is not empty"


Surroundings = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def surroundings(browser: Browser) -> Surroundings:
    """What windows on one server, with a finger or without, have in common: one context, and one process of Chromium.

    A window takes half the time where that process runs already, so a first window keeps it. The page stores nothing
    in a browser but a language that was chosen, and how far a watch list was looked at: what a window leaves to the
    next one are scripts and styles that were compiled. What a test sets or chooses for all windows of a context
    (Playwright's clock, a language) needs one of its own: `open_page(alone=True)`.
    """

    @cache
    def context(base: str, touch: bool, locale: str, _alone: object = None) -> BrowserContext:
        made = browser.new_context(
            base_url=base,
            has_touch=touch,
            locale=locale,
            permissions=["clipboard-read", "clipboard-write"],
        )
        made.set_default_timeout(30_000)
        made.new_page().goto("/favicon.svg")
        return made

    return context


@pytest.fixture
def open_page(surroundings: Surroundings, site: str) -> Iterator[OpenPage]:
    """Opens a window: `width` in pixels, `scheme` light or dark, `base` another server, `trouble` a noisy console.

    `locale`: the language that the browser asks for. `alone`: without what other windows left.
    """
    opened = []

    def window(
        width: int = DESK,
        *,
        height: int = 800,
        scheme: str = "light",
        base: str = site,
        trouble: bool = False,
        locale: str = "zh-CN",
        alone: bool = False,
    ) -> Page:
        page = surroundings(base, width < 500, locale, object() if alone else None).new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        watch = _quiet(page)
        if not trouble:
            watch.__enter__()
        opened.append((page, None if trouble else watch))
        return page

    yield window
    for page, watch in opened:
        if watch:
            watch.__exit__(None, None, None)
        page.close()


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(open_page: OpenPage, request: pytest.FixtureRequest) -> Page:
    """A window on a phone, and one on a desk."""
    return open_page(request.param)


@pytest.fixture
def desk(open_page: OpenPage) -> Page:
    return open_page(DESK)


FINGER = 44
"""What a finger hits, in pixels."""
CONTROLS = "button, select, input:not([type=checkbox]), fieldset label.row, h2 a, nav a, summary"
TOO_SMALL = """([controls, least]) => [...document.querySelectorAll(controls)]
    .filter(control => control.checkVisibility() && control.getBoundingClientRect().height < least)
    .map(control => control.outerHTML.slice(0, 120))"""
AXE = """async ([without]) => {
    const rules = Object.fromEntries(without.map(rule => [rule, { enabled: false }]))
    const found = await axe.run(document, { resultTypes: ['violations'], rules })
    return found.violations.flatMap(({ id, impact, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id} (${impact}): ${html.slice(0, 200)} ${failureSummary}`))
}"""


def accessible(page: Page, without: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds in what is shown now, without some of its rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(AXE, [list(without)])
    return found


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """axe-core finds nothing in what is shown now."""

    def check(page: Page) -> None:
        assert accessible(page) == []

    return check
