"""What may be asked of a `Searcher`: a frozen model for each question, with every bound and what each part means.

The API reads query parameters into these models and describes them in its OpenAPI document, the command line makes
options of them, and the finders take them as they are.

Lists are repeated parameters (`status=存续&status=注销`), never commas: names of authorities hold commas. Within one
parameter any value may match; different parameters must all match. Dates are `YYYY-MM-DD`, amounts plain yuan; bounds
(`…_from`, `…_to`) are inclusive. Facets are counted over all filters but their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, TypeVar, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema

from xincha.errors import BadParameters
from xincha.kinds import KINDS, of_entities, states
from xincha.kinds.kind import LINK_RULES
from xincha.kinds.topics import TOPICS
from xincha.limits import MAX_CURSOR, MAX_FILE_NAME, MAX_LISTED, MAX_PAGE_SIZE, MAX_QUERY, MAX_VALUES
from xincha.text import check_kinds
from xincha.text.codes import FLAGS, STATUSES

if TYPE_CHECKING:
    RecordKind = str
    HadKind = str
    TopicName = str
    State = str
    LinkRule = str
    CheckKind = str
    Status = str
    Flag = str
else:
    RecordKind = Literal[tuple(KINDS)]
    HadKind = Literal[tuple(of_entities())]
    TopicName = Literal[tuple(TOPICS)]
    State = Literal[tuple(states())]
    LinkRule = Literal[tuple(LINK_RULES)]
    CheckKind = Literal[check_kinds.KINDS]
    Status = Literal[STATUSES]
    Flag = Literal[FLAGS]
EntityKind = Literal["企业", "个体工商户", "农民专业合作社", "分支机构", "外国企业常驻代表机构", "其他"]
EntityFacet = Literal["status", "flag", "kind", "region", "industry", "authority", "has", "established", "capital"]
RecordFacet = Literal["kind", "region", "authority", "category", "check_kind", "law", "state", "happened"]
EntitySort = Literal[
    "relevance", "established_on", "-established_on", "approved_on", "-approved_on", "capital_cny", "-capital_cny"
]
RecordSort = Literal["relevance", "happened_on", "-happened_on", "fine_cny", "-fine_cny"]

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
Many = Annotated[tuple[T, ...], Field(max_length=MAX_VALUES)]
Typed = Annotated[str, Field(max_length=MAX_QUERY), AfterValidator(_printable)]
IsoDate = Annotated[date, BeforeValidator(_iso_date), WithJsonSchema(_DATE_SCHEMA)]
Name = Annotated[str, Field(min_length=1, max_length=MAX_LISTED), AfterValidator(_printable)]
LongName = Annotated[str, Field(min_length=1, max_length=MAX_FILE_NAME), AfterValidator(_printable)]
Yuan = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
Days = Annotated[int, Field(ge=0, le=100_000)]
Month = Annotated[str, Field(pattern="^[0-9]{4}-(0[1-9]|1[0-2])$")]
RegionCode = Annotated[str, Field(pattern="^[0-9]{6}$")]
Article = Annotated[str, Field(max_length=80, pattern=r"^[^|\s]{2,60}\|[0-9]{1,4}(-[0-9]{1,3})?$")]
Law = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_printable)]
IndustryCode = Annotated[str, Field(pattern="^([A-T]|[0-9]{2,4})$")]
EntityId = Annotated[str, Field(pattern="^[0-9A-Za-z-]{1,64}$")]
PageSize = Annotated[int, Field(ge=1, le=MAX_PAGE_SIZE, description="hits in one page")]
CursorText = Annotated[
    str, Field(max_length=MAX_CURSOR, pattern="^[0-9A-Za-z_=-]*$", description="the `cursor` of the page before")
]

# pydantic's kinds of error → what would be right, filled from the error's own context
_ALLOWED = {
    "literal_error": "one of {expected}",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} characters",
    "string_pattern_mismatch": "text of the form {pattern}",
    "too_long": "at most {max_length} values",
    "value_error": "a date written YYYY-MM-DD, for example 2018-03-05",
    "missing": "this parameter is required",
}


def wrong_parameter(error: Mapping[str, Any], known: Sequence[str] = ()) -> dict[str, str]:
    """An entry of `BadParameters.wrong` from one of pydantic's errors; `known`: the parameters that there are."""
    name, kind = str(error["loc"][0]), error["type"]
    if kind == "extra_forbidden":
        allowed = f"one of {', '.join(known)}" if known else "this address takes no parameters"
        return {"name": name[:100], "message": "unknown parameter", "allowed": allowed}
    allowed = _ALLOWED.get(kind, "").format_map(error.get("ctx", {}))
    message = "missing" if kind == "missing" else "cannot be used"
    return {"name": name, "message": message, "allowed": allowed or error["msg"]}


