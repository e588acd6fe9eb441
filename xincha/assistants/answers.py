"""What the tools answer. In every answer `null` means: the register does not say. A day is `YYYY-MM-DD`, money in yuan.

An answer is short, since an assistant reads it whole: under 2,000 tokens as `tokens` counts them. What does not fit is
left out, and `total` says how much there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

MOST_TOKENS = 2_000
_WIDE = re.compile(r"[\u2e80-\uffef]")

M = TypeVar("M", bound=BaseModel)


def _without_titles(schema: dict[str, Any]) -> None:
    """The titles repeat the names."""
    schema.pop("title", None)
    for each in schema.get("properties", {}).values():
        each.pop("title", None)


class Model(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_titles)


class ToolAnswer(Model):
    """What every answer says of itself."""

    day: date = Field(description="the day that the answer is about")
    coverage: str = Field(description="what is loaded, up to which day; of anything else nothing is known")


class Company(Model):
    """A company, with what tells it from others."""

    entity_id: str
    name: str
    uscc: str | None = Field(description="统一社会信用代码")
    status: str | None = Field(description="登记状态")
    region: str | None
    established_on: date | None
    address: str | None
    url: str


class FindAnswer(ToolAnswer):
    """`find_company`."""

    state: Literal["matched", "ambiguous", "none"]
    company: Company | None = Field(description="the one that is meant, where matched; else null")
    candidates: list[Company] = Field(description="ambiguous: who may be meant; none: near names, not meant")
    question: str | None = Field(description="to ask the person where ambiguous")


class RecordTold(Model):
    """A record: its line, and where it is from."""

    record_id: str
    kind: str
    kind_name: str
    text: str
    happened_on: date | None
    authority: str | None
    state: str | None
    entity_id: str | None
    entity_name: str | None
    public_until: date | None
    source: str = Field(description="file and row")
    url: str


class CompanyFacts(ToolAnswer):
    """`get_company`."""

    company: Company
    summary: str
    adverse: list[str] = Field(description="what stands against it on the day; 现…: now")
    facts: dict[str, str | None] = Field(description="registration, by its Chinese label")
    counts: dict[str, float | str | None] = Field(description="records by label; null: none of the kind is loaded")
    records: list[RecordTold] = Field(description="newest first")
    total: int | None = Field(description="of all its records")
    source: str | None = Field(description="file and row of the registration")


class RowAnswer(Model):
    """The answer to one row."""

    row: int = Field(description="from 1")
    state: Literal["matched", "ambiguous", "none"]
    entity_id: str | None
    name: str | None = Field(description="only where it is another than was given")
    problem: str | None


class MatchAnswer(ToolAnswer):
    """`match_companies`."""

    rows: list[RowAnswer]


class RecordsAnswer(ToolAnswer):
    """`search_records`."""

    records: list[RecordTold]
    total: int
    cursor: str | None = Field(description="give it back for more")
    notes: list[str]


class CodeAnswer(ToolAnswer):
    """`check_code`."""

    uscc: str | None = Field(description="in its plain form; null: the text is none")
    valid: bool = Field(description="its check character holds; says nothing about whether anybody bears it")
    company: Company | None = Field(description="who bears it")
    near: list[Company] = Field(description="who bears a code one sign away")
    notes: list[str]


class SearchHit(Model):
    """A hit of `search`."""

    id: str
    title: str
    url: str


class SearchAnswer(Model):
    """`search`."""

    results: list[SearchHit]


class FetchAnswer(Model):
    """`fetch`."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]


def tokens(text: str) -> int:
    """An upper estimate: a Chinese character is one token, of other text three characters are."""
    wide = len(_WIDE.findall(text))
    return wide + (len(text) - wide + 2) // 3


def fitting(models: Iterable[M], used: int = 0) -> Iterator[M]:
    """The first ones that an answer has room for, of which so many tokens are used."""
    for model in models:
        used += tokens(model.model_dump_json())
        if used > MOST_TOKENS:
            return
        yield model
