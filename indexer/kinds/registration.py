"""Registrations 登记信息: one row per entity; fills `entities`.

A row needs a name, or a valid USCC or registration number (a file of changes may hold nothing else but them and a
state). `legal_rep`, `scope` and the like are as published; a bare number of `capital` is in the unit of its header, or
in 万元 where the national publicity system defines it so (`regCap`).
"""

from __future__ import annotations

import re

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first, hashed, kinds, name_keys, org_codes, read_codes
from indexer.canonical.places import region_codes
from indexer.canonical.shift import settle_shifted
from indexer.canonical.values import amount_of, as_published, as_table, date_of, read_or_name
from indexer.findings import Code
from indexer.kinds.registration_flags import FLAG_COLUMNS, FLAG_MARKS, read_flags
from indexer.kinds.source import REGION_COLUMNS, Source
from indexer.tables import ENTITIES
from xincha.text import codes, currencies, dates, industries, uscc

_TERM = re.compile(r"\s*(?:至|到|—+|–+|~|～|--+| - )\s*")
_NAMES = re.compile(r"[;；,，、|]+")
_LIKE_CODE = r"^[0-9A-Za-z\s-]{18,24}$"
_CODE_FIRST = r"^\s*[0-9A-Za-z]{2}"
_INSTEAD = re.compile(r"[（(][^（）()]{0,20}(?:停用|代替|替代)[^（）()]{0,20}[）)]\s*$")
_LONGEST_CODE = 30
_NO_NAME = r"^[\d\s\p{P}\p{S}]+$"


def entities(batch: Batch) -> pl.DataFrame:
    """The batch's rows as entities, rejected ones included; name, code or number say which are usable."""
    settle_shifted(batch)
    code, reg_no = read_codes(batch, "uscc", "reg_no", "code")
    names = _names(batch, code)
    batch.reject(names.is_null() & code.is_null() & reg_no.is_null(), "name", Code.NO_NAME)
    keys = name_keys(batch, names)
    region = region_codes(batch, code)
    capital = _capital(batch)
    amount, currency = capital.struct.field("amount"), capital.struct.field("currency")
    status = read_or_name(batch, "status", codes.status, Code.UNKNOWN_STATUS)
    term = _terms(batch)
    read = {
        "entity_id": _entity_ids(code, reg_no, keys, region),
        "uscc": code,
        "reg_no": reg_no,
        "org_code": org_codes(batch, "org_code", code),
        "name": names,
        "name_key": keys,
        "former_names": batch.mapped(batch.text("former_names"), _split_names, pl.List(pl.String)),
        "kind": kinds(batch, code, names),
        "status": status,
        "status_text": batch.text("status"),
        "status_on": _status_on(batch, status),
        **read_flags(batch),
        "capital_cny": amount.set(currency.ne_missing("CNY"), None),
        "capital_amount": amount,
        "capital_currency": currency,
        "capital_text": as_published(batch, "capital"),
        "term_from_on": first(date_of(batch, "term_from_on"), term[0]),
        "term_to_on": first(date_of(batch, "term_to_on", end=True), term[1]),
        "region_code": region,
        **_industry(batch),
    }
    return as_table(batch, ENTITIES, read)


def _names(batch: Batch, code: pl.Series) -> pl.Series:
    """Names; a code or date in the place of one names nobody, but the entity's own code: who must not use a name any
    more is shown under its code instead (企业名称登记管理规定 article 23)."""
    names = first(batch.text("name"), batch.text("trade_name"))
    as_code = batch.mapped(names.set(~names.str.contains(_CODE_FIRST), None), _code_as_name)
    lawful = (as_code == code).fill_null(False)
    names = first(as_code.set(~lawful, None), names)
    like_code = names.set(~names.str.contains(_LIKE_CODE), None)
    no_name = names.str.contains(_NO_NAME) | batch.mapped(like_code, uscc.normalize).is_not_null()
    no_name = no_name.fill_null(False) & ~lawful
    batch.issue(no_name, "name", Code.UNREADABLE_VALUE, names)
    return names.set(no_name, None)


def _code_as_name(text: str) -> str | None:
    """The code that stands for a name, alone or with the remark that it does."""
    bare = _INSTEAD.sub("", text)
    return uscc.normalize(bare) if len(bare) < _LONGEST_CODE else None


