"""Entities: search, one of them, and its records."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.parameters import EntityDetailParameters, NoParameters, TimelineParameters, parse
from api.routes.common import ABSENT, NOT_READY, answer, operation, page_answer, searcher
from xincha.search import answers
from xincha.search.questions import EntityId, EntitySearch, Timeline
from xincha.search.relatives import Relatives

routes = APIRouter(prefix="/api/v1", tags=["search"])

Identifier = Annotated[EntityId, Path(description="an `entity_id` of an answer")]


@routes.get("/entities", **operation(answers.EntityPage, EntitySearch, NOT_READY))
def search_entities(request: Request) -> Response:
    """Find entities by name, code, pinyin and filters."""
    return page_answer(request, searcher(request).entities.page(parse(request, EntitySearch)))


@routes.get("/entities/{entity_id}", **operation(answers.Entity, EntityDetailParameters, ABSENT, NOT_READY))
def entity(request: Request, entity_id: Identifier) -> Response:
    """Everything that is published about one entity."""
    as_of = parse(request, EntityDetailParameters).as_of
    return answer(searcher(request).entities.one(entity_id, as_of))


@routes.get("/entities/{entity_id}/relatives", **operation(Relatives, NoParameters, ABSENT, NOT_READY))
def relatives(request: Request, entity_id: Identifier) -> Response:
    """Head office and branches of an entity by their names, and who is registered at the same address."""
    parse(request, NoParameters)
    return answer(searcher(request).relatives(entity_id))


@routes.get("/entities/{entity_id}/records", **operation(answers.RecordPage, TimelineParameters, ABSENT, NOT_READY))
def timeline(request: Request, entity_id: Identifier) -> Response:
    """The records of one entity, newest first; with persons whose names stand on this page alone."""
    search = Timeline(entity_id=entity_id, **dict(parse(request, TimelineParameters)))
    return page_answer(request, searcher(request).timeline(search))
