"""From what the search found to what is answered."""

from typing import Any


def entity_page(found: Any) -> Any:
    return found


def entity(found: Any) -> Any:
    return found


def record_page(found: Any) -> Any:
    return found


def record(found: Any) -> Any:
    return found


def suggestions(found: Any) -> Any:
    return found
