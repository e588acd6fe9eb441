"""The properties and types of entities in reconciliation: what they are called, whether a value fits, their values.

Properties are the facts of an export, under the same keys: each can be compared with and fetched. A person's name is a
property like another only beside a name or a code: there is no list of all companies of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Literal, get_args

from xincha.days import FOREVER_ISO
from xincha.search import intent
from xincha.search.export.columns import ENTITY
from xincha.search.export.pages import Row
from xincha.search.match.rows import region_codes
from xincha.search.questions import EntityKind
from xincha.tables import TableColumn
from xincha.text import dates, divisions, industries, tokens
from xincha.text.fold import fold

GENERAL = "entity"
KINDS: tuple[str, ...] = get_args(EntityKind)
TYPES: tuple[Mapping[str, Any], ...] = (
    {"id": GENERAL, "name": "市场主体"},
    *({"id": kind, "name": kind, "broader": [{"id": GENERAL, "name": "市场主体"}]} for kind in KINDS),
)
_FIRST = ("uscc", "region", "industry", "legal_rep", "address")
_HINTS = {
    "uscc": "18 位；易混字符可改正",
    "region": "名称或 GB/T 2260 代码，如 思明区、350203；包含其下级",
    "industry": "GB/T 4754 代码或名称，如 F、51、批发业；包含其下级",
    "legal_rep": "与名称或代码一起使用",
}


def described(column: TableColumn) -> dict[str, str]:
    """A property: `id`, `name`, and if a person needs it a `description`."""
    hint = _HINTS.get(column.key)
    return {"id": column.key, "name": column.head, **({"description": hint} if hint else {})}


def values(column: TableColumn, row: Row) -> list[dict[str, object]]:
    """The values of a property as data extension has them; none if nothing was published.

    A date has an offset: without one OpenRefine leaves it a text.
    """
    value = column.of(row)
    if value is None:
        return []
    if column.type == "list":
        return [{"str": each} for each in value if each]
    if column.type == "date":
        return [{"str": "长期"} if value == FOREVER_ISO else {"date": f"{value}T00:00:00Z"}]
    if column.type in ("number", "count"):
        return [{"int": int(value)} if float(value).is_integer() else {"float": float(value)}]
    return [{"str": str(value)}]


def fits(column: TableColumn, row: Row, text: str) -> bool | None:
    """Whether the entity has this value of a property; `None` if it has none that could be compared."""
    value = column.of(row)
    if value is None or value == []:
        return None
    if compare := _COMPARE.get(column.key):
        return compare(row, text)
    if column.type == "date" and (day := dates.parse(text)):
        return bool(day.isoformat() == value)
    return fold(text) in (fold(str(each)) for each in (value if isinstance(value, list) else [value]))


def _same_code(key: str, row: Row, text: str) -> bool:
    code = intent.read(text[:60]).identifier
    return row.get(key) == (code.value if code else fold(text).upper())


def _in_region(row: Row, text: str) -> bool:
    held = str(row.get("region_code") or "")
    return any(divisions.contains(code, held) for code in region_codes(text)) if held else False


def _in_industry(row: Row, text: str) -> bool:
    code = industries.industry(text)
    held = industries.industry_ancestors(str(row.get("industry_code") or ""))
    return code in held if code and held else fold(text) in fold(str(row.get("industry") or ""))


def _same_address(row: Row, text: str) -> bool:
    ours, theirs = (tokens.letters(fold(each)) for each in (text, str(row["address"])))
    return bool(ours) and (ours in theirs or theirs in ours)


_COMPARE: Mapping[str, Callable[[Row, str], bool]] = {
    "uscc": partial(_same_code, "uscc"),
    "reg_no": partial(_same_code, "reg_no"),
    "region": _in_region,
    "region_code": _in_region,
    "industry": _in_industry,
    "industry_code": _in_industry,
    "address": _same_address,
}


def _flags(row: Row) -> list[str]:
    """What stands beside the state of an entity, by name."""
    flags: Any = row.get("flags") or ()
    return [flag["flag"] for flag in flags]


_NO_PROPERTIES = ("carried", "name_note")
_FACTS = {
    column.key: replace(column, type="list", of=_flags) if column.key == "flags" else column
    for column in ENTITY
    if not column.key.startswith("origin") and column.key not in _NO_PROPERTIES
}
PROPERTIES: Mapping[str, TableColumn] = {key: _FACTS[key] for key in (*_FIRST, *_FACTS)}
"""By identifier, those that help to find the right one first."""


def fitting(what: Literal["property", "type"], text: str = "") -> list[Mapping[str, Any]]:
    """Properties or types whose identifier or name holds a text; all if there is none."""
    every = TYPES if what == "type" else [*map(described, PROPERTIES.values())]
    wanted = fold(text)
    return [each for each in every if wanted in fold(each["id"]) or wanted in fold(each["name"])]


def types_of(row: Row) -> list[dict[str, str]]:
    """The types of an entity, the narrower first."""
    kind = row.get("kind")
    return [*([{"id": str(kind), "name": str(kind)}] if kind else []), {"id": GENERAL, "name": "市场主体"}]
