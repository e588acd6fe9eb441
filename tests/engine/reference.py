"""What the query subset means, said once more in the plainest Python: each document looked at, nothing indexed.

The contract suite compares every engine with this. It follows the docstrings of `xincha.engine.query`, not any engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cmp_to_key
from itertools import product
from typing import Any

from xincha.engine import query as q
from xincha.engine.contract import Bucket, Document
from xincha.engine.fields import Field

Fields = Mapping[str, Field]


def values(document: Document, name: str, fields: Fields) -> list[Any]:
    """The values of a field; of a text field its tokens."""
    value = document.get(name)
    if value is None:
        return []
    if fields[name].type == "text":
        return str(value).split()
    return list(value) if isinstance(value, list) else [value]


def matches(query: q.Query, document: Document, fields: Fields) -> bool:  # noqa: PLR0911 - one case a clause
    """Does the document meet the query?"""

    def meets(part: q.Query) -> bool:
        return matches(part, document, fields)

    match query:
        case q.MatchAll():
            return True
        case q.Term(field=name, value=value):
            return value in values(document, name, fields)
        case q.Terms(field=name, values=wanted):
            return any(value in wanted for value in values(document, name, fields))
        case q.Ids(values=wanted):
            return document["id"] in wanted
        case q.Range():
            return any(_within(query, value) for value in values(document, query.field, fields))
        case q.Exists(field=name):
            return bool(values(document, name, fields))
        case q.Prefix(field=name, value=value):
            return any(held.startswith(value) for held in values(document, name, fields))
        case q.Match():
            return _match(query, values(document, query.field, fields))
        case q.MatchPhrase(field=name, tokens=tokens):
            return _phrase(tokens.split(), values(document, name, fields))
        case q.Bool():
            least = 0 if query.must or query.filter or not query.should else 1
            required = all(map(meets, (*query.must, *query.filter)))
            return required and not any(map(meets, query.must_not)) and sum(map(meets, query.should)) >= least
        case q.DisMax(queries=parts):
            return any(map(meets, parts))
        case q.ConstantScore(query=inner):
            return meets(inner)


def _within(query: q.Range, value: Any) -> bool:
    return (query.gte is None or value >= query.gte) and (query.lte is None or value <= query.lte)


def _match(query: q.Match, held: list[str]) -> bool:
    wanted = query.tokens.split()
    found = sum(token in held for token in wanted)
    return bool(wanted) and found >= (len(wanted) if query.operator == "and" else query.minimum_should_match)


def _phrase(wanted: list[str], held: list[str]) -> bool:
    """The tokens one behind the other."""
    return bool(wanted) and any(held[at : at + len(wanted)] == wanted for at in range(len(held)))


def found(request: q.Request, documents: Sequence[Document], fields: Fields) -> list[Document]:
    """The documents of a request: all of them, in the order of its sort keys (which must not be `_score`)."""
    kept = [document for document in documents if matches(request.query, document, fields)]
    if request.post_filter is not None:
        kept = [document for document in kept if matches(request.post_filter, document, fields)]

    def compare(one: Document, other: Document) -> int:
        return _compare(one, other, request.sort)

    return sorted(kept, key=cmp_to_key(compare))


def _compare(one: Document, other: Document, keys: Sequence[q.Sort]) -> int:
    for key in keys:
        left, right = one.get(key.field), other.get(key.field)
        if left == right:
            continue
        if left is None or right is None:
            return 1 if left is None else -1
        return -1 if (left < right) == (key.order == "asc") else 1  # type: ignore[operator]
    return 0


def facet(
    facet: q.Facet, query: q.Query, documents: Sequence[Document], fields: Fields
) -> Sequence[Bucket] | float | None:
    """What a facet counts."""
    counted = [d for d in documents if matches(query, d, fields) and matches(facet.filter, d, fields)]
    wanted = facet.aggregation
    if isinstance(wanted, q.CellsAgg):
        return cells(wanted, counted, fields)
    held = [values(document, wanted.field, fields) for document in counted]
    match wanted:
        case q.TermsAgg(size=size):
            counts = Counter(value for each in held for value in set(each))
            ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:size]
            of = {key: [d for d, each in zip(counted, held, strict=True) if key in each] for key, _ in ordered}
            return [Bucket(key, n, tuple(_ends(of[key], name) for name in wanted.spans)) for key, n in ordered]
        case q.RangeAgg(ranges=ranges):
            return [Bucket(span, sum(_between(span, value) for each in held for value in each)) for span in ranges]
        case q.DateHistogramAgg():
            days: list[date] = [day for each in held for day in each]
            starts = Counter(day.replace(day=1, month=1) for day in days)
            return [Bucket(day, count) for day, count in sorted(starts.items())]
        case q.SumAgg():
            return float(sum(value for each in held for value in each))


def cells(wanted: q.CellsAgg, documents: Sequence[Document], fields: Fields) -> Sequence[Bucket]:
    """The cells of documents: each is in every combination of what it has of the dimensions."""
    members: dict[tuple[Any, ...], list[Document]] = {} if wanted.by else {(): []}
    for document in documents:
        for key in product(*(_of_dimension(by, document, fields) for by in wanted.by)):
            members.setdefault(key, []).append(document)
    return [_cell(wanted, key, members[key]) for key in sorted(members)]


def _of_dimension(by: q.By, document: Document, fields: Fields) -> set[Any]:
    held = values(document, by.field, fields)
    if isinstance(by, q.KeyBy):
        return set(held) & set(by.values)
    return {day.replace(day=1, month=1) if by.interval == "year" else day.replace(day=1) for day in held}


def _cell(wanted: q.CellsAgg, key: tuple[Any, ...], documents: Sequence[Document]) -> Bucket:
    def numbers(name: str) -> list[Any]:
        return [document[name] for document in documents if name in document]

    told = sorted(Counter(numbers(wanted.values)).items()) if wanted.values else []
    amounts = [numbers(name) for name in wanted.sums]
    sums, stated = tuple(sum(each) for each in amounts), tuple(len(each) for each in amounts)
    return Bucket(key, len(documents), sums=sums, stated=stated, values=tuple(told))


def _ends(documents: Sequence[Document], name: str) -> tuple[Any, Any]:
    held: list[Any] = [document[name] for document in documents if name in document]
    return (min(held), max(held)) if held else (None, None)


def _between(span: tuple[Any, Any], value: Any) -> bool:
    low, high = span
    return (low is None or value >= low) and (high is None or value < high)
