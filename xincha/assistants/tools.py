"""The seven tools: a question in, an answer out. They read, they change nothing, and they say no more than the page.

A name is never taken for a company by likeness alone: what matching calls ambiguous is ambiguous here, with a question
that a person can answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xincha.assistants import answers, questions
from xincha.assistants.answers import fitting, tokens
from xincha.errors import BadParameter
from xincha.kinds import KINDS, counts, of_entities
from xincha.search.answers import BRIEF, Entity
from xincha.search.coverage import REGISTRATION, sentence
from xincha.search.match.types import MatchResult
from xincha.search.questions import EntitySearch, RecordSearch, Timeline
from xincha.search.service import Searcher
from xincha.text import identity_no, uscc
from xincha.text.fold import compact

LONGEST_TEXT = 200
"""Characters of one fact in an answer."""

_TOLD_APART = {
    "uscc": "统一社会信用代码",
    "region": "所在的区",
    "established_on": "成立日期",
    "address": "住所",
    "legal_rep": "法定代表人",
}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what it is called, asked and answers. `rows`: of how many rows a question consists."""

    name: str
    description: str
    question: type[answers.Model]
    answer: type[answers.Model]
    call: Callable[..., answers.Model]
    rows: Callable[[Any], int] = lambda _: 0


class Toolbox:
    """The tools over one searcher. `address`: the public address of the service, which links begin with."""

    def __init__(self, searcher: Searcher, today: Callable[[], date], address: str = "") -> None:
        self._searcher = searcher
        self._today = today
        self._address = address.rstrip("/")

    def find_company(self, asked: questions.FindCompany) -> answers.FindAnswer:
        """Which company is meant."""
        result = self._match([asked])[0]
        if result.error:
            raise BadParameter(result.error, parameter="name", allowed="a name or a code of a company")
        stored = self._searcher.entities.several(candidate.entity_id for candidate in result.candidates)
        found = [stored[each.entity_id] for each in result.candidates if each.entity_id in stored]
        ambiguous = result.state == "ambiguous"
        return answers.FindAnswer(
            **self._told([REGISTRATION]),
            state=result.state,
            company=self._company(stored[result.entity_id]) if result.entity_id in stored else None,
            candidates=[] if result.state == "matched" else list(map(self._company, found)),
            question=_question(found, asked.said()) if ambiguous else None,
        )

    def get_company(self, asked: questions.GetCompany) -> answers.CompanyFacts:
        """Everything about one."""
        entity = self._searcher.entities.one(asked.entity_id, asked.as_of)
        facts = (
            {fact.title: _text(entity.get(fact.name)) for fact in BRIEF if fact.title}
            if "facts" in asked.sections
            else {}
        )
        told = answers.CompanyFacts(
            **self._told([REGISTRATION, *of_entities()]),
            company=self._company(entity),
            summary=entity["summary"],
            adverse=[risk.text for risk in entity["risks"]],
            facts=facts,
            counts={each.title: entity["counts"].get(each.name) for each in counts()},
            records=[],
            total=None,
            source=_source(entity),
        )  # fmt: skip
        told.day = entity["as_of"]
        if "records" in asked.sections and asked.as_of is None:
            page = self._searcher.timeline(
                Timeline(entity_id=asked.entity_id, facet=(), page_size=questions.MOST_RECORDS)
            )
            told.total = page.total
            told.records = list(fitting(map(self._record, page.hits), tokens(told.model_dump_json())))
        return told

    def match_companies(self, asked: questions.MatchCompanies) -> answers.MatchAnswer:
        """Which company each row means."""
        rows = []
        for at, (row, result) in enumerate(zip(asked.rows, self._match(asked.rows), strict=True), 1):
            name = next((each.name for each in result.candidates if each.entity_id == result.entity_id), None)
            rows.append(
                answers.RowAnswer(
                    row=at, state=result.state, entity_id=result.entity_id, name=None if name == row.name else name,
                    problem=result.error,
                )
            )  # fmt: skip
        return answers.MatchAnswer(**self._told([REGISTRATION]), rows=rows)

    def search_records(self, asked: questions.SearchRecords) -> answers.RecordsAnswer:
        """Records by words, kind, company, office or day."""
        filters = {
            "kind": asked.kind, "authority": asked.authority, "region": asked.region,
        }  # fmt: skip
        question: dict[str, Any] = {name: (value,) for name, value in filters.items() if value}
        question |= {"q": asked.query, "happened_from": asked.happened_from, "happened_to": asked.happened_to}
        question |= {"facet": (), "page_size": asked.limit, "cursor": asked.cursor}
        if asked.entity_id:
            page = self._searcher.timeline(Timeline(entity_id=asked.entity_id, **question))
        else:
            page = self._searcher.records.page(RecordSearch(**question))
        told = answers.RecordsAnswer(
            **self._told([asked.kind] if asked.kind else list(KINDS)),
            records=[], total=page.total, cursor=page.cursor, notes=list(page.notes),
        )  # fmt: skip
        told.records = list(fitting(map(self._record, page.hits), tokens(told.model_dump_json())))
        if len(told.records) < len(page.hits):  # the cursor leads behind what is not told
            told.cursor = None
            told.notes.append(f"only {len(told.records)} fit: ask with a smaller limit to go on from there")
        return told

    def check_code(self, asked: questions.CheckCode) -> answers.CodeAnswer:
        """Whether a text is a valid code, and whose."""
        if identity_no.is_owners(compact(asked.code)):
            told = "this is the number of a person's identity card"
            raise BadParameter(told, parameter="code", allowed="a code of a company")
        code = uscc.normalize(asked.code)
        page = self._searcher.entities.page(EntitySearch(q=asked.code, facet=(), page_size=5))
        bearer = next((hit for hit in page.hits if code and hit["uscc"] == code), None)
        near = [hit for hit in (*page.hits, *page.nearest) if hit["uscc"] in uscc.near(asked.code)]
        return answers.CodeAnswer(
            **self._told([REGISTRATION]),
            uscc=code,
            valid=code is not None,
            company=self._company(bearer) if bearer else None,
            near=list(map(self._company, near)),
            notes=list(page.notes),
        )

    def search(self, asked: questions.Search) -> answers.SearchAnswer:
        """Companies, or where none is found records."""
        companies = self._searcher.entities.page(EntitySearch(q=asked.query, facet=(), page_size=10)).hits
        results = [
            self._result(f"entity/{hit['entity_id']}", _line(hit["name"], hit["uscc"], hit["status"], hit["region"]))
            for hit in companies
        ]
        if not results:
            hits = self._searcher.records.page(RecordSearch(q=asked.query, facet=(), page_size=10)).hits
            results = [
                self._result(f"record/{hit['record_id']}", _line(KINDS[hit["kind"]].title, hit["headline"]))
                for hit in hits
            ]
        return answers.SearchAnswer(results=results)

    def fetch(self, asked: questions.Fetch) -> answers.FetchAnswer:
        """A company or a record as text."""
        kind, _, key = asked.id.partition("/")
        if kind == "entity":
            told = self.get_company(questions.GetCompany(entity_id=key))
            lines = [told.summary, *told.adverse, *_lines(told.facts)]
            lines += [
                _line(_text(each.happened_on), each.kind_name, each.text, each.authority) for each in told.records
            ]
            source, title, day, coverage = told.source, told.company.name, told.day, told.coverage
        else:
            record = self._searcher.records.one(key)
            of = KINDS[record["kind"]]
            lines = _lines({fact.title: _text(record.get(fact.name)) for fact in of.facts if fact.shown == "all"})
            source, title = _source(record), _line(of.title, record["headline"])
            day, coverage = self._today(), self._told([record["kind"]])["coverage"]
            lines.append(_line("公示依据", record["rule"]))
        result = self._result(asked.id, title)
        return answers.FetchAnswer(
            **result.model_dump(),
            text="\n".join(_within(lines)),
            metadata={"day": day.isoformat(), "source": source or "", "coverage": coverage},
        )

    def _match(self, rows: Sequence[questions.FindCompany]) -> list[MatchResult]:
        return self._searcher.matcher.match([row.said() for row in rows])

    def _told(self, kinds: Sequence[str]) -> dict[str, Any]:
        covered = [each for each in self._searcher.coverage.now().kinds if each.kind in kinds]
        return {"day": self._today(), "coverage": sentence(covered)}

    def _company(self, entity: Entity) -> answers.Company:
        return answers.Company(
            entity_id=entity["entity_id"],
            name=entity["name"],
            uscc=entity["uscc"],
            status=entity["status"],
            region=entity["region"],
            established_on=entity["established_on"],
            address=entity["address"],
            url=f"{self._address}/entity/{entity['entity_id']}",
        )

    def _record(self, record: Mapping[str, Any]) -> answers.RecordTold:
        kind = KINDS[record["kind"]]
        state = kind.states.get(record.get("state") or "")
        authority = next((fact.name for fact in kind.facts if fact.authority), "")
        return answers.RecordTold(
            record_id=record["record_id"],
            kind=kind.name,
            kind_name=kind.title,
            text=_cut(record["headline"]),
            happened_on=record["happened_on"],
            authority=record.get(authority),
            state=state.title if state else None,
            entity_id=record.get("entity_id"),
            entity_name=record.get("entity_name"),
            public_until=record["public_until"],
            source=_source(record) or "",
            url=f"{self._address}/record/{record['record_id']}",
        )

    def _result(self, identifier: str, title: str) -> answers.SearchHit:
        return answers.SearchHit(id=identifier, title=title, url=f"{self._address}/{identifier}")


