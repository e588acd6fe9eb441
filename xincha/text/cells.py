"""What a cell says that should hold one name: the name, codes, remarks, and other words around them.

    12、厦门鹭岛科技有限公司（已注销）       name 厦门鹭岛科技有限公司
    供应商：厦门鹭岛科技有限公司 9135…       the same, and the code
    厦门鹭岛科技有限公司（原厦门鹭屿公司）    the same; told: 厦门鹭屿公司

What is *known* to be no part of a name is taken off: numbers of a list, labels (供应商：), states of a company
(已注销, 停用), seals, and other names that are told as such (原…). Everything else stays: whether 张三 belongs to a
name is not for words to say. `pieces` cuts what is left at every sign and space, and before and behind a company, so
that whoever knows the register can look which piece is somebody's name; `written` are those that look like whole names.

A branch stays with its head office (X有限公司 思明分公司 is one piece), and list words (合计, 同上) are no name at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from xincha.text import reg_no, uscc
from xincha.text.fold import fold
from xincha.text.name_words import FORM_MARKS, FORMS
from xincha.text.places import index as place_names
from xincha.text.places import read_chain
from xincha.text.tokens import letters

LONGEST = 500
"""Characters of a cell that is read for more than one name; longer ones are none."""


_PLAIN = re.compile(r"[\u4e00-\u9fff]+(?:[(（][\u4e00-\u9fff]+[)）][\u4e00-\u9fff]+)?公司")
"""Texts from which nothing is taken off: most names of lists, for which looking would cost more than the rest."""


class Said(NamedTuple):
    """A cell, read. `text`: what may be the name, folded, with single spaces where there were any. `codes`: valid ones.
    `told`: other names that it tells as such."""

    text: str
    codes: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`text` as `fold` has it."""
        return self.text.replace(" ", "")


_WHEN = r"(?:[于在]?(?:19|20)[0-9]{2}[0-9年月日./-]{0,8})?"
_PROGRESS = r"(?:已经|现已|均已|已被|已|被|拟|待|将|申请|正在)?"
_ENDED = (
    r"(?:注销|吊销|撤销|撤回|迁出|迁移|停业|歇业|停产|停用|禁用|弃用|作废|失效|解散|破产|倒闭|清算|关闭|关停|关门|冻结|除名"
    r"|暂停|终止|中止|退出|转让|合并|更名|改名|变更)"
)
_ENDED_MORE = r"(?:合作|使用|供货|供应|交易|营业|经营|登记|执照|备案|状态|户)?中?了?"
_STATE = rf"{_WHEN}{_PROGRESS}{_WHEN}{_ENDED}{_ENDED_MORE}"
_GOING_ON = (
    r"未注销|存续|在业|在营|在册|开业|筹建中?|正常(?:经营|营业|状态|户)?|(?:正在|仍在)?(?:营业|经营|合作|使用)中?|启用|有效|非正常户?"
    r"|(?:经营|状态)?异常|失信|黑名单|重复|新增|一般纳税人|小规模(?:纳税人)?"
)
_SEAL = r"(?:加盖|盖|签|单位)?(?:公章|财务章|合同章|专用章|盖章|签章|章)(?:处|有效)?|(?:单位|企业|公司)?(?:全称|名称)"
_PARTY = (
    r"(?:一般|主要|长期|临时|合格|备选|原|新|老|中标|成交|候选|投标|入围)?"
    r"(?:供应商|供货商|供货方|供方|客户|顾客|往来单位|合作(?:单位|方|商)|厂家|厂商|商家|经销商|代理商|采购商|采购人|采购方|需方|买方|卖方"
    r"|甲方|乙方|丙方|丁方|发包[人方]|承包[人方商]|分包[人方商]|总包|委托[人方]|受托[人方]|出租[人方]|承租[人方]|投标(?:人|单位)"
    r"|中标(?:人|单位)|成交人|施工单位|建设单位|监理单位|设计单位|牵头(?:人|单位|方)|收款(?:人|方|单位)|付款(?:人|方|单位)|开票单位"
    r"|购买方|销售方|当事人|相对人|行政相对人|被处罚(?:人|单位)|申请(?:人|单位)|用人单位|参保单位|纳税人|债权人|债务人)"
    r"[一二三四五0-9a-z]?"
)
_ROLE = re.compile(_PARTY)
_LABEL = re.compile(
    rf"(?:{_PARTY}|单位|企业|公司|商户|经营者|主体|开户名?|户名|抬头)?(?:单位)?(?:名称|全称|简称|姓名|名)?(?:\([^()]{{1,8}}\))?(?<=.):"
)
_REMARK = re.compile(rf"(?:{_STATE}|{_GOING_ON}|{_SEAL})")
_TOLD = re.compile(
    rf"{_WHEN}(?:(?:原名称?|原称|曾用名称?|曾用|曾名|旧称|旧名|前身[为是]?)|{_PROGRESS}(?:更名|改名|变更|更改)[为成]"
    r"|现名称?|现为|现改为|现称|又名|别名|亦称|原(?=.{4}|:))[:为是]?(.{2,})"
)
_CALLED = re.compile(r"(?:以下简称|以下称|下称|简称|统称)[:为是]?.{2,}")
_GAP = " ,;:/|\\_-"
_ITEM = re.compile(
    r"(?:no\.?|第)?(?:\((?:[0-9]{1,5}|[一二三四五六七八九十]{1,3})\)"
    r"|[0-9]{1,5}(?:[.,:](?![0-9])|\))|[一二三四五六七八九十]{1,3}(?:[.,:]|\)))"
)
_CIRCLED = re.compile("[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289]")
_AT_START = re.compile(rf"\(([^()]{{1,40}})\)|([^(){re.escape(_GAP)}]{{2,40}})[{re.escape(_GAP)}]+(?=.)")
_BRACKETED = re.compile(r"\(((?:[^()]|\([^()]{0,60}\)){1,100})\)$")
_BEHIND = re.compile(rf"[{re.escape(_GAP)}]([^(){re.escape(_GAP)}]{{2,60}})$")
_GLUED = re.compile(rf"(?:{_STATE}|{_GOING_ON})$")
_GLUEDPLAINLY = re.compile(rf"{_WHEN}(?:已经|现已|均已|已被|已|被){_ENDED}{_ENDED_MORE}$")
_LONGEST_REMARK = 24
LONG_FORMS = tuple(sorted((form for form in FORMS if len(form) > 1), key=len, reverse=True))

