"""Receipts 查询回执 of what is published now. Nothing is kept of them: a receipt says all itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.limits.asking import asking
from api.limits.costs import PER_ROW
from api.match.answers import BODY, MAX_BODY, MatchRow, body_of, rows_of
from api.parameters import EntityDetailParameters, NoParameters, parse
from api.routes.common import ABSENT, JSON, NOT_READY, TOO_LARGE, UNTAKEN, answer, media_type, operation, searcher
from xincha.receipts.form import Receipt
from xincha.search.questions import EntityId, EntitySearch, Parameters, RecordSearch

if TYPE_CHECKING:
    from xincha.receipts.make import Receipts

routes = APIRouter(prefix="/api/v1/receipts", tags=["receipts"])

Entity = Annotated[EntityId, Path(description="an `entity_id` of an answer")]
Record = Annotated[EntityId, Path(description="a `record_id` of an answer")]
_ANSWER = Field(default=True, description="whether the answer itself is in the receipt, without which it is short")


class RecordReceiptParameters(Parameters):
    """`GET /api/v1/receipts/records/{record_id}`."""

    answer: bool = _ANSWER


class EntityReceiptParameters(EntityDetailParameters):
    """`GET /api/v1/receipts/entities/{entity_id}`."""

    answer: bool = _ANSWER


class RowReceipts(BaseModel):
    """One for each row, in the order of the rows."""

    receipts: list[Receipt]


async def _body(request: Request) -> bytes:
    return await body_of(request, MAX_BODY)


@routes.get("/entities", **operation(Receipt, EntitySearch, NOT_READY))
def entities_receipt(request: Request) -> Response:
    """What a search for entities found: the facts of its page, in their order."""
    return _written(request, receipts(request).entities(parse(request, EntitySearch)))


@routes.get("/entities/{entity_id}", **operation(Receipt, EntityReceiptParameters, ABSENT, NOT_READY))
def entity_receipt(request: Request, entity_id: Entity) -> Response:
    """What is published about one entity: its facts and changes, its newest hundred records and how many there are; of
    a past day without records."""
    asked = parse(request, EntityReceiptParameters)
    return _written(request, receipts(request).company(entity_id, asked.as_of), whole=asked.answer)


@routes.get("/records", **operation(Receipt, RecordSearch, NOT_READY))
def records_receipt(request: Request) -> Response:
    """What a search for records found: the facts of its page, in their order."""
    return _written(request, receipts(request).records(parse(request, RecordSearch)))


@routes.get("/records/{record_id}", **operation(Receipt, RecordReceiptParameters, ABSENT, NOT_READY))
def record_receipt(request: Request, record_id: Record) -> Response:
    """What is published of one record."""
    asked = parse(request, RecordReceiptParameters)
    return _written(request, receipts(request).record(record_id), whole=asked.answer)


@routes.post("/match", **operation(RowReceipts, NoParameters, TOO_LARGE, UNTAKEN, NOT_READY, requestBody=BODY))
def match_receipts(request: Request, body: Annotated[bytes, Depends(_body)]) -> Response:
    """How each row of a list is answered by `POST /api/v1/match`."""
    parse(request, NoParameters)
    rows = rows_of(body)
    media_type(request, JSON)
    asking(request).spend(PER_ROW * len(rows))
    said = [MatchRow.said(row) for row in rows]
    made = receipts(request).rows(said, searcher(request).matcher.match(rows))
    return answer({"receipts": [each.model_dump() for each in receipts(request).proven(made)]})


def receipts(request: Request) -> Receipts:
    """What makes receipts."""
    return cast("Receipts", request.app.state.receipts)


def _written(request: Request, receipt: Receipt, *, whole: bool = True) -> Response:
    """A whole one has the proof along; a short one is for paper."""
    return answer((receipts(request).proven([receipt])[0] if whole else short(receipt)).model_dump())


def short(receipt: Receipt) -> Receipt:
    """A receipt without its answer: what stands on paper."""
    return receipt.model_copy(update={"answer": None})
