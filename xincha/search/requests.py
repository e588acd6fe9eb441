"""What may be asked of a `Searcher`, and what it answers: frozen dataclasses, no behaviour.

Filters are a mapping of filter name to values: within one filter any value may match, all filters must match.

    entities   status, kind, region (GB/T 2260), industry (GB/T 4754), authority, has (penalty, abnormal, spot_check)
    records    kind, region, authority, category, state, link, entity_id

Bounds are pairs (from, to), both inclusive, `None` where open. Facets are counted over all filters but their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

RecordKind = Literal["penalty", "abnormal", "spot_check"]
Dates = tuple[date | None, date | None]
Numbers = tuple[float | None, float | None]

ENTITY_FILTERS = ("status", "kind", "region", "industry", "authority", "has")
ENTITY_FACETS = (*ENTITY_FILTERS, "established", "capital")
ENTITY_SORTS = ("relevance", "established_on", "approved_on", "capital_cny")
RECORD_FILTERS = ("kind", "region", "authority", "category", "state", "link", "entity_id")
RECORD_FACETS = ("kind", "region", "authority", "category", "state", "happened")
RECORD_SORTS = ("relevance", "happened_on", "fine_cny")


@dataclass(frozen=True, slots=True)
class EntitySearch:
    """A search for entities. `sort`: one of ENTITY_SORTS, `-` in front for descending; `facets` `None`: all."""

    q: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    established: Dates = (None, None)
    capital: Numbers = (None, None)
    sort: str = "relevance"
    page_size: int = 20
    cursor: str | None = None
    facets: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class RecordSearch:
    """A search for records that may be shown today. `sort` `None`: relevance with a `q`, else newest first."""

    q: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    happened: Dates = (None, None)
    fine: Numbers = (None, None)
    sort: str | None = None
    page_size: int = 20
    cursor: str | None = None
    facets: Sequence[str] | None = None


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
    """One feature of the ranking that speaks for a hit, in a sentence, with what it adds to the score."""

    feature: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Counts:
    """Records of an entity that may be shown on a day. `abnormal_now`: listings that have not ended by then."""

    penalty: int = 0
    abnormal: int = 0
    abnormal_now: int = 0
    spot_check: int = 0
    spot_check_found: int = 0
    fine_cny: float = 0.0


@dataclass(frozen=True, slots=True)
class EntityHit:
    """An entity found: its stored JSON, its records of today counted, where it matches, and why it stands there."""

    source: Mapping[str, object]
    counts: Counts
    highlights: Sequence[Highlight]
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class FacetBucket:
    """One value of a facet. `value` goes back as filter; of bounds (`established`, `capital`, `happened`) `low` and
    `high`, both inclusive, go back as bounds."""

    value: str
    name: str
    count: int
    low: date | float | None = None
    high: date | float | None = None


Facets = Mapping[str, Sequence[FacetBucket]]


@dataclass(frozen=True, slots=True)
class EntityPage:
    """One page. `total` is exact; `notes` say in Chinese how the query was read and what was tried to find anything.

    `nearest`: where nothing was found, up to three entities that what was typed is nearest to. They are no hits.
    """

    hits: Sequence[EntityHit]
    total: int
    facets: Facets
    cursor: str | None
    notes: Sequence[str] = ()
    nearest: Sequence[EntityHit] = ()


@dataclass(frozen=True, slots=True)
class RecordHit:
    """A record found: its stored JSON and where it matches."""

    source: Mapping[str, object]
    highlights: Sequence[Highlight] = ()


@dataclass(frozen=True, slots=True)
class Sums:
    """Totals in yuan over all records of a search."""

    fine_cny: float
    confiscated_cny: float


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of records. `total` and `sums` are of all that were found."""

    hits: Sequence[RecordHit]
    total: int
    facets: Facets
    sums: Sums
    cursor: str | None


@dataclass(frozen=True, slots=True)
class EntityView:
    """One entity on a day: its stored JSON with later changes undone, and its records of that day counted."""

    source: Mapping[str, object]
    counts: Counts
    as_of: date


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that what was typed may become."""

    entity_id: str
    name: str
    parts: Sequence[Part]
    status: str | None
    district: str | None
