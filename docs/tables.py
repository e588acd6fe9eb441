"""Writes the generated tables of the documents anew: `make docs`. `tests/test_docs.py` compares them.

Each table stands between `<!-- name -->` and `<!-- /name -->` in one of `PAGES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from api.limits.costs import BY_ADDRESS, BY_CONTENT
from indexer.kinds import SOURCES, Source
from indexer.lake import SCHEMAS
from xincha.days import FOREVER
from xincha.engine.contract import IndexName
from xincha.engine.fields import INDICES
from xincha.kinds import KINDS
from xincha.rules.dated import CLASSES, LOWER_FINES, RULES, STATUSES
from xincha.settings import ROOT, Settings

PAGES = ("README.md", "docs/fields.md", "docs/columns.md", "docs/limits.md", "docs/publicity.md", "docs/releases.md")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)


def settings() -> str:
    """Every setting with its default and meaning."""
    fields = Settings.model_fields.items()
    shown = {name: str(field.default).replace(str(ROOT) + "/", "") for name, field in fields}
    return _table(
        ("setting", "default", "meaning"),
        ((f"`XINCHA_{name.upper()}`", f"`{shown[name]}`", field.description or "") for name, field in fields),
    )


def fields(index: IndexName) -> str:
    """Every declared field of an index."""
    return _table(
        ("field", "type", "meaning"),
        ((f"`{f.name}`", f.type + (", several" if f.many else ""), f.doc) for f in INDICES[index].values()),
    )


def columns() -> str:
    """Every column of every kind of source with the header names that it may bear."""
    return "\n\n".join(f"## {source.title} (`{source.kind}`)\n\n{_columns(source)}" for source in SOURCES.values())


def _columns(source: Source) -> str:
    rows = ((f"`{name}`", "、".join(spellings)) for name, spellings in source.columns.items())
    return _table(("column", "header names"), rows)


def kinds() -> str:
    """Every kind of record: its states, and what `has` and the counts say of it."""
    rows = (
        (
            f"`{kind.name}`",
            kind.title,
            "、".join(f"`{name}` {state.title}" for name, state in kind.states.items()),
            kind.has,
            "、".join(f"`{count.name}`" for count in kind.counts),
        )
        for kind in KINDS.values()
    )
    return _table(("kind", "", "states", "`has`", "counts"), rows)


def costs() -> str:
    """What an address costs, in the order in which they are looked at."""
    rows = ((f"`{start}`…", f"{units:g}", what) for start, (units, what) in BY_ADDRESS.items())
    return _table(("address", "units", ""), rows)


def contents() -> str:
    """What the contents of a request cost besides."""
    return _table(("for each", "units", ""), ((each, f"{units:g}", what) for each, (units, what) in BY_CONTENT.items()))


def windows() -> str:
    """How long a penalty is shown: the rules in force, by date."""
    clocks = {"published": "publication 公示", "decided": "decision 决定"}
    families = {"market": "market regulation 市场监督管理", "other": "other departments"}
    rows = (
        (
            rule.name,
            families[rule.family],
            f"{rule.source}{rule.article}",
            STATUSES[rule.status],
            _span(rule.begins, rule.ends),
            *(f"{rule.months[each]} months" if rule.months[each] else "not shown" for each in CLASSES),
            clocks[rule.clock],
        )
        for rule in RULES
    )
    classes = (f"`{name}` {title}" for name, title in CLASSES.items())
    return _table(("rule", "offices", "source", "known by", "in force", *classes, "counted from"), rows)


def lower_fines() -> str:
    """What a province takes for a lower fine: below, not at, these sums."""
    rows = (
        (
            row.title,
            f"{row.person_cny:,}",
            f"{row.other_cny:,}",
            row.source,
            STATUSES[row.status],
            _span(row.begins, row.ends),
        )
        for row in LOWER_FINES
    )
    head = ("province", "natural persons below (yuan)", "all others below (yuan)", "source", "known by", "in force")
    return _table(head, rows)


def lake() -> str:
    """Every table of the lake, with its columns and their types."""
    rows = (
        (f"`{name}`", ", ".join(f"`{column}` {str(of).lower()}" for column, of in schema.items()))
        for name, schema in SCHEMAS.items()
    )
    return _table(("table", "columns"), rows)


def _span(begins: date, ends: date) -> str:
    return f"{begins} – {ends if ends < FOREVER else ''}".rstrip()


TABLES: dict[str, Callable[[], str]] = {
    "settings": settings,
    "entities": partial(fields, "entities"),
    "records": partial(fields, "records"),
    "columns": columns,
    "kinds": kinds,
    "costs": costs,
    "contents": contents,
    "windows": windows,
    "lower_fines": lower_fines,
    "lake": lake,
}


def renew(text: str) -> str:
    """The page with every table made anew."""
    for name, table in TABLES.items():
        text = re.sub(
            rf"<!-- {name} -->\n.*?<!-- /{name} -->",
            partial(_between, name, table()),
            text,
            flags=re.DOTALL,
        )
    return text


def _between(name: str, table: str, _: re.Match[str]) -> str:
    return f"<!-- {name} -->\n{table}\n<!-- /{name} -->"


def main() -> None:
    """Renews every page in place."""
    for page in PAGES:
        path = Path(ROOT / page)
        path.write_text(renew(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
