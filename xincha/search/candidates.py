"""Intent → queries for candidates, from strict to wide. The first level with a hit answers.

    1 said     the code; or names that hold what was typed: all words, the phrase, a place in the name, the region or
               the address; pinyin and first letters from their beginning
    2 spread   several words, each in the name, the address, the scope, or (one of them) as the representative
    3 meant    names that differ a little: a character or two wrong, missing, too many or elsewhere, homophones; short
               names whose characters stand in the name in order; a word in address or scope

A full name in which something is wrong shares most of its rare pairs of characters with the right one: three of the six
rarest must match, the others may. What is rare is asked of the engine (`Frequencies`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from xincha.engine.query import (
    Bool,
    ConstantScore,
    DisMax,
    Match,
    MatchAll,
    MatchPhrase,
    Prefix,
    Query,
    Term,
    Terms,
)
from xincha.search.intent import Intent, TypedWord
from xincha.text import pinyin, tokens
from xincha.text.names import form_key_of

Frequencies = Callable[[str, Sequence[str]], Sequence[int]]
"""Field and tokens → in how many documents each token is."""

_RAREST = 6
_LEAST = 3
_SHORT_NAME = 8
_MARKS = ("股份", "集团", "控股")
"""With these short names end; in the whole name they may stand further behind."""
_LEAST_LETTERS = 3
"""A beginning of fewer letters is that of too many readings to say anything."""

_EXACT, _SAME_FORM, _CORE, _BRAND, _START = 2000.0, 1500.0, 1000.0, 500.0, 300.0


@dataclass(frozen=True, slots=True)
class Level:
    """One try: a query, what it tries, and what to say if it is this one that answers."""

    query: Query
    tried: str
    note: str = ""


def levels(intent: Intent, frequencies: Frequencies) -> Iterator[Level]:
    """The tries for an intent, each made only when the one before has no hits."""
    if intent.identifier:
        code = intent.identifier
        note = f"按 {code.value} 查找：所输代码的校验位不符，改正易混字符后相符" if code.repaired else ""
        yield Level(Term(code.field, code.value), f"代码 {code.value}", note)
        return
    without = partial(_without, excluded=intent.excluded)
    if intent.empty:
        yield Level(without(MatchAll()), "全部企业")
        return
    yield Level(without(_said(intent)), "名称含有所输文字，或读音、首字母这样开头")
    if len(intent.words) > 1:
        tried = "各词分别在名称、住所、经营范围、法定代表人里"
        note = "名称不全含所输各词，以下结果的住所、经营范围或法定代表人含有其余的词"
        yield Level(without(DisMax(_spread(intent))), tried, note)
    tried = "名称差一两个字、同音或是简称，住所、经营范围含有所输文字"
    note = "没有名称包含所输文字，以下为相近的结果"
    yield Level(without(DisMax(_meant(intent, frequencies))), tried, note)


def nearest(intent: Intent) -> Query | None:
    """What shares anything at all with what was typed, for when no level finds anything; `None` for a code."""
    if intent.identifier or intent.empty:
        return None
    spoken, syllables = intent.name.spoken or intent.text, _syllables(intent)
    ways: list[Query] = []
    if spoken:
        ways += [Match("name_2", tokens.bigrams(spoken), "or"), Match("name_1", tokens.chars(spoken), "or")]
    if len(syllables) > 1:
        ways.append(Match("pinyin", pinyin.bigrams(pinyin.similar(syllables)), "or"))
    return _without(DisMax(ways), intent.excluded) if ways else None


def _without(query: Query, excluded: Sequence[str]) -> Query:
    return Bool(must=[query], must_not=list(map(_in_name, excluded))) if excluded else query


def _in_name(text: str) -> Query:
    """Names that hold all pairs of characters of a text."""
    return Match("name_2", tokens.bigrams(text), "and") if len(text) > 1 else Term("name_1", text)


def _in_address(text: str) -> Query:
    return Match("address_2", tokens.bigrams(text), "and")


def _said(intent: Intent) -> Query:
    """Level 1."""
    ways = [_names(intent)]
    if intent.code_start:
        ways += [ConstantScore(Prefix(field, intent.code_start), _START) for field in ("uscc", "reg_no")]
    if len(intent.letters) > 1:
        ways.append(ConstantScore(Term("initials", intent.letters), _CORE))
        ways += [_sounding(syllables) for syllables in pinyin.split(intent.letters)[:2] if len(syllables) > 1]
    if len(intent.letters) >= _LEAST_LETTERS:
        ways.append(ConstantScore(Prefix("initials", intent.letters), _START))
        ways.append(ConstantScore(Prefix("pinyin_key", intent.letters), _BRAND))
    if intent.sounds:
        ways.append(_sounding(intent.sounds))
    if intent.address:
        ways.append(Bool(must=[_in_address(word.text) for word in intent.words]))
    return DisMax(ways) if len(ways) > 1 else ways[0]


def _names(intent: Intent) -> Query:
    """Names that are or hold what was typed."""
    text = intent.text
    words = list(map(_word, intent.words))
    if intent.phrases:
        return Bool(must=[*(MatchPhrase("name_1", tokens.chars(phrase)) for phrase in intent.phrases), *words])
    ways: list[Query] = [
        ConstantScore(Term("name_key", text), _EXACT),
        ConstantScore(Term("form_key", form_key_of(intent.name)), _SAME_FORM),
        ConstantScore(Term("core", text), _CORE),
        ConstantScore(Term("brand", text), _BRAND),
        _in_name(text),
    ]
    if text.endswith(_MARKS) and len(text) > len(_MARKS[0]) + 1:  # 阳光股份 for 阳光新业地产股份有限公司
        mark = text[-len(_MARKS[0]) :]
        ways.append(Bool(must=[_in_name(text.removesuffix(mark)), _in_name(mark)]))
    if len(words) > 1:
        ways.append(Bool(must=words))
    elif (name := intent.name).code and not name.form and (rest := text.removeprefix(name.region)) not in ("", text):
        ways.append(Bool(must=[_in_name(rest)], filter=[_placed(name.region, (name.code,))]))
    return DisMax(ways)


def _word(word: TypedWord) -> Query:
    """A word in the name; a place also in the region or the address."""
    return _placed(word.text, word.regions) if word.regions else _in_name(word.text)


def _placed(text: str, codes: Sequence[str]) -> Query:
    return Bool(should=[Terms("region", list(codes)), _in_name(text), _in_address(text)])


def _sounding(syllables: Sequence[str]) -> Query:
    """Names in which these syllables follow one another."""
    return Match("pinyin", pinyin.bigrams(pinyin.similar(syllables)), "and")


def _meant(intent: Intent, frequencies: Frequencies) -> list[Query]:
    """Level 3."""
    text = intent.text
    ways: list[Query] = []
    if len(text) > 2:
        ways += _some("name_2", tokens.bigrams(text), frequencies)
    syllables = _syllables(intent)
    if len(syllables) > 1:
        ways += _some("pinyin", pinyin.bigrams(pinyin.similar(syllables)), frequencies)
    if 2 <= len(text) <= _SHORT_NAME:
        ways.append(Match("name_1", tokens.chars(text), "and"))
    if len(intent.words) == 1:
        ways.append(_anywhere(intent.words[0]))
    return ways


def _spread(intent: Intent) -> list[Query]:
    """Level 2. One word may be the representative; such a name by itself has no hits (see `service.py`)."""
    phrases = list(map(_in_name, intent.phrases))
    ways: list[Query] = [Bool(must=[*map(_anywhere, intent.words), *phrases])]
    for at, word in enumerate(intent.words):
        if len(word.text) > 1 and not word.regions:
            others = map(_anywhere, (*intent.words[:at], *intent.words[at + 1 :]))
            ways.append(Bool(must=[Term("legal_rep", word.text), *others, *phrases]))
    return ways


def _syllables(intent: Intent) -> Sequence[str]:
    """The syllables of what was typed, in characters, in pinyin or in both."""
    if intent.sounds or intent.letters:
        return intent.sounds or next(iter(pinyin.split(intent.letters)), [])
    return pinyin.syllables(intent.name.spoken)


def _anywhere(word: TypedWord) -> Query:
    """A word in the name, the address or the scope; a place also in the region."""
    ways: list[Query] = [_in_name(word.text), Match("scope_word", tokens.words(word.text), "and")]
    if len(word.text) > 1:
        ways.append(_in_address(word.text))
    return Bool(should=[*ways, *([Terms("region", list(word.regions))] if word.regions else [])])


def _some(field: str, prepared: str, frequencies: Frequencies) -> list[Query]:
    """Documents with some of the rarest of these tokens; those with more of all tokens first."""
    every = list(dict.fromkeys(prepared.split()))
    counted = zip(frequencies(field, every), every, strict=True)
    known = [token for count, token in sorted(counted) if count]
    if len(known) < 2:
        return []
    rarest = known[:_RAREST]
    least = min(_LEAST, max(1, len(rarest) - 1))
    return [Bool(must=[Match(field, " ".join(rarest), "or", least)], should=[Match(field, " ".join(known), "or")])]
