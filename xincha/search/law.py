"""What a record rests on: the articles that its basis names, as far as their texts are loaded, and the powers of
offices 权责事项 that rest on the same article.

Which power an office used nobody says. A power is offered as one that it may have been (可能依据), where it is one of
penalties, in force, and names an article by which the penalty was imposed; how far both name the same says `strength`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from xincha.engine.query import Bool, Query, Request, Sort, Term, Terms
from xincha.kinds import KINDS
from xincha.kinds.power import OF_PENALTY
from xincha.search.answers import CitedArticle, NamedArticle, PossiblePower
from xincha.text.citations import Citation, Strength, citations, liability, strength

if TYPE_CHECKING:
    from xincha.engine.contract import Engine

MOST = 20
_LOOKED_AT = 200
_RANK: Mapping[Strength, int] = {"item": 0, "paragraph": 1, "article": 2}


def articles_of(stored: Mapping[str, Any], engine: Engine, public: Query) -> list[CitedArticle]:
    """The articles that a record's basis names and whose texts are loaded; of several versions the newest first."""
    cited = list(dict.fromkeys(each.of_article for text in _bases(stored) for each in citations(text)))[:MOST]
    found = _with_article("regulation", cited, engine, public)
    return [
        CitedArticle(each["record_id"], each["citation"], KINDS["regulation"].headline(each), each["article_text"])
        for each in sorted(found, key=lambda each: cited.index(each["citation"]))
    ][:MOST]


def named_in(texts: Iterable[str], engine: Engine, public: Query) -> list[NamedArticle]:
    """The articles that sentences of rules name, in their order; each with its newest text that is loaded, if any."""
    clauses = (clause for text in texts for clause in re.split("[；。]", text))
    cited = list(dict.fromkeys(each.of_article for clause in clauses for each in citations(clause)))[:MOST]
    loaded = {each["citation"]: each for each in reversed(_with_article("regulation", cited, engine, public))}
    return [_named(citation, loaded.get(citation)) for citation in cited]


def _named(citation: str, article: Mapping[str, Any] | None) -> NamedArticle:
    if article:
        title = KINDS["regulation"].headline(article)
        return NamedArticle(citation, title, article["record_id"], article["article_text"])
    law, _, number = citation.partition("|")
    return NamedArticle(citation, KINDS["regulation"].headline({"law": law, "article_no": number}), None, None)


def powers_of(stored: Mapping[str, Any], engine: Engine, public: Query) -> list[PossiblePower]:
    """The powers of penalties that rest on an article by which a penalty was imposed, the nearest first."""
    imposed = [each for text in _bases(stored) for each in liability(text)]
    articles = list(dict.fromkeys(each.of_article for each in imposed))[:MOST]
    offered = []
    for power in _with_article("power", articles, engine, public):
        if power.get("power_kind") != OF_PENALTY or power.get("state") == "cancelled":
            continue
        if best := _nearest(imposed, citations(power.get("basis") or "")):
            offered.append((_RANK[best[0]], power, best))
    offered.sort(key=lambda each: (each[0], each[1]["record_id"]))
    return [
        PossiblePower(power["record_id"], KINDS["power"].headline(power), near, str(article))
        for _, power, (near, article) in offered[:MOST]
    ]


def _bases(stored: Mapping[str, Any]) -> Sequence[str]:
    return [stored[name] for name in KINDS[stored["kind"]].names("cites") if stored.get(name)]


def _with_article(kind: str, articles: Sequence[str], engine: Engine, public: Query) -> list[Mapping[str, Any]]:
    """The stored records of a kind that name one of the articles."""
    if not articles:
        return []
    query = Bool(filter=[Term("kind", kind), Terms("article", articles), public])
    request = Request(query, sort=(Sort("happened_on", "desc"), Sort("tie")), size=_LOOKED_AT, total=False)
    return [orjson.loads(hit.source) for hit in engine.search("records", request).hits]


def _nearest(imposed: Sequence[Citation], named: Sequence[Citation]) -> tuple[Strength, Citation] | None:
    """How far an article of one and of the other are the same, and which one, where they are nearest."""
    found = [(near, one) for one in imposed for other in named if (near := strength(one, other))]
    return min(found, key=lambda each: _RANK[each[0]], default=None)
