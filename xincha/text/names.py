"""A company name → its parts: region 行政区划, brand 字号, trade 行业, legal form 组织形式, and the branch behind them.

    parts("福建省厦门市鹭岛信查网络科技有限公司思明分公司")
        region "福建省厦门市"  brand "鹭岛信查"  trade "网络科技"  form "有限公司"  branch "思明分公司"
        core "鹭岛信查网络科技"  places ("福建", "厦门")

The region stands first or in brackets: 厦门X有限公司, X（厦门）有限公司, X有限公司（厦门）. A part that a name does not
have is "". All parts are folded (`xincha.text.fold`). Places are those of GB/T 2260, retired ones too, and their usual
short forms (厦门, 内蒙古); a county's short form counts only where a brand follows: 平安保险 is brand and trade.

`name_key` is what two spellings of one name share; `form_key_of` also what two word orders of it share. Neither says
that two entities are one. 北京X and 上海X, 第一X and 第二X, X有限公司 and its branch have different keys; B++ and B,
2.5度 and 25度, 示例**贸易 and 示例贸易 too, for some signs are part of a name (`signed`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from xincha.text.divisions import COUNTY
from xincha.text.fold import fold
from xincha.text.name_words import COUNTRIES, FORM_MARKS, FORMS, JOINTS, TRADES
from xincha.text.places import Chain, read_chain
from xincha.text.remember import remembered
from xincha.text.tokens import letters, split_words

_BRACKETS = re.compile(r"\(([^()]*)\)")
_ZONE = re.compile(
    r"(?:国家|国际|经济|技术|高新|高新技术|高技术|产业|旅游|台商|工业|投资|火炬|保税|自由贸易|综合|科技){0,4}"
    r"(?:开发区|投资区|保税区|保税港区|高新区|经开区|自贸区|自贸试验区|工业园区|工业园|工业区|产业园区|度假区|新区)"
)
_TOWN = re.compile(r"[\u4e00-\u9fff]{2,3}?(?:街道办事处|街道|镇|乡|民族乡|苏木)")
_MASKS = r"*?□■▢-▩▪▫◯◻◼○×〓▇-▓\ufffd\ue000-\uf8ff"
_SIGNS = re.compile(
    rf"[{_MASKS}]+|__+|(?<=[^\W_])(?:[+#]+|[&/.]+(?=[^\W_(]))|(?<=[a-z0-9])[%@°]+|(?<=[0-9])[-~:]+(?=[0-9])"
)
"""What stands for a character that is masked or lost; and +, #, & and the like where they follow a letter."""
_SIGNED = re.compile(r"[^\W_]?[\W_]+[a-z0-9]*")
_HEAD = re.compile(r"(?<=..)(?:公司|(?:合作社|供销社|信用社|事务所|银行)(?!股份|有限|联))(?=..)")
_BRANCHES = (
    *("分公司", "支公司", "分行", "支行", "分店", "分厂", "分社", "分所", "分院", "分部", "分校"),
    *("门市部", "营业部", "办事处"),
)
_KEPT_MARKS = frozenset(("集团", "控股", "股份", "有限合伙"))
_NUMBERED = re.compile(r"第[一二三四五六七八九十百\d]+")
_LONGEST_FORM = max(map(len, FORMS))
_LONGEST_TRADE = max(map(len, TRADES))
_TRADE_WORDS = TRADES | JOINTS
_LONG_BRAND = 4
_COMPANY = ("有限责任公司", "有限公司", "公司")
_SAME_FORM = {
    "有限责任公司": "有限公司",
    "集团有限责任公司": "集团有限公司",
    "股份有限责任公司": "股份有限公司",
    "股份公司": "股份有限公司",
}


class NameParts(NamedTuple):
    """The parts of a name, folded.

    `steps` are the pieces of the region in front as written (福建省, 厦门市, 安海镇), `places` the short forms of all
    places, those in brackets too, large to small, and `code` the GB/T 2260 code of today of the smallest ("": none).
    `signs` are the signs that are part of the name, with what they stand between: "b++", "2.5".
    """

    region: str = ""
    brand: str = ""
    trade: str = ""
    form: str = ""
    branch: str = ""
    steps: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    code: str = ""
    signs: str = ""

    @property
    def core(self) -> str:
        """Brand and trade."""
        return self.brand + self.trade

    @property
    def tails(self) -> list[str]:
        """The core, and what it may also be: with the last pieces of the region in front."""
        return ["".join((*self.steps[start:], self.core)) for start in range(len(self.steps), -1, -1)]

    @property
    def company(self) -> str:
        """The end of the legal form that tells nothing apart: 有限公司 of 集团有限公司; "" of 供销合作社."""
        return next((word for word in _COMPANY if self.form.endswith(word)), "")

    @property
    def spoken(self) -> str:
        """What a person says of it: everything but `company` and a region in brackets."""
        return "".join((*self.steps, self.core, self.form.removesuffix(self.company), self.branch))


NO_NAME = NameParts()


def name_key(name: str) -> str:
    """`signed` of the folded name."""
    return signed(fold(name))


def signed(folded: str) -> str:
    """Letters, digits and Chinese characters of a folded name, and the signs that are part of it.

    Spaces, brackets and punctuation do not count. What stands for a character that is masked or lost does (*, ?, □, ■),
    and so do +, #, &, / and a point behind a letter or digit: B++ is not B, 2.5度 is not 25度. Signs alone are no name.
    """
    if folded.isalnum():
        return folded
    kept, at = [], 0
    for found in _SIGNS.finditer(folded):
        kept += [letters(folded[at : found.start()]), found[0]]
        at = found.end()
    text = "".join([*kept, letters(folded[at:])])
    return text if letters(text) else ""


