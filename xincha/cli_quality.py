"""`xincha quality`: how well penalties are published, counted over the lake as it is now.

See `xincha.cli` for exit codes and for what goes where.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xincha import console
from xincha.data_folder import require
from xincha.days import today
from xincha.errors import BadParameter, BadParameters
from xincha.faults import sentence
from xincha.holds import Holds
from xincha.search.questions import QualitySelection
from xincha.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xincha.quality import QualityRow

SHOWN = (
    *("source", "authority", "month", "records", "timely", "late", "unknown", "days_median", "days_p90"),
    *("corrected", "withdrawn", "gone", "held", "complete", "unlinked", "amount_conflicts"),
)
"""Columns of the table that people see; files and JSON hold all."""

Texts = list[str] | None


def quality(  # noqa: PLR0913, PLR0917 - options
    source: Annotated[Texts, typer.Option(help="Only this source, as rows name it; several times.")] = None,
    authority: Annotated[Texts, typer.Option(help="Only this office 处罚机关; may be given several times.")] = None,
    month_from: Annotated[str | None, typer.Option(help="Decided in this month (YYYY-MM) or later.")] = None,
    month_to: Annotated[str | None, typer.Option(help="Decided up to and with this month (YYYY-MM).")] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write; its name ends with .csv, .ndjson, .xlsx or .parquet.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Tell how well penalties are published: by file, office and month; in time or late, complete, corrected."""
    settings = Settings.read()
    asked = _asked([("source", source), ("authority", authority)], [("month_from", month_from), ("month_to", month_to)])
    from indexer.lake import Lake, faults_named
    from indexer.quality import measure
    from xincha.search.quality import page, selected, table

    require(settings, "read")
    with faults_named(settings.lake):
        rows = selected(measure(Lake(settings.lake).snapshot().scan, Holds(settings.holds_file).on(today())), asked)
    if out:
        _save(rows, out)
    if as_json:
        console.print_json({"file": str(out), "rows": len(rows)} if out else page(rows, len(rows)))
    elif out:
        typer.echo(f"{len(rows):,} rows: {out}")
    else:
        console.quality_table(table(rows, SHOWN))


def _asked(many: Sequence[tuple[str, Texts]], single: Sequence[tuple[str, str | None]]) -> QualitySelection:
    """The question of these options; raises `BadParameters` naming them."""
    pairs = [(name, value) for name, values in many for value in values or ()]
    pairs += [(name, value) for name, value in single if value is not None]
    try:
        return QualitySelection.read(pairs)
    except BadParameters as error:
        raise BadParameters(
            [{**each, "name": f"--{each['name'].replace('_', '-')}"} for each in error.wrong]
        ) from error


def _save(rows: Sequence[QualityRow], path: Path) -> None:
    from dataclasses import asdict

    from xincha.search.quality import COLUMNS
    from xincha.tables import FORMATS, kind_of, save

    kind = kind_of(path, FORMATS)
    pages = [[asdict(row) for row in rows]] if kind == "ndjson" else [rows]
    try:
        save(
            FORMATS[kind].write(pages, COLUMNS, "公示质量", None),
            path,
            path.with_name(f".{path.name}.{os.getpid()}.part"),
        )
    except OSError as error:
        told = sentence(error, path, "a file that was there before stays") or f"cannot write {path}: {error}"
        raise BadParameter(told, parameter="--out") from error
