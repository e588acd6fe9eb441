"""What searches answer: the types below are the API's own response models, and what `orjson` writes as it is.

Entities and records are mappings with every declared key: `None` or an empty list where nothing was published. Their
keys, types and descriptions come from `xincha.kinds`; a key that is not declared there is in no answer. Dates are
`YYYY-MM-DD`; 9999-12-31: without end (长期). Money is in yuan (`_cny`) unless a currency stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Required, Union

from pydantic import BaseModel, Field, create_model
from typing_extensions import TypedDict

from xincha.kinds import KINDS, Count, Fact, Kind, amounts, counts
from xincha.kinds.entity import ENTITY
from xincha.kinds.kind import HAPPENED, IDENTITY, LINK, PUBLICITY
from xincha.search.risks import Risk
from xincha.text.citations import Strength

Stored = Mapping[str, Any]
"""The JSON that an index holds of an entity or a record; nothing absent is in it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text, and whether it matches what was typed."""

    text: str
    mark: bool


@dataclass(frozen=True, slots=True)
class Highlight:
    """A field in which the query was found. The parts joined are its text, or an excerpt where it is long."""

    field: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature that speaks for a hit (with a score below 0: against it), in a sentence."""

    feature: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """A part of what is said of an entity. `kind`: registration, or a kind of record."""

    kind: str
    text: str
    english: Annotated[str, Field(description="the same in English, shorter; empty: there is none")]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row comes from. `row` counts from 1 below the header."""

    file: str
    row: int
    batch_id: str
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class Carried:
    """A fact that the newest file did not state, and the older file that it comes from."""

    field: str
    file: str
    row: int
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """What a fact was until another file replaced it."""

    field: str
    old: str | None
    new: str | None
    changed_at: datetime
    file: str | None
    row: int | None


@dataclass(frozen=True, slots=True)
class AuthorityCoverage:
    """What is loaded of one authority."""

    name: str
    records: Annotated[int, Field(description="that may be shown today")]
    content_from: date | None
    content_until: date | None
    loaded_at: Annotated[datetime | None, Field(description="newest load that brought or changed one of them")]


@dataclass(frozen=True, slots=True)
class KindCoverage:
    """What is loaded of one kind: whether anything is, how much of it may be shown today, and of which days it tells.

    Nothing is known of a kind that is not loaded: that no record of it is found says nothing.
    """

    kind: Annotated[str, Field(description="registration, or a kind of record")]
    loaded: bool
    records: Annotated[int, Field(description="entities, or records that may be shown today")]
    authorities: Annotated[
        Sequence[AuthorityCoverage], Field(description="those with the most records, at most 20; none: not published")
    ]
    content_from: Annotated[date | None, Field(description="first day that they tell of")]
    content_until: Annotated[date | None, Field(description="last day that they tell of: the data is of this day")]
    loaded_at: Annotated[datetime | None, Field(description="newest load that brought or changed anything of the kind")]


@dataclass(frozen=True, slots=True)
class Covered:
    """What is loaded. `loaded`: the kinds of which anything is; `held`: records that are held back, and in no count."""

    kinds: Sequence[KindCoverage]
    loaded: frozenset[str]
    held: frozenset[str] = frozenset()


FOLLOWS = ("abnormal", "penalty")
"""Kinds of records that may follow a spot check."""
EVERYTHING = Covered((), frozenset({"registration", *KINDS}))
"""What is assumed where nobody has looked."""


@dataclass(frozen=True, slots=True)
class RelatedRecord:
    """A record that another one leads to: its line, and whose it is, if it is about anybody."""

    record_id: str
    headline: str
    name: str | None
    happened_on: date | None


@dataclass(frozen=True, slots=True)
class Related:
    """Records of another kind that belong to the same plan or task of spot checks, by the numbers that they state."""

    kind: str
    total: int
    records: Annotated[Sequence[RelatedRecord], Field(description="newest first, at most 20")]
    belongs: Annotated[
        Sequence[str], Field(description="goes into the filter `belongs` of /records, which has them all")
    ]


Coverage = Annotated[Sequence[KindCoverage], Field(description="what is loaded, by kind, the registration first")]


@dataclass(frozen=True, slots=True)
class CitedArticle:
    """An article that the basis of a record names, as a text of law that is loaded has it."""

    record_id: str
    citation: Annotated[str, Field(description="食品安全法|124")]
    title: Annotated[str, Field(description="law, article and the day of the text")]
    text: str


@dataclass(frozen=True, slots=True)
class NamedArticle:
    """An article that a rule of this program names, with its text where a text of law that is loaded has it."""

    citation: Annotated[str, Field(description="企业信息公示暂行条例|17")]
    title: Annotated[str, Field(description="law and article; with the day of the text, where it is loaded")]
    record_id: Annotated[str | None, Field(description="the article as a record; null: it is not loaded")]
    text: Annotated[str | None, Field(description="null: it is not loaded")]


@dataclass(frozen=True, slots=True)
class PossiblePower:
    """A power 权责事项 that rests on an article by which a penalty was imposed: it may be the one that was used."""

    record_id: str
    name: str
    strength: Annotated[Strength, Field(description="how far both name the same part of the article")]
    article: Annotated[str, Field(description="of the penalty: 食品安全法|124|1|5")]


@dataclass(frozen=True, slots=True)
class SectionName:
    """A part of a full text: its anchor on the page of the text, and what it is called."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class LinkedRecord:
    """A record of another kind that one leads to: its line."""

    record_id: str
    kind: str
    headline: str
    happened_on: date | None
    sections: Annotated[Sequence[SectionName], Field(description="of a full text: its parts")]


