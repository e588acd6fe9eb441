"""Every error as application/problem+json (RFC 9457).

One table maps the classes of `xincha.errors` to a status and a title; a subclass takes the line of its nearest
ancestor. Whatever is wrong with a request is 400, and `parameters` says which one and what would be right; 422 is never
used. What nobody foresaw is 500 with a plain sentence, and the log gets its class and place but not its message, which
may hold what somebody searched for.
"""

from __future__ import annotations

import logging
import math
import traceback
from collections.abc import Mapping, Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from api.models import ParameterProblem, Problem
from xincha import errors
from xincha.search.questions import wrong_parameter

log = logging.getLogger("xincha.api")

ProblemKind = tuple[int, str, str]
"""Status, name and title of a problem."""

PROBLEMS: Mapping[type[errors.XinchaError], ProblemKind] = {
    errors.QueryError: (400, "bad-parameter", "A parameter cannot be used"),
    errors.TooLarge: (413, "too-large", "This is more at once than is taken"),
    errors.BadCursor: (400, "bad-cursor", "This cursor does not belong to this search"),
    errors.NotFound: (404, "not-found", "There is no such thing"),
    errors.Withdrawn: (410, "withdrawn", "This may not be had any more"),
    errors.NotDone: (409, "not-done", "This is not made yet"),
    errors.Busy: (503, "busy", "Too much of this is asked for at once"),
    errors.OutOfTime: (503, "out-of-time", "This takes longer than a request may"),
    errors.TooManyRequests: (429, "too-many-requests", "This is more than one caller may ask"),
    errors.UnknownKey: (401, "unknown-key", "This key is not valid"),
    errors.KeysUnreadable: (503, "unavailable", "Keys cannot be checked now"),
    errors.ReleasesUnreadable: (503, "unavailable", "Releases cannot be read now"),
    errors.ProofError: (503, "unavailable", "The log of loads and publishes cannot be read now"),
    errors.HoldsUnreadable: (503, "unavailable", "What may be shown cannot be checked now"),
    errors.WatchesUnreadable: (503, "unavailable", "Watch lists cannot be kept or read now"),
    errors.EngineNotReady: (503, "not-ready", "Nothing is published yet"),
    errors.EngineUnavailable: (503, "unavailable", "The search engine does not answer now"),
    errors.UnsupportedQuery: (500, "internal", "This could not be answered"),
    errors.EngineError: (503, "unavailable", "The search engine does not answer now"),
    errors.XinchaError: (500, "internal", "This could not be answered"),
}

_HTTP = {
    415: ("unsupported-media-type", "This kind of body is not taken here"),
    404: ("not-found", "There is no such page"),
    405: ("method-not-allowed", "This address does not take this method"),
}


def response(
    kind: ProblemKind, detail: str, wrong: Sequence[Mapping[str, str]] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """A problem; nobody caches it."""
    status, name, title = kind
    urn, parameters = f"urn:xincha:problem:{name}", [ParameterProblem(**each) for each in wrong]
    problem = Problem(type=urn, title=title, status=status, detail=detail, parameters=parameters)
    headers = {"cache-control": "no-store", **(headers or {})}
    return Response(problem.model_dump_json(), status, headers, "application/problem+json")


def of_error(error: errors.XinchaError) -> Response:
    """The answer to a domain error."""
    kind = _kind_of(error)
    if isinstance(error, errors.WatchesUnreadable):  # its words name a folder of this machine
        log.error("%s", error)
        error = errors.WatchesUnreadable("watch lists cannot be kept or read now; ask again later")
    if kind[0] == 500:
        log_failure(error)
        return internal_error()
    wrong = error.wrong[:20] if isinstance(error, errors.QueryError) else ()
    return response(kind, str(error), wrong, _headers(kind[0], error))


def status_of(error: errors.XinchaError) -> tuple[int, dict[str, str]]:
    """The status of a domain error, and what it says in headers."""
    status = _kind_of(error)[0]
    return status, dict(_headers(status, error))


def _kind_of(error: errors.XinchaError) -> ProblemKind:
    return next(PROBLEMS[cls] for cls in type(error).__mro__ if cls in PROBLEMS)


def _headers(status: int, error: errors.XinchaError) -> Mapping[str, str]:
    """What an error says in headers."""
    if isinstance(error, errors.TooManyRequests):
        return {"retry-after": str(max(1, math.ceil(error.wait)))}
    if status == 401:
        return {"www-authenticate": 'Bearer realm="xincha", error="invalid_token"'}
    return {"retry-after": "10"} if status == 503 else {}


def internal_error() -> Response:
    """The answer if the fault is ours."""
    detail = "The fault is on our side and has been logged. Trying again later may help."
    return response(PROBLEMS[errors.XinchaError], detail)


def log_failure(error: BaseException) -> None:
    """Class and place of a failure; never its message, which may hold what somebody searched for."""
    frames = traceback.extract_tb(error.__traceback__)
    place = "; ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:])
    log.error("%s at %s", type(error).__qualname__, place or "an unknown place")


def install(app: FastAPI) -> None:
    """Answer every error of `app` this way."""

    @app.exception_handler(errors.XinchaError)
    def _domain(_: Request, error: errors.XinchaError) -> Response:
        return of_error(error)

    @app.exception_handler(RequestValidationError)
    def _path(_: Request, error: RequestValidationError) -> Response:
        """An address whose identifier cannot be one."""
        wrong = [wrong_parameter({**each, "loc": each["loc"][1:]}) for each in error.errors()]
        return of_error(errors.BadParameters(wrong))

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        name, title = _HTTP.get(error.status_code, ("http", "This request cannot be answered"))
        said = error.detail if error.status_code == 415 else title
        detail = f"{said}; the API is described at /api/v1/openapi.json"
        headers = {"allow": _methods(app, request)} if error.status_code == 405 else error.headers
        return response((error.status_code, name, title), detail, headers=headers)


def only(method: str) -> Response:
    """The refusal of every other method, at an address that has this one for whoever knows it."""
    return response((405, *_HTTP[405]), f"this address takes {method}", headers={"allow": method})


def _methods(app: FastAPI, request: Request) -> str:
    """All methods that an address takes; the framework names those of the first route alone."""
    every = (each.original_route for each in iter_route_contexts(app.routes))
    routes = [each for each in every if isinstance(each, Route) and each.matches(request.scope)[0].value]
    methods = set[str]().union(*(route.methods or () for route in routes))
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