_HOLLOW = re.compile(r"\([ ,;:]*\)")
_CODE_LABEL = r"(?:(?:统一)?(?:社会)?信用代码|统一代码|纳税人识别号|税号|(?:工商)?注册号|代码|组织机构代码)?[:：]?\s*"
_CODE = re.compile(rf"{_CODE_LABEL}(?<![0-9A-Za-z])([0-9A-Za-z]{{18}}|[0-9]{{15}})(?![0-9A-Za-z])")

_LIST_WORDS = """
合计 总计 小计 共计 累计 总共 本页 以上 以下 全部 金额 数量 同上 上同 同前 同左 如上 见上 〃 空白 此行 无 没有
暂无 待定 待补 待填 待确认 不详 未知 不明 空 其他 其它 其余 各 等 供应商 供货商 供应 供方 需方 客户 顾客 厂家
厂商 商家 商户 单位 往来 企业 公司 机构 组织 法人 个人 自然人 个体 个体户 个体工商户
散户 零星 零售 临时 一次性 现金 内部
外部 本 我 贵 该 某 名称 名字 姓名 全称 简称 编号 编码 序号 备注 说明 注 表头 标题 甲方 乙方 丙方 采购 采购人
购买方 销售方 当事人 相对人 行政相对人 经营者 负责人 法定代表人 联系人 联系方式 电话 地址 住所 日期 类型 类别
状态 测试 样例 模板 举例 第 页 共 条 家 户 个 项 元 万元 统一 社会 信用 代码 统一社会信用代码 登记 注册 企业类型
""".split()  # noqa: SIM905


def _words(*words: str) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")+")


_FORM_ALONE = _words(*_LIST_WORDS, *LONG_FORMS)
_COUNT = _words(*_LIST_WORDS, "[0-9〇零一二三四五六七八九十百千]")
_NOTE = re.compile(
    r"(?:制表|填表|填报|审核|复核|复查|经办|审批|批准|登记|联系|编制|统计|校对|打印|制单|记账)(?:人员?|单位|部门|日期|时间|电话|方式)?:"
    r"|注:|备注:|说明:|数据来源:|截[至止]"
)
_LONGEST_WORDS = 14


def read(text: str) -> Said:
    """What a cell says; `text` as `clean` has it."""
    if len(text) > LONGEST or _PLAIN.fullmatch(text):
        return Said(fold(text))
    found = codes(text)
    if found:
        text = _CODE.sub(lambda match: " " if _valid(match[1]) else match[0], text)
    spaced = " ".join(filter(None, map(fold, _CIRCLED.sub(" ; ", text).split())))
    bare, told = _bare(_HOLLOW.sub(" ", spaced) if found else spaced)
    return Said(bare, found, tuple(told))


