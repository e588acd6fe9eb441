"""Bytes and numbers as notes, checkpoints and proofs write them: base64, and whole numbers without a sign."""

from __future__ import annotations

import base64
import binascii


def encode(data: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(data).decode()


def decode(text: str) -> bytes:
    """What base64 stands for; nothing where it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def is_number(text: str) -> bool:
    """Whether it is a number as a program writes it."""
    return text.isascii() and text.isdigit() and len(text) < 19 and text == str(int(text))
