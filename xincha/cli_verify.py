"""`xincha verify`: is all that is kept and published what was loaded and published? See `indexer.verify`.

Exit code 0: nothing differs; 1: something does, and what and where is said; the others are those of `xincha.cli`.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from xincha import console
from xincha.cli_receipt import verified
from xincha.data_folder import require
from xincha.errors import BadParameter, ProofError
from xincha.settings import Settings

if TYPE_CHECKING:
    from indexer.verify.report import VerifyReport

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def verify(  # noqa: PLR0913, PLR0917 - options
    receipt: Annotated[
        Path | None, typer.Argument(help="A receipt 查询回执: check that, without asking anybody, and nothing else.")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="The file that the receipt is about.")] = None,
    key: Annotated[str | None, typer.Option(help="Public key to believe, instead of XINCHA_VERIFY_KEY.")] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help="A checkpoint that you kept: nothing that it covers may be other now.")
    ] = None,
    accept: Annotated[
        Literal["page", "restored"] | None,
        typer.Option(
            help="Log that the page was built anew (page), or the lake restored from a backup (restored); then verify."
        ),
    ] = None,
    as_json: Json = False,
) -> int:
    """Find out whether log, ledger, lake, kept sources, index, releases or page were altered (exit code 1)."""
    settings = Settings.read()
    from indexer.verify.whole import verify as verify_whole
    from xincha.engine.open import open_engine
    from xincha.proof.keys import verify_key
    from xincha.proof.notes import VerifyKey

    believed = VerifyKey.parse(key) if key else verify_key(settings)
    if receipt:
        return verified(receipt, file, believed, as_json=as_json)
    if file:
        raise BadParameter("a file is compared with the receipt of it: name that too", parameter="--file")
    require(settings, "read")
    if accept:
        _accept(settings, accept)
    with closing(open_engine(settings)) as engine:
        report = verify_whole(
            settings, engine, believed, saved=_read(checkpoint), tell=console.say if not as_json else _quiet
        )
    if as_json:
        console.print_json(report.as_dict())
    else:
        _show(report)
    return 0 if report.whole else 1


def _accept(settings: Settings, what: str) -> None:
    from indexer.lake import Lake
    from indexer.logged import Loads

    require(settings, "write")
    loads = Loads.of(settings)
    if what == "page":
        loads.accept_page()
    else:
        loads.accept_restored(Lake(settings.lake))


def _show(report: VerifyReport) -> None:
    for each in report.altered:
        typer.echo(f"ALTERED {each.where}: {each.what}" + (f": {', '.join(each.records)}" if each.records else ""))
    for note in report.notes:
        typer.echo(f"note: {note}")
    checked = ", ".join(f"{number:,} {what}" for what, number in report.checked.items())
    typer.echo(
        f"{'whole' if report.whole else 'ALTERED (docs/proof.md says what to do)'}: {checked or 'nothing is there'}"
    )


def _read(path: Path | None) -> str | None:
    try:
        return None if path is None else path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProofError(f"{path}: the checkpoint cannot be read ({type(error).__name__})") from None


def _quiet(_: str) -> None:
    """Nothing is said beside JSON."""
