"""Watch lists over HTTP: which companies a body names, what is told of a list, its changes as rows and as a feed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.feeds import entries
from xincha.days import CHINA
from xincha.errors import BadParameters, NotDone, TooLarge
from xincha.kinds import KINDS
from xincha.limits import MAX_WATCHED
from xincha.lists.answer_log import read_lines
from xincha.search.newest import MOST
from xincha.search.questions import EntityId, wrong_parameter
from xincha.tables import TableColumn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from api.feeds.atom import Entry
    from api.match.job import Job
    from api.match.jobs import Jobs
    from xincha.search.followed import FollowedChange
    from xincha.search.service import Searcher
    from xincha.watches import WatchList

MAX_BODY = 1 << 20
"""Bytes of a body: as many identifiers as a list may have take less than a quarter of it."""
MAX_ROWS = 5000
"""Changes of one table."""


class WatchQuestion(BaseModel):
    """Companies to follow: one of both."""

    model_config = ConfigDict(extra="forbid")

    entity_ids: list[EntityId] | None = Field(
        default=None, min_length=1, max_length=MAX_WATCHED, description="the `entity_id` of each, as answers give it"
    )
    match_file: str | None = Field(
        default=None,
        pattern="^[0-9A-Za-z_-]{32}$",
        description="the `id` of a list that is matched: the companies that its rows mean, also by judgment",
    )


class WatchAnswer(BaseModel):
    """What is kept of a list, and where it is read."""

    id: str = Field(description="whoever has it may read what changed, and delete the list")
    sha256: str = Field(description="of `id`: what is kept of it; names the list for an operator, and opens nothing")
    companies: int = Field(description="how many are followed")
    made_at: datetime
    ends_at: datetime = Field(description="when the list is deleted by itself")
    page: str = Field(description="address of the page")
    changes: str = Field(description="address of the changes as JSON")
    table: str = Field(description="address of the changes as CSV")
    feed: str = Field(description="address of the changes as an Atom feed")


_SCHEMA = WatchQuestion.model_json_schema()
BODY = {
    "required": True,
    "content": {"application/json": {"schema": _SCHEMA, "example": {"entity_ids": ["91350203155103485D"]}}},
}
"""The body in the OpenAPI document."""


def entities_in(body: bytes, jobs: Jobs) -> Sequence[str]:
    """The companies that a body asks to follow, each once; raises where it is none, or names too many."""
    try:
        asked = WatchQuestion.model_validate_json(body)
    except ValidationError as error:
        known = tuple(WatchQuestion.model_fields)
        wrong = [wrong_parameter({**each, "loc": each["loc"] or ("body",)}, known) for each in error.errors()[:5]]
        if any(each["type"] == "too_long" for each in error.errors()):
            raise _too_many() from None
        raise BadParameters(wrong) from None
    if (asked.entity_ids is None) == (asked.match_file is None):
        allowed = 'a body like {"entity_ids": ["…"]} or {"match_file": "…"}'
        raise BadParameters([{"name": "entity_ids", "message": "one of both is needed", "allowed": allowed}])
    found = asked.entity_ids if asked.entity_ids is not None else _matched(jobs.get(asked.match_file or ""))
    entities = list(dict.fromkeys(found))
    if len(entities) > MAX_WATCHED:
        raise _too_many()
    if not entities:
        raise BadParameters([{"name": "match_file", "message": "no row means a company", "allowed": "one at least"}])
    return entities


def _too_many() -> TooLarge:
    return TooLarge("companies of one watch list", parameter="entity_ids", allowed=f"at most {MAX_WATCHED:,}")


def _matched(job: Job) -> Iterator[str]:
    """The companies that the rows of a list mean: matched, or confirmed by a person; not those that he refused."""
    if not job.report:
        raise NotDone("this list is not answered yet: its progress says how far it is")
    yield from job.from_log(lambda log: list(_meant(log, job)))


def _meant(log: Any, job: Job) -> Iterator[str]:
    for line in read_lines(log):
        judgment = job.judgments.get(line["row"])
        meant = judgment.entity_id if judgment else line["entity_id"]
        if meant:
            yield meant


def told(identifier: str, watch: WatchList, base: str) -> Mapping[str, object]:
    """`WatchAnswer`. `base`: the public address of this service."""
    address = f"{base}/api/v1/watches/{identifier}"
    return {
        "id": identifier,
        "sha256": watch.sha256,
        "companies": len(watch.entities),
        "made_at": watch.made_at,
        "ends_at": watch.ends_at,
        "page": f"{base}/watch/{identifier}",
        "changes": f"{address}/changes",
        "table": f"{address}/changes.csv",
        "feed": f"{base}/feeds/watches/{identifier}.atom",
    }


Line = dict[str, Any]
_WHAT: Mapping[Literal["registration", "record", "ended"], str] = {
    "registration": "登记信息变更",
    "record": "新的或变了的记录",
    "ended": "记录不再公示",
}


def lines_of(change: FollowedChange) -> Iterator[Line]:
    """A change as rows of a table: of a registration one for each fact."""
    at = change.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if change.at else None
    whose = {"name": change.name, "entity_id": change.entity_id, "change": _WHAT[change.change], "at": at}
    for fact in change.facts:
        yield {**whose, "what": fact.title, "old": fact.old, "new": fact.new}
    if change.record:
        record = change.record
        kind = KINDS[record["kind"]]
        yield {**whose, "what": kind.title, "new": record["headline"], "record_id": change.record_id}
    if change.change == "ended":
        yield {**whose, "record_id": change.record_id}


def _column(key: str, head: str) -> TableColumn:
    return TableColumn(key, head, "text", lambda line: line.get(key), lambda line: line.get(key))


COLUMNS = [
    _column(key, head)
    for key, head in (
        ("name", "企业名称"),
        ("entity_id", "主体编号"),
        ("change", "变化"),
        ("at", "时间"),
        ("what", "事项"),
        ("old", "原来"),
        ("new", "现在"),
        ("record_id", "记录编号"),
    )
]


def entries_of(searcher: Searcher, watch: WatchList) -> list[Entry]:
    """The newest entries of a list's feed: nothing from before it was made."""
    followed, begun = searcher.followed, watch.made_at
    found = [
        entry for stored in followed.registered(watch.entities) for entry in entries.of_changes(stored, named=True)
    ]
    found += [entries.of_record(*row, named=True) for row in followed.records(watch.entities)]
    found += [
        entries.of_ended(gone.record_id or "", gone.name, gone.entity_id, gone.at or begun)
        for gone in followed.ended(watch.entities, watch.begun)
    ]
    newest = sorted((each for each in found if each.updated >= begun), key=lambda each: each.updated, reverse=True)
    return newest[:MOST]
