"""Work grows with the length of a text and not with its square, whatever the text is made of.

Two measures. Steps: calls, each of which costs what it looks at (a method of a string the string's length, a pattern
the longest text at hand), so that passes over the text count, and loops; a text that is eight times as long may cost 24
times the steps. What a regular expression or a slice does inside is not seen by that: texts of 20,000 characters end
within seconds of processor time, of which linear work takes some hundredths.
"""

from __future__ import annotations

import re
import signal
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import BuiltinFunctionType, FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.headers import spellings, undecorated
from indexer.read.frames import unique_names
from xincha.rules.redact import excerpt, redact
from xincha.search import intent
from xincha.search.highlight import Highlighted
from xincha.search.match.rows import BadRow, read_row, region_codes
from xincha.search.reading import Reading
from xincha.text import (
    cells,
    citations,
    codes,
    currencies,
    dates,
    decision,
    divisions,
    doc_no,
    fold,
    industries,
    money,
    name_fields,
    names,
    org_code,
    parties,
    pinyin,
    places,
    reg_no,
    regions,
    tokens,
    units,
    uscc,
)


def _reading(text: str) -> object:
    read = Reading(fold.fold(text))
    return read.split, read.form_key, read.similar, read.core_syllables, read.initials


def _row(text: str) -> object:
    try:
        return read_row(dict.fromkeys(("name", "uscc", "region", "legal_rep", "address"), text))
    except BadRow as error:
        return error


def _cell(text: str) -> object:
    said = cells.read(text)
    found = cells.pieces(said.text)
    return cells.is_no_name(said), cells.spans(said.text, found), cells.written(said.text, found)


FUNCTIONS: dict[str, Callable[[str], object]] = {
    "citations": lambda text: citations.citations(f"《示例法》{text}"),
    "clean": fold.clean,
    "fold": fold.fold,
    "compact": fold.compact,
    "status": codes.status,
    "kind of a type": lambda text: codes.kind(text, None, None),
    "kind of a name": lambda text: codes.kind(None, None, text),
    "abnormal_reason": codes.abnormal_reason,
    "spot_check_result": codes.spot_check_result,
    "penalty_types": codes.penalty_types,
    "currency": currencies.currency,
    "date": dates.parse,
    "document": lambda text: decision.read(f"行政处罚决定书\n{text}"),
    "sections": decision.sections,
    "unwrapped": decision.unwrapped,
    "end": dates.parse_end,
    "is no date": dates.is_sentinel,
    "division": divisions.current,
    "short_name": divisions.short_name,
    "doc_no_key": doc_no.doc_no_key,
    "doc_no_keys": doc_no.doc_no_keys,
    "industry": industries.industry,
    "money": money.parse,
    "money of a unit": lambda text: money.parse(text, unit=units.unit_of("万元")),
    "bare number": money.bare,
    "unit": units.unit_of,
    "undecorated": undecorated,
    "is no money": money.is_sentinel,
    "fine_in": money.fine_in,
    "confiscated_in": money.confiscated_in,
    "name_fields": lambda text: name_fields.name_fields(text, [text[::-1]]),
    "parts": names.parts,
    "org_code": org_code.normalize,
    "syllables": pinyin.syllables,
    "initials": pinyin.initials,
    "split": pinyin.split,
    "is_typed": pinyin.is_typed,
    "places": places.read_chain,
    "reg_no": reg_no.normalize,
    "region": regions.find,
    "address": lambda text: regions.from_address(text, near="350200"),
    "published region": lambda text: regions.from_published(text, text),
    "cell": _cell,
    "parties": parties.parties,
    "bigrams": tokens.bigrams,
    "words": tokens.words,
    "uscc": uscc.normalize,
    "repair": uscc.repair,
    "redact": redact,
    "redact a name": lambda text: redact(text, "name"),
    "excerpt": lambda text: excerpt(text, 500),
    "intent": intent.read,
    "reading": _reading,
    "row": _row,
    "region_codes": region_codes,
    "heads": lambda text: unique_names([text[:3]] * len(text)),
    "head": spellings,
    "highlight": lambda text: Highlighted(text).marks(["厦门"]),
}

WORDS = """
&amp; amp; &#
&#38; #65286; &lt; &nbsp ＆ａｍｐ； (( () (1 〔2018〕 公司 有限公司 分公司 科技 发展和 中心 重庆 福建厦门市
北京 1,000 1, 罚款 罚款1 1元 罚款( 合计 共计 处以 没收违法所得 吊销 责令 无法 违反 没收 暂无 不予 2018-
2018年1月 12: 3月 1.1 身份证 号码 为是 证件 住址 住址： 住所（住址）： 住， ，住 62 13 138 13800001234-
13800001234、 0592- (0592) 0592-2000123、 电话： 账号 2222222、 护照 汉族 （男） 男， xian xi -a 3502
35020319800101123 当事人： 决定 如下处罚 依据《 第一条 2026年1月1日 局 微信： QQ a@a @a. 闽D 车牌 编号
"""
PIECES = (
    *'aA10&()（）一第十百万元共计处零为：号住路省和-·´üéａﬀ㈱電𠮷ǰẖΐﷺ각未*x、港外国《"。．@年，',
    *("\u0301", "\u0323", "\u0345", "\uff9e", "\u0f73", "\x00", "\u200b", "\ud800", " ", "\t", "\u3000", "\n"),
    *WORDS.split(),
)
TEXTS = st.lists(st.sampled_from(PIECES) | st.characters(), min_size=1, max_size=4).map("".join)


