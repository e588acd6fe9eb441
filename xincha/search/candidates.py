"""Intent → queries for candidates, from strict to wide. The first level with a hit answers.

    1 said     the code; or names that hold what was typed: all words, the phrase, a place in the name, the region or
               the address; pinyin and first letters from their beginning
    2 slipped  codes one slip away from one that cannot be right
    3 spread   several words, each in the name, the address, the scope, or (one of them) as the representative
    4 meant    names that differ a little: a character or two wrong, missing, too many or elsewhere, homophones; short
               names whose characters stand in the name in order; a word in address or scope

What a query of level 4 finds may be far from what was typed: of `near` only those are hits that the ranking keeps.

A full name in which something is wrong shares most of its rare pairs of characters with the right one: three of the six
rarest must match. What is rare is asked of the engine (`Frequencies`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from xincha.engine.query import (
    Bool,
    ConstantScore,
    DisMax,
    Ids,
    Match,
    MatchAll,
    MatchPhrase,
    Prefix,
    Query,
    Term,
    Terms,
)
from xincha.search.intent import Intent, NearCodes, TypedWord
from xincha.text import pinyin, tokens
from xincha.text.abbreviations import ABBREVIATIONS
from xincha.text.names import form_key_of

Frequencies = Callable[[str, Sequence[str]], Sequence[int]]
"""Field and tokens → in how many documents each token is."""

_RAREST = 6
_LEAST = 3
_SHORT_NAME = 8
_FEW = 50
"""So many names may hold a pair of characters that still makes a name near."""
MARKS = ("股份", "集团", "控股")
"""With these short names end; in the whole name they may stand further behind."""
MOST_HEARD = 6
"""A text of so many syllables may be a name as it was heard; longer ones are looked for by their rarest pairs."""
_LEAST_LETTERS = 3
"""A beginning of fewer letters is that of too many readings to say anything."""

_EXACT, _SAME_FORM, _CORE, _BRAND, _LARGE, _START = 2000.0, 1500.0, 1000.0, 500.0, 400.0, 300.0


@dataclass(frozen=True, slots=True)
class Level:
    """One try: what it finds, what it tries, and what to say if it is this one that answers.

    `near`: names of which only those are hits that come near enough; see `entities.py`. `slipped`: it is for a code
    that cannot be right as it was typed. `firm`: of `near` only short names that were typed for certain are hits, and
    they are ranked among the others.
    """

    query: Query
    tried: str
    note: str = ""
    near: Query | None = None
    slipped: bool = False
    firm: bool = False


_NOTHING = Ids(())


def levels(intent: Intent, frequencies: Frequencies) -> Iterator[Level]:
    """The tries for an intent, each made only when the one before has no hits."""
    slipped = _slipped(intent.near) if intent.near else None
    if intent.identifier:
        code = intent.identifier
        note = f"按 {code.value} 查找：所输代码的校验位不符，改正易混字符后相符" if code.repaired else ""
        yield Level(Term(code.field, code.value), f"代码 {code.value}", note)
        if slipped:
            yield slipped
        return
    without = partial(_without, excluded=intent.excluded)
    if intent.unreadable:
        yield Level(_NOTHING, "", "所输的只有符号，没有可以查找的文字、字母或数字。")
        return
    if intent.empty:
        yield Level(without(MatchAll()), "全部企业")
        return
    short = without(_short(intent.text)) if _is_short(intent, frequencies) else None
    yield Level(without(_said(intent)), "名称含有所输文字，或读音、首字母这样开头", near=short, firm=True)
    if slipped:
        yield slipped
    if len(intent.words) > 1:
        tried = "各词分别在名称、住所、经营范围、法定代表人里"
        note = "名称不全含所输各词，以下结果的住所、经营范围或法定代表人含有其余的词"
        yield Level(without(DisMax(_spread(intent))), tried, note)
    tried = "名称差一两个字、同音或是简称，住所、经营范围含有所输文字"
    held = without(_anywhere(intent.words[0])) if len(intent.words) == 1 else _NOTHING
    ways = _meant(intent, frequencies)
    yield Level(held, tried, near=without(DisMax(ways)) if ways else None)


def _is_short(intent: Intent, frequencies: Frequencies) -> bool:
    """Whether a short name may have been typed: nobody bears it as a brand, or as brand and trade."""
    text = intent.text
    plain = len(intent.words) == 1 and not (intent.letters or intent.sounds or intent.code_start or intent.address)
    return (
        plain
        and 3 <= len(text) <= _SHORT_NAME
        and not any(sum(frequencies(field, [text])) for field in ("core", "brand"))
    )


def _short(text: str) -> Query:
    """Names that hold all characters of a short one; first those of companies that have shares or a group. The first
    character may stand for a place: 沪 for 上海."""
    large = [ConstantScore(Term("name_2", mark), _START) for mark in MARKS] if len(text) > 2 else []
    ways: list[Query] = [Match("name_1", tokens.chars(text), "and")]
    if len(text) > 2 and (place := ABBREVIATIONS.get(text[0])):
        ways.append(Match("name_1", tokens.chars(place + text[1:]), "and"))
    return Bool(must=[DisMax(ways)], should=large)


def _slipped(near: NearCodes) -> Level:
    """Level 2."""
    return Level(Terms(near.field, near.values), f"与 {near.typed} 只差一处的代码", slipped=True)


def nearest(intent: Intent, frequencies: Frequencies) -> Query | None:
    """What shares a pair of characters, or of typed syllables, that few names hold; for when no level finds anything.

    What many names hold (咖啡, 贸易) makes no name near. `None` for a code, and where no pair is rare.
    """
    if intent.identifier or intent.empty or intent.near:
        return None
    pairs = {"name_2": tokens.bigrams(intent.name.spoken or intent.text)}
    if len(syllables := intent.sounds or (_syllables(intent) if intent.letters else ())) > 1:
        pairs["pinyin"] = pinyin.bigrams(pinyin.similar(syllables))
    ways: list[Query] = []
    for field, prepared in pairs.items():
        every = list(dict.fromkeys(prepared.split()))
        counted = zip(frequencies(field, every), every, strict=True)
        if rare := [token for count, token in counted if 0 < count <= _FEW]:
            ways.append(Match(field, " ".join(rare), "or"))
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
    for at, letters in enumerate(intent.spellings):
        ways += _spelled(letters) if at else [*_initials(letters), *_spelled(letters)]
    for placed in intent.placed:
        start = ConstantScore(Prefix("pinyin_key", placed.rest), _BRAND)
        ways.append(Bool(must=[start], filter=[Terms("region", placed.codes)]))
    if intent.sounds:
        ways.append(_sounding(intent.sounds))
    if intent.address:
        ways.append(Bool(must=[_in_address(word.text) for word in intent.words]))
    return DisMax(ways) if len(ways) > 1 else ways[0]


def _initials(letters: str) -> list[Query]:
    """Names, or brands, of these first letters; names that begin with them."""
    ways: list[Query] = [ConstantScore(Term("initials", letters), _CORE)] if len(letters) > 1 else []
    return [*ways, ConstantScore(Prefix("initials", letters), _START)] if len(letters) >= _LEAST_LETTERS else ways


def _spelled(letters: str) -> list[Query]:
    """Names that are read so, or begin so."""
    ways = [_sounding(syllables) for syllables in pinyin.split(letters)[:2] if len(syllables) > 1]
    return [*ways, ConstantScore(Prefix("pinyin_key", letters), _BRAND)] if len(letters) >= _LEAST_LETTERS else ways


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
        Bool(must=[_in_name(text), ConstantScore(Term("name_2", MARKS[0]), _LARGE)]),
    ]
    if text.endswith(MARKS) and len(text) > len(MARKS[0]) + 1:  # 阳光股份 for 阳光新业地产股份有限公司
        mark = text[-len(MARKS[0]) :]
        ways.append(Bool(must=[_in_name(text.removesuffix(mark)), _in_name(mark)]))
    if len(words) > 1:
        ways.append(Bool(must=words))
    elif (rest := intent.behind_place) and not intent.name.form:
        ways.append(Bool(must=[_in_name(rest)], filter=[_placed(intent.name.region, intent.places)]))
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
    """Level 4, without the words of address and scope."""
    text = intent.text
    ways: list[Query] = []
    if len(text) > 2:
        ways += _some("name_2", tokens.bigrams(text), frequencies)
    syllables = _syllables(intent)
    if len(syllables) > 1:
        ways += _some("pinyin", pinyin.bigrams(pinyin.similar(syllables)), frequencies)
    if not intent.letters:
        ways += _heard(text)
        if intent.behind_place and (codes := intent.places):
            ways += [Bool(must=[heard], filter=[Terms("region", codes)]) for heard in _heard(intent.behind_place)]
    if 2 <= len(text) <= _SHORT_NAME:
        ways.append(_short(text))
    return ways


def _heard(text: str) -> list[Query]:
    """Names that a short text sounds like; those first that begin so, in front of or behind their region."""
    syllables = pinyin.syllables(text)
    if not 2 <= len(syllables) <= MOST_HEARD:
        return []
    begun = ConstantScore(Prefix("pinyin_key", "".join(syllables)), _BRAND)
    return [DisMax([begun, ConstantScore(_sounding(syllables), _START)])]


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
    """Documents with some of the rarest of these tokens. How near each comes is for the ranking to say: to score the
    common tokens too takes most of the time and moves nothing."""
    every = list(dict.fromkeys(prepared.split()))
    counted = zip(frequencies(field, every), every, strict=True)
    known = [token for count, token in sorted(counted) if count]
    if len(every) == 1 or len(known) < 2:
        return []
    rarest = known[:_RAREST]
    least = min(_LEAST, max(1, len(rarest) - 1))
    return [Match(field, " ".join(rarest), "or", least)]
