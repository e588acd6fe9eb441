"""Which declared kind of source a table's header is of; and which row of a table is its header.

Columns of personal data are named in the layout and never read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.canonical.batch import Layout
from indexer.headers import fold_header, spellings, undecorated
from indexer.kinds import SOURCES, Source
from indexer.kinds.source import PARTY
from xincha.errors import MissingColumn, UnknownKind
from xincha.text.remember import remembered
from xincha.text.units import Unit

_LONGEST_HEAD = 80
_ANOTHER_LIST = re.compile(
    r"失信被执行人|非正常户|(?:社会组织|社会团体|基金会|民办非企业)?活动异常名录|拖欠农民工工资|税收违法"
)
"""Lists of others, of the same shape: of courts, of tax offices, of the registers of social organizations."""
_LEAST_MARKS = 2
"""Columns that tell a kind without party, which has no party that would tell it too."""
_LISTS = ("abnormal", "serious")
_REGISTER = "registration"


def check_kind(kind: str) -> None:
    """Raise `UnknownKind` where no source is called so."""
    if kind not in SOURCES:
        raise UnknownKind(f"没有“{kind}”这一类文件。可用:{', '.join(SOURCES)}。")


def recognise(header: Sequence[str], *, source_file: str, kind: str | None = None, title: str = "") -> Layout:
    """The layout of a table with this header; `kind` says which source it is, instead of the columns. What stands in
    its name and `title` decides where the columns fit several kinds.

    Raises `UnknownKind` (no declared source fits) or `MissingColumn` (a required column is not there).
    """
    return replace(_recognised(header, source_file, kind, f"{source_file} {title}"), said=f"{source_file} {title}")


def _recognised(header: Sequence[str], source_file: str, kind: str | None, said: str) -> Layout:
    if kind is not None:
        check_kind(kind)
        return _complete(_layout(header, SOURCES[kind]), header, source_file, said)
    layouts = [_layout(header, source) for source in SOURCES.values() if _may_be(header, source)]
    layout = max(layouts, key=lambda layout: (_is_called_so(layout, said), *_fit(layout)))
    layout = _called_so(layouts, said) or layout if layout.kind == _REGISTER or not _tells(layout) else layout
    strangers = {fold_header(each) for source in SOURCES.values() for each in source.strangers}
    stranger = next((name for name in header if undecorated(name) in strangers), None)
    if stranger is not None:
        raise UnknownKind(f"{source_file}: 有“{stranger}”栏,这一类文件尚不支持。{_kinds()}")
    other = _ANOTHER_LIST.search(said)
    if other and layout.kind in _LISTS:
        raise UnknownKind(f"{source_file}: 名称或标题写明是“{other[0]}”,这一类文件尚不支持。{_kinds()}")
    if not _tells(layout) and not _suffices(SOURCES[layout.kind], said):
        raise UnknownKind(f"{source_file}: 无法识别是哪一类文件。表头:{_named(header)}。{_kinds()}也可用 --kind 指明。")
    return _complete(layout, header, source_file, said)


def _may_be(header: Sequence[str], source: Source) -> bool:
    """Whether a table with this header may be of a source: not if it is about parties, and the source about none; nor
    if it has what tables of the source never have."""
    if source.without and any(key in source.never for cell in header for key, _ in spellings(cell)):
        return False
    if not source.telling:
        return True
    named = [(cell, source.column_of(cell)) for cell in header]
    columns = {found[0] for _, found in named if found}
    tells = columns.intersection(source.telling) and len(columns.intersection(source.marks)) >= _LEAST_MARKS
    return bool(tells) and not any(_names_party(cell) for cell, found in named if not found)


def _names_party(cell: str) -> bool:
    found = SOURCES["spot_check"].column_of(cell)
    return found is not None and found[0] in PARTY


def _layout(header: Sequence[str], source: Source) -> Layout:
    columns: dict[str, list[str]] = {}
    units: dict[str, Unit] = {}
    unknown: list[str] = []
    personal: list[str] = []
    for name in header:
        if source.is_personal(name):
            personal.append(name)
        elif named := source.column_of(name):
            column, unit = named
            columns.setdefault(column, []).append(name)
            if unit:
                units[name] = unit
        elif source.closed:
            personal.append(name)
        elif not source.is_ignored(name):
            unknown.append(name)
    for first, second in source.seconds.items():
        if len(columns.get(first, ())) > 1 and second not in columns:
            columns[second] = [columns[first].pop()]
    read = {column: tuple(names) for column, names in columns.items()}
    return Layout(source.kind, tuple(header), read, units, tuple(unknown), tuple(personal))


def _is_called_so(layout: Layout, said: str) -> bool:
    """Whether a file is called what its columns may be: of lists of one shape, only its name tells them apart."""
    words = SOURCES[layout.kind].words
    return bool(words) and _fit(layout)[0] and bool(re.search(words, said))


def _called_so(layouts: Sequence[Layout], said: str) -> Layout | None:
    """The layout of a kind that a file is called, and of which it has all columns that its title does not say."""
    enough = (each for each in layouts if _suffices(SOURCES[each.kind], said) and not _missing(each, said))
    return next(enough, None)


def _suffices(source: Source, said: str) -> bool:
    """Whether a file is called so that its title may say what a source requires."""
    return bool(source.said) and bool(re.search(source.words, said))


def _tells(layout: Layout) -> bool:
    """Whether the columns of a layout tell that a table is of its kind."""
    complete, marks, hints = _fit(layout)
    return (marks > 0 or hints > 1) and (marks > 1 or complete)


def _fit(layout: Layout) -> tuple[bool, int, int]:
    """How well a layout fits: nothing that it requires is missing, then its marks, then its hints."""
    source = SOURCES[layout.kind]
    marks, hints = ([name for name in names if name in layout.columns] for names in (source.marks, source.hints))
    return bool(marks) and not _missing(layout), len(marks), len(hints)


def _missing(layout: Layout, said: str = "") -> list[tuple[str, ...]]:
    """The groups of required columns of which a layout has none, as far as what its file is called does not do."""
    source = SOURCES[layout.kind]
    known = {*layout.columns, *(source.said if _suffices(source, said) else ())}
    return [group for group in source.required if known.isdisjoint(group)]


def _complete(layout: Layout, header: Sequence[str], source_file: str, said: str) -> Layout:
    missing = _missing(layout, said)
    if not missing:
        return layout
    source = SOURCES[layout.kind]
    wanted = ";".join(
        " 或 ".join(f"“{source.columns[name][0]}”({'、'.join(source.columns[name][1:6])})" for name in group)
        for group in missing
    )
    raise MissingColumn(
        f"{source_file}: 识别为{source.title}({source.kind}),但缺少必需的列:{wanted}。表头:{_named(header)}。"
    )


def _named(header: Sequence[str]) -> str:
    shown = "、".join(name[:40] for name in header[:30])
    return f"{shown} 等 {len(header)} 列" if len(header) > 30 else shown


def _kinds() -> str:
    lines = []
    for source in SOURCES.values():
        needs = " + ".join("/".join(source.columns[name][0] for name in group) for group in source.required)
        marks = "、".join(source.chinese(mark) for mark in source.marks[:4])
        lines.append(f"{source.title}({source.kind})需要 {needs},以及 {marks} 等任一列")
    return f"可载入:{';'.join(lines)}。"


@remembered(20_000, 80)
def _is_known(cell: str) -> bool:
    return any(source.is_personal(cell) or source.column_of(cell) for source in SOURCES.values())


@remembered(20_000, 80)
def meanings(cell: str) -> frozenset[str]:
    """The columns that a cell names, of any source."""
    if len(cell) >= _LONGEST_HEAD:
        return frozenset()
    found = (source.column_of(cell) for source in SOURCES.values())
    return frozenset(named[0] for named in found if named)


def is_personal(cell: str) -> bool:
    """Whether a cell names a column of persons that some source never reads."""
    return len(cell) < _LONGEST_HEAD and any(source.is_personal(cell) for source in SOURCES.values())


def known(cells: Sequence[str | None]) -> int:
    """How many different cells of a row some source declares as a column; by this a header is told from other rows."""
    return sum(_is_known(cell) for cell in {cell for cell in cells if cell and len(cell) < _LONGEST_HEAD})
