"""The command line: `xincha load, publish, rollback, lookup, match, export, key, serve, status, rejects, unlinked, …`.

The one module that knows both `api` and `indexer`; what lies in `xincha.cli_…` knows less. Results go to stdout (with
`--json` as JSON and nothing else), progress and errors to stderr. Exit code 0: done, also where a search found nothing;
2: something that the caller can put right, in one line; 1: a failure that nobody foresaw; 130: interrupted. Heavy parts
are imported by the commands that need them, so that `xincha --help` is there at once.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import typer

from xincha import (
    cli_export,
    cli_hold,
    cli_key,
    cli_match,
    cli_mcp,
    cli_notify,
    cli_publish,
    cli_quality,
    cli_release,
    cli_sign,
    cli_stats,
    cli_verify,
    console,
    faults,
)
from xincha.data_folder import Use, require
from xincha.errors import BadParameter, SourceError, XinchaError
from xincha.holds import Holds
from xincha.quality import NOTE
from xincha.search.questions import EntitySearch, Timeline
from xincha.settings import ROOT, Settings

if TYPE_CHECKING:
    from xincha.engine.contract import Engine, EngineStatus

app = typer.Typer(
    help="信查 Xincha: open search for the public credit information of commercial entities in China.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(cli_export.app, name="export")
cli_sign.add_to(cli_key.app)
app.add_typer(cli_key.app, name="key")
app.command("hold")(cli_hold.hold)
app.command("holds")(cli_hold.list_holds)
app.command()(cli_match.match)
app.command(hidden=True)(cli_match.write_again)
app.command()(cli_publish.publish)
app.command()(cli_quality.quality)
app.command()(cli_mcp.mcp)
app.command()(cli_release.release)
app.command()(cli_verify.verify)
app.command()(cli_notify.notify)
cli_stats.add_to(app)

_SELDOM = (50_000, 10, 10)
"""When garbage is collected: modules and tables, which stay, are most of what a command makes; by the usual thresholds
(700 objects) they are walked over hundreds of times, a fifth of the time of a command."""

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Paths = Annotated[
    list[Path], typer.Argument(help="Files, or folders of files: CSV, TSV, XLSX, Parquet, JSONL, .gz, .zip.")
]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")]


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit; see the exit codes above."""
    gc.set_threshold(*_SELDOM)
    try:
        code = app(arguments, standalone_mode=False)
    except typer.TyperException as error:
        _stop(error.format_message(), 2)
    except XinchaError as error:
        _stop(str(error), 2)
    except (KeyboardInterrupt, typer.Abort):
        _stop("interrupted", 130)
    except MemoryError:
        _stop("there is not enough memory for this; give it more, or give it less at once", 2)
    except BrokenPipeError:  # `xincha … | head`: who reads has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if isinstance(error, OSError) and (told := faults.sentence(error, error.filename or "a file")):
            _stop(told, 2)
        if os.environ.get("XINCHA_LOG_LEVEL") == "debug":
            raise
        _stop(f"unforeseen failure, {type(error).__name__}: {error} (XINCHA_LOG_LEVEL=debug shows where)", 1)
    sys.exit(code if isinstance(code, int) else 0)


def _stop(message: str, code: int) -> None:
    if message:  # without: the help was shown instead
        console.say("xincha: " + " ".join(message.split()))
    sys.exit(code)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"xincha {version('xincha')}")
        raise typer.Exit


@app.callback()
def _begin(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)


def _told(status: EngineStatus) -> dict[str, Any]:
    """An engine's state without the rows of `xincha quality` that its note holds."""
    told = asdict(status)
    for index in told["indices"].values():
        index["note"].pop(NOTE, None)
    return told


T = TypeVar("T")


def _print(report: T, show: Callable[[T], None], *, as_json: bool) -> None:
    """A report as JSON, or as `show` shows it to people."""
    (console.print_json if as_json else show)(report)


def _engine(settings: Settings, use: Use = "search") -> closing[Engine]:
    from xincha.engine.open import open_engine

    require(settings, use)
    return closing(open_engine(settings))


def _load(settings: Settings, paths: list[Path], **options: Any) -> Any:
    from indexer.load import load

    require(settings, "write")
    with console.progress() as progress:
        return load(paths, settings, progress=progress, **options)


