"""Personal data masked in text before it is stored: what the law keeps from the public stays out of the lake.

Who publishes penalties must protect personal information (市场监督管理行政处罚信息公示规定 article 6, 行政处罚法
article 50, 政府信息公开条例 article 15). `redact` replaces, wherever it stands in a text:

- identity numbers 身份证号 of 18 characters (GB 11643: province, date of birth and check character hold), with the two
  digits that made tax numbers of them too, and of 15, half-masked ones too, with whatever stands between their digits;
  numbers of passports and other papers behind their names;
- mobile numbers, landline numbers with their area code or behind 电话, 联系方式 and the like, but no hotlines;
- bank accounts behind 账号, 卡号 and the like; card numbers of 16 to 19 digits where Luhn's check holds;
- addresses of e-mail (but those of gov.cn), numbers of WeChat and QQ behind their names, plate numbers of cars;
- addresses of persons: behind 住址, 户籍地, 家住, 租住, 联系地址, and 住… among personal particulars (男，汉族，住…).

Behind a name of the number (身份证号：) its check need not hold: a wrong digit makes nobody anonymous. A number that
stands alone is masked only if it holds. Codes of companies, document, product and licence numbers, amounts and dates
stay, and so does a company's registered address 住所; where one label says both, 住所（住址）, it stays for a company.

What a column holds decides as well (`Field`): in the name of a company digits belong to it, the number of a document
may be as long as that of a telephone, and the address of an entity is published.

The mask says what stood there, no more. `redact` is idempotent. Not masked: names, which the register publishes, and
addresses that nothing marks as a person's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from xincha.text import identity_no, reg_no, uscc
from xincha.text.names import parts

Field = Literal["text", "name", "number", "address"]
"""What a column holds: prose, the name of a company or a person, the number of a document, an entity's own address."""

ID_MASK = "［身份证号已隐去］"
PAPER_MASK = "［证件号已隐去］"
PHONE_MASK = "［电话已隐去］"
BANK_MASK = "［银行账号已隐去］"
MAIL_MASK = "［邮箱已隐去］"
WECHAT_MASK = "［微信号已隐去］"
QQ_MASK = "［QQ号已隐去］"
PLATE_MASK = "［车牌号已隐去］"
HOME_MASK = "［住址已隐去］"

_BETWEEN = r"[ \-－—–‐‑−―.．·•・_＿/●○■□★※]"
_REGIONS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_CONTACT = "联系地址|送达地址|通[讯信]地址|邮寄地址|收[件货]地址"
_HOMES = (
    r"住址|家庭(?:地址|住所)|户籍(?:所在地|地址|地)?|户口(?:所在地|地)|身份证(?:上的?)?地址|居住(?:地址|于|在)|居住地(?!产)"
    r"|暂住(?:地址?)?|暂居地?|(?<!邻)居所地?|家住|现住(?!房)|现居(?:住?地|住)?|常住地?|租住(?:地址|地)?|[寄借]住|住处"
)

PATTERN = (
    rf"[0-9０-９](?:{_BETWEEN}{{0,3}}[0-9０-９*＊xXｘＸ×#＃]){{5}}|[@＠]"
    r"|微信|薇信|[vVｖＶ]信|[vVwWｖＶｗＷ][xXｘＸ]|[wW]e[cC]hat|[qQｑＱ]{2}"
    rf"|[{_REGIONS}][A-HJ-NP-ZＡ-Ｚ]{_BETWEEN}?[A-HJ-NP-ZＡ-Ｚ0-9０-９]{{4}}"
    rf"|住址|家庭|户籍|户口|身份证|居住|暂住|暂居|居所|家住|现住|现居|常住|租住|寄住|借住|住处|{_CONTACT}|(?:^|[,，;；:：。、(（\s])住"
)
"""Finds every text that `redact` may change, and more: a prefilter for regular expressions without look-around, as in
Polars."""

_MAYBE = re.compile(PATTERN)
_MOST_PASSES = 8
"""More than any text needs that was not made to need more."""
_BEFORE = 150
"""Characters before a number or an address that may say what it is."""
_READ_FOR_EXCERPT, _CUT_END = 10_000, 100
_LONG = re.compile(r"[0-9](?:[ \-._/*]{0,3}[0-9*xX]){13}")
_ELEVEN = re.compile(r"[0-9](?:[ \-._]{0,3}[0-9]){10}|\(0[0-9]{2,3}\)")

