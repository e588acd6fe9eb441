"""Whom an entity belongs together with by what the register says: head office 总机构 and branches 分支机构 by their
names, and who is registered at the same address 同一住所.

A branch bears the name of its head office and goes on: 厦门示例澜汀餐饮管理有限公司思明分公司. Addresses are the same
where they are letter for letter, folded. Both are facts of the register and no more: the same address is
no relation. At most `MOST` of each are looked at; beyond that is said that there are more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import orjson
from pydantic import Field

from xincha.engine.contract import Engine
from xincha.engine.fields import tie
from xincha.engine.query import Bool, DisMax, Ids, Match, Prefix, Query, Request, Term
from xincha.errors import NotFound
from xincha.text import tokens
from xincha.text.fold import fold
from xincha.text.names import name_key, parts

MOST = 200
_FORMER = 5
"""Former names of a head office whose branches are looked for, the first of them."""
_LEAST_ADDRESS = 6
"""Characters of an address that says where somebody is: 厦门市思明区 does not."""
_HIDDEN = "［"
"""Stands in an address of which something was blanked."""
_STATES = ("存续", "歇业")


@dataclass(frozen=True, slots=True)
class Relative:
    """An entity in one line."""

    entity_id: str
    name: str
    status: Annotated[str | None, Field(description="登记状态")]
    established_on: date | None


@dataclass(frozen=True, slots=True)
class RelativeList:
    """Entities that belong together; those that are in business first."""

    entities: Sequence[Relative]
    more: Annotated[bool, Field(description=f"more were there than the {MOST} that were looked at")]


@dataclass(frozen=True, slots=True)
class Relatives:
    """Whom an entity belongs together with."""

    head_office: Annotated[RelativeList, Field(description="总机构 of a branch, by its name; several may bear it")]
    branches: Annotated[RelativeList, Field(description="分支机构, whose names begin with the name of the entity")]
    same_address: Annotated[RelativeList, Field(description="others whose address is the same; that is no relation")]


NOBODY = RelativeList((), more=False)
Stored = Mapping[str, Any]


class RelativesFinder:
    """Answers whom an entity belongs together with."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, entity_id: str) -> Relatives:
        """Of one entity; `NotFound` if there is none."""
        hits = self._engine.search("entities", Request(Ids([entity_id]), size=1, total=False)).hits
        if not hits:
            raise NotFound("there is no such entity")
        return self.among(orjson.loads(hits[0].source))

    def among(self, stored: Stored) -> Relatives:
        """`of`, of an entity as the index keeps it."""
        return Relatives(self._head_office(stored), self._branches(stored), self._same_address(stored))

    def _head_office(self, stored: Stored) -> RelativeList:
        key, branch = name_key(stored["name"]), parts(stored["name"]).branch
        head = key.removesuffix(branch) if branch else ""
        if not head or head == key:
            return NOBODY
        return self._those(stored, Term("name_key", head), lambda other: head in _keys(other))

    def _branches(self, stored: Stored) -> RelativeList:
        heads = tuple(dict.fromkeys(_keys(stored)))[: 1 + _FORMER]
        if parts(stored["name"]).branch or not heads:
            return NOBODY
        begins = DisMax([Prefix("name_key", head) for head in heads])
        return self._those(stored, begins, lambda other: _is_branch(other, heads))

    def _same_address(self, stored: Stored) -> RelativeList:
        address = fold(stored.get("address"))
        if len(address) < _LEAST_ADDRESS or _HIDDEN in str(stored["address"]) or not any(map(str.isdigit, address)):
            return NOBODY
        holds = Match("address_2", tokens.bigrams(address), "and")
        return self._those(stored, holds, lambda other: fold(other.get("address")) == address)

    def _those(self, stored: Stored, query: Query, fits: Callable[[Stored], bool]) -> RelativeList:
        """The entities of a query that fit, without the one that is asked about."""
        others = Bool(must=[query], must_not=[Ids([stored["entity_id"]])])
        result = self._engine.search("entities", Request(others, size=MOST))
        found = [other for other in map(orjson.loads, (hit.source for hit in result.hits)) if fits(other)]
        found.sort(key=lambda other: (other.get("status") not in _STATES, tie(other["entity_id"])))
        told = [
            Relative(other["entity_id"], other["name"], other.get("status"), other.get("established_on"))
            for other in found
        ]
        return RelativeList(told, more=result.total > len(result.hits))


def _names(stored: Stored) -> Iterator[str]:
    yield stored["name"]
    yield from stored.get("former_names", ())


def _keys(stored: Stored) -> list[str]:
    """The keys of all its names, without those that say nothing."""
    return [key for key in map(name_key, _names(stored)) if key]


def _is_branch(stored: Stored, heads: Sequence[str]) -> bool:
    """Whether one of its names is that of a head office, and goes on as a branch's does."""
    return any(
        (branch := parts(name).branch) and name_key(name).removesuffix(branch) in heads for name in _names(stored)
    )
