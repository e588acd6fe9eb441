"""What was shown and is not shown any more: identifiers of records, in the note of a published index.

The lake knows what has ended, and a service beside a cluster has no lake. So a publish writes down, as far as there is
room, which records have left what may be shown: by which load, or behind which day, and which entities they were about,
so that who follows some entities is told of theirs. No content is kept.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import orjson

NOTE = "ended"
"""The key of a published index's note."""

MOST = 20_000
"""Records of each list, the newest of them: a dozen bytes each. A cluster keeps notes in its state."""
MOST_LOADS = 500


@dataclass(frozen=True, slots=True)
class Ended:
    """`by_load`: number of the load by which, and the record; whole for loads after `since_load`. `by_day`: last day
    (ISO 8601) on which it might be shown, and the record; whole for days after `since_day`. `texts`: records that were
    held back → documents that were with them. `loads`: the last loads of the lake, by which a cursor knows it. `about`:
    any of these records → the entities that it was linked to."""

    by_load: Sequence[tuple[int, str]] = ()
    since_load: int = 0
    by_day: Sequence[tuple[str, str]] = ()
    since_day: str = ""
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    loads: Sequence[str] = ()
    about: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def bounded(self, most: int = MOST) -> Ended:
        """The newest of both lists, in order."""
        loads, days = sorted(set(self.by_load)), sorted(set(self.by_day))
        kept = {record for _, record in (*loads[-most:], *days[-most:])}
        kept |= {each for of, those in self.texts.items() for each in (of, *those)}
        return Ended(
            loads[-most:],
            max(self.since_load, loads[-most - 1][0]) if len(loads) > most else self.since_load,
            days[-most:],
            max(self.since_day, days[-most - 1][0]) if len(days) > most else self.since_day,
            self.texts,
            self.loads[-MOST_LOADS:],
            {record: of for record, of in self.about.items() if record in kept},
        )


def load_name(batch_id: str, finished_at: datetime) -> str:
    """What tells a load from that of another history of the lake which has its number."""
    return f"{batch_id}.{finished_at:%f}"


def load_began(name: str) -> datetime:
    """When a load of this name began, to the second."""
    return datetime.strptime(name.partition(".")[0].partition("-")[2], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def pack(ended: Ended) -> str:
    """The lists as a text for a note. Whom a record was about stands beside it, where it costs the least."""
    about = dict(ended.about)
    told = {
        **asdict(ended),
        "by_load": [[number, record, *about.pop(record, ())] for number, record in ended.by_load],
        "by_day": [[day, record, *about.pop(record, ())] for day, record in ended.by_day],
        "about": about,
    }
    return base64.b85encode(zlib.compress(orjson.dumps(told), 9)).decode()


def unpack(text: str) -> Ended:
    """The lists of `pack`."""
    told = orjson.loads(zlib.decompress(base64.b85decode(text)))
    rows = {name: told[name] for name in ("by_load", "by_day")}
    about = {record: entities for each in rows.values() for _, record, *entities in each if entities}
    pairs = {name: [(first, record) for first, record, *_ in each] for name, each in rows.items()}
    return Ended(**{**told, **pairs, "about": {**told.get("about", {}), **about}})
