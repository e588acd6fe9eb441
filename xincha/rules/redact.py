"""Personal data masked in text before it is stored: what the law keeps from the public stays out of the lake.

Who publishes penalties must protect personal information (市场监督管理行政处罚信息公示规定 article 6, 行政处罚法
article 50, 政府信息公开条例 article 15). `redact` replaces, wherever it stands in a text:

- identity numbers 身份证号 of 18 characters (GB 11643: province, date of birth and check character hold) and of 15,
  half-masked ones too, and numbers of passports and other papers behind their names;
- mobile numbers; landline numbers behind 电话, 联系方式 and the like, but no hotlines;
- bank accounts behind 账号, 卡号 and the like; card numbers of 16 to 19 digits where Luhn's check holds;
- addresses of persons: behind 住址, 户籍地, 家住, and 住… among personal particulars (男，汉族，住福建省…).

Behind a name of the number (身份证号：) its check need not hold: a wrong digit makes nobody anonymous. A number that
stands alone is masked only if it holds. Codes of companies, document, product and licence numbers, amounts and dates
stay, and so does a company's registered address 住所; where one label says both, 住所（住址）, it stays for a company.

The mask says what stood there, no more. `redact` is idempotent. Not masked: names, which the register publishes, and
addresses that nothing marks as a person's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from xincha.text import reg_no, uscc

ID_MASK = "［身份证号已隐去］"
PAPER_MASK = "［证件号已隐去］"
PHONE_MASK = "［电话已隐去］"
BANK_MASK = "［银行账号已隐去］"
HOME_MASK = "［住址已隐去］"

PATTERN = (
    r"[0-9０-９](?:[ \-－]?[0-9０-９*＊xXｘＸ×]){5}"
    r"|住址|家庭地址|户籍|户口|身份证|居住|暂住|家住|现住|常住|(?:^|[,，;；:：。、(（\s])住"
)
"""Finds every text that `redact` may change, and more: a prefilter for regular expressions without look-around, as in
Polars."""

_MAYBE = re.compile(PATTERN)
_MOST_PASSES = 8
"""More than any text needs that was not made to need more."""
_BEFORE = 150
"""Characters before a number or an address that may say what it is."""
_LONG = re.compile(r"[0-9](?:[ \-]?[0-9*xX]){14}")
_ELEVEN = re.compile(r"(?<![0-9])(?:86[ \-]?)?1[3-9][0-9](?:[ \-]?[0-9]{4}){2}(?![0-9])")

_FULL = "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺｘ－＊×（）：，；"
_HALF = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZx-*X():,;"
_WIDTH = str.maketrans(_FULL, _HALF)
_WIDE = re.compile(f"[{_FULL}]")

_START, _STOP = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_GAP = r"[ \-]?"
_LINK = r"(?:\((?!0\d{2,3}\))|[\s:为是)“”\"'|,]|均为|号码|号)*+"

_LABELLED_ID = re.compile(
    r"(?P<name>身份证明?(?:件|号码|号|编号)*+|身份号码|公民身份号?码?|(?<!许可)(?<!营业)证[件照](?:号码|编号|号)|驾驶证(?:编号|号码|号)"
    rf"|社会保障号码?)(?P<link>{_LINK})(?P<data>[1-9](?:{_GAP}[\d*xX]){{13,16}}{_GAP}[\dxX*]){_STOP}"
)
_ID_18 = re.compile(rf"{_START}[1-9](?:{_GAP}\d){{16}}{_GAP}[\dXx]{_STOP}")
_ID_15 = re.compile(rf"{_START}[1-9]\d{{14}}{_STOP}")
_ID_HALF_MASKED = re.compile(rf"{_START}[1-9]\d{{3,13}}[*xX]{{3,12}}[\dXx]{{0,4}}(?![0-9A-Za-z*])")
_PROVINCES = frozenset(map(str, [*range(11, 16), 21, 22, 23, *range(31, 38), *range(41, 47), *range(50, 55),
                                 *range(61, 66), 71, 81, 82, 83]))  # fmt: skip
_YOUNGEST = 2012
"""Last year of birth of an identity number that stands alone: later dates are those of cases and products."""

_PAPER = re.compile(
    r"(?P<name>护照|通行证|居住证|居留证|暂住证|台胞证|回乡证|军官证|士兵证|警官证|驾驶证|社保卡|医保卡)"
    rf"(?P<link>(?:编号|证号)?{_LINK})(?P<data>[A-Za-z]{{0,3}}\d{{6,18}}){_STOP}"
)
_MOBILE = re.compile(
    rf"(?:{_START}|(?<=[Tt]el)|(?<=TEL))(?:(?:\+|00)?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}"
    r"(?![0-9A-Za-z%]|\.\d|\s?[元万亿吨克个件])"
)
_LANDLINE_NUMBER = (
    rf"(?:(?:\+?86{_GAP})?\(?0\d{{2,3}}\)?{_GAP})?[2-9]\d{{6,7}}(?:[ \-转]{{1,2}}\d{{1,5}})?(?![0-9A-Za-z])"
)
_LANDLINE = re.compile(
    r"(?P<name>电话(?:号码)?|联系方式|手机(?:号码?)?|传真|座机|小灵通|(?:[Tt]el|TEL|Phone|Fax|FAX)\.?)"
    rf"(?P<link>{_LINK})(?P<data>{_LANDLINE_NUMBER}(?:[、,/; ]{{1,2}}{_LANDLINE_NUMBER})*)"
)
_HOTLINE = re.compile(r"(?:举报|投诉|服务|咨询|监督|热线|客服|报警|值班)$")
_ACCOUNT = re.compile(
    r"(?P<name>[账帐](?:户|号)(?:号码?)?|银行卡(?:号码?)?|卡号|存折(?:账?号)?|支付宝)"
    rf"(?P<link>{_LINK})(?P<data>\d(?:{_GAP}\d){{8,29}})(?![0-9A-Za-z.]|\s?[元万])"
)
_CARD = re.compile(rf"{_START}(?<!\d\.)(?:62|4\d|5[1-5])\d\d(?: ?\d){{12,15}}(?![0-9A-Za-z.]|\s?[元万])")

_BANK = re.compile(r"[账帐卡汇款]|银行|户名|VISA|Visa|MasterCard")

_PART_OF_NUMBER = re.compile(r"\d[.-]$")
_NOT_PERSONAL = re.compile(
    r"(?:代码|编码|编号|条码|批次|批号|货号|型号|单号|案号|文号|订单号?|流水号?|注册号|登记号|备案号|许可证号?|合同号|票号|执照号?|专利号|序列号|标准号"
    r"|(?:受理|检验|报告|证书|产品|商品|生产|物料|设备|车架|发动机|档案|许可证)(?:编号|号码|号)|S/?N|No\.?)[\s:为是()“”\"']*$",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"身份|公民|[,;(\s，；、](?:男|女)|汉族|出生|经营者|投资人|负责人|代表人|当事人|委托人|代理人|姓名|业主|股东|合伙人"
)

_IN_HOME = r"[^,，。;；\n\t|()［］\[\]]"
_HOME_TEXT = rf"{_IN_HOME}{{1,40}}(?:\([^()\n]{{0,20}}\){_IN_HOME}{{0,30}})*"
_HOME = re.compile(
    r"(?P<name>住址|家庭地址|户籍(?:所在地|地址|地)?|户口(?:所在地|地)|身份证(?:上的?)?地址|居住(?:地址|于|在)|居住地(?!产)|暂住(?:地址?)?"
    rf"|家住|现住(?!房)|常住地?)(?P<link>(?:[\s:为是在于均系)])*)(?P<data>{_HOME_TEXT})"
)
_LIVES = re.compile(
    rf"(?P<name>(?:^|(?<=[,;:(\s，；。、]))住)(?P<link>[\s:在于]*)(?P<data>(?![所宿房建宅院户]){_HOME_TEXT})"
)
_PLACE = re.compile(r"[省市县区镇乡村路街巷号室栋幢弄组屯社]")
_NO_HOME = re.compile(r"证|已隐去|变更|登记|不详|信息|相同|同上|人口|管理|制度|一致|资料|材料")
_EITHER = re.compile(r"住所\s*[(、/及或和]?\s*$")
_COMPANY = re.compile(r"公司|企业|信用代码|注册号|执照|合作社")


def redact(text: str) -> str:
    """The text with personal data replaced by masks that name its kind; unchanged where there is none.

    Masking again changes nothing: what a mask uncovers (a label that seemed to be somebody's address) is masked too.
    """
    for _ in range(_MOST_PASSES):
        if not _MAYBE.search(text) or (masked := _once(text)) == text:
            break
        text = masked
    return text


def _once(text: str) -> str:
    plain = text.translate(_WIDTH) if _WIDE.search(text) else text
    for rule in _RULES:
        if any(word in plain for word in rule.words) if rule.words else rule.shape.search(plain):
            text = _substituted(text, plain, rule)
            plain = text.translate(_WIDTH)
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
    return text.replace(" ", "").replace("-", "").upper()


def _labelled_id(match: re.Match[str], _before: str) -> bool:
    number = _digits(match["data"])
    is_company = uscc.is_valid(number) and not _is_identity(number)
    return not is_company and ("身份" in match["name"] or not reg_no.is_valid(number))


def _id_18(match: re.Match[str], before: str) -> bool:
    number = _digits(match[0])
    return _is_identity(number) and int(number[6:10]) <= _YOUNGEST and not _NOT_PERSONAL.search(before)


def _is_identity(number: str) -> bool:
    """GB 11643: province, date of birth and check character of an identity number of 18 characters."""
    if len(number) != 18 or number[:2] not in _PROVINCES or not number[:17].isdigit() or not _is_birthday(number[6:14]):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17]


def _is_birthday(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) >= date(1900, 1, 1)
    except ValueError:
        return False


def _id_15(match: re.Match[str], before: str) -> bool:
    number = match[0]
    holds = number[:2] in _PROVINCES and _is_birthday("19" + number[6:12]) and not reg_no.is_valid(number)
    return holds and bool(_PERSON.search(before[-30:])) and not _NOT_PERSONAL.search(before)


def _id_half_masked(match: re.Match[str], _before: str) -> bool:
    return len(match[0]) in (15, 18) and match[0][:2] in _PROVINCES


def _mobile(_match: re.Match[str], before: str) -> bool:
    return not _NOT_PERSONAL.search(before) and not _PART_OF_NUMBER.search(before)


def _landline(match: re.Match[str], before: str) -> bool:
    return not _HOTLINE.search(before) and not re.match("400|800", match["data"])


def _account(match: re.Match[str], _before: str) -> bool:
    return not uscc.is_valid(_digits(match["data"]))


def _card(match: re.Match[str], before: str) -> bool:
    number = _digits(match[0])
    union_pay = number.startswith("62") and len(number) in (16, 19)  # others begin like a region's code: 44…, 53…
    is_card = union_pay or (len(number) == 16 and bool(_BANK.search(before[-30:])))
    return is_card and _luhn(number) and not _NOT_PERSONAL.search(before)


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _home(match: re.Match[str], before: str) -> bool:
    of_company = match["name"] == "住址" and _EITHER.search(before) and _COMPANY.search(before)
    return bool(_PLACE.search(match["data"])) and not _NO_HOME.match(match["data"]) and not of_company


_PHONE_WORDS = ("电话", "联系方式", "手机", "传真", "座机", "小灵通", "el", "EL", "hone", "ax", "AX")
_RULES = (
    _Rule(_LABELLED_ID, ID_MASK, _labelled_id, ("身份", "证件", "证照", "驾驶证", "社会保障号")),
    _Rule(_ID_18, ID_MASK, _id_18),
    _Rule(_ID_HALF_MASKED, ID_MASK, _id_half_masked),
    _Rule(_ID_15, ID_MASK, _id_15),
    _Rule(_PAPER, PAPER_MASK, lambda *_: True, ("照", "证", "卡")),
    _Rule(_ACCOUNT, BANK_MASK, _account, ("账", "帐", "卡", "存折", "支付宝")),
    _Rule(_CARD, BANK_MASK, _card),
    _Rule(_LANDLINE, PHONE_MASK, _landline, _PHONE_WORDS),
    _Rule(_MOBILE, PHONE_MASK, _mobile, shape=_ELEVEN),
    _Rule(_HOME, HOME_MASK, _home, ("住", "家庭地址", "户籍", "户口", "身份证")),
    _Rule(_LIVES, HOME_MASK, _home, ("住",)),
)
