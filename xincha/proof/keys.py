"""Which keys an installation has: the one that signs, where it lies here, and those that checks believe."""

from __future__ import annotations

from urllib.parse import urlsplit

from xincha.errors import SettingsError
from xincha.proof.log import ORIGIN
from xincha.proof.notes import SigningKey, VerifyKey
from xincha.settings import Settings


def signing_key(settings: Settings) -> SigningKey | None:
    """The private key of this machine, if it has one; raises `ProofError` where it cannot be read, `SettingsError`
    where it is not that of `XINCHA_VERIFY_KEY`."""
    if settings.signing_key is None:
        return None
    key = SigningKey.read(settings.signing_key)
    if settings.verify_key and VerifyKey.parse(settings.verify_key) != key.verify_key:
        raise SettingsError("XINCHA_VERIFY_KEY: is not the public key of the one in XINCHA_SIGNING_KEY")
    return key


def verify_key(settings: Settings) -> VerifyKey | None:
    """The public key that signatures are checked by, if one is known; raises `ProofError`, `SettingsError`."""
    if settings.verify_key:
        return VerifyKey.parse(settings.verify_key)
    key = signing_key(settings)
    return key.verify_key if key else None


def origin(settings: Settings) -> str:
    """What the log is called in its checkpoints: as its key, or else as the host of the public address."""
    key = verify_key(settings)
    return key.name if key else urlsplit(settings.base_url).hostname or ORIGIN
