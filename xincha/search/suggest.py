"""Names that what was typed so far may become: a few, fast, best first.

Also while an input method still holds half-typed pinyin: 鹭岛k and luda are beginnings of readings like ludaokeji.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

import orjson

from xincha.engine.contract import Engine, Hit
from xincha.engine.query import Bool, ConstantScore, Match, Prefix, Query, Request, Term, Terms
from xincha.search.answers import Part, Suggestion
from xincha.search.highlight import Highlighted
from xincha.search.intent import Intent, read
from xincha.search.rank import Ranking
from xincha.search.reading import Candidate
from xincha.search.seen import highlights
from xincha.text import divisions, pinyin, tokens

_CANDIDATES = 40
_LEAST_LETTERS = 3
_EXPLAINING = ("former_names", "uscc", "reg_no")
"""What explains a suggestion beside its name."""
_LETTERS = re.compile(r"([a-z]+)")


def suggest(engine: Engine, typed: str, limit: int) -> list[Suggestion]:
    """At most `limit` suggestions; none if nothing fits."""
    intent = read(typed)
    if not (ways := _ways(intent)):
        return []
    size = max(_CANDIDATES, limit)
    results = engine.search_many("entities", [Request(way, size=size, total=False) for way in ways])
    best: dict[str, Hit] = {}
    for hit in (hit for result in results for hit in result.hits):
        if hit.id not in best or best[hit.id].score < hit.score:
            best[hit.id] = hit
    hits = sorted(best.values(), key=lambda hit: -hit.score)[:size]
    candidates = [Candidate.of(hit.id, orjson.loads(hit.source)) for hit in hits]
    ranking = Ranking(intent)
    suggested = (_suggestion(candidate, intent, ranking) for candidate in ranking.order(candidates))
    return list(islice(filter(None, suggested), limit))


def _ways(intent: Intent) -> Sequence[Query]:
    """What is asked, each by itself: of one query an engine leaves out what cannot be among its best, of a union it
    scores every document."""
    if intent.identifier:
        return [Term(intent.identifier.field, intent.identifier.value)]
    if intent.near:
        return [Terms(intent.near.field, intent.near.values)]
    ways: list[Query] = []
    if intent.code_start:
        ways += [ConstantScore(Prefix(field, intent.code_start, few=True), 50.0) for field in ("uscc", "reg_no")]
    if text := intent.text:
        ways.append(Match("name_2", tokens.bigrams(text), "and") if len(text) > 1 else Term("name_1", text))
    if len(text) > 1 and not text.isascii():
        ways.append(ConstantScore(Prefix("core", text, few=True), 100.0))
    for spelled in intent.spellings or (_spelled(text),):
        if len(spelled) >= _LEAST_LETTERS:
            ways.append(ConstantScore(Prefix("pinyin_key", spelled, few=True), 60.0))
    for placed in intent.placed:
        start = ConstantScore(Prefix("pinyin_key", placed.rest), 60.0)
        ways.append(Bool(must=[start], filter=[Terms("region", placed.codes)]))
    if intent.letters:
        ways.append(ConstantScore(Term("initials", intent.letters), 80.0))
        if len(intent.letters) >= _LEAST_LETTERS:
            ways.append(ConstantScore(Prefix("initials", intent.letters, few=True), 50.0))
    return ways


def _spelled(text: str) -> str:
    """The reading of characters and typed letters together; "" if there are no letters."""
    text = pinyin.toneless(text)
    if not _LETTERS.search(text) or any(char.isdigit() for char in text):
        return ""
    return "".join(part if part.isascii() else "".join(pinyin.syllables(part)) for part in _LETTERS.split(text))


def _suggestion(candidate: Candidate, intent: Intent, ranking: Ranking) -> Suggestion | None:
    """A suggestion with what explains it: marks in its name, or else a former name or a code; `None` without."""
    source = candidate.source
    name = Highlighted(source.get("name") or "")
    seen = {highlight.field: highlight for highlight in highlights(intent, candidate)}
    marked = seen["name"].parts if "name" in seen else _begun(name, intent)
    why = next((seen[field] for field in _EXPLAINING if field in seen), None)
    if not why and not any(part.mark for part in marked):
        return None
    district = divisions.name(source.get("region_code") or "")
    reason = ranking.explain(candidate)[0].text
    return Suggestion(candidate.id, name.text, marked, source.get("status"), district, why, reason)


def _begun(name: Highlighted, intent: Intent) -> Sequence[Part]:
    """The name with the characters marked that stand before half-typed letters (鹭岛k), and what the letters begin."""
    typed = [part for part in _LETTERS.split(intent.text) if part]
    marks = name.marks(part for part in typed if not part.isascii())
    return name.parts(marks or name.spoken(_spelled(intent.text)) if _spelled(intent.text) else marks)