def _capital(batch: Batch) -> pl.Series:
    currency = read_or_name(batch, "capital_currency", currencies.currency, Code.UNREADABLE_VALUE)
    return amount_of(batch, "capital", currency=currency)


def _split_names(text: str) -> list[str] | None:
    names = [name.strip() for name in _NAMES.split(text)]
    return [*dict.fromkeys(name for name in names if len(name) > 1)] or None


def _status_on(batch: Batch, status: pl.Series) -> pl.Series:
    """The date of the state: the file's own, of cancellation or of revocation, whichever the state is about; else the
    later one. Of who is resting 歇业: since when."""
    revoked, cancelled = date_of(batch, "revoked_on"), date_of(batch, "cancelled_on")
    revocation = (status == "吊销未注销").fill_null(False)
    resting = (status == "歇业").fill_null(False)
    rest = date_of(batch, "suspended_since_on").set(~resting, None)
    return first(date_of(batch, "status_on"), cancelled.set(revocation, None), revoked, rest)


def _terms(batch: Batch) -> tuple[pl.Series, pl.Series]:
    """Both ends of a term in one column: `2010-01-01至长期`."""
    published = batch.text("term")
    both = batch.mapped(published, _term, pl.Struct({"start": pl.Date, "end": pl.Date}))
    start, end = both.struct.field("start"), both.struct.field("end")
    batch.issue(published.is_not_null() & start.is_null() & end.is_null(), "term", Code.BAD_DATE)
    return start, end


def _term(text: str) -> dict[str, object]:
    ends = _TERM.split(text, maxsplit=1)
    start = ends[0] if len(ends) == 2 else ""
    return {"start": dates.parse(start.removeprefix("自")), "end": dates.parse_end(ends[-1])}


def _industry(batch: Batch) -> dict[str, pl.Series]:
    names = ("industry_code", "industry_text", "industry_section")
    read = {name: batch.mapped(batch.text(name), industries.industry) for name in names}
    code = first(*read.values())
    for name in names:
        unread = read[name] if name == "industry_code" else code  # words may be vague where a code says it
        batch.issue(batch.text(name).is_not_null() & unread.is_null(), name, Code.UNKNOWN_INDUSTRY)
    return {"industry_code": code, "industry_text": first(batch.text("industry_text"), batch.text("industry_section"))}


def _entity_ids(usccs: pl.Series, numbers: pl.Series, keys: pl.Series, regions: pl.Series) -> pl.Series:
    """The code; else `R-` and the registration number; else `N-` and a hash of the name key and the city."""
    ids = first(usccs, pl.select("R-" + pl.lit(numbers)).to_series())
    unnamed = ids.is_null() & keys.is_not_null()
    if not unnamed.any():
        return ids
    rows = zip(keys, regions, unnamed, strict=True)
    hashes = [f"N-{hashed(key, region and region[:4])}" if needed else None for key, region, needed in rows]
    return first(ids, pl.Series(hashes, dtype=pl.String))


