"""Registrations 登记信息: one row per entity; fills `entities`.

A row needs a name, or a valid USCC or registration number (a file of changes may hold nothing else but them and a
state). `legal_rep`, `scope` and the like are as published; `capital` is in 万元 only where its header or the
definition of the national publicity system (`regCap`) says so.
"""

from __future__ import annotations

from indexer.sources.declare import REGION_COLUMNS, Source, column
from indexer.tables import ENTITIES

REGISTRATION = Source(
    kind="registration",
    title="登记信息",
    table=ENTITIES,
    columns={
        "name": column(
            "企业名称", "entName", "市场主体名称", "经营主体名称", "主体名称", "名称", "公司名称", "单位名称",
            "企业(机构)名称", "企业(字号)名称", "个体工商户名称", "个体户名称", "农民专业合作社名称", "合作社名称",
            "商户名称", "机构名称", "现企业名称", "name", "company_name",
        ),
        "trade_name": column("traName", "字号名称", "字号"),
        "uscc": column(
            "统一社会信用代码", "uniscid", "社会信用代码", "统一信用代码", "信用代码", "统一代码",
            "企业统一社会信用代码", "uscc", "USCI", "credit_code",
        ),
        "reg_no": column(
            "注册号", "regNo", "工商注册号", "工商登记号", "营业执照注册号", "登记注册号", "企业注册号", "营业执照号",
            "reg_no",
        ),
        "code": column(
            "统一社会信用代码/注册号", "注册号/统一社会信用代码", "统一社会信用代码或注册号",
            "统一社会信用代码(注册号)", "注册号(统一社会信用代码)", "统一社会信用代码、注册号", "社会信用代码/注册号",
            "信用代码/注册号", "统一社会信用代码/工商注册号",
        ),
        "org_code": column("组织机构代码", "机构代码", "组织机构代码证号", "org_code"),
        "former_names": column(
            "曾用名", "曾用名称", "原名称", "历史名称", "企业曾用名", "变更前名称", "原企业名称", "former_names",
        ),
        "enterprise_type": column(
            "企业类型", "entType", "市场主体类型", "经营主体类型", "主体类型", "企业(机构)类型", "公司类型",
            "机构类型", "类型", "企业类型名称", "enterprise_type",
        ),
        "status": column(
            "登记状态", "regState", "经营状态", "企业状态", "状态", "企业登记状态", "经营(登记)状态", "存续状态",
            "主体状态", "市场主体状态", "企业经营状态", "status",
        ),
        "revoked_on": column("吊销日期", "revDate", "吊销时间"),
        "cancelled_on": column("注销日期", "canDate", "注销时间"),
        "legal_rep": column(
            "法定代表人", "leRep", "法人代表", "法人", "法定代表人姓名", "法定代表人(负责人)", "法定代表人/负责人",
            "负责人", "负责人姓名", "经营者", "经营者姓名", "投资人", "执行事务合伙人", "法定代表人或负责人",
            "代表人", "首席代表", "legal_rep",
        ),
        "capital": column(
            "注册资本", "注册资金", "注册资本(金)", "资金数额", "出资总额", "成员出资总额", "认缴出资额", "资本",
            "capital",
        ),
        "capital_ten_thousands": column("regCap"),
        "capital_currency": column(
            "币种", "regCapCur", "注册资本币种", "注册资金币种", "资本币种", "capital_currency",
        ),
        "established_on": column(
            "成立日期", "estDate", "注册日期", "成立时间", "设立日期", "注册时间", "登记日期", "开业日期",
            "established_on",
        ),
        "approved_on": column("核准日期", "apprDate", "核准时间", "最近核准日期", "发照日期", "approved_on"),
        "term_from_on": column(
            "营业期限自", "opFrom", "经营期限自", "经营期限起", "营业期限起", "营业期限起始日期", "合伙期限自",
            "term_from_on",
        ),
        "term_to_on": column(
            "营业期限至", "opTo", "经营期限至", "经营期限止", "营业期限止", "营业期限截止日期", "合伙期限至",
            "term_to_on",
        ),
        "term": column("营业期限", "经营期限"),
        "industry_code": column("行业代码", "industryCo", "行业编码", "国民经济行业代码", "industry_code"),
        "industry_section": column("行业门类", "industryPhy", "门类"),
        "industry_text": column("行业", "所属行业", "行业名称", "国民经济行业", "行业类别", "行业分类", "industry"),
        "scope": column(
            "经营范围", "opScope", "业务范围", "经营(业务)范围", "经营范围及方式", "经营业务范围", "scope",
        ),
        "authority": column("登记机关", "regOrg", "登记机构", "发照机关", "注册机关", "核准机关", "authority"),
        **REGION_COLUMNS,
    },
    required=(("name", "trade_name", "uscc", "reg_no", "code"),),
    marks=(
        "established_on", "capital", "scope", "status", "capital_ten_thousands", "approved_on", "revoked_on",
        "cancelled_on", "term_from_on", "term_to_on", "term", "authority", "industry_code", "industry_text",
        "former_names",
    ),
    hints=("legal_rep", "enterprise_type", "address"),
    ignored=("pripid", "主体身份代码", "序号", "编号", "id"),
)  # fmt: skip
