"""What the API answers: the schema of every answer, and the list of the facts that are public.

A key that is declared here is always there; `null` means that the register did not publish it. Answers are written
from dataclasses and stored JSON by `api.answers`, which copies the declared keys and no others; these models are the
schema of the OpenAPI document and are not run over an answer a second time.

Dates are `YYYY-MM-DD`; 9999-12-31: without end (长期). Money is in yuan (`_cny`) unless a currency stands beside it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

RecordKind = Literal["penalty", "abnormal", "spot_check"]


class Part(BaseModel):
    """A stretch of text; `mark` where it matches what was typed."""

    text: str
    mark: bool


class Highlight(BaseModel):
    """A field in which the query was found; its `parts` joined are the field's text (or an excerpt of a long one)."""

    field: str
    parts: list[Part]


class Reason(BaseModel):
    """Why a hit stands where it stands: one feature of the ranking, explained in a sentence."""

    feature: str
    text: str
    score: float


class Counts(BaseModel):
    """Records that may be shown today."""

    penalty: int = Field(description="行政处罚")
    abnormal: int = Field(description="经营异常：列入与已移出，合计")
    abnormal_now: int = Field(description="经营异常：现仍在列")
    spot_check: int = Field(description="抽查检查")
    spot_check_found: int = Field(description="抽查检查发现问题")
    fine_cny: float = Field(description="行政处罚罚款合计")


class Origin(BaseModel):
    """Where a row comes from. `row` counts from 1 below the header."""

    file: str
    row: int
    batch_id: str
    loaded_at: datetime


class Carried(BaseModel):
    """A fact that the newest file did not state, and the older file that it comes from."""

    field: str
    file: str
    row: int
    loaded_at: datetime


class Change(BaseModel):
    """What a fact was until another file replaced it."""

    field: str
    old: str | None
    new: str | None
    changed_at: datetime
    file: str | None
    row: int | None


class EntityBrief(BaseModel):
    """An entity as a list shows it."""

    entity_id: str = Field(description="统一社会信用代码；没有时为 R-注册号，再没有时为 N-编号")
    uscc: str | None = Field(description="统一社会信用代码 (GB 32100-2015)")
    reg_no: str | None = Field(description="注册号")
    name: str = Field(description="名称")
    former_names: list[str] = Field(description="曾用名")
    kind: str | None = Field(description="市场主体类型")
    enterprise_type: str | None = Field(description="企业类型，原文")
    status: str | None = Field(description="登记状态")
    status_on: date | None = Field(description="进入该状态的日期")
    legal_rep: str | None = Field(description="法定代表人、负责人或经营者")
    capital_cny: float | None = Field(description="注册资本（元）；其他币种时为空")
    capital_amount: float | None = Field(description="注册资本，以 capital_currency 计")
    capital_currency: str | None = Field(description="币种 (ISO 4217)")
    capital_text: str | None = Field(description="注册资本，原文")
    established_on: date | None = Field(description="成立日期")
    approved_on: date | None = Field(description="核准日期")
    region_code: str | None = Field(description="行政区划代码 (GB/T 2260)")
    region: str | None = Field(description="省、市、区县名称")
    address: str | None = Field(description="住所")
    industry_code: str | None = Field(description="行业代码 (GB/T 4754)")
    industry: str | None = Field(description="行业")
    authority: str | None = Field(description="登记机关")
    counts: Counts


class EntityHit(EntityBrief):
    """An entity found, and why."""

    highlights: list[Highlight]
    reasons: list[Reason]


class Entity(EntityBrief):
    """Everything that is published about one entity, with the source of each fact."""

    org_code: str | None = Field(description="组织机构代码 (GB 11714)")
    term_from_on: date | None = Field(description="营业期限自")
    term_to_on: date | None = Field(description="营业期限至；9999-12-31：长期")
    scope: str | None = Field(description="经营范围")
    as_of: date = Field(description="the day that this answer is about")
    summary: str = Field(description="one plain sentence made of the facts below")
    origin: Origin
    carried: list[Carried]
    changes: list[Change]


class Bucket(BaseModel):
    """One value of a facet: `value` goes into the filter of the facet's name, `name` is for people.

    Facets over numbers and dates (`established`, `capital`, `happened`) have no such filter: `from` and `to` (both
    inclusive, `null`: open) go into `…_from` and `…_to`.
    """

    value: str
    name: str
    count: int
    from_: str | float | None = Field(default=None, alias="from")
    to: str | float | None = None


Facets = Annotated[dict[str, list[Bucket]], Field(description="facet → its values, commonest first")]
Cursor = Annotated[
    str | None, Field(description="give it back as `cursor`, all else unchanged, for the next page; null: last page")
]


class EntityPage(BaseModel):
    """One page of entities. `total` is exact."""

    hits: list[EntityHit]
    total: int
    facets: Facets
    cursor: Cursor
    notes: list[str] = Field(description="what was tried to find anything, in words; empty for a plain answer")
    nearest: list[EntityHit] = Field(description="where nothing is found: up to three that come nearest; no hits")


