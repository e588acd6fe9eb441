"""Lighthouse over the page as a phone has it: `make lighthouse`, or `python -m loadtests.lighthouse`.

Publishes the fictional companies into a temporary folder, serves them with the built page on a free port of 127.0.0.1,
and asks for each kind of page in the system's Chromium (three times unless `--times` says another number; the median
counts). Prints a table and what cost points; exit code 1 where performance is below 95, or accessibility, best
practices or search engines below 100. Lists and records are kept from search engines on purpose (`api.html.views`), so
of them alone it is not asked whether those may have them (the audit `is-crawlable`). Ends its server and its browser.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import fixtures
from indexer.load import load
from indexer.publish import publish
from loadtests.serving import served
from xincha.engine.open import open_engine
from xincha.settings import ROOT, Settings

LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
COMPANY = "厦门示例期舍商贸有限公司"


def main() -> None:
    """Serve, ask, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=3, help="runs of each page; the median counts (default: 3)")
    options = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("no Chromium on this machine: apt-get install chromium fonts-noto-cjk")
    with tempfile.TemporaryDirectory(prefix="xincha-lighthouse-") as name:
        folder = Path(name)
        environment = {"XINCHA_DATA": str(folder / "data")}
        fill(folder, environment)
        with served(environment) as server:
            good = [tell(one) for one in asked(chromium, options.times, list(pages(server.address)))]
    sys.exit(0 if all(good) else 1)


def fill(folder: Path, environment: dict[str, str]) -> None:
    """Load and publish the fictional companies."""
    settings = Settings(data=Path(environment["XINCHA_DATA"]))
    for delivery in fixtures.make(folder / "files"):
        load([delivery], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)


def pages(base: str) -> Iterator[dict[str, Any]]:
    """The pages that are asked: name, address, and whether search engines may have them."""
    with urllib.request.urlopen(f"{base}/api/v1/entities?q={quote(COMPANY)}&page_size=1") as answer:  # noqa: S310
        company = json.load(answer)["hits"][0]["entity_id"]
    yield {"name": "home", "url": f"{base}/", "indexed": True}
    yield {"name": "results", "url": f"{base}/search?q={quote('示例')}", "indexed": False}
    yield {"name": "company", "url": f"{base}/entity/{company}", "indexed": True}
    yield {"name": "records", "url": f"{base}/records", "indexed": False}
    yield {"name": "statistics", "url": f"{base}/stats", "indexed": True}


def asked(chromium: str, times: int, those: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What Lighthouse says of each page (`frontend/lighthouse/run.js`)."""
    print(f"{'':12}" + "".join(f"{category:>16}" for category in LEAST), flush=True)
    command = ["node", "run.js", chromium, str(times), json.dumps(those)]
    # A Node of the wheel, where there is one, comes before the system's.
    environment = {**os.environ, "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    folder = ROOT / "frontend" / "lighthouse"
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout
        yield from map(json.loads, process.stdout)
    if process.returncode:
        sys.exit(f"Lighthouse ended with {process.returncode}")


def tell(page: dict[str, Any]) -> bool:
    """Print the line of a page; whether its scores are good enough."""
    scores = page["scores"]
    print(f"{page['name']:12}" + "".join(f"{scores[category]:>16}" for category in LEAST), flush=True)
    good = all(scores[category] >= least for category, least in LEAST.items())
    for lost in [] if good else page["lost"]:
        print(f"    {lost}", flush=True)
    return good


if __name__ == "__main__":
    main()