@dataclass(frozen=True, slots=True)
class PossibleSequel:
    """A listing or penalty that may have followed a spot check 可能随后, or the check that it may have followed. Nobody
    publishes whether it did."""

    record_id: str
    kind: str
    headline: str
    happened_on: date
    days: Annotated[int, Field(description="days between both")]
    rule: Annotated[str, Field(description="by which it is offered, in one sentence")]


FacetBucket = TypedDict(
    "FacetBucket",
    {
        "value": Required[Annotated[str, Field(description="goes into the filter of the facet's name")]],
        "name": Required[Annotated[str, Field(description="for people")]],
        "count": Required[int],
        "from": Annotated[date | float | None, Field(description="of bounds, inclusive; goes into `…_from`")],
        "to": Annotated[date | float | None, Field(description="of bounds, inclusive; goes into `…_to`")],
    },
    total=False,
)
Facets = Annotated[Mapping[str, Sequence[FacetBucket]], Field(description="facet → its values, commonest first")]
Cursor = Annotated[
    str | None, Field(description="give it back as `cursor`, all else unchanged, for the next page; null: last page")
]


def _model(name: str, doc: str, facts: Iterable[Fact], **more: Any) -> type[BaseModel]:
    """A response model of these facts."""
    described = [(fact, f"{fact.title}: {fact.doc}" if fact.doc else fact.title) for fact in facts]
    fields = {fact.name: (_type(fact, name), Field(description=text)) for fact, text in described}
    return create_model(name, __doc__=doc, **fields, **more)  # type: ignore[call-overload,no-any-return]


def _type(fact: Fact, of: str) -> Any:
    """The type of a fact of the model `of`; generators of clients want each model by a name of its own."""
    if fact.type == "lines":
        return list[_model(f"{of}{fact.name.title()}Line", fact.title, fact.lines)]  # type: ignore[misc]
    if fact.type == "list":
        return list[str | None] if fact.beside else list[str]
    plain = {"date": date, "money": float, "number": float, "count": int, "flag": bool}.get(fact.type, str)
    return plain if fact.required else plain | None


def _counted(count: Count) -> Any:
    return date if count.latest else float if count.sums else int


def facts_of(kind: Kind) -> list[Fact]:
    """What is said of a record, in order."""
    link = LINK if kind.party else ()
    shown = [fact for fact in kind.facts if fact.shown != "lake"]
    return [*IDENTITY, *link, *shown, HAPPENED, *PUBLICITY]


BRIEF = [fact for fact in ENTITY if fact.shown != "lake" and not fact.detail]
WHOLE = [fact for fact in ENTITY if fact.shown != "lake"]

if TYPE_CHECKING:
    Counts = Mapping[str, Any]
    EntityHit = Mapping[str, Any]
    Entity = Mapping[str, Any]
    Record = Mapping[str, Any]
    Sums = Mapping[str, float]
