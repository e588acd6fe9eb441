"""Every text of a batch in its clean, masked form; mojibake named.

The pure functions (`xincha.text.fold.clean`, `xincha.rules.redact.redact`) run only on values that a regular expression
cannot rule out: `UNCLEAN` holds every character that `clean` changes (a test goes through all of Unicode), `PATTERN` of
the redaction every text that it may change.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from indexer.canonical.batch import Batch
from indexer.findings import Code
from xincha.kinds import KINDS
from xincha.kinds.entity import ENTITY
from xincha.rules import redact as redaction
from xincha.rules.redact import redact
from xincha.text import decision, fold
from xincha.text.fold import clean
from xincha.text.text_marks import MARKED, unmarked

PLACEHOLDER = r"^[^\p{Han}\d]*$|[无空未]|没有|不详|不公示"
"""Holds every placeholder of up to `SHORT` characters (N/A, 暂无, 企业选择不公示)."""
SHORT = 12

UNCLEAN = (
    r"[&\x00-\x1f\x7f-\xa0\x{ad}\p{M}\p{Cf}\p{Zl}\p{Zp}\x{340}-\x{345}\x{374}\x{37e}\x{387}\x{958}-\x{f69}\x{1100}-\x{11ff}\x{1680}"
    r"\x{180e}\x{1f71}-\x{1fff}\x{2000}-\x{200f}\x{2028}-\x{202f}\x{205f}-\x{206f}\x{2126}\x{212a}\x{212b}\x{2329}\x{232a}"
    r"\x{2800}\x{2adc}\x{3000}\x{3164}\x{f900}-\x{faff}\x{fb1d}-\x{fb4e}\x{ff10}-\x{ff19}\x{ff21}-\x{ff3a}"
    r"\x{ff41}-\x{ff5a}\x{e78d}-\x{e864}\x{ffa0}\x{fff9}-\x{fffb}\x{fffe}\x{ffff}\x{1d15e}-\x{1d1c0}\x{2f800}-\x{2fa1d}]"
    r"|  |^ | $|^[\s\p{P}\p{S}]+$"
)

_FACTS = [*ENTITY, *(fact for kind in KINDS.values() for fact in kind.facts)]

PROSE = frozenset(fact.name for fact in _FACTS if fact.prose)
"""Columns of prose, which a damaged character does not make useless: kept with an issue."""

LINES_KEPT = frozenset(fact.name for fact in _FACTS if fact.lines_kept)
"""Columns of texts whose lines stay as they are."""

SAID_PLAINLY = frozenset(f.name for kind in KINDS.values() if not kind.party for f in kind.own if f.type == "flag")
"""Columns in which 不公示 and 无 are an answer, and no placeholder: whether a task publishes its list."""

MOST_TEXT, MOST_PROSE, MOST_LIST, MOST_ADDRESS, MOST_VALUE = decision.LONGEST, 50_000, 5_000, 1_000, 500
"""Characters of a full text, of prose, of several values in one cell, of an address, and of any other value. The
longest values that were seen have 1,024, names 37, addresses 90. One longer value could not be indexed, and would keep
all others from being published."""

_MOST = {
    **dict.fromkeys((fact.name for fact in _FACTS if fact.type == "list"), MOST_LIST),
    **dict.fromkeys(PROSE, MOST_PROSE),
    **dict.fromkeys(LINES_KEPT, MOST_TEXT),
    "address": MOST_ADDRESS,
}

_UNMASKED = re.compile(
    r".*_on|term|status|province|city|district|region|capital_currency|fine|confiscated|fine_and_confiscated|state|code|party_code|"
    + "|".join(fact.name for fact in _FACTS if fact.type in ("code", "flag"))
)
"""Columns that need no mask: codes have a check of their own, and are masked only where they are quoted in a finding;
of dates and the like only the value that was read is stored."""

NAMES = frozenset({"name", "trade_name", "party_name"})

_FIELDS: dict[str, redaction.Field] = {
    **dict.fromkeys((fact.name for fact in _FACTS if fact.number), "number"),
    **dict.fromkeys(("capital", "party_institution_no", "party_society_no"), "number"),
    **dict.fromkeys((*NAMES, "former_names"), "name"),
    "address": "address",
}
"""What columns hold, where that is no prose."""

_LOST = "\ufffd|锟斤|烫烫烫|屯屯屯"
_HAN = re.compile("[\u4e00-\u9fff]")


_MISREAD_BYTES = [bytes((lead, trail)) for lead in range(0xE4, 0xEA) for trail in range(0x80, 0xC0)] + [b"\xef\xbc"]
_MISREAD_LEAD = "".join(pair.decode("gbk", errors="ignore") for pair in _MISREAD_BYTES)
"""Characters that GBK makes of the first two bytes of a Chinese character in UTF-8 (E4–E9, 80–BF; EF BC)."""

SUSPECT = (
    rf"{_LOST}|[{_MISREAD_LEAD}]"
    r"|[\x{e4}-\x{e9}][\x{80}-\x{ff}\x{152}-\x{2dc}\x{2013}-\x{203a}\x{20ac}\x{2122}]"
)

_ATTENTION = f"{UNCLEAN}|{SUSPECT}|{MARKED}|{redaction.PATTERN}"
"""One pass over every text instead of three."""


def is_mojibake(text: str) -> bool:
    """Whether a text is damaged: characters were lost (U+FFFD, 锟斤拷), or bytes of UTF-8 were read as GBK or
    Latin-1."""
    return bool(re.search(_LOST, text)) or _is_misread(text)


def _is_misread(text: str) -> bool:
    for encoding in ("gbk", "cp1252", "latin-1"):
        if (encoding == "gbk") != bool(_HAN.search(text)):
            continue
        again = text.encode(encoding, errors="ignore").decode("utf-8", errors="replace")
        han = len(_HAN.findall(again))
        if han >= 2 and again.count("\ufffd") * 4 <= han:
            return True
    return False


def tidy(batch: Batch) -> None:
    """Cleans, masks and checks every text column of the batch, in place."""
    for name in [name for name in batch.frame.columns if name in batch.layout.columns]:
        series = batch.frame[name]
        short = series.filter(series.str.len_chars() <= SHORT)
        placeholders = short.filter(short.str.contains(PLACEHOLDER))
        odd = pl.concat([series.filter(series.str.contains(_ATTENTION)), placeholders]).drop_nulls().unique()
        if odd.is_empty():
            _bound(batch, name)
            continue
        lost = _name_mojibake(batch, name, odd)
        values = odd.to_list()
        cleaned: list[str | None] = batch.memory.all(_cleaner(name), values)
        if not _UNMASKED.fullmatch(name):
            field = _FIELDS.get(name, "text")
            cleaned = [text and redact(text, field) for text in cleaned]
        new = {old: text for old, text in zip(values, cleaned, strict=True) if old != text} | dict.fromkeys(lost)
        if new:
            old_values, texts = (pl.Series([*part], dtype=pl.String) for part in (new, new.values()))
            batch.frame = batch.frame.with_columns(series.replace(old_values, texts).alias(name))
        _bound(batch, name)


def _cleaner(name: str) -> Callable[[str], str | None]:
    """What cleans the texts of a column."""
    return _clean_lines if name in LINES_KEPT else fold.tidy if name in SAID_PLAINLY else _clean


def _clean(text: str) -> str | None:
    """The clean text, without what a spreadsheet wrote around it."""
    shown = clean(text)
    return shown and clean(unmarked(shown))


def _clean_lines(text: str) -> str | None:
    """A text of many lines, each of them clean; blank ones stay where they part paragraphs. What a margin broke is
    whole, for a mask finds no half of a number."""
    lines = "\n".join(_clean(line) or "" for line in text.replace("\r\n", "\n").split("\n")).strip("\n")
    return re.sub(r"\n{3,}", "\n\n", decision.unwrapped(lines)) or None


def _bound(batch: Batch, name: str) -> None:
    """Names what is too long in a column, and cuts it if it is prose, or leaves it out."""
    series = batch.frame[name]
    most = _MOST.get(name, MOST_VALUE)
    where = (series.str.len_chars() > most).fill_null(False)
    if not where.any():
        return
    batch.issue(where, name, Code.VALUE_TOO_LONG)
    if name in NAMES:
        batch.overlong = batch.overlong | where
    bounded = series.str.slice(0, most) if name in PROSE else series.set(where, None)
    batch.frame = batch.frame.with_columns(bounded.alias(name))


def _name_mojibake(batch: Batch, name: str, odd: pl.Series) -> list[str]:
    """Names garbled values of a column; which of them say nothing any more."""
    damaged = [value for value in odd.filter(odd.str.contains(SUSPECT)).to_list() if is_mojibake(value)]
    if not damaged:
        return []
    where = batch.frame[name].is_in(damaged)
    batch.issue(where, name, Code.MOJIBAKE)
    if name in NAMES:
        batch.garbled = batch.garbled | where.fill_null(False)
    return [value for value in damaged if name not in PROSE or _is_misread(value)]
