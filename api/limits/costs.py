"""What a request costs, in units: a page is one.

The first table is what a request costs before anything of it is read; the second what its contents cost besides, which
the endpoints say once they have read them (`Asking.spend`). docs/limits.md shows both.
"""

from __future__ import annotations

from collections.abc import Mapping

from xincha.kinds.topics import TOPICS

PAGE = 1.0
FREE = 0.0
LITTLE = 0.1
KEY_STROKE = 0.25
FIGURES = 3.0
EXPORT = 20.0
LIST = 20.0
TOLD = 2.0

WRITTEN = ("/entity/", "/record", "/search", "/guide/", *(f"/{name}" for name in TOPICS))
"""Addresses of the page whose answers need the engine."""

BY_ADDRESS: Mapping[str, tuple[float, str]] = {
    "/healthz": (FREE, "whether the process lives"),
    "/readyz": (PAGE, "whether searches are answered"),
    "/api/v1/export/": (EXPORT, "a whole result as a file"),
    "/api/v1/stats": (FIGURES, "figures, counted over all that is found"),
    "/api/v1/suggest": (KEY_STROKE, "what is asked while somebody types"),
    "/api/v1/changes": (TOLD, "what changed since a cursor"),
    "/api/v1/watches": (TOLD, "a watch list, and what changed of it"),
    "/api/v1/receipts/": (TOLD, "a receipt: a question asked again, and its digest"),
    "/api/": (PAGE, "everything else of the API"),
    "/reconcile": (PAGE, "reconciliation, with what is asked in it below"),
    "/feeds/": (TOLD, "what is new, as an Atom feed"),
    "/files/index.json": (PAGE, "what releases there are"),
    "/files/": (EXPORT, "a file of a release"),
    "/mcp": (PAGE, "a question of an assistant"),
    "/sitemap": (EXPORT, "maps of the page for search engines"),
    "/stats": (FIGURES, "the page of figures, written with them"),
    **dict.fromkeys(
        WRITTEN, (TOLD, "the page of an entity, a record, a list or an explanation, written with what it shows")
    ),
    "/watch/": (PAGE, "the page of a watch list"),
    "/": (LITTLE, "the rest of the page, and its files"),
}
"""What an address begins with → units and what it is; the first that fits counts."""

PER_ROW = 0.25
PER_LIST_ROW = 0.01
PER_QUERY = 0.25
PER_ENTITY = 0.1
PER_WATCHED = 0.002

BY_CONTENT: Mapping[str, tuple[float, str]] = {
    "row": (PER_ROW, "of `POST /api/v1/match`, or of `match_companies`"),
    "list": (LIST, "uploaded to `POST /api/v1/match/files`, or written again with judgments"),
    "row of a list": (PER_LIST_ROW, "once the list is answered, also where that is more than is left"),
    "query": (PER_QUERY, "of a reconciliation batch"),
    "watched company": (PER_WATCHED, "of a watch list that is kept, or asked for what changed"),
    "entity": (PER_ENTITY, "of a data extension, or judgment of a row"),
}


def cost_of(path: str) -> float:
    """What a request for this address costs at once."""
    return next((units for start, (units, _) in BY_ADDRESS.items() if path.startswith(start)), LITTLE)


def is_worked_on(path: str) -> bool:
    """Whether an answer needs more than a file of the page, or a word."""
    return path.startswith(
        ("/api/", "/reconcile", "/mcp", "/readyz", "/feeds/", "/files/", "/sitemap", "/stats", *WRITTEN)
    )
