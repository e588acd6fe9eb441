"""`xincha publish`: what the lake holds becomes what searches find. See `indexer.publish`, and `indexer.parts` for one
that several machines write; `xincha.cli` for exit codes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xincha import cli_release, console
from xincha.data_folder import require
from xincha.errors import BadParameter
from xincha.settings import Settings

if TYPE_CHECKING:
    from xincha.engine.contract import Engine

_Report = dict[str, Any]


def publish(
    full: Annotated[bool, typer.Option("--full", help="Build anew, also where the engine holds this state.")] = False,
    part: Annotated[
        str | None,
        typer.Option(metavar="I/N", help="Write only this part of a new version, as 2/4; other machines write theirs."),
    ] = None,
    finish: Annotated[bool, typer.Option("--finish", help="Publish what all parts have written.")] = False,
    give_up: Annotated[bool, typer.Option("--give-up", help="Remove what parts have written so far.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Publish what the lake holds: a new index version, verified, then switched to."""
    given = {"--full": full, "--part": part is not None, "--finish": finish, "--give-up": give_up}
    if sum(given.values()) > 1:
        several = [option for option, is_given in given.items() if is_given]
        raise BadParameter(f"{' and '.join(several)} do not go together: give one of them", parameter=several[1])
    settings = Settings.read()
    show: Callable[[_Report], None]
    if part is not None:
        report, show = _part(settings, part), _tell_part
    elif give_up:
        report, show = _given_up(settings), _tell_given_up
    else:
        report, show = published(settings, full=full, finish=finish), console.publish_report
    (console.print_json if as_json else show)(report)


def published(settings: Settings, *, full: bool = False, finish: bool = False) -> _Report:
    """Publish, or finish a publish in parts; write a release where there is a folder for them."""
    from indexer import parts
    from indexer.publish import publish

    with _engine(settings) as engine, console.progress() as progress:
        report = parts.finish(settings, engine) if finish else publish(settings, engine, progress=progress, full=full)
        if settings.releases:
            cli_release.written(settings, settings.releases, engine, progress)
        return report.as_dict()


def _part(settings: Settings, part: str) -> _Report:
    from indexer import parts

    try:
        which = parts.Part.read(part)
    except ValueError as error:
        allowed = f"i/N with 1 ≤ i ≤ N ≤ {parts.MOST_PARTS:,}, as 2/4"
        raise BadParameter(f"--part: {part!r} is no part: give {allowed}", parameter="--part") from error
    with _engine(settings) as engine, console.progress() as progress:
        return parts.write_part(settings, engine, which, progress=progress).as_dict()


def _given_up(settings: Settings) -> _Report:
    from indexer import parts

    with _engine(settings) as engine:
        return {"given_up": parts.give_up(settings, engine)}


def _engine(settings: Settings) -> closing[Engine]:
    from xincha.engine.open import open_engine

    require(settings, "write")
    return closing(open_engine(settings))


def _tell_part(report: _Report) -> None:
    if report["state"] == "unchanged":
        typer.echo("published already: there is nothing to write")
        return
    counts = ", ".join(f"{count:,} {index}" for index, count in report["documents"].items())
    missing = f"{len(report['missing']):,} of {report['of']:,} parts are not written yet"
    rest = missing if report["missing"] else "all parts are: publish them with `xincha publish --finish`"
    typer.echo(f"part {report['part']} is {report['state']}: {counts}; {rest}")


def _tell_given_up(report: _Report) -> None:
    typer.echo("the publish in parts is given up" if report["given_up"] else "no publish in parts was under way")
