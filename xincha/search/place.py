"""A cursor of what changed: a place in the history of the lake, as text that anybody may have written."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

import orjson

from xincha.search import cursor as cursors

LAST, END = (1 << 63) - 1, "~"
"""Behind every `tie`, and behind every identifier."""


@dataclass(frozen=True, slots=True)
class PlaceInChanges:
    """How far somebody has read. `load`: the last one that was published then; `epoch`: what decided what is shown.

    `entities`, `records`, `gone`: number of a load, and where in it. `day`: he knows what began and ended by it;
    `phase` and `at`: where in the days since then, up to `until`. `held`, `released`: moments of holds. `known`: the
    last load of which it was told what it changed in each registration; during a walk `entities` is further on.
    """

    load: str
    epoch: str
    entities: list[int]
    records: list[int]
    gone: list[Any]
    day: str
    held: str
    released: str
    until: str = ""
    phase: int = 0
    at: list[Any] = field(default_factory=list)
    known: int = 0


def number_of(load: str) -> int:
    """The number in the name of a load."""
    return int(load.partition("-")[0] or 0)


def written(place: PlaceInChanges) -> str:
    """The cursor of a place."""
    return urlsafe_b64encode(orjson.dumps(list(asdict(place).values()))).decode().rstrip("=")


def later(one: PlaceInChanges, other: PlaceInChanges) -> PlaceInChanges:
    """Of two places in one history what is further on in either; `one`'s place within days where its day is."""
    if one.day < other.day:
        one = replace(one, day=other.day, until="", phase=0, at=[])
    names = ("entities", "records", "gone", "held", "released", "known")
    further = {name: max(getattr(one, name), getattr(other, name)) for name in names}
    load = max(one.load, other.load, key=number_of)
    return replace(one, load=load, **further)


def read(text: str) -> PlaceInChanges:
    """The place of a cursor; raises `BadCursor` where it is none."""
    try:
        values = orjson.loads(urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
        place = PlaceInChanges(*values)
        number_of(place.load)
        for pair, kinds in ((place.entities, int), (place.records, int), (place.gone, (int, str))):
            if len(pair) != 2 or not all(isinstance(each, kinds) and not isinstance(each, bool) for each in pair):
                raise ValueError(text)
        numbers = (*place.entities, *place.records, place.gone[0], place.known)
        if not all(-1 <= each <= LAST for each in numbers) or not isinstance(place.gone[1], str):
            raise ValueError(text)
        for day in filter(None, (place.day, place.until)):
            date.fromisoformat(day)
        for moment in (place.held, place.released):
            if datetime.fromisoformat(moment).tzinfo is None:
                raise ValueError(text)
        if place.phase not in range(4) or not place.day or not isinstance(place.epoch, str):
            raise ValueError(text)
        _checked(place)
    except (ValueError, TypeError, AttributeError, IndexError) as error:
        raise cursors.damaged() from error
    return place


def _checked(place: PlaceInChanges) -> None:
    """Raise `ValueError` where a position within days is none."""
    if place.at:
        day, last = place.at
        date.fromisoformat(day)
        wanted = str if place.phase == 3 else int
        if not isinstance(last, wanted) or (isinstance(last, int) and not -1 <= last <= LAST):
            raise ValueError(place.at)
