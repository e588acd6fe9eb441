"""What endpoints share: the searcher, the answers they may give, and how these are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import urlencode

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.addresses import public_address
from api.parameters import documented

if TYPE_CHECKING:
    from fastapi import Request

    from xincha.search.questions import Parameters
    from xincha.search.service import Searcher

JSON = "application/json"

PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
Responses = dict[int | str, dict[str, Any]]

BAD: Responses = {400: {**PROBLEM, "description": "a parameter is wrong or unknown"}}
ABSENT: Responses = {404: {**PROBLEM, "description": "no such entity or record"}}
TOO_LARGE: Responses = {413: {**PROBLEM, "description": "more at once than is taken"}}
UNTAKEN: Responses = {415: {**PROBLEM, "description": "a body of another kind"}}
NOT_READY: Responses = {503: {**PROBLEM, "description": "nothing is published yet, or the engine is away"}}


def operation(model: Any, question: type[Parameters], *responses: Responses, **more: Any) -> dict[str, Any]:
    """What a route tells of itself: its answer, its parameters, responses beside these; `more`: of the operation."""
    every = {status: each for some in (BAD, *responses) for status, each in some.items()}
    return {"response_model": model, "responses": every, "openapi_extra": {**more, **documented(question)}}


def media_type(request: Request, *taken: str) -> str:
    """The media type of the body; 415 where it is none of those that are taken.

    A page of any site may send `text/plain` to an address that its reader reaches, but JSON only where that is allowed:
    so a body that is not said to be JSON is not read as JSON.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in taken:
        raise HTTPException(415, f"Content-Type: the body has to be {' or '.join(taken)}")
    return kind


def searcher(request: Request) -> Searcher:
    """The searcher of this application. A plain call: a dependency would cost a second trip to the thread pool."""
    return cast("Searcher", request.app.state.searcher)


def answer(body: object, *, cache: str = "private, no-store") -> Response:
    """`body` as JSON, written once and not validated again."""
    return Response(orjson.dumps(body), headers={"cache-control": cache}, media_type=JSON)


class Page(Protocol):
    """An answer that is one page of several."""

    @property
    def cursor(self) -> str | None:
        """That of the next one."""


def page_answer(request: Request, page: Page, *, parameter: str = "cursor", more: bool = True) -> Response:
    """A page as JSON, with the address of the next one where there is `more` (RFC 8288)."""
    made = answer(page)
    if page.cursor and more:
        pairs = [pair for pair in request.query_params.multi_items() if pair[0] != parameter]
        asked = urlencode([*pairs, (parameter, page.cursor)])
        made.headers["link"] = f'<{public_address(request)}{request.url.path}?{asked}>; rel="next"'
    return made
