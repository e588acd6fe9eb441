"""What a caller says of one company → `Row`, or `BadRow` with a sentence that says why it cannot be used.

    {"name": "厦门鹭岛信查网络科技有限公司", "uscc": "9135…", "region": "厦门", "legal_rep": "…", "address": "…"}

A row needs a name or a code. Every other text serves to decide: a code in any spelling, misread characters repaired; a
region as a code of GB/T 2260, a name or a chain of names. What is of no use is left out, and `notes` say so. What lists
write around a name is none of it: a number in front (12、), a remark in brackets behind (（已注销）, （原名…）).
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
from xincha.text import divisions, tokens, uscc
from xincha.text.fold import clean, fold
from xincha.text.remember import remembered
from xincha.text.text_marks import unmarked

COLUMNS = ("name", "uscc", "region", "legal_rep", "address")
"""What a row may say of a company, besides its own `id`."""

_TITLES: Mapping[str, str] = {
    "name": "名称", "uscc": "统一社会信用代码", "region": "地区", "legal_rep": "法定代表人", "address": "地址",
    "id": "编号",
}  # fmt: skip
_COUNTED = re.compile(r"^\(?[0-9]{1,5}(?:[.,:](?![0-9])|\))")
_REMARK = re.compile(
    r"\((?:(?:已|被)?(?:注销|吊销|撤销|迁出|停业|歇业|更名)|吊销[,-]?(?:未|已)注销|存续|在业|开业|在营|正常|(?:原名?|曾用名?):?[^()]+)\)$"
)


class BadRow(ValueError):
    """A row that cannot be used; the message is for the person whose row it is."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row, read. `code` is `None` and `regions` are empty if nothing usable is said."""

    id: str | None
    name: Reading
    code: Identifier | None = None
    regions: tuple[str, ...] = ()
    legal_rep: str = ""
    address: str = ""
    notes: tuple[Reason, ...] = ()

    @property
    def key(self) -> str:
        """The folded name: letters, digits and Chinese characters."""
        return self.name.key


def read_row(row: object) -> Row:
    """The row that a caller means; raises `BadRow`."""
    if not isinstance(row, Mapping):
        raise BadRow("这一行不是由栏目和文字组成的对象")
    if len(row) > MAX_COLUMNS:
        raise BadRow(f"这一行超过 {MAX_COLUMNS} 栏")
    texts = {column: _text(row, column) for column in (*COLUMNS, "id")}
    notes = [Reason("unknown_column", f"没有使用不认识的栏目 {str(key)[:30]}", 0.0) for key in row if key not in texts]
    name = Reading(_REMARK.sub("", _COUNTED.sub("", fold(texts["name"]))))
    code = intent.read(uscc.find(texts["uscc"]) or texts["uscc"]).identifier
    if code and code.repaired:
        notes.append(Reason("code_repaired", f"所列代码的校验位不符，改正易混字符后为 {code.value}", 0.0))
    elif texts["uscc"] and not code:
        notes.append(Reason("code_unread", "所列代码无效，没有使用", 0.0))
    if not name.key and code is None:
        raise BadRow("没有名称，也没有有效的统一社会信用代码或注册号")
    codes = region_codes(texts["region"])
    if texts["region"] and not codes:
        notes.append(Reason("region_unread", "所列地区无法识别，没有使用", 0.0))
    address = tokens.letters(fold(texts["address"]))
    return Row(texts["id"] or None, name, code, codes, fold(texts["legal_rep"]), address, tuple(notes))


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
    """The codes of today that a region means: 350203, 思明区, 福建省厦门市, 福建 / 厦门; () if it means none."""
    if text.isdigit():
        code = divisions.current(text)
        return (code,) if code else ()
    return intent.place_codes(tokens.letters(fold(text)).removeprefix("中国"))
