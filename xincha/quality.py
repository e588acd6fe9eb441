"""How well penalties are published: a row for each source, office and month of decision, and the rows as one text.

The rows are made by `indexer.quality` of the whole lake, and travel to whoever answers with the note of a published
index (`pack`, `unpack`): counts of records, nobody's name, so that what may not be shown any more is counted too.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Annotated, NamedTuple

import orjson
from pydantic import Field

from xincha.rules.dated import Family

NOTE = "quality"
"""The key of a published index's note that holds the rows."""

MOST_ROWS = 20_000
"""Rows that a note holds, the newest months of them: some 30 bytes each. A cluster keeps notes in its state."""


@dataclass(frozen=True, slots=True)
class QualityRow:
    """How one office's decisions of one month were published, by what one source says of them.

    `records` = `timely` + `late` + `unknown`.
    """

    source: Annotated[
        str, Field(description="who delivered them, as the operator says; else the file that states them")
    ]
    authority: Annotated[str | None, Field(description="处罚机关, as published; null: not stated")]
    month: Annotated[str | None, Field(description="of the decision, YYYY-MM; null: no day of decision is stated")]
    family: Annotated[Family, Field(description="market: market regulation, order 45; other: other departments")]
    records: Annotated[int, Field(description="penalties")]
    dated: Annotated[int, Field(description="with a day of decision and a day of publication")]
    timely: Annotated[int, Field(description="published within the limit: see `limits`")]
    late: int
    unknown: Annotated[int, Field(description="not known whether in time")]
    unknown_why: Annotated[
        Mapping[str, int],
        Field(
            description="reason → records: no_decision_day, no_publication_day, before_decision (published before it "
            "was decided), office_unplaced, party_unplaced (province not known), calendar (a year whose holidays are "
            "not announced: not yet known)"
        ),
    ]
    timely_7: Annotated[int | None, Field(description="of other departments, within 7 working days; null: no limit")]
    late_7: Annotated[int | None, Field(description="of other departments, after 7 working days; null: no limit")]
    out_of_town: Annotated[int, Field(description="of market regulation, against parties of another province 异地处罚")]
    late_push: Annotated[int, Field(description="of these, received after more than 10 working days")]
    late_publish: Annotated[int, Field(description="of these, published more than 10 working days after receipt")]
    days_median: Annotated[
        float | None, Field(description="working days from decision to publication; null: none known")
    ]
    days_p90: Annotated[float | None, Field(description="90th percentile of the same, between ranks by proportion")]
    corrected: Annotated[int, Field(description="whose facts a later delivery changed, or with 更正日期")]
    withdrawn: int
    gone: Annotated[int, Field(description="in no complete delivery of their source any more")]
    held: Annotated[int, Field(description="held back by the operator")]
    complete: Annotated[
        int,
        Field(
            description="with all of the summary: number, name and code of the party (a person has none), violation, "
            "content, office, day"
        ),
    ]
    unlinked: Annotated[int, Field(description="linked to nobody, or surely to none of several; but persons")]
    amount_conflicts: Annotated[int, Field(description="with sums of fine or confiscation that contradict each other")]


class Quality(NamedTuple):
    """All rows, newest months first. `since`: the first month of which rows are held; `None`: all are."""

    rows: Sequence[QualityRow]
    since: str | None = None


_NAMES = [field.name for field in fields(QualityRow)]


def ordered(rows: Iterable[QualityRow]) -> list[QualityRow]:
    """Newest months first, those without a month last; then by source and office."""
    by_office = sorted(rows, key=lambda row: (row.source, row.authority or ""))
    return sorted(by_office, key=lambda row: row.month or "", reverse=True)


def bounded(rows: Sequence[QualityRow], most: int = MOST_ROWS) -> Quality:
    """Ordered rows as far as a note holds them: whole months."""
    if len(rows) <= most:
        return Quality(rows)
    undated = [row for row in rows if row.month is None][:most]
    beyond = rows[most - len(undated)].month or ""
    kept = [row for row in rows if (row.month or "") > beyond]
    return Quality([*kept, *undated], kept[-1].month if kept else "9999-12")


def pack(quality: Quality) -> str:
    """Rows as a text for a note."""
    rows = [[getattr(row, name) for name in _NAMES] for row in quality.rows]
    content = orjson.dumps({"since": quality.since, "names": _NAMES, "rows": rows})
    return base64.b85encode(zlib.compress(content, 9)).decode()


def unpack(text: str) -> Quality | None:
    """The rows of `pack`; `None` where another program has made them."""
    content = orjson.loads(zlib.decompress(base64.b85decode(text)))
    if content["names"] != _NAMES:
        return None
    return Quality([QualityRow(*values) for values in content["rows"]], content["since"])
