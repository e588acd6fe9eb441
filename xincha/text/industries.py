"""Industries of GB/T 4754-2017: sections (a letter) and divisions (two digits), by code and name.

Groups (three digits) and classes (four) are taken as codes; their names are not held here.
"""

from __future__ import annotations

import re
from functools import cache

from xincha.text.fold import fold

SECTIONS = {
    "A": "农、林、牧、渔业",
    "B": "采矿业",
    "C": "制造业",
    "D": "电力、热力、燃气及水生产和供应业",
    "E": "建筑业",
    "F": "批发和零售业",
    "G": "交通运输、仓储和邮政业",
    "H": "住宿和餐饮业",
    "I": "信息传输、软件和信息技术服务业",
    "J": "金融业",
    "K": "房地产业",
    "L": "租赁和商务服务业",
    "M": "科学研究和技术服务业",
    "N": "水利、环境和公共设施管理业",
    "O": "居民服务、修理和其他服务业",
    "P": "教育",
    "Q": "卫生和社会工作",
    "R": "文化、体育和娱乐业",
    "S": "公共管理、社会保障和社会组织",
    "T": "国际组织",
}

_DIVISIONS = """
A 农业 林业 畜牧业 渔业 农、林、牧、渔专业及辅助性活动
B 煤炭开采和洗选业 石油和天然气开采业 黑色金属矿采选业 有色金属矿采选业 非金属矿采选业 开采专业及辅助性活动 其他采矿业
C 农副食品加工业 食品制造业 酒、饮料和精制茶制造业 烟草制品业 纺织业 纺织服装、服饰业 皮革、毛皮、羽毛及其制品和制鞋业
C 木材加工和木、竹、藤、棕、草制品业 家具制造业 造纸和纸制品业 印刷和记录媒介复制业 文教、工美、体育和娱乐用品制造业
C 石油、煤炭及其他燃料加工业 化学原料和化学制品制造业 医药制造业 化学纤维制造业 橡胶和塑料制品业 非金属矿物制品业
C 黑色金属冶炼和压延加工业 有色金属冶炼和压延加工业 金属制品业 通用设备制造业 专用设备制造业 汽车制造业
C 铁路、船舶、航空航天和其他运输设备制造业 电气机械和器材制造业 计算机、通信和其他电子设备制造业 仪器仪表制造业
C 其他制造业 废弃资源综合利用业 金属制品、机械和设备修理业
D 电力、热力生产和供应业 燃气生产和供应业 水的生产和供应业
E 房屋建筑业 土木工程建筑业 建筑安装业 建筑装饰、装修和其他建筑业
F 批发业 零售业
G 铁路运输业 道路运输业 水上运输业 航空运输业 管道运输业 多式联运和运输代理业 装卸搬运和仓储业 邮政业
H 住宿业 餐饮业
I 电信、广播电视和卫星传输服务 互联网和相关服务 软件和信息技术服务业
J 货币金融服务 资本市场服务 保险业 其他金融业
K 房地产业
L 租赁业 商务服务业
M 研究和试验发展 专业技术服务业 科技推广和应用服务业
N 水利管理业 生态保护和环境治理业 公共设施管理业 土地管理业
O 居民服务业 机动车、电子产品和日用产品修理业 其他服务业
P 教育
Q 卫生 社会工作
R 新闻和出版业 广播、电视、电影和录音制作业 文化艺术业 体育 娱乐业
S 中国共产党机关 国家机构 人民政协、民主党派 社会保障 群众团体、社会团体和其他成员组织 基层群众自治组织及其他组织
T 国际组织
"""

_FORMER_NAMES = {
    "农、林、牧、渔服务业": "05", "开采辅助活动": "11", "石油加工、炼焦和核燃料加工业": "25",
    "装卸搬运和运输代理业": "G", "仓储业": "59", "装卸搬运和其他运输服务业": "G", "建筑装饰和其他建筑业": "50",
    "租赁和商业服务业": "L",
    "广播、电视、电影和影视录音制作业": "87", "信息传输、计算机服务和软件业": "I", "居民服务和其他服务业": "O",
    "卫生、社会保障和社会福利业": "Q", "科学研究、技术服务和地质勘查业": "M", "公共管理和社会组织": "S",
    "电力、燃气及水的生产和供应业": "D",
}  # fmt: skip
"""Names of earlier editions, and misprints of this one that registers use."""


@cache
def divisions() -> dict[str, tuple[str, str]]:
    """Two digits → (section letter, name), 01 to 97 in the order of the standard."""
    rows = [line.split() for line in _DIVISIONS.strip().splitlines()]
    listed = [(row[0], name) for row in rows for name in row[1:]]
    return {f"{number:02}": one for number, one in enumerate(listed, 1)}


_CODE = re.compile(r"([A-T])?[-_.]?(\d{2,4})?", re.IGNORECASE)
_WITH_NAME = re.compile(r"\(?([a-t]?\d{0,4})\)?[-_.:,]?(.+?)\(?([a-t]?\d{0,4})\)?", re.IGNORECASE)


@cache
def _names() -> dict[str, str]:
    found = {fold(name): code for name, code in _FORMER_NAMES.items()}
    found |= {fold(name): code for code, (_, name) in divisions().items()}
    return found | {fold(name): code for code, name in SECTIONS.items()}


def industry(text: str) -> str | None:
    """The code that a text states: a section letter, or two to four digits; `None`: neither code nor name is known.

    `F5191`, `5191`, `F-51`, `制造业`, `C 制造业`, `批发业(51)`. Digits are of the 2017 edition; where the letter beside
    them says that they are not (O7940 of 2011), only the section is certain. `5100` is division 51.
    """
    folded = fold(text)
    if code := _from_code(folded):
        return code
    if code := _names().get(folded):
        return code
    match = _WITH_NAME.fullmatch(folded)
    if not match:
        return None
    return _from_code(match[1] or match[3]) or _names().get(match[2])


def _from_code(text: str) -> str | None:
    match = _CODE.fullmatch(text)
    if not match or not text:
        return None
    section, digits = (match[1] or "").upper(), match[2] or ""
    known = divisions().get(digits[:2])
    if not digits:
        return section or None
    if known is None or (section and section != known[0]):
        return section or None
    return digits[:2] if digits[2:] == "00" else digits


def industry_ancestors(code: str) -> list[str]:
    """Section, division, group and class that a code lies in, itself last; empty for a code that is none.

    `5191` → F, 51, 519, 5191. A letter before the digits may stay.
    """
    code = _from_code(code) or ""
    if not code or code.isalpha():
        return [code] if code else []
    return [divisions()[code[:2]][0], *(code[:end] for end in range(2, len(code) + 1))]


def industry_name(code: str) -> str | None:
    """The name of a section or division; of a group or class, that of its division. `None`: no such code."""
    chain = industry_ancestors(code)
    if not chain:
        return None
    return divisions()[chain[1]][1] if len(chain) > 1 else SECTIONS[chain[0]]
