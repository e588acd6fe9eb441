"""What may be asked: one model per endpoint, every bound in it.

Lists are repeated parameters (`status=存续&status=注销`), never commas: names of authorities hold commas. Within one
parameter any value may match; different parameters must all match. Dates are `YYYY-MM-DD`, amounts plain yuan. A
parameter that an endpoint does not know is an error that names those it knows. Whatever is wrong is answered with 400.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, TypeVar, cast, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)

from api.problems import RefusedError, wrong_parameters
from xincha.kinds import KINDS, states
from xincha.kinds.kind import LINK_RULES
from xincha.limits import MAX_CURSOR, MAX_PAGE_SIZE, MAX_QUERY, MAX_VALUES
from xincha.search.requests import ENTITY_FILTERS, RECORD_FILTERS, EntitySearch, RecordSearch

if TYPE_CHECKING:
    from fastapi import Request

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _iso_date(value: object) -> date:
    """A calendar date and nothing else: no times, no seconds since 1970, no week dates."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        return date.fromisoformat(value)
    raise ValueError("not a date")


def _printable(value: str) -> str:
    """The text with control characters, lone surrogates and other unprintable ones turned into spaces."""
    return value if value.isprintable() else "".join(c if c.isprintable() else " " for c in value)


_DATE_SCHEMA = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

T = TypeVar("T")
Many = Annotated[list[T], Field(max_length=MAX_VALUES)]
Typed = Annotated[str, Field(max_length=MAX_QUERY), AfterValidator(_printable)]
IsoDate = Annotated[date, BeforeValidator(_iso_date), WithJsonSchema(_DATE_SCHEMA)]
Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_printable)]
Yuan = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
RegionCode = Annotated[str, Field(pattern="^[0-9]{6}$")]
IndustryCode = Annotated[str, Field(pattern="^([A-T]|[0-9]{2,4})$")]
EntityId = Annotated[str, Field(pattern="^[0-9A-Za-z-]{1,64}$")]
PageSize = Annotated[int, Field(ge=1, le=MAX_PAGE_SIZE, description="hits in one page")]
CursorText = Annotated[
    str, Field(max_length=MAX_CURSOR, pattern="^[0-9A-Za-z_=-]*$", description="the `cursor` of the page before")
]

if TYPE_CHECKING:
    RecordKind = str
    State = str
    LinkRule = str
else:
    RecordKind = Literal[tuple(KINDS)]
    State = Literal[tuple(states())]
    LinkRule = Literal[tuple(LINK_RULES)]
Status = Literal["存续", "吊销未注销", "吊销已注销", "注销", "撤销", "迁出", "歇业", "名称剔除", "其他"]
EntityKind = Literal["企业", "个体工商户", "农民专业合作社", "分支机构", "外国企业常驻代表机构", "其他"]
EntityFacet = Literal["status", "kind", "region", "industry", "authority", "has", "established", "capital"]
RecordFacet = Literal["kind", "region", "authority", "category", "state", "happened"]
EntitySort = Literal[
    "relevance", "established_on", "-established_on", "approved_on", "-approved_on", "capital_cny", "-capital_cny"
]
RecordSort = Literal["relevance", "happened_on", "-happened_on", "fine_cny", "-fine_cny"]


class Parameters(BaseModel):
    """A question; a key that is not declared is an error.

    Endpoints read theirs by `of`, not by the framework, which inspects every annotation again for each request: that
    took twice the time of everything else around a search.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    lists: ClassVar[frozenset[str]] = frozenset()
    bounds: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        """Note which parameters may be repeated, and which go together as bounds."""
        cls.lists = frozenset(name for name, field in cls.model_fields.items() if get_origin(field.annotation) is list)
        cls.bounds = tuple(name.removesuffix("_from") for name in cls.model_fields if name.endswith("_from"))

    @classmethod
    def of(cls, request: Request) -> Self:
        """The question that a request asks; raises `RefusedError` where it asks none."""
        return cls.read(request.query_params.multi_items())

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> Self:
        """The question that names and values ask."""
        given: dict[str, str | list[str]] = {}
        for name, value in pairs:
            if name in cls.lists:
                cast("list[str]", given.setdefault(name, [])).append(value)
            elif given.setdefault(name, value) is not value:
                raise RefusedError([{"name": name, "message": "given more than once", "allowed": "give it once"}])
        try:
            asked = cls.model_validate(given)
        except ValidationError as error:
            raise RefusedError(wrong_parameters(error.errors(), tuple(cls.model_fields))) from error
        if wrong := [_empty(name) for name in cls.bounds if asked.is_empty(name)]:
            raise RefusedError(wrong)
        return asked

    def is_empty(self, name: str) -> bool:
        """True where nothing lies between `…_from` and `…_to`."""
        low, high = getattr(self, f"{name}_from"), getattr(self, f"{name}_to")
        return low is not None and high is not None and low > high

    @classmethod
    def documented(cls) -> dict[str, Any]:
        """These parameters as a part of an OpenAPI operation."""
        schema = cls.model_json_schema()
        required = schema.get("required", ())
        return {
            "parameters": [_documented(name, each, name in required) for name, each in schema["properties"].items()]
        }


def _empty(name: str) -> dict[str, str]:
    return {"name": f"{name}_from", "message": f"greater than {name}_to", "allowed": f"at most {name}_to"}


def _documented(name: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
    """One parameter. One that may be left out is not one that may be the word "null"."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    shown = {key: value for key, value in schema.items() if key not in {"anyOf", "title", "description"}}
    if len(choices) == 1:
        shown = {key: value for key, value in {**choices[0], **shown}.items() if (key, value) != ("default", None)}
    text = schema.get("description") or shown.pop("description", "")
    shown.pop("description", None)
    return {"name": name, "in": "query", "required": required, "schema": shown, "description": text}


