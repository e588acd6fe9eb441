"""Signed notes (C2SP signed-note): a text, and below it one line for each signature, by Ed25519.

A key is one line of text: `NAME+HASH+BASE64`, a private one with `PRIVATE+KEY+` before it. Its name says whose it is,
as a host and a path; its hash, what the signature lines name it by. `cryptography` signs and checks.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from xincha.errors import ProofError
from xincha.proof.coded import decode, encode

_ED25519 = b"\x01"
_PRIVATE = "PRIVATE+KEY+"
_DASH = "\u2014 "
_SEED = 32
MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """A public key. `text`: as it is handed on."""

    name: str
    public: bytes

    @property
    def hash(self) -> bytes:
        """Four bytes by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key as one line."""
        return f"{self.name}+{self.hash.hex()}+{encode(_ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifyKey:
        """The key of a line; raises `ProofError`."""
        name, key_hash, key = _parts(text.strip(), "a public key")
        made = cls(name, key)
        if made.hash.hex() != key_hash:
            raise ProofError(f"the public key of {name} does not have the hash that it names: copy it again, whole")
        return made

    def signed(self, text: str, signature: bytes) -> bool:
        """Whether a signature of this key stands under the text."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A private key, which is shown in no message."""

    name: str
    seed: bytes

    @classmethod
    def make(cls, name: str) -> SigningKey:
        """A new key of this name; raises `ProofError` for a name that notes cannot hold."""
        if not _usable(name):
            raise ProofError(f"{name!r} cannot name a key: take a host like register.example.org, without spaces or +")
        return cls(name, os.urandom(_SEED))

    @classmethod
    def read(cls, path: Path) -> SigningKey:
        """The key in a file; raises `ProofError`, and never shows it."""
        try:
            text = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
            raise ProofError(f"{path}: the private key cannot be read ({why})") from None
        if not text.startswith(_PRIVATE):
            raise ProofError(f"{path}: is no private key; make one with `xincha key signing`")
        name, key_hash, seed = _parts(text.removeprefix(_PRIVATE), f"{path}: a private key")
        made = cls(name, seed)
        if made.verify_key.hash.hex() != key_hash:
            raise ProofError(f"{path}: the private key is damaged; restore it from its copy")
        return made

    @property
    def text(self) -> str:
        """The key as one line, for its file alone."""
        return f"{_PRIVATE}{self.name}+{self.verify_key.hash.hex()}+{encode(_ED25519 + self.seed)}"

    @property
    def verify_key(self) -> VerifyKey:
        """What checks its signatures."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return VerifyKey(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def write(self, path: Path) -> None:
        """A new file, for its owner alone; raises `ProofError` where there is one."""
        try:
            opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise ProofError(f"{path}: the key cannot be written there ({error.strerror}); name a new file") from None
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            file.write(self.text + "\n")

    def sign(self, text: str) -> str:
        """The text as a note with this signature; it has to end with a line's end."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if not text.endswith("\n") or not text.strip():
            raise ProofError("only whole lines of text can be signed")
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"{text}\n{_DASH}{self.name} {encode(self.verify_key.hash + signature)}\n"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A note as it was read. `signers`: the keys, of those that were given, whose signatures are right."""

    text: str
    signers: Sequence[VerifyKey]


def read(note: str, keys: Sequence[VerifyKey]) -> SignedNote:
    """Take a note apart, and check it by these keys; signatures of others are passed over.

    Raises `ProofError` for what is no note, for a wrong signature of one of the keys, and where none of them signed.
    """
    found = opened(note, keys)
    if not found.signers:
        names = ", ".join(f"{key.name}+{key.hash.hex()}" for key in keys) or "no key, for none was given"
        raise ProofError(f"the note is not signed by {names}")
    return found


def opened(note: str, keys: Sequence[VerifyKey]) -> SignedNote:
    """`read` that leaves it to who asks whether nobody's signature is enough."""
    text, found, below = note.rpartition("\n\n")
    lines = below.removesuffix("\n").split("\n")
    if not found or len(note) > MAX_BYTES or not below.endswith("\n") or not all(map(_is_signature, lines)):
        raise ProofError("this is no signed note: a text, an empty line, and signatures are expected")
    text += "\n"
    signers = []
    for line in lines:
        name, _, coded = line.removeprefix(_DASH).rpartition(" ")
        signature = decode(coded)
        for key in keys:
            if key.name == name and key.hash == signature[:4]:
                if not key.signed(text, signature[4:]):
                    raise ProofError(f"the signature of {name} is not that of this text: one of both was altered")
                signers.append(key)
    return SignedNote(text, signers)


def _is_signature(line: str) -> bool:
    name, space, coded = line.removeprefix(_DASH).rpartition(" ")
    return line.startswith(_DASH) and bool(space) and _usable(name) and len(decode(coded)) > len(b"hash")


def _usable(name: str) -> bool:
    return bool(name) and "+" not in name and not any(each.isspace() for each in name) and name.isprintable()


def _parts(text: str, what: str) -> tuple[str, str, bytes]:
    """Name, hash and bytes of a key's line."""
    name, _, rest = text.partition("+")
    key_hash, _, coded = rest.partition("+")
    key = decode(coded)
    if not _usable(name) or key[:1] != _ED25519 or len(key) != 1 + _SEED:
        raise ProofError(f"{what} has to be a line NAME+HASH+BASE64 of an Ed25519 key")
    return name, key_hash, key[1:]
