"""Documents of an office 文书 as text: what they say in their usual places, and their sections.

行政处罚决定书 are written in one order (行政处罚法 article 59 says what they hold): heading with office and number,
the party, where the case came from, facts, evidence, hearing, reasons, the decision, how it is to be performed,
remedies, office and date. Decisions on lists 列入, 移出 and orders 责令改正 follow it. Only what stands in its place is
read; what does not is `None`, for a wrong party accuses somebody.

Lines are paragraphs; `unwrapped` makes them such where a program broke them at its margin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from xincha.text import dates, uscc

KINDS = ("决定书", "摘要", "列入决定", "移出决定", "责令改正通知", "公告")
"""Kinds of document, as the register calls them."""

ON_PENALTIES = KINDS[:2]
"""Those that decide on a penalty."""

LONGEST = 200_000
"""Characters of a document; the longest decisions have some 40,000."""

PERSON, SHOP = "自然人", "个体工商户"

_LABEL_CELL = re.compile(r"^([\u4e00-\u9fff（）()、/]{2,30})[:：]?\t+")
_MOST_HEAD, _MOST_MENU = 15, 1000
_LONGEST_TITLE, _LONGEST_LABELLED = 80, 200
_TITLE = re.compile(
    r"(?P<front>[\u4e00-\u9fff()（）、]{0,50}?)"
    r"(?P<title>(?:不予|免予|当场|简易程序)?行政处罚(?:当场|简易)?(?:决定书|决定)(?:信息)?(?P<summary>摘要|公示表)?"
    r"|关于(?:对|给予)[\u4e00-\u9fffA-Za-z0-9（）()]{2,50}(?:作出|给予|实施|进行)?行政处罚的?决定书?"
    r"|行政处罚(?:信息|案件信息)(?P<summary2>摘要|公示表?)"
    r"|(?:将.{2,40})?(?P<on>列入|载入|标记)(?:经营异常|严重违法|异常经营).{0,20}?(?:的)?(?:决定书?|通知书)"
    r"|(?:将.{2,40})?(?P<off>移出|恢复记载).{0,30}?(?:的)?(?:决定书?|通知书)"
    r"|责令(?:限期)?(?:改正|整改)(?P<order>通知书|决定书|指令书)"
    r"|(?:关于.{0,40}的?)?(?P<notice>公告))"
)
_OFFICE_END = r"(?:局|委员会|委|厅|分局|总局|政府|大队|支队|总队|管理处|监管所|监督所|市监所|监督管理所)"
_SEAL = re.compile(r"\s|[(（](?:印章?|公章|盖章|加盖公章)[)）]")
_OFFICE = re.compile(rf"[\u4e00-\u9fff（）()]{{2,40}}{_OFFICE_END}(?:[\u4e00-\u9fff]{{2,10}}分局)?")
_NUMBER = re.compile(
    r"(?:[(（][\u4e00-\u9fff]{1,6}[)）])?[\u4e00-\u9fff]{1,20}[(（〔\[【﹝<〈]\s?(?:19|20)\d\d\s?年?[)）〕\]】﹞>〉]\s?[\u4e00-\u9fff]{0,10}第?\s?\d[\d\-]*\s?号"
    r"|[(（〔\[【﹝<〈]\s?(?:19|20)\d\d\s?年?[)）〕\]】﹞>〉]\s?[\u4e00-\u9fff]{0,10}第?\s?\d[\d\-]*\s?号"
)
_PARTY = re.compile(
    r"^(?:被处罚人|被处罚单位|被处罚对象|行政相对人|当事人|商事主体|市场主体|经营主体|企业)?"
    r"(?:基本情况|基本信息|信息)?[(（]?(?:单位|企业|字号)?(?:姓名或)?(?:名称|姓名)?[)）]?"
    r"(?<=[人位象体业称名）)])\s*[:：]\s*(?P<name>.+)"
)
_NAMED = re.compile(r"^(?:单位|企业|字号|主体)?名\s*称(?:或姓名)?\s*[:：]\s*(?P<name>.+)")
_TRADE_NAME = re.compile(r"字号(?:名称)?\s*[:：]?\s*(?P<name>[\u4e00-\u9fffA-Za-z0-9()（）·]{2,60})")
_NAME_END = re.compile(
    r"[,，。;；\n\t]|\s{2,}|\s(?=[\u4e00-\u9fff]{2,12}[:：])|[(（](?=以下|下称|简称|字号|经营者|统一)"
)
_CODE = re.compile(r"(?:统一社会信用代码|信用代码|注册号)[^0-9A-Z\n]{0,20}\n?\s?([0-9A-Z][0-9A-Z ]{16,22}[0-9A-Z])")
_LEGAL_REP = re.compile(
    r"(?:法定代表人|负责人|经营者|投资人|执行事务合伙人)(?:[(（][^)）\n]{1,20}[)）])?(?:姓名)?\s*[:：]\s*"
    r"([\u4e00-\u9fff·]{2,20})"
)
_OF_A_PERSON = re.compile(r"性别|民族|[,，;；\s]男|[,，;；\s]女(?!士)|出生|身份证")
_BODY = re.compile(
    r"^(?:案件来源|案由|违法事实|经查|现查明|调查经过|\d{4}年\d{1,2}月\d{1,2}日[,，]?\s?(?:本|我|.{2,20}局)|本局|我局|经)"
)
_CASE = re.compile(r"案\s*由\s*[:：]\s*(?P<case>[^\n。;；]{2,100})")
_SUSPECTED = re.compile(r"^(?:当事人)?(?:涉嫌)?")
_BASIS = re.compile(
    r"(?:依据|根据|依照|按照|适用)[^《\n]{0,12}(?P<basis>《[^》\n]{2,60}》[^。;；\n]{0,200}?第[^。;；\n]{1,200}?)(?:的规定|之规定|规定|[,，。;；\n])"
)
_DECIDED = re.compile(
    r"(?:现|本局|我局|本机关|特|经[^\n。]{0,20})?(?:决定|责令|拟)?[^\n。]{0,60}?(?:如下(?:行政)?处罚|处罚如下|处罚决定如下|如下决定|以下(?:行政)?处罚|作出处罚)"
    r"[^\n:：。]{0,20}[:：。]?"
)
_DECIDED_SHORT = re.compile(
    r"(?:本局|我局|本机关|现)?(?:决定(?!书)|对当事人|给予当事人)[^\n]{0,80}?(?:处以|处(?=罚款|[\d一二三四五六七八九十])|给予|责令|没收|吊销|警告|罚款|不予)"
)
_RESULT = re.compile(r"^(?:行政)?处罚(?:内容|结果|决定)(?:及依据)?\s*[:：]\s*(?P<result>.+)")
_AFTER = re.compile(
    r"^(?:[一二三四五六七八九十]+、)?(?:(?:上述|以上)?罚没?款项?(?:[^，,。；;]{0,30}[，,])?(?:应|须|请|自|限|由|缴|于)"
    r"|当事人(?:应当?|须|必须|自|如|若|在收到|对本)|请(?:当事人|你|在|自)|你(?:单位|公司|\(单位\)|（单位）)?(?:应|须|如|自|在)"
    r"|自收到|自接到|如(?:不服|对|逾期)|若|逾期|根据|依据|本(?:决定|局将|机关将)|履行|权利|救济|行政处罚的履行|联系)"
)
_SIGNED = re.compile(
    r"^[^\n]{0,30}?((?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日|[二][〇○零OＯ0一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十廿]{1,3}日)[^\n]{0,10}$"
)
_LABELLED_DAY = re.compile(r"(?:处罚决定日期|决定日期|作出(?:行政处罚)?决定(?:的)?日期)\s*[:：]\s*([^\n]{6,20})")
_LABELLED_OFFICE = re.compile(r"(?:作出[^\n:：]{0,12}(?:机关|部门)(?:名称)?|处罚机关|决定机关)\s*[:：]\s*([^\n]{4,40})")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a document says; `None` where that does not stand in its place.

    `kind`: of `KINDS`. `content`: what was decided; `basis`: the articles by which. `decided_on`: ISO 8601.
    """

    kind: str
    title: str
    doc_no: str | None = None
    authority: str | None = None
    party_name: str | None = None
    party_uscc: str | None = None
    party_kind: str | None = None
    legal_rep: str | None = None
    violation: str | None = None
    basis: str | None = None
    content: str | None = None
    decided_on: str | None = None