_FULL = (
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺｑｖｗｘ（）：，；＠"
    "－—–‐‑−―＿＊×●○■□★※＃#．·•・"
)
_HALF = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZqvwx():,;@-------_**********...."
_WIDTH = str.maketrans(_FULL, _HALF)
_WIDE = re.compile(f"[{re.escape(_FULL)}]")

_START, _STOP = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_GAP = r"[ \-]?"
_GAPS = r"[ \-._/*]{0,3}"
_LINK = r"(?:\((?!0\d{2,3}\))|[\s:为是系)“”\"'|,]|均为|号码|号)*+"

_LABELLED_ID = re.compile(
    r"(?P<name>身份证明?(?:件|号码|号|编号)*+|身份号码|公民身份号?码?|(?<!许可)(?<!营业)证[件照](?:号码|编号|号)|驾驶证(?:编号|号码|号)"
    rf"|社会保障号码?)(?P<link>{_LINK})(?P<data>[1-9](?:[ \-._/]{{0,2}}[\d*xX]){{13,20}}){_STOP}"
)
_ID_18 = re.compile(rf"(?<![0-9])[1-9](?:{_GAPS}\d){{16}}{_GAPS}[\dXx](?![0-9])")
_ID_20 = re.compile(rf"(?<![0-9])[1-9](?:{_GAPS}\d){{16}}{_GAPS}[\dXx](?:{_GAPS}\d){{2}}(?![0-9])")
_ID_15 = re.compile(rf"(?<![0-9])[1-9](?:{_GAPS}\d){{14}}(?![0-9])")
_ID_HALF_MASKED = re.compile(r"(?<![0-9])[1-9]\d{1,13}(?:[ \-.]?[*xX]){3,16}(?:[ \-.]?[\dXx]){0,4}(?![0-9A-Za-z*])")
_YOUNGEST, _YOUNGEST_NUMBERED = 2012, 2000
"""Last year of birth of an identity number that stands alone, or behind 编号: later dates are those of cases."""

_PAPER = re.compile(
    r"(?P<name>护照|通行证|居住证|居留证|暂住证|台胞证|回乡证|军官证|士兵证|警官证|驾驶证|社保卡|医保卡)"
    rf"(?P<link>(?:编号|证号)?{_LINK})(?P<data>[A-Za-z]{{0,3}}\d{{6,18}}){_STOP}"
)
_S = r"[ \-.·_]{1,3}"
_MOBILE_NUMBER = (
    rf"(?:1[3-9](?:\d{{9}}|\d(?:{_S}\d{{4}}{_S}\d{{4}}|{_S}\d{{3}}{_S}\d{{5}}|[ \-]{{1,3}}\d{{8}}|-\d{{5}}-\d{{3}})"
    r"|\d\d-(?:\d{4}-\d{3}|\d{3}-\d{4})|(?:-\d){9})|1 [3-9](?: \d){9})"
)
_MOBILE = re.compile(
    rf"(?:{_START}|(?<=[Tt]el)|(?<=TEL))(?:\(?(?:\+|00)?86\)?[ \-]{{0,2}})?0?{_MOBILE_NUMBER}"
    r"(?![0-9A-Za-z%]|\.\d|\s?[元万亿吨克个件])"
)
_AREA = r"(?:10|2\d|[3-9]\d\d)"
_LOCAL_NUMBER = r"[2-9]\d{2}(?:\d?[ \-]?\d{4}|\d[ \-]\d{3})(?:[ \-转]{1,2}\d{1,5})?"
_AREA_NUMBER = re.compile(
    rf"{_START}(?<![0-9][.\-/])(?:\+?86[ \-]?)?(?:\(0{_AREA}\)[ \-]{{0,2}}|0{_AREA}[ \-]{{1,3}})"
    rf"{_LOCAL_NUMBER}(?![0-9A-Za-z])"
)
_PHONE_NUMBER = (
    rf"(?:(?:(?:\+?86{_GAP})?\(?0\d{{2,3}}\)?[ \-]{{0,3}})?{_LOCAL_NUMBER}|1[3-9](?:[ \-._]{{0,2}}\d){{9}})"
    r"(?![0-9A-Za-z])"
)
_LANDLINE = re.compile(
    r"(?P<name>电话(?:号码)?|联系方式|手机(?:号码?)?|传真|座机|固话|小灵通|致电|(?:[Tt]el|TEL|[Pp]hone|Fax|FAX)\.?)"
    rf"(?P<link>{_LINK})(?P<data>(?:{_PHONE_NUMBER})(?:[、,/; ]{{1,2}}(?:{_PHONE_NUMBER}))*)"
)
_HOTLINE = re.compile(r"(?:举报|投诉|服务|咨询|监督|热线|客服|报警|值班)(?:电话|热线|号码)?[\s:为是(]*$")
_ACCOUNT = re.compile(
    r"(?P<name>[账帐](?:户|号)(?:号码?)?|银行卡(?:号码?)?|卡号|存折(?:账?号)?|支付宝)"
    rf"(?P<link>{_LINK})(?P<data>\d(?:{_GAP}\d){{8,29}})(?![0-9A-Za-z.]|\s?[元万])"
)
_CARD = re.compile(rf"{_START}(?<!\d\.)(?:62|4\d|5[1-5])\d\d(?:[ \-]?\d){{12,15}}(?![0-9A-Za-z.]|\s?[元万])")
_BANK = re.compile(r"[账帐卡汇款]|银行|户名|VISA|Visa|MasterCard")

