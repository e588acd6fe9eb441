"""What is new, as Atom feeds: of one company, and of any search. Nobody needs an account to follow them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.addresses import public_address
from api.feeds import atom, entries
from api.feeds.atom import Entry, Feed
from api.parameters import CompanyFeedParameters, documented, parse
from api.routes.common import ABSENT, BAD, NOT_READY, Responses, searcher
from xincha.search.filters import name_of
from xincha.search.newest import MOST
from xincha.search.questions import CompanyFeed, EntitiesFeed, EntityId, RecordsFeed

routes = APIRouter(prefix="/feeds", tags=["follow"])

Identifier = Annotated[EntityId, Path(description="an `entity_id` of an answer")]
FEED: Responses = {
    200: {
        "description": "Atom (RFC 4287), the newest first, at most 100 entries; `next` (RFC 5005) leads to older ones",
        "content": {atom.MEDIA_TYPE: {"schema": {"type": "string"}}},
    },
    **BAD,
    **NOT_READY,
}


class _Of(NamedTuple):
    """What a feed is about: its identifier, its title, the page that shows the same."""

    identifier: str
    title: str
    page: str

    @property
    def is_list(self) -> bool:
        """Whether that page takes the same parameters."""
        return not self.identifier.startswith("entity/")


@routes.get(
    "/entities/{entity_id}.atom",
    response_class=Response,
    responses={**FEED, **ABSENT},
    openapi_extra=documented(CompanyFeedParameters),
)
def feed_of_entity(request: Request, entity_id: Identifier) -> Response:
    """What is new of one company: its records that may be shown today, and what changed in its registration."""
    asked = CompanyFeed(entity_id=entity_id, **dict(parse(request, CompanyFeedParameters)))
    entity = searcher(request).entities.one(entity_id)
    registered = [] if asked.cursor or asked.kind else list(entries.of_registration(entity))
    found = searcher(request).records.newest(asked, MOST - len(registered))
    told = [*registered, *(entries.of_record(*row, named=False) for row in found.rows)]
    told.sort(key=lambda entry: entry.updated, reverse=True)
    of = _Of(f"entity/{entity_id}", entity["name"], f"/entity/{entity_id}")
    return _feed(request, of, told, found.cursor)


@routes.get("/records.atom", response_class=Response, responses=FEED, openapi_extra=documented(RecordsFeed))
def feed_of_records(request: Request) -> Response:
    """What is new of a search for records: penalties of a district, notices, listings of an office."""
    asked = parse(request, RecordsFeed)
    found = searcher(request).records.newest(asked)
    told = [entries.of_record(*row, named=True) for row in found.rows]
    return _feed(request, _Of("records", _title("公示记录", asked), "/records"), told, found.cursor)


@routes.get("/entities.atom", response_class=Response, responses=FEED, openapi_extra=documented(EntitiesFeed))
def feed_of_entities(request: Request) -> Response:
    """What is new of a search for companies: those that were loaded, or whose registration changed, last."""
    asked = parse(request, EntitiesFeed)
    found = searcher(request).entities.newest(asked)
    told = [entries.of_hit(*row) for row in found.rows]
    return _feed(request, _Of("entities", _title("企业", asked), "/search"), told, found.cursor)


def _title(what: str, asked: RecordsFeed | EntitiesFeed) -> str:
    """What a feed of a search is called."""
    values = [name_of(name, value) for name, given in asked.filters.items() for value in given]
    said = [f"“{asked.q}”"] * bool(asked.q) + values
    return f"{what}：{'，'.join(said)}" if said else what


def _feed(request: Request, of: _Of, told: Sequence[Entry], cursor: str | None) -> Response:
    """A page of a feed. Nobody keeps it without asking: what the law ends, or is held back, is gone at once."""
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]

    def address(path: str, *more: tuple[str, str]) -> str:
        return f"{path}?{urlencode([*pairs, *more])}" if pairs or more else path

    given, path = request.query_params.get("cursor"), request.url.path
    feed = Feed(
        address(of.identifier),
        of.title,
        told,
        address(of.page) if of.is_list else of.page,
        address(path, *([("cursor", given)] if given else [])),
        address(path),
        address(path, ("cursor", cursor)) if cursor else "",
    )
    settings = request.app.state.settings
    body = atom.written(feed, atom.authority_of(settings), public_address(request))
    headers = {"cache-control": "no-cache", "x-robots-tag": "noindex"}
    return Response(body, headers=headers, media_type=atom.MEDIA_TYPE)
