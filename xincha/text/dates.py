"""Dates as they are written in published files → `datetime.date`.

Read: `2018-03-05`, `2018/3/5`, `2018.3.5.`, `2018年3月5日`, `20180305`, `2018 03 05`, each with or without a time and a
day of the week after it (`上午10时`, `星期一`); the same in Chinese numerals, those of cheques too
(`二〇一八年元月五日`, `贰零壹捌年叁月伍日`, `廿一日`); years of the Republic (`民国107年3月5日`); what programs write:
`Mar 5, 2018 12:00:00 AM` and `Mon Mar 05 00:00:00 CST 2018` (Java), `Mon Mar 05 2018 00:00:00 GMT+0800 (…)`
(JavaScript), `Mon, 05 Mar 2018 …` (HTTP), `05-Mar-2018` and `05-3月-2018` (Oracle), milliseconds since 1970 (13 digits,
in China's time zone, as the national publicity system sends them), and Excel's serial numbers of five digits (`43164`,
`43164.5`; 10000 to 73050: May 1927 to the end of 2099).

A time that names its zone is the day that it was in China: `2018-03-04T16:00:00Z` is March 5, as programs write it.

Not guessed, hence `None`: day and month in unknown order (`05/03/2018`), two-digit years, a month without a day, months
of the lunar calendar (正月), dates that do not exist. Placeholders (`1900-1-1`, `9999-12-31`, `N/A`, `长期`) are no
dates; `is_sentinel` tells them from what could not be read. Only `parse_end` gives the open end its value, 9999-12-31.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from xincha.days import CHINA, FOREVER
from xincha.text.fold import clean, normalized

_FIRST, _LAST = date(1800, 1, 1), date(2200, 12, 31)

_PART_OF_DAY = r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜间|[早晚])?"
_ZONE = r"(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-]\d{2}:?\d{2})"
_TIME = (
    rf"(?:[T ]*{_PART_OF_DAY}\s*(?P<hour>\d{{1,2}})(?:[:点](?P<minute>\d{{1,2}})|[时点](?:(?P<minutes>\d{{1,2}})分?)?)"
    rf"(?:[:分]?\d{{1,2}}(?:[.:]\d+)?)?[秒分整]?\s*(?:[AP]M|{_ZONE}(?: [A-Z]{{3,4}})?)?"
    rf"|\s*{_PART_OF_DAY}(?:[零一二三四五六七八九十]{{1,3}}[时点](?:[零一二三四五六七八九十]{{1,3}}分|半)?)?)?(?:左右|许)?"
)
_WEEKDAY = r"(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_ORDERED = re.compile(
    r"(?:公元|西元)?(\d{4})(?:\s*([-/.年])\s*(\d{1,2})\s*(?:\2|月)\s*(\d{1,2})\s*[日号]?|\s?(\d\d)\s?(\d\d)日?)"
    rf"{_WEEKDAY}\s*{_TIME}{_WEEKDAY}[.。]?",
    re.IGNORECASE,
)
_COMPACT_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?")
_ENGLISH = re.compile(
    r"(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) (\d{1,2})"
    r"(?:, (\d{4})(?: [\d:]+ ?[AP]M)?| [\d:]{8} [A-Z]{3,4} (\d{4})| (\d{4}) (?P<hour>\d\d):(?P<minute>\d\d):\d\d"
    r"(?: GMT(?P<zone>[+-]\d{4})(?: ?\(.{1,40}\))?)?)"
)
_DAY_FIRST = re.compile(rf"(\d{{1,2}})([- ])(?:([A-Z][A-Za-z]{{2}})|(\d{{1,2}})月 ?)\2(\d{{4}})\s*{_TIME}")
_HTTP = re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:GMT|UTC|[+-]\d{4})")
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_MILLISECONDS = re.compile(r"-?(?:\d{10}|(?!1[89]|20)\d{9})000")
_NUMERALS = "一二三四五六七八九十"
_NUMBER = rf"0?[{_NUMERALS}廿卅]{{1,4}}"
_CHINESE = re.compile(
    rf"(?:公元)?([0一二三四五六七八九]{{4}})年({_NUMBER}|1)月({_NUMBER})[日号]?{_WEEKDAY}\s*{_TIME}[.。]?"
)
_REPUBLIC = re.compile(
    rf"(?:中华)?民国(?:(\d{{1,3}})|([0百{_NUMERALS}]{{1,5}}))年(?:(\d{{1,2}})|({_NUMBER}))月(?:(\d{{1,2}})|({_NUMBER}))日?"
)
_BEFORE_REPUBLIC = 1911
_SAME = str.maketrans(
    "零〇○◯OoОоΟο壹贰貳叁參参肆伍陆陸柒捌玖拾弌弍弎兩两國華",
    "0000000000一二二三三三四五六六七八九十一二三二二国华",
)
"""Numerals of cheques, and what stands for a nought: circles, and the letter O of three scripts."""
_FIRST_MONTH = re.compile(r"(?<=年)元(?=月)")
_ARABIC = str.maketrans("一二三四五六七八九", "123456789")
_NO_DATE = re.compile(
    r"(?:1900|0001|0000|1753|9999)\D{0,3}(?:0?[01]|12)\D{0,3}(?:0?[01]|3[01])\D{0,3}(?:0?0:00.*)?"
    r"|1899-12-3[01](?:[T ].*)?|1970-01-01[T ]0?8:00:00(?:\.0+)?|0+(?:\.0+)?"
)
_OPEN = re.compile(
    r"9999\D{0,3}12\D{0,3}31\D?(?:\s*[\d:.]+)?|长期有?效?|永久|永续(?:经营)?|无固定期限|无期限|无限期|不约定期限|至长期"
)
_LONGEST = 80  # characters of a date with its time, in any form
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
        found = found or _in_words(shown)
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
    return shown and _FIRST_MONTH.sub("1", normalized("NFKC", shown))


def _bounded(found: date) -> date | None:
    if not _FIRST <= found <= _LAST or found in (date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31)):
        return None
    return found


def _ordered(match: re.Match[str]) -> date:
    year, _, month, day, month_compact, day_compact = match.groups()[:6]
    return _in_china(date(int(year), int(month or month_compact), int(day or day_compact)), match)


def _in_china(day: date, match: re.Match[str]) -> date:
    """The day that it was in China at a time that names its zone."""
    if not match["zone"]:
        return day
    ahead = re.sub(r"[A-Z:]", "", match["zone"].upper()) or "+0000"
    offset = timedelta(hours=int(ahead[1:3]), minutes=int(ahead[3:])) * (-1 if ahead[0] == "-" else 1)
    time = match.groupdict()
    minutes = int(time["hour"]) * 60 + int(time["minute"] or time.get("minutes") or 0)
    there = datetime(day.year, day.month, day.day, tzinfo=timezone(offset)) + timedelta(minutes=minutes)
    return there.astimezone(CHINA).date()


def _serial(match: re.Match[str]) -> date | None:
    serial = int(match[1])
    return date(1899, 12, 30) + timedelta(days=serial) if 10_000 <= serial <= 73_050 else None


def _milliseconds(match: re.Match[str]) -> date:
    return datetime.fromtimestamp(int(match[0]) / 1000, CHINA).date()


def _english(match: re.Match[str]) -> date:
    return _in_china(date(int(match[3] or match[4] or match[5]), _month(match[1]), int(match[2])), match)


def _day_first(match: re.Match[str]) -> date:
    month = int(match[4]) if match[4] else _month(match[3])
    return _in_china(date(int(match[5]), month, int(match[1])), match)


def _month(name: str) -> int:
    return _MONTHS.index(name.capitalize()) // 3 + 1


def _http(match: re.Match[str]) -> date:
    return parsedate_to_datetime(match[0]).astimezone(CHINA).date()


def _in_words(shown: str) -> date | None:
    """A date in Chinese numerals, or in years of the Republic."""
    text = shown.translate(_SAME)
    if match := _CHINESE.fullmatch(text):
        return _in_china(date(_digits(match[1]), _below_hundred(match[2]), _below_hundred(match[3])), match)
    if match := _REPUBLIC.fullmatch(text):
        year, years, month, months, day, days = match.groups()
        number = int(year) if year else _of_republic(years)
        when = int(month) if month else _below_hundred(months), int(day) if day else _below_hundred(days)
        return date(number + _BEFORE_REPUBLIC, *when)
    return None


def _digits(text: str) -> int:
    return int(text.translate(_ARABIC))


def _of_republic(text: str) -> int:
    """A year of up to three digits, digit by digit (一〇七) or in full (一百零七)."""
    if "百" not in text:
        return _digits(text) if "十" not in text else _below_hundred(text)
    hundreds, _, rest = text.partition("百")
    return _digits(hundreds) * 100 + (_below_hundred(rest) if rest else 0)


def _below_hundred(text: str) -> int:
    """三十一, 十, 廿一, 卅; 零三, as cheques have it."""
    text = text.lstrip("0").replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        raise ValueError(text)
    values = "零一二三四五六七八九"
    if text == "1":  # 元月
        return 1
    return (values.index(tens) if tens else 1 if ten else 0) * 10 + (values.index(ones) if ones else 0)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date | None]], ...] = (
    (_ORDERED, _ordered),
    (_MILLISECONDS, _milliseconds),  # first: twelve digits of them may look like a compact time
    (_COMPACT_TIME, lambda match: date(int(match[1]), int(match[2]), int(match[3]))),
    (_SERIAL, _serial),
    (_ENGLISH, _english),
    (_DAY_FIRST, _day_first),
    (_HTTP, _http),
)
