"""Facts as people read them, in the order of their declarations. `frontend/src/text` writes the same for the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import compress
from typing import Any, NamedTuple

from xincha.days import CHINA, FOREVER_ISO
from xincha.kinds import KINDS, Fact, Kind
from xincha.kinds.entity import ENTITY
from xincha.kinds.kind import LINK_RULES, Effect
from xincha.text import currencies

Row = Mapping[str, Any]
_PERCENT = "_percent"
_HUNDRED_MILLION, _TEN_THOUSAND = 1e8, 1e4
_STORED = {"region": "region_code", "industry": "industry_code"}
"""Facts of the file under whose name another field of the answer is shown."""


class FactText(NamedTuple):
    """A fact in words: its label, its value, and where it is stated, if it is elsewhere."""

    label: str
    text: str
    source: str = ""


def registration(entity: Row) -> list[FactText]:
    """The facts of the registration that are published; those of another file than the entity's with their place."""
    carried = {each["field"]: each for each in entity["carried"]}
    rows = []
    for fact in ENTITY:
        if fact.shown != "all" or not fact.title or not (text := _of_entity(entity, fact)):
            continue
        elsewhere = carried.get(fact.name) or carried.get(_STORED.get(fact.name, ""))
        rows.append(FactText(fact.called, text, _loaded(elsewhere) if elsewhere else ""))
    return rows


def record_facts(record: Row) -> list[FactText]:
    """The facts of a record that are published; what stands there already, also within lines, is not repeated."""
    kind, seen, within, told = KINDS[record["kind"]], set[str](), set[object](), list[FactText]()
    for fact in kind.facts:
        given = record.get(fact.name)
        if given is None or fact.shown not in {"all", "page"} or not fact.title or fact.lines_kept:
            continue
        if fact.type == "lines":
            within.update(each for line in given for each in _told(line).values())
        text = "" if _is_told_as_text(record, fact.name) else value(fact, given)
        repeated = (fact.type == "text" and text in seen) or (fact.type == "list" and within.issuperset(given))
        seen.add(text)
        if text and not repeated:
            told.append(FactText(reworded(kind, record, fact.called), text))
    return told


class ListTable(NamedTuple):
    """Records as a table: the heads of its columns, and of each record its identifier and its cells."""

    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]


def table(kinds: Sequence[str], records: Sequence[Row]) -> ListTable:
    """A table of records of these kinds: of one kind what that declares, else what all say. The first cell names each;
    a column in which nothing stands is left out."""
    kind = KINDS[kinds[0]]
    columns = [fact for name in kind.columns for fact in kind.facts if fact.name == name] if len(kinds) == 1 else []
    heads = (
        [*(fact.called for fact in columns), "现状"] if columns else ["内容", "类别", "当事人或者机关", "日期", "现状"]
    )
    rows = [(each["record_id"], list(_cells(columns, each) if columns else _in_common(each))) for each in records]
    filled = [not place or any(cells[place] for _, cells in rows) for place in range(len(heads))]
    return ListTable(list(compress(heads, filled)), [(name, list(compress(cells, filled))) for name, cells in rows])


def _in_common(record: Row) -> tuple[str, ...]:
    kind = KINDS[record["kind"]]
    return record["headline"], kind.title, whose(record), record.get("happened_on") or "", state(record)


def _cells(facts: Sequence[Fact], record: Row) -> Iterator[str]:
    """The values of a record and its state; what would name it and is not published is its headline."""
    for place, fact in enumerate(facts):
        yield value(fact, record.get(fact.name)) or ("" if place else record["headline"])
    yield state(record)


def value(fact: Fact, given: Any) -> str:
    """A value of a fact as people read it; "" where nothing is published."""
    if given is None:
        return ""
    if fact.type == "lines":
        return "\n".join("，".join(map(str, _of_line(line))) for line in given)
    if fact.name.endswith(_PERCENT):
        return f"{number(given)}%"
    return _WORDS.get(fact.type, str)(given)


def state(record: Row) -> str:
    """The state of a record in a word or two; "" if it is nothing to look at."""
    kind = KINDS[record["kind"]]
    found = kind.states.get(record.get("state") or "")
    return reworded(kind, record, found.title) if found and found.tone != "plain" else ""


def effect(record: Row) -> Effect | None:
    """What it means that a record stands against its entity now, where a text was read that says it."""
    kind = KINDS[record["kind"]]
    if tone(record) != "adverse":
        return None
    return kind.effects.get(record.get(kind.variant) or "") or kind.effects.get("")


