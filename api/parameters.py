"""Query parameters → a question, of `xincha.search.questions` or of those here; and how the parameters are described.

Endpoints read theirs by `parse`, not by the framework, which inspects every annotation again for each request: that
took twice the time of everything else around a search. Whatever is wrong is answered with 400.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import Field

from xincha.errors import BadParameter
from xincha.search.questions import CursorText, IsoDate, Many, PageSize, Parameters, RecordKind, Typed

if TYPE_CHECKING:
    from fastapi import Request

    from xincha.settings import Settings

Q = TypeVar("Q", bound=Parameters)


def parse(request: Request, question: type[Q]) -> Q:
    """The question that a request asks; raises a `QueryError` if it asks none, or a larger page than are given here."""
    asked = question.read(request.query_params.multi_items())
    most = cast("Settings", request.app.state.settings).max_page_size
    if getattr(asked, "page_size", 0) > most:
        raise BadParameter("page_size: larger than this service gives", parameter="page_size", allowed=f"1 to {most}")
    return asked


def documented(question: type[Parameters]) -> dict[str, Any]:
    """The parameters of a question, if it has any, as a part of an OpenAPI operation."""
    schema = question.model_json_schema()
    required, properties = schema.get("required", ()), schema["properties"].items()
    return (
        {"parameters": [_documented(name, each, name in required) for name, each in properties]} if properties else {}
    )


def _documented(name: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
    """One parameter. One that may be left out is not one that may be the word "null"."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    shown = {key: value for key, value in schema.items() if key not in {"anyOf", "title"}}
    if len(choices) == 1:
        shown = {key: value for key, value in {**choices[0], **shown}.items() if (key, value) != ("default", None)}
    text = shown.pop("description", "")
    return {"name": name, "in": "query", "required": required, "schema": shown, "description": text}


class TimelineParameters(Parameters):
    """`GET /api/v1/entities/{entity_id}/records`."""

    kind: Many[RecordKind] = Field(default=(), description="kind of record; without it: all")
    page_size: PageSize = 20
    cursor: CursorText | None = None


class CompanyFeedParameters(Parameters):
    """`GET /feeds/entities/{entity_id}.atom`."""

    kind: Many[RecordKind] = Field(default=(), description="kind of record; without it: all, and the registration")
    cursor: CursorText | None = None


class ChangesParameters(Parameters):
    """`GET /api/v1/changes`."""

    since: CursorText | None = Field(
        default=None, description="the `cursor` of an answer; `now`: what comes from now on; without it: everything"
    )
    page_size: PageSize = 100


class WatchFileParameters(Parameters):
    """`GET /api/v1/watches/{watch_id}/changes.csv`."""

    since: CursorText | None = Field(
        default=None, description="where the `Link` of an answer leads; without it: since the list was made"
    )


class EntityDetailParameters(Parameters):
    """`GET /api/v1/entities/{entity_id}`."""

    as_of: IsoDate | None = Field(
        default=None, description="what was known and public on that day; before `known_from`: what was known first"
    )


class SuggestParameters(Parameters):
    """`GET /api/v1/suggest`."""

    q: Typed = Field(description="what was typed so far")
    limit: int = Field(default=8, ge=1, le=20, description="most suggestions")


class NoParameters(Parameters):
    """Endpoints that take none."""
