"""What a declaration of a kind of record holds: its facts, states, counts, its law, and its words.

Everything that depends on a kind is made of its declaration in a loop over `xincha.kinds.KINDS`: table and merge of the
lake, masking, documents and fields of the index, filters, facets, counts, exports, the API's models, the page's labels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from xincha.rules.window import Policy, Window

Row = Mapping[str, Any]
Variants = Collection[str]
Counts = Mapping[str, Any]
"""Name of a count → number, sum of yuan, or day as ISO 8601 text; 0 where there is none."""

FactType = Literal["text", "code", "key", "list", "date", "money", "count", "number", "flag", "lines"]
"""`code`: an identifier with a check of its own. `key`: text that is computed from the fact that it follows. `money`:
yuan. `number`: any other number, its unit in the name. `lines`: rows inside a record, each of the facts in
`Fact.lines`."""

Relation = Literal["", "plan", "task"]
"""By what records of several kinds belong together: the plan of spot checks that they are of, the task."""

Shown = Literal["all", "data", "page", "lake"]
"""Who is shown a fact: everybody; programs and exports, but no list of facts on the page; the page of the one entity
alone (people whose names are no search, no list and no file); nobody."""

Tone = Literal["plain", "good", "adverse", "past"]
"""How the page colours a state: `adverse` is for what stands against an entity now."""


_FOR_TABLES = re.compile("（(?:元|%|原文)）$")
"""What a title says of a column's unit or origin."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: a column of the lake, a key of the API's answers, a column of an export, a line of the page.

    `title`: its Chinese name, by GSXT or 双公示. `label`: the page's name for it, if that is another one.
    `doc`: what a program should know beside the title.

    `prose`: free text; a damaged character does not make it useless. `searched`: its words are found. `number`: it is
    the number of a document 文号, found in whatever brackets. `category`: its values are a facet; code → word for
    people. `authority`: who decided. `happened`: the day of the record, the first that is stated. `event`: another day
    on which something came to pass that it tells of. `end`: a date that may be 长期 (9999-12-31).
    `required`: never null. `tells`: of a line: it is told from others by this, so that a newer file's takes its place.
    `words`: code → word for people.

    `follows`: the fact from whose text this one was read, so that it gives way with that text when a newer file states
    another; `alone`: a file may state this one without that text. `joined`: a list that is joined where rows of one key
    merge; `beside`: the list whose items this one goes with by position.

    `grouped`: its values, as published, are a filter of records and a dimension of figures. `adds`: a number that
    figures add up.

    `relates`: it is the number (or, of a fact that is none, the name) of what several records belong to. `person`: it
    names a natural person: no search finds it, and it is blanked when publication is over.

    `cites`: it names articles of law, by which the record is found; `cited`: it is the article that others name.
    `office`: of a number, the fact that names the office which gave it. `lines_kept`: a text of many lines, which stay
    as they are; none of a natural person's is shown.

    `derived`: it is computed for documents, no column of the lake. `made`: it is computed of the stored record when
    that is answered alone, and stands nowhere else. `detail`: it is left out of lists of hits.
    """

    name: str
    title: str
    type: FactType = "text"
    shown: Shown = "all"
    label: str = ""
    doc: str = ""
    prose: bool = False
    searched: bool = False
    number: bool = False
    category: Mapping[str, str] | None = None
    authority: bool = False
    happened: bool = False
    event: bool = False
    end: bool = False
    required: bool = False
    tells: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    follows: str = ""
    alone: bool = False
    joined: bool = False
    beside: str = ""
    derived: bool = False
    cites: bool = False
    cited: bool = False
    grouped: bool = False
    adds: bool = False
    relates: Relation = ""
    person: bool = False
    office: str = ""
    lines_kept: bool = False
    made: Callable[[Row], object] | None = None
    detail: bool = False
    lines: tuple[Fact, ...] = ()

    @property
    def called(self) -> str:
        """What people call it beside its value, which says its unit or its origin itself. Other brackets stay: 变更前
        （人员） is not what 变更前 is."""
        return self.label or _FOR_TABLES.sub("", self.title)

    @property
    def in_lake(self) -> bool:
        """Whether it is a column of the lake."""
        return not self.derived

    @property
    def in_data(self) -> bool:
        """Whether exports and lists of the API hold it."""
        return self.shown in ("all", "data")


@dataclass(frozen=True, slots=True)
class State:
    """A state of a record on a day, and how the page colours it. A `plain` one is not written beside a record."""

    title: str
    tone: Tone = "past"


@dataclass(frozen=True, slots=True)
class Effect:
    """What it means for an entity that such a record stands against it now, in sentences with their articles; "" where
    no text was read that says it. `consequence`: what it keeps the entity from; `ends`: how it comes to an end."""

    meaning: str
    consequence: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """A number about the records of an entity that may be shown on a day.

    It counts them (those in `state`, if one is named), adds up the fact `sums`, or is the day of the `latest`. `risk`:
    the words for a number that stands against the entity, `{}` for the number. `listed`: it stands beside the rows of a
    matched list.
    """

    name: str
    title: str
    state: str | None = None
    sums: str = ""
    latest: bool = False
    risk: str = ""
    tone: Tone = "past"
    listed: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record.

    `table`: of the lake. `letter`: what its identifiers begin with. `window`: a row of the table, and what the
    operator decides → what the law says of its publicity (`xincha.rules`). `headline`: a row → its line in a list.
    `summary`: counts, and the values of `variant` among those records → its part of the sentence about an entity, ""
    for none.

    `party`: it is about an entity, to which it is linked; kinds without are searched and shown, and link to nobody:
    they have no counts, and nothing that `has` could say. `has`: what that filter says of an entity that has one.
    `has_state`: only records in this state count for it. `span`: the facts between which a record lasts, if it does.
    `variant`: the fact that says under which law or in
    which words a record was made (载入, 标记); `reworded`: its values, and words of titles that are others for them.
    `effects`: its values, or "" for any, and what it means that such a record stands.

    `topic`: the list of its own (`xincha.kinds.topics`) that it is in beside the list of all records; "" for none.
    `columns`: the facts that a table of its records shows there, the first being what a record is called.
    """

    name: str
    table: str
    letter: str
    title: str
    own: tuple[Fact, ...]
    window: Callable[[Row, Policy], Window]
    headline: Callable[[Row], str]
    summary: Callable[[Counts, Variants], str]
    has: str = ""
    counts: tuple[Count, ...] = ()
    states: Mapping[str, State] = field(default_factory=dict)
    tone: Tone = "plain"
    party: bool = True
    has_state: str | None = None
    span: tuple[str, str] | None = None
    variant: str = ""
    reworded: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    effects: Mapping[str, Effect] = field(default_factory=dict)
    topic: str = ""
    columns: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All facts of the table, in order: those of the party first, if there is one."""
        return (*(PARTY if self.party else ()), *self.own)

    def names(self, role: str) -> list[str]:
        """The facts that play a role (`searched`, `number`, `authority`, …), by name."""
        return [fact.name for fact in self.facts if getattr(fact, role)]

    @property
    def related(self) -> bool:
        """Whether its records belong to plans or tasks, as others do."""
        return any(fact.relates for fact in self.own)

    @property
    def category(self) -> Fact | None:
        """The fact whose values are a facet, if one is."""
        return next((fact for fact in self.own if fact.category is not None), None)

    @property
    def sums(self) -> Iterator[str]:
        """The facts that counts add up."""
        return (count.sums for count in self.counts if count.sums)


PARTY = (
    Fact("party_name", "行政相对人名称", label="当事人"),
    Fact("party_name_key", "", "key", "lake", follows="party_name"),
    Fact("party_uscc", "行政相对人统一社会信用代码", "code", label="当事人代码"),
    Fact("party_more_usccs", "行政相对人代码（其余）", "list", "lake", doc="further ones, of a cell with several"),
    Fact("party_reg_no", "行政相对人注册号", "code", label="当事人注册号"),
    Fact("party_region_code", "行政相对人区划代码", "code", "data", doc="GB/T 2260, by address or code"),
)
"""Whom a record is about 当事人, as published."""

IDENTITY = (
    Fact("record_id", "记录编号", "code", "data", required=True),
    Fact("kind", "记录类别", shown="data", required=True),
)
LINK_RULES = {
    "uscc": "统一社会信用代码",
    "reg_no": "注册号",
    "name": "名称",
    "former_name": "曾用名",
    "none": "未对应",
    "nobody": "没有指明主体",
    "ambiguous": "同名不止一家，未对应",
    "code_of_another": "代码与名称属于不同的主体，未对应",
}
LINK = (
    Fact("entity_id", "对应主体编号", "code", "data", doc="whom it is linked to; null: nobody, or several"),
    Fact("entity_name", "对应主体名称", shown="data"),
    Fact(
        "also_ids",
        "同一记录的其他主体编号",
        "list",
        "data",
        doc="of a record that names several parties: the further ones",
    ),
    Fact("also_names", "同一记录的其他主体名称", "list", "data", beside="also_ids"),
    Fact("link_rule", "对应依据", shown="data", required=True, words=LINK_RULES, doc=", ".join(LINK_RULES)),
    Fact(
        "candidates",
        "可能的主体",
        "list",
        "data",
        doc="of no certain one: entities of that name or code, at most ten",
    ),
)
HAPPENED = Fact("happened_on", "日期", "date", "data", doc="decided, listed or checked on")
PUBLICITY = (
    Fact("public_from", "公示自", "date", "data", doc="first day on which it may be shown"),
    Fact("public_until", "公示至", "date", "data", doc="last day on which it may be shown; 9999-12-31: without end"),
    Fact("rule", "公示依据", shown="data", doc="the rule of publicity that it falls under, in one sentence"),
)
"""What every record says beside the facts of its kind; of a kind without party without `LINK`."""


def no_summary(_counts: Counts, _variants: Variants) -> str:
    """Nothing: what a kind without counts adds to the sentence about an entity."""
    return ""


def yuan(amount: float) -> str:
    """An amount as people write it: 25,000 元; 580.5 元."""
    return f"{amount:,.2f}".rstrip("0").rstrip(".") + " 元"


COUNTERPARTY = (
    Fact("party_kind", "行政相对人类别", shown="data", doc="法人及非法人组织, 个体工商户, 自然人"),
    Fact("party_org_code", "行政相对人组织机构代码", "code", "lake"),
    Fact("party_tax_no", "行政相对人税务登记号", "code", "lake"),
    Fact("party_institution_no", "行政相对人事业单位证书号", shown="lake"),
    Fact("party_society_no", "行政相对人社会组织登记证号", shown="lake"),
    Fact("legal_rep", "法定代表人", shown="data"),
)
"""What 双公示 says of the party 行政相对人 of a penalty or a licence, beside its name and codes."""
