"""The facts of the home page: what is loaded here, of which places, as of which day, and searches that find something.

Made once for each published version, day and set of records that are held back, kept until one of them changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from importlib.metadata import version
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson

from xincha.days import CHINA
from xincha.engine.query import Bool, Exists, Facet, MatchAll, Request, Sort, Term, TermsAgg
from xincha.errors import EngineNotReady
from xincha.kinds import KINDS, Fact, Kind
from xincha.kinds.english import VALUES, english, reworded
from xincha.kinds.entity import ENTITY
from xincha.kinds.topics import TOPICS, Topic
from xincha.search.coverage import TITLES, content_until
from xincha.search.questions import EntitySearch, RecordSearch
from xincha.search.titles import FILTERS
from xincha.text import divisions, names, pinyin

if TYPE_CHECKING:
    from xincha.engine.contract import Bucket, Engine, EngineStatus
    from xincha.search.service import Searcher

MOST_PLACES = 50
_ALL_REGIONS = 4000
_CANDIDATES = 60
_FEW = 20


class DataOverview:
    """Facts about what `engine` has published. `files`: releases are served. Safe to share between threads."""

    def __init__(
        self, engine: Engine, searcher: Searcher, day: Callable[[], date], *, files: bool, watched: Callable[[], bool]
    ) -> None:
        """`watched`: whether watch lists are kept here."""
        self.engine = engine
        self.searcher = searcher
        self.day = day
        self.files = files
        self.watched = watched
        self._lock = Lock()
        self._made: tuple[object, dict[str, object]] = (None, {})
        self.hits = self.misses = 0

    def facts(self) -> dict[str, object]:
        """What `api.models.About` declares; raises `EngineNotReady` where nothing is published."""
        status = self.engine.status()
        if not status.ready:
            raise EngineNotReady(status.reason)
        versions = tuple(index.version for index in status.indices.values())
        key = versions, self.day(), self.searcher.held.records()
        with self._lock:
            if self._made[0] == key:
                self.hits += 1
            else:
                self.misses += 1
                self._made = (key, self._make(status))
            return self._made[1]

    def _make(self, status: EngineStatus) -> dict[str, object]:
        entities = status.indices["entities"]
        records = self.searcher.records.page(RecordSearch(page_size=1, facet=("kind",)))
        by_kind = {bucket["value"]: bucket["count"] for bucket in records.facets["kind"]}
        rows = {"registration": entities.documents, **{kind: by_kind.get(kind, 0) for kind in KINDS}}
        covered, loaded = self.searcher.coverage.of("entities", entities.version), loaded_at(status)
        return {
            "entities": entities.documents,
            "records": records.total,
            "by_kind": by_kind,
            "places": places(self._regions()),
            "sources": [{"kind": kind, "name": TITLES[kind], "rows": count} for kind, count in rows.items() if count],
            "coverage": covered.kinds,
            "examples": list(self._examples()),
            "as_of": content_until(covered.kinds),
            "age_days": (self.day() - loaded.date()).days if loaded else None,
            "published_at": entities.published_at,
            "repaired": entities.note.get("policy", "").partition(" ")[2] or "hide",
            "program": version("xincha"),
            "files": self.files,
            "watched": self.watched(),
            "values": VALUES,
            "facts": _words(ENTITY),
            "kinds": [_kind_words(kind) for kind in KINDS.values()],
            "filters": [{"name": name, "title": title, "english": english(title)} for name, title in FILTERS.items()],
            "topics": [_topic_words(topic) for topic in TOPICS.values()],
        }

    def _regions(self) -> Sequence[Bucket]:
        facets = {"region": Facet(TermsAgg("region", _ALL_REGIONS))}
        counted = self.engine.search("entities", Request(MatchAll(), size=0, facets=facets)).facets["region"]
        return counted if isinstance(counted, Sequence) else ()

    def _examples(self) -> Iterator[dict[str, str]]:
        """A brand 字号, a code and a brand in pinyin: each finds its company first, and not half of the register."""
        companies = Bool(filter=[Term("kind", "企业"), Term("status", "存续"), Exists("uscc")])
        for query in (companies, Exists("uscc")):  # some registers publish no state
            request = Request(query, sort=[Sort("tie")], size=_CANDIDATES, total=False)
            if hits := self.engine.search("entities", request).hits:
                break
        stored = iter([orjson.loads(hit.source) for hit in hits])
        for name, way in _WAYS.items():
            for each in stored:
                if (q := way(each)) and self._finds(q, each["entity_id"]):
                    yield {"q": q, "name": name, "english": english(name)}
                    break

    def _finds(self, q: str, entity_id: str) -> bool:
        page = self.searcher.entities.page(EntitySearch(q=q, page_size=1, facet=()))
        return page.total <= _FEW and bool(page.hits) and page.hits[0]["entity_id"] == entity_id


def _words(facts: Iterable[Fact]) -> list[dict[str, object]]:
    """What the page calls facts."""
    titles = [(fact, fact.called) for fact in facts if fact.title]
    return [
        {
            "name": fact.name,
            "title": title,
            "english": english(title),
            "type": fact.type,
            "listed": fact.shown in ("all", "page") and not fact.lines_kept,
        }
        for fact, title in titles
    ]


def _kind_words(kind: Kind) -> dict[str, object]:
    return {
        "name": kind.name,
        "title": kind.title,
        "english": english(kind.title),
        "tone": kind.tone,
        "facts": _words(kind.facts),
        "authorities": [*kind.names("authority"), *kind.names("number")],
        "states": [
            {"name": name, "title": state.title, "english": english(state.title), "tone": state.tone}
            for name, state in kind.states.items()
        ],
        "risks": [{"name": each.name, "risk": each.risk, "tone": each.tone} for each in kind.counts if each.risk],
        "span": kind.span or (),
        "party": kind.party,
        "related": kind.related,
        "variant": kind.variant,
        "reworded": kind.reworded,
        "reworded_english": reworded(kind),
        "effects": {variant: asdict(effect) for variant, effect in kind.effects.items()},
        "columns": kind.columns,
    }


def _topic_words(topic: Topic) -> dict[str, object]:
    return {
        "name": topic.name,
        "title": topic.title,
        "english": english(topic.title),
        "about": topic.about,
        "about_english": english(topic.about),
        "kinds": [kind.name for kind in topic.kinds],
        "filters": list(topic.filters),
    }


def loaded_at(status: EngineStatus) -> datetime | None:
    """When the load that is published was complete; None where the index does not say."""
    try:
        return datetime.fromisoformat(status.indices["entities"].note["loaded_at"]).astimezone(CHINA)
    except (KeyError, ValueError):
        return None


def places(counted: Sequence[Bucket]) -> list[dict[str, object]]:
    """The cities among region codes, most entities first; provinces where no city is known."""
    counts = {str(bucket.key): bucket.count for bucket in counted}
    cities = {code: count for code, count in counts.items() if code.endswith("00") and not code.endswith("0000")}
    shown = cities or {code: count for code, count in counts.items() if code.endswith("0000")}
    ordered = sorted(shown.items(), key=lambda item: (-item[1], item[0]))[:MOST_PLACES]
    return [{"code": code, "name": divisions.name(code) or code, "entities": count} for code, count in ordered]


_WAYS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "字号": lambda stored: names.parts(stored["name"]).brand,
    "统一社会信用代码": lambda stored: str(stored["uscc"]),
    "拼音": lambda stored: "".join(pinyin.syllables(names.parts(stored["name"]).brand)),
}
