"""What a declaration of a source holds, and the columns that many of them have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from indexer.canonical.batch import Batch
from indexer.headers import fold_header, is_personal, spellings, undecorated
from indexer.tables import Table
from xincha.text.units import Unit, unit_of

Spellings = tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """One kind of source.

    `columns`: column → its accepted spellings, the standard's first. `read`: a batch of rows under these names → rows
    of `table`, rejected ones included. `required`: groups of columns; a table needs at least one of each. `marks`:
    columns that tell this kind from others; `hints`: columns that tables of other kinds may have too, which tell
    something only where no kind has marks. `telling`: of a kind without party, the columns of which a table has one at
    least; it has no column of a party either, which this source does not know as another. `strangers`: spellings that
    say a table is of a kind that no source is declared for, however much else fits. `words`: finds in name or title of
    a file that it is of this kind, which decides between kinds whose columns it has. `said`: required columns that a
    file need not have if it is called so, for its title says them. `without`: spellings that a table of this kind has
    none of. `ignored`: spellings that are known and carry nothing for us. `personal`: spellings of columns about
    persons that are never read, beside those that are never read of any source (`headers`). `closed`: it is about
    persons, so that no column is read but those that are declared, not even to quote a row that is rejected.
    `units`: spelling → the unit of its numbers by the definition of the field, where a head states none. `seconds`:
    column → what a repeated header of it names (as `作出决定机关` does, first of the listing, then of the removal).
    """

    kind: str
    title: str
    table: Table
    columns: Mapping[str, Spellings]
    read: Callable[[Batch], pl.DataFrame]
    required: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...]
    hints: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    words: str = ""
    said: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    closed: bool = False
    units: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _columns(self) -> Mapping[str, str]:
        """Folded spelling → column; of two columns with one spelling the first."""
        pairs = [(fold_header(alias), name) for name, aliases in self.columns.items() for alias in aliases]
        return dict(reversed(pairs))

    @cached_property
    def _units(self) -> Mapping[str, Unit | None]:
        """Folded spelling → the unit that the definition of the field states."""
        return {fold_header(alias): unit_of(unit) for alias, unit in self.units.items()}

    @cached_property
    def never(self) -> frozenset[str]:
        """The folded spellings of columns that a table of this kind has none of."""
        return frozenset(map(fold_header, self.without))

    def column_of(self, cell: str) -> tuple[str, Unit | None] | None:
        """The column that a header cell names, and the unit of money that it states; `None` where none."""
        found = ((key, unit) for key, unit in spellings(cell) if key in self._columns)
        return next(((self._columns[key], unit or self._units.get(key)) for key, unit in found), None)

    def is_personal(self, cell: str) -> bool:
        """Whether a header cell names a column that is never read."""
        return is_personal(cell) or undecorated(cell) in set(map(fold_header, self.personal))

    def is_ignored(self, cell: str) -> bool:
        """Whether a header cell names a column that is known to say nothing of a record."""
        return undecorated(cell) in set(map(fold_header, self.ignored))

    def chinese(self, column: str) -> str:
        """The first Chinese spelling of a column, for messages."""
        return next((alias for alias in self.columns[column] if not alias.isascii()), self.columns[column][0])


REGION_COLUMNS: Mapping[str, Spellings] = {
    "province": ("所在省份", "省份", "省", "所属省份", "所在省", "省级", "province"),
    "city": ("地区", "城市", "市", "所在城市", "所属城市", "所在地区", "所在市", "地市", "city"),
    "district": ("区县", "所在区县", "所属区县", "区", "县", "县区", "所属区", "所在区", "辖区", "district", "county"),
    "region": (
        "domDistrict", "住所所在行政区划", "行政区划", "行政区划代码", "区划代码", "所属行政区划", "所属区域",
        "所属地区",
    ),
    "address": (
        "dom", "住所", "注册地址", "地址", "企业住所", "登记住所", "经营场所", "住所(经营场所)", "住所/经营场所",
        "主要经营场所", "营业场所", "企业地址", "单位地址", "公司地址", "企业注册地址", "住所地址", "注册地",
        "经营地址", "机构住所", "登记地址", "详细地址", "address",
    ),
}  # fmt: skip

PARTY_COLUMNS: Mapping[str, Spellings] = {
    "party_name": (
        "entName", "企业名称", "市场主体名称", "经营主体名称", "商事主体名称", "主体名称", "当事人名称", "当事人",
        "当事人姓名或名称",
        "单位名称", "公司名称", "个体工商户名称", "个体户名称", "农民专业合作社名称", "商户名称", "名称",
        "企业(机构)名称", "企业(字号)名称", "企业名称/姓名", "行政相对人名称", "行政相对人", "相对人名称", "检查对象",
        "检查对象名称", "被检查对象", "被检查对象名称", "抽查对象", "抽查对象名称", "被抽查对象名称", "被检查单位",
        "被抽查单位", "被抽查单位名称", "被抽查企业", "被抽查企业名称", "被抽查主体", "被抽查主体名称", "被抽查对象",
        "被抽取对象", "被抽取对象名称", "被抽取企业", "被抽取单位", "被抽中企业", "被抽中单位", "抽中企业", "抽中单位",
        "抽中对象", "抽取对象名称", "被检查企业", "被检查企业名称", "被抽样单位", "被抽样单位名称", "被抽检单位",
        "被抽检单位名称", "被抽检企业", "被抽检企业名称", "受检单位", "受检单位名称", "受检企业", "受检企业名称",
        "被检查单位名称", "被检查主体名称", "被处罚人", "被处罚人名称", "被处罚单位", "被处罚对象", "被处罚当事人",
        "被处罚当事人名称", "处罚对象", "违法主体名称", "违法企业名称", "受处罚单位", "traName", "字号名称",
        "party_name", "company_name", "enterpriseName",
    ),
    "party_uscc": (
        "uniscid", "统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码", "统一代码", "企业统一社会信用代码",
        "单位统一社会信用代码", "当事人统一社会信用代码", "被处罚人统一社会信用代码", "行政相对人统一社会信用代码",
        "检查对象统一社会信用代码", "主体代码", "uscc", "USCI", "credit_code",
    ),
    "party_reg_no": (
        "regNo", "注册号", "工商注册号", "工商登记码", "工商登记号", "营业执照注册号", "营业执照号", "登记注册号",
        "企业注册号", "reg_no",
    ),
    "party_code": (
        "统一社会信用代码/注册号", "注册号/统一社会信用代码", "统一社会信用代码或注册号", "统一社会信用代码(注册号)",
        "注册号(统一社会信用代码)", "统一社会信用代码、注册号", "社会信用代码/注册号", "信用代码/注册号", "代码",
        "主体身份代码证号", "统一社会信用代码/工商注册号", "证照号码", "执照号码",
    ),
    "enterprise_type": (
        "entType", "市场主体类型", "经营主体类型", "商事主体类型", "主体类型", "企业类型", "企业(机构)类型",
        "公司类型", "类型",
        "当事人类型",
    ),
    **REGION_COLUMNS,
}  # fmt: skip
"""Columns of the party of a record."""

CHECKERS = (
    "检查人员", "检查人", "执法人员", "执法检查人员", "抽查人员", "核查人员", "检查组长", "组长", "检查组成员", "专家",
    "专家姓名", "检查人员执法证号", "CheckDeptPerson", "TeamLeader", "ExpertNames", "lawEnforcementOfficials",
)  # fmt: skip
"""Who checked: of rows of checks these are never read, for their register says who may be named (`officer`)."""

PARTY = ("party_name", "party_uscc", "party_reg_no", "party_code")
"""Who a record is about: one of these is required."""


def double_publicity_columns(prefix: str, party_kind: Spellings) -> Mapping[str, Spellings]:
    """The party's columns of 双公示, whose pinyin codes begin with `prefix`: CF of penalties, XK of licences.

    `party_kind`: the spellings of the party's class, which differ.
    """
    party = f"{prefix}_XDR"
    return {
        **PARTY_COLUMNS,
        "party_kind": party_kind,
        "party_uscc": with_party(
            "party_uscc", "行政相对人代码_1(统一社会信用代码)", f"{party}_SHXYM", "行政相对人代码_1", "行政相对人代码",
        ),
        "party_reg_no": with_party(
            "party_reg_no", "行政相对人代码_2(工商注册号)", f"{party}_GSZC", f"{party}_GSDJ",
        ),
        "party_org_code": ("行政相对人代码_3(组织机构代码)", f"{party}_ZZJG", f"{party}_ZDM", "组织机构代码"),
        "party_tax_no": ("行政相对人代码_4(税务登记号)", f"{party}_SWDJ", "税务登记号", "税务登记证号"),
        "party_institution_no": ("行政相对人代码_5(事业单位证书号)", f"{party}_SYDW", "事业单位证书号"),
        "party_society_no": ("行政相对人代码_6(社会组织登记证号)", f"{party}_SHZZ", "社会组织登记证号"),
    }  # fmt: skip


def with_party(column: str, *aliases: str) -> Spellings:
    """Spellings of a column of the party in one source: its own first."""
    return (*aliases, *PARTY_COLUMNS[column])
