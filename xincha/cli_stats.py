"""`xincha stats`: figures of what is published. The options are the parameters of the API.

See `xincha.cli` for exit codes and for what goes where.
"""

from __future__ import annotations

import os
from contextlib import closing
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xincha import console
from xincha.cli_options import option, question_of
from xincha.data_folder import require
from xincha.errors import BadParameter
from xincha.faults import sentence
from xincha.search.figures.question import FiguresQuestion
from xincha.settings import Settings
from xincha.tables import kind_of, save

if TYPE_CHECKING:
    from xincha.search.figures.answer import Figures

_HELP = """Count entities or records by time, place, office and more.

For example --of penalty --by year,region --level district --measure count,fine_sum. Filters are those of the lists, and
may be given several times; dates are YYYY-MM-DD."""
_OUT = typer.Option(help="CSV file to write in place of the table on the screen.")
_JSON = typer.Option("--json", help="Print the result as JSON.")


def _stats(**given: Any) -> None:
    out, as_json = given.pop("out"), given.pop("as_json")
    question = question_of(FiguresQuestion, given)
    if out:
        kind_of(out, ("csv",))
    settings = Settings.read()
    from xincha.days import today
    from xincha.engine.open import open_engine
    from xincha.holds import Holds
    from xincha.search.coverage import sentence as covered
    from xincha.search.figures.table import lines
    from xincha.search.service import Searcher

    require(settings, "search")
    with closing(open_engine(settings)) as engine:
        figures = Searcher(engine, today=today, held=Holds(settings.holds_file).on).figures(question)
    if out:
        _save(question, figures, out)
    if as_json:
        console.print_json({"file": str(out), "rows": len(figures.rows)} if out else figures)
    elif out:
        typer.echo(f"{len(figures.rows):,} rows: {out}")
    else:
        console.stats_table(list(lines(question, figures)), len(question.dimensions), figures.notes)
        typer.echo(covered(figures.coverage))


def _save(question: FiguresQuestion, figures: Figures, path: Path) -> None:
    from xincha.search.figures.table import as_csv

    try:
        save(as_csv(question, figures), path, path.with_name(f".{path.name}.{os.getpid()}.part"))
    except OSError as error:
        told = sentence(error, path, "a file that was there before stays") or f"cannot write {path}: {error}"
        raise BadParameter(told, parameter="--out") from error


def add_to(app: typer.Typer) -> None:
    """Make the command, with an option for each parameter."""

    def command(**given: Any) -> None:
        _stats(**given)

    options = [
        *(option(name, field) for name, field in FiguresQuestion.model_fields.items()),
        Parameter("out", Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[Path | None, _OUT]),
        Parameter("as_json", Parameter.KEYWORD_ONLY, default=False, annotation=Annotated[bool, _JSON]),
    ]
    command.__signature__ = Signature(options)  # type: ignore[attr-defined]
    app.command("stats", help=_HELP)(command)
