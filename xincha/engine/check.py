"""What a document may hold, the same for every engine.

`fault_of` says in words what is wrong with one value of a field; `refused` finds the value for which a document cannot
be written. Drivers check quickly and in their own way while documents run through; only where one was refused it is
looked at again here, field by field, since that happens once a build.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from xincha.engine.contract import Document
from xincha.engine.fields import Field
from xincha.errors import BuildFailed

LONGEST_TERM = 32_000
"""Bytes of the longest term. tantivy drops terms over 65,530 bytes without a word, OpenSearch refuses 32,767."""

SUSPICIOUS = LONGEST_TERM // 4
"""Characters of the shortest text that could hold a longer term: UTF-8 takes four bytes for a character at most."""

INT_MIN, INT_MAX = -(2**63), 2**63 - 1

_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "key": (str,),
    "text": (str,),
    "date": (date,),
    "int": (int,),
    "float": (float, int),
}


def finite(number: float) -> float:
    """A number that can be indexed: never infinite, and never -0.0, which engines hold for another number."""
    if not math.isfinite(number):
        raise ValueError
    return number + 0.0


def refuse_long(terms: Sequence[str]) -> None:
    """Raise `ValueError` where a term is too long, or is no text."""
    if any(len(term.encode()) > LONGEST_TERM for term in terms):
        raise ValueError


def refused(engine: str, document: Document, fields: Mapping[str, Field]) -> BuildFailed:
    """The error for a document that was refused: names document, field and reason."""
    identifier = document.get("id")
    if not isinstance(identifier, str) or not identifier:
        return BuildFailed(f"{engine}: a document has no `id`, only {', '.join(map(str, document))}")
    for name, value in document.items():
        if reason := fault_of(fields, name, value):
            return BuildFailed(f"{engine}: document {identifier!r}, field {name!r}: {reason}")
    return BuildFailed(f"{engine}: document {identifier!r} cannot be indexed")


def fault_of(fields: Mapping[str, Field], name: str, value: object) -> str | None:
    """What is wrong with what a document says of a field; `None` where nothing is."""
    if name == "source":
        return None if isinstance(value, bytes) else f"expects bytes, got {type(value).__name__}"
    field = fields.get(name)
    if field is None:
        return "is not declared for this index"
    if field.many and not isinstance(value, list):
        return f"takes a list, got {type(value).__name__}"
    values: Sequence[object] = value if field.many and isinstance(value, list) else [value]
    return next((fault for fault in (_value_fault(field, v) for v in values) if fault), None)


def _value_fault(field: Field, value: object) -> str | None:
    if not isinstance(value, _PYTHON_TYPES[field.type]):
        return f"expects {field.type}, got {type(value).__name__}"
    if isinstance(value, str):
        return _text_fault(value.split() if field.type == "text" else [value])
    if isinstance(value, float) and not math.isfinite(value):
        return f"expects a finite number, got {value}"
    if isinstance(value, int) and not INT_MIN <= value <= INT_MAX:
        return "is beyond 64 bits"
    return None


def _text_fault(terms: Sequence[str]) -> str | None:
    try:
        longest = max((len(term.encode()) for term in terms), default=0)
    except UnicodeEncodeError:
        return "holds half a surrogate pair"
    return f"holds a term of {longest:,} bytes; at most {LONGEST_TERM:,}" if longest > LONGEST_TERM else None
