"""What a declaration of a source holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.tables import Table


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a source: its accepted spellings, the standard's first."""

    aliases: tuple[str, ...]


def column(*aliases: str) -> Column:
    """A column with these spellings."""
    return Column(aliases)


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of source.

    `required`: groups of columns; a table needs at least one of each. `marks`: columns that tell this kind from others;
    `hints`: columns that tables of other kinds may have too, which tell something only where no kind has marks.
    `strangers`: spellings that say a table is of a kind that no source is declared for, however much else fits.
    `ignored`: spellings that are known and carry nothing for us. `seconds`: column → what a repeated header of it names
    (as `作出决定机关` does, first of the listing, then of the removal). `union_columns`: list columns that are joined
    where rows of one key merge; those of one table row belong together by position (`results` and `result_codes`).
    """

    kind: str
    title: str
    table: Table
    columns: Mapping[str, Column]
    required: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...]
    hints: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    seconds: Mapping[str, str] = field(default_factory=dict)
    union_columns: tuple[str, ...] = ()


REGION_COLUMNS: Mapping[str, Column] = {
    "province": column("所在省份", "省份", "省", "所属省份", "所在省", "省级"),
    "city": column("地区", "城市", "市", "所在城市", "所属城市", "所在地区", "所在市", "地市"),
    "district": column("区县", "所在区县", "所属区县", "区", "县", "县区", "所属区", "所在区", "辖区"),
    "region": column(
        "domDistrict", "住所所在行政区划", "行政区划", "行政区划代码", "区划代码", "所属行政区划", "所属区域",
        "所属地区",
    ),
    "address": column(
        "dom", "住所", "注册地址", "地址", "企业住所", "登记住所", "经营场所", "住所(经营场所)", "住所/经营场所",
        "主要经营场所", "营业场所", "企业地址", "单位地址", "公司地址", "企业注册地址", "住所地址", "注册地",
        "经营地址", "机构住所", "登记地址", "详细地址", "address",
    ),
}  # fmt: skip

PARTY_COLUMNS: Mapping[str, Column] = {
    "party_name": column(
        "entName", "企业名称", "市场主体名称", "经营主体名称", "主体名称", "当事人名称", "当事人", "当事人姓名或名称",
        "单位名称", "公司名称", "个体工商户名称", "个体户名称", "农民专业合作社名称", "商户名称", "名称",
        "企业(机构)名称", "企业(字号)名称", "企业名称/姓名", "行政相对人名称", "行政相对人", "相对人名称", "检查对象",
        "检查对象名称", "被检查对象", "被检查对象名称", "抽查对象", "抽查对象名称", "被抽查对象名称", "被检查单位",
        "被检查单位名称", "被检查主体名称", "被处罚人", "被处罚人名称", "被处罚单位", "被处罚对象", "被处罚当事人",
        "被处罚当事人名称", "处罚对象", "违法主体名称", "违法企业名称", "受处罚单位", "traName", "字号名称",
        "party_name", "company_name",
    ),
    "party_uscc": column(
        "uniscid", "统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码", "统一代码", "企业统一社会信用代码",
        "单位统一社会信用代码", "当事人统一社会信用代码", "被处罚人统一社会信用代码", "行政相对人统一社会信用代码",
        "检查对象统一社会信用代码", "主体代码", "uscc", "USCI", "credit_code",
    ),
    "party_reg_no": column(
        "regNo", "注册号", "工商注册号", "工商登记码", "工商登记号", "营业执照注册号", "营业执照号", "登记注册号",
        "企业注册号", "reg_no",
    ),
    "party_code": column(
        "统一社会信用代码/注册号", "注册号/统一社会信用代码", "统一社会信用代码或注册号", "统一社会信用代码(注册号)",
        "注册号(统一社会信用代码)", "统一社会信用代码、注册号", "社会信用代码/注册号", "信用代码/注册号", "代码",
        "主体身份代码证号", "统一社会信用代码/工商注册号", "证照号码", "执照号码",
    ),
    "enterprise_type": column(
        "entType", "市场主体类型", "经营主体类型", "主体类型", "企业类型", "企业(机构)类型", "公司类型", "类型",
        "当事人类型",
    ),
    **REGION_COLUMNS,
}  # fmt: skip
"""Columns of the party of a record; a record's source adds its own spellings."""
