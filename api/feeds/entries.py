"""Answers of searches → the entries of a feed. They name no natural person: of who represents a company they say that
somebody else does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from api.feeds.atom import Entry
from api.html import values
from api.html.document import templates
from xincha.kinds import KINDS
from xincha.kinds.entity import ENTITY
from xincha.search.followed import PEOPLE, FactChange, facts_changed

MOST_CHANGES = 20
"""Loads that changed a registration, of which a feed tells."""
_REGISTERED = ("registration", "登记信息")
_FACTS = {fact.name: fact for fact in ENTITY if fact.shown == "all" and fact.title}


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
    status = f"：{entity['status']}" if entity["status"] else ""
    updated = datetime.fromisoformat(entity["origin"]["loaded_at"])
    yield Entry(identifier, f"登记信息{status}", updated, place, _content(facts, None, source), "", _REGISTERED)
    yield from islice(of_changes(entity), MOST_CHANGES)


def of_changes(entity: Mapping[str, Any], *, named: bool = False) -> Iterator[Entry]:
    """Each load that changed the registration of a company, the last first; `named`: with its name."""
    place = f"/entity/{entity['entity_id']}"
    ordered = sorted(entity.get("changes", ()), key=lambda change: str(change["changed_at"]), reverse=True)
    for moment, changes in groupby(ordered, key=lambda change: str(change["changed_at"])):
        if lines := list(map(changed, facts_changed(changes))):
            what = lines[0].text if len(lines) == 1 else "、".join(each.label for each in lines)
            title = f"{entity['name']}，登记信息变更：{what}" if named else f"登记信息变更：{what}"
            content = _content(lines, None, f"{values.day(moment)} 装载的文件与此前的不同")
            identifier = f"entity/{entity['entity_id']}/{moment}"
            yield Entry(identifier, title, datetime.fromisoformat(moment), place, content, "", _REGISTERED)


def of_ended(record_id: str, name: str | None, entity_id: str, updated: datetime) -> Entry:
    """That a record of a company is not shown any more."""
    content = _content([], None, "公示期满，或者已经撤回、修复；内容不再提供。")
    title = f"{name or entity_id}，有一条记录不再公示"
    return Entry(f"ended/{record_id}", title, updated, f"/entity/{entity_id}", content)


def changed(change: FactChange) -> values.FactText:
    """A fact that is another one: what it was, and what it is."""
    if change.field in PEOPLE:
        return values.FactText(change.title, f"{change.title}有变更")
    return values.FactText(change.title, f"{change.title} {change.old or '（空）'} → {change.new or '（空）'}")


def _people() -> set[str]:
    """The labels of facts that name people."""
    return {fact.label or fact.title for name, fact in _FACTS.items() if name in PEOPLE}


def _content(facts: list[values.FactText], rule: str | None, source: str) -> str:
    return templates().get_template("feed_entry.html").render(facts=facts, rule=rule or "", source=source)