class Section(NamedTuple):
    """A part of a document: the anchor of its place, what such parts are called, and its text."""

    anchor: str
    title: str
    text: str


def kind_of(title: str) -> str | None:
    """Which of `KINDS` a title is of; `None` for a text that is none."""
    match = _TITLE.fullmatch(re.sub(r"\s", "", title)) if len(title) <= _LONGEST_TITLE else None
    return match and _kind_of(match)


def is_one(text: str) -> bool:
    """Whether a text begins as a document does: with its title in a line of its own."""
    return _titled(_lines(text)) is not None


def from_heading(text: str) -> str:
    """The text of a web page from the document's heading on: before it stand the site's name and its menus."""
    lines = text.split("\n")
    for at, line in enumerate(lines[:_MOST_MENU]):
        if kind_of(line):
            office = at > 0 and _OFFICE.fullmatch(re.sub(r"\s", "", lines[at - 1]))
            return "\n".join(lines[at - 1 if office else at :])
    return text


def read(text: str) -> Decision | None:
    """What a document says; `None` where it has no title of one."""
    lines = _lines(text[:LONGEST])
    found = _titled(lines)
    if found is None:
        return None
    at, title = found
    body = _body_at(lines, at + 1)
    party, rest = lines[at + 1 : body], "\n".join(lines[body:])
    whole = "\n".join(lines)
    name, party_kind = _party(party)
    code = _code_in("\n".join(party))
    decided_on = _day(lines)
    return Decision(
        _kind_of(title),
        title["title"],
        _number(lines[: max(body, at + 4)]),
        _authority(lines, at, title),
        name,
        code,
        party_kind,
        _first(_LEGAL_REP, "\n".join(party)),
        _violation(whole),
        _basis(rest),
        _content(lines[at + 1 :]),
        decided_on,
    )


