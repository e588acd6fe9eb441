"""`xincha key make|list|revoke`: keys of callers, who get limits of their own by them. See `xincha.keys`.

See `xincha.cli` for exit codes and for what goes where.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from xincha import console
from xincha.keys import Key, Keys
from xincha.settings import Settings

app = typer.Typer(
    help="Keys of callers: each has limits of its own (docs/limits.md). And the key that signs (docs/proof.md).",
    no_args_is_help=True,
)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Name = Annotated[str, typer.Argument(help="Name of the key: who has it, or what for.")]
Days = Annotated[int, typer.Option(min=0, max=36_500, help="Days that it is valid; 0: until it is revoked.")]


@app.command()
def make(name: Name, days: Days = 365, as_json: Json = False) -> None:
    """Make a key and print it, this once. Callers send it as `Authorization: Bearer KEY`."""
    key, text = _keys().make(name, timedelta(days=days) if days else None)
    if as_json:
        console.print_json({**_told(key), "key": text})
        return
    typer.echo(text)
    until = f"until {key.expires_at:%Y-%m-%d}" if key.expires_at else "until it is revoked"
    console.say(f"valid {until}; it is kept as a hash and cannot be shown again")


@app.command("list")
def list_keys(as_json: Json = False) -> None:
    """List the keys that were made: name, state, times. What was made is not kept, and not shown."""
    _print(_keys().listed(), console.keys_table, as_json=as_json)


@app.command()
def revoke(name: Name, as_json: Json = False) -> None:
    """Make a key worthless, at once also in a service that runs."""
    _print([_keys().revoke(name)], console.keys_table, as_json=as_json)


def _keys() -> Keys:
    return Keys(Settings.read().data)


def _told(key: Key) -> dict[str, Any]:
    told = {name: value for name, value in asdict(key).items() if name != "sha256"}
    return {**told, "state": key.state(datetime.now(UTC))}


def _print(keys: Sequence[Key], show: Callable[[Sequence[dict[str, Any]]], None], *, as_json: bool) -> None:
    """Keys as JSON, or as `show` shows them to people."""
    (console.print_json if as_json else show)([_told(key) for key in keys])
