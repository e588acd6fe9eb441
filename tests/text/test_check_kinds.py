"""Which of the five kinds of check a title, a name or a type says."""

from __future__ import annotations

import pytest

from xincha.text.check_kinds import CERTIFICATION, FOOD, OTHER, PRODUCT, RANDOM, check_kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("双随机抽查结果信息", RANDOM),
        ("2026年度食品经营单位双随机抽查计划", RANDOM),
        ("不定向", RANDOM),
        ("定向抽查", RANDOM),
        ("产品质量监督抽查结果信息", PRODUCT),
        ("2026年第一季度儿童用品质量监督抽查结果.xlsx", PRODUCT),
        ("商品质量抽检情况", PRODUCT),
        ("认证监管抽查检查结果信息", CERTIFICATION),
        ("强制性产品认证专项监督检查", CERTIFICATION),
        ("检验检测机构监督抽查结果", CERTIFICATION),
        ("食品抽查检查结果信息", FOOD),
        ("2026年第3期食品安全监督抽检信息", FOOD),
        ("食用农产品抽样检验", FOOD),
        ("其他抽查检查结果信息", OTHER),
        ("其它监督检查", OTHER),
        ("抽查", None),
        ("检查", None),
        ("1", None),
        ("食品经营单位抽查", None),
        ("登记事项与食品安全抽查", None),
        ("食品安全抽查 2026年度双随机抽查计划", RANDOM),
        ("登记事项检查", None),
    ],
)
def test_a_text_says_the_kind_of_a_check(text: str, kind: str | None) -> None:
    assert check_kind(text) == kind
