"""Names of a list that no entity bears → the entities whose names are nearest.

A name with one character wrong, missing or too many shares all but two or three of its pairs of neighbouring characters
with the right one, and those that it does not share follow one another. Two of four rare pairs, never three in a row,
must match; two more put the nearest first. What is rare is told by a sample of the register, drawn once for each index
version (the pairs that a typing error makes are in no name, and so among the four): to ask the engine how common each
pair is would cost more than the search itself.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import NamedTuple

import orjson

from xincha import budget
from xincha.engine.contract import Engine, Hit
from xincha.engine.query import Bool, Match, MatchAll, Query, Request, Sort
from xincha.search.reading import Reading
from xincha.text import pinyin
from xincha.text.fold import fold
from xincha.text.tokens import bigrams

_SAMPLE = 4_000
_RAREST = 4
_LEAST = 2
_FURTHER = 2
_HITS = 6
_SPOKEN = 3
_TOGETHER = 100


class Common(NamedTuple):
    """Of a sample of the names: pair of characters, and pair of syllables → how many hold it."""

    written: Mapping[str, int]
    spoken: Mapping[str, int]


class Nearest:
    """Finds near names. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sample: tuple[str, Common | None] = ("", None)
        self._drawing = threading.Lock()

    def of(self, names: Sequence[Reading]) -> Iterator[Sequence[Hit]]:
        """For each name the entities whose names share its rare pairs, best first; at most `_HITS`.

        A remote engine answers the next names while the caller looks at the hits of those before. In this process that
        would only make two threads wait for Python's lock.
        """
        if not names:
            return
        common = self._sample[1] or self._draw()
        requests = [Request(_query(name, common), size=_HITS, total=False) for name in names]
        parts = [requests[start : start + _TOGETHER] for start in range(0, len(requests), _TOGETHER)]
        context = copy_context()  # with the budget of the caller
        ask = partial(self._engine.search_many, "entities")
        with ThreadPoolExecutor(1, "match") as pool:
            asked = pool.map(partial(context.run, ask), parts) if self._engine.remote else map(ask, parts)
            for results in asked:
                if results[0].version != self._sample[0]:
                    self._draw()  # for the next names: these hits are right, whatever sample chose their pairs
                yield from (result.hits for result in results)

    def _draw(self) -> Common:
        with self._drawing:
            request = Request(MatchAll(), sort=(Sort("tie"),), size=_SAMPLE, total=False)
            result = self._engine.search("entities", request)
            names = [Reading(fold(orjson.loads(hit.source).get("name"))) for hit in result.hits]
            of_all = (Counter(pair for name in names for pair in set(pairs(name))) for pairs in (_written, _spoken))
            common = Common(*of_all)
            self._sample = result.version, common
            return common


def _written(name: Reading) -> list[str]:
    return bigrams(name.key).split()


def _spoken(name: Reading) -> list[str]:
    return pinyin.bigrams(name.similar).split()


def _query(name: Reading, common: Common) -> Query:
    """Names that are written, or sound, nearly so."""
    budget.check()
    ways = [_nearly_written(list(dict.fromkeys(_written(name))), common.written)]
    spoken = sorted(dict.fromkeys(_spoken(name)), key=lambda pair: common.spoken.get(pair, 0))
    if len(spoken) >= _SPOKEN:
        ways.append(Match("pinyin", " ".join(spoken[:_SPOKEN]), "and"))
    return Bool(should=ways)


def _nearly_written(pairs: Sequence[str], common: Mapping[str, int]) -> Query:
    by_rarity = sorted(range(len(pairs)), key=lambda at: common.get(pairs[at], 0))
    rare: list[int] = []
    for at in by_rarity:
        if len(rare) == _RAREST:
            break
        if not any(a in rare and b in rare for a, b in ((at - 2, at - 1), (at - 1, at + 1), (at + 1, at + 2))):
            rare.append(at)  # it is no third in a row
    least = min(_LEAST, max(1, len(rare) - 2))
    must = Match("name_2", " ".join(pairs[at] for at in rare), minimum_should_match=least)
    further = " ".join([pairs[at] for at in by_rarity if at not in rare][:_FURTHER])
    return Bool(must=[must], should=[Match("name_2", further)]) if further else must
