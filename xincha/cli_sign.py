"""`xincha key signing|request|sign|signed`: the key that signs the log of loads and publishes, here or elsewhere.

See `xincha.proof`, and `xincha.cli` for exit codes.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from xincha import console
from xincha.data_folder import require
from xincha.errors import ProofError
from xincha.faults import named
from xincha.settings import Settings

_LAST = ".signed"

File = Annotated[Path, typer.Argument(help="File, or - for what comes in.", allow_dash=True)]
KeyFile = Annotated[Path, typer.Option("--key", help="File of the private key.")]


def add_to(app: typer.Typer) -> None:
    """Give an application these commands."""
    for command in (signing, request, sign, signed):
        app.command()(command)


def signing(
    name: Annotated[str, typer.Argument(help="Name of the key and of the log: a host, like register.example.org.")],
    file: Annotated[Path, typer.Argument(help="New file for the private key.")],
) -> None:
    """Make the key that signs, and print the public one, for XINCHA_VERIFY_KEY and for everybody."""
    from xincha.proof.notes import SigningKey

    key = SigningKey.make(name)
    key.write(file)
    typer.echo(key.verify_key.text)
    console.say(f"{file} is the private key, for its owner alone: keep it, and a copy, off the machine that serves")


def request() -> None:
    """Print what is to be signed on the machine that has the key: the log's head, and that it continues what was."""
    settings = Settings.read()
    from xincha.proof.keys import origin
    from xincha.proof.log import Log

    require(settings, "read")
    typer.echo(Log(settings.proofs).request(origin(settings)).text, nl=False)


def sign(file: File, key: KeyFile) -> None:
    """Sign a request, if it continues what this key signed last, and print the checkpoint. Needs no data folder."""
    from xincha.proof.checkpoints import Checkpoint, SigningRequest
    from xincha.proof.notes import SigningKey, read

    signer = SigningKey.read(key)
    asked = SigningRequest.parse(_text(file))
    if asked.checkpoint.origin != signer.name:
        raise ProofError(
            f"the log is called {asked.checkpoint.origin}, and the key {signer.name}: set XINCHA_VERIFY_KEY"
        )
    last = key.with_name(key.name + _LAST)
    with named(key.parent, "nothing is signed"):
        before = read(last.read_text("utf-8"), [signer.verify_key]).text if last.exists() else None
        asked.check(Checkpoint.parse(before) if before else None)
        note = signer.sign(asked.checkpoint.text)
        part = last.with_name(f".{last.name}.{os.getpid()}.part")
        part.write_text(note, "utf-8")
        part.replace(last)
    typer.echo(note, nl=False)


def signed(file: File) -> None:
    """Take in a checkpoint that was signed elsewhere, so that the service publishes it."""
    settings = Settings.read()
    from xincha.proof.keys import verify_key
    from xincha.proof.log import Log

    require(settings, "write")
    believed = verify_key(settings)
    if believed is None:
        raise ProofError("XINCHA_VERIFY_KEY: name the public key that this checkpoint is signed by")
    taken = Log(settings.proofs).take(_text(file), believed)
    console.say(f"{taken.size} entries of {taken.origin} are signed")


def _text(file: Path) -> str:
    """What stands in a file, or comes in."""
    try:
        return typer.get_text_stream("stdin").read() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProofError(f"{file}: cannot be read ({type(error).__name__})") from None