@app.command()
def load(  # noqa: PLR0913, PLR0917 - options
    paths: Paths,
    kind: Annotated[str | None, typer.Option(help="Kind of these files, where their columns do not tell.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Any rejected row is an error, and nothing changes.")
    ] = False,
    delivery: Annotated[
        Literal["complete", "increment"] | None,
        typer.Option(
            help="Whether these files are all that their source publishes now, of each kind that they hold: what is "
            "not in them is then shown no more. Or only what is new or changed, as without this option."
        ),
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Whose delivery this is, by a name of your choice; without it, of no name.")
    ] = None,
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day that the delivery tells of; today without it.")
    ] = None,
    accept_gone: Annotated[
        bool,
        typer.Option("--accept-gone", help="Take it also where more records are gone than XINCHA_GONE_PERCENT allows."),
    ] = False,
    publish: Annotated[bool, typer.Option(help="Publish afterwards, so that searches find what was loaded.")] = True,
    as_json: Json = False,
) -> None:
    """Load published files into the lake and publish them."""
    settings = Settings.read()
    from indexer.delivery import Declared

    declared = Declared(source, delivery, day.date() if day else None)
    report = _load(settings, paths, kind=kind, strict=strict, declared=declared, accept_gone=accept_gone).as_dict()
    published = cli_publish.published(settings) if publish else None
    loaded = {**report, "publish": published}
    _print(loaded, lambda _: console.load_report(report, published), as_json=as_json)


@app.command()
def clean(as_json: Json = False) -> None:
    """Blank personal data whose publication is over, in the lake, and remove what earlier states and indices hold."""
    settings = Settings.read()
    from indexer.clean import clean as clean_lake
    from indexer.part_plan import refuse_while_under_way

    require(settings, "write")
    refuse_while_under_way(settings)
    report = clean_lake(settings).as_dict()
    published = cli_publish.published(settings.model_copy(update={"keep_versions": 1}), full=True)
    cleaned = {**report, "publish": published}
    _print(cleaned, lambda _: console.clean_report(report, published), as_json=as_json)


@app.command()
def rollback(as_json: Json = False) -> None:
    """Publish the index versions before the present ones again. The lake stays as it is."""
    settings = Settings.read()
    use: Use = "write" if settings.engine == "embedded" else "search"
    from indexer.publish import roll_back

    with faults.named(settings.data, "what is published stays"), _engine(settings, use) as engine:
        status = _told(roll_back(settings, engine))
    _print(status, console.engine_table, as_json=as_json)


@app.command()
def lookup(
    query: Annotated[str, typer.Argument(help="Name, part of it, code, registration number, pinyin or initials.")],
    limit: Annotated[int, typer.Option(min=1, max=100, help="Most entities to show.")] = 10,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Show what was known and public on that day.")
    ] = None,
    records: Annotated[bool, typer.Option("--records", help="Show the records of each, newest first.")] = False,
    as_json: Json = False,
) -> None:
    """Look a company up; works without a server."""
    if records and as_of:
        raise BadParameter("records are those of today: leave out one of the two", parameter="--records")
    if not query.strip():
        raise BadParameter("the query is empty: give a name or a code", parameter="QUERY")
    settings, search = Settings.read(), EntitySearch.read([("q", query), ("page_size", str(limit))])
    import orjson

    from xincha.days import today
    from xincha.search.coverage import sentence
    from xincha.search.service import Searcher

    with _engine(settings) as engine:
        searcher = Searcher(engine, today=today, held=Holds(settings.holds_file).on)
        hits = searcher.entities.page(search.model_copy(update={"facet": ()}))
        if as_of:
            hits = searcher.entities.as_known(hits, as_of.date())
        kinds = searcher.coverage.now().kinds
        page = orjson.loads(orjson.dumps(hits)) | {"coverage": kinds}
        for hit in page["hits"] if records else ():
            timeline = searcher.timeline(Timeline(entity_id=hit["entity_id"], page_size=100, facet=()))
            hit |= {"records": orjson.loads(orjson.dumps(timeline.hits)), "records_total": timeline.total}
    _print(page, partial(console.lookup_table, query, sentence(kinds)), as_json=as_json)


