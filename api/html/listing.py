"""The filters of a list as links: each to the address with one value more, or without one that is chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from xincha.search.questions import RecordSearch

Pair = tuple[str, str]
VALUES = (
    "status", "flag", "has", "kind", "region", "industry", "authority", "category", "check_kind", "law", "state",
    "happened",
)  # fmt: skip
"""Filters of which each counted value is a link."""


class FilterChoice(NamedTuple):
    """A value of a filter, whether it is chosen, and where its link leads."""

    bucket: Mapping[str, Any]
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list at an address. `asked`: what is asked of it, by name; `implied`: the names of what its path says.
    `among`: the filters that it offers, all where none are named."""

    path: str
    asked: Sequence[Pair]
    implied: Collection[str] = ()
    among: Collection[str] = VALUES

    @property
    def own(self) -> list[Pair]:
        """What the path says."""
        return [pair for pair in self.asked if pair[0] in self.implied]

    @property
    def pairs(self) -> list[Pair]:
        """What the address says beside the path, without the place in the list."""
        return [pair for pair in self.asked if pair[0] not in {"cursor", *self.implied}]

    @property
    def continued(self) -> bool:
        """Whether it is not the first page."""
        return any(name == "cursor" for name, _ in self.asked)

    def address(self, *more: Pair, without: Collection[Pair] = ()) -> str:
        """Its address with other values, from its first page on."""
        said = [*(pair for pair in self.pairs if pair not in without), *more]
        return f"{self.path}?{urlencode(said)}" if said else self.path

    def filters(self, facets: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, list[FilterChoice]]:
        """The counted values of the filters that it offers."""
        return {
            name: [self._choice(name, bucket) for bucket in facets[name]]
            for name in self.among
            if name in VALUES and facets.get(name)
        }

    def _choice(self, facet: str, bucket: Mapping[str, Any]) -> FilterChoice:
        if facet in RecordSearch.bounds:  # a year is a pair of bounds, of which there is one
            says = [(f"{facet}_{end}", str(bucket[end])) for end in ("from", "to")]
            replaced = [pair for pair in self.pairs if pair[0] in dict(says)]
        else:
            says = [(facet, str(bucket["value"]))]
            replaced = [pair for pair in self.pairs if pair in says]
        if sorted(says) == sorted(replaced):
            return FilterChoice(bucket, True, self.address(without=replaced))
        return FilterChoice(bucket, False, self.address(*says, without=replaced))