_MAIL = re.compile(r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")
_WECHAT = re.compile(
    rf"(?P<name>[微薇威]信|{_START}(?:[vVwW][xX]|[vV]信|[wW]e[cC]hat|[wW]ei[xX]in))(?!公众|小程序|支付|群|平台|商城|商户|视频|朋友圈|红包)"
    r"(?P<link>(?:号码?|账号|帐号|ID|[iI]d|名|昵称)?[\s:为是(“\"']*)(?P<data>[A-Za-z0-9][A-Za-z0-9_\-]{4,29})(?![A-Za-z0-9_\-])"
)
_QQ = re.compile(
    rf"{_START}(?P<name>[qQ]{{2}}(?:群|号码?|账号|帐号)*+)(?P<link>{_LINK})(?P<data>[1-9]\d{{4,11}})(?![0-9A-Za-z]|[年月元])"
)
_PLATE = re.compile(
    rf"(?<![A-Za-z0-9])[{_REGIONS}][A-HJ-NP-Z][ .\-*]?(?=[A-HJ-NP-Z]{{0,5}}\d)[A-HJ-NP-Z0-9]{{4,5}}"
    r"[A-HJ-NP-Z0-9挂学警港澳](?![0-9A-Za-z])"
)

_PART_OF_NUMBER = re.compile(r"\d[.-]$")
_IN_FRONT = r"[\s:为是()“”\"']*$"
_DOCUMENT = (
    r"编号|案号|文号|(?:受理|检验|报告|证书|合同|档案|许可证)(?:编号|号码|号)|S/?N|No\.?|第"
    r"|[(〔【\[<〈]\s?(?:19|20)\d\d年?\s?[)〕】\]>〉](?:\s|第|字)*"
)
_NUMBERED = re.compile(rf"(?:{_DOCUMENT}){_IN_FRONT}", re.IGNORECASE)
_NOT_PERSONAL = re.compile(
    r"(?:代码|编码|条码|批次|批号|货号|型号|单号|订单号?|流水号?|注册号|登记号|备案号|许可证证?号?|合同号|票号|执照号?|专利号|序列号|标准号"
    rf"|(?:产品|商品|生产|物料|设备|车架|发动机)(?:编号|号码|号)|IMEI|ISBN|{_DOCUMENT}){_IN_FRONT}",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"身份|公民|[,;(\s，；、](?:男|女)|汉族|出生|经营者|投资人|负责人|代表人|委托人|代理人|姓名|业主|股东|合伙人"
)

_IN_HOME = r"[^,，。;；\n\t|()［］\[\]]"
_HOME_TEXT = rf"{_IN_HOME}{{1,40}}(?:\([^()\n]{{0,20}}\){_IN_HOME}{{0,30}})*"
_HOME = re.compile(rf"(?P<name>{_HOMES}|{_CONTACT})(?P<link>(?:[\s:为是在于均系)])*)(?P<data>{_HOME_TEXT})")
_LIVES = re.compile(
    rf"(?P<name>(?:^|(?<=[,;:(\s，；。、]))住)(?P<link>[\s:在于]*)(?P<data>(?![所宿房建宅院户]){_HOME_TEXT})"
)
_PLACE = re.compile(r"[省市县区镇乡村路街巷号室栋幢弄组屯社]")
_NO_HOME = re.compile(
    r"证|已隐去|变更|登记|不详|信息|相同|同上|人口|管理|制度|一致|资料|材料|确认书|另|或者|与|无法|的"
)
_EITHER = re.compile(r"住所\s*[(、/及或和]?\s*$")
_COMPANY = re.compile(r"公司|企业|信用代码|注册号|执照|合作社")
_OFFICE = re.compile(r"[局院所]$|政府|委员会|我局|本局|机关|法院")


def redact(text: str, field: Field = "text") -> str:
    """The text with personal data replaced by masks that name its kind; unchanged where there is none.

    Masking again changes nothing: what a mask uncovers (a label that seemed to be somebody's address) is masked too.
    """
    if not _MAYBE.search(text):
        return text
    is_person = field == "name" and not parts(text).form
    rules = _RULES if is_person else _RULES_OF[field]
    for _ in range(_MOST_PASSES):
        if (masked := _once(text, rules)) == text:
            break
        text = masked
    return text


def excerpt(text: str, most: int) -> str:
    """The first `most` characters of the masked text: masked before it is cut, since a cut number looks like none.

    Of a text that is much longer only the beginning is read, and of that the end left out, where it is cut.
    """
    if len(text) <= _READ_FOR_EXCERPT:
        return redact(text)[:most]
    return redact(text[:_READ_FOR_EXCERPT])[:-_CUT_END][:most]


def _once(text: str, rules: tuple[_Rule, ...]) -> str:
    plain = text.translate(_WIDTH) if _WIDE.search(text) else text
    for rule in rules:
        is_there = any(word in plain for word in rule.words) if rule.words else rule.shape.search(plain)
        if is_there and (masked := _substituted(text, plain, rule)) is not text:
            text, plain = masked, masked.translate(_WIDTH)
    return text


class _Rule(NamedTuple):
    """Where the pattern finds something one of the `words` is there, or, where there are none, the `shape`."""

    pattern: re.Pattern[str]
    mask: str
    is_personal: Callable[[re.Match[str], str], bool]
    words: tuple[str, ...] = ()
    shape: re.Pattern[str] = _LONG


def _substituted(text: str, plain: str, rule: _Rule) -> str:
    """Masks in the place of what the pattern finds and is personal; found in half width, replaced as it is."""
    pieces, end, masked = [], 0, ""
    group = "data" if "data" in rule.pattern.groupindex else 0
    for match in rule.pattern.finditer(plain):
        start = match.start()
        # what stands before it is told by what is left of that, so that no mask waits for the next pass
        before = (masked + plain[max(end, start - _BEFORE) : start])[-_BEFORE:]
        if rule.is_personal(match, before):
            pieces += [text[end : match.start(group)], rule.mask]
            end = match.end(group)
            masked = f"{before}{match[0][: match.start(group) - start]}{rule.mask}"
    return "".join([*pieces, text[end:]]) if pieces else text


def _digits(text: str) -> str:
    return re.sub(r"[ \-._/*]", "", text).upper()


def _labelled_id(match: re.Match[str], _before: str) -> bool:
    number = _digits(match["data"])
    is_company = uscc.is_valid(number) and not identity_no.is_valid(number)
    return not is_company and ("身份" in match["name"] or not reg_no.is_valid(number))


def _id_18(match: re.Match[str], before: str) -> bool:
    number = _digits(match[0])
    if not identity_no.is_valid(number):
        return False
    if _NOT_PERSONAL.search(before):
        return bool(_NUMBERED.search(before)) and int(number[6:10]) <= _YOUNGEST_NUMBERED
    return int(number[6:10]) <= _YOUNGEST


def _id_15(match: re.Match[str], before: str) -> bool:
    number = _digits(match[0])
    holds = (
        number[:2] in identity_no.PROVINCES
        and identity_no.is_birthday("19" + number[6:12])
        and not reg_no.is_valid(number)
    )
    return holds and (bool(_PERSON.search(before[-30:])) or not _COMPANY.search(before[-30:])) and _is_free(before)


def _id_20(match: re.Match[str], before: str) -> bool:
    """The tax number of a sole trader: his identity number and two digits."""
    return identity_no.is_owners(_digits(match[0])[:18]) and _is_free(before)


def _is_free(before: str) -> bool:
    """Whether nothing in front of a number says that it is one of a document or a product."""
    return not _NOT_PERSONAL.search(before)


def _id_half_masked(match: re.Match[str], _before: str) -> bool:
    return len(re.sub(r"[ \-.]", "", match[0])) in (15, 18) and match[0][:2] in identity_no.PROVINCES


def _mobile(_match: re.Match[str], before: str) -> bool:
    return _is_free(before) and not _PART_OF_NUMBER.search(before)


def _landline(match: re.Match[str], before: str) -> bool:
    return not _HOTLINE.search(before) and not re.match("400|800", match["data"])


def _area_number(_match: re.Match[str], before: str) -> bool:
    return not _HOTLINE.search(before) and _is_free(before)


def _account(match: re.Match[str], _before: str) -> bool:
    return not uscc.is_valid(_digits(match["data"]))


def _card(match: re.Match[str], before: str) -> bool:
    number = _digits(match[0])
    union_pay = number.startswith("62") and len(number) in (16, 19)  # others begin like a region's code: 44…, 53…
    is_card = union_pay or (len(number) == 16 and bool(_BANK.search(before[-30:])))
    return is_card and _luhn(number) and _is_free(before)


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _mail(match: re.Match[str], _before: str) -> bool:
    return not match[0].lower().endswith(".gov.cn")


def _wechat(match: re.Match[str], _before: str) -> bool:
    data = match["data"]
    is_named = bool(match["link"].strip("(")) or bool(re.search(r"[\d_]", data))
    return is_named and data.lower() not in ("wechat", "weixin", "android")


def _plate(_match: re.Match[str], before: str) -> bool:
    return _is_free(before)


def _home(match: re.Match[str], before: str) -> bool:
    if not _PLACE.search(match["data"]) or _NO_HOME.match(match["data"]):
        return False
    if re.fullmatch(_CONTACT, match["name"]):
        return not _OFFICE.search(match["data"]) and not _is_company_in(before)
    return not (match["name"] == "住址" and _EITHER.search(before) and _COMPANY.search(before))


def _is_company_in(before: str) -> bool:
    """Whether a text last spoke of a company, and not of a person."""
    companies, persons = ([found.end() for found in pattern.finditer(before)] for pattern in (_COMPANY, _PERSON))
    return bool(companies) and companies[-1] > max(persons, default=0)


_PHONE_WORDS = ("电话", "联系方式", "手机", "传真", "座机", "固话", "小灵通", "致电", "el", "EL", "hone", "ax", "AX")
_HOME_WORDS = ("住", "居", "家庭", "户籍", "户口", "身份证", "地址")
_IDENTITIES = (
    _Rule(_LABELLED_ID, ID_MASK, _labelled_id, ("身份", "证件", "证照", "驾驶证", "社会保障号")),
    _Rule(_ID_18, ID_MASK, _id_18),
    _Rule(_ID_20, ID_MASK, _id_20),
    _Rule(_ID_HALF_MASKED, ID_MASK, _id_half_masked),
)
_NUMBERS = (
    _Rule(_ID_15, ID_MASK, _id_15),
    _Rule(_PAPER, PAPER_MASK, lambda *_: True, ("照", "证", "卡")),
    _Rule(_MAIL, MAIL_MASK, _mail, ("@",)),
    _Rule(_WECHAT, WECHAT_MASK, _wechat, ("信", "x", "X", "ech", "eC", "ei")),
    _Rule(_QQ, QQ_MASK, lambda *_: True, ("QQ", "qq", "Qq", "qQ")),
    _Rule(_ACCOUNT, BANK_MASK, _account, ("账", "帐", "卡", "存折", "支付宝")),
    _Rule(_CARD, BANK_MASK, _card),
    _Rule(_LANDLINE, PHONE_MASK, _landline, _PHONE_WORDS),
    _Rule(_MOBILE, PHONE_MASK, _mobile, shape=_ELEVEN),
    _Rule(_AREA_NUMBER, PHONE_MASK, _area_number, shape=_ELEVEN),
)
_RULES = (
    *_IDENTITIES,
    *_NUMBERS,
    _Rule(_PLATE, PLATE_MASK, _plate, tuple(_REGIONS)),
    _Rule(_HOME, HOME_MASK, _home, _HOME_WORDS),
    _Rule(_LIVES, HOME_MASK, _home, ("住",)),
)
_RULES_OF: dict[Field, tuple[_Rule, ...]] = {
    "text": _RULES,
    "name": _IDENTITIES,
    "number": _IDENTITIES,
    "address": (*_IDENTITIES, *_NUMBERS),
}
