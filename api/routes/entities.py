"""Entities: search, one of them, and its records."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api import answers, models
from api.parameters import EntityDetailParameters, EntityId, EntityParameters, TimelineParameters
from api.routes.common import ABSENT, BAD, NOT_READY, answer, page_size, searcher

routes = APIRouter(prefix="/api/v1", tags=["search"])

Identifier = Annotated[EntityId, Path(description="an `entity_id` of an answer")]


@routes.get("/entities", response_model=models.EntityPage, responses={**BAD, **NOT_READY})
def search_entities(request: Request, asked: Annotated[EntityParameters, Query()]) -> Response:
    """Find entities by name, code, pinyin and filters."""
    page_size(request, asked.page_size)
    return answer(answers.entity_page(searcher(request).entities(asked.as_search())))


@routes.get("/entities/{entity_id}", response_model=models.Entity, responses={**BAD, **ABSENT, **NOT_READY})
def entity(request: Request, entity_id: Identifier, asked: Annotated[EntityDetailParameters, Query()]) -> Response:
    """Everything that is published about one entity."""
    return answer(answers.entity(searcher(request).entity(entity_id, asked.as_of)))


@routes.get("/entities/{entity_id}/records", response_model=models.RecordPage, responses={**BAD, **ABSENT, **NOT_READY})
def timeline(request: Request, entity_id: Identifier, asked: Annotated[TimelineParameters, Query()]) -> Response:
    """The records of one entity, newest first."""
    size = page_size(request, asked.page_size)
    return answer(answers.record_page(searcher(request).timeline(entity_id, asked.kind, size, asked.cursor)))
