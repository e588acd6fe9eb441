"""Units of money as heads and the words beside them state them."""

from __future__ import annotations

import pytest

from xincha.text.units import factor, unit_of


@pytest.mark.parametrize(
    ("words", "scale", "currency"),
    [
        ("元", "", None), ("圆", "", None), ("元整", "", None), ("单位：元", "", None), ("计量单位:元", "", None),
        ("百元", "百", None), ("佰元", "百", None), ("千元", "千", None), ("仟元", "千", None), ("千 元", "千", None),
        ("万元", "万", None), ("萬元", "万", None), ("万", "万", None), ("十万元", "十万", None),
        ("百万元", "百万", None), ("亿元", "亿", None), ("以万元为单位", "万", None), ("万元为单位", "万", None),
        ("人民币元", "", "CNY"), ("人民币千元", "千", "CNY"), ("万元人民币", "万", "CNY"),
        ("万元，人民币", "万", "CNY"),
        ("币种：人民币 单位：万元", "万", "CNY"), ("元/人民币", "", "CNY"), ("￥元", "", "CNY"),
        ("元，保留两位小数", "", None), ("必填 万元", "万", None),
        ("美元", "", "USD"), ("万美元", "万", "USD"), ("万元 美元", "万", "USD"), ("USD 万", "万", "USD"),
        ("百万港元", "百万", "HKD"), ("日元", "", "JPY"), ("英镑", "", "GBP"),
        ("人民币", None, "CNY"), ("RMB", None, "CNY"), ("¥", None, "CNY"), ("港币", None, "HKD"), ("USD", None, "USD"),
    ],
)  # fmt: skip
def test_units(words: str, scale: str | None, currency: str | None) -> None:
    unit = unit_of(words)
    assert unit is not None
    assert (unit.scale, unit.currency) == (scale, currency)


@pytest.mark.parametrize(
    "words",
    [
        "", "必填", "18位", "大写", "金", "k元", "$", "法郎", "元/万元", "万元、元", "美元、港元", "元/人", "元/次",
        "元／笔", "万股", "公斤", "10万元",
    ],
)  # fmt: skip
def test_what_is_no_unit_or_two(words: str) -> None:
    assert unit_of(words) is None


def test_scales_multiply() -> None:
    assert [factor(scale) for scale in ("", "百", "千", "万", "十万", "百万", "千万", "亿")] == [
        1, 100, 1000, 10**4, 10**5, 10**6, 10**7, 10**8,
    ]  # fmt: skip
