"""`/files/`: releases as they lie in `XINCHA_RELEASES`. What the law has ended since is 410, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

from fastapi import APIRouter, Path, Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import NotModifiedResponse

from api.conditional import knows
from api.routes.common import answer, searcher
from xincha.days import today
from xincha.errors import NotFound, Withdrawn
from xincha.holds import digest
from xincha.releases.catalogue import Catalogue, Release, listing
from xincha.releases.describe import DESCRIPTIONS

if TYPE_CHECKING:
    from xincha.settings import Settings

routes = APIRouter(prefix="/files", include_in_schema=False)

LATEST = "latest"
_TYPES = {".json": "application/json", ".jsonld": "application/ld+json", ".parquet": "application/vnd.apache.parquet"}

Name = Annotated[str, Path(pattern=r"^[0-9A-Za-z_.-]{1,80}$")]


def catalogue(settings: Settings) -> Catalogue | None:
    """The releases of a service, if it has any."""
    return Catalogue(settings.releases) if settings.releases else None


@routes.get("/index.json")
def index(request: Request) -> Response:
    """The files that may be had, and what was withdrawn."""
    return answer(listing(_catalogue(request).releases(), today(), _held(request)), cache="no-cache")


@routes.get("/latest/{name}")
def latest(request: Request, name: Name) -> Response:
    """The file of this name in the newest release."""
    release = _catalogue(request).current(today(), _held(request))
    if release is None:
        raise NotFound("there is no release that may be had; /files/index.json tells why")
    return RedirectResponse(f"../{release.name}/{name}", 302, {"cache-control": "no-cache"})


@routes.get("/{release_name}/{name}")
def file(request: Request, release_name: Name, name: Name) -> Response:
    """A file of a release. Ranges are answered; it never changes, but it may end."""
    release = next((each for each in _catalogue(request).releases() if each.name == release_name), None)
    if release is None or not _has(release, name):
        raise NotFound("there is no such file; /files/index.json tells which there are")
    if why := release.ended(today(), _held(request)):
        raise Withdrawn(f"this release was withdrawn: {why}; /files/index.json tells which files there are")
    path = _catalogue(request).folder / release.name / name
    if not path.is_file():
        raise NotFound("this file is not there any more; /files/index.json tells which there are")
    kind = _TYPES.get(path.suffix, "application/gzip" if path.suffix == ".gz" else "text/plain")
    sent = FileResponse(path, headers={"cache-control": "no-cache"}, media_type=kind, stat_result=path.stat())
    return NotModifiedResponse(sent.headers) if knows(request.headers, sent.headers["etag"]) else sent


def _catalogue(request: Request) -> Catalogue:
    if request.app.state.releases is None:
        raise NotFound("this service has no releases")
    return cast("Catalogue", request.app.state.releases)


def _held(request: Request) -> str:
    return digest(searcher(request).held.records())


def _has(release: Release, name: str) -> bool:
    return bool(release.withdrawn) or name in DESCRIPTIONS or any(each.name == name for each in release.files)
