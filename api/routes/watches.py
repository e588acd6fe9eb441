"""Watch lists: companies that are followed under an address that cannot be guessed, and what changed of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from api.addresses import public_address
from api.feeds import atom
from api.limits.asking import asking
from api.limits.costs import LIST, PER_WATCHED
from api.match.answers import body_of
from api.parameters import ChangesParameters, NoParameters, WatchFileParameters, documented, parse
from api.routes.common import (
    ABSENT,
    BAD,
    JSON,
    NOT_READY,
    TOO_LARGE,
    UNTAKEN,
    Responses,
    answer,
    media_type,
    operation,
    page_answer,
    searcher,
)
from api.routes.feeds import FEED
from api.watch_lists import BODY, COLUMNS, MAX_BODY, MAX_ROWS, WatchAnswer, entities_in, entries_of, lines_of, told
from xincha.search.changes import NOW
from xincha.search.followed import FollowedChanges
from xincha.tables import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xincha.search.followed import FollowedChange
    from xincha.watches import Watches, WatchList

routes = APIRouter(prefix="/api/v1/watches", tags=["follow"])
feed_routes = APIRouter(prefix="/feeds/watches", tags=["follow"])

Identifier = Annotated[str, Path(pattern="^[0-9A-Za-z_-]{32}$", description="the `id` of the list")]
CSV: Responses = {
    200: {
        "description": "the changes as rows; the `Link` (rel=next) leads to what comes behind them, now or later",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    },
    **BAD,
    **ABSENT,
    **NOT_READY,
}
_SECRET = {"cache-control": "private, no-store", "x-robots-tag": "noindex"}


def _watches(request: Request) -> Watches:
    return cast("Watches", request.app.state.watches)


def _asked(request: Request, watch_id: str) -> WatchList:
    """The list that is asked for, paid for by its length."""
    watch = _watches(request).at(watch_id)
    asking(request).spend(PER_WATCHED * len(watch.entities))
    return watch


async def _body(request: Request) -> bytes:
    return await body_of(request, MAX_BODY)


@routes.post(
    "",
    status_code=201,
    **operation(WatchAnswer, NoParameters, ABSENT, TOO_LARGE, UNTAKEN, NOT_READY, requestBody=BODY),
)
def make_watch(request: Request, body: Annotated[Any, Depends(_body)]) -> Response:
    """Keep a list of companies, to follow what changes of them from now on: by their `entity_id`, or all that a list is
    matched with. The answer has the address of the list, this once; whoever has it may read and delete it. It is
    deleted after a year."""
    parse(request, NoParameters)
    asked = entities_in(body, request.app.state.jobs)
    media_type(request, JSON)
    who, store = asking(request), _watches(request)
    who.spend(LIST + PER_WATCHED * len(asked))
    here = searcher(request).followed.checked(asked)
    who.limits.keep_watch(who.caller)
    identifier, watch = store.make(here, searcher(request).changes(NOW, 1).cursor)
    made = answer(told(identifier, watch, public_address(request)))
    made.status_code = 201
    made.headers["location"] = f"/api/v1/watches/{identifier}"
    return made


@routes.get("/{watch_id}", **operation(WatchAnswer, NoParameters, ABSENT))
def watch(request: Request, watch_id: Identifier) -> Response:
    """What is kept of a list."""
    parse(request, NoParameters)
    return answer(told(watch_id, _watches(request).at(watch_id), public_address(request)))


@routes.get("/{watch_id}/changes", **operation(FollowedChanges, ChangesParameters, ABSENT, NOT_READY))
def watch_changes(request: Request, watch_id: Identifier) -> Response:
    """What changed of the companies of a list since a cursor; without one since the list was made."""
    asked = parse(request, ChangesParameters)
    watch = _asked(request, watch_id)
    since = searcher(request).changes(NOW, 1).cursor if asked.since == NOW else asked.since
    page = searcher(request).followed.since(watch.entities, watch.begun, since, asked.page_size)
    return page_answer(request, page, parameter="since", more=page.more)


@routes.get(
    "/{watch_id}/changes.csv", response_class=Response, responses=CSV, openapi_extra=documented(WatchFileParameters)
)
def watch_table(request: Request, watch_id: Identifier) -> Response:
    """The same as a table, a row for each thing that changed."""
    asked = parse(request, WatchFileParameters)
    watch, cursor = _asked(request, watch_id), asked.since
    changes: list[FollowedChange] = []
    more = True
    while more and len(changes) < MAX_ROWS:
        page = searcher(request).followed.since(watch.entities, watch.begun, cursor, MAX_ROWS - len(changes))
        changes, cursor, more = [*changes, *page.changes], page.cursor, page.more
    rows = [line for change in changes for line in lines_of(change)]
    headers = {
        **_SECRET,
        "content-disposition": 'attachment; filename="changes.csv"',
        "link": f'<{public_address(request)}{request.url.path}?since={cursor}>; rel="next"',
    }
    chunks: Iterator[bytes] = FORMATS["csv"].write([rows], COLUMNS, "", None)
    return Response(b"".join(chunks), headers=headers, media_type=FORMATS["csv"].media_type)


@routes.delete("/{watch_id}", status_code=204, response_class=Response, responses={**BAD, **ABSENT})
def remove_watch(request: Request, watch_id: Identifier) -> Response:
    """Delete a list, at once and for good."""
    parse(request, NoParameters)
    _watches(request).remove(watch_id)
    return Response(status_code=204)


@feed_routes.get("/{watch_id}.atom", response_class=Response, responses={**FEED, **ABSENT})
def feed_of_watch(request: Request, watch_id: Identifier) -> Response:
    """What is new of the companies of a list since it was made: registrations that changed, records, and those that are
    not shown any more. At most 100 entries, and no older pages: JSON and CSV have everything."""
    parse(request, NoParameters)
    watch = _asked(request, watch_id)
    feed = atom.Feed(
        f"watch/{watch.sha256[:32]}",
        f"关注的 {len(watch.entities):,} 家企业",
        entries_of(searcher(request), watch),
        f"/watch/{watch_id}",
        request.url.path,
        request.url.path,
    )
    body = atom.written(feed, atom.authority_of(request.app.state.settings), public_address(request))
    return Response(body, headers={**_SECRET, "cache-control": "no-cache"}, media_type=atom.MEDIA_TYPE)
