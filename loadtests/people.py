"""People who use Xincha, for locust: what they ask, in which order, and how long they read.

`loadtests.users` starts this with the environment variables `XINCHA_PEOPLE` (a JSON file of `[name, code, brand]`)
and `XINCHA_PAUSE` (their pauses are so many times as long; 0: none). An answer that is not 200, or that does not hold
the company whose whole name or code was asked for, is a failure.
"""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path
from typing import Any

from locust import FastHttpUser, between, task

COMPANIES: list[tuple[str, str, str]] = [
    tuple(each) for each in json.loads(Path(os.environ["XINCHA_PEOPLE"]).read_text())
]
PAUSE = float(os.environ["XINCHA_PAUSE"])
TYPING, READING = (0.15, 0.4), (1.0, 4.0)
"""Seconds between two characters, and before the next question."""

_chance = random.Random()  # noqa: S311


class Person(FastHttpUser):
    """Looks companies up by the page: suggestions with each character, results, one of them, its records."""

    wait_time = between(READING[0] * PAUSE, READING[1] * PAUSE)

    @task(8)
    def looks_a_company_up(self) -> None:
        """By a part of its name, as one types it."""
        _, _, brand = _chance.choice(COMPANIES)
        for end in range(1, len(brand) + 1):
            self.ask("suggest", q=brand[:end])
            _rest(TYPING)
        self.opens_first(self.ask("entities, brand", "entities", q=brand))

    @task(4)
    def pastes_a_name(self) -> None:
        """From a contract or an invoice."""
        name, code, _ = _chance.choice(COMPANIES)
        self.opens_first(self.ask("entities, name", "entities", holding=code, q=name))

    @task(2)
    def pastes_a_code(self) -> None:
        """From a licence on the wall."""
        _, code, _ = _chance.choice(COMPANIES)
        self.opens_first(self.ask("entities, code", "entities", holding=code, q=code))

    @task(2)
    def narrows_a_search(self) -> None:
        """A word, then filters, an order, and two pages more."""
        _, _, brand = _chance.choice(COMPANIES)
        self.ask("entities, brand", "entities", q=brand[:2])
        _rest(READING)
        asked = {"q": brand[:2], "region": "350000", "kind": "企业"}
        page = self.ask("entities, filters", "entities", **asked)
        for _ in range(2):
            if not page.get("cursor"):
                break
            _rest(READING)
            page = self.ask("entities, next page", "entities", **asked, cursor=page["cursor"])
        self.ask("entities, sorted", "entities", **asked, sort="-established_on")

    @task(2)
    def reads_records(self) -> None:
        """The newest penalties, and those of a kind."""
        page = self.ask("records, newest", "records", kind="penalty", sort="-happened_on")
        _rest(READING)
        self.ask("records, words", "records", q=_chance.choice(("虚假宣传", "公示信息", "无照经营", "商标")))
        if page.get("hits"):
            _rest(READING)
            self.ask("record", f"records/{_chance.choice(page['hits'])['record_id']}")

    @task(1)
    def opens_the_first_page(self) -> None:
        """And the balancer asks too."""
        self.ask("about")
        self.ask("readyz", "/readyz")

    def opens_first(self, page: dict[str, Any]) -> None:
        """The first result, and its records."""
        if page.get("hits"):
            _rest(READING)
            entity = page["hits"][0]["entity_id"]
            self.ask("entity", f"entities/{entity}")
            self.ask("entity's records", f"entities/{entity}/records")

    def ask(self, name: str, path: str = "", holding: str = "", **asked: str) -> dict[str, Any]:
        """The answer of one request; empty where it failed. `holding`: the code of an entity that must be in it."""
        address = path if path.startswith("/") else f"/api/v1/{path or name}"
        with self.client.get(address, params=asked, name=name, catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure(f"status {answer.status_code}")
                return {}
            found: dict[str, Any] = answer.json()
            if holding and holding not in {hit["uscc"] for hit in found["hits"]}:
                answer.failure("the company is not among the results")
            return found


def _rest(seconds: tuple[float, float]) -> None:
    """Only this person rests: locust has put gevent's `sleep` in the place of Python's."""
    time.sleep(_chance.uniform(*seconds) * PAUSE)
