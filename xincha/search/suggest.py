"""Names that what was typed so far may become: a few, fast, best first.

Also while an input method still holds half-typed pinyin: 鹭岛k and luda are beginnings of readings like ludaokeji.
"""

from __future__ import annotations

import re

import orjson

from xincha.engine.contract import Engine
from xincha.engine.query import ConstantScore, DisMax, Match, Prefix, Query, Request, Term
from xincha.search.answers import Suggestion
from xincha.search.highlight import Highlighted
from xincha.search.intent import Intent, read
from xincha.search.rank import Ranking
from xincha.search.reading import Candidate
from xincha.text import divisions, pinyin, tokens

_CANDIDATES = 40
_LEAST_LETTERS = 3
_LETTERS = re.compile(r"([a-z]+)")


def suggest(engine: Engine, typed: str, limit: int) -> list[Suggestion]:
    """At most `limit` suggestions; none if nothing fits."""
    intent = read(typed)
    if not (query := _query(intent)):
        return []
    hits = engine.search("entities", Request(query, size=max(_CANDIDATES, limit), total=False)).hits
    candidates = [Candidate.of(hit.id, orjson.loads(hit.source)) for hit in hits]
    return [_suggestion(candidate, intent) for candidate in Ranking(intent).order(candidates)[:limit]]


def _query(intent: Intent) -> Query | None:
    if intent.identifier:
        return Term(intent.identifier.field, intent.identifier.value)
    ways: list[Query] = []
    if intent.code_start:
        ways += [ConstantScore(Prefix(field, intent.code_start), 50.0) for field in ("uscc", "reg_no")]
    if text := intent.text:
        ways.append(Match("name_2", tokens.bigrams(text), "and") if len(text) > 1 else Term("name_1", text))
    if len(text) > 1 and not text.isascii():
        ways.append(ConstantScore(Prefix("core", text), 100.0))
    spelled = _spelled(text)
    if len(spelled) >= _LEAST_LETTERS:
        ways.append(ConstantScore(Prefix("pinyin_key", spelled), 60.0))
    if intent.letters:
        ways.append(ConstantScore(Term("initials", intent.letters), 80.0))
        if len(intent.letters) >= _LEAST_LETTERS:
            ways.append(ConstantScore(Prefix("initials", intent.letters), 50.0))
    return DisMax(ways) if ways else None


def _spelled(text: str) -> str:
    """The reading of characters and typed letters together; "" if there are no letters."""
    if not _LETTERS.search(text) or any(char.isdigit() for char in text):
        return ""
    return "".join(part if part.isascii() else "".join(pinyin.syllables(part)) for part in _LETTERS.split(text))


def _suggestion(candidate: Candidate, intent: Intent) -> Suggestion:
    source = candidate.source
    name = Highlighted(source.get("name") or "")
    marks = name.marks([intent.text, *(word.text for word in intent.words)])
    if not marks and intent.letters:
        marks = name.spoken(intent.letters)
    marks = marks or name.marks(part for part in _LETTERS.split(intent.text) if not part.isascii())
    district = divisions.name(source.get("region_code") or "")
    return Suggestion(candidate.id, name.text, name.parts(marks), source.get("status"), district)
