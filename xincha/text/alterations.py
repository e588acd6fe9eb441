"""What a published change 变更 changed, by the words of its item 变更事项, and the name or address in its values.

    kind_of("名称变更（字号名称、集团名称等）")   名称变更
    kind_of("股东名称")                        股东及出资变更
    name_in("企业名称：厦门示例商贸有限公司")     厦门示例商贸有限公司

Items differ from office to office. One that no word of a list decides is 其他变更: of a name that may be a group's or a
web site's nothing is concluded.
"""

from __future__ import annotations

import re

from xincha.text.fold import fold
from xincha.text.remember import remembered

NAME = "名称变更"
ADDRESS = "住所变更"
OTHER = "其他变更"

_WHOSE = (
    "(?:企业|市场主体|经营主体|商事主体|主体|公司|机构|单位|个体工商户|个体户|农民专业合作社|合作社|登记|注册|主要|生产"
    ")*"
)
_AND = r"(?:[、,，/;；及和与或]|\s)*"
_NAMES = f"{_WHOSE}(?:字号名称|名称|字号|字号名|店名|商号|全称)"
_PLACES = f"{_WHOSE}(?:住所|住所地|住所地址|地址|经营场所|经营场所地址|经营地址|驻在地址|驻在场所|营业场所|经营地点)"
_ENDS = "(?:信息)?(?:变更登记|变更备案|变更|登记|备案|更改|变动)?"
_ITEMS = (
    (NAME, re.compile(f"(?:变更)?{_NAMES}(?:{_AND}{_NAMES})*{_ENDS}")),
    (ADDRESS, re.compile(f"(?:变更)?{_PLACES}(?:{_AND}{_PLACES})*{_ENDS}")),
)
"""Whole items: a name or an address of anything else (集团名称, 股东名称, 通信地址) is not the entity's."""

_WORDS = (
    ("股东及出资变更", re.compile("股东|投资人|出资|发起人|合伙|股权|持股|股份|实缴|认缴|受益")),
    ("注册资本变更", re.compile("注册资本|注册资金|资金数额|资本|投资总额|开办资金|资金总额")),
    ("负责人变更", re.compile("法定代表人|负责人|经营者|首席代表|法人代表|执行事务|业主")),
    ("主要人员变更", re.compile("董事|监事|经理|高级管理|高管|主要人员|主要成员|清算|联络员|联系人|财务")),
    ("经营范围变更", re.compile("经营范围|业务范围|经营项目|许可经营")),
    ("经营期限变更", re.compile("期限|营业期")),
    ("类型变更", re.compile("类型|性质|组成形式|改制|转型")),
    ("章程变更", re.compile("章程")),
)
KINDS = (NAME, ADDRESS, *(kind for kind, _ in _WORDS), OTHER)

_BRACKETS = re.compile(r"[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕]")
_LABELLED = re.compile(
    r"^\W*(?:企业|市场主体|经营主体|公司|机构|单位|个体工商户|原|现|变更前|变更后)*"
    r"(?:名称|字号名称|住所|地址|经营场所|住所地址|主要经营场所|注册地址)\s*[:：]\s*"
)
_NEXT = re.compile(r"[;；\n\r\t]|[,，、]\s*[\u4e00-\u9fff]{2,8}[:：]")
_NOTHING = re.compile(r"[\W_]*(?:无|空|暂无|未知|null|none|nan)?[\W_]*", re.IGNORECASE)
_MASKED = re.compile(r"[*＊\ufffd]")
_LONGEST_NAME = 100
_LONGEST_ADDRESS = 300
_LONGEST_ITEM = 200


@remembered(4096, _LONGEST_ITEM)
def kind_of(item: str) -> str:
    """One of `KINDS`."""
    plain = fold(item[:_LONGEST_ITEM])
    whole = _BRACKETS.sub("", plain).strip(" :：.。")
    for kind, pattern in _ITEMS:
        if pattern.fullmatch(whole):
            return kind
    return next((kind for kind, words in _WORDS if words.search(whole)), OTHER)


def name_in(value: str | None) -> str | None:
    """The name of an entity that a value of 名称变更 states; `None` where it states none, or one that is masked."""
    said = _first(value)
    is_name = said is not None and 2 <= len(said) <= _LONGEST_NAME and re.search(r"[^\W\d_]{2}", said)
    return said if said and is_name and not _MASKED.search(said) else None


def address_in(value: str | None) -> str | None:
    """The address that a value of 住所变更 states."""
    said = _first(value)
    return said if said and len(said) <= _LONGEST_ADDRESS else None


def _first(value: str | None) -> str | None:
    """The first of what a value states, without its label."""
    said = _LABELLED.sub("", (value or "")[: 4 * _LONGEST_ADDRESS])
    said = " ".join(_NEXT.split(said, maxsplit=1)[0].split()).strip(" 　,，、。.:：\"“”'")
    return None if _NOTHING.fullmatch(said) else said
