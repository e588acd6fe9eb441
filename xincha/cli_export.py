"""`xincha export entities|records`: all that a search finds, into a file. The options are the parameters of the API.

See `xincha.cli` for exit codes and for what goes where.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from xincha import console
from xincha.cli_options import Texts, option, question_of
from xincha.cli_receipt import Receipted
from xincha.data_folder import require
from xincha.search.questions import EntitySelection, Parameters, RecordSelection
from xincha.settings import Settings

Index = Literal["entities", "records"]

app = typer.Typer(help="Write all that a search finds into a file; works without a server.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Out = Annotated[Path, typer.Option(help="File to write; its name ends with .csv, .ndjson, .xlsx or .parquet.")]


def _add_export(index: Index, question: type[Parameters], contents: str) -> None:
    def command(**given: Any) -> None:
        _export(index, given.pop("out"), given.pop("receipt"), given, as_json=given.pop("as_json"))

    options = [
        Parameter("out", Parameter.KEYWORD_ONLY, annotation=Out),
        Parameter("receipt", Parameter.KEYWORD_ONLY, default=None, annotation=Receipted),
        *(option(name, field) for name, field in question.model_fields.items()),
        Parameter("as_json", Parameter.KEYWORD_ONLY, default=False, annotation=Json),
    ]
    command.__signature__ = Signature(options)  # type: ignore[attr-defined]
    app.command(index, help=f"{contents} Filters may be given several times; dates are YYYY-MM-DD.")(command)


_add_export(
    "entities", EntitySelection, "Entities: registration, state, counts of records, and the source of each fact."
)
_add_export("records", RecordSelection, "Records that may be shown today, each with its source.")


def _export(index: Index, out: Path, receipt: Path | None, given: Mapping[str, Texts], *, as_json: bool) -> None:
    settings = Settings.read()
    from xincha.days import today
    from xincha.engine.open import open_engine
    from xincha.holds import Holds
    from xincha.proof.log import Log
    from xincha.receipts.make import Receipts
    from xincha.search.coverage import sentence
    from xincha.search.export.columns import columns
    from xincha.search.export.file import save_export
    from xincha.search.service import Searcher
    from xincha.tables import FORMATS, kind_of

    kind_of(out, FORMATS)
    require(settings, "search")
    with closing(open_engine(settings)) as engine, console.progress() as progress:
        searcher, kinds = Searcher(engine, today=today, held=Holds(settings.holds_file).on), list[str]()
        if index == "entities":
            export = searcher.entities.all(question_of(EntitySelection, given))
        else:
            selection = question_of(RecordSelection, given)
            export, kinds = searcher.records.all(selection), [*selection.kind]
        tell = (lambda rows: progress("export", rows, export.total)) if progress else None
        save_export(export, columns(index, kinds), out, tell)
        if receipt:
            asked = {name: values for name, values in given.items() if values}
            made = Receipts(engine, searcher, settings.base_url, Log(settings.proofs)).file(index, asked, out)
            receipt.write_text(made.model_dump_json(indent=1) + "\n", "utf-8")
    coverage = export.covered.kinds
    if as_json:
        done = {"file": str(out), "rows": export.total, "day": export.day.isoformat(), "coverage": coverage}
        console.print_json(done)
    else:
        typer.echo(f"{export.total:,} {index}: {out}")
        typer.echo(sentence(coverage))
