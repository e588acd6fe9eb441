"""From what the search found to what is answered: the facts that `api.models` declares, and no others.

Stored JSON leaves out what was not published; an answer has every declared key, with `null` or an empty list there.
The values given back are for `orjson`, which writes the dataclasses of the search as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, get_origin

from pydantic import BaseModel

from api import models
from api.summary import summary

if TYPE_CHECKING:
    from xincha.search import requests

Stored = Mapping[str, object]
Answer = dict[str, object]

_NO_CHANGE: Stored = MappingProxyType(dict.fromkeys(models.Change.model_fields))


def _copier(model: type[BaseModel], without: Iterable[str] = ()) -> Callable[[Stored], Answer]:
    """A function that copies the declared keys of a model out of stored JSON."""
    names = [name for name in model.model_fields if name not in set(without)]
    lists = {name for name in names if get_origin(model.model_fields[name].annotation) is list}
    plain = [name for name in names if name not in lists]

    def copy(stored: Stored) -> Answer:
        answer: Answer = {name: stored.get(name) for name in plain}
        for name in lists:
            answer[name] = stored.get(name, ())
        return answer

    return copy


_FOUND = ("counts", "highlights", "reasons")
_brief = _copier(models.EntityBrief, _FOUND)
_whole = _copier(models.Entity, (*_FOUND, "as_of", "summary"))
_RECORDS: Mapping[object, Callable[[Stored], Answer]] = {
    "penalty": _copier(models.PenaltyRecord, _FOUND),
    "abnormal": _copier(models.AbnormalRecord, _FOUND),
    "spot_check": _copier(models.SpotCheckRecord, _FOUND),
}


def entity_page(found: requests.EntityPage) -> Answer:
    """`models.EntityPage`."""
    return {
        "hits": [_entity_hit(hit) for hit in found.hits],
        "total": found.total,
        "facets": _facets(found.facets),
        "cursor": found.cursor,
        "notes": found.notes,
        "nearest": [_entity_hit(hit) for hit in found.nearest],
    }


def _entity_hit(hit: requests.EntityHit) -> Answer:
    answer = _brief(hit.source)
    answer["counts"] = hit.counts
    answer["highlights"] = hit.highlights
    answer["reasons"] = hit.reasons
    return answer


def _facets(facets: requests.Facets) -> Answer:
    return {name: [_bucket(bucket) for bucket in buckets] for name, buckets in facets.items()}


def _bucket(bucket: requests.FacetBucket) -> Answer:
    answer: Answer = {"value": bucket.value, "name": bucket.name, "count": bucket.count}
    if bucket.low is not None or bucket.high is not None:
        answer["from"], answer["to"] = bucket.low, bucket.high
    return answer


def _list(value: object) -> Sequence[Stored]:
    return value if isinstance(value, list) else ()


def entity(found: requests.EntityView) -> Answer:
    """`models.Entity`."""
    answer = _whole(found.source)
    answer["changes"] = [{**_NO_CHANGE, **change} for change in _list(found.source.get("changes"))]
    answer["counts"] = found.counts
    answer["as_of"] = found.as_of
    answer["summary"] = summary(found)
    return answer


def record_page(found: requests.RecordPage) -> Answer:
    """`models.RecordPage`."""
    return {
        "hits": [record(hit) for hit in found.hits],
        "total": found.total,
        "facets": _facets(found.facets),
        "sums": found.sums,
        "cursor": found.cursor,
    }


def record(found: requests.RecordHit) -> Answer:
    """`models.Record`."""
    answer = _RECORDS[found.source["kind"]](found.source)
    answer["highlights"] = found.highlights
    return answer


def suggestions(found: Sequence[requests.Suggestion]) -> Answer:
    """`models.Suggestions`."""
    return {"suggestions": found}
