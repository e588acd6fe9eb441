"""Checking a receipt 查询回执 from the command line: `xincha verify receipt.json`. See `xincha.cli` for exit codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xincha import console
from xincha.errors import ReceiptUnreadable

if TYPE_CHECKING:
    from xincha.proof.notes import VerifyKey
    from xincha.receipts.check import Checked
    from xincha.receipts.form import Receipt

MOST_BYTES = 64 << 20
Receipted = Annotated[
    Path | None,
    typer.Option("--receipt", help="File for a receipt 查询回执 of what is written, as JSON."),
]


def verified(path: Path, file: Path | None, key: VerifyKey | None, *, as_json: bool) -> int:
    """Check a receipt without asking anybody, and say what holds: 0 where nothing is wrong with it, 1 where it was
    altered. `key`: whose signature is believed."""
    receipt, found = checked(path, file, key)
    failed = any(each.state == "fails" for each in found)
    if as_json:
        told = {"question": receipt.question, "day": receipt.day, "code": receipt.code}
        console.print_json({**told, "whole": not failed, "findings": list(map(asdict, found))})
    else:
        typer.echo(f"{receipt.question.get('of')} of {receipt.day}, code {receipt.code}")
        for each in found:
            typer.echo(f"{each.name}: {each.state}: {each.text}")
    return int(failed)


def checked(path: Path, file: Path | None, key: VerifyKey | None) -> tuple[Receipt, Sequence[Checked]]:
    """A receipt in a file, and what was found of it; raises `ReceiptUnreadable`."""
    import orjson

    from xincha.receipts.check import findings, read

    try:
        if path.stat().st_size > MOST_BYTES:
            raise ReceiptUnreadable(f"{path} is no receipt: it is larger than {MOST_BYTES >> 20} MiB")
        receipt = read(orjson.loads(path.read_bytes()))
        return receipt, list(findings(receipt, file, key))
    except orjson.JSONDecodeError:
        raise ReceiptUnreadable(f"{path} is no receipt: it is no JSON") from None
    except OSError as error:
        raise ReceiptUnreadable(f"{error.filename or path} cannot be read: {error.strerror}") from error
