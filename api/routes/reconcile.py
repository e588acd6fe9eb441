"""OpenRefine's Reconciliation Service API: version 0.2 at `/reconcile`, version 1.0-draft at `/reconcile/v1`.

Version 0.2 takes forms at one address, 1.0-draft JSON at an address for each thing; JSON sent to `/reconcile` is taken
as 1.0-draft. Any page of any site may ask here (`CorsMiddleware`): nothing of a visitor's
session goes with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

import orjson
from fastapi import APIRouter, Depends, Path, Request
from pydantic import Field, ValidationError
from starlette.responses import HTMLResponse, Response

from api.addresses import full_address, public_address
from api.limits.asking import asking
from api.limits.costs import PER_ENTITY, PER_QUERY
from api.match.answers import body_of
from api.parameters import NoParameters, documented, parse
from api.reconcile import models, pages, properties
from api.reconcile.queries import (
    BATCH_SIZE,
    MOST_ENTITIES,
    MOST_PROPERTIES,
    QUERY_10,
    Extension,
    read_02,
    read_10,
)
from api.reconcile.service import as_02, extend, reconcile, refused, suggested
from api.routes.common import ABSENT, BAD, JSON, NOT_READY, TOO_LARGE, UNTAKEN, answer, media_type, operation, searcher
from xincha.errors import NotFound
from xincha.limits import MAX_ID, MAX_VALUES
from xincha.search.questions import Parameters, Typed

MAX_BODY = 1 << 20
MAX_ADDRESSED = 1 << 16
"""Characters of queries in an address; a body holds more."""
MOST_SUGGESTED = 10

_FORM = "application/x-www-form-urlencoded"

routes = APIRouter(prefix="/reconcile", tags=["reconcile"])

What = Annotated[Literal["entity", "property", "type"], Path(description="what is suggested")]


class _Lenient(Parameters, extra="ignore"):
    """Parameters of a protocol with many clients: what is not known is not used."""


class FormParameters(_Lenient):
    """`GET /reconcile`."""

    longest = MAX_ADDRESSED

    queries: str | None = Field(
        default=None, max_length=MAX_ADDRESSED, description="queries of version 0.2 by key, as JSON"
    )
    extend: str | None = Field(default=None, max_length=MAX_ADDRESSED, description="a data extension query, as JSON")


class SuggestedParameters(_Lenient):
    """`GET /reconcile/suggest/…`."""

    prefix: Typed = Field(default="", description="what was typed so far; of properties and types, nothing: all")
    cursor: int = Field(default=0, ge=0, le=1000, description="how many suggestions to leave out")


class IdParameters(_Lenient):
    """`GET /reconcile/preview` and `/reconcile/flyout/…`."""

    id: str = Field(max_length=MAX_ID, description="identifier of what is shown")


class ProposeParameters(_Lenient):
    """`GET /reconcile/extend/propose`."""

    type: str = Field(default="", max_length=MAX_ID, description="type of the entities; all have the same properties")
    limit: int | None = Field(default=None, ge=1, le=1000, description="most properties")


async def _sent(request: Request) -> bytes:
    return await body_of(request, MAX_BODY)


Sent = Annotated[bytes, Depends(_sent)]


def _json(name: str, text: str | bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise refused(name, "is no JSON") from None


def _extension(text: str | bytes) -> Extension:
    try:
        return Extension.model_validate(_json("extend", text))
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        raise refused(f"extend.{'.'.join(map(str, wrong['loc']))}"[:100], wrong["msg"]) from None


def _meta(extension: Extension) -> list[dict[str, str]]:
    known = properties.PROPERTIES
    return [
        {"id": each.id, "name": known[each.id].head if each.id in known else each.id} for each in extension.properties
    ]


def _object(required: Sequence[str] = (), **properties: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of an object."""
    return {"type": "object", **({"required": required} if required else {}), "properties": properties}


