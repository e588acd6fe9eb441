"""Which declared source a table's header is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.sources.abnormal import ABNORMAL
from indexer.sources.declare import Source
from indexer.sources.headers import column_of, fold_header, is_personal
from indexer.sources.penalty import PENALTY
from indexer.sources.registration import REGISTRATION
from indexer.sources.spot_check import SPOT_CHECK
from xincha.errors import MissingColumn, UnknownKind

SOURCES: tuple[Source, ...] = (REGISTRATION, PENALTY, ABNORMAL, SPOT_CHECK)


@dataclass(frozen=True, slots=True)
class Layout:
    """A recognised header.

    `columns`: declared column → the header's names for it, in order (where several have values the first is taken).
    `units`: header name → `万元` or `元`, where its bracket states one. `unknown`: names that no column has; not read.
    `personal`: names of personal columns; never read.
    """

    kind: str
    columns: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]
    unknown: tuple[str, ...]
    personal: tuple[str, ...]

    @property
    def source(self) -> Source:
        """The declaration."""
        return _source(self.kind)


def recognise(header: Sequence[str], *, source_file: str, kind: str | None = None) -> Layout:
    """The layout of a table with this header; `kind` says which source it is, instead of the columns.

    Raises `UnknownKind` (no declared source fits) or `MissingColumn` (a required column is not there).
    """
    if kind is not None:
        return _complete(_layout(header, _source(kind)), header, source_file)
    layout = max((_layout(header, source) for source in SOURCES), key=_fit)
    stranger = next((name for source in SOURCES for name in header if _is_stranger(name, source)), None)
    if stranger is not None:
        raise UnknownKind(f"{source_file}: 有“{stranger}”栏,这一类文件尚不支持。{_kinds()}")
    complete, marks, hints = _fit(layout)
    if (marks == 0 and hints < 2) or (marks < 2 and not complete):
        raise UnknownKind(f"{source_file}: 无法识别是哪一类文件。表头:{_named(header)}。{_kinds()}也可用 --kind 指明。")
    return _complete(layout, header, source_file)


def _source(kind: str) -> Source:
    for source in SOURCES:
        if source.kind == kind:
            return source
    raise UnknownKind(f"没有“{kind}”这一类文件。可用:{', '.join(source.kind for source in SOURCES)}。")


def _layout(header: Sequence[str], source: Source) -> Layout:
    columns: dict[str, list[str]] = {}
    units: dict[str, str] = {}
    unknown: list[str] = []
    personal: list[str] = []
    ignored = set(map(fold_header, source.ignored))
    for name in header:
        if is_personal(name):
            personal.append(name)
        elif found := column_of(name, source):
            columns.setdefault(found[0], []).append(name)
            if found[1]:
                units[name] = found[1]
        elif fold_header(name) not in ignored:
            unknown.append(name)
    for first, second in source.seconds.items():
        if len(columns.get(first, ())) > 1 and second not in columns:
            columns[second] = [columns[first].pop()]
    return Layout(source.kind, {k: tuple(v) for k, v in columns.items()}, units, tuple(unknown), tuple(personal))


def _fit(layout: Layout) -> tuple[bool, int, int]:
    """How well a layout fits: nothing that it requires is missing, then its marks, then its hints."""
    marks, hints = (
        [name for name in names if name in layout.columns] for names in (layout.source.marks, layout.source.hints)
    )
    return bool(marks) and not _missing(layout), len(marks), len(hints)


def _missing(layout: Layout) -> list[tuple[str, ...]]:
    return [group for group in layout.source.required if not any(name in layout.columns for name in group)]


def _complete(layout: Layout, header: Sequence[str], source_file: str) -> Layout:
    missing = _missing(layout)
    if not missing:
        return layout
    source = layout.source
    wanted = ";".join(
        " 或 ".join(f"“{source.columns[name].aliases[0]}”({_spellings(source, name)})" for name in group)
        for group in missing
    )
    raise MissingColumn(
        f"{source_file}: 识别为{source.title}({source.kind}),但缺少必需的列:{wanted}。表头:{_named(header)}。"
    )


def _spellings(source: Source, name: str) -> str:
    return "、".join(source.columns[name].aliases[1:6])


def _is_stranger(name: str, source: Source) -> bool:
    return fold_header(name) in set(map(fold_header, source.strangers))


def _named(header: Sequence[str]) -> str:
    shown = "、".join(header[:30])
    return f"{shown} 等 {len(header)} 列" if len(header) > 30 else shown


def _kinds() -> str:
    lines = []
    for source in SOURCES:
        needs = " + ".join("/".join(source.columns[name].aliases[0] for name in group) for group in source.required)
        marks = "、".join(_chinese(source, mark) for mark in source.marks[:4])
        lines.append(f"{source.title}({source.kind})需要 {needs},以及 {marks} 等任一列")
    return f"可载入:{';'.join(lines)}。"


def _chinese(source: Source, name: str) -> str:
    aliases = source.columns[name].aliases
    return next((alias for alias in aliases if not alias.isascii()), aliases[0])
