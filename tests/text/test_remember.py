"""What is kept of texts that were asked for is bounded in number and in length, in every module that a service runs."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from inspect import signature
from typing import Any

import pytest

import api
import indexer
import xincha
from xincha.text.remember import remembered

OWN_KEYS = {
    "api.html.texts._read": "the catalogues of the program",
    "api.page._read": "the page that was built: one file",
    "api.protocol._told": "the faults of a request that the server itself names",
    "indexer.canonical.values.amount_reader": "units: a scale and a currency",
    "indexer.read.sheet_size._column": "columns of a sheet, A to XFD: another one is an error, which is not kept",
    "xincha.text.fold._marks": "NFC and NFKC",
    "xincha.text.places._fitting": "places and codes of GB/T 2260",
    "xincha.search.counts._none": "names of kinds",
    "xincha.search.filters._unfiltered": "names of facets, and the day",
    "xincha.search.filters._any_waiting": "the day",
    "indexer.kinds.check_results._reader": "vocabularies of results",
    "xincha.search.risks._worded": "names of kinds, their words, and their variants",
    "xincha.engine.fields._fingerprint": "names of indices, and the analysis",
}
"""Caches whose keys are the program's own, whatever is asked."""


def caches() -> Iterator[tuple[str, Any]]:
    """Every function that remembers, by its name."""
    for package in (xincha, api, indexer):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("__main__"):
                continue
            for name, each in vars(importlib.import_module(module.name)).items():
                if hasattr(each, "cache_info") and each.__module__ == module.name:
                    yield f"{module.name}.{name}", each


CACHES = dict(caches())


def test_the_caches_are_found() -> None:
    assert {"xincha.search.intent.read", "xincha.text.tokens._clause", "indexer.headers.fold_header"} <= CACHES.keys()
    assert OWN_KEYS.keys() <= CACHES.keys()


@pytest.mark.parametrize(
    "name", [name for name in CACHES if signature(CACHES[name]).parameters and name not in OWN_KEYS]
)
def test_a_cache_is_bounded_and_keeps_no_long_text(name: str) -> None:
    function = CACHES[name]
    assert function.cache_info().maxsize <= 1 << 18
    before = function.cache_info().currsize
    parameters = len(signature(function).parameters)
    for text in ("厦门" * 500, "x" * 1000, "350203" * 200):
        for place in range(parameters):
            given: list[Any] = [None] * parameters
            given[place] = text
            try:
                function(*given)
            except (TypeError, ValueError):  # takes one character, or nothing without the other
                continue
    assert function.cache_info().currsize == before


@pytest.mark.parametrize("arguments", [("x" * 6,), ("x" * 6, "y"), ("x", "y" * 6), (None, "y" * 6)])
def test_what_is_long_is_made_anew(arguments: tuple[str | None, ...]) -> None:
    calls: list[tuple[str | None, ...]] = []

    def one(text: str) -> int:
        calls.append((text,))
        return len(calls)

    def two(first: str | None, second: str | None) -> int:
        calls.append((first, second))
        return len(calls)

    function: Callable[..., int] = remembered(4, 5)(one if len(arguments) == 1 else two)
    short = tuple(text and text[:5] for text in arguments)
    assert [function(*arguments), function(*arguments), function(*short), function(*short)] == [1, 2, 3, 3]
    assert calls == [arguments, arguments, short]
