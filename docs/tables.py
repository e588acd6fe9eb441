"""Writes the generated tables of the documents anew: `make docs`. `tests/test_docs.py` compares them.

Each table stands between `<!-- name -->` and `<!-- /name -->` in one of `PAGES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from indexer.sources import SOURCES
from xincha.engine.contract import IndexName
from xincha.engine.fields import INDICES
from xincha.settings import ROOT, Settings

PAGES = ("README.md", "docs/fields.md", "docs/columns.md")


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


def columns(kind: str) -> str:
    """Every column of a kind of source with the header names that it may bear."""
    source = next(source for source in SOURCES if source.kind == kind)
    return _table(
        ("column", "header names"),
        ((f"`{name}`", "、".join(column.aliases)) for name, column in source.columns.items()),
    )


TABLES: dict[str, Callable[[], str]] = {
    "settings": settings,
    "entities": partial(fields, "entities"),
    "records": partial(fields, "records"),
    **{f"columns {source.kind}": partial(columns, source.kind) for source in SOURCES},
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