def codes(text: str) -> tuple[str, ...]:
    """The valid codes and registration numbers of 15 digits in a text, each once."""
    return tuple(dict.fromkeys(filter(None, (_valid(match[1]) for match in _CODE.finditer(text[:LONGEST])))))


def _valid(word: str) -> str | None:
    return uscc.normalize(word) or reg_no.normalize(word)


def is_no_name(said: Said) -> bool:
    """Whether a cell says nobody's name: words of a list (合计, 同上, 供应商名称), a legal form alone, a note."""
    key = letters(said.text)
    return bool(_NOTE.match(said.text)) or says_nobody(key)


def says_nobody(key: str) -> bool:
    """Whether letters are nothing but words of a list, or a legal form alone."""
    return len(key) <= _LONGEST_WORDS and bool(_FORM_ALONE.fullmatch(key) or _COUNT.fullmatch(key))


def _bare(text: str) -> tuple[str, list[str]]:
    """A folded text without what is known to be no part of a name, and the names that this told."""
    told: list[str] = []
    while True:
        text = text.strip(_GAP)
        if found := _ITEM.match(text) or _LABEL.match(text):
            text = text[found.end() :]
        elif (found := _AT_START.match(text)) and (names := _known(found[1] or found[2])) is not None:
            text, told = text[found.end() :], told + names
        elif (found := _BRACKETED.search(text) or _BEHIND.search(text)) and (names := _known(found[1])) is not None:
            text, told = text[: found.start()], told + names
        elif found := _glued(text):
            text = text[: found.start()]
        else:
            return text, told


def _glued(text: str) -> re.Match[str] | None:
    """A state that follows a name without a sign between: 有限公司已注销."""
    start = max(0, len(text) - _LONGEST_REMARK)
    if found := _GLUEDPLAINLY.search(text, start):
        return found if found.start() > 1 else None
    found = _GLUED.search(text, start)
    return found if found and text[: found.start()].endswith(LONG_FORMS) else None


def _known(words: str) -> list[str] | None:
    """The names that a remark tells; `None` where it is not known to be a remark."""
    told = []
    for part in re.split(r"[,;|/ ]+", words.strip(_GAP)):
        if _REMARK.fullmatch(part) or _ROLE.fullmatch(part) or _CALLED.fullmatch(part):
            continue
        if not (found := _TOLD.fullmatch(part)):
            return None
        told.append(found[1].strip(_GAP))
        if part.startswith("原"):
            told.append(part)  # 原平市…有限公司 is a name
    return told


_CUTS = re.compile(r"[()\",;:|\\ _\[\]-]+|(?<![0-9a-z])/+|/+(?![0-9a-z])")
_FRONT_EDGE = re.compile(r"[0-9a-z]+(?=[^0-9a-z])")
_BACK_EDGE = re.compile(r"(?<=[^0-9a-z])[0-9a-z]+$")
_LIST_SIGNS = ",;|/\\"
_ENDS = {*_LIST_SIGNS, ":"}
_NUMBER = re.compile(r"[0-9]+|[a-z]{1,6}[0-9]{2,}")
_JOINTS = "和与及暨"
_TOGETHER = re.compile(r"(?:联合体|等[0-9一二两三四五六七八九十]{0,3}[家个]?(?:单位|公司|企业)?)$")
_LAST = frozenset(form[-1] for form in LONG_FORMS)
_LONGEST_TAIL = 4
_BRANCH = re.compile(
    r"(?:(?!公司|[销合信].?社|银行|事务所).){0,12}"
    r"(?:分公司|支公司|分行|支行|分店|分厂|分社|分所|分院|分部|分校|门市部|营业部|办事处|代表处|项目部|经营部|服务部)"
)
_SHOP = re.compile(r".{1,5}店")
_MOST_PIECES = 10
_LATIN = re.compile("[a-z ]{1,150}")


class NamePiece(NamedTuple):
    """A piece of a text: the sign in front of it ("": none), where it stands, and what it is."""

    sign: str
    start: int
    end: int
    text: str


def pieces(text: str) -> list[NamePiece]:
    """The smallest pieces of `Said.text` that may be names or parts of names, in order."""
    found: list[NamePiece] = []
    start, sign = 0, ""
    for cut in (*_CUTS.finditer(text), None):
        end = cut.start() if cut else len(text)
        for at, to in _unglued(text[start:end]):
            _append(found, NamePiece(sign, start + at, start + to, text[start + at : start + to]))
            sign = ""
        if cut:
            start, sign = cut.end(), sign + cut[0]
    return found


