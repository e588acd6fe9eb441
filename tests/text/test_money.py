"""Amounts of money as registers and decisions write them."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xincha.text.currencies import currency
from xincha.text.money import Money, confiscated_in, fine_in, is_sentinel, parse
from xincha.text.units import unit_of


@pytest.mark.parametrize(
    ("text", "amount", "code"),
    [
        ("100(万元人民币)", "1000000", "CNY"),
        ("1,000(万元人民币)", "10000000", "CNY"),
        ("1,234.5(万元)", "12345000", "CNY"),
        ("601.8000(万元人民币)", "6018000", "CNY"),
        ("1,000,000(人民币元)", "1000000", "CNY"),
        ("50(万美元)", "500000", "USD"),
        ("50(万元(美元))", "500000", "USD"),
        ("9((万美元))", "90000", "USD"),
        ("9(万美元 )", "90000", "USD"),
        ("888万元人民币", "8880000", "CNY"),
        ("75万人民币", "750000", "CNY"),
        ("62万人民币元", "620000", "CNY"),
        ("9( 万人民币元)", "90000", "CNY"),
        ("9(万人民币 )", "90000", "CNY"),
        ("9(万元香港元)", "90000", "HKD"),
        ("2.16万港币", "21600", "HKD"),
        ("100(万香港元)", "1000000", "HKD"),
        ("300(万德国马克)", "3000000", "DEM"),
        ("1,000(万日元)", "10000000", "JPY"),
        ("4(万新加坡元)", "40000", "SGD"),
        ("3(万欧元)", "30000", "EUR"),
        ("1(万加拿大元)", "10000", "CAD"),
        ("100(万)", "1000000", "CNY"),
        ("9（万元）", "90000", "CNY"),
        ("１００万元", "1000000", "CNY"),
        ("人民币伍拾万元整", "500000", "CNY"),
        ("壹佰万元", "1000000", "CNY"),
        ("五十万", "500000", "CNY"),
        ("罚款人民币贰仟元整", "2000", "CNY"),
        ("贰拾伍万陆仟柒佰捌拾玖元壹角贰分", "256789.12", "CNY"),
        ("贰仟伍佰元零伍角", "2500.50", "CNY"),
        ("¥2,000.00元", "2000", "CNY"),
        ("￥2000（大写：贰仟元整）", "2000", "CNY"),
        ("USD 500000", "500000", "USD"),
        ("3万5千元", "35000", "CNY"),
        ("5百万元", "5000000", "CNY"),
        ("1.5亿元", "150000000", "CNY"),
        ("1.5E7元", "15000000", "CNY"),
        ("0(万元人民币)", "0", "CNY"),
        ("5元3角2分", "5.32", "CNY"),
    ],
)
def test_amounts_in_units_of_their_currency(text: str, amount: str, code: str) -> None:
    assert parse(text) == Money(Decimal(amount), code)
    assert not is_sentinel(text)


@pytest.mark.parametrize(
    "text",
    [
        "100", "5()", "1,000()", "吴展银", "Philippe", "2万余元", "1万元至3万元", "5000元以上", "-5万元", "1,00万元",
        "1,23,456元",
        "100法郎", "$100", "50美元人民币", "伍仟", "百元", "十十元", "100万股", "1e400元", "1E99元", "12-15万元",
    ],
)  # fmt: skip
def test_what_would_be_guessed_is_none(text: str) -> None:
    assert parse(text) is None
    assert not is_sentinel(text)


@pytest.mark.parametrize("text", [None, "", "N/A", "#()", "-", "暂无", "万元", "()", "万元人民币", "人民币"])
def test_placeholders_are_no_amounts(text: str | None) -> None:
    assert parse(text) is None
    assert is_sentinel(text)


@pytest.mark.parametrize(
    ("text", "unit", "money"),
    [
        ("5", "万元", Money(Decimal(50_000), "CNY")),
        ("0.5", "万元", Money(Decimal(5_000), "CNY")),
        ("0.000001", "万元", Money(Decimal("0.01"), "CNY")),
        ("5", "元", Money(Decimal(5), "CNY")),
        ("1,000.25", "元", Money(Decimal("1000.25"), "CNY")),
        ("5", "万美元", Money(Decimal(50_000), "USD")),
        ("5()", "万元", Money(Decimal(50_000), "CNY")),
        ("5000元", "万元", Money(Decimal(5_000), "CNY")),
        ("5万港币", "元", Money(Decimal(50_000), "HKD")),
        ("5", "公斤", None),
    ],
)
def test_the_unit_of_a_column_holds_for_bare_numbers(text: str, unit: str, money: Money | None) -> None:
    assert parse(text, unit=unit_of(unit)) == money


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("人民币", "CNY"), ("CNY", "CNY"), ("156", "CNY"), ("美元", "USD"), ("840", "USD"), ("usd", "USD"),
        ("港币", "HKD"),
        ("日元", "JPY"), ("德国马克", "DEM"), ("新台湾元", "TWD"), ("法郎", None), ("$", None), ("", None),
        ("无", None),
    ],
)  # fmt: skip
def test_currencies(text: str, code: str | None) -> None:
    assert currency(text) == code


def test_currency_names_agree_with_a_registrys_numbers(shared: Path) -> None:
    with (shared / "data/codes/currency.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = [(row["编码"], row["中文"]) for row in csv.DictReader(lines)]
    known = [(number, name) for number, name in rows if currency(number) and currency(name)]
    assert len(known) > 80
    same = {"RUR": "RUB", "PLZ": "PLN", "TRL": "TRY", "BGL": "BGN"}  # one name, two generations of money
    differ = [(n, name) for n, name in known if same.get(currency(n) or "", currency(n)) != currency(name)]
    assert differ == []


def test_amounts_of_the_registry(registry: Path) -> None:
    read: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    for file in ("xiamen", "fujian_rest", "national"):
        with (registry / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                money = parse(row["注册资金"])
                if money:
                    read[money.currency] += 1
                elif not is_sentinel(row["注册资金"]):
                    unread[row["注册资金"]] += 1
    assert sum(read.values()) == 57_625
    assert (read["CNY"], read["USD"], read["HKD"], read["DEM"]) == (54_814, 1_898, 894, 1)
    assert sum(unread.values()) == 96  # the unit is lost in 91, the columns are shifted in 5
    assert sum(count for text, count in unread.items() if text.endswith("()")) == 91


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("罚款人民币贰仟元整", "2000"),
        ("罚款5000元", "5000"),
        ("处5000元罚款", "5000"),
        ("处以人民币5,000.00元的罚款", "5000"),
        ("1、警告；2、罚款人民币10,000.00元（大写：壹万元整）。", "10000"),
        ("处以罚款人民币壹万元整（￥10000.00元）", "10000"),
        ("处罚款（大写）壹万元整（小写）10000元", "10000"),
        ("处以伍仟元整（5000元）罚款", "5000"),
        ("一、没收违法所得500元；二、罚款1000元", "1000"),
        ("没收违法所得500元罚款1000元", "1000"),
        ("没收违法所得500元，并处违法所得一倍罚款500元，上缴国库", "500"),
        ("对未公示行为处罚款1000元；对虚假宣传行为处罚款2000元", "3000"),
        ("对未公示行为处罚款1000元；对虚假宣传行为处罚款2000元；合计罚款3000元", "3000"),
        ("罚款共计3000元", "3000"),
        ("罚款金额：0.5万元", "5000"),
        ("罚款5万", "50000"),
        ("罚款 2 万元", "20000"),
        ("处10.5万元罚款", "105000"),
        ("依据第七十条，可处1万元以上5万元以下罚款。决定处罚款2万元。", "20000"),
        ("到期不缴纳的，每日按罚款数额的百分之三加处罚款", None),
        ("处一万元以下的罚款", None),
        ("处5000元以上的罚款", None),
        ("罚款5000元以下", None),
        ("加处罚款100元", None),
        ("警告", None),
        ("责令改正", None),
        ("缴纳罚款15日内", None),
        ("罚款500美元", None),
        ("", None),
        (None, None),
    ],
)
def test_fines_in_the_text_of_a_decision(text: str | None, fine: str | None) -> None:
    assert fine_in(text) == (None if fine is None else Decimal(fine))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("没收违法所得500元，并处罚款1000元", "500"),
        ("没收违法所得人民币伍佰元整；罚款1000元", "500"),
        ("没收非法财物，罚款1000元", None),
        ("1.没收违法所得1,200.50元；2.没收违法所得300元", "1500.50"),
        ("罚款1000元", None),
    ],
)
def test_what_a_decision_confiscates(text: str, amount: str | None) -> None:
    assert confiscated_in(text) == (None if amount is None else Decimal(amount))


AMOUNTS = st.decimals(0, 10**10, places=2, allow_nan=False, allow_infinity=False)


@given(AMOUNTS, st.sampled_from(["{}元", "{}(元)", "人民币{}元", "{}元人民币", "罚款{}元", "￥{}元", "{} 元整"]))
def test_a_written_amount_is_read_back(amount: Decimal, form: str) -> None:
    assert parse(form.format(f"{amount:f}")) == parse(form.format(f"{amount:,f}")) == Money(amount, "CNY")


@given(AMOUNTS)
def test_a_fine_is_read_back(amount: Decimal) -> None:
    assert fine_in(f"责令改正，处罚款{amount:,f}元。") == fine_in(f"处{amount:f}元罚款") == (amount or None)


@given(st.integers(1, 10**8))
def test_chinese_numerals_are_read_back(number: int) -> None:
    import cn2an

    assert parse(f"{cn2an.an2cn(number, 'rmb')}") == Money(Decimal(number), "CNY")


@example("亿亿壹")
@given(st.text() | st.text("0123456789,.()（）万元亿人民币美港罚款整壹贰拾佰", max_size=20))
def test_any_text_is_an_amount_or_none(text: str) -> None:
    money = parse(text)
    assert money is None or (money.amount >= 0 and len(money.currency) == 3)
    fine = fine_in(text)
    assert fine is None or fine > 0