class AllEntitiesParameters(Parameters):
    """`GET /api/v1/export/entities.…`: a search for entities without its pages."""

    q: Typed = Field(
        default="", description="name or part of it, former name, code, registration number, pinyin, initials"
    )
    status: Many[Status] = Field(default=[], description="登记状态")
    kind: Many[EntityKind] = Field(default=[], description="市场主体类型")
    region: Many[RegionCode] = Field(default=[], description="GB/T 2260: 350000, 350200 or 350203")
    industry: Many[IndustryCode] = Field(default=[], description="GB/T 4754: section F or digits 51, 517")
    authority: Many[Name] = Field(default=[], description="登记机关, as the facet gives it")
    has: Many[RecordKind] = Field(default=[], description="has records that may be shown today")
    established_from: IsoDate | None = Field(default=None, description="成立日期, from this day")
    established_to: IsoDate | None = Field(default=None, description="成立日期, up to and with this day")
    capital_from: Yuan | None = Field(default=None, description="注册资本 in yuan, at least")
    capital_to: Yuan | None = Field(default=None, description="注册资本 in yuan, at most")
    sort: EntitySort = Field(default="relevance", description="`-` before a field: greatest or latest first")

    def as_search(self) -> EntitySearch:
        """The same question in the words of the search."""
        return EntitySearch(
            q=self.q,
            filters={name: values for name in ENTITY_FILTERS if (values := getattr(self, name))},
            established=(self.established_from, self.established_to),
            capital=(self.capital_from, self.capital_to),
            sort=self.sort,
        )


class EntityParameters(AllEntitiesParameters):
    """`GET /api/v1/entities`."""

    facet: Many[EntityFacet] = Field(default=[], description="facets to count; without it: all")
    page_size: PageSize = 20
    cursor: CursorText | None = None

    def as_search(self) -> EntitySearch:
        """The same question in the words of the search."""
        search = super().as_search()
        return replace(search, page_size=self.page_size, cursor=self.cursor, facets=self.facet or None)


class AllRecordsParameters(Parameters):
    """`GET /api/v1/export/records.…`: a search for records without its pages."""

    q: Typed = Field(
        "", description="words of facts, reasons and results, a party's name or code, a document number 文号"
    )
    kind: Many[RecordKind] = Field(default=[], description="kind of record")
    region: Many[RegionCode] = Field(default=[], description="of the party; GB/T 2260")
    authority: Many[Name] = Field(default=[], description="决定机关, as the facet gives it")
    category: Many[Name] = Field(default=[], description="处罚类别, 列入原因 or 抽查结果, as the facet gives it")
    state: Many[State] = Field(default=[], description="of listings: listed, removed; of checks: found, clear")
    link: Many[LinkRule] = Field(default=[], description="how it was linked to an entity")
    happened_from: IsoDate | None = Field(default=None, description="decided, listed or checked on this day or later")
    happened_to: IsoDate | None = Field(default=None, description="decided, listed or checked up to and with this day")
    fine_from: Yuan | None = Field(default=None, description="罚款 in yuan, at least")
    fine_to: Yuan | None = Field(default=None, description="罚款 in yuan, at most")
    sort: RecordSort | None = Field(default=None, description="without it: relevance with a `q`, else newest first")

    def as_search(self) -> RecordSearch:
        """The same question in the words of the search."""
        return RecordSearch(
            q=self.q,
            filters={name: values for name in RECORD_FILTERS if (values := getattr(self, name, None))},
            happened=(self.happened_from, self.happened_to),
            fine=(self.fine_from, self.fine_to),
            sort=self.sort,
        )


class RecordParameters(AllRecordsParameters):
    """`GET /api/v1/records`."""

    facet: Many[RecordFacet] = Field(default=[], description="facets to count; without it: all")
    page_size: PageSize = 20
    cursor: CursorText | None = None

    def as_search(self) -> RecordSearch:
        """The same question in the words of the search."""
        search = super().as_search()
        return replace(search, page_size=self.page_size, cursor=self.cursor, facets=self.facet or None)


class TimelineParameters(Parameters):
    """`GET /api/v1/entities/{entity_id}/records`."""

    kind: Many[RecordKind] = Field(default=[], description="kind of record; without it: all")
    page_size: PageSize = 20
    cursor: CursorText | None = None


class EntityDetailParameters(Parameters):
    """`GET /api/v1/entities/{entity_id}`."""

    as_of: IsoDate | None = Field(default=None, description="what was known and public on that day; without it: today")


class SuggestParameters(Parameters):
    """`GET /api/v1/suggest`."""

    q: Typed = Field(description="what was typed so far")
    limit: int = Field(default=8, ge=1, le=20, description="most suggestions")


class NoParameters(Parameters):
    """Endpoints that take none."""
