"""The built page: its files, and `index.html` for the addresses that the page itself understands.

Assets carry a hash in their name and are kept by browsers for good; `index.html` is asked for anew each time (and
answered 304 where it has not changed). Where the page was not built, a plain sentence says how. An address below
`NOT_OURS` is never the page's, and neither is one whose last part looks like a file name.

The page is drawn by the browser, but how an address is answered is said here: an address that is none of `PLACES`, an
entity that is not there and a record that may not be shown are 404, and one of them while nothing is published is 503,
with the page that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Match
from starlette.staticfiles import NotModifiedResponse
from starlette.types import Scope

from api.problems import PROBLEMS
from xincha.errors import XinchaError
from xincha.search.service import Searcher

IMMUTABLE = "public, max-age=31536000, immutable"
NOT_OURS = frozenset(("api", "reconcile", "metrics"))
ASK_ANEW = "no-cache"
PLACES = frozenset(("", "search", "records", "match", "about", "stats", "quality"))
"""Addresses of the page (`frontend/src/router.ts`) that are there whatever is published."""
THINGS: Mapping[str, Callable[[Searcher, str], bool]] = {
    "entity": lambda searcher, name: searcher.entities.is_there(name),
    "record": lambda searcher, name: searcher.records.is_there(name),
}
"""Addresses `/entity/{entity_id}` and `/record/{record_id}`: whether there is one."""
NOT_BUILT = (
    "信查的网页尚未构建：在项目文件夹中运行 make run，或设置 XINCHA_PAGE 指向已构建的网页。\n"
    "The page is not built: run `make run` in the project's folder, or set XINCHA_PAGE to the folder of a built page.\n"
    "The API works without it: /api/v1/openapi.json\n"
)
_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json", ".svg": "image/svg+xml"}


def _file(folder: Path, name: str) -> Path | None:
    """The file of that name inside `folder`, if there is one."""
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder) and path.is_file() else None
    except (OSError, ValueError):  # a name that is too long, or holds NUL
        return None


class _PageRoute(APIRoute):
    """Leaves addresses below `NOT_OURS` alone: a method that one of them does not take is 405 there, not 404."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether this is an address of the page."""
        first = str(scope["path"]).split("/")[1:2]
        return (Match.NONE, {}) if first and first[0] in NOT_OURS else super().matches(scope)


def _status(request: Request, name: str) -> int:
    """The status of an address of the page."""
    name = name.removesuffix("/")
    if name in PLACES:
        return 200
    place, _, identifier = name.partition("/")
    there = THINGS.get(place)
    if not there or not identifier or "/" in identifier:
        return 404
    try:
        return 200 if there(request.app.state.searcher, identifier) else 404
    except XinchaError as error:
        return next(PROBLEMS[cls][0] for cls in type(error).__mro__ if cls in PROBLEMS)


def _answer(request: Request, path: Path, cache: str, status: int = 200) -> Response:
    """The file, or 304 where the browser has it already."""
    headers = {"cache-control": cache}
    answer = FileResponse(path, status, headers, _TYPES.get(path.suffix), stat_result=path.stat())
    if status != 200:
        return answer
    known = request.headers.get("if-none-match", "")
    if answer.headers["etag"] in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        return NotModifiedResponse(answer.headers)
    return answer


def router(folder: Path) -> APIRouter:
    """The routes of the page; to be included after all others."""
    folder = folder.resolve()
    routes = APIRouter(include_in_schema=False, route_class=_PageRoute)

    @routes.api_route("/{name:path}", methods=["GET", "HEAD"])
    def page(request: Request, name: str) -> Response:
        found = _file(folder, name) if name else None
        if found:
            return _answer(request, found, IMMUTABLE if name.startswith("assets/") else ASK_ANEW)
        if "." in name.rpartition("/")[2]:
            raise HTTPException(404)
        index = _file(folder, "index.html")
        if not index:
            return PlainTextResponse(NOT_BUILT, 503)
        return _answer(request, index, ASK_ANEW, _status(request, name))

    return routes
