"""What may be asked of a `Searcher`: frozen dataclasses, no behaviour.

Filters are a mapping of filter name to values: within one filter any value may match, all filters must match.

    entities   status, kind, region (GB/T 2260), industry (GB/T 4754), authority, has (kinds of record)
    records    kind, region, authority, category, state, link, entity_id

Bounds are pairs (from, to), both inclusive, `None` where open. Facets are counted over all filters but their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

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
