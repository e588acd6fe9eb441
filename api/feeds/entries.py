"""Answers of searches → the entries of a feed. They name no natural person: of who represents a company they say that
somebody else does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson

from api.feeds.atom import Entry
from api.html import values
from api.html.document import templates
from xincha.kinds import KINDS
from xincha.kinds.entity import ENTITY

MOST_CHANGES = 20
"""Loads that changed a registration, of which a feed tells."""
_PEOPLE = frozenset(("legal_rep",))
_FACTS = {fact.name: fact for fact in ENTITY if fact.shown == "all" and fact.title}
_AMOUNTS = frozenset(name for name, fact in _FACTS.items() if fact.type in {"money", "number"})


def of_record(record: Mapping[str, Any], updated: datetime, *, named: bool) -> Entry:
    """A record; `named`: with whose it is, where that does not stand above all of them."""
    kind = KINDS[record["kind"]]
    state = values.state(record)
    what = f"{kind.title}{f'（{state}）' if state else ''}：{record['headline']}"
    authors = (record.get(name) for name in kind.names("authority"))
    return Entry(
        f"record/{record['record_id']}",
        f"{values.whose(record)}，{what}" if named else what,
        updated,
        f"/record/{record['record_id']}",
        _content(values.record_facts(record), record.get("rule"), values.source(record)),
        next((name for name in authors if name), ""),
        (kind.name, kind.title),
    )


def of_hit(hit: Mapping[str, Any], updated: datetime) -> Entry:
    """An entity of a list."""
    told = [hit["status"], hit["uscc"] or hit["reg_no"], hit["region"], hit["kind"]]
    lines = [*filter(None, told), *(risk.text for risk in hit["risks"])]
    return Entry(
        f"entity/{hit['entity_id']}",
        "，".join(filter(None, (hit["name"], hit["status"]))),
        updated,
        f"/entity/{hit['entity_id']}",
        _content([], None, "；".join(lines)),
    )


def of_registration(entity: Mapping[str, Any]) -> Iterator[Entry]:
    """The registration of a company as it is, and each load that changed it, the last first."""
    identifier, place = f"entity/{entity['entity_id']}", f"/entity/{entity['entity_id']}"
    facts = [fact for fact in values.registration(entity) if fact.label not in _people()]
    source = f"{values.place(entity['origin'])}；{values.day(entity['origin']['loaded_at'])} 装载"
    registered = ("registration", "登记信息")
    status = f"：{entity['status']}" if entity["status"] else ""
    updated = datetime.fromisoformat(entity["origin"]["loaded_at"])
    yield Entry(identifier, f"登记信息{status}", updated, place, _content(facts, None, source), "", registered)
    ordered = sorted(entity["changes"], key=lambda change: str(change["changed_at"]), reverse=True)
    told = 0
    for moment, changes in groupby(ordered, key=lambda change: str(change["changed_at"])):
        lines = [line for change in changes if (line := _changed(change))]
        if lines and told < MOST_CHANGES:
            told += 1
            title = f"登记信息变更：{lines[0].text if len(lines) == 1 else '、'.join(each.label for each in lines)}"
            content, changed = (
                _content(lines, None, f"{values.day(moment)} 装载的文件与此前的不同"),
                f"{identifier}/{moment}",
            )
            yield Entry(changed, title, datetime.fromisoformat(moment), place, content, "", registered)


def _changed(change: Mapping[str, Any]) -> values.FactText | None:
    """A fact that is another one: what it was, and what it is."""
    fact = _FACTS.get(change["field"])
    if fact is None:
        return None
    if fact.name in _PEOPLE:
        return values.FactText(fact.title, f"{fact.title}有变更")
    old, new = (_told(fact.name, change[side]) or "（空）" for side in ("old", "new"))
    return values.FactText(fact.title, f"{fact.title} {old} → {new}")


def _told(name: str, text: str | None) -> str:
    """What a change says of a fact, as people read it."""
    if text and name == "former_names":
        return "、".join(orjson.loads(text))
    return values.number(float(text)) if text and name in _AMOUNTS else text or ""


def _people() -> set[str]:
    """The labels of facts that name people."""
    return {fact.label or fact.title for name, fact in _FACTS.items() if name in _PEOPLE}


def _content(facts: list[values.FactText], rule: str | None, source: str) -> str:
    return templates().get_template("feed_entry.html").render(facts=facts, rule=rule or "", source=source)
