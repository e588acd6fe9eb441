"""Texts and addresses that the page and what the server writes have in common: `catalogues/`.

The page compiles the same files into itself (`frontend/src/catalogues`). Values stand in braces: `{name}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, cast

import orjson
from markupsafe import Markup, escape


@cache
def _read(name: str) -> Any:
    return orjson.loads(files("api.html").joinpath("catalogues", name).read_bytes())


def text(key: str, **values: object) -> Markup:
    """The Chinese message of a key, with its values; what is no markup is escaped."""
    said: Mapping[str, str] = _read("zh/about.json")
    return Markup(re.sub(r"\{(\w+)\}", lambda found: str(escape(values[found[1]])), str(escape(said[key]))))  # noqa: S704


def ways() -> Sequence[Mapping[str, Any]]:
    """Ways to take the data: name, address or command, and whether it can be asked by a browser."""
    return cast("Sequence[Mapping[str, Any]]", _read("ways.json"))
