"""What a check may have led to, from files to answers, and back; and what it did not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.kinds import double_random as of
from tests.kinds.double_random import Data, data_in
from xincha.days import today

Get = Callable[..., Any]
CHECKED = today() - timedelta(days=60)
OTHER_NAME = "厦门示例双随机商贸有限公司"
REGISTER = f"{of.REGISTER}{OTHER_NAME},,存续,2010-01-05,厦门市思明区示例路2号\n"
CHECK = (
    "企业名称,统一社会信用代码,抽查任务编号,抽查事项,抽查检查结果,抽查日期,检查实施机关\n"
    f"{of.NAME},{of.CODE},{of.TASK_NO},登记事项检查,通过登记的住所（经营场所）无法联系,{CHECKED},{of.OFFICE}\n"
    f"{of.NAME},{of.CODE},{of.TASK_NO}2,登记事项检查,未发现问题,{CHECKED},{of.OFFICE}\n"
)


def listing(days: int, reason: str = "通过登记的住所无法联系", name: str = of.NAME, removed: int | None = None) -> str:
    code = of.CODE if name == of.NAME else ""
    ended = "" if removed is None else today() - timedelta(days=removed)
    return f"{name},{code},{reason},{CHECKED + timedelta(days=days)},{of.OFFICE},{ended}\n"


LISTINGS = (
    "企业名称,统一社会信用代码,列入原因,列入日期,作出列入决定机关,移出日期\n"
    + listing(3)
    + listing(-1, "弄虚作假")
    + listing(45, "通过登记的住所或者经营场所无法联系")
    + listing(4, "未按规定公示年度报告")
    + listing(5, name=OTHER_NAME)
    + listing(2, "经营场所查无此企业", removed=1)
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    data = data_in(tmp_path_factory.mktemp("sequel"))
    data.load(register=REGISTER, checks=CHECK, listings=LISTINGS)
    data.publish()
    return data


@pytest.fixture(scope="module")
def get(data: Data) -> Iterator[Get]:
    with data.asked() as get:
        yield get


def test_a_check_that_found_something_offers_what_may_have_followed_and_nothing_else(get: Get) -> None:
    (check,) = get("records", kind="spot_check", state="found")["hits"]
    assert check["possibly_led_to"] == []
    whole = get(f"records/{check['record_id']}")
    (sequel,) = whole["possibly_led_to"]
    assert (sequel["kind"], sequel["days"], sequel["happened_on"]) == (
        "abnormal", 3, (CHECKED + timedelta(days=3)).isoformat(),
    )  # fmt: skip
    assert "没有公布" in sequel["rule"]
    assert "possibly_after" not in whole
    back = get(f"records/{sequel['record_id']}")
    assert [(each["record_id"], each["kind"], each["days"]) for each in back["possibly_after"]] == [
        (check["record_id"], "spot_check", 3)
    ]


def test_a_check_that_found_nothing_led_to_nothing(get: Get) -> None:
    (check,) = get("records", kind="spot_check", state="clear")["hits"]
    assert get(f"records/{check['record_id']}")["possibly_led_to"] == []


def test_what_is_of_another_time_or_about_something_else_follows_no_check(get: Get) -> None:
    listings = get("records", kind="abnormal")["hits"]
    assert len(listings) == 5  # the one that was removed is not public
    after = {
        (each["party_name"], each["reason"]): get(f"records/{each['record_id']}")["possibly_after"] for each in listings
    }
    assert [of_whom for of_whom, checks in after.items() if checks] == [(of.NAME, "通过登记的住所无法联系")]
