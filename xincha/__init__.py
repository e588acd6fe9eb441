"""The shared middle of Xincha: text, rules, engine, search. No I/O of source files, no HTTP.

As a library: `xincha.open(folder)` gives what `xincha.library` describes.
"""

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    """`open`, which is imported where it is used: everything else here is there without an engine."""
    if name == "open":
        return import_module("xincha.library").open_data
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