def _append(found: list[NamePiece], piece: NamePiece) -> None:
    """A branch goes with the head office before it, a legal form and its mark with their name."""
    before, sign, text = found[-1].text if found else "", piece.sign, piece.text
    if _LATIN.fullmatch(before) and _LATIN.fullmatch(text):
        found[-1] = NamePiece(found[-1].sign, found[-1].start, piece.end, f"{before} {text}")  # Xiamen Trading Co
        return
    of_it = _is_branch(text, apart=" " in sign) if before.endswith("公司") else _is_branch_of(before, text)
    marked = "(" in sign and text in FORM_MARKS
    if before and (of_it or marked or text in FORMS) and not set(sign) & set(_LIST_SIGNS):
        found[-1] = NamePiece(found[-1].sign, found[-1].start, piece.end, before + text)
    else:
        found.append(piece)


def _is_branch_of(before: str, text: str) -> bool:
    return before.endswith((*LONG_FORMS, *FORM_MARKS)) and bool(_BRANCH.fullmatch(text))


def _is_branch(text: str, *, apart: bool = False) -> bool:
    """Whether words behind a company name its branch; `apart`: a space behind it."""
    return bool(_BRANCH.fullmatch(text) or (not apart and _SHOP.fullmatch(text))) or read_chain(text).end == len(text)


def _unglued(part: str) -> list[tuple[int, int]]:
    """Where the pieces of a part without signs stand: cut behind names that end within it, and at letters and digits
    around."""
    places: list[tuple[int, int]] = []
    start = 0
    for end in range(2, len(part)):
        if end - start > 1 and (size := _ends_before(part, start, end)):
            places += _edges(part[start:end], start)
            start = end + size - 1
    return places + _edges(part[start:], start)


def _ends_before(part: str, start: int, end: int) -> int:
    """1 more than the length of the word that joins two names at `end`; 0 if no name ends there."""
    if part[end - 1] not in _LAST or not part.endswith(LONG_FORMS, start, end):
        return 0
    rest = part[end:]
    if rest in FORMS or _is_branch(rest) or read_chain(part, start).end >= end:  # 厦门市 ends like a shop, 门市
        return 0
    joined = part[end] in _JOINTS and not _is_place(part, end) and _TOGETHER.sub("", part).endswith(LONG_FORMS)
    tail = len(rest) <= _LONGEST_TAIL and not part.endswith(LONG_FORMS)
    chain = read_chain(part, end).places
    if joined or tail or part.endswith("公司", start, end) or (chain and chain[0].full):
        return 1 + joined
    return 0


def _is_place(part: str, start: int) -> bool:
    """Whether the name of a place begins there: 和田, 和平."""
    return any(part.startswith(place.text, start) for place in place_names().get(part[start : start + 2], ()))


def _edges(text: str, start: int) -> list[tuple[int, int]]:
    front, back = _FRONT_EDGE.match(text), _BACK_EDGE.search(text)
    cuts = [0, front.end() if front else 0, back.start() if back else len(text), len(text)]
    return [(start + at, start + to) for at, to in pairwise(cuts) if at < to]


def spans(text: str, found: Sequence[NamePiece]) -> list[tuple[int, int, str]]:
    """Every run of pieces of a text that may be a name, longest first: its first piece, the one behind its last, and
    what it is as `fold` has it."""
    most = len(found) if len(found) <= _MOST_PIECES else 3
    runs = [
        (start, end, _run(text, found[start:end]))
        for start in range(len(found))
        for end in range(start + 1, min(start + most, len(found)) + 1)
    ]
    return sorted((run for run in runs if _may_be_name(run[2])), key=lambda run: run[0] - run[1])


def _run(text: str, found: Sequence[NamePiece]) -> str:
    end = found[-1].end
    run = text[found[0].start : end + text.startswith(")", end)]
    return (run if run.count("(") == run.count(")") else letters(run)).replace(" ", "")


def _may_be_name(text: str) -> bool:
    key = letters(text)
    return len(key) > 3 and not key.isascii() and not says_nobody(key)


def written(text: str, found: Sequence[NamePiece]) -> list[str]:
    """Pieces put together into what looks like whole names, which end with a legal form; what else there is is left."""
    names: list[str] = []
    begun: list[NamePiece] = []
    inside = begun_inside = False
    for piece in found:
        if set(piece.sign) & _ENDS or (begun_inside and ")" in piece.sign):
            begun = []
        inside = "(" in piece.sign or (inside and ")" not in piece.sign)
        begun_inside = begun_inside if begun else inside
        if not begun and _NUMBER.fullmatch(piece.text):
            continue
        begun.append(piece)
        if piece.text.endswith(LONG_FORMS) and _may_be_name(name := _run(text, begun)):
            names.append(name)
            begun = []
    return names
