"""`xincha hold RECORD`, `xincha holds`: records that are held back, at once also in a service that runs.

See `xincha.holds` for what a hold is, and `xincha.cli` for exit codes and for what goes where.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer

from xincha import console
from xincha.data_folder import require
from xincha.days import today
from xincha.errors import BadParameter
from xincha.holds import Hold, Holds
from xincha.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def hold(
    record: Annotated[str, typer.Argument(help="Its `record_id`, as answers and exports say it.")],
    reason: Annotated[str | None, typer.Option(help="Why: who asked, and what for.")] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Last day on which it is hidden; without it, until it is released."),
    ] = None,
    release: Annotated[bool, typer.Option("--release", help="End the hold instead.")] = False,
    as_json: Json = False,
) -> None:
    """Hide a record at once, in every answer, also of a service that runs."""
    settings, day = Settings.read(), today()
    require(settings, "read")
    holds = Holds(settings.holds_file)
    if release:
        if reason is not None or until is not None:
            raise BadParameter("--release takes neither --reason nor --until", parameter="--release")
        _print([holds.release(record, day)], as_json=as_json)
        console.say("a publish since then has left it out: it is shown again with the next one (`xincha publish`)")
        return
    _check_known(settings, record)
    _print([holds.hold(record, reason or "", until.date() if until else None, day)], as_json=as_json)


def list_holds(
    every: Annotated[bool, typer.Option("--all", help="Those that are over or released too.")] = False,
    as_json: Json = False,
) -> None:
    """List the records that are held back: since when, until when, and why."""
    settings, day = Settings.read(), today()
    require(settings, "search")
    listed = Holds(settings.holds_file).listed()
    _print([each for each in listed if every or each.state(day) == "held"], as_json=as_json)


def _check_known(settings: Settings, record: str) -> None:
    """Raise `BadParameter` where the lake holds no such record: a slip would hide nothing, and nobody would see it."""
    from indexer.lake import Lake, faults_named
    from indexer.records import is_known

    with faults_named(settings.lake):
        known = is_known(Lake(settings.lake).snapshot(), record)
    if not known:
        raise BadParameter(f"{record[:80]!r}: the lake holds no record of this identifier", parameter="RECORD")


def told(hold: Hold) -> dict[str, Any]:
    """A hold as commands print it."""
    return {**asdict(hold), "state": hold.state(today())}


def _print(holds: Sequence[Hold], *, as_json: bool) -> None:
    """Holds as JSON, or as a table."""
    (console.print_json if as_json else console.holds_table)([told(each) for each in holds])