def _lines(text: str) -> list[str]:
    """The lines that say something; of a table's row with a label the label and its value, as in prose."""
    return [_LABEL_CELL.sub(r"\1：", line, count=1) for each in text.split("\n") if (line := each.strip())]


def _titled(lines: Sequence[str]) -> tuple[int, re.Match[str]] | None:
    """The line of the title and what is in it. A title may be set with spaces, 行 政 处 罚 决 定 书."""
    for at, line in enumerate(lines[:_MOST_HEAD]):
        if len(line) <= _LONGEST_TITLE and (match := _TITLE.fullmatch(re.sub(r"\s", "", line))):
            return at, match
    return None


def _kind_of(title: re.Match[str]) -> str:
    if title["summary"] or title["summary2"]:
        return "摘要"
    kinds = {"on": "列入决定", "off": "移出决定", "order": "责令改正通知", "notice": "公告"}
    return next((kind for group, kind in kinds.items() if title[group]), "决定书")


def _body_at(lines: Sequence[str], start: int) -> int:
    """The line with which the case begins: what stands before it is about the party."""
    return next((at for at in range(start, len(lines)) if _BODY.match(lines[at])), len(lines))


def _number(lines: Sequence[str]) -> str | None:
    for line in lines:
        if match := _NUMBER.search(line):
            return re.sub(r"\s", "", match[0])
    return None


