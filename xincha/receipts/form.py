"""The form of a receipt: a question, the digest of its answer, the day, the data behind it, and a short code for paper.

Digests are SHA-256 of JSON in its canonical form (JCS, RFC 8785), which programs in other languages make as well; of a
file they are of its bytes. The code 校验码 is of question, digest and day: 80 bits in Crockford's base 32, which has no
letters that look alike. Nothing is kept of a receipt: it says all itself.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Mapping
from typing import Any, Literal

import orjson
import rfc8785
from pydantic import BaseModel, Field

FORMAT: Literal["xincha-receipt/1"] = "xincha-receipt/1"
CANONICAL: Literal["RFC 8785"] = "RFC 8785"
BYTES: Literal["bytes"] = "bytes"
_BITS_OF_CODE = 80
_GROUP = 4
_LARGEST = 2**53 - 1
_TO_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


class DataVersion(BaseModel):
    """Which data answered. Versions are names of published indices."""

    entities: str
    records: str
    loaded_at: str | None = Field(description="when the newest load was complete")
    published_at: str
    content_until: str | None = Field(description="newest day that anything of the data tells of")


class RulesVersion(BaseModel):
    """By which rules it was decided what is shown."""

    version: str = Field(description="hash of the program's rules of publicity")
    publicity: str = Field(description="XINCHA_PUBLICITY")
    repaired: str = Field(description="XINCHA_REPAIRED")


class LogProof(BaseModel):
    """Proof that the data behind a receipt was published and signed: a line of the log of loads and publishes."""

    entry: str = Field(description="the line: which versions of the indices were published, and the roots over them")
    proof: str = Field(description="that the signed log has it (C2SP tlog-proof), with a signed checkpoint")


class Receipt(BaseModel):
    """What was asked and answered. Whoever has it can check that it is whole: `xincha verify`, or `/verify`."""

    receipt: Literal["xincha-receipt/1"]
    question: dict[str, Any] = Field(description="`of`: what for; beside it by what: an identifier, conditions")
    answer: Any = Field(default=None, description="what was published, without sources and wording; null: left out")
    form: Literal["RFC 8785", "bytes"] = Field(description="of what `sha256` is: canonical JSON, or a file's bytes")
    sha256: str = Field(description="of the answer")
    day: str = Field(description="the day that the answer is about, in China")
    code: str = Field(description="校验码, of question, sha256 and day")
    data: DataVersion
    rules: RulesVersion
    program: str = Field(description="version of the program")
    service: str | None = Field(description="public address of the service, where it is set")
    log: LogProof | None = Field(default=None, description="null: nothing is signed here, or it was left out")


def canonical(value: object) -> bytes:
    """JSON in its one canonical form (RFC 8785)."""
    return rfc8785.dumps(_plain(orjson.loads(orjson.dumps(value))))


def _plain(value: Any) -> Any:
    """Whole numbers that JSON's numbers cannot hold become what programs in other languages read: the nearest one."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return list(map(_plain, value))
    return float(value) if isinstance(value, int) and abs(value) > _LARGEST else value


def versions_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The versions of indices that a line of the log published; nothing of a line of another kind."""
    indices = entry.get("indices") if entry.get("kind") == "publish" else None
    return {name: told.get("version") for name, told in indices.items()} if isinstance(indices, dict) else {}


def digest_of(value: object) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def code_of(question: Mapping[str, Any], sha256: str, day: str) -> str:
    """The short code: `7Q2M-9K3D-0ZRT-HB41`."""
    digest = hashlib.sha256(canonical({"question": question, "sha256": sha256, "day": day})).digest()
    text = b32encode(digest[: _BITS_OF_CODE // 8]).decode().translate(_TO_CROCKFORD)
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def same_code(one: str, other: str) -> bool:
    """Whether two codes are the same as people read and type them."""
    return _read(one) == _read(other)


def _read(code: str) -> str:
    return "".join(filter(str.isalnum, code.upper())).translate(_MISREAD)
