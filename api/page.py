"""The built page: its files, the reference of the API, and `index.html` for the addresses that the page understands.

Assets carry a hash in their name and are kept by browsers for good; a page is asked for anew each time (and answered
304 where it has not changed). It is written with what its address shows (`api.html`), and with the status of that: an
entity that is not there is 404, and while nothing is published it is 503. Where the page was not built, a plain
sentence says how. An address below `NOT_OURS` is never the page's, and neither is one whose last part looks like a file
name.
"""

from __future__ import annotations

from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Match
from starlette.staticfiles import NotModifiedResponse
from starlette.types import Scope

from api import problems
from api.addresses import public_address
from api.conditional import knows, tag_of
from api.html import document, views
from xincha.errors import XinchaError

IMMUTABLE = "public, max-age=31536000, immutable"
NOT_OURS = frozenset(("api", "feeds", "files", "mcp", "reconcile", "metrics"))
ASK_ANEW = "no-cache"
APART = {"docs": "docs.html"}
"""Addresses that have files of their own, beside the page."""
NOT_BUILT = (
    "信查的网页尚未构建：在项目文件夹中运行 make run，或设置 XINCHA_PAGE 指向已构建的网页。\n"
    "The page is not built: run `make run` in the project's folder, or set XINCHA_PAGE to the folder of a built page.\n"
    "The API works without it: /api/v1/openapi.json\n"
)
_CODINGS = {".br": "br", ".gz": "gzip"}
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


def _compressed(request: Request, path: Path) -> tuple[Path, str]:
    """The file beside this one that the browser takes, and its coding; itself, and none, where there is none."""
    said = request.headers.get("accept-encoding", "").replace(" ", "").split(",")
    taken = {each.partition(";")[0] for each in said if not each.endswith((";q=0", ";q=0.0"))}
    for ending, coding in _CODINGS.items():
        beside = path.with_name(path.name + ending)
        if coding in taken and beside.is_file():
            return beside, coding
    return path, ""


def _answer(request: Request, path: Path, cache: str) -> Response:
    """The file, or 304 where the browser has it already."""
    sent, coding = _compressed(request, path)
    headers = {"cache-control": cache, "vary": "Accept-Encoding"} | ({"content-encoding": coding} if coding else {})
    kind = _TYPES.get(path.suffix) or guess_type(path.name)[0]
    answer = FileResponse(sent, headers=headers, media_type=kind, stat_result=sent.stat())
    if knows(request.headers, answer.headers["etag"]):
        return NotModifiedResponse(answer.headers)
    return answer


def _served(request: Request, index: Path, name: str) -> Response:
    """The page with what the address shows; where that is nothing, the page that says so, and its status."""
    headers: dict[str, str] = {}
    try:
        shown = views.view(request, name)
    except XinchaError as error:
        status, headers = problems.status_of(error)
        if status == 500:
            raise
        shown = views.problem(name, status)
    html = document.written(_shell(index), shown, public_address(request)).encode()
    tag = tag_of(html)
    headers |= {"cache-control": ASK_ANEW, "etag": tag}
    if shown.status == 200 and knows(request.headers, tag):
        return NotModifiedResponse(Headers(headers))
    return HTMLResponse(html, shown.status, headers)


@lru_cache(1)
def _read(path: Path, _changed_ns: int, _inode: int) -> str:
    return path.read_text("utf-8")


def _shell(path: Path) -> str:
    """The built page; read anew where its file is another one, or has changed."""
    now = path.stat()
    return _read(path, now.st_mtime_ns, now.st_ino)


def router(folder: Path) -> APIRouter:
    """The routes of the page; to be included after all others."""
    folder = folder.resolve()
    routes = APIRouter(include_in_schema=False, route_class=_PageRoute)

    @routes.get("/{name:path}")
    def page(request: Request, name: str) -> Response:
        found = _file(folder, APART.get(name.removesuffix("/"), name)) if name else None
        if found:
            return _answer(request, found, IMMUTABLE if name.startswith("assets/") else ASK_ANEW)
        if "." in name.rpartition("/")[2]:
            raise HTTPException(404)
        index = _file(folder, "index.html")
        return _served(request, index, name) if index else PlainTextResponse(NOT_BUILT, 503)

    return routes
