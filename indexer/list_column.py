"""Which column of a list holds the companies that it is about.

The wrong column is worse than none: whoever reads 已匹配 beside the branch of a bank believes it of his supplier. A
column is taken by its head and by what is in it, where no other may be meant as well; otherwise a person is asked.

- Heads that name whom a list is about (供应商, 客户, 乙方) go before the registers' words (企业名称), these before
  untold ones, and those before whose list it is (采购单位, 甲方). Banks, contracts and departments are never taken.
- A column that says one company in every row, where another says many, is not taken.
- Where two columns remain, `UnclearColumn` names them with some of their rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from indexer.headers import spellings
from indexer.list_heads import FIELDS, Role, role
from indexer.read import LINE, SOURCE_ROW
from xincha.errors import ColumnChoice, UnclearColumn
from xincha.text.names import parts

_LOOKED_AT = 100
_LEAST_NAMES = 0.3
_LEAST_NAME, _LONGEST_NAME = 4, 60
_SHOWN, _LONGEST_SHOWN, _MOST_CHOICES = 3, 100, 50
_FIRST_ROWS = 5
_MANY = 3
"""Rows from which on it tells something that they all say the same."""
_SENTENCE = re.compile("[。；;，？！!?：:]")
_HAN = re.compile("[\\u4e00-\\u9fff]{2}")
_ORDER = (Role.THEM, Role.NAME, Role.UNTOLD, Role.BUYER)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a list: of its values the share that look like names of companies, and of Chinese words."""

    head: str
    role: Role
    values: Sequence[str]
    names: float
    words: float

    @property
    def is_one(self) -> bool:
        """Whether all rows say the same."""
        return len(self.values) >= _MANY and len({*self.values}) == 1

    @property
    def may_be_it(self) -> bool:
        """Whether names of companies stand here, of which it may be the list."""
        least = 0.0 if self.role in (Role.THEM, Role.NAME) else _LEAST_NAMES
        return self.role is not Role.NEVER and self.names > 0 and self.names >= least


def choose(file: str, header: Sequence[str], sample: pl.DataFrame) -> str | None:
    """The column of names, `None` if there is none. `sample`: the first rows. Raises `UnclearColumn`."""
    columns = [_column(head, sample[head]) for head in header if head not in (SOURCE_ROW, LINE)]
    candidates = [column for column in columns if column.may_be_it]
    if not candidates:
        return _by_head(columns)
    role_of_it = next(role for role in _ORDER if any(column.role is role for column in candidates))
    same = [column for column in candidates if column.role is role_of_it]
    same = [column for column in same if not column.is_one] or same
    same = [column for at, column in enumerate(same) if all(column.values != other.values for other in same[:at])]
    chosen = min(same, key=_usual)
    others = [column for column in candidates if column is not chosen and column.values != chosen.values]
    doubts = [column for column in same if column is not chosen]
    if chosen.is_one:
        doubts += [column for column in others if not column.is_one]
    if role_of_it in (Role.UNTOLD, Role.BUYER):  # a head that tells whom the list is about, over names of another form
        doubts += [column for column in columns if column.role in (Role.THEM, Role.NAME) and column.words > 0]
    if role_of_it is Role.NAME and _is_vague(chosen):
        doubts += [column for column in others if column.role is Role.UNTOLD]
    if doubts:
        meant = {column.head for column in (chosen, *doubts, *others)}
        raise unclear(f"{file}: 不能确定名称在哪一栏", [head for head in header if head in meant], header, sample)
    return chosen.head


def unclear(what: str, heads: Sequence[str], header: Sequence[str], sample: pl.DataFrame) -> UnclearColumn:
    """An error that asks a person to choose one of these columns, and shows some rows of each."""
    choices = [
        ColumnChoice(
            head,
            header.index(head) + 1,
            [row[:_LONGEST_SHOWN] for row in dict.fromkeys(sample[head].drop_nulls())][:_SHOWN],
        )
        for head in heads[:_MOST_CHOICES]
    ]
    shown = ";".join(
        f"第{place}栏“{head[:40]}”({'、'.join(row[:30] for row in rows) or '空白'})"
        for head, place, rows in choices[:20]
    )
    rows = [["" if cell is None else cell for cell in row] for row in sample.select(header).head(_FIRST_ROWS).rows()]
    return UnclearColumn(f"{what}。{shown}。请用 --column 指明名称栏。", choices, header, rows)


def _column(head: str, series: pl.Series) -> _Column:
    values = series.drop_nulls().head(_LOOKED_AT).to_list()
    names, words = sum(map(is_name, values)), sum(bool(_HAN.search(value)) for value in values)
    return _Column(head, role(head), values, names / max(len(values), 1), words / max(len(values), 1))


def is_name(text: str) -> bool:
    """Whether a text looks like the name of a company."""
    return _LEAST_NAME <= len(text) <= _LONGEST_NAME and not _SENTENCE.search(text) and bool(parts(text).form)


def _usual(column: _Column) -> int:
    """The place of a head among the usual spellings; the sooner, the better."""
    places = [FIELDS["name"][key] for key, _ in spellings(column.head) if key in FIELDS["name"]]
    return min(places, default=len(FIELDS["name"]))


def _is_vague(column: _Column) -> bool:
    """Whether a head is that of any company (公司, 单位), and not the name of an entity (企业名称)."""
    return not any("名" in key or "全称" in key or key.isascii() for key, _ in spellings(column.head))


def _by_head(columns: Sequence[_Column]) -> str | None:
    """The column that is called one of names, where nothing looks like a company's: shops, persons, foreigners."""
    called = [column for column in columns if column.role in (Role.THEM, Role.NAME)]
    best = min(
        called, key=lambda column: (-round(column.words, 1), _ORDER.index(column.role), _usual(column)), default=None
    )
    return best.head if best else None