@app.command()
def about(as_json: Json = False) -> None:
    """Tell what searches find: for each kind whether it is loaded, how much of it, and of which days it tells."""
    settings = Settings.read()
    from xincha.days import today
    from xincha.search.coverage import content_until, table
    from xincha.search.service import Searcher

    with _engine(settings) as engine:
        kinds = Searcher(engine, today=today, held=Holds(settings.holds_file).on).coverage.now().kinds
    told = {"as_of": content_until(kinds), "coverage": kinds}
    _print(told, lambda _: console.coverage_table(table(kinds)), as_json=as_json)


@app.command()
def status(as_json: Json = False) -> None:
    """Tell what is loaded, what is published, and what is held back."""
    settings = Settings.read()
    from indexer.publish import status as lake_status
    from xincha.days import today

    with _engine(settings, "read") as engine:
        searched = _told(engine.status())
        lake = lake_status(settings, engine).as_dict()
    held = [cli_hold.told(each) for each in Holds(settings.holds_file).listed() if each.state(today()) == "held"]
    report = {"lake": lake, "engine": searched, "holds": held}
    _print(report, lambda _: console.status_tables(lake, searched, held), as_json=as_json)


@app.command()
def settings(as_json: Json = False) -> None:
    """Print every setting with its value and meaning; each is an environment variable."""
    values = Settings.read()
    rows = [
        {"key": f"XINCHA_{name.upper()}", "value": str(getattr(values, name)), "meaning": field.description}
        for name, field in Settings.model_fields.items()
    ]
    _print(rows, console.settings_table, as_json=as_json)


@app.command()
def rejects(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Most rows to list.")] = 50,
    batch: Annotated[str | None, typer.Option(help="Only those of one load (its batch_id).")] = None,
    issues: Annotated[bool, typer.Option("--issues", help="Unreadable values of kept rows instead.")] = False,
    as_json: Json = False,
) -> None:
    """List rows that could not be used: file, row, column, reason, and the text as published."""
    settings = Settings.read()
    from indexer.lake import Lake

    require(settings, "read")
    lake = Lake(settings.lake)
    found = (lake.issues if issues else lake.rejects)(limit=limit, batch_id=batch)
    listed = [finding.as_dict() for finding in found]
    _print(listed, console.findings_table, as_json=as_json)


@app.command()
def unlinked(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Most records to list.")] = 50,
    batch: Annotated[str | None, typer.Option(help="Only records that one load wrote (its batch_id).")] = None,
    as_json: Json = False,
) -> None:
    """List records that are linked to nobody, or surely to none of several entities: who they name, and their row."""
    settings = Settings.read()
    from indexer.lake import Lake, faults_named
    from indexer.link import unlinked as unlinked_records

    require(settings, "read")
    with faults_named(settings.lake):
        records = unlinked_records(Lake(settings.lake).snapshot().scan, limit=limit, batch_id=batch)
    _print(records.to_dicts(), partial(console.unlinked_table, limit=limit), as_json=as_json)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Port = None,
) -> None:
    """Serve the page and the API."""
    given = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    _serve(Settings.read().model_copy(update=given))


def _serve(settings: Settings) -> None:
    from api.app import create_app
    from api.server import bind, leave, serve

    logging.getLogger("xincha").setLevel(settings.log_level.upper())
    require(settings, "search")
    bound = bind(settings.host, settings.port)
    if not (settings.page / "index.html").is_file():
        console.say(f"the page is not built ({settings.page}): the API answers, `make run` builds the page")
    tell = partial(console.where_served, settings.host, settings.base_url)
    serve(create_app(settings), bound, settings, lambda address: typer.echo(tell(address)))
    leave()


@app.command()
def demo(
    port: Port = None,
    folder: Annotated[Path | None, typer.Option(help="Folder for the demo; its own below the data folder.")] = None,
    only_load: Annotated[bool, typer.Option("--only-load", help="Make and load the data, but do not serve.")] = False,
) -> None:
    """Show Xincha with fictional companies: make files, load them, serve. Your own data is not touched."""
    if not (ROOT / "fixtures" / "manifest.py").is_file():
        raise SourceError("the demo needs a checkout of Xincha: its fictional companies are not installed")
    sys.path.insert(0, str(ROOT))
    import fixtures

    own = Settings.read()
    data = folder or own.data / "demo"
    settings = own.model_copy(update={"data": data, "port": own.port if port is None else port})
    for files in fixtures.make(data / "files"):
        console.load_report(_load(settings, [files]).as_dict(), None)
    cli_publish.published(settings)
    if not only_load:
        _serve(settings)


if __name__ == "__main__":
    main()
