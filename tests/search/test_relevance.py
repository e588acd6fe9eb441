"""Searches find what is meant, measured on published registrations (`make relevance` prints the table)."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

import pytest

from loadtests import cases
from loadtests.relevance import run
from tests.search.register import TODAY
from xincha.engine.open import open_engine
from xincha.search.service import Searcher
from xincha.settings import Settings

_EACH = 60

LEAST = {
    "exact": 0.97, "core": 0.97, "brand": 0.97, "uscc": 0.97, "noise": 0.97, "region_moved": 0.97,
    "traditional": 0.98, "homophone": 0.95, "near_homophone": 0.95, "drop1": 0.95, "extra1": 0.95, "typo2": 0.93,
    "swapped": 0.93, "name+district": 0.95, "pinyin": 0.92, "initials": 0.92, "mixed_script": 0.92, "short": 0.93,
    "listed_alias": 0.85, "address": 0.92, "look_alike": 0.95, "branch": 0.95, "latin": 0.95, "brand+trade": 0.95,
    "place+person": 0.95, "brand_sound": 0.92,
}  # fmt: skip
"""Least hit@1 over a sample of each class; `loadtests.relevance` holds all queries to their floors."""


@pytest.mark.slow
def test_every_class_of_queries_reaches_its_floor(registered: Path) -> None:
    every = cases.of_files() + cases.own()
    choose = random.Random(20260301)  # noqa: S311 - the same sample each time
    queries = []
    for kind in {case.kind: None for case in every}:
        of_kind = [case for case in every if case.kind == kind]
        queries += choose.sample(of_kind, min(_EACH, len(of_kind)))
    with closing(open_engine(Settings(data=registered))) as engine:
        scores = run(Searcher(engine, today=lambda: TODAY), queries)
    reached = {kind: score.hit(1) for kind, score in scores.items() if kind != "all"}
    assert {kind: hit for kind, hit in reached.items() if hit < LEAST[kind]} == {}
    assert scores["all"].hit(10) >= 0.97