class RecordBase(BaseModel):
    """What every kind of record says of its party, its place in time, and its source."""

    record_id: str
    entity_id: str | None = Field(description="entity that it is linked to; null: to none, or to several")
    entity_name: str | None
    link_rule: str = Field(description="how it was linked: uscc, reg_no, name, former_name; none, ambiguous")
    candidates: list[str] = Field(description="of an ambiguous one: entities of that name, at most ten")
    party_name: str | None = Field(description="当事人名称，原文")
    party_uscc: str | None = Field(description="当事人统一社会信用代码，原文")
    party_reg_no: str | None
    party_region_code: str | None
    happened_on: date | None = Field(description="decided, listed or checked on")
    public_from: date | None = Field(description="first day on which it may be shown")
    public_until: date | None = Field(description="last day on which it may be shown; 9999-12-31: without end")
    rule: str | None = Field(description="the rule of publicity that it falls under, in one sentence")
    origin: Origin
    highlights: list[Highlight]


class PenaltyRecord(RecordBase):
    """行政处罚."""

    kind: Literal["penalty"]
    party_kind: str | None = Field(description="行政相对人类别")
    legal_rep: str | None = Field(description="法定代表人")
    doc_no: str | None = Field(description="行政处罚决定书文号")
    violation: str | None = Field(description="违法行为类型")
    facts: str | None = Field(description="违法事实")
    basis: str | None = Field(description="处罚依据")
    penalty_types: list[str] = Field(description="处罚类别")
    content: str | None = Field(description="处罚内容")
    fine_cny: float | None = Field(description="罚款金额（元）")
    confiscated_cny: float | None = Field(description="没收金额（元）")
    licence: str | None = Field(description="暂扣或吊销证照名称及编号")
    decided_on: date | None = Field(description="处罚决定日期")
    effective_until_on: date | None = Field(description="处罚有效期")
    published_on: date | None = Field(description="公示日期")
    public_until_on: date | None = Field(description="公示截止期，文件所载")
    authority: str | None = Field(description="处罚机关")
    authority_uscc: str | None
    data_source: str | None = Field(description="数据来源单位")
    data_source_uscc: str | None
    remark: str | None = Field(description="备注")


class AbnormalRecord(RecordBase):
    """列入经营异常名录, or for an individual business 标记为经营异常状态."""

    kind: Literal["abnormal"]
    mark: bool | None = Field(description="true：个体工商户，标记为经营异常状态")
    reason: str | None = Field(description="列入原因")
    reason_code: str | None
    listed_on: date | None = Field(description="列入日期")
    listed_by: str | None = Field(description="作出列入决定机关")
    list_doc_no: str | None
    removed_on: date | None = Field(description="移出日期")
    removal_reason: str | None = Field(description="移出原因")
    removed_by: str | None = Field(description="作出移出决定机关")
    removal_doc_no: str | None
    state: Literal["listed", "removed"] = Field(description="today: still listed, or removed")


class SpotCheckRecord(RecordBase):
    """抽查检查."""

    kind: Literal["spot_check"]
    plan_no: str | None = Field(description="抽查计划编号")
    plan_name: str | None = Field(description="抽查计划名称")
    task_no: str | None = Field(description="抽查任务编号")
    task_name: str | None = Field(description="抽查任务名称")
    check_type: str | None = Field(description="类型：抽查、检查")
    items: list[str] = Field(description="抽查事项")
    results: list[str] = Field(description="抽查结果，原文")
    result_codes: list[str | None]
    checked_on: date | None = Field(description="抽查日期")
    authority: str | None = Field(description="检查实施机关")
    state: Literal["found", "clear"] | None = Field(description="found: 发现问题, clear: 未发现问题")


Record = Annotated[PenaltyRecord | AbnormalRecord | SpotCheckRecord, Field(discriminator="kind")]


class Sums(BaseModel):
    """Totals over *all* records of the search, not only those of the page."""

    fine_cny: float
    confiscated_cny: float


class RecordPage(BaseModel):
    """One page of records. `total` is exact."""

    hits: list[Record]
    total: int
    facets: Facets
    sums: Sums
    cursor: Cursor


class Suggestion(BaseModel):
    """A name that what was typed may become."""

    entity_id: str
    name: str
    parts: list[Part]
    status: str | None
    district: str | None


class Suggestions(BaseModel):
    """Best first."""

    suggestions: list[Suggestion]


class Place(BaseModel):
    """A city (or, where none is known, a province) and how many entities are of it."""

    code: str
    name: str
    entities: int


class DataSource(BaseModel):
    """A kind of published data that was loaded."""

    kind: Literal["registration", "penalty", "abnormal", "spot_check"]
    name: str
    rows: int


class Example(BaseModel):
    """A search that finds something in the data that is loaded."""

    q: str
    name: str = Field(description="what kind of search this is")


class About(BaseModel):
    """What is loaded here, for people who arrive."""

    entities: int
    records: int = Field(description="records that may be shown today")
    by_kind: dict[str, int]
    places: list[Place]
    sources: list[DataSource]
    examples: list[Example]
    as_of: date | None = Field(description="day of the newest load")
    age_days: int | None = Field(description="days since then")
    published_at: datetime
    program: str = Field(description="version of this program")


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Ready(BaseModel):
    """Searches are answered."""

    status: Literal["ready"]
    engine: str
    entities: int
    records: int
    published_at: datetime


class ParameterProblem(BaseModel):
    """A parameter that was wrong, and what would be right."""

    name: str
    message: str
    allowed: str


class Problem(BaseModel):
    """An error (RFC 9457, application/problem+json)."""

    type: str = Field(description="a name for this kind of error that does not change: urn:xincha:problem:…")
    title: str
    status: int
    detail: str
    parameters: list[ParameterProblem] = Field(default=[], description="for bad parameters: which, and what is right")
