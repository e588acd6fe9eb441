"""Whole results as files: every row that a search finds, streamed, with their number announced before the first.

An answer that ends in order holds exactly `X-Total-Count` rows. Where that cannot be (another version of the data is
published meanwhile, the engine goes away), the connection breaks, which every client sees, or, before the first byte,
the answer is an error: a short file never looks like a whole one.

One export takes one thread, none of those that answer searches; further ones than `XINCHA_EXPORTS` are told to come
back, and one caller never has all of them. It ends between two pages when the client is gone (the middleware of
`api.limits` cancels it), or has not read on for `STALLED_SECONDS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import quote

import anyio
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.conditional import HEAD_ONLY
from api.limits.asking import asking
from api.parameters import documented, parse
from api.routes.common import BAD, NOT_READY, Responses, searcher
from xincha.budget import Abandoned
from xincha.search.coverage import in_header
from xincha.search.export.columns import columns
from xincha.search.export.file import chunks_of
from xincha.search.questions import EntitySelection, RecordSelection
from xincha.tables import FORMATS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Receive, Scope, Send

    from xincha.search.export.pages import Export

STALLED_SECONDS = 60
NAMES = {"entities": "信查市场主体", "records": "信查公示记录"}

routes = APIRouter(prefix="/api/v1/export", tags=["export"])

Kind = Annotated[Literal["csv", "ndjson", "xlsx"], Path(description="kind of file")]
FILES: Responses = {
    200: {
        "description": "the file; whole where the answer ends in order",
        "headers": {
            "X-Total-Count": {"description": "rows of the file, without its head", "schema": {"type": "integer"}},
            "X-Coverage": {
                "description": "what is loaded, as JSON: `coverage` without authorities",
                "schema": {"type": "string"},
            },
            "Content-Disposition": {"description": "a name with day and count", "schema": {"type": "string"}},
        },
        "content": {FORMATS[name].media_type.partition(";")[0]: {} for name in ("csv", "ndjson", "xlsx")},
    },
    **BAD,
    503: {**NOT_READY[503], "description": "nothing is published, the engine is away, or too many exports run now"},
}


@routes.get("/entities.{kind}", response_class=Response, responses=FILES, openapi_extra=documented(EntitySelection))
def export_entities(request: Request, kind: Kind) -> Response:
    """All entities that a search finds, in the order of the search; of a ranked one the 200 best come first."""
    return ExportResponse(request, searcher(request).entities.all(parse(request, EntitySelection)), kind)


@routes.get("/records.{kind}", response_class=Response, responses=FILES, openapi_extra=documented(RecordSelection))
def export_records(request: Request, kind: Kind) -> Response:
    """All records that a search finds and that may be shown today; newest first unless sorted by a field."""
    selection = parse(request, RecordSelection)
    return ExportResponse(request, searcher(request).records.all(selection), kind, selection.kind)


class ExportResponse(Response):
    """An export on its way. The answer begins with the first bytes, so that an error before them is told as one."""

    def __init__(self, request: Request, export: Export, kind: str, kinds: Sequence[str] = ()) -> None:
        self._asking = asking(request)
        self._head_only = HEAD_ONLY in request.scope
        self._thread = CapacityLimiter(1)
        self._chunks = chunks_of(export, columns(export.index, kinds), kind)
        name = f"{NAMES[export.index]}_{export.day}_{export.total}条.{kind}"
        plain = f"xincha-{export.index}-{export.day}-{export.total}.{kind}"
        headers = {
            "cache-control": "private, no-store",
            "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
            "x-total-count": str(export.total),
            "x-coverage": in_header(export.covered.kinds),
        }
        super().__init__(headers=headers, media_type=FORMATS[kind].media_type)
        del self.headers["content-length"]

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        """Send the file while somebody reads it."""
        who = self._asking
        if self._head_only:
            self._chunks.close()
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": b"", "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        with who.limits.exports.place(who.caller):
            who.budget.lift()
            try:
                await self._send(send)
            finally:
                with anyio.CancelScope(shield=True):
                    await to_thread.run_sync(self._chunks.close, limiter=self._thread)

    async def _send(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        while (chunk := await to_thread.run_sync(next, self._chunks, None, limiter=self._thread)) is not None:
            if not chunk:
                continue
            if start:
                await send(start)
                start = {}
            with anyio.move_on_after(STALLED_SECONDS) as waiting:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            if waiting.cancelled_caught:
                raise Abandoned
        if start:
            await send(start)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
