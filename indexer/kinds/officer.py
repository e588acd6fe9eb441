"""Registers of officers who check 执法检查人员名录库; fills `officers`.

Systems hold these columns beside identity number, mobile, sex, age, birth, education, address and staff number. None of
those is read, and no column that is not declared here either. A row needs a certificate or a name. The key of an
officer is office and certificate, else office, department and name. An identity number in place of the certificate's
is masked as everywhere, and no key.
"""

from __future__ import annotations

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.party import record_ids, require
from indexer.canonical.values import as_table, date_of
from indexer.findings import Code
from indexer.kinds.source import Source
from indexer.tables import table_of
from xincha.kinds.officer import OFFICER as KIND
from xincha.text.doc_no import doc_no_key
from xincha.text.fold import fold
from xincha.text.offices import office_key

OFFICERS = table_of(KIND)
_IDENTITY = (
    r"(?:^|\D)\d{6}(?:(?:19|20)\d{2}|\d{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{3}[\dXx]|\d{3})(?:\D|$)|［"
)
"""What has the shape of an identity number, whatever its check says, and what was masked as one."""


def officers(batch: Batch) -> pl.DataFrame:
    """The batch's rows as officers, rejected ones included."""
    published = batch.text("certificate_no")
    masked = published.str.contains(_IDENTITY).fill_null(False)
    number = published.set(masked, None)
    batch.issue(masked, "certificate_no", Code.IDENTITY_AS_CODE, batch.none())
    require(batch, "certificate_no", number, batch.text("name"))
    begin, end = date_of(batch, "valid_from_on"), date_of(batch, "valid_until_on", end=True)
    batch.issue(end < begin, "valid_until_on", Code.DATES_DISAGREE)
    office, name = batch.mapped(batch.text("authority"), office_key), batch.mapped(batch.text("name"), fold)
    numbered = record_ids(KIND.letter, office, batch.mapped(number, doc_no_key)).set(number.is_null(), None)
    unnumbered = record_ids(KIND.letter, office, batch.mapped(batch.text("department"), fold), name)
    read = {
        "record_id": first(numbered, unnumbered),
        "certificate_no": number,
        "valid_from_on": begin,
        "valid_until_on": end,
    }
    return as_table(batch, OFFICERS, read)


OFFICER = Source(
    kind=KIND.name,
    title="执法检查人员名录",
    table=OFFICERS,
    read=officers,
    columns={
        "name": (
            "姓名", "AgentName", "执法人员姓名", "检查人员姓名", "人员姓名", "执法人员", "检查人员", "执法检查人员",
        ),
        "authority": (
            "工作单位", "UnitName", "所在单位", "单位名称", "所属单位", "单位", "执法主体", "执法机关", "执法单位",
            "所在机关",
        ),
        "department": (
            "业务部门", "DeptName", "科室", "所属部门", "所在部门", "内设机构", "所在科室", "部门", "所属科室",
        ),
        "certificate_no": (
            "执法证号", "LawNO", "执法证件号", "执法证编号", "执法证件编号", "执法证号码", "行政执法证号",
            "行政执法证件号",
            "行政执法证编号", "执法证件号码", "省政府执法证编号", "GovLawNO", "执法证",
        ),
        "field": (
            "执法事项范围", "AgentRangeName", "执法类别", "执法领域", "业务专长", "执法范围",
            "检查领域",
            "执法类型", "专业领域", "执法专长",
        ),
        "valid_from_on": ("证件有效期自", "有效期自", "发证日期", "有效期起", "证件有效期起"),
        "valid_until_on": (
            "证件有效期至", "LawEndDate", "有效期至", "执法证有效期至", "有效期止", "证件有效期止", "GovLawEndDate",
            "有效期限至",
            "执法证件有效期至",
        ),
        "certified_by": ("发证部门", "CertificateDept", "发证机关", "发证单位"),
        "post": ("在岗状态", "AgentState", "人员状态", "状态", "在岗/离岗", "是否在岗", "岗位状态", "在职状态"),
    },
    required=(("certificate_no", "name"), ("certificate_no", "field", "post")),
    marks=("certificate_no", "field", "post", "department", "valid_until_on", "name"),
    telling=("certificate_no", "field"),
    closed=True,
    personal=(
        "AgentNO", "Mobile", "BirthDay", "AgentAge", "AgentSex", "StudyLevel", "LocAddress", "EmployeeNO", "手机",
        "手机号",
        "性别", "年龄", "出生日期", "出生年月", "学历", "文化程度", "住址", "工号", "员工编号", "身份证号",
        "身份证号码", "政治面貌",
    ),
)  # fmt: skip
