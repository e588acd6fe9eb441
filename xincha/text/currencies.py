"""Currencies: Chinese names, ISO 4217 letters and numbers → ISO 4217 code of three letters.

Source of codes: ISO 4217, also of currencies that are history (German Mark: companies keep the capital that they were
founded with). Names are those that registers write,
the first being the one by which people are told it (Unicode CLDR, as browsers have it).
One that several countries use by itself (法郎, 先令, $) is none here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from xincha.text.fold import normalized

_TABLE = """
CNY 156 人民币 人民币元 人民币圆 元人民币 RMB ¥ 中国元
HKD 344 港元 港币 香港元 港圆 香港港元 元港币 HK$ 港币元 香港币
MOP 446 澳门币 澳门元 澳门圆 澳币元 葡币
TWD 901 新台币 新台湾元 台币 新台币元 台湾元 NT$
USD 840 美元 美金 美圆 元美元 美元元 US$ 美国元
EUR 978 欧元 欧圆 EURO €
JPY 392 日元 日圆 日币 日本元 日本日元 日元元
GBP 826 英镑 英磅 £
DEM 276 德国马克 西德马克 马克 德马克
CHF 756 瑞士法郎 瑞郎
FRF 250 法国法郎
BEF 056 比利时法郎
LUF 442 卢森堡法郎
NLG 528 荷兰盾
ITL 380 意大利里拉
ATS 040 奥地利先令
ESP 724 西班牙比塞塔 比塞塔
PTE 620 葡萄牙埃斯库多
FIM 246 芬兰马克
IEP 372 爱尔兰镑
GRD 300 希腊德拉克马 德拉克马
SGD 702 新加坡元 新加坡币 新币 新元 坡币 S$
AUD 036 澳大利亚元 澳元 澳币 澳洲元 A$
CAD 124 加拿大元 加元 加币 C$
NZD 554 新西兰元 纽元 新西兰币
KRW 410 韩元 韩国圆 韩圆 韩币 韩国元
KPW 408 朝鲜元 北朝鲜圆 朝鲜圆
MYR 458 马来西亚林吉特 林吉特 马来西亚元 马币 令吉
THB 764 泰铢 泰国铢 泰币
PHP 608 菲律宾比索
IDR 360 印度尼西亚卢比 印尼卢比 印尼盾
VND 704 越南盾
INR 356 印度卢比
PKR 586 巴基斯坦卢比
LKR 144 斯里兰卡卢比
NPR 524 尼泊尔卢比
BDT 050 孟加拉塔卡 塔卡
MMK 104 缅甸元 缅元 缅币
KHR 116 柬埔寨瑞尔 瑞尔
LAK 418 老挝基普 基普
BND 096 文莱元
MNT 496 蒙古图格里克 图格里克
KZT 398 哈萨克斯坦坚戈 坚戈
KGS 417 吉尔吉斯斯坦索姆 索姆
UZS 860 乌兹别克斯坦苏姆
RUB 643 俄罗斯卢布 卢布
RUR 810
UAH 980 乌克兰格里夫纳 格里夫纳
BYR 974 白俄罗斯卢布
SEK 752 瑞典克朗
NOK 578 挪威克朗
DKK 208 丹麦克朗
ISK 352 冰岛克朗
CZK 203 捷克克朗
SKK 703 斯洛伐克克朗
HUF 348 匈牙利福林 福林
PLN 985 波兰兹罗提 兹罗提
PLZ 616
BGN 975 保加利亚列弗
RON 946 罗马尼亚列伊
TRY 949 土耳其里拉 新土耳其里拉
TRL 792
ILS 376 以色列新谢克尔 锡克尔 以色列锡克尔 谢克尔 新谢克尔
SAR 682 沙特里亚尔
AED 784 阿联酋迪拉姆 UAE迪拉姆
QAR 634 卡塔尔里亚尔
KWD 414 科威特第纳尔
BHD 048 巴林第纳尔
OMR 512 阿曼里亚尔
JOD 400 约旦第纳尔
IRR 364 伊朗里亚尔
IQD 368 伊拉克第纳尔
EGP 818 埃及镑
MAD 504 摩洛哥迪拉姆
ZAR 710 南非兰特 兰特
NGN 566 尼日利亚奈拉 奈拉
KES 404 肯尼亚先令
GHS 936 加纳塞地
MUR 480 毛里求斯卢比
SCR 690 塞舌尔卢比
BRL 986 巴西雷亚尔 巴西瑞尔 雷亚尔
ARS 032 阿根廷比索
CLP 152 智利比索
COP 170 哥伦比亚比索
MXN 484 墨西哥比索
PEN 604 秘鲁索尔 索尔
UYU 858 乌拉圭比索
BMD 060 百慕大元
KYD 136 开曼元 开曼群岛元
BSD 044 巴哈马元
BBD 052 巴巴多斯元
BZD 084 伯利兹元 伯里兹元
FJD 242 斐济元
PGK 598 巴布亚新几内亚基那 基那
SBD 090 所罗门群岛元
XDR 960 特别提款权
"""


@cache
def _names() -> dict[str, str]:
    rows = [line.split() for line in _TABLE.strip().splitlines()]
    return {unicodedata.normalize("NFKC", name).upper(): row[0] for row in rows for name in row}


_GAPS = re.compile(r"[\s()\[\]]+")


def currency(text: str) -> str | None:
    """The ISO 4217 code that a name, letters or number stand for; `None`: none that is known, or several."""
    return _names().get(_GAPS.sub("", normalized("NFKC", text)).upper())


def named(code: str) -> str:
    """What people call the currency of an ISO 4217 code; the code where it has no name here."""
    return _titles().get(code, code)


@cache
def _titles() -> dict[str, str]:
    rows = [line.split() for line in _TABLE.strip().splitlines()]
    return {row[0]: row[2] for row in rows if len(row) > 2}
