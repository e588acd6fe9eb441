"""Reconciliation queries of both versions → `Query`; what each version's schema refuses is refused here too.

Versions differ in form only: 0.2 has a text to look for and properties beside it, in a mapping of queries; 1.0-draft
has conditions, in a list. A query that its schema refuses is `Malformed`; one that has the right form but cannot be
answered (no name and no code, a limit of 0) is answered with an error of its own. Neither spoils the other queries of
its batch; a batch in which every query is malformed is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, StrictBool, StrictFloat, StrictInt, ValidationError

from xincha.errors import TooLarge
from xincha.limits import MAX_ID, MAX_NAME, MAX_TEXT, MAX_VALUES

BATCH_SIZE = 100
"""Most queries in one batch; the matcher answers as many in some tenths of a second."""
MOST_CANDIDATES = 5
MOST_PROPERTIES = 60
"""Most properties of one query, or of one data extension query; there are fewer."""
BATCH_VALUES = 2_000
"""Most values of properties in one batch: each is compared with each candidate."""
MOST_ENTITIES = 500
"""Most entities whose values are fetched at once."""
MOST_CELLS = 25_000
"""Most values that are fetched at once: entities times properties."""

M = TypeVar("M", bound=BaseModel)
Number = StrictInt | StrictFloat
Quantifier = Literal["any", "all", "none"]
Id = Annotated[str, Field(strict=True, max_length=MAX_ID)]
Name = Annotated[str, Field(strict=True, max_length=MAX_NAME)]
Text = Annotated[str, Field(strict=True, max_length=MAX_TEXT)]


class Malformed(ValueError):
    """A query that the schema of its version refuses; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a property should say. `required`: whatever does not meet it is no candidate."""

    property: str
    values: tuple[str, ...]
    required: bool = False
    quantifier: Quantifier = "any"


@dataclass(frozen=True, slots=True)
class Query:
    """One entity that somebody looks for, by name or code; `types` empty: of any."""

    name: str = ""
    entity_id: str = ""
    types: tuple[str, ...] = ()
    only_types: bool = True
    limit: int = MOST_CANDIDATES
    conditions: tuple[Condition, ...] = ()


class _Form(BaseModel, strict=True):
    """Part of what is sent; no value is turned into one of another type."""


class _Reference(_Form):
    """A value that is an entity, of whatever service."""

    id: Id
    name: Text = ""


_Value = Text | StrictBool | StrictInt | StrictFloat | _Reference
_Values = _Value | Annotated[list[_Value], Field(max_length=MAX_VALUES)]


class _Property02(_Form):
    pid: Id
    v: _Values


class _Query02(_Form, extra="forbid"):
    """A query of version 0.2."""

    query: Name = ""
    type: Id | Annotated[list[Id], Field(max_length=MAX_VALUES)] = []
    limit: Number = MOST_CANDIDATES
    properties: Annotated[list[_Property02], Field(max_length=MOST_PROPERTIES)] = []
    type_strict: Literal["any", "should", "all"] = "any"


class _Condition10(_Form):
    matchType: Literal["name", "id", "property"]  # noqa: N815
    propertyValue: _Values  # noqa: N815
    propertyId: Id = ""  # noqa: N815
    required: StrictBool = False
    matchQuantifier: Quantifier = "any"  # noqa: N815
    matchQualifier: Id = ""  # noqa: N815


class _Query10(_Form, extra="forbid"):
    """A query of version 1.0-draft."""

    conditions: Annotated[list[_Condition10], Field(min_length=1, max_length=MOST_PROPERTIES)]
    type: Id = ""
    limit: Number = MOST_CANDIDATES
    lang: Id = ""
    dir: Literal["ltr", "rtl", "auto"] = "auto"


def _whole(part: Any, named: Mapping[str, Any]) -> Any:
    """A part of a schema with what it refers to in the place of the references."""
    if isinstance(part, dict):
        return _whole(named[part["$ref"]], named) if "$ref" in part else {k: _whole(v, named) for k, v in part.items()}
    return [_whole(each, named) for each in part] if isinstance(part, list) else part


_SCHEMA = _Query10.model_json_schema()
QUERY_10: Mapping[str, Any] = _whole(_SCHEMA, {f"#/$defs/{name}": each for name, each in _SCHEMA.pop("$defs").items()})
"""What a query of version 1.0-draft may hold, for the OpenAPI document."""


class _Wanted(BaseModel):
    id: Id
    settings: Annotated[dict[Id, Any], Field(max_length=MAX_VALUES)] = {}


class Extension(_Form):
    """A data extension query, the same in both versions: properties of these entities."""

    ids: list[Id]
    properties: list[_Wanted]

    def within_bounds(self) -> Extension:
        """Itself; raises `TooLarge` where more is asked for than is answered at once."""
        ids, properties = len(self.ids), len(self.properties)
        if ids > MOST_ENTITIES:
            raise TooLarge(f"{ids:,} entities at once", parameter="ids", allowed=f"at most {MOST_ENTITIES}")
        if properties > MOST_PROPERTIES:
            most = f"at most {MOST_PROPERTIES}"
            raise TooLarge(f"{properties:,} properties at once", parameter="properties", allowed=most)
        if ids * properties > MOST_CELLS:
            most = f"at most {MOST_CELLS:,} of entities times properties"
            raise TooLarge(f"{ids * properties:,} values at once", parameter="properties", allowed=most)
        return self


def read_02(given: object) -> Query:
    """A query of version 0.2; raises `Malformed`."""
    query = _validated(_Query02, given)
    if "query" not in query.model_fields_set and not query.properties:
        raise Malformed("a query needs `query` or `properties`")
    types = [query.type] if isinstance(query.type, str) else query.type
    return Query(
        query.query,
        types=tuple(filter(None, types)),
        only_types=query.type_strict != "should",
        limit=_limit(query.limit),
        conditions=tuple(Condition(each.pid, _texts(each.v)) for each in query.properties),
    )


def read_10(given: object) -> Query:
    """A query of version 1.0-draft; raises `Malformed`.

    Of several names or identifiers the first is looked for: they are one condition, and any of its values may do.
    """
    query = _validated(_Query10, given)
    wanted: dict[str, str] = {}
    conditions = []
    for each in query.conditions:
        if each.matchType != "property" and each.matchQuantifier != "none":
            wanted.setdefault(each.matchType, next(iter(_texts(each.propertyValue)), ""))
            continue
        if each.matchType == "property" and not each.propertyId:
            raise Malformed("conditions.propertyId: needed where matchType is property")
        name = each.propertyId if each.matchType == "property" else {"id": "entity_id"}.get(each.matchType, "name")
        conditions.append(Condition(name, _texts(each.propertyValue), each.required, each.matchQuantifier))
    return Query(
        wanted.get("name", ""),
        wanted.get("id", ""),
        types=(query.type,) if query.type else (),
        limit=_limit(query.limit),
        conditions=tuple(conditions),
    )


def _validated(model: type[M], given: object) -> M:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        every = error.errors(include_url=False, include_input=False)
        # of a value that may be of several kinds each kind is an error; that it is too long is the one that helps
        wrong = next((each for each in every if each["type"] in ("string_too_long", "too_long")), every[0])
        raise Malformed(f"{'.'.join(map(str, wrong['loc'][:4])) or 'query'}: {wrong['msg']}") from None


def _texts(values: _Values) -> tuple[str, ...]:
    """The values as text, empty ones left out."""
    each = values if isinstance(values, list) else [values]
    return tuple(text for text in map(_text, each) if text)


def _text(value: _Value) -> str:
    if isinstance(value, _Reference):
        return (value.name or value.id).strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _limit(number: float) -> int:
    """As many candidates as are asked for and there can be; below 1 where none are."""
    return int(max(0, min(number, MOST_CANDIDATES)))
