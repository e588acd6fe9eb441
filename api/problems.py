"""Every error as application/problem+json (RFC 9457).

One table maps the classes of `xincha.errors` to a status and a title; a subclass takes the line of its nearest
ancestor. Whatever is wrong with a request is 400, and `parameters` says which one and what would be right; 422 is never
used. What nobody foresaw is 500 with a plain sentence, and the log gets its class and place but not its message, which
may hold what somebody searched for.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from xincha import errors

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("xincha.api")

PROBLEMS: Mapping[type[errors.XinchaError], tuple[int, str, str]] = {
    errors.QueryError: (400, "bad-parameter", "A parameter cannot be used"),
    errors.TooLarge: (413, "too-large", "This is more at once than is taken"),
    errors.BadCursor: (400, "bad-cursor", "This cursor does not belong to this search"),
    errors.NotFound: (404, "not-found", "There is no such thing"),
    errors.Busy: (503, "busy", "Too much of this is asked for at once"),
    errors.EngineNotReady: (503, "not-ready", "Nothing is published yet"),
    errors.EngineUnavailable: (503, "unavailable", "The search engine does not answer now"),
    errors.UnsupportedQuery: (500, "internal", "This could not be answered"),
    errors.EngineError: (503, "unavailable", "The search engine does not answer now"),
    errors.XinchaError: (500, "internal", "This could not be answered"),
}

_HTTP = {404: "There is no such page", 405: "This address does not take this method"}

# pydantic's kinds of error → what would be right, filled from the error's own context
_ALLOWED = {
    "literal_error": "one of {expected}",
    "enum": "one of {expected}",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} characters",
    "string_pattern_mismatch": "text of the form {pattern}",
    "too_long": "at most {max_length} values",
    "value_error": "a date written YYYY-MM-DD, for example 2018-03-05",
    "missing": "this parameter is required",
}
_MESSAGES = {"missing": "missing"}


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as it is told; its body is `api.models.Problem`."""

    status: int
    name: str
    title: str
    detail: str
    parameters: Sequence[Mapping[str, str]] = ()

    def answer(self, headers: Mapping[str, str] | None = None) -> Response:
        """An answer of application/problem+json that nobody caches."""
        body = {
            "type": f"urn:xincha:problem:{self.name}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "parameters": list(self.parameters),
        }
        kept = {"cache-control": "no-store", **(headers or {})}
        return Response(orjson.dumps(body), self.status, kept, "application/problem+json")


def of_error(error: errors.XinchaError) -> Response:
    """The answer to a domain error."""
    status, name, title = next(PROBLEMS[cls] for cls in type(error).__mro__ if cls in PROBLEMS)
    if status == 500:
        log_failure(error)
        return unforeseen()
    wrong = []
    if isinstance(error, errors.QueryError):
        wrong = [{"name": error.parameter, "message": str(error), "allowed": error.allowed}]
    told = Problem(status, name, title, str(error), wrong)
    return told.answer({"retry-after": "10"} if status == 503 else None)


def unforeseen() -> Response:
    """The answer where the fault is ours."""
    detail = "The fault is on our side and has been logged. Trying again later may help."
    return Problem(500, "internal", "This could not be answered", detail).answer()


def log_failure(error: BaseException) -> None:
    """Class and place of a failure; never its message, which may hold what somebody searched for."""
    frames = traceback.extract_tb(error.__traceback__)
    place = "; ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:])
    log.error("%s at %s", type(error).__qualname__, place or "an unknown place")


class RefusedError(Exception):
    """A request whose parameters cannot be used: for each of them `name`, `message` and what is `allowed`."""

    def __init__(self, wrong: Sequence[Mapping[str, str]]) -> None:
        super().__init__("parameters cannot be used")
        self.wrong = wrong


def wrong_parameters(errors_: Iterable[Mapping[str, Any]], known: Sequence[str]) -> list[dict[str, str]]:
    """Entries of `parameters` from pydantic's errors; `known` are the parameters that there are."""
    return [_wrong_parameter(error, known) for error in errors_]


def _wrong_parameter(error: Mapping[str, Any], known: Sequence[str]) -> dict[str, str]:
    name, kind = str(error["loc"][0]), error["type"]
    if kind == "extra_forbidden":
        allowed = f"one of {', '.join(known)}" if known else "this address takes no parameters"
        return {"name": name[:100], "message": "unknown parameter", "allowed": allowed}
    allowed = _ALLOWED.get(kind, "").format_map(error.get("ctx", {}))
    return {"name": name, "message": _MESSAGES.get(kind, "cannot be used"), "allowed": allowed or error["msg"]}


def of_refused(wrong: Sequence[Mapping[str, str]]) -> Response:
    """The answer to a request whose parameters cannot be used."""
    detail = "; ".join(f"{entry['name']}: {entry['message']} ({entry['allowed']})" for entry in wrong[:5])
    return Problem(400, "bad-parameter", "A parameter cannot be used", detail, wrong[:20]).answer()


def _of_path(error: RequestValidationError) -> Response:
    """The answer to an address whose identifier cannot be one."""
    wrong = wrong_parameters(({**entry, "loc": entry["loc"][1:]} for entry in error.errors()), ())
    return of_refused(wrong)


def install(app: FastAPI) -> None:
    """Answer every error of `app` this way."""

    @app.exception_handler(errors.XinchaError)
    def _domain(_: Request, error: errors.XinchaError) -> Response:
        return of_error(error)

    @app.exception_handler(RefusedError)
    def _refused(_: Request, error: RefusedError) -> Response:
        return of_refused(error.wrong)

    @app.exception_handler(RequestValidationError)
    def _path(_: Request, error: RequestValidationError) -> Response:
        return _of_path(error)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        title = _HTTP.get(error.status_code, "This request cannot be answered")
        detail = f"{title}; the API is described at /api/v1/openapi.json"
        name = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "http")
        headers = {"allow": _methods(app, request)} if error.status_code == 405 else error.headers
        return Problem(error.status_code, name, title, detail).answer(headers)


def _methods(app: FastAPI, request: Request) -> str:
    """All methods that an address takes; the framework names those of the first route alone."""
    taken = (
        route.methods for route in app.routes if isinstance(route, Route) and route.matches(request.scope)[0].value
    )
    return ", ".join(sorted(set().union(*(methods or () for methods in taken))))


class Unforeseen:
    """Outermost but one: an exception that nothing else answered becomes a 500 whose log line holds no message."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer where that fails before anything was sent."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            log_failure(error)
            if started:  # nothing honest can be said any more; the server closes the connection
                raise ConnectionAbortedError from None
            await unforeseen()(scope, receive, send)
