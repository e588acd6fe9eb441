"""`xincha match`: a list of companies → the same list with the answers beside it.

See `xincha.cli` for exit codes and for what goes where. What is hidden is for the service, which has lists that
somebody uploads matched by this command in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xincha import console
from xincha.cli_receipt import Receipted
from xincha.data_folder import require
from xincha.errors import BadParameter, UnclearColumn
from xincha.holds import Holds, digest
from xincha.settings import Settings

if TYPE_CHECKING:
    from xincha.console import Watch
    from xincha.lists.match_file import MatchProgress

OTHERS = ("uscc", "region", "legal_rep", "address")
"""What a list may say of a company besides its name."""

_SHOWN_COLUMNS, _SHOWN_ROWS, _LONGEST_SHOWN = 200, 5, 100

ProgressFile = Annotated[Path | None, typer.Option(hidden=True)]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def match(  # noqa: PLR0913, PLR0917 - options
    file: Annotated[Path, typer.Argument(help="List of companies: CSV, XLSX, Parquet or JSON.")],
    column: Annotated[
        str | None,
        typer.Option(
            help="Column of names, by its head or its place (1 is the first); found without, where one alone may be it."
        ),
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Column of another fact, as FACT=COLUMN; several times. FACT is one of {', '.join(OTHERS)}; nothing "
            "behind the = means that no column says it. Found by heads without."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write: .csv, .xlsx or .parquet; without it, beside the list.")
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(help="What an earlier run wrote, as CSV: print the rows that differ from it, and no more."),
    ] = None,
    receipt: Receipted = None,
    progress_file: ProgressFile = None,
    most_rows: Annotated[int | None, typer.Option(hidden=True)] = None,
    rows_file: Annotated[Path | None, typer.Option(hidden=True)] = None,
    as_json: Json = False,
) -> None:
    """Tell which entity each row of a list means, or honestly none; the same command goes on after a stop."""
    settings, others = Settings.read(), dict(map(_fact, field or ()))
    from indexer.lists import open_list
    from xincha.lists.match_file import beside
    from xincha.lists.since import answers, differences
    from xincha.search.coverage import sentence

    to = out or beside(file)
    before = answers(since) if since else None
    if since and to.suffix.lower() != ".csv":
        raise BadParameter(f"{to}: what is compared is written as CSV", parameter="--out", allowed="a file .csv")
    read = partial(open_list, column=column, most_rows=most_rows, others=others)
    report = _answered(settings, file, to, read, progress_file, rows_file, receipt, as_json=as_json)
    if before is not None:
        report["differences"] = [asdict(each) for each in differences(before, answers(to))]
    tell = partial(console.match_report, sentence(report["coverage"])) if before is None else console.match_differences
    (console.print_json if as_json else tell)(report)


def _answered(  # noqa: PLR0913, PLR0917 - the options of one command
    settings: Settings,
    file: Path,
    to: Path,
    read: Callable[..., Any],
    progress_file: Path | None,
    rows_file: Path | None,
    receipt: Path | None,
    *,
    as_json: bool,
) -> dict[str, Any]:
    """Write the list with its answers; what is told of them, and what is loaded (`coverage`)."""
    from xincha.days import today
    from xincha.engine.open import open_engine
    from xincha.lists.match_file import match_file
    from xincha.proof.log import Log
    from xincha.receipts.make import Receipts
    from xincha.search.coverage import note
    from xincha.search.service import Searcher

    require(settings, "search")
    with closing(open_engine(settings)) as engine, console.progress() as shown:
        index = engine.status().indices.get("entities")
        searcher = Searcher(engine, today=today, held=Holds(settings.holds_file).on)
        as_of = f"{index.version if index else ''} {today()} {digest(searcher.held.records())}"
        progress = _told(progress_file) if progress_file else _shown(shown)
        kinds, find = searcher.coverage.now().kinds, searcher.matcher.match
        into = partial(match_file, as_of=as_of, note=note(kinds, today()), progress=progress, keep=rows_file)
        try:
            report = asdict(into(file, to, read, find)) | {"coverage": kinds}
            if receipt:
                made = Receipts(engine, searcher, settings.base_url, Log(settings.proofs)).file(
                    "match", {"list": file.name}, to
                )
                receipt.write_text(made.model_dump_json(indent=1) + "\n", "utf-8")
            return report
        except UnclearColumn as error:
            if as_json:
                choices = [choice._asdict() for choice in error.choices]
                console.print_json({"choices": choices, **_sample(error.header, error.rows)})
            raise
        except KeyboardInterrupt:
            console.say(f"what was answered so far is kept beside {to}; the same command goes on from there")
            raise


def write_again(
    rows_file: Annotated[Path, typer.Argument(help="The log of the answers, as `match --rows-file` left it.")],
    judgments: Annotated[Path, typer.Argument(help="What a person says of them, as JSON.")],
    out: Annotated[Path, typer.Option(help="File to write: .csv, .xlsx or .parquet.")],
    progress_file: ProgressFile = None,
) -> None:
    """Write the answers to an uploaded list anew, with what a person says of them beside each row."""
    from xincha.lists import output
    from xincha.lists.judgments import read_judgments

    write = console.written_to(progress_file) if progress_file else None
    tell = (lambda done: write({"stage": "answers", "done": done})) if write else (lambda _: None)
    said, changes = read_judgments(judgments)
    rows = output.write_again(rows_file, out, said, tell)
    console.print_json({"rows": rows, "changes": changes})


def _fact(given: str) -> tuple[str, str]:
    name, sign, column = given.partition("=")
    if not sign or name not in OTHERS:
        allowed = f"FACT=COLUMN, where FACT is one of {', '.join(OTHERS)}"
        raise BadParameter(f"--field {given[:60]}: not understood", parameter="--field", allowed=allowed)
    return name, column


def _shown(watch: Watch | None) -> Callable[[MatchProgress], None] | None:
    if watch is None:
        return None
    return lambda progress: watch(progress.stage, progress.done, progress.listed.rows)


def _told(path: Path) -> Callable[[MatchProgress], None]:
    """Progress for the service, which shows the columns of a list and its first rows too."""
    write = console.written_to(path)
    sample: dict[str, Any] = {}

    def tell(progress: MatchProgress) -> None:
        listed = progress.listed
        if not sample:
            sample.update(_sample(listed.header, listed.first_rows(_SHOWN_ROWS)))
        told = {"stage": progress.stage, "done": progress.done, "total": listed.rows, "counts": progress.counts}
        write({**told, "columns": listed.columns, **sample})

    return tell


def _sample(header: Any, rows: Any) -> Mapping[str, Any]:
    """The header and the first rows, as much of them as is looked at."""
    cut = [[cell[:_LONGEST_SHOWN] for cell in row[:_SHOWN_COLUMNS]] for row in rows]
    return {"header": header[:_SHOWN_COLUMNS], "rows": cut}