def _array(most: int, items: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a list of at most so many."""
    return {"type": "array", "maxItems": most, "items": items}


_TEXT = {"type": "string", "contentMediaType": JSON, "maxLength": MAX_BODY}
_ID = {"type": "string", "maxLength": MAX_ID}
_QUERIES = _object(["queries"], queries=_array(BATCH_SIZE, QUERY_10))
_IDS = _array(MOST_ENTITIES, _ID)
_WANTED = _array(MOST_PROPERTIES, _object(["id"], id=_ID, settings={"type": "object", "maxProperties": MAX_VALUES}))
_EXTENSION = _object(["ids", "properties"], ids=_IDS, properties=_WANTED)


def _sending(model: Any, schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What a route tells of itself that takes a body of one of these media types, and answers a model."""
    body = {"required": True, "content": {media: {"schema": schema} for media, schema in schemas.items()}}
    return operation(model, NoParameters, TOO_LARGE, NOT_READY, UNTAKEN, requestBody=body)


@routes.get("", **operation(models.ReconcileAnswer02, FormParameters, TOO_LARGE, NOT_READY))
def reconcile_02(request: Request) -> Response:
    """The manifest of version 0.2; with `queries` or `extend`, what they ask."""
    form = parse(request, FormParameters).model_dump(exclude_none=True)
    return _answer_02(request, form) if form else answer(pages.manifest_02(full_address(request)))


@routes.post("", **_sending(models.ReconcileAnswer, {_FORM: _object(queries=_TEXT, extend=_TEXT), JSON: _QUERIES}))
def reconcile_sent(request: Request, sent: Sent) -> Response:
    """A form: queries or a data extension query of version 0.2. JSON: queries of version 1.0-draft."""
    if media_type(request, _FORM, JSON) == JSON:
        return _answer_10(request, sent)
    try:
        form = dict(parse_qsl(sent.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20))
    except ValueError:
        raise refused("body", "has too many fields") from None
    return _answer_02(request, form)


def _answer_02(request: Request, form: Mapping[str, str]) -> Response:
    if "queries" in form:
        batch = _json("queries", form["queries"])
        if not isinstance(batch, dict):
            raise refused("queries", "is no object")
        if any(len(key) > MAX_ID for key in batch):
            raise refused("queries", f"a key of more than {MAX_ID} characters")
        asking(request).spend(PER_QUERY * min(len(batch), BATCH_SIZE))
        results = reconcile(searcher(request), list(batch.values()), read_02)
        return answer(dict(zip(batch, map(as_02, results), strict=True)))
    if "extend" in form:
        extension = _extension(form["extend"])
        asking(request).spend(PER_ENTITY * min(len(extension.ids), MOST_ENTITIES))
        return answer({"meta": _meta(extension), "rows": extend(searcher(request), extension)})
    raise refused("queries", "missing, and so is extend")


def _answer_10(request: Request, sent: bytes) -> Response:
    batch = _json("queries", sent)
    queries = batch.get("queries") if isinstance(batch, dict) else None
    if not isinstance(queries, list):
        raise refused("queries", "is no list")
    asking(request).spend(PER_QUERY * min(len(queries), BATCH_SIZE))
    return answer({"results": reconcile(searcher(request), queries, read_10)})


@routes.get("/v1", **operation(models.ReconcileManifest, NoParameters))
def reconcile_manifest(request: Request) -> Response:
    """The manifest of version 1.0-draft."""
    return answer(pages.manifest_10(full_address(request)))


@routes.post("/v1/reconcile", include_in_schema=False)  # its name in earlier drafts
@routes.post("/v1/match", **_sending(models.ReconcileResults, {JSON: _QUERIES}))
def reconcile_match(request: Request, sent: Sent) -> Response:
    """Candidates for each query of version 1.0-draft, in their order."""
    media_type(request, JSON)
    return _answer_10(request, sent)


@routes.post("/v1/extend", **_sending(models.ReconcileExtended, {JSON: _EXTENSION}))
def reconcile_extend(request: Request, sent: Sent) -> Response:
    """Values of properties of entities, version 1.0-draft."""
    media_type(request, JSON)
    extension = _extension(sent)
    asking(request).spend(PER_ENTITY * min(len(extension.ids), MOST_ENTITIES))
    rows = [
        {"id": entity, "properties": [{"id": name, "values": values} for name, values in facts.items()]}
        for entity, facts in extend(searcher(request), extension).items()
    ]
    return answer({"meta": _meta(extension), "rows": rows})


_SUGGEST = operation(models.Suggested, SuggestedParameters, NOT_READY)


@routes.get("/v1/suggest/{what}", name="reconcile_suggest_v1", **_SUGGEST)
@routes.get("/suggest/{what}", **_SUGGEST)
def reconcile_suggest(request: Request, what: What) -> Response:
    """Entities, properties or types that fit what was typed."""
    question = parse(request, SuggestedParameters)
    end = question.cursor + MOST_SUGGESTED
    if what == "entity":
        typed = question.prefix.strip()
        fitting: Sequence[Mapping[str, Any]] = suggested(searcher(request), typed, end) if typed else []
    else:
        fitting = properties.fitting(what, question.prefix)
        end = len(fitting)
    return answer({"result": fitting[question.cursor : end]})


_PROPOSE = operation(models.ReconcileProposed, ProposeParameters)


@routes.get("/v1/extend/propose", name="reconcile_propose_v1", **_PROPOSE)
@routes.get("/extend/propose", **_PROPOSE)
def reconcile_propose(request: Request) -> Response:
    """Properties whose values may be fetched."""
    question = parse(request, ProposeParameters)
    proposed = properties.fitting("property")[: question.limit]
    return answer({"properties": proposed, **{name: value for name, value in question if value}})


_HTML = {"content": {"text/html": {"schema": {"type": "string"}}}}
_PREVIEW: dict[str, Any] = {
    "response_class": HTMLResponse,
    "responses": {200: _HTML, **BAD, 404: {**_HTML, "description": "there is no such entity"}, **NOT_READY},
    "openapi_extra": documented(IdParameters),
}


@routes.get("/v1/preview", name="reconcile_preview_v1", **_PREVIEW)
@routes.get("/preview", **_PREVIEW)
def reconcile_preview(request: Request) -> Response:
    """A small page about an entity; any site may show it in a frame."""
    wanted = parse(request, IdParameters).id
    entity = searcher(request).entities.several([wanted]).get(wanted)
    page = pages.preview(entity, public_address(request)) if entity else pages.page("装载的登记信息里没有这个主体", "")
    headers = {"content-security-policy": pages.PREVIEW_POLICY, "cache-control": "private, no-store"}
    return HTMLResponse(page, 200 if entity else 404, headers)


@routes.get("/flyout/{what}", **operation(models.Flyout, IdParameters, ABSENT, NOT_READY))
def reconcile_flyout(request: Request, what: What) -> Response:
    """A few lines of HTML about what was suggested (version 0.2)."""
    wanted = parse(request, IdParameters).id
    if what == "entity":
        entity = searcher(request).entities.several([wanted]).get(wanted)
        html = pages.fragment(entity) if entity else None
    else:
        html = next((pages.flyout(each) for each in properties.fitting(what) if each["id"] == wanted), None)
    if html is None:
        raise NotFound(f"there is no such {what}")
    return answer({"id": wanted, "html": html})
