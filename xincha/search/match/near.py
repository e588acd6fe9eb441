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
from typing import NamedTuple

import orjson

from xincha.engine.contract import Engine, Hit, Result
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
        parts = [names[start : start + _TOGETHER] for start in range(0, len(names), _TOGETHER)]
        asked = self._ahead(parts, common) if self._engine.remote else (self._part(part, common) for part in parts)
        for found in asked:
            if found[0].version != self._sample[0]:
                self._draw()  # for the next names: what these found is right, whatever sample they were asked with
            yield from (result.hits for result in found)

    def _ahead(self, parts: Sequence[Sequence[Reading]], common: Common) -> Iterator[Sequence[Result]]:
        """The results of each part, the next part being asked meanwhile."""
        with ThreadPoolExecutor(1, "match") as pool:
            asked = pool.submit(self._part, parts[0], common)
            for part in parts[1:]:
                found, asked = asked.result(), pool.submit(self._part, part, common)
                yield found
            yield asked.result()

    def _part(self, names: Sequence[Reading], common: Common) -> Sequence[Result]:
        asked = [Request(_query(name, common), size=_HITS, total=False) for name in names]
        return self._engine.search_many("entities", asked)

    def _draw(self) -> Common:
        with self._drawing:
            request = Request(MatchAll(), sort=(Sort("tie"),), size=_SAMPLE, total=False)
            result = self._engine.search("entities", request)
            written: Counter[str] = Counter()
            spoken: Counter[str] = Counter()
            for hit in result.hits:
                name = Reading(fold(orjson.loads(hit.source).get("name")))
                written.update(set(_written(name)))
                spoken.update(set(_spoken(name)))
            self._sample = result.version, Common(written, spoken)
            return Common(written, spoken)


def _written(name: Reading) -> list[str]:
    return bigrams(name.key).split()


def _spoken(name: Reading) -> list[str]:
    return pinyin.bigrams(name.similar).split()


def _query(name: Reading, common: Common) -> Query:
    """Names that are written, or sound, nearly so."""
    ways = [_nearly_written(list(dict.fromkeys(_written(name))), common.written)]
    spoken = sorted(dict.fromkeys(_spoken(name)), key=lambda pair: common.spoken.get(pair, 0))
    if len(spoken) >= _SPOKEN:
        ways.append(Match("pinyin", " ".join(spoken[:_SPOKEN]), "and"))
    return Bool(should=ways)


def _nearly_written(pairs: Sequence[str], common: Mapping[str, int]) -> Query:
    by_rarity = sorted(range(len(pairs)), key=lambda at: common.get(pairs[at], 0))
    rare: list[int] = []
    for at in by_rarity:
        if len(rare) < _RAREST and not _third_in_a_row(at, rare):
            rare.append(at)
    must = Match("name_2", _tokens(pairs, rare), minimum_should_match=min(_LEAST, max(1, len(rare) - 2)))
    further = [at for at in by_rarity if at not in rare][:_FURTHER]
    return Bool(must=[must], should=[Match("name_2", _tokens(pairs, further))]) if further else must


def _third_in_a_row(at: int, chosen: Sequence[int]) -> bool:
    return any(a in chosen and b in chosen for a, b in ((at - 2, at - 1), (at - 1, at + 1), (at + 1, at + 2)))


def _tokens(pairs: Sequence[str], places: Sequence[int]) -> str:
    return " ".join(pairs[at] for at in places)
