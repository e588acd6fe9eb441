"""Caches of pure functions of texts that are bounded in number and in length.

Callers decide what is asked, and files what is read: a cache that is bounded in number alone holds as many texts of a
megabyte as it may hold words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from inspect import signature
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


def remembered(most: int, longest: int = 60) -> Callable[[F], F]:
    """`lru_cache(most)` for calls whose texts have at most `longest` characters; others are made anew each time."""

    def decorate(function: F) -> F:
        known = lru_cache(most)(function)

        def of_one(text: str) -> Any:
            return known(text) if len(text) <= longest else function(text)

        def of_several(*values: Any) -> Any:
            return function(*values) if any(map(is_long, values)) else known(*values)

        def is_long(value: object) -> bool:
            return isinstance(value, str) and len(value) > longest

        made = wraps(function)(of_one if len(signature(function).parameters) == 1 else of_several)
        for name in ("cache_info", "cache_clear"):
            setattr(made, name, getattr(known, name))
        return cast("F", made)

    return decorate
