"""Dates in every form that was seen."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xincha.days import FOREVER
from xincha.text.dates import is_sentinel, parse, parse_end

DATES = st.dates(date(1901, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2018-03-05", "2018-3-5", "2018/3/5", "2018/03/05", "2018.3.5", "2018.03.05", "20180305", "2018 03 05",
        "2018年3月5日", "2018年03月05日", "2018 年 3 月 5 日", "2018年3月5号", "2018年3月5", "２０１８年３月５日",
        "2018-03-05\u3000", "2018-03-05 00:00:00", "2018-03-05 00:00:00.0", "2018/3/5 0:00",
        "2018-03-05T00:00:00.000Z", "20180305103000",
        "2018-03-05T08:00:00+08:00", "201803051030", "二〇一八年三月五日", "二○一八年三月五日", "二零一八年三月五日",
        "43164", "43164.0", "43164.75", "1520179200000", "Mar 5, 2018 12:00:00 AM", "Mar 5, 2018",
        "Mon Mar 05 00:00:00 CST 2018", "2018-03-05 12:00:00 PM", "2018年3月5日 10时30分",
        "二О一八年三月五日", "二○一八年叁月伍日", "贰零壹捌年叁月伍日", "贰零壹捌年零叁月零伍日", "二Ｏ一八年三月五日",
        "二〇一八年三月五日上午", "二〇一八年三月五日上午十时", "公元二〇一八年三月五日", "民国107年3月5日",
        "民國一〇七年三月五日",
        "中华民国一百零七年三月五日", "2018年3月5日上午10时", "2018年3月5日下午3时30分", "2018年3月5日晚8点",
        "2018年3月5日零时",
        "2018-03-05 上午 10:30:00", "2018年3月5日10时许", "2018.03.05.", "2018-03-05。", "2018年3月5日星期一",
        "2018-03-05 10:00:00（星期一）", "20180305日", "2018年03月05日00时00分00秒", "2018-03-05 00:00:00 +0800 CST",
        "Mon Mar 05 2018 00:00:00 GMT+0800 (中国标准时间)", "Mon Mar 05 2018 00:00:00 GMT+0800",
        "Sun Mar 04 2018 16:00:00 GMT+0000 (Coordinated Universal Time)", "Mon, 05 Mar 2018 00:00:00 GMT",
        "Sun, 04 Mar 2018 16:00:00 GMT", "2018-03-04T16:00:00.000Z", "05-Mar-2018", "5-MAR-2018 10:00", "05-3月-2018",
    ],
)  # fmt: skip
def test_every_form_of_one_day(text: str) -> None:
    assert parse(text) == parse_end(text) == date(2018, 3, 5)
    assert not is_sentinel(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1978-04-13", date(1978, 4, 13)),
        ("2016-02-29", date(2016, 2, 29)),
        ("二〇一八年十二月三十一日", date(2018, 12, 31)),
        ("二〇二〇年十月二十日", date(2020, 10, 20)),
        ("1970-01-01", date(1970, 1, 1)),
        ("2099-12-31", date(2099, 12, 31)),
        ("二〇一八年元月五日", date(2018, 1, 5)),
        ("2018年元月5日", date(2018, 1, 5)),
        ("二〇一八年十二月卅一日", date(2018, 12, 31)),
        ("二〇一八年腊月", None),
        ("贰零贰叁年壹拾贰月叁拾壹日", date(2023, 12, 31)),
        ("二〇一八年三月廿一日", date(2018, 3, 21)),
        ("民国九十九年十二月三十一日", date(2010, 12, 31)),
        ("民国元年", None),
        ("943891200000", date(1999, 11, 30)),
        ("202203050000", date(2022, 3, 5)),  # a time, not milliseconds
    ],
)
def test_other_days(text: str, day: date | None) -> None:
    assert parse(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "2018-02-30", "2018-13-01", "2018-00-10", "2017年2月29日", "20180230", "0018-03-05", "3018-03-05",
        "05/03/2018", "5-3-2018", "18-03-05", "2018年3月", "2018-03", "2018", "2018-03/05", "2018-03-05至2019-03-05",
        "二〇一八年三十月五日", "二〇二三年廿一日", "二〇一八年正月五日", "05-3月-18", "5-3月 -18",
        "5-Foo-2018", "Foo 5, 2018", "12345678901234567890", "三月五日", "有限公司", "4316",
    ],
)  # fmt: skip
def test_what_is_impossible_or_would_be_guessed_is_none_and_no_placeholder(text: str) -> None:
    assert parse(text) is None
    assert parse_end(text) is None
    assert not is_sentinel(text)


@pytest.mark.parametrize(
    "text",
    [
        None, "", "N/A", "-", "暂无", "无", "/", "1900-1-1", "1900-01-01", "1900/1/1 0:00", "1900年1月1日", "19000101",
        "1900/1/0", "0001-01-01T00:00:00", "1753-01-01", "1899-12-30", "1899-12-31", "0000-00-00", "00000000", "0",
        "1970-01-01 08:00:00", "无处罚期限", "无期限", "不适用",
    ],
)  # fmt: skip
def test_placeholders_are_no_dates(text: str | None) -> None:
    assert parse(text) is None
    assert is_sentinel(text)


@pytest.mark.parametrize(
    "text", ["长期", "长期有效", "永久", "无固定期限", "9999-12-31", "9999/12/31 0:00", "9999年12月31日", "99991231"]
)
def test_an_open_end_is_a_date_only_as_an_end(text: str) -> None:
    assert parse(text) is None
    assert parse_end(text) == FOREVER
    assert is_sentinel(text)


@given(DATES, st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S"]))
def test_a_written_date_is_read_back(day: date, form: str) -> None:
    text = day.strftime(form)
    assert parse(text) == day
    assert parse(f" {text}\u3000") == day


@given(st.dates(date(1927, 6, 1), date(2099, 12, 31)))
def test_a_serial_number_is_read_back(day: date) -> None:
    assert parse(str((day - date(1899, 12, 30)) // timedelta(days=1))) == day


@given(st.text() | st.from_regex(r"[0-9年月日/.\- :]{1,20}", fullmatch=True))
def test_any_text_is_a_day_or_none(text: str) -> None:
    found = parse(text)
    assert found is None or (found.year >= 1800 and not is_sentinel(text))


def test_every_date_of_the_registry_is_read(registry: Path) -> None:
    read = 0
    for file in ("xiamen", "fujian_rest", "national"):
        with (registry / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                day = parse(row["注册日期"])
                assert day is not None, row["注册日期"]
                assert day.isoformat() == row["注册日期"]
                read += 1
    assert read == 72_258