def _authority(lines: Sequence[str], at: int, title: re.Match[str]) -> str | None:
    """The office: as a label says, in front of the title or above it, or where it signed."""
    if (labelled := _first(_LABELLED_OFFICE, "\n".join(lines))) and (office := _OFFICE.match(labelled)):
        return office[0]
    above = [title["front"], *(re.sub(r"\s", "", line) for line in reversed(lines[:at]))]
    if office_above := next((text for text in above if _OFFICE.fullmatch(text)), None):
        return office_above
    signed = next((n for n in range(len(lines) - 1, at, -1) if _SIGNED.match(lines[n])), None)
    below = lines[max(at, signed - 2) : signed + 1] if signed is not None else ()
    offices = (_SEAL.sub("", line) for line in reversed(below))
    found = (_OFFICE.match(text) for text in offices)
    return next((match[0] for match in found if match), None)


def _party(lines: Sequence[str]) -> tuple[str | None, str | None]:
    """The party and its class, where that shows: a person is described as one."""
    said = "\n".join(lines)
    name = None
    for line in lines:
        if match := _PARTY.match(line) or _NAMED.match(line):
            name = _NAME_END.split(match["name"], 1)[0].strip(" :：.。")
            break
    if name is None or len(name) > _LONGEST_LABELLED:
        return None, None
    if trade_name := _TRADE_NAME.search(said):
        return trade_name["name"], SHOP
    is_person = _OF_A_PERSON.search(said) and not _code_in(said) and len(name) <= 4
    return name or None, PERSON if is_person else None


def _code_in(text: str) -> str | None:
    found = (re.sub(r"\s", "", match[1])[:18] for match in _CODE.finditer(text))
    return next((code for code in found if uscc.is_valid(code)), None)


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[1].strip() if match else None


def _violation(text: str) -> str | None:
    match = _CASE.search(text)
    return match and (_SUSPECTED.sub("", match["case"]).strip() or None)


def _basis(text: str) -> str | None:
    """The last articles that are named before what was decided: the first ones are those that were broken."""
    decided = list(_DECIDED.finditer(text)) or list(_DECIDED_SHORT.finditer(text))
    before = text[: decided[-1].end()] if decided else text
    found = [match["basis"] for match in _BASIS.finditer(before)]
    return found[-1].rstrip("的之") if found else None


def _content(lines: Sequence[str]) -> str | None:
    """What was decided: behind «决定…如下处罚：», to how it is to be performed."""
    for line in lines:
        if match := _RESULT.match(line):
            return match["result"]
    for pattern in (_DECIDED, _DECIDED_SHORT):
        for at in range(len(lines) - 1, -1, -1):
            found = list(pattern.finditer(lines[at]))
            if not found:
                continue
            begun = lines[at][found[-1].end() if pattern is _DECIDED else found[-1].start() :].strip()
            rest = list(_until_performed(lines[at + 1 :])) if pattern is _DECIDED else []
            if said := "\n".join(filter(None, (begun, *rest))):
                return said
    return None


