"""What the heads of a list of companies say: whose names stand below, and whose do not.

A list has more columns of companies than the one that is meant: the bank, the buyer, the department's own company. A
head is read by its end, since `供应商开户银行` is no supplier and `合格供应商名称` is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from indexer.headers import fold_header, spellings
from indexer.kinds.registration import REGISTRATION
from indexer.kinds.source import PARTY_COLUMNS, REGION_COLUMNS
from xincha.text.remember import remembered

_LISTS_CALL_IT = (
    "供应商名称", "供应商", "客户名称", "客户", "往来单位", "往来单位名称", "交易对手", "交易对方", "对方单位",
    "对方名称", "合作方", "合作单位", "合作伙伴", "付款单位", "收款单位", "开票单位", "开票名称", "发票抬头", "抬头",
    "公司", "企业", "单位", "机构", "商家", "商家名称", "店铺名称", "门店名称", "投标人", "投标单位", "中标单位",
    "承包商", "厂商", "厂家", "经销商", "户名", "公司全称", "企业全称", "全称", "被投资单位", "借款人", "担保人",
    "单位全称", "机构名称", "名单", "企业名单", "公司名单",
    "supplier", "supplier_name", "vendor", "vendor_name", "customer", "customer_name", "company", "entity_name",
    "organization", "organisation",
)  # fmt: skip
_CODES_TOO = ("税号", "纳税人识别号", "纳税人识别码", "代码", "证照号码", "营业执照编号", "taxid", "tax_id")


def _aliases(*groups: Sequence[str]) -> Mapping[str, int]:
    """Folded spelling → its place: the sooner named, the better."""
    return {fold_header(alias): place for place, alias in reversed(list(enumerate(sum(map(tuple, groups), ()))))}


_REGISTERED = REGISTRATION.columns
FIELDS: Mapping[str, Mapping[str, int]] = {
    "name": _aliases(_REGISTERED["name"], PARTY_COLUMNS["party_name"], _LISTS_CALL_IT),
    "uscc": _aliases(
        *(_REGISTERED[each] for each in ("uscc", "code", "reg_no", "org_code")),
        *(PARTY_COLUMNS[each] for each in ("party_uscc", "party_code", "party_reg_no")),
        _CODES_TOO,
    ),
    "legal_rep": _aliases(_REGISTERED["legal_rep"]),
    "address": _aliases(REGION_COLUMNS["address"]),
    **{each: _aliases(REGION_COLUMNS[each]) for each in ("region", "province", "city", "district")},
}
"""What a list may say of a company → the spellings of heads that say it."""


class Role(StrEnum):
    """Whose names stand under a head; the sooner named, the rather they are meant."""

    THEM = "them"  # suppliers, customers, whom the list is about
    NAME = "name"  # a company, by the registers' own words for it
    UNTOLD = "untold"
    BUYER = "buyer"  # whose list it is; meant only where there is nobody else
    NEVER = "never"  # a bank, a contract, a department


_THEM = (
    "供应商|供货商|供货(?:方|人|单位|企业|公司)|供方|(?<!大)客户|顾客|往来(?:单位|户|客商)|客商|交易(?:对手|对方|单位)|对方(?:单位|户名|公司|企业)?|对手方"
    "|合作(?:方|商|单位|伙伴|企业|公司|机构)|乙方|承[包揽建]商|承[包揽建租](?:人|方|单位|企业|公司)|分包(?:商|单位|方)|施工(?:单位|企业|方)"
    "|(?:中标|成交|入围)(?:人|方|商|单位|企业|公司|机构|供应商|候选人)|(?:投标|竞标|应标|报价|竞买|受让)(?:人|方|商|单位|企业|公司)"
    "|卖方|受托(?:方|人|单位)|销[货售](?:方|单位|企业|商)|销方|出租(?:方|人)|(?:经销|代理|加盟|分销|零售|批发|服务|运营|集成)商|服务(?:单位|方|机构)"
    "|商[家户]|门店|店铺|租户|(?:收款|付款|开票|被投资|被担保|融资|借款|债务|持证|申报|申请|核查|核对|排查|调查)(?:人|方|单位|企业|公司|对象|户名)"
    "|被(?:检查|抽查|处罚|调查|核查)(?:人|单位|企业|对象)|当事人|相对人|发票抬头|抬头|户名|厂[商家]"
    "|supplier|vendor|customer|client|payee|counterparty"
)
_BUYER = (
    "甲方|买方|需方|购(?:货|买)?方|购货单位|采购(?:方|人|单位|企业|公司|机构)|招标(?:方|人|单位)|发包(?:方|人|单位)|建设单位|业主(?:单位|方)?"
    "|委托(?:方|人|单位)|使用单位|(?:我|本)(?:方|司|公司|单位)|付款主体|签约主体|账套|核算(?:单位|主体)|公司主体|所属(?:公司|单位|企业|集团)"
    "|buyer|purchaser"
)
_OF_IT = r"(?:单位|企业|公司|机构|主体)?的?(?:名称|全称|名字|名|name)?"
_THEM_HEAD = re.compile(rf"(?!(?:{_BUYER}|原)).{{0,8}}?(?:{_THEM}){_OF_IT}")
_BUYER_HEAD = re.compile(rf".{{0,8}}?(?:{_BUYER}){_OF_IT}")
_NEVER_HEAD = re.compile(
    r"银行|开户|[分支]行|网点|合同|协议|项目|工程|标[的段]|包名|部门|主管|上级|隶属|分管|地址|住所|场所|范围|备注|说明|内容|事由|用途|摘要"
    r"|产品|商品|货物|物资|物料|品名|品牌|机关|法院|经办|联系|负责|法人|法定|代表|姓名|经理|股东|母公司|总公司|控股|集团名|担保(?:公司|机构)|保险|物流|快递"
    r"|承运|推荐|代理机构|监理|设计单位|审计|评估|律所|证书|资质|曾用|原名|变更前|英文|简称|编[码号]|类[别型]|等级|日期|金额|bank|contract|project"
)
_OWNER = re.compile(rf".{{0,8}}?(?:{_THEM})(?:单位|企业|公司|机构|方)?的?(?=.{{2}})")
_BUYERS = re.compile(rf".{{0,8}}?(?:{_BUYER})(?:单位|企业|公司|机构|方)?的?(?=.{{2}})")


@remembered(4096, 80)
def role(head: str) -> Role:
    """Whose names stand under this head."""
    keys = [key for key, _ in spellings(head)]
    for key in keys:
        if _THEM_HEAD.fullmatch(key):
            return Role.THEM
        if _BUYER_HEAD.fullmatch(key):
            return Role.BUYER
        if key in FIELDS["name"]:
            return Role.NAME
    return Role.NEVER if any(map(_NEVER_HEAD.search, keys)) or fields(head) else Role.UNTOLD


def fields(head: str) -> list[tuple[int, str]]:
    """The fields that a head may name, each with how usual that spelling is; of 供应商地址 that of 地址."""
    keys = [key for key, _ in spellings(head)]
    bare = [key[owner.end() :] for key in keys if (owner := _OWNER.match(key))]
    return [(aliases[key], field) for field, aliases in FIELDS.items() for key in (*keys, *bare) if key in aliases]


@remembered(20_000, 80)
def is_head(cell: str) -> bool:
    """Whether a cell is a head of lists by its own words, and no value."""
    if role(cell) in (Role.THEM, Role.BUYER, Role.NAME) or fields(cell):
        return True
    return any(fields(key[buyer.end() :]) for key, _ in spellings(cell) if (buyer := _BUYERS.match(key)))
