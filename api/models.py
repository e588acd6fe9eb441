"""What the API tells of itself; what searches answer is in `xincha.search.answers`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from xincha.kinds.kind import FactType, Tone
from xincha.search import answers


class PlaceCount(BaseModel):
    """A city (or, where none is known, a province) and how many entities are of it."""

    code: str
    name: str
    entities: int


class DataSource(BaseModel):
    """A kind of published data that was loaded."""

    kind: str = Field(description="registration, or a kind of record")
    name: str
    rows: int


class Example(BaseModel):
    """A search that finds something in the data that is loaded."""

    q: str
    name: str = Field(description="what kind of search this is")
    english: str = Field(description="the same in English; empty: it has no English name")


class FactWords(BaseModel):
    """A fact of an entity or a record, in words."""

    name: str = Field(description="its key in answers, or its name in `changes`")
    title: str
    english: str = Field(description="the same in English; empty: it has no English name")
    type: FactType
    listed: bool = Field(description="it has a line of its own on the page")


class StateWords(BaseModel):
    """A state of a record."""

    name: str
    title: str
    english: str = Field(description="the same in English; empty: it has no English name")
    tone: Tone


class EffectWords(BaseModel):
    """What it means that a record stands against an entity now; empty: no text of law was read that says it."""

    meaning: str
    consequence: str = Field(description="what it keeps the entity from")
    ends: str = Field(description="how it comes to an end")


class CountWords(BaseModel):
    """A number that stands against an entity."""

    name: str = Field(description="its key in `counts`")
    risk: str = Field(description="words for it; {}: the number")
    tone: Tone


class KindWords(BaseModel):
    """What the page says of a kind of record, and in which order."""

    name: str
    title: str
    english: str = Field(description="the same in English; empty: it has no English name")
    tone: Tone = Field(description="of records without a state")
    facts: list[FactWords]
    authorities: list[str] = Field(description="facts that say who decided, and under which number")
    states: list[StateWords]
    risks: list[CountWords]
    span: list[str] = Field(description="first and last day of a record that lasts, by fact; empty for the others")
    party: bool = Field(description="its records are about entities")
    related: bool = Field(description="its records belong to plans or tasks of spot checks, as those of other kinds do")
    variant: str = Field(description="a fact of records for whose values words of titles are others; empty: none")
    reworded: dict[str, dict[str, str]] = Field(description="value → words of titles → the words that it has instead")
    reworded_english: dict[str, dict[str, str]] = Field(
        description="value → English title → the one that it has instead"
    )
    effects: dict[str, EffectWords] = Field(description="value of `variant`, or empty for any → what it means")
    columns: list[str] = Field(
        description="facts that a table of such records alone shows, the first being what a record is called"
    )


class FilterWords(BaseModel):
    """A filter of lists."""

    name: str = Field(description="its parameter; of bounds without `_from` and `_to`")
    title: str
    english: str = Field(description="the same in English; empty: it has no English name")


class TopicWords(BaseModel):
    """A list of the records of some kinds, with a page of its own."""

    name: str = Field(description="value of `topic` of /api/v1/records, and the address of its page")
    title: str
    english: str = Field(description="the same in English; empty: it has no English name")
    about: str
    about_english: str
    kinds: list[str]
    filters: list[str] = Field(description="the filters that its kinds give a meaning to")


class About(BaseModel):
    """What is loaded here, for people who arrive."""

    entities: int
    records: int = Field(description="records that may be shown today")
    by_kind: dict[str, int]
    places: list[PlaceCount]
    sources: list[DataSource]
    examples: list[Example]
    coverage: answers.Coverage
    as_of: date | None = Field(description="last day that anything of the data tells of (see `coverage`)")
    age_days: int | None = Field(description="days since the newest load")
    published_at: datetime
    repaired: Literal["hide", "history"] = Field(
        description="what was repaired, removed from a list or restored: no more shown, or as past"
    )
    program: str = Field(description="version of this program")
    files: bool = Field(description="whether everything can be had as files, from /files/index.json on")
    watched: bool = Field(description="whether watch lists are kept here: `POST /api/v1/watches`")
    values: dict[str, str] = Field(description="words that answers and filters use, in English")
    facts: list[FactWords] = Field(description="of entities, in the order in which they are shown")
    kinds: list[KindWords] = Field(description="of records, in the order in which they are shown")
    filters: list[FilterWords] = Field(description="what filters of lists are called, in chips and in figures")
    topics: list[TopicWords] = Field(description="lists of some kinds of record, in the order in which they are shown")


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Ready(BaseModel):
    """Searches are answered. `altered`: documents that are not as they were published, of those that were looked at."""

    status: Literal["ready", "degraded"]
    engine: str
    entities: int
    records: int
    published_at: datetime
    altered: list[str]


class ParameterProblem(BaseModel):
    """A parameter that was wrong, and what would be right."""

    name: str
    message: str
    allowed: str


class Problem(BaseModel):
    """An error (RFC 9457, application/problem+json)."""

    type: str = Field(description="a name for this kind of error that does not change: urn:xincha:problem:…")
    title: str
    status: int
    detail: str
    parameters: list[ParameterProblem] = Field(default=[], description="for bad parameters: which, and what is right")