def _question(found: Sequence[Entity], said: Mapping[str, str]) -> str:
    """What to ask, so that one of them remains."""
    apart = [
        label for name, label in _TOLD_APART.items() if name not in said and len({each.get(name) for each in found}) > 1
    ]
    told = f"有 {len(found)} 家可能是所问的"
    asked = f"是哪一家？请提供{'、'.join(apart)}中的一项。" if apart else "所载事实分不出，请核对原件。"
    return f"{told}，{asked}"


def _text(value: object) -> str | None:
    """A fact as text; nothing where the register says nothing."""
    if value is None or value in ((), []):
        return None
    match value:
        case bool():
            text = "是" if value else "否"
        case float():
            text = f"{value:,.2f}".removesuffix(".00")
        case Mapping():
            text = " ".join(filter(None, map(_text, value.values())))
        case list() | tuple():
            text = "；".join(filter(None, map(_text, value)))
        case _:
            text = str(value)
    return _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"


def _line(*parts: str | None) -> str:
    return " ".join(filter(None, parts))


def _lines(facts: Mapping[str, str | None]) -> list[str]:
    return [f"{label}：{text}" for label, text in facts.items() if text is not None]


def _within(lines: Sequence[str], most: int = answers.MOST_TOKENS - 400) -> list[str]:
    """The first lines that fit; the rest of an answer takes 400 tokens."""
    kept: list[str] = []
    used = 0
    for line in lines:
        used += tokens(line) + 1
        if used > most:
            return [*kept, "…"]
        kept.append(line)
    return kept


