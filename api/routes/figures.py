"""Figures of what a list finds, as JSON and as a table."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.parameters import NoParameters, documented, parse
from api.routes.common import BAD, NOT_READY, Responses, answer, operation, searcher
from xincha.search.figures.answer import Figures
from xincha.search.figures.choices import Choices, choices
from xincha.search.figures.question import FiguresQuestion
from xincha.search.figures.table import as_csv
from xincha.tables import FORMATS

routes = APIRouter(prefix="/api/v1", tags=["search"])

CSV = FORMATS["csv"].media_type
TABLE: Responses = {
    200: {
        "description": "the rows, with Chinese heads; `<3` is what is not told",
        "headers": {"Content-Disposition": {"description": "a name with the day", "schema": {"type": "string"}}},
        "content": {CSV.partition(";")[0]: {}},
    },
    **BAD,
    **NOT_READY,
}


@routes.get("/stats", **operation(Figures, FiguresQuestion, NOT_READY))
def stats(request: Request) -> Response:
    """Count entities or records by time, place, office and more; with sums, medians and shares."""
    return answer(searcher(request).figures(parse(request, FiguresQuestion)))


@routes.get("/stats/choices", **operation(Choices, NoParameters))
def stats_choices(request: Request) -> Response:
    """What may be counted, by what, and which numbers there are, each with its Chinese title."""
    parse(request, NoParameters)
    return answer(choices(), cache="public, max-age=60")


@routes.get("/stats.csv", response_class=Response, responses=TABLE, openapi_extra=documented(FiguresQuestion))
def stats_table(request: Request) -> Response:
    """The rows of the same as a table; what is loaded stands in the head of its last column."""
    question = parse(request, FiguresQuestion)
    figures = searcher(request).figures(question)
    name = f'attachment; filename="xincha-stats-{question.of}-{figures.day}.csv"'
    headers = {"cache-control": "private, no-store", "content-disposition": name}
    return Response(b"".join(as_csv(question, figures)), headers=headers, media_type=CSV)