else:

    def _record_model(kind: Kind) -> type[BaseModel]:
        facts = [fact for fact in facts_of(kind) if fact.name != "kind" and fact.in_data]
        told = Field(description=", ".join(f"{name}: {state.title}" for name, state in kind.states.items()))
        state = {"state": (Literal[tuple(kind.states)] | None, told)} if kind.states else {}
        found = Field(description="of a record by itself: the documents that are its text, by record_id")
        texts: dict[str, Any] = {"document_ids": (list[str], found)} if kind.names("office") else {}
        whole = Field(description="of a record by itself: its full texts, and the notices that announce it")
        texts |= {"texts": (list[LinkedRecord], whole)} if kind.names("office") else {}
        whose = Field(description="of a text by itself: the records that it is the text of, or announces")
        texts |= {"text_of": (list[LinkedRecord], whose)} if "of_ids" in kind.names("derived") else {}
        others = Field(description="of a record by itself: those of the same plan or task, by kind")
        texts |= {"related": (list[Related], others)} if kind.related else {}
        cited = Field(description="of a record by itself: the articles that its basis names, where they are loaded")
        texts |= {"articles": (list[CitedArticle], cited)} if kind.names("cites") else {}
        rests = Field(description="of a penalty by itself: powers that rest on the same article 可能依据的权责事项")
        texts |= {"powers": (list[PossiblePower], rests)} if kind.name == "penalty" else {}
        later = Field(description="of a check by itself: listings and penalties that may have followed 可能随后")
        texts |= {"possibly_led_to": (list[PossibleSequel], later)} if kind.name == "spot_check" else {}
        earlier = Field(description="of a record by itself: spot checks that it may have followed; never its cause")
        texts |= {"possibly_after": (list[PossibleSequel], earlier)} if kind.name in FOLLOWS else {}
        named = Field(description="of a record by itself: the articles that `rule` names, loaded or not")
        texts |= {"rule_articles": (list[NamedArticle], named)}
        return _model(
            "".join(map(str.capitalize, (*kind.name.split("_"), "record"))),
            f"{kind.title}.",
            facts,
            kind=(Literal[kind.name], ...),
            **state,
            **texts,
            headline=(str, Field(description="what it says, in one line")),
            origin=(Origin, ...),
            highlights=(list[Highlight], ...),
        )

    Counts = create_model(
        "Counts",
        __doc__="Records that may be shown on the day; null: no record of the kind is loaded.",
        **{each.name: (_counted(each) | None, Field(description=each.title)) for each in counts()},
    )
    Sums = create_model(
        "Sums",
        __doc__="Totals in yuan over *all* records of the search, not only those of the page.",
        **{name: (float, Field(description=title)) for name, title in amounts().items()},
    )
    _RISKS = (list[Risk], Field(description="what stands against it, in words; what does so now first"))
    _HIT = {
        "counts": (Counts, ...),
        "risks": _RISKS,
        "highlights": (list[Highlight], ...),
        "reasons": (list[Reason], ...),
    }
    EntityHit = _model("EntityHit", "An entity found, and why.", BRIEF, **_HIT)
    Entity = _model(
        "Entity",
        "Everything that is published about one entity, with the source of each fact.",
        WHOLE,
        counts=(Counts, ...),
        risks=_RISKS,
        as_of=(date, Field(description="the day that this answer is about")),
        known_from=(
            date | None,
            Field(description="day of the first load with it; on a day before, its facts are those known first"),
        ),
        summary=(str, Field(description="one plain sentence made of the facts")),
        sentences=(list[Sentence], Field(description="the same in parts")),
        origin=(Origin, ...),
        carried=(list[Carried], ...),
        changes=(list[Change], ...),
        coverage=(Coverage, ...),
    )
    Record = Annotated[Union[tuple(map(_record_model, KINDS.values()))], Field(discriminator="kind")]  # noqa: UP007


@dataclass(frozen=True, slots=True)
class EntityPage:
    """One page of entities. `total` is exact."""

    hits: Sequence[EntityHit]
    total: int
    facets: Facets
    cursor: Cursor
    notes: Annotated[Sequence[str], Field(description="how the query was read, and what was tried, in words")] = ()
    nearest: Annotated[
        Sequence[EntityHit], Field(description="where nothing is found: up to three that come nearest; no hits")
    ] = ()


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of records. `total` is exact."""

    hits: Sequence[Record]
    total: int
    facets: Facets
    sums: Sums
    cursor: Cursor
    notes: Annotated[Sequence[str], Field(description="of which kinds nothing is loaded, in words")] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that what was typed may become."""

    entity_id: str
    name: str
    parts: Sequence[Part]
    status: str | None
    district: str | None
    why: Annotated[Highlight | None, Field(description="the former name or code by which it was found")] = None
    reason: Annotated[str, Field(description="why it may be meant, in words")] = ""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Best first."""

    suggestions: Sequence[Suggestion]
