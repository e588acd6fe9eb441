"""Entities: search, one of them, and its records."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.parameters import EntityDetailParameters, EntityId, EntityParameters, TimelineParameters
from api.routes.common import ABSENT, BAD, NOT_READY, answer, page_size, searcher
from xincha.search import answers

routes = APIRouter(prefix="/api/v1", tags=["search"])

Identifier = Annotated[EntityId, Path(description="an `entity_id` of an answer")]


@routes.get(
    "/entities",
    response_model=answers.EntityPage,
    responses={**BAD, **NOT_READY},
    openapi_extra=EntityParameters.documented(),
)
def search_entities(request: Request) -> Response:
    """Find entities by name, code, pinyin and filters."""
    asked = EntityParameters.of(request)
    page_size(request, asked.page_size)
    return answer(searcher(request).entities(asked.as_search()))


@routes.get(
    "/entities/{entity_id}",
    response_model=answers.Entity,
    responses={**BAD, **ABSENT, **NOT_READY},
    openapi_extra=EntityDetailParameters.documented(),
)
def entity(request: Request, entity_id: Identifier) -> Response:
    """Everything that is published about one entity."""
    asked = EntityDetailParameters.of(request)
    return answer(searcher(request).entity(entity_id, asked.as_of))


@routes.get(
    "/entities/{entity_id}/records",
    response_model=answers.RecordPage,
    responses={**BAD, **ABSENT, **NOT_READY},
    openapi_extra=TimelineParameters.documented(),
)
def timeline(request: Request, entity_id: Identifier) -> Response:
    """The records of one entity, newest first."""
    asked = TimelineParameters.of(request)
    size = page_size(request, asked.page_size)
    return answer(searcher(request).timeline(entity_id, asked.kind, size, asked.cursor))