def repeated(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def hostile(first: str, then: str, end: str, length: int) -> str:
    """A text of so many characters: one unit again and again, then another."""
    return repeated(first, length // 2) + repeated(then, length - length // 2) + end


AT_A_PLACE = ("startswith", "endswith", "match", "fullmatch")
"""What looks at a text from one place on, and mostly not far: not counted as a pass over it."""


class Steps:
    """What is called between its entrance and its exit, and how much that looks at."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Steps:
        sys.setprofile(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _called(self, frame: FrameType, event: str, function: BuiltinFunctionType) -> None:
        if event == "call":
            self.count += 1
        elif event == "c_call":
            owner, name = getattr(function, "__self__", None), function.__name__
            if name in AT_A_PLACE:
                self.count += 1
            elif isinstance(owner, str):
                self.count += 1 + len(owner)
            elif isinstance(owner, re.Pattern) or function in (unicodedata.normalize, unicodedata.is_normalized):
                texts = [len(each) for each in frame.f_locals.values() if isinstance(each, str)]
                self.count += 1 + max(texts, default=0)
            else:
                self.count += 1


def steps(function: Callable[[str], object], text: str) -> int:
    with Steps() as counted:
        function(text)
    return counted.count


def most_steps(name: str, short: str, long: str) -> int:
    """Steps that a text may cost that is eight times as long; the short one may have been remembered, and cost none."""
    return max(24 * (steps(FUNCTIONS[name], short) + 1000), 256 * len(long))


@contextmanager
def processor_time(seconds: float) -> Iterator[None]:
    """Ends what takes more."""

    def over(*_: object) -> None:
        raise AssertionError(f"took more than {seconds} s of processor time")

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@pytest.fixture(scope="module", autouse=True)
def dictionaries() -> None:
    """Tables are read at the first use."""
    for function in FUNCTIONS.values():
        function("厦门市示例科技有限公司 &amp; 100万元")
        function("厦" + "\u0301" * 2000)
        function("xm shipin")


@settings(deadline=None)
@given(st.sampled_from([*FUNCTIONS]), TEXTS, TEXTS, TEXTS)
def test_steps_grow_with_the_length(name: str, first: str, then: str, end: str) -> None:
    short, long = (hostile(first, then, end, length) for length in (150, 1200))
    assert steps(FUNCTIONS[name], long) <= most_steps(name, short, long)


@settings(deadline=None)
@given(st.sampled_from([*FUNCTIONS]), TEXTS, TEXTS, TEXTS)
def test_a_long_text_ends_soon(name: str, first: str, then: str, end: str) -> None:
    text = hostile(first, then, end, 20_000)
    with processor_time(3):
        FUNCTIONS[name](text)


@pytest.mark.parametrize(
    ("name", "first", "then", "end"),
    [
        ("clean", "&", "amp;", ""),
        ("clean", "&#38;", "#38;", ""),
        ("clean", "&", "am&#112;;", ""),
        ("clean", "&#8203;", "#82&#8203;03;", ""),
        ("fold", "＆", "ａｍｐ；", ""),
        ("fold", "&", "#65286;", ""),
        ("fold", "&", "AMP;", ""),
        ("fold", "&nbsp", "é", ""),
        ("fold", "ǰ", "ẖ", ""),
        ("clean", "", "\u0301" * 50 + "\u0323" * 50, ""),
        ("clean", "", "\u0301" * 9000 + "\u0323" * 9000, ""),
        ("fold", "", "\u0301" * 9000 + "\uff9e" * 9000, ""),
        ("fold", "", "\u0301" * 9000 + "\u0f73" * 9000, ""),
        ("compact", "", "\u0301" * 9000 + "\u0323" * 9000, ""),
        ("currency", "", "\u0301" * 9000 + "\u0323" * 9000, ""),
        ("cell", "", "a(", "x"),
        ("parts", "科技", "科技", ""),
        ("parts", "发展和", "中心", ""),
        ("split", "xian", "xian", ""),
        ("money", "一", "一", "x9"),
        ("money", "1", "1", "x"),
        ("fine_in", "一", "一", ""),
        ("fine_in", "1", "1", ""),
        ("fine_in", "罚款", "共计", "x"),
        ("fine_in", "计", "计", ""),
        ("confiscated_in", "没收违法所得", "共计", "x"),
        ("redact", "身份证", "号", "x"),
        ("redact", "", "微信", ""),
        ("redact", "", "闽D", ""),
        ("redact", "", "a@", ""),
        ("redact", "", "a.", "@"),
        ("redact", "", "1-", ""),
        ("redact", "", "0592-", ""),
        ("redact", "", "2222222、", ""),
        ("redact a name", "", "13800001234公司", ""),
        ("heads", "名称", "名称", ""),
        ("head", "", "(人民币)", ""),
        ("head", "", "人民币", "x"),
        ("redact", "13800001234-", "13800001234-", ""),
        ("redact", "住所（住址）：路公司，", "住所（住址）：路公司，", ""),
        ("date", "2018-3-5", " ", "x"),
    ],
)
def test_texts_that_took_forever_end(name: str, first: str, then: str, end: str) -> None:
    short, long = (first + repeated(then, length) + end for length in (600, 4800))
    with processor_time(3):
        assert steps(FUNCTIONS[name], long) <= most_steps(name, short, long)
    with processor_time(3):
        FUNCTIONS[name](first + repeated(then, 50_000) + end)
