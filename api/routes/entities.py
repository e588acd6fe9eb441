"""Entities: search, one of them, and its records."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.parameters import EntityDetailParameters, TimelineParameters, documented, parse
from api.routes.common import ABSENT, BAD, NOT_READY, answer, searcher
from xincha.search import answers
from xincha.search.questions import EntityId, EntitySearch, Timeline

routes = APIRouter(prefix="/api/v1", tags=["search"])

Identifier = Annotated[EntityId, Path(description="an `entity_id` of an answer")]


@routes.get(
    "/entities",
    response_model=answers.EntityPage,
    responses={**BAD, **NOT_READY},
    openapi_extra=documented(EntitySearch),
)
def search_entities(request: Request) -> Response:
    """Find entities by name, code, pinyin and filters."""
    return answer(searcher(request).entities.page(parse(request, EntitySearch)))


@routes.get(
    "/entities/{entity_id}",
    response_model=answers.Entity,
    responses={**BAD, **ABSENT, **NOT_READY},
    openapi_extra=documented(EntityDetailParameters),
)
def entity(request: Request, entity_id: Identifier) -> Response:
    """Everything that is published about one entity."""
    as_of = parse(request, EntityDetailParameters).as_of
    return answer(searcher(request).entities.one(entity_id, as_of))


@routes.get(
    "/entities/{entity_id}/records",
    response_model=answers.RecordPage,
    responses={**BAD, **ABSENT, **NOT_READY},
    openapi_extra=documented(TimelineParameters),
)
def timeline(request: Request, entity_id: Identifier) -> Response:
    """The records of one entity, newest first."""
    search = Timeline(entity_id=entity_id, **dict(parse(request, TimelineParameters)))
    return answer(searcher(request).timeline(search))
