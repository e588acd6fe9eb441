"""What a caller says of one company → `Row`, or `BadRow` with a sentence that says why it cannot be used.

    {"name": "厦门鹭岛信查网络科技有限公司", "uscc": "9135…", "region": "厦门", "legal_rep": "…", "address": "…"}

A row needs a name or a code. Every other text serves to decide: a code in any spelling, misread characters repaired; a
region as a code of GB/T 2260, a name or a chain of names. What is of no use is left out, and `notes` say so. What is
written around a name is read by `xincha.text.cells`: a code in the same cell counts as one in its own column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xincha.limits import MAX_COLUMNS, MAX_PLACE, MAX_SAID
from xincha.search import intent
from xincha.search.answers import Reason
from xincha.search.intent import Identifier
from xincha.search.reading import Reading
from xincha.text import cells, divisions, region_names, tokens, uscc
from xincha.text.fold import clean, fold
from xincha.text.remember import remembered
from xincha.text.text_marks import unmarked

COLUMNS = ("name", "uscc", "region", "legal_rep", "address")
"""What a row may say of a company, besides its own `id`."""

_USCC_LENGTH = 18
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z -]{13,40}")
_LEAST_DIGITS = 8

_TITLES: Mapping[str, str] = {
    "name": "名称", "uscc": "统一社会信用代码", "region": "地区", "legal_rep": "法定代表人", "address": "地址",
    "id": "编号",
}  # fmt: skip


class BadRow(ValueError):
    """A row that cannot be used; the message is for the person whose row it is."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row, read. `codes`: those that it says, that of its own column first; `nearly`: the codes that one may be that
    cannot be right. `told`: names that the cell of the name tells as such of others (原…). `text`: what that cell says
    besides, with its spaces and signs. `whole`: all that it says, where what was taken off may be part of a name."""

    id: str | None
    name: Reading
    codes: tuple[Identifier, ...] = ()
    told: tuple[Reading, ...] = ()
    text: str = ""
    nobody: bool = False
    whole: Reading | None = None
    regions: tuple[str, ...] = ()
    legal_rep: str = ""
    address: str = ""
    notes: tuple[Reason, ...] = ()
    nearly: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The folded name: letters, digits and Chinese characters, and the signs that are part of it."""
        return self.name.signed

    @property
    def code(self) -> Identifier | None:
        """The first code."""
        return self.codes[0] if self.codes else None


def read_row(row: object) -> Row:
    """The row that a caller means; raises `BadRow`."""
    if not isinstance(row, Mapping):
        raise BadRow("这一行不是由栏目和文字组成的对象")
    if len(row) > MAX_COLUMNS:
        raise BadRow(f"这一行超过 {MAX_COLUMNS} 栏")
    texts = {column: _text(row, column) for column in (*COLUMNS, "id")}
    notes = [Reason("unknown_column", f"没有使用不认识的栏目 {str(key)[:30]}", 0.0) for key in row if key not in texts]
    if not texts["uscc"] and _is_code(texts["name"]):
        texts["name"], texts["uscc"] = "", texts["name"]
    said = cells.read(texts["name"])
    nobody, codes = cells.is_no_name(said), _codes(texts["uscc"], said, notes)
    name = Reading("" if nobody and codes else said.name)
    if not name.key and not codes:
        raise BadRow("没有名称，也没有有效的统一社会信用代码或注册号")
    regions = region_codes(texts["region"])
    if texts["region"] and not regions:
        notes.append(Reason("region_unread", "所列地区无法识别，没有使用", 0.0))
    address = tokens.letters(fold(texts["address"]))
    whole = Reading(fold(texts["name"]))
    return Row(
        texts["id"] or None,
        name,
        codes,
        tuple(map(Reading, said.told)),
        said.text,
        nobody=nobody and bool(name.key),
        whole=whole if name.key and whole.signed != name.signed else None,
        regions=regions,
        legal_rep=fold(texts["legal_rep"]),
        address=address,
        notes=tuple(notes),
        nearly=() if codes else tuple(uscc.near(texts["uscc"])),
    )


def _is_code(text: str) -> bool:
    """Whether the cell of a name holds a code and nothing else, in whatever spelling."""
    return bool(_CODE.fullmatch(text)) and sum(map(str.isdigit, text)) >= _LEAST_DIGITS


def _codes(column: str, said: cells.Said, notes: list[Reason]) -> tuple[Identifier, ...]:
    """The codes of their own column, then those beside the name."""
    more = cells.codes(column)
    code = None if len(more) > 1 else intent.read(uscc.find(column) or column).identifier
    if code and code.repaired:
        notes.append(Reason("code_repaired", f"所列代码的校验位不符，改正易混字符后为 {code.value}", 0.0))
    elif column and not code and not more:
        notes.append(Reason("code_unread", "所列代码无效，没有使用", 0.0))
    own = [code] if code else [_identifier(each) for each in more]
    return tuple(dict.fromkeys((*own, *map(_identifier, said.codes))))


def _identifier(code: str) -> Identifier:
    return Identifier("uscc" if len(code) == _USCC_LENGTH else "reg_no", code)


def _text(row: Mapping[object, object], column: str) -> str:
    """The text of a column, "" if it says nothing."""
    value = row.get(column)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and column in ("id", "uscc", "region"):
        value = str(value)
    if not isinstance(value, str):
        raise BadRow(f"{_TITLES[column]}不是文字")
    if len(value) > MAX_SAID[column]:
        raise BadRow(f"{_TITLES[column]}超过 {MAX_SAID[column]} 个字符")
    return (clean(unmarked(value)) or "") if column != "id" else value


@remembered(1 << 12, MAX_PLACE)
def region_codes(text: str) -> tuple[str, ...]:
    """The codes of today that a region means: 350203, 思明区, 福建省厦门市, 福建 / 厦门, 思明区湖滨南路; () if none."""
    if text.isdigit():
        code = divisions.current(text)
        return (code,) if code else ()
    return region_names.codes_before(text)
