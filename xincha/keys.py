"""Keys of callers: named, with an end, revocable; kept as hashes in one file of the data folder.

A key is `xincha_` and 43 characters that stand for 256 bits of chance. So much chance cannot be guessed, therefore a
plain SHA-256 keeps it safe at rest: nothing slower would help. It is shown once, when it is made, and is in no log.

A service that runs sees a change of the file with the next key that it is shown.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from xincha.errors import BadParameter, KeysUnreadable, UnknownKey
from xincha.shared_file import SharedFile

FILE = "keys.json"
PREFIX = "xincha_"
NAME = re.compile(r"\w[\w.-]{0,63}")
_SECRET_BYTES = 32
_LONGEST = 200
"""Characters of what may be a key."""


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key. `sha256` of the whole text, in hexadecimal; times in UTC."""

    name: str
    sha256: str
    made_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def state(self, now: datetime) -> str:
        """`valid`, `expired` or `revoked`."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at and self.expires_at <= now else "valid"


class Keys:
    """The keys of one data folder. Safe to share between threads."""

    def __init__(self, data: Path) -> None:
        self._file = SharedFile(data / FILE, "the keys", _parsed, KeysUnreadable, 0o600)
        self.path = self._file.path

    def check(self, text: str) -> Key:
        """The key that a caller shows; raises `UnknownKey`, `KeysUnreadable`."""
        known = self._file.read().get(_hash(text)) if len(text) <= _LONGEST else None
        if known is None or known.state(_now()) != "valid":
            raise UnknownKey("this key is not known here, was revoked, or is over: ask who gave it to you for another")
        return known

    def listed(self) -> Sequence[Key]:
        """All keys that were ever made, the oldest first."""
        return sorted(self._file.read().values(), key=lambda key: key.made_at)

    def make(self, name: str, lasts: timedelta | None) -> tuple[Key, str]:
        """A new key, and its text, which nobody can see again. Raises `BadParameter` for a name that is taken."""
        if not NAME.fullmatch(name):
            raise BadParameter(
                f"{name!r} cannot name a key: letters, digits, dot, dash and underscore, at most 64", parameter="NAME"
            )
        text, now = PREFIX + secrets.token_urlsafe(_SECRET_BYTES), _now()
        made = Key(name, _hash(text), now, now + lasts if lasts else None)
        with self._file.changing():
            keys = self.listed()
            if any(key.name == name and key.state(now) == "valid" for key in keys):
                raise BadParameter(f"there is a valid key {name} already: revoke it, or choose another name",
                                   parameter="NAME")  # fmt: skip
            self._write([*keys, made])
        return made, text

    def revoke(self, name: str) -> Key:
        """Make the valid key of this name worthless; raises `BadParameter` where there is none."""
        with self._file.changing():
            keys, now = self.listed(), _now()
            found = next((key for key in keys if key.name == name and key.state(now) == "valid"), None)
            if found is None:
                raise BadParameter(f"there is no valid key {name}: see `xincha key list`", parameter="NAME")
            revoked = replace(found, revoked_at=now)
            self._write([revoked if key is found else key for key in keys])
        return revoked

    def _write(self, keys: Sequence[Key]) -> None:
        rows = [{name: _text(value) for name, value in asdict(key).items()} for key in keys]
        self._file.write(json.dumps({"keys": rows}, ensure_ascii=False, indent=1))


def _now() -> datetime:
    return datetime.now(UTC)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _parsed(text: str | None) -> Mapping[str, Key]:
    """The keys of a file by their hash."""
    if text is None:
        return {}
    moments = ("made_at", "expires_at", "revoked_at")
    rows = [
        {**row, **{name: datetime.fromisoformat(row[name]) for name in moments if row.get(name)}}
        for row in json.loads(text)["keys"]
    ]
    return {row["sha256"]: Key(**row) for row in rows}


def _text(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
