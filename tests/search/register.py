"""Documents of fictional entities and records, as `indexer.documents` and `indexer.records` make them."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson

from xincha.days import FOREVER
from xincha.engine.fields import tie
from xincha.kinds import KINDS
from xincha.text import divisions, org_code, tokens, uscc
from xincha.text.doc_no import doc_no_key
from xincha.text.fold import fold
from xincha.text.name_fields import name_fields
from xincha.text.names import name_key

TODAY = date(2026, 3, 1)


def code(number: int, region: str = "350203") -> str:
    """A valid code of a fictional entity."""
    organization = f"MA{number:06d}"
    body = f"91{region}{organization}{org_code.check_character(organization)}"
    return body + uscc.check_character(body)


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


def entity(number: int, name: str, *, region: str = "350203", **facts: Any) -> dict[str, object]:
    """The document of an entity: stored as published, indexed as `indexer.documents` does."""
    identifier = code(number, region)
    source = {
        "entity_id": identifier, "uscc": identifier, "name": name, "region_code": region,
        "region": divisions.full_name(region), "status": "存续", "kind": "企业", **facts,
    }  # fmt: skip
    document: dict[str, object] = {
        **name_fields(name, facts.get("former_names", ())),
        "id": identifier,
        "tie": tie(identifier),
        "uscc": identifier,
        "org_code": uscc.org_code(identifier),
        "region": list(divisions.ancestors(region)),
        "source": orjson.dumps(source),
    }
    for field in ("status", "kind", "legal_rep", "reg_no", "authority", "industry", "capital_cny"):
        if source.get(field):
            document[field] = source[field]
    for field in ("established_on", *(f"{kind}_until" for kind in KINDS)):
        if source.get(field):
            document[field] = _day(source[field])
    if "address" in facts:
        document["address_2"] = tokens.bigrams(fold(facts["address"]))
    if "scope" in facts:
        document["scope_word"] = tokens.words(facts["scope"])
    return document


def record(identifier: str, kind: str, **facts: Any) -> dict[str, object]:
    """The document of a record, public from the day it happened on."""
    happened = facts.get("happened_on", "2025-06-01")
    source = {
        "record_id": identifier, "kind": kind, "happened_on": happened, "public_from": happened,
        "public_until": "9999-12-31", **facts,
    }  # fmt: skip
    texts = [str(facts[field]) for field in ("violation", "facts", "content", "reason") if field in facts]
    document: dict[str, object] = {
        "id": identifier,
        "tie": tie(identifier),
        "kind": kind,
        "link_rule": facts.get("link_rule", "none"),
        "turns_on": _day(facts.get("turns_on", FOREVER)),
        "happened_on": _day(happened),
        "public_from": _day(source["public_from"]),
        "public_until": _day(source["public_until"]),
        "source": orjson.dumps(source),
    }
    for field in (
        "article",
        "withheld",
        "fine_cny",
        "confiscated_cny",
        "authority",
        "category",
        "state",
        "next_state",
    ):
        if field in facts:
            document[field] = facts[field]
    if "party_name" in facts:
        document |= {"name_key": [name_key(facts["party_name"])], "name_2": tokens.bigrams(fold(facts["party_name"]))}
    if "entity_id" in facts:
        document["entity_id"] = [facts["entity_id"]]
    if "doc_no" in facts:
        document["doc_no"] = [doc_no_key(facts["doc_no"])]
    if texts:
        document["text_word"] = " ".join(map(tokens.words, texts))
        document["text_1"] = " | ".join(tokens.chars(fold(text)) for text in texts)
    return document
