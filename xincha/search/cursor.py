"""Opaque cursors: where the next page begins, bound to the search that handed them out.

A cursor is base64url of a few numbers and a hash of the search; it holds nothing that was typed. A damaged one, or one
of another search, is a `BadCursor`.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import orjson

from xincha.engine.contract import Hit
from xincha.engine.query import Value
from xincha.errors import BadCursor, UnsupportedQuery

_LONGEST = 2000
Position = list[Value | None]


def binding(*search: object) -> str:
    """Short hash of what a cursor belongs to."""
    return hashlib.blake2b(repr(search).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def write(bound: str, kind: str, position: Sequence[Value | None]) -> str:
    """The cursor of a position."""
    values = [["d", value.isoformat()] if isinstance(value, date) else value for value in position]
    return urlsafe_b64encode(orjson.dumps([bound, kind, values])).decode().rstrip("=")


def following(size: int, bound: str, kind: str, at: int, hits: Sequence[Hit]) -> str | None:
    """The cursor of the page after one of `size` hits; `None` if there are no more `hits` than these."""
    return write(bound, kind, [at, *hits[size - 1].sort]) if len(hits) > size else None


def read(cursor: str, bound: str) -> tuple[str, Position]:
    """Kind and position of a cursor."""
    try:
        if len(cursor) > _LONGEST:
            raise ValueError("too long")
        search, kind, values = orjson.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        position = list(map(_value, values))
    except (ValueError, TypeError) as error:
        raise damaged() from error
    if search != bound or not isinstance(kind, str):
        raise damaged("the cursor belongs to another search")
    return kind, position


def read_sorted(cursor: str, bound: str, keys: int) -> tuple[int, Position]:
    """Of a cursor in the order of fields: which try answered, and the sort keys of the last hit seen."""
    kind, position = read(cursor, bound)
    match position:
        case [int(at), *after] if kind == "sorted" and len(after) == keys:
            return at, after
    raise damaged()


@contextmanager
def trusted(cursor: str | None) -> Iterator[None]:
    """Anybody can write a cursor: values in it that an engine refuses are the fault of the cursor."""
    try:
        yield
    except UnsupportedQuery as error:
        if cursor:
            raise damaged() from error
        raise


def damaged(message: str = "the cursor is damaged") -> BadCursor:
    """The error for a cursor whose position cannot be one of this search."""
    allowed = "the cursor of the page before, with all other parameters unchanged"
    return BadCursor(message, parameter="cursor", allowed=allowed)


def _value(value: object) -> Value | None:
    match value:
        case ["d", str(text)]:
            return date.fromisoformat(text)
        case None | str() | int() | float():
            return value
    raise ValueError("no value")
