"""The fields of both indices, declared once.

Schema and mapping of every engine, and the table of fields in the docs, are made from these declarations. Each version
of an index carries `fingerprint()`: the hash of the declarations and of what the analysis makes of a sample of texts
(`xincha.text.analysis`), so that a changed field or token makes old indices *not ready* instead of wrong.

Types: `key` (one exact term), `text` (prepared tokens; `positions` for phrases), `date`, `int`, `float`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from xincha.engine.contract import IndexName
from xincha.kinds import KINDS, added, amounts, grouped, of_entities, states
from xincha.kinds.entity import FLAG_KEYS

Type = Literal["key", "text", "date", "int", "float"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `many`: several values a document. `fast`: can be sorted by, aggregated, ranged (numbers, dates)."""

    name: str
    type: Type
    doc: str
    many: bool = False
    fast: bool = False
    positions: bool = False


def _fields(*fields: Field) -> Mapping[str, Field]:
    return {field.name: field for field in fields}


ENTITIES: Mapping[str, Field] = _fields(
    Field("id", "key", "entity_id: USCC where valid, else R- and registration number, else N- and a hash"),
    Field("tie", "int", "63 bits of a hash of `id`: the last sort key, so that every order is total", fast=True),
    Field("uscc", "key", "unified social credit code 统一社会信用代码 (GB 32100-2015)"),
    Field("reg_no", "key", "registration number 注册号, 15 digits"),
    Field("org_code", "key", "organization code 组织机构代码 (GB 11714); of a USCC: its characters 9 to 17"),
    Field(
        "name_key", "key", "folded name and former names, with and without the signs that are part of them", many=True
    ),
    Field("form_key", "key", "name keys with region moved to the front and legal form folded", many=True),
    Field("core", "key", "name without region and legal form: 字号 and trade; former names too", many=True),
    Field("brand", "key", "字号 of name and former names", many=True),
    Field("name_1", "text", "characters of the folded name, then of former names", positions=True),
    Field("name_2", "text", "character bigrams of the folded names"),
    Field("name_word", "text", "jieba words of the names, search mode"),
    Field("pinyin", "text", "pairs of syllables of the names without 有限公司; confused sounds are one"),
    Field("pinyin_key", "key", "syllables of the names, joined; from each step of the region to the branch", many=True),
    Field("initials", "key", "first letters of brand and of the names, from each step of the region", many=True),
    Field("address_2", "text", "character bigrams of the address"),
    Field("scope_word", "text", "jieba words of the business scope 经营范围"),
    Field("legal_rep", "key", "legal representative 法定代表人 as published; narrows a search, is none of its own"),
    Field("status", "key", "registration state 登记状态", fast=True),
    Field("kind", "key", "kind of entity 市场主体类型", fast=True),
    Field("region", "key", "codes of province, city and district (GB/T 2260)", many=True, fast=True),
    Field("district", "key", "code of the county or district alone, where it is known", fast=True),
    Field("industry", "key", "section, division, group and class (GB/T 4754)", many=True, fast=True),
    Field("authority", "key", "registration authority 登记机关", fast=True),
    Field("established_on", "date", "date of establishment 成立日期", fast=True),
    Field("approved_on", "date", "date of the last approval 核准日期", fast=True),
    Field("capital_cny", "float", "registered capital 注册资本 in yuan; none where in another currency", fast=True),
    Field("content_on", "date", "newest day that it tells of: established, approved, in its state since", fast=True),
    Field("loaded_at", "int", "when its row was loaded, in seconds since 1970", fast=True),
    Field("loaded_on", "date", "the day of the same, in China", fast=True),
    Field("batch", "int", "number of the load that wrote its row: what changed is told in this order", fast=True),
    Field("closed_on", "date", "first day of a state in which it has ended: 注销, 吊销, 撤销, …", fast=True),
    *(
        Field(
            f"{kind.name}_until",
            "date",
            f"last day on which a record counts as «{kind.has}»; 9999-12-31: no end",
            fast=True,
        )
        for kind in of_entities().values()
    ),
    *(
        Field(
            f"{key}_until",
            "date",
            f"last day on which {flag} stands beside its state; 9999-12-31: no end",
            fast=True,
        )
        for flag, key in FLAG_KEYS.items()
    ),
    Field(
        "not_on",
        "key",
        "days before that last one on which none counts, of a kind (flag) whose next has not begun: «penalty:2027-03»",
        many=True,
        fast=True,
    ),
)

