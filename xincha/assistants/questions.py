"""What the tools are asked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from xincha.assistants.answers import Model
from xincha.limits import MAX_ADDRESS, MAX_CODE, MAX_CURSOR, MAX_ID, MAX_NAME, MAX_PERSON, MAX_PLACE, MAX_QUERY
from xincha.search.questions import EntityId, IsoDate, Name, RecordKind, RegionCode

MOST_ROWS = 50
MOST_RECORDS = 10

Id = Annotated[str, Field(pattern=r"^(entity|record)/[0-9A-Za-z-]{1,80}$", max_length=MAX_ID)]
Section = Literal["facts", "records"]


class Search(Model):
    """`search`."""

    query: str = Field(min_length=1, max_length=MAX_QUERY)


class Fetch(Model):
    """`fetch`."""

    id: Id


class FindCompany(Model):
    """`find_company`, and a row of `match_companies`."""

    name: str | None = Field(default=None, max_length=MAX_NAME)
    uscc: str | None = Field(default=None, max_length=MAX_CODE, description="统一社会信用代码, or 注册号")
    region: str | None = Field(default=None, max_length=MAX_PLACE, description="省市区")
    legal_rep: str | None = Field(default=None, max_length=MAX_PERSON)
    address: str | None = Field(default=None, max_length=MAX_ADDRESS)

    def said(self) -> dict[str, str]:
        """As a row to match."""
        return self.model_dump(exclude_none=True)


class GetCompany(Model):
    """`get_company`."""

    entity_id: EntityId
    as_of: IsoDate | None = None
    sections: Annotated[tuple[Section, ...], Field(max_length=2)] = ("facts", "records")


class MatchCompanies(Model):
    """`match_companies`."""

    rows: Annotated[list[FindCompany], Field(min_length=1, max_length=MOST_ROWS)]


class SearchRecords(Model):
    """`search_records`."""

    query: str = Field(default="", max_length=MAX_QUERY)
    kind: RecordKind | None = None
    entity_id: EntityId | None = None
    authority: Name | None = None
    region: RegionCode | None = None
    happened_from: IsoDate | None = None
    happened_to: IsoDate | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_RECORDS)] = MOST_RECORDS
    cursor: Annotated[str, Field(max_length=MAX_CURSOR)] | None = None


class CheckCode(Model):
    """`check_code`."""

    code: str = Field(min_length=1, max_length=MAX_CODE)
