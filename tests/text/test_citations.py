"""Which articles a basis names, and how far two of them name the same."""

from __future__ import annotations

import pytest

from xincha.text.citations import Citation, citations, law_name, strength

FOOD = "食品安全法"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《中华人民共和国食品安全法》第一百二十四条第一款第（五）项", [f"{FOOD}|124|1|5"]),
        ("《食品安全法》第124条第1款第5项", [f"{FOOD}|124|1|5"]),
        ("《中华人民共和国食品安全法》（2021修正）第一百二十四条第一款第（三）项", [f"{FOOD}|124|1|3"]),
        ("《企业信息公示暂行条例》（国务院令第777号）第十七条", ["企业信息公示暂行条例|17"]),
        ("《食品安全法(2021年修订)》第三十四条", [f"{FOOD}|34"]),
        ("《无证无照经营查处办法》第十三条", ["无证无照经营查处办法|13"]),
        ("《刑法》第一百三十四条之一", ["刑法|134-1"]),
        ("《食品安全法》第一百二十五条第一款第（二）、（三）项", [f"{FOOD}|125|1|2", f"{FOOD}|125|1|3"]),
        ("《食品安全法》第一百二十五条第一款第二项和第三项", [f"{FOOD}|125|1|2", f"{FOOD}|125|1|3"]),
        ("《价格法》第三条、第五条第二款及第八条", ["价格法|3", "价格法|5|2", "价格法|8"]),
        ("《价格法》第五条第一款、第二款", ["价格法|5|1", "价格法|5|2"]),
        ("违反《价格法》第十三条第一款，依据该法第四十二条", ["价格法|13|1", "价格法|42"]),
        (
            "《中华人民共和国反不正当竞争法》（以下简称《反法》）第八条，《反法》第二十条第一款",
            ["反不正当竞争法|8", "反不正当竞争法|20|1"],
        ),
        ("《广告法》第五十五条第一款；《价格法》第十三条", ["广告法|55|1", "价格法|13"]),
        ("《市场监督管理行政处罚程序规定（试行）》第七条", ["市场监督管理行政处罚程序规定(试行)|7"]),
        ("《〈产品质量法〉实施办法》第七条", ["〈产品质量法〉实施办法|7"]),
        ("第一百二十四条第一款", []),
        ("《食品安全法》的规定", []),
        ("本局认为当事人违法", []),
        ("", []),
        ("《道路交通安全法》第九十九条第一款第一项第二目", ["道路交通安全法|99|1|1|2"]),
        ("根据《食品安全法》第 一百二十四 条 第一款", [f"{FOOD}|124|1"]),
    ],
)
def test_the_articles_that_a_basis_names(text: str, expected: list[str]) -> None:
    assert [str(each) for each in citations(text)] == expected


def test_of_an_article_that_is_quoted_whole_only_its_number_is_the_basis() -> None:
    text = (
        "1.[法律]《中华人民共和国食品安全法》(2015年主席令第21号) 第一百二十四条 违反本法规定，有下列情形之一，"
        "依照《刑法》第一百四十三条处理。"
        "\n2.[行政法规]《食品安全法实施条例》第六十八条 有下列情形之一的，依照食品安全法第一百二十五条第一款处罚。"
    )
    assert [str(each) for each in citations(text)] == [f"{FOOD}|124", "食品安全法实施条例|68"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((FOOD, "124", "1", "5"), (FOOD, "124", "1", "5"), "item"),
        ((FOOD, "124", "1", "5"), (FOOD, "124", "1", "3"), ""),
        ((FOOD, "124", "1", "5"), (FOOD, "124", "1"), "paragraph"),
        ((FOOD, "124", "1", "5"), (FOOD, "124"), "article"),
        ((FOOD, "124", "1"), (FOOD, "124", "2"), ""),
        ((FOOD, "124"), (FOOD, "125"), ""),
        ((FOOD, "124"), ("福建省食品安全条例", "124"), ""),
        ((FOOD, "124", "", "5"), (FOOD, "124", "1", "5"), ""),
    ],
)
def test_how_far_two_citations_name_the_same(one: tuple[str, ...], other: tuple[str, ...], expected: str) -> None:
    assert strength(Citation(*one), Citation(*other)) == expected
    assert strength(Citation(*other), Citation(*one)) == expected


def test_a_law_is_called_by_its_name_without_its_version() -> None:
    assert law_name("中华人民共和国食品安全法（2021修正）") == FOOD
    assert law_name("福建省食品安全条例") == "福建省食品安全条例"
    assert law_name("企业名称登记管理规定(暂行)") == "企业名称登记管理规定(暂行)"
