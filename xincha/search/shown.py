"""Stored JSON → the answers of `xincha.search.answers`: the declared keys, and what depends on the day of asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from xincha.kinds import KINDS, Fact
from xincha.kinds.document import sections
from xincha.rules.window import state_on
from xincha.search.answers import (
    BRIEF,
    FOLLOWS,
    WHOLE,
    Counts,
    Covered,
    Entity,
    EntityHit,
    Highlight,
    LinkedRecord,
    Reason,
    Record,
    RelatedRecord,
    SectionName,
    Stored,
    facts_of,
)
from xincha.search.counts import counts_on
from xincha.search.flags import flags_on
from xincha.search.history import known_from
from xincha.search.risks import risks_on
from xincha.search.summary import sentences


def _copier(facts: Iterable[Fact], **more: object) -> Callable[[Stored], dict[str, Any]]:
    """A function that copies the declared keys out of stored JSON. `more`: further keys, and what stands if absent."""
    facts = list(facts)
    absent = {fact.name: () if fact.type in ("list", "lines") else None for fact in facts} | more
    items = tuple(absent.items())
    whole = whole_lines(facts)

    def copy(stored: Stored) -> dict[str, Any]:
        return whole({name: stored.get(name, nothing) for name, nothing in items})

    return copy


def whole_lines(facts: Iterable[Fact]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A function that gives rows inside an answer every declared key, in place; stored JSON has only what is stated."""
    inner = [(fact.name, tuple(line.name for line in fact.lines)) for fact in facts if fact.lines and not fact.made]

    def fill(answer: dict[str, Any]) -> dict[str, Any]:
        for name, keys in inner:
            answer[name] = [{key: line.get(key) for key in keys} for line in answer[name] or ()]
        return answer

    return fill if inner else lambda answer: answer


_brief = _copier(BRIEF)
_whole = _copier(WHOLE, origin=None, carried=())
_change = _copier([Fact(each, "") for each in ("field", "old", "new", "changed_at", "file", "row")])
_records = {name: _copier(facts_of(kind), origin=None) for name, kind in KINDS.items()}
_listed = {
    name: _copier([fact for fact in facts_of(kind) if fact.in_data], origin=None) for name, kind in KINDS.items()
}
_ALONE: Mapping[str, Mapping[str, tuple[()]]] = {
    name: {
        key: ()
        for key, has_it in (
            ("document_ids", kind.names("office")),
            ("texts", kind.names("office")),
            ("text_of", "of_ids" in kind.names("derived")),
            ("related", kind.related),
            ("articles", kind.names("cites")),
            ("rule_articles", True),
            ("powers", name == "penalty"),
            ("possibly_led_to", name == "spot_check"),
            ("possibly_after", name in FOLLOWS),
        )
        if has_it
    }
    for name, kind in KINDS.items()
}
"""What a record leads to, which is told of it by itself: empty in lists."""
_details = {name: _copier([fact for fact in kind.own if fact.detail])({}) for name, kind in KINDS.items()}
"""What lists leave out of their records."""


def entity_hit(
    stored: Stored, day: date, counts: Counts, highlights: Sequence[Highlight], reasons: Sequence[Reason]
) -> EntityHit:
    """An entity as a list shows it on a day."""
    risks = risks_on(stored, counts, day)
    told = {"flags": flags_on(stored, day), "counts": counts, "risks": risks}
    return _brief(stored) | told | {"highlights": highlights, "reasons": reasons}


def entity(stored: Stored, day: date, covered: Covered, asked_on: date | None = None) -> Entity:
    """Everything about an entity on a day; of its records what may be shown when somebody asks."""
    changes = list(map(_change, stored.get("changes", ())))
    counted = counts_on(stored, day, covered.loaded, covered.held, asked_on=asked_on)
    known = known_from(stored)
    parts = sentences(stored, counted, day if known and day < known else None, day)
    told: dict[str, Any] = {"flags": flags_on(stored, day), "as_of": day}
    told |= {"known_from": known, "coverage": covered.kinds}
    told |= {"changes": changes, "counts": counted, "risks": risks_on(stored, counted, day)}
    told |= {"summary": "；".join(part.text for part in parts), "sentences": parts}
    return _whole(stored) | told


def record(stored: Stored, day: date, highlights: Sequence[Highlight] = (), *, listed: bool = False) -> Record:
    """A record of a list in its state on a day. `listed`: without what is for the page of one entity alone."""
    kind = KINDS[stored["kind"]]
    answer = (_listed if listed else _records)[kind.name](stored) | _details[kind.name]
    state = {"state": state_on(stored, day.isoformat())} if kind.states else {}
    alone = _ALONE[kind.name]
    return {**answer, **state, **alone, "headline": kind.headline(stored), "highlights": highlights}


def whole_record(stored: Stored, day: date, **alone: Sequence[object]) -> Record:
    """A record by itself, with all that lists leave out; `alone`: what it leads to, by the keys of `_ALONE`."""
    kind = KINDS[stored["kind"]]
    details = {fact.name: fact.made(stored) if fact.made else stored.get(fact.name) for fact in kind.own if fact.detail}
    told = {name: alone.get(name, ()) for name in _ALONE[kind.name]}
    return {**record(stored, day, listed=True), **details, **told}


def linked_record(stored: Stored) -> LinkedRecord:
    """A record of any kind in its line."""
    kind = stored["kind"]
    parts = sections(stored) if kind == "document" else ()
    names = [SectionName(part["anchor"], part["title"]) for part in parts]
    return LinkedRecord(stored["record_id"], kind, KINDS[kind].headline(stored), stored.get("happened_on"), names)


def related_record(stored: Stored) -> RelatedRecord:
    """A record in its line."""
    name = stored.get("party_name") or stored.get("entity_name")
    return RelatedRecord(stored["record_id"], KINDS[stored["kind"]].headline(stored), name, stored.get("happened_on"))