RECORDS: Mapping[str, Field] = _fields(
    Field("id", "key", "record_id: a letter for the kind and a hash of the record's key"),
    Field("tie", "int", "63 bits of a hash of `id`", fast=True),
    Field("kind", "key", f"kind of record: {', '.join(KINDS)}", fast=True),
    Field("entity_id", "key", "entities it is linked to; none where it is linked to none", many=True, fast=True),
    Field(
        "link_rule",
        "key",
        "how it was linked: uscc, reg_no, name, former_name; none, nobody, ambiguous, code_of_another",
        fast=True,
    ),
    Field("of_id", "key", "records that a document is the text of", many=True),
    Field(
        "belongs", "key", "plans and tasks of spot checks that it is of: by number, else by office and name", many=True
    ),
    Field("uscc", "key", "codes of the party as published, where valid", many=True),
    Field("name_key", "key", "folded name of the party as published, and each name in it", many=True),
    Field("name_2", "text", "character bigrams of the party's name"),
    Field("doc_no", "key", "folded number of the decision 文号", many=True),
    Field("article", "key", "articles of law that its basis names: 食品安全法|124", many=True, fast=True),
    Field("law", "key", "the laws of these articles: 食品安全法", many=True, fast=True),
    Field("text_word", "text", "jieba words of facts, reasons, results and contents"),
    Field("text_1", "text", "characters of the same, for phrases", positions=True),
    Field("region", "key", "codes of province, city and district of the party", many=True, fast=True),
    Field("district", "key", "code of the county or district of the party alone, where it is known", fast=True),
    Field("address", "key", "of the company it is linked to, as registered; none of a person or 个体工商户", fast=True),
    Field("authority", "key", "authority that decided", fast=True),
    Field("category", "key", "penalty type, listing reason or check result, official wording", many=True, fast=True),
    Field("state", "key", f"state, as far as its kind has any: {', '.join(states())}", fast=True),
    Field("turns_on", "date", "first day on which it is in `next_state` instead; 9999-12-31: never", fast=True),
    Field("next_state", "key", "state from that day", fast=True),
    Field("happened_on", "date", "date of decision, listing or check", fast=True),
    Field("content_on", "date", "newest day that it tells of: happened, removed; none after its load", fast=True),
    Field("loaded_at", "int", "when its row was loaded, in seconds since 1970", fast=True),
    Field("loaded_on", "date", "the day of the same, in China", fast=True),
    Field("batch", "int", "number of the load that wrote its row: what changed is told in this order", fast=True),
    Field("ended_on", "date", "day of removal, or last day of validity; none where there is no end", fast=True),
    Field("lasted_days", "float", "days from its first day to `ended_on`", fast=True),
    Field("person", "key", "yes: it is about a natural person, or taken for that", fast=True),
    Field("public_from", "date", "first day on which it may be shown", fast=True),
    Field("public_until", "date", "last day on which it may be shown", fast=True),
    Field("withheld", "key", "why it is never shown: no_penalty, withdrawn, repaired, undated, gone, alone", fast=True),
    *(Field(name, "key", f"as published: {title}", fast=True) for name, title in grouped().items()),
    *(
        Field(name, "float", f"{'amount in yuan' if name in amounts() else 'number'}: {title}", fast=True)
        for name, title in added().items()
    ),
)

INDICES: Mapping[IndexName, Mapping[str, Field]] = {"entities": ENTITIES, "records": RECORDS}


def fingerprint(index: IndexName) -> str:
    """Twelve hex digits that change when a field of the index, or the analysis of text, changes."""
    from xincha.text import analysis

    return _fingerprint(index, analysis.fingerprint())


@cache
def _fingerprint(index: IndexName, analysis: str) -> str:
    return hashlib.blake2b(repr((INDICES[index], analysis)).encode(), digest_size=6).hexdigest()


def tie(identifier: str) -> int:
    """The `tie` of an identifier: 63 bits, never negative."""
    return int.from_bytes(hashlib.blake2b(identifier.encode(), digest_size=8).digest(), "big") >> 1
