"""Dates as they are written in published files → `datetime.date`.

Read: `2018-03-05`, `2018/3/5`, `2018.3.5`, `2018年3月5日`, `二〇一八年三月五日`, `20180305`, `2018 03 05`, each
with or without a time after it; `Mar 5, 2018 12:00:00 AM` and `Mon Mar 05 00:00:00 CST 2018` (Java), milliseconds
since 1970 (13 digits, in China's time zone, as the national publicity system sends them), and Excel's serial numbers of
five digits (`43164`, `43164.5`; 10000 to 73050: May 1927 to the end of 2099).

Not guessed, hence `None`: day and month in unknown order (`05/03/2018`), two-digit years, a month without a day,
dates that do not exist. Placeholders (`1900-1-1`, `9999-12-31`, `N/A`, `长期`) are no dates; `is_sentinel` tells them
from what could not be read. Only `parse_end` gives the open end its value, 9999-12-31.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from xincha.days import CHINA, FOREVER
from xincha.text.fold import clean, normalized

_FIRST, _LAST = date(1800, 1, 1), date(2200, 12, 31)

_TIME = r"(?:[T ]*\d{1,2}[:时点]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?)?[秒分]?\s*(?:Z|[AP]M|[+-]\d{2}:?\d{2})?)?"
_ORDERED = re.compile(
    rf"(\d{{4}})(?:\s*([-/.年])\s*(\d{{1,2}})\s*(?:\2|月)\s*(\d{{1,2}})\s*[日号]?|\s?(\d\d)\s?(\d\d))\s*{_TIME}",
    re.IGNORECASE,
)
_COMPACT_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?")
_ENGLISH = re.compile(
    r"(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) (\d{1,2})(?:, (\d{4})(?: [\d:]+ ?[AP]M)?| [\d:]{8} [A-Z]{3,4} (\d{4}))"
)
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_MILLISECONDS = re.compile(r"-?(?:\d{10}|(?!1[89]|20)\d{9})000")
_CHINESE = re.compile(
    r"([〇零○O0一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?"
)
_DIGITS = str.maketrans("〇零○O一二三四五六七八九", "0000123456789")

_NO_DATE = re.compile(
    r"(?:1900|0001|0000|1753|9999)\D{0,3}(?:0?[01]|12)\D{0,3}(?:0?[01]|3[01])\D{0,3}(?:0?0:00.*)?"
    r"|1899-12-3[01](?:[T ].*)?|1970-01-01[T ]0?8:00:00(?:\.0+)?|0+(?:\.0+)?"
)
_OPEN = re.compile(
    r"9999\D{0,3}12\D{0,3}31\D?(?:\s*[\d:.]+)?|长期有?效?|永久|永续(?:经营)?|无固定期限|无期限|无限期|不约定期限|至长期"
)
_LONGEST = 60  # characters of a date with its time, in any form
_NO_TERM = re.compile(r"无(?:处罚)?(?:有效)?(?:期限|期)|无有?效期|不适用|待定|未定|另行通知")


def parse(text: str | None) -> date | None:
    """The date that a text states; `None` where it is a placeholder, impossible, ambiguous or no date at all."""
    if text is None:
        return None
    if len(text) == 10 and text[4] == text[7] == "-":  # nearly every date of nearly every file
        try:
            return _bounded(date.fromisoformat(text))
        except ValueError:
            return None
    shown = _plain(text)
    if shown is None or len(shown) > _LONGEST or _NO_DATE.fullmatch(shown) or _OPEN.fullmatch(shown):
        return None
    try:
        found = next((reader(match) for form, reader in _FORMS if (match := form.fullmatch(shown))), None)
    except (ValueError, OverflowError):
        return None
    return _bounded(found) if found else None


def parse_end(text: str | None) -> date | None:
    """As `parse`, but an open end (长期, 永久, 无固定期限, 9999-12-31) is 9999-12-31."""
    shown = _plain(text)
    if shown is not None and _OPEN.fullmatch(shown):
        return FOREVER
    return parse(text)


def is_sentinel(text: str | None) -> bool:
    """Whether the text says on purpose that there is no date: empty, a placeholder, 1900-1-1, 长期, 无处罚期限."""
    shown = _plain(text)
    return shown is None or any(pattern.fullmatch(shown) for pattern in (_NO_DATE, _OPEN, _NO_TERM))


def _plain(text: str | None) -> str | None:
    shown = clean(text)
    return shown and normalized("NFKC", shown)


def _bounded(found: date) -> date | None:
    if not _FIRST <= found <= _LAST or found in (date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31)):
        return None
    return found


def _ordered(match: re.Match[str]) -> date:
    year, _, month, day, month_compact, day_compact = match.groups()
    return date(int(year), int(month or month_compact), int(day or day_compact))


def _serial(match: re.Match[str]) -> date | None:
    serial = int(match[1])
    return date(1899, 12, 30) + timedelta(days=serial) if 10_000 <= serial <= 73_050 else None


def _milliseconds(match: re.Match[str]) -> date:
    return datetime.fromtimestamp(int(match[0]) / 1000, CHINA).date()


def _english(match: re.Match[str]) -> date:
    return date(int(match[3] or match[4]), _MONTHS.index(match[1]) // 3 + 1, int(match[2]))


def _chinese(match: re.Match[str]) -> date:
    return date(int(match[1].translate(_DIGITS)), _below_hundred(match[2]), _below_hundred(match[3]))


def _below_hundred(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        raise ValueError(text)
    values = "零一二三四五六七八九"
    return (values.index(tens) if tens else 1 if ten else 0) * 10 + (values.index(ones) if ones else 0)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date | None]], ...] = (
    (_ORDERED, _ordered),
    (_MILLISECONDS, _milliseconds),  # first: twelve digits of them may look like a compact time
    (_COMPACT_TIME, lambda match: date(int(match[1]), int(match[2]), int(match[3]))),
    (_SERIAL, _serial),
    (_ENGLISH, _english),
    (_CHINESE, _chinese),
)