def _until_performed(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        if _AFTER.match(line) or _SIGNED.match(line) or _OFFICE.fullmatch(_SEAL.sub("", line)):
            return
        yield line


def _day(lines: Sequence[str]) -> str | None:
    """The day of the decision: as a label says, else the last line that is a date, below the office."""
    labelled = _first(_LABELLED_DAY, "\n".join(lines))
    signed = next((match[1] for line in reversed(lines) if (match := _SIGNED.match(line))), None)
    day = next((day for text in (labelled, signed) if text and (day := dates.parse(re.sub(r"\s", "", text)))), None)
    return day.isoformat() if day else None


_SECTIONS: tuple[tuple[str, str, str], ...] = (
    ("party", "当事人", r"当事人\s*[:：]|被处罚(?:人|单位)|行政相对人|(?:当事人)?基本(?:情况|信息)"),
    ("case", "案件来源和调查经过", r"案件来源|调查经过|案由|立案|\d{4}年\d{1,2}月\d{1,2}日[,，]?(?:本|我|.{2,20})局"),
    ("facts", "查明的事实", r"经查|现查明|经调查|违法事实|主要(?:违法)?事实"),
    ("evidence", "证据", r"(?:上述|以上)(?:违法)?事实|(?:主要)?证据|有(?:以下|下列)证据"),
    ("hearing", "告知、陈述申辩和听证", r".{0,40}(?:行政处罚(?:事先)?告知书|陈述、?申辩|听证)"),
    ("reasons", "认定", r"(?:本局|我局|本机关)认为|当事人的?(?:上述)?行为|案件性质|定性"),
    ("discretion", "裁量", r"(?:自由)?裁量|.{0,30}(?:从轻|从重|减轻|一般)处罚"),
    ("decision", "决定", r".{0,120}(?:如下(?:行政)?处罚|处罚如下|如下决定|决定如下)|处罚(?:决定|内容|结果)"),
    ("performance", "履行", r".{0,30}(?:缴纳|履行(?:方式|期限)|到期不缴|逾期不)"),
    ("remedies", "救济", r".{0,40}(?:不服|行政复议|行政诉讼|提起诉讼)"),
    ("publicity", "公示告知", r".{0,40}(?:依法向社会公(?:开|示)|公示本)"),
)
_STARTS = [
    (anchor, title, re.compile(rf"(?:[(（]?[一二三四五六七八九十\d]+[)）、.．])?\s?(?:{start})"))
    for anchor, title, start in _SECTIONS
]


def sections(text: str) -> list[Section]:
    """A document in its parts, each from the line with which it begins; the first is its heading. No line is lost."""
    lines = text.split("\n")
    starts: list[tuple[int, str, str]] = [(0, "heading", "标题")]
    known = {"heading"}
    for at, line in enumerate(lines):
        found = next(
            ((anchor, title) for anchor, title, start in _STARTS if anchor not in known and start.match(line)), None
        )
        if found and at:
            starts.append((at, *found))
            known.add(found[0])
    signed = next((at for at in range(len(lines) - 1, 0, -1) if _SIGNED.match(lines[at].strip())), None)
    if signed is not None and signed > starts[-1][0]:
        office = signed - 1 if _OFFICE.match(lines[signed - 1].strip()) and signed - 1 > starts[-1][0] else signed
        starts.append((office, "signature", "署名"))
    ends = [*starts, (len(lines), "", "")]
    return [Section(anchor, title, "\n".join(lines[at:end])) for (at, anchor, title), (end, *_) in pairwise(ends)]


_SPLIT_NUMBER = re.compile(r"\d[\dXx \t]{0,24}(?:\n[ \t]{0,8}[\dXx][\dXx \t]{0,24}){1,4}")
_ENDS_A_LINE = tuple("。：；！？:;!?…")
_NARROWEST, _NEARLY = 20, 0.85


def unwrapped(text: str) -> str:
    """Paragraphs of lines that were broken at a margin: there most lines are as long as the longest.

    A line goes on in the next one where it is nearly as long as that and does not end a sentence; a number goes on
    wherever it was broken, for a mask finds it whole only.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    widths = sorted(len(line) for line in lines if line)
    width = widths[-max(1, len(widths) // 10)] if widths else 0
    full = [len(line) >= width * _NEARLY for line in lines]
    is_broken = width >= _NARROWEST and sum(full) * 3 >= len(widths)
    joined: list[str] = []
    goes_on = False
    for line, is_full in zip(lines, full, strict=True):
        if goes_on and line:
            joined[-1] += line.lstrip()
        else:
            joined.append(line)
        goes_on = is_broken and is_full and not line.endswith(_ENDS_A_LINE)
    return _SPLIT_NUMBER.sub(_mended, "\n".join(joined))


_A_LONG_NUMBER = (11, 15, 16, 17, 18, 19, 20)


def _mended(match: re.Match[str]) -> str:
    """A number that was broken by a line end, if it is as long as those of persons and banks; else as it stands."""
    whole = re.sub(r"\s", "", match[0])
    behind = match[0][len(match[0].rstrip()) :]
    return whole + behind if len(whole) in _A_LONG_NUMBER else match[0]
