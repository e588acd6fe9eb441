"""Results of spot checks in a table: words, codes of the vocabulary of the table, or the lines of GSXT's `details`.

The vocabulary of codes is declared in a column, by the names of the system's own columns, of file and title, or of the
health office that checked; or it is evident from the codes of the table.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import orjson
import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.values import split_list
from xincha.text import check_codes
from xincha.text.check_codes import HEALTH, ZHEJIANG

_SYSTEM_COLUMNS = ("checkresult", "disposemss", "auditstate", "taskcode")
"""Columns by which the system of 2017 is known."""
LINES = pl.List(pl.Struct({"item": pl.String, "result": pl.String, "result_code": pl.String}))
_READ = pl.Struct({"results": pl.List(pl.String), "codes": pl.List(pl.String)})


def read_results(batch: Batch, published: pl.Series, vocabularies: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The results of each row as people read them, and their codes; null for one that is on no list, and for a heading
    whose findings stand beside it."""
    found = batch.none(_READ)
    different: list[str | None] = [None, *vocabularies.drop_nulls().unique().sort().to_list()]
    for vocabulary in different:
        here = vocabularies.is_null() if vocabulary is None else vocabularies == vocabulary
        mine = batch.mapped(published.set(~here.fill_null(False), None), _reader(vocabulary), _READ)
        found = first(found, mine)
    return found.struct.field("results"), found.struct.field("codes")


def vocabularies_of(batch: Batch, published: pl.Series) -> pl.Series:
    """The vocabulary of each row; null where it is not known."""
    layout = batch.layout
    whole = ZHEJIANG if any(name.casefold() in _SYSTEM_COLUMNS for name in layout.header) else None
    whole = whole or check_codes.declared(layout.said)
    if whole is None:
        parts = {part for text in published.drop_nulls().unique() for part in _finely(text)}
        whole = check_codes.evident(parts)
    stated = batch.mapped(batch.text("vocabulary"), check_codes.declared)
    health = batch.mapped(batch.text("authority"), _of_health)
    return first(stated, health, pl.repeat(whole, batch.frame.height, dtype=pl.String, eager=True))


def _of_health(office: str) -> str | None:
    return HEALTH if check_codes.declared(office) == HEALTH else None


@lru_cache(64)
def _reader(vocabulary: str | None) -> Callable[[str], dict[str, object] | None]:
    """What reads the results of one text in a vocabulary; the same object every time, so that a batch remembers it."""

    def read(text: str) -> dict[str, object] | None:
        parts = split_results(text, vocabulary)
        if not parts:
            return None
        shown, codes = [], []
        for part in parts:
            code = check_codes.result_of(part, vocabulary)
            known = code and check_codes.is_bare(part)
            shown.append(check_codes.title_of(code) if known else part)
            codes.append(None if known and check_codes.is_heading(part, parts, vocabulary) else code)
        return {"results": shown, "codes": codes}

    return read


def lines_of(items: pl.Series, results: pl.Series, codes: pl.Series) -> pl.Series:
    """What was checked and what came of it, of rows of one item: a line for each result. Of several items in one cell
    nobody says which result is of which."""
    rows = zip(items.to_list(), results.to_list(), codes.to_list(), strict=True)
    lines = [
        [
            {"item": row[0][0], "result": result, "result_code": code}
            for result, code in zip(row[1], row[2], strict=True)
        ]
        if row[0] and len(row[0]) == 1 and row[1]
        else None
        for row in rows
    ]
    return pl.Series(lines, dtype=LINES)


def detailed(details: pl.Series, vocabularies: pl.Series) -> pl.Series:
    """The lines of GSXT's `details`, of rows in which one of them says what was checked."""
    rows = zip(details.to_list(), vocabularies.to_list(), strict=True)
    return pl.Series([_lines_in(text, vocabulary) if text else None for text, vocabulary in rows], dtype=LINES)


def _lines_in(details: str, vocabulary: str | None) -> list[dict[str, str | None]] | None:
    read = _reader(vocabulary)
    found: list[dict[str, str | None]] = []
    for line in _lines(details):
        told: Any = read(line["result"]) or {"results": (), "codes": ()}
        for result, code in zip(told["results"], told["codes"], strict=True):
            found.append({"item": line["item"] or None, "result": result, "result_code": code})
    return found if any(line["item"] for line in found) else None


def split_results(text: str, vocabulary: str | None = None) -> list[str] | None:
    """The results in one text: split at `；` and the like; at `，` and `、` only where every part is a known result,
    and each another one (隐瞒真实情况、弄虚作假 is one), or every part is a code."""
    found: list[str] = []
    for part in split_list(text) or ():
        finer = _finely(part)
        different = {check_codes.result_of(one, vocabulary) for one in finer} - {None}
        apart = len(different) == len(finer) or all(map(check_codes.is_bare, finer))
        found += finer if apart and len(finer) > 1 else [part]
    return [*dict.fromkeys(found)] or None


def _finely(text: str) -> list[str]:
    return [
        one.strip()
        for part in split_list(text) or ()
        for one in part.replace("、", "，").replace(",", "，").split("，")
        if one.strip()
    ]


def results_in(details: str) -> str | None:
    """The results in the lines of `details`, as text."""
    return "；".join(line["result"] for line in _lines(details) if line["result"]) or None


def items_in(details: str) -> list[str] | None:
    """What was checked, by the lines of `details`."""
    return [*dict.fromkeys(line["item"] for line in _lines(details) if line["item"])] or None


def _lines(details: str) -> list[dict[str, str]]:
    """The lines of `[{"seqno": 1, "raninsItemName": "…", "raninsCheckResName": "…"}]`; none where it is something
    else."""
    text = details if details.startswith("[") else f"[{details.replace('}；{', '},{')}]"
    try:
        lines = orjson.loads(text)
    except orjson.JSONDecodeError:
        return []
    return [
        {"item": _text(line, "raninsItemName"), "result": _text(line, "raninsCheckResName")}
        for line in lines
        if isinstance(line, dict)
    ]


def _text(line: dict[str, object], name: str) -> str:
    value = line.get(name)
    return value.strip() if isinstance(value, str) else ""