def _source(of: Mapping[str, Any]) -> str | None:
    """File and row."""
    origin = of.get("origin")
    return f"{origin['file']}:{origin['row']}" if origin else None


def tools(toolbox: Toolbox) -> Sequence[Tool]:
    """All of them."""
    return (
        Tool(
            "search",
            "Search China's public register of companies by name, former name, pinyin or 统一社会信用代码; "
            "where no company is found, records by words or document number. Returns ids for fetch.",
            questions.Search, answers.SearchAnswer, toolbox.search,
        ),
        Tool(
            "fetch",
            "The text of one result of search: a company with its records, or a record, with day and source.",
            questions.Fetch, answers.FetchAnswer, toolbox.fetch,
        ),
        Tool(
            "find_company",
            "Which company a person means. `ambiguous` is a normal answer: put its question to the person and do not "
            "choose. With `none`, candidates are only near names: do not take one for the company.",
            questions.FindCompany, answers.FindAnswer, toolbox.find_company,
        ),
        Tool(
            "get_company",
            "One company by entity_id: registration, what stands against it now (经营异常, 严重违法失信, 行政处罚), "
            "its records. null: the register does not say; a kind that is 未装载 (not loaded) says nothing of it.",
            questions.GetCompany, answers.CompanyFacts, toolbox.get_company,
        ),
        Tool(
            "match_companies",
            f"Which company each of up to {questions.MOST_ROWS} rows means: matched, ambiguous or none. "
            "Ask find_company about a row that is ambiguous.",
            questions.MatchCompanies, answers.MatchAnswer, toolbox.match_companies, lambda asked: len(asked.rows),
        ),
        Tool(
            "search_records",
            "Records that may be shown today (penalties, listings, inspections, licences, …) by words, kind, company, "
            "office, region (GB/T 2260) or day. No record found says nothing of a kind that is not loaded.",
            questions.SearchRecords, answers.RecordsAnswer, toolbox.search_records,
        ),
        Tool(
            "check_code",
            "Whether a text is a valid 统一社会信用代码 by its check character, who bears it, and who bears one a sign "
            "away.",
            questions.CheckCode, answers.CodeAnswer, toolbox.check_code,
        ),
    )  # fmt: skip