def _signs(folded: str) -> str:
    """The signs that are part of a folded name, with the letter before each and the Latin letters and digits behind."""
    return "" if folded.isalnum() else "".join(_SIGNED.findall(signed(folded)))


def parts(name: str) -> NameParts:
    """The parts of a name."""
    return split_name(fold(name))


@remembered(1 << 14)
def place_of(name: str) -> str | None:
    """The place that a name says, of a branch its own: a code of today. `None`: it says none."""
    split = parts(name)
    for chain in (read_chain(split.branch, within=split.code), read_chain(split.branch)):
        if chain.places:
            return chain.code
    return split.code or None


def form_key_of(split: NameParts) -> str:
    """The name with its region in front, in short, with one wording of legal form, and its signs behind.

    Equal for 厦门X有限公司, 厦门市X有限责任公司 and X（厦门）有限公司.
    """
    return bare_form_key(split) + split.signs


def bare_form_key(split: NameParts) -> str:
    """As `form_key_of`, without the signs."""
    zones = split.steps[len(split.places) :]
    form = _SAME_FORM.get(split.form, split.form)
    return "".join((*split.places, *zones, split.brand, split.trade, form, split.branch))


def split_name(folded: str) -> NameParts:
    """The parts of a folded name."""
    text, bracketed, mark = _open_brackets(folded) if "(" in folded else (letters(folded), "", "")
    head, branch = _cut_branch(text)
    form = _form_of(head)
    head = head[: len(head) - len(form)]
    if mark and not form.startswith(mark):
        head, form = head.removesuffix(mark), mark + form
    chain = read_chain(head)
    steps, brand, trade = _cut_region(head, chain)
    places = [place.short for place in chain.places[: len(steps)]]
    code = chain.code if len(places) == len(chain.places) else ""
    if bracketed:
        inner = read_chain(bracketed)
        outside = places and code and chain.level > inner.level
        names = [place.short for place in inner.places if place.short not in places]
        places = names + places if outside else places + names
        code = code if outside else inner.code
    region = "".join(steps) + bracketed
    return NameParts(region, brand, trade, form, branch, steps, tuple(places), code, _signs(folded))


def _open_brackets(folded: str) -> tuple[str, str, str]:
    """The name without brackets, the region and the legal form that stood in them; other words stay in place."""
    region, mark = "", ""

    def keep(match: re.Match[str]) -> str:
        nonlocal region, mark
        inner = letters(match[1])
        if not region and inner and read_chain(inner).end == len(inner):
            region = inner
        elif inner in FORM_MARKS:
            mark = inner if inner in _KEPT_MARKS else mark
        elif inner != "中国":
            return inner
        return ""

    return letters(_BRACKETS.sub(keep, folded)), region, mark


def _cut_branch(text: str) -> tuple[str, str]:
    """Head office and branch: X有限公司 and 思明分公司 of X有限公司思明分公司."""
    if found := _HEAD.search(text):
        return text[: found.end()], text[found.end() :]
    if text.endswith(_BRANCHES) and len(text) > 5:  # 泽信控股邯郸分公司: the place before it belongs to it
        word = next(branch for branch in _BRANCHES if text.endswith(branch))
        start = _place_before(text, len(text) - len(word))
        return text[:start], text[start:]
    return text, ""


def _place_before(text: str, end: int) -> int:
    """Where a place begins that ends at `end`; `end` where none does."""
    for start in range(max(2, end - 6), end - 1):
        if read_chain(text[start:end]).end == end - start:
            return start
    return end


def _form_of(head: str) -> str:
    """The longest legal form that ends the name and leaves something of it."""
    for size in range(min(_LONGEST_FORM, len(head) - 1), 0, -1):
        if head[-size:] in FORMS:
            return head[-size:]
    return ""


def _cut_region(head: str, chain: Chain) -> tuple[tuple[str, ...], str, str]:
    """Pieces of the region in front, brand and trade."""
    steps, starts = [], 0
    for place in chain.places:
        steps.append(place.text)
        starts += len(place.text)
    if steps and chain.end > starts:
        steps[-1] += head[starts : chain.end]
    brand, trade = _split_core(head[chain.end :])
    if _NUMBERED.fullmatch(brand):  # 北京市第三建筑工程: a number tells apart, but is no brand
        brand, trade = "", brand + trade
    if not steps:
        return ((brand,), "", trade) if brand in COUNTRIES else ((), brand, trade)
    last = chain.places[-1]
    if not brand and not last.full and chain.level == COUNTY and chain.end == starts and len(steps) == 1:
        return (), last.text, trade  # 平安保险: the name would have no brand
    for pattern in (_ZONE, _TOWN):
        if (found := pattern.match(head, chain.end)) and (later := _split_core(head[found.end() :]))[0]:
            steps.append(found[0])
            return tuple(steps), *later
    return tuple(steps), brand, trade


def _split_core(core: str) -> tuple[str, str]:
    """Brand and trade: the brand, of two characters or more, ends where nothing but words of trade follow."""
    size = cut = len(core)
    ends = [size]  # where the words of trade begin that reach the end of the core, from the end on
    for start in range(size - 1, -1, -1):
        for end in ends[-_LONGEST_TRADE:]:
            if end - start <= _LONGEST_TRADE and core[start:end] in _TRADE_WORDS:
                ends.append(start)
                if start != 1 and core[start:end] not in JOINTS:
                    cut = start
                break
    if cut > _LONG_BRAND:
        cut = _first_words(core, cut)
    return core[:cut], core[cut:]


def _first_words(core: str, cut: int) -> int:
    """A long brand ends after its first words where only words of a dictionary follow: a trade that is not listed."""
    end, known = 0, 0
    for word in split_words(core[:cut]):
        end += len(word)
        if len(word) == 1 or end - len(word) < 2:
            known = end
    return known