def tone(record: Row) -> str:
    """How the state of a record is coloured."""
    kind = KINDS[record["kind"]]
    found = kind.states.get(record.get("state") or "")
    return found.tone if found else kind.tone


def reworded(kind: Kind, record: Row, title: str) -> str:
    """A title in the words of the record: what is 列入 for most is 载入 or 标记 for some."""
    for word, other in kind.reworded.get(record.get(kind.variant) or "", {}).items():
        title = title.replace(word, other, 1)
    return title


def issued(record: Row) -> str:
    """The authority and the document number that a record stands on."""
    kind = KINDS[record["kind"]]
    said = (record.get(name) for name in (*kind.names("authority"), *kind.names("number")))
    return "，".join([each for each in said if each][:2])


def whose(record: Row) -> str:
    """What a record is called: whose it is; of one that is about nobody, whose work."""
    named = record.get("party_name") or record.get("entity_name")
    kind = KINDS[record["kind"]]
    if named:
        return str(named)
    return issued(record) or kind.title if not kind.party or kind.related else "当事人名称未公布"


def source(record: Row) -> str:
    """Where a record is stated, when it was loaded, and how it came to its entity."""
    origin = record["origin"]
    rule = record.get("link_rule")
    linked = f"按{LINK_RULES[rule]}对应到企业" if record.get("entity_id") and rule else ""
    parts = (place(origin), issued(record), f"{day(origin['loaded_at'])} 装载", linked)
    return "；".join(filter(None, parts))


def place(origin: Row) -> str:
    """A row of a file."""
    return f"{origin['file']} 第 {origin['row']} 行"


def _loaded(origin: Row) -> str:
    return f"{place(origin)}，{day(origin['loaded_at'])} 装载"


def day(moment: str) -> str:
    """The calendar day of a moment in China."""
    return datetime.fromisoformat(moment).astimezone(CHINA).date().isoformat()


def number(given: float) -> str:
    """A number with its thousands apart, and two decimals at most."""
    return f"{given:,.2f}".rstrip("0").rstrip(".")


def amount(given: float, unit: str = "元") -> str:
    """Ten thousand and more in 万 or 亿, as registrations are spoken of."""
    for size, word in ((_HUNDRED_MILLION, "亿"), (_TEN_THOUSAND, "万")):
        if given >= size:
            return f"{number(given / size)} {word}{unit}"
    return f"{number(given)} {unit}"


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "date": lambda given: "长期" if given == FOREVER_ISO else str(given),
    "money": lambda given: f"{number(given)} 元",
    "flag": lambda given: "是" if given else "否",
    "count": number,
    "list": lambda given: "；".join(filter(None, given)),
}


def _of_entity(entity: Row, fact: Fact) -> str:
    given = entity.get(fact.name)
    if fact.name == "flags":
        return "；".join(flag["text"] for flag in given or ())
    if fact.name == "capital_text":
        return _capital(entity)
    if fact.name == "former_names":
        return former_names(entity)
    if fact.name == "uscc" and given:
        return " ".join(given[place : place + 4] for place in range(0, len(given), 4))
    code = entity.get(_STORED.get(fact.name, ""))
    text = "、".join(given) if fact.type == "list" and given else value(fact, given)
    return f"{text}（{code}）" if text and code else text


def former_names(entity: Row) -> str:
    """Former names, each with the day until which it was borne, where a published change says so."""
    until = {each["name"]: each["until_on"] for each in reversed(entity["renamed"])}
    return "、".join(f"{name}（至 {until[name]}）" if until.get(name) else name for name in entity["former_names"])


def _capital(entity: Row) -> str:
    if entity["capital_cny"] is not None:
        return amount(entity["capital_cny"])
    if entity["capital_amount"] is not None and entity["capital_currency"] not in {None, "CNY"}:
        return amount(entity["capital_amount"], currencies.named(str(entity["capital_currency"])))
    return entity["capital_text"] or ""


def _told(line: Row) -> dict[str, Any]:
    """What a row inside a record tells people; codes are for programs."""
    return {name: given for name, given in line.items() if given is not None and not name.endswith("_code")}


def _of_line(line: Row) -> Iterator[object]:
    """The values of a row inside a record, each once."""
    return (given for name, given in _told(line).items() if not _is_told_as_text(line, name))


def _is_told_as_text(of: Row, name: str) -> bool:
    """Whether what a value was read of stands beside it as it was published."""
    return of.get(f"{name.removesuffix(_PERCENT)}_text") is not None
