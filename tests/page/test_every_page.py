"""Every page in every state, light and dark, on a phone and on a desk: axe-core finds nothing, nothing is too wide, or
too small for a finger, and what the server wrote and what the page made of it are valid HTML.

One window walks through all of it: a window costs more than what is asked of it here. States that answers make
(loading, failing) are made by holding them back, in a document that had none along.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.page.conftest import CONTROLS, DESK, FINGER, PHONE, ROOT, TOLD, TOO_SMALL, Surroundings, accessible
from tests.required import missing

pytestmark = pytest.mark.browser

SMALLEST = 320
NOBODY = "查无此名甲乙丙丁戊己庚辛"
FAULT = {"type": "urn:xincha:problem:busy", "title": "", "status": 503, "detail": "", "parameters": []}
VALIDATOR = ROOT / "frontend" / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"


@dataclass(frozen=True)
class State:
    """An address, and what is there when it shows its state; `{company}` and its like are filled in.

    `answers`: of the API: they come, are held back, or fail. `scripts`: those of the page run.
    """

    address: str
    ready: str
    answers: str = "come"
    scripts: bool = True


LOADING, ERROR = ".skeleton", "main [role=alert]"
ASKING = {
    "results": "/search?q=示例",
    "records": "/records",
    "company": "/entity/{company}",
    "record": "/record/{penalty}",
    "notices": "/notices",
    "figures": "/stats",
    "data": "/about",
    "quality": "/quality",
}
"""Pages that ask the API before they show anything."""
STATES = {
    "home": State("/", "main .facts"),
    "results": State("/search?q=示例澜汀&status=存续", "main ol > li"),
    "records": State("/records?kind=penalty", "main ol > li"),
    "company": State("/entity/{company}#{penalty}", "#relatives"),
    "record": State("/record/{penalty}", "#record-facts"),
    "text": State("/record/{document}", "main section"),
    "notices": State("/notices", "main table"),
    "officers": State("/officers", "main table"),
    "figures": State("/stats", "main .block table"),
    "own figures": State("/stats?of=penalty&by=authority&measure=count", "main .block table"),
    "data": State("/about", "main table"),
    "quality": State("/quality?kind=spot_check", "main h1"),
    "matching": State("/match", "main textarea"),
    "receipts": State("/verify", "main form"),
    "guides": State("/guide", "main h1"),
    "help": State("/help", "main h1"),
    "guide": State("/guide/penalty", "main h1"),
    "no results": State(f"/search?q={NOBODY}&status=注销", "main .state"),
    "no records": State(f"/records?q={NOBODY}", "main .state"),
    "no notices": State(f"/notices?q={NOBODY}", "main .state"),
    "no figures": State(f"/stats?of=penalty&by=year&q={NOBODY}", "main .block .links"),
    "no company": State("/entity/91350200MA0000000X", "main .state"),
    "no page": State("/没有/这页", "main .state"),
    "wrong condition": State("/search?status=没有这个状态", ERROR),
    **{f"{name}, loading": State(address, LOADING, "held") for name, address in ASKING.items()},
    **{f"{name}, failing": State(address, ERROR, "failing") for name, address in {"home": "/", **ASKING}.items()},
    **{
        f"{name}, without scripts": State(address, "main h1", scripts=False)
        for name, address in {"home": "/", "no page": "/foo", "wrong condition": "/search?status=x", **ASKING}.items()
    },
}


@pytest.fixture(scope="module")
def window(surroundings: Surroundings, site: str) -> Iterator[Page]:
    """The one window of this module. Colours that are on their way have any contrast, so nothing moves in it."""
    page = surroundings(site, False, "zh-CN", None).new_page()
    page.emulate_media(reduced_motion="reduce")
    yield page
    page.close()


@pytest.fixture(scope="module")
def places(window: Page) -> dict[str, str]:
    """What addresses are about: a company with a penalty, that penalty, and the text of a decision."""

    def first(address: str) -> dict[str, Any]:
        hit: dict[str, Any] = window.request.get(f"/api/v1/{address}").json()["hits"][0]
        return hit

    company = first("entities?has=penalty&has=abnormal&kind=企业")["entity_id"]
    penalty = first(f"entities/{company}/records?kind=penalty")["record_id"]
    return {"company": company, "penalty": penalty, "document": first("records?kind=document")["record_id"]}


@pytest.fixture(scope="module")
def rendered() -> dict[str, str]:
    """The HTML of the states that were shown: name → document."""
    return {}


def routed(state: State) -> Callable[[Route], None]:
    """What becomes of the requests of a window in this state."""

    def handle(route: Route) -> None:
        asked = route.request
        if asked.resource_type == "document" and state.answers != "come":
            answer = route.fetch()
            route.fulfill(response=answer, body=TOLD.sub("", answer.text()))
        elif "/api/v1/" in asked.url and state.answers == "failing":
            route.fulfill(status=503, json=FAULT)
        elif asked.url.endswith(".js") and not state.scripts:
            route.abort()
        elif "/api/v1/" not in asked.url or state.answers == "come":
            route.continue_()

    return handle


def show(window: Page, state: State, places: dict[str, str]) -> None:
    """Show it in the window, as on a phone in the light."""
    window.unroute_all(behavior="ignoreErrors")
    window.set_viewport_size({"width": PHONE, "height": 800})
    window.emulate_media(color_scheme="light", reduced_motion="reduce")
    if state.answers != "come" or not state.scripts:
        window.route("**/*", routed(state))
    window.goto("about:blank")
    window.goto(state.address.format(**places))
    if not state.scripts:  # what was served would wait four seconds for scripts
        window.evaluate("document.querySelector('.served').classList.add('still')")
    expect(window.locator(state.ready).first).to_be_visible(timeout=6000)


@pytest.mark.parametrize("name", STATES)
def test_everybody_can_use_it(window: Page, places: dict[str, str], rendered: dict[str, str], name: str) -> None:
    show(window, STATES[name], places)
    rendered[name] = window.content()
    assert window.evaluate(TOO_SMALL, [CONTROLS, FINGER]) == []
    for width in (PHONE, DESK):
        window.set_viewport_size({"width": width, "height": 800})
        assert window.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark") if width == PHONE else ("dark", "light"):
            window.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert accessible(window) == [], f"{width} px, {scheme}"
    window.set_viewport_size({"width": SMALLEST, "height": 800})
    assert window.evaluate("document.documentElement.scrollWidth") <= SMALLEST
    assert accessible(window, without=("color-contrast",)) == []


def test_every_page_is_valid_html(
    window: Page, places: dict[str, str], rendered: dict[str, str], tmp_path: Path
) -> None:
    """As the page drew it, and as the server wrote it."""
    if not VALIDATOR.is_file():
        missing("XINCHA_CHROMIUM", "html-validate is not installed: run `make frontend/dist/index.html`")
    for name, state in STATES.items():
        if name not in rendered:
            show(window, state, places)
            rendered[name] = window.content()
        if state.answers == "come":
            served = window.request.get(state.address.partition("#")[0].format(**places)).text()
            (tmp_path / f"{name}, served.html").write_text(served, "utf-8")
        (tmp_path / f"{name}.html").write_text(rendered[name], "utf-8")
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    command: list[str | Path] = [
        "node",
        VALIDATOR,
        "--config",
        ROOT / "frontend" / "html-validate.json",
        "--formatter",
        "json",
        tmp_path,
    ]
    done = subprocess.run(command, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False)  # noqa: S603
    faults = [
        f"{Path(each['filePath']).stem}: {message['message']}, {message.get('selector')}"
        for each in json.loads(done.stdout or "[]")
        for message in each["messages"]
    ]
    assert (faults, done.stderr) == ([], "")