class Parameters(BaseModel):
    """The parameters of a question; one that is not declared is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    lists: ClassVar[tuple[str, ...]] = ()
    """Parameters that may be repeated."""
    longest: ClassVar[int] = MAX_CURSOR
    """Characters of the longest value; what is longer is not looked at."""
    bounds: ClassVar[tuple[str, ...]] = ()
    """Each `name` of which there are `name_from` and `name_to`."""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        """Derive `lists` and `bounds` from the fields."""
        cls.lists = tuple(name for name, field in cls.model_fields.items() if get_origin(field.annotation) is tuple)
        cls.bounds = tuple(name.removesuffix("_from") for name in cls.model_fields if name.endswith("_from"))

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> Self:
        """The question that names and values ask; raises `BadParameters` for all that cannot be used."""
        given: dict[str, Any] = {}
        for name, value in pairs:
            if len(value) > cls.longest:
                allowed = f"at most {cls.longest} characters"
                raise BadParameters([{"name": name[:100], "message": "too long", "allowed": allowed}])
            if name in cls.lists:
                given.setdefault(name, []).append(value)
            elif name in given:
                raise BadParameters(
                    [{"name": name[:100], "message": "given more than once", "allowed": "give it once"}]
                )
            else:
                given[name] = value
        try:
            question = cls.model_validate(given)
        except ValidationError as error:
            raise BadParameters([wrong_parameter(each, tuple(cls.model_fields)) for each in error.errors()]) from error
        wrong = []
        for name in cls.bounds:
            low, high = question.between(name)
            if low is not None and high is not None and low > high:
                allowed = f"at most {name}_to"
                wrong.append({"name": f"{name}_from", "message": f"greater than {name}_to", "allowed": allowed})
        if wrong:
            raise BadParameters(wrong)
        return question

    def between(self, name: str) -> tuple[Any, Any]:
        """`…_from` and `…_to`, `None` where open."""
        return getattr(self, f"{name}_from"), getattr(self, f"{name}_to")

    @property
    def selection(self) -> str:
        """The question without what differs between its pages, as text: what a cursor belongs to."""
        return self.model_dump_json(exclude={"facet", "page_size", "cursor"})

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """The filters that are given: name → values, any of which may match."""
        return {name: values for name in self.lists if name != "facet" and (values := getattr(self, name))}


class EntityFilters(Parameters):
    """Which entities."""

    q: Typed = Field(
        default="", description="name or part of it, former name, code, registration number, pinyin, initials"
    )
    status: Many[Status] = Field(default=(), description="登记状态")
    flag: Many[Flag] = Field(default=(), description="what stands beside 登记状态 today, as in `flags`")
    kind: Many[EntityKind] = Field(default=(), description="市场主体类型")
    region: Many[RegionCode] = Field(default=(), description="GB/T 2260: 350000, 350200 or 350203")
    industry: Many[IndustryCode] = Field(default=(), description="GB/T 4754: section F or digits 51, 517")
    authority: Many[Name] = Field(default=(), description="登记机关, as the facet gives it")
    has: Many[HadKind] = Field(default=(), description="has records that may be shown today")
    established_from: IsoDate | None = Field(default=None, description="成立日期, from this day")
    established_to: IsoDate | None = Field(default=None, description="成立日期, up to and with this day")
    capital_from: Yuan | None = Field(default=None, description="注册资本 in yuan, at least")
    capital_to: Yuan | None = Field(default=None, description="注册资本 in yuan, at most")
    closed_from: IsoDate | None = Field(default=None, description="ended (注销, 吊销, 撤销, …) on this day or later")
    closed_to: IsoDate | None = Field(default=None, description="ended up to and with this day")
    loaded_from: IsoDate | None = Field(default=None, description="loaded or changed by a load on this day or later")
    loaded_to: IsoDate | None = Field(default=None, description="loaded or last changed up to and with this day")


class EntitySelection(EntityFilters):
    """Which entities, in which order: a search without its pages."""

    sort: EntitySort = Field(default="relevance", description="`-` before a field: greatest or latest first")


class EntitySearch(EntitySelection):
    """One page of entities, with facets."""

    facet: Many[EntityFacet] = Field(default=get_args(EntityFacet), description="facets to count; without it: all")
    page_size: PageSize = 20
    cursor: CursorText | None = None


class EntitiesFeed(EntityFilters):
    """What is new of a search for entities: a page of them, the last loaded or changed first."""

    cursor: CursorText | None = None


class RecordFilters(Parameters):
    """Which records of those that may be shown today."""

    q: Typed = Field(
        default="", description="words of facts, reasons and results, a party's name or code, a document number 文号"
    )
    kind: Many[RecordKind] = Field(default=(), description="kind of record")
    topic: Many[TopicName] = Field(
        default=(),
        description="of the kinds of a list: 公告, 双随机抽查, 权责事项, 执法人员 (see `topics` of /api/v1/about)",
    )
    region: Many[RegionCode] = Field(default=(), description="of the party; GB/T 2260")
    authority: Many[Name] = Field(default=(), description="决定机关, as the facet gives it")
    category: Many[Name] = Field(default=(), description="处罚类别, 列入原因 or 抽查结果, as the facet gives it")
    violation: Many[LongName] = Field(default=(), description="违法行为类型 of a penalty, as published")
    check_kind: Many[CheckKind] = Field(default=(), description="抽查种类: of checks and of their tasks")
    state: Many[State] = Field(default=(), description="state of a listing or a check")
    address: Many[LongName] = Field(
        default=(), description="住所 of the company it is linked to, as the register states it and figures give it"
    )
    article: Many[Article] = Field(default=(), description="an article that its basis names: 食品安全法|124")
    law: Many[Law] = Field(default=(), description="a law of which its basis names an article: 食品安全法")
    link: Many[LinkRule] = Field(default=(), description="how it was linked to an entity")
    belongs: Many[LongName] = Field(
        default=(), description="of these plans or tasks of spot checks, as `related` gives them"
    )
    happened_from: IsoDate | None = Field(default=None, description="decided, listed or checked on this day or later")
    happened_to: IsoDate | None = Field(default=None, description="decided, listed or checked up to and with this day")
    fine_from: Yuan | None = Field(default=None, description="罚款 in yuan, at least")
    fine_to: Yuan | None = Field(default=None, description="罚款 in yuan, at most")
    ended_from: IsoDate | None = Field(
        default=None, description="移出日期 or last day of validity: on this day or later; without an end: not found"
    )
    ended_to: IsoDate | None = Field(default=None, description="the same, up to and with this day")
    lasted_from: Days | None = Field(default=None, description="days between 列入 and 移出, or of validity, at least")
    lasted_to: Days | None = Field(default=None, description="days between 列入 and 移出, or of validity, at most")
    published_from: IsoDate | None = Field(default=None, description="may be shown since this day or a later one")
    published_to: IsoDate | None = Field(default=None, description="may be shown since this day or an earlier one")
    loaded_from: IsoDate | None = Field(default=None, description="loaded or changed by a load on this day or later")
    loaded_to: IsoDate | None = Field(default=None, description="loaded or last changed up to and with this day")


class RecordSelection(RecordFilters):
    """Which records of those that may be shown today, in which order: a search without its pages."""

    sort: RecordSort | None = Field(
        default=None, description="without it: newest first; pages of a search with a `q`: by relevance"
    )


class RecordSearch(RecordSelection):
    """One page of records, with facets and sums."""

    facet: Many[RecordFacet] = Field(default=get_args(RecordFacet), description="facets to count; without it: all")
    page_size: PageSize = 20
    cursor: CursorText | None = None


class Timeline(RecordSearch):
    """One page of the records of one entity, newest first."""

    entity_id: EntityId
    sort: RecordSort | None = "-happened_on"

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """The filters that are given, and the entity."""
        return {**super().filters, "entity_id": (self.entity_id,)}


class RecordsFeed(RecordFilters):
    """What is new of a search for records: a page of them, the last loaded, changed, or become public first."""

    cursor: CursorText | None = None


class CompanyFeed(RecordsFeed):
    """What is new of the records of one entity."""

    entity_id: EntityId

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """The filters that are given, and the entity."""
        return {**super().filters, "entity_id": (self.entity_id,)}


class QualitySelection(Parameters):
    """Which rows of how well penalties are published."""

    source: Many[LongName] = Field(default=(), description="who delivered the records, as a row gives it")
    authority: Many[LongName] = Field(default=(), description="处罚机关, as a row gives it")
    month_from: Month | None = Field(default=None, description="decided in this month (YYYY-MM) or later")
    month_to: Month | None = Field(default=None, description="decided up to and with this month (YYYY-MM)")


class QualitySearch(QualitySelection):
    """One page of them, newest months first."""

    limit: int = Field(default=1000, ge=1, le=5000, description="most rows of one answer")
    cursor: CursorText | None = None
