"""The properties and types of entities in reconciliation: what they are called, whether a value fits, their values.

Properties are the facts of an export, under the same keys: each can be compared with and fetched. A person's name is a
property like another only beside a name or a code: there is no list of all companies of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from api.parameters import EntityKind
from xincha.days import FOREVER_ISO
from xincha.search import intent
from xincha.search.export.columns import ENTITY, Column
from xincha.search.export.pages import Row
from xincha.search.match.rows import region_codes
from xincha.text import industries, regions, tokens
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


@dataclass(frozen=True, slots=True)
class Property:
    """One fact of an entity."""

    id: str
    name: str
    column: Column

    def told(self) -> dict[str, str]:
        """`id`, `name`, and where a person needs it a `description`."""
        hint = _HINTS.get(self.id)
        return {"id": self.id, "name": self.name, **({"description": hint} if hint else {})}

    def values(self, row: Row) -> list[dict[str, object]]:
        """The values as data extension has them; none where nothing was published."""
        value = self.column.of(row)
        if value is None:
            return []
        if self.column.type == "list":
            return [{"str": each} for each in value if each]
        if self.column.type == "date":
            return [{"str": "长期"} if value == FOREVER_ISO else {"date": f"{value}T00:00:00"}]
        if self.column.type in ("number", "count"):
            return [{"int": int(value)} if float(value).is_integer() else {"float": float(value)}]
        return [{"str": str(value)}]

    def fits(self, row: Row, text: str) -> bool | None:
        """Whether the entity has this value; `None` where it has none that could be compared."""
        value = self.column.of(row)
        if value is None or value == []:
            return None
        compare = _COMPARE.get(self.id)
        return compare(row, text) if compare else any(fold(str(each)) == fold(text) for each in _each(value))


def _each(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _same_code(key: str) -> Callable[[Row, str], bool]:
    def compare(row: Row, text: str) -> bool:
        code = intent.read(text[:60]).identifier
        return row.get(key) == (code.value if code else fold(text).upper())

    return compare


def _in_region(row: Row, text: str) -> bool:
    held = str(row.get("region_code") or "")
    return any(regions.contains(code, held) for code in region_codes(text)) if held else False


def _in_industry(row: Row, text: str) -> bool:
    code = industries.industry(text)
    held = industries.industry_ancestors(str(row.get("industry_code") or ""))
    return code in held if code and held else fold(text) in fold(str(row.get("industry") or ""))


def _same_address(row: Row, text: str) -> bool:
    ours, theirs = (tokens.letters(fold(each)) for each in (text, str(row["address"])))
    return bool(ours) and (ours in theirs or theirs in ours)


_COMPARE: Mapping[str, Callable[[Row, str], bool]] = {
    "uscc": _same_code("uscc"),
    "reg_no": _same_code("reg_no"),
    "region": _in_region,
    "region_code": _in_region,
    "industry": _in_industry,
    "industry_code": _in_industry,
    "address": _same_address,
}

_FACTS = {column.key: column for column in ENTITY if not column.key.startswith("origin") and column.key != "carried"}
PROPERTIES: Mapping[str, Property] = {
    key: Property(key, _FACTS[key].head, _FACTS[key])
    for key in (*_FIRST, *(key for key in _FACTS if key not in _FIRST))
}
"""By identifier, those that help to find the right one first."""


def found(prefix: str) -> list[dict[str, str]]:
    """Properties whose identifier or name holds a text; all where there is none."""
    wanted = fold(prefix)
    return [each.told() for each in PROPERTIES.values() if wanted in fold(each.id) or wanted in fold(each.name)]


def types_found(prefix: str) -> list[Mapping[str, Any]]:
    """Types whose identifier or name holds a text; all where there is none."""
    wanted = fold(prefix)
    return [each for each in TYPES if wanted in fold(each["id"]) or wanted in fold(each["name"])]


def types_of(row: Row) -> list[dict[str, str]]:
    """The types of an entity, the narrower first."""
    kind = row.get("kind")
    return [*([{"id": str(kind), "name": str(kind)}] if kind else []), {"id": GENERAL, "name": "市场主体"}]