REGISTRATION = Source(
    kind="registration",
    title="登记信息",
    table=ENTITIES,
    read=entities,
    columns={
        "name": (
            "企业名称", "entName", "市场主体名称", "经营主体名称", "商事主体名称", "主体名称", "名称", "公司名称",
            "单位名称",
            "企业(机构)名称", "企业(字号)名称", "个体工商户名称", "个体户名称", "农民专业合作社名称", "合作社名称",
            "商户名称", "机构名称", "现企业名称", "name", "company_name",
            "companyName", "enterpriseName",
        ),
        "trade_name": ("traName", "字号名称", "字号"),
        "uscc": (
            "统一社会信用代码", "uniscid", "社会信用代码", "统一信用代码", "信用代码", "统一代码",
            "企业统一社会信用代码", "uscc", "USCI", "credit_code", "creditCode", "unifiedSocialCreditCode",
            "socialCreditCode",
        ),
        "reg_no": (
            "注册号", "regNo", "工商注册号", "工商登记号", "营业执照注册号", "登记注册号", "企业注册号", "营业执照号",
            "reg_no",
        ),
        "code": (
            "统一社会信用代码/注册号", "注册号/统一社会信用代码", "统一社会信用代码或注册号",
            "统一社会信用代码(注册号)", "注册号(统一社会信用代码)", "统一社会信用代码、注册号", "社会信用代码/注册号",
            "信用代码/注册号", "统一社会信用代码/工商注册号", "code",
        ),
        "org_code": ("组织机构代码", "机构代码", "组织机构代码证号", "org_code"),
        "former_names": (
            "曾用名", "曾用名称", "原名称", "历史名称", "企业曾用名", "变更前名称", "原企业名称", "former_names",
        ),
        "enterprise_type": (
            "企业类型", "entType", "市场主体类型", "经营主体类型", "商事主体类型", "主体类型", "企业(机构)类型",
            "公司类型", "机构类型", "类型", "企业类型名称", "enterprise_type", "character", "companyType",
            "companyOrgType",
        ),
        "status": (
            "登记状态", "regState", "经营状态", "企业状态", "状态", "企业登记状态", "经营(登记)状态", "存续状态",
            "主体状态", "市场主体状态", "经营主体状态", "商事主体状态", "企业经营状态", "status", "regStatus",
            "operatingStatus",
        ),
        "status_on": (
            "状态日期", "登记状态日期", "状态变更日期", "状态变更时间", "登记状态变更日期", "责令关闭日期",
            "撤销登记日期", "撤销设立登记日期", "迁出日期",
        ),
        **FLAG_COLUMNS,
        "revoked_on": ("吊销日期", "revDate", "吊销时间"),
        "cancelled_on": ("注销日期", "canDate", "注销时间", "强制注销日期"),
        "legal_rep": (
            "法定代表人", "leRep", "法人代表", "法人", "法定代表人姓名", "法定代表人(负责人)", "法定代表人/负责人",
            "负责人", "负责人姓名", "经营者", "经营者姓名", "投资人", "执行事务合伙人", "法定代表人或负责人",
            "代表人", "首席代表", "legal_rep", "legalRepresentative",
            "legalPerson", "legalPersonName",
        ),
        "capital": (
            "注册资本", "regCap", "注册资金", "注册资本(金)", "资金数额", "出资总额", "成员出资总额", "认缴出资额",
            "资本", "capital", "regCapital", "registeredCapital",
        ),
        "capital_currency": ("币种", "regCapCur", "注册资本币种", "注册资金币种", "资本币种", "capital_currency"),
        "established_on": (
            "成立日期", "estDate", "注册日期", "成立时间", "设立日期", "注册时间", "登记日期", "开业日期",
            "established_on", "registrationDay", "registrationDate", "establishmentDate", "establishDate",
        ),
        "approved_on": ("核准日期", "apprDate", "核准时间", "最近核准日期", "发照日期", "approved_on", "approvalDate"),
        "term_from_on": (
            "营业期限自", "opFrom", "经营期限自", "经营期限起", "营业期限起", "营业期限起始日期", "合伙期限自",
            "term_from_on",
        ),
        "term_to_on": (
            "营业期限至", "opTo", "经营期限至", "经营期限止", "营业期限止", "营业期限截止日期", "合伙期限至",
            "term_to_on",
        ),
        "term": ("营业期限", "经营期限"),
        "industry_code": ("行业代码", "industryCo", "行业编码", "国民经济行业代码", "industry_code"),
        "industry_section": ("行业门类", "industryPhy", "门类"),
        "industry_text": ("行业", "所属行业", "行业名称", "国民经济行业", "行业类别", "行业分类", "industry"),
        "scope": (
            "经营范围", "opScope", "业务范围", "经营(业务)范围", "经营范围及方式", "经营业务范围", "scope",
            "businessScope",
        ),
        "authority": (
            "登记机关", "regOrg", "登记机构", "发照机关", "注册机关", "核准机关", "authority", "regInstitute",
        ),
        **REGION_COLUMNS,
    },
    required=(("name", "trade_name", "uscc", "reg_no", "code"),),
    marks=(
        "established_on", "capital", "scope", "status", "approved_on", "revoked_on",
        "cancelled_on", "term_from_on", "term_to_on", "term", "authority", "industry_code", "industry_text",
        "former_names", *FLAG_MARKS,
    ),
    hints=("legal_rep", "enterprise_type", "address"),
    units={"regCap": "万元"},
    ignored=("pripid", "主体身份代码", "序号", "编号", "id"),
)  # fmt: skip
