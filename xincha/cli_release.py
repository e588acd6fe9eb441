"""`xincha release`: all that may be shown today, as files. See `xincha.releases`, and `xincha.cli` for exit codes."""

from __future__ import annotations

import hashlib
import os
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xincha import console
from xincha.data_folder import require
from xincha.errors import SettingsError
from xincha.faults import named
from xincha.settings import Settings

if TYPE_CHECKING:
    from xincha.engine.contract import Engine
    from xincha.releases.catalogue import Release

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def release(as_json: Json = False) -> None:
    """Write all that may be shown today as files into XINCHA_RELEASES: Parquet and CSV, whole and what changed."""
    settings = Settings.read()
    from xincha.engine.open import open_engine

    if settings.releases is None:
        raise SettingsError("XINCHA_RELEASES: name a folder for releases")
    require(settings, "search")
    with closing(open_engine(settings)) as engine, console.progress() as progress:
        made = written(settings, settings.releases, engine, progress)
    if as_json:
        console.print_json(asdict(made))
    else:
        size = sum(file.bytes for file in made.files)
        typer.echo(f"{settings.releases / made.name}: {len(made.files)} files, {size:,} bytes")


def written(settings: Settings, folder: Path, engine: Engine, progress: Any) -> Release:
    """A new release of what is published, in this folder."""
    from xincha.days import today
    from xincha.holds import Holds
    from xincha.releases.catalogue import Catalogue
    from xincha.releases.write import write_release
    from xincha.search.service import Searcher

    searcher = Searcher(engine, today=today, held=Holds(settings.holds_file).on)
    with named(folder, "what was released before is there still"):
        release = write_release(searcher, Catalogue(folder), settings.keep_releases, progress)
    _log(settings, folder, release)
    return release


def _log(settings: Settings, folder: Path, release: Release) -> None:
    """Put a release into the log of loads and publishes, where this process may write that."""
    from xincha.proof.keys import signing_key
    from xincha.proof.log import Log
    from xincha.releases.describe import DESCRIPTIONS

    if not os.access(settings.data, os.W_OK):
        console.say(f"{release.name} is not logged: {settings.data} may not be written here (docs/proof.md)")
        return
    files = {file.name: file.sha256 for file in release.files}
    for name in DESCRIPTIONS:
        files[name] = hashlib.sha256((folder / release.name / name).read_bytes()).hexdigest()
    Log(settings.proofs).append(
        lambda _: [{"kind": "release", "name": release.name, "files": files}], signing_key(settings)
    )
