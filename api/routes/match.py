"""Lists of companies → which entity each row means: a thousand rows at once, or a file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.match import BODY, MAX_BODY, MatchResults, body_of, rows_of
from api.parameters import NoParameters
from api.routes.common import BAD, NOT_READY, TOO_LARGE, answer, searcher

routes = APIRouter(prefix="/api/v1/match", tags=["match"])


async def _rows(request: Request) -> bytes:
    return await body_of(request, MAX_BODY)


@routes.post("", response_model=MatchResults, responses={**BAD, **TOO_LARGE, **NOT_READY}, openapi_extra=BODY)
def match(request: Request, body: Annotated[bytes, Depends(_rows)]) -> Response:
    """Which entity each row means: matched, ambiguous or none, with score, candidates and reasons, in the order given.

    A name that several entities bear is ambiguous unless another column decides. A row that cannot be used has its own
    `error`.
    """
    NoParameters.of(request)
    return answer({"results": searcher(request).match(rows_of(body))})
