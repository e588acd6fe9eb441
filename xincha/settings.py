"""Settings: one frozen object, read once from the environment (prefix `XINCHA_`).

`Settings.read()` is called by the command line and by tests, never at import. A value that cannot be used raises
`SettingsError` naming its key. `xincha settings` prints every field with its value and the description given here.
A file named like a setting (`xincha_…`) in the folder of secrets of a container or of a systemd unit serves too.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from xincha.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What may differ between two installations. Paths are relative to the working directory."""

    model_config = SettingsConfigDict(env_prefix="XINCHA_", frozen=True, extra="ignore")

    data: Path = Field(default=Path("data"), description="folder of the lake and of the embedded index")
    engine: Literal["embedded"] = Field(default="embedded", description="search engine that answers")
    host: str = Field(default="127.0.0.1", description="address that `xincha serve` listens on")
    port: int = Field(
        default=8000, ge=0, le=65535, description="port that `xincha serve` listens on; 0 takes a free one"
    )
    page: Path = Field(default=ROOT / "frontend" / "dist", description="folder of the built page")
    base_url: str = Field(
        default="", description="public address of this service, for links in answers; empty: relative links"
    )
    metrics: bool = Field(default=True, description="answer `/metrics`; not for the public, see docs/operations.md")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="least level that is logged"
    )
    index_threads: int = Field(default=2, ge=1, le=64, description="threads that write the embedded index")
    index_memory_mb: int = Field(default=512, ge=32, description="memory of the embedded index's writer, MiB")
    workers: int = Field(default=0, ge=0, le=64, description="processes that prepare documents; 0: one per core")
    max_unpacked_mb: int = Field(default=4096, ge=1, description="largest size of one unpacked archive, MiB")
    max_page_size: int = Field(default=100, ge=1, le=1000, description="most hits that one page may hold")
    keep_versions: int = Field(default=2, ge=1, description="published index versions that are kept, for rollback")

    @property
    def lake(self) -> Path:
        """Folder of the Delta Lake tables."""
        return self.data / "lake"

    @property
    def index(self) -> Path:
        """Folder of the embedded engine."""
        return self.data / "index"

    @classmethod
    def read(cls) -> Settings:
        """The settings of this process's environment, and of files of secrets where a variable does not say it."""
        folders = ("/run/secrets", os.environ.get("CREDENTIALS_DIRECTORY", ""))
        try:
            return cls(_secrets_dir=[name for name in folders if name and Path(name).is_dir()])  # type: ignore[call-arg]
        except ValidationError as error:
            lines = [f"XINCHA_{str(e['loc'][0]).upper()}: {e['msg']} (got {e['input']!r})" for e in error.errors()]
            raise SettingsError("; ".join(lines)) from error
