"""The operator's file of webhooks: who is sent what changed, signed with which secret.

    {"webhooks": [{"name": "erp", "url": "https://erp.example/xincha", "secret": "whsec_…", "watch": "SHA-256"}]}

`watch` is the `sha256` of a watch list, as the list's page and its API say it; without it, everything that changes.
"""

from __future__ import annotations

import base64
import stat
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from xincha.errors import WebhooksUnreadable

MOST = 100
"""Webhooks of one file."""
_LONGEST = 2000
_LEAST_BYTES, _MOST_BYTES = 24, 64
"""Bytes of a secret, as the specification has them."""


def _usable(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("is no address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0 or "@" in parts.netloc:
        raise ValueError("takes an address like https://erp.example/xincha, without user and password")
    if parts.fragment or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("takes ASCII without spaces, and no #…")
    return url


def _secret(text: SecretStr) -> SecretStr:
    begin, _, key = text.get_secret_value().partition("_")
    try:
        size = len(base64.b64decode(key, validate=True)) if begin == "whsec" else 0
    except ValueError:
        size = 0
    if not _LEAST_BYTES <= size <= _MOST_BYTES:
        raise ValueError(f"takes whsec_ and base64 of {_LEAST_BYTES} to {_MOST_BYTES} bytes: see docs/watching.md")
    return text


class Hook(BaseModel):
    """One receiver. `name`: how reports and what is kept call it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: str = Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$")
    url: Annotated[str, Field(max_length=_LONGEST), AfterValidator(_usable)]
    secret: Annotated[SecretStr, AfterValidator(_secret)]
    watch: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    webhooks: list[Hook] = Field(max_length=MOST)


def read_hooks(path: Path) -> list[Hook]:
    """The webhooks of a file; raises `WebhooksUnreadable`, which says what is wrong where, and no secret."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise WebhooksUnreadable(f"{path} holds secrets and others may read it ({mode:04o}): chmod 600 {path}")
        hooks = _File.model_validate_json(path.read_bytes()).webhooks
    except OSError as error:
        raise WebhooksUnreadable(f"XINCHA_WEBHOOKS: {path} cannot be read ({error.strerror})") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise WebhooksUnreadable(f"XINCHA_WEBHOOKS: {path}, {where}: {first['msg']}") from None
    names = [hook.name for hook in hooks]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise WebhooksUnreadable(f"XINCHA_WEBHOOKS: {path} has two webhooks {twice}: what is kept goes by the name")
    return hooks
