"""Names of a list with other words in their cell: the company is offered, matched only where nothing is left over."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.search.conftest import Publish
from tests.search.register import code, entity
from xincha.search.match.types import MatchResult
from xincha.search.service import Searcher

NAME, OTHER = "厦门示例岚亭建材有限公司", "厦门示例云礁食品有限公司"
SHOP = "厦门市思明区示例阿楠面馆（个体工商户）"
ABROAD = "示例餐饮管理（厦门）有限公司"
NAMES = [
    NAME, OTHER, SHOP, ABROAD, "厦门示例阿桐小吃店", f"{NAME}湖里分公司", "厦门示例华诚会计师事务所有限公司",
    "厦门示例澜科技股份有限公司",
]  # fmt: skip


@pytest.fixture(scope="module")
def searcher(publish: Publish) -> Searcher:
    documents = [entity(number, name) for number, name in enumerate(NAMES, 1)]
    documents.append(entity(50, "厦门示例新名贸易有限公司", former_names=["厦门示例旧称贸易有限公司"]))
    return publish(documents)


def one(searcher: Searcher, name: str, **more: str) -> MatchResult:
    [match] = searcher.matcher.match([{"name": name, **more}])
    return match


def ids(match: MatchResult) -> Sequence[str]:
    return [candidate.entity_id for candidate in match.candidates]


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME}已注销", f"{NAME}（已注销）", f"【停业】{NAME}", f"{NAME}（曾用名：旧岚）（已注销）", f"①{NAME}",
        f"一、{NAME}", f"12、{NAME}",
        f"供应商：{NAME}", f"{NAME}（甲方）", f"{NAME}（盖章）", f"{NAME} {code(1)}", f"{code(1)} {NAME}",
        f"{NAME}（{code(1)}）", code(1),
        f"{NAME}/张三 {code(1)}",
    ],
)  # fmt: skip
def test_a_known_remark_and_a_code_of_the_same_leave_a_name_certain(searcher: Searcher, text: str) -> None:
    match = one(searcher, text)
    assert (match.state, match.entity_id) == ("matched", code(1))


@pytest.mark.parametrize(
    "text",
    [
        "{}/张三", "{}（张三）", "{}张三", "{}、张三", "张三-{}", "{}（联系人：李四 13800000000）",
        "{} Xiamen Lanting Co.,Ltd", "{}13800000000",
        "{} 0592-5551234", "GYS001{}", "V-0012 {}", "1 {}", "{}等3家", "{}#A01", "{}_备用", "{}（2024年）",
        "（样品）{}", "{}；地址：示例路1号",
        "{}、厦门示例无此公司",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", [NAME, SHOP, ABROAD, NAMES[4], NAMES[5], "厦门示例旧称贸易有限公司"])
def test_other_words_leave_it_to_a_person_with_the_company_first(searcher: Searcher, text: str, name: str) -> None:
    match = one(searcher, text.format(name))
    assert match.state == "ambiguous"
    assert ids(match)[0] == (code(NAMES.index(name) + 1) if name in NAMES else code(50))
    assert match.reasons[0].feature == "more_than_name"


def test_words_around_another_spelling_of_a_name(searcher: Searcher) -> None:
    for text in ("厦门市示例岚亭建材有限责任公司/张三", "厦门示例岚庭建材有限公司/张三"):
        match = one(searcher, text)
        assert (match.state, ids(match)[0]) == ("ambiguous", code(1))


@pytest.mark.parametrize(
    "text", ["{}、{}", "{}；{}", "{}\n{}", "{}/{}", "{} {}", "{}和{}", "{}{}", "1、{}2、{}", "{}（{}）", "{}与{}联合体"]
)
def test_two_companies_are_both_offered_in_their_order(searcher: Searcher, text: str) -> None:
    for pair in ((NAME, OTHER), (OTHER, NAME), (NAME, NAMES[4])):
        match = one(searcher, text.format(*pair))
        assert (match.state, match.entity_id) == ("ambiguous", None)
        assert ids(match) == [code(NAMES.index(name) + 1) for name in pair]
        assert match.reasons[0].text == "这一格中写有 2 个主体的名称"


def test_a_former_name_in_a_remark_is_a_companys_own_or_anothers(searcher: Searcher) -> None:
    own = one(searcher, "厦门示例新名贸易有限公司（原厦门示例旧称贸易有限公司）")
    assert (own.state, own.entity_id) == ("matched", code(50))
    another = one(searcher, f"{OTHER}（原{NAME}）")
    assert (another.state, ids(another)) == ("ambiguous", [code(2), code(1)])
    assert another.reasons[0].feature == "told_of_another"
    renamed = one(searcher, f"厦门示例后来建材有限公司（原{NAME}）")
    assert (renamed.state, ids(renamed)) == ("ambiguous", [code(1)])


def test_codes_that_contradict_each_other_or_a_name_decide_nothing(searcher: Searcher) -> None:
    for row in (
        {"name": f"{NAME} {code(2)}"},
        {"name": f"{NAME}/张三", "uscc": code(2)},
        {"name": f"{NAME} {code(1)}", "uscc": code(2)},
        {"name": NAME, "uscc": f"{code(1)}\n{code(2)}"},
        {"name": f"{NAME}、{OTHER}", "uscc": code(1)},
        {"name": f"{NAME}（原{OTHER}）", "uscc": code(1)},
    ):
        match = one(searcher, **row)
        assert match.state == "ambiguous", row
        assert {code(1), code(2)} <= set(ids(match)), row
    unknown = one(searcher, f"{NAME} {code(1)}", uscc=code(999))
    assert (unknown.state, unknown.reasons[0].feature) == ("ambiguous", "several_codes")


@pytest.mark.parametrize("ending", ["公司", "有限", "有限公", "有限责任", "责任公司", "限公司", "有公司", ""])
@pytest.mark.parametrize("name", [NAME, NAMES[6], NAMES[7]])
def test_a_legal_form_that_is_cut_short_leaves_it_to_a_person(searcher: Searcher, name: str, ending: str) -> None:
    match = one(searcher, name.removesuffix("有限公司") + ending)
    if match.state != "matched":  # 股份公司 is another wording of 股份有限公司
        assert (match.state, ids(match)[0]) == ("ambiguous", code(NAMES.index(name) + 1))


@pytest.mark.parametrize(
    "text",
    [
        code(1).lower(),
        " ".join(code(1)),
        code(1).replace("0", "O"),
        f"代码：{code(1)}",
        f"统一社会信用代码/税号：{code(1)}",
    ],
)
def test_a_code_alone_in_the_cell_of_the_name(searcher: Searcher, text: str) -> None:
    assert one(searcher, text).entity_id == code(1)


def test_a_branch_that_is_not_registered_is_not_its_head_office(searcher: Searcher) -> None:
    for text in (f"{NAME} 思明分公司", f"{NAME}（思明分公司）", f"{NAME}思明店", f"{NAME}第二门市部"):
        assert one(searcher, text).state == "none", text


@pytest.mark.parametrize(
    "text",
    [
        "合计",
        "同上",
        "供应商",
        "公司",
        "有限公司",
        "小计：3家",
        "供应商名称",
        "第1页，共3页",
        "制表人：张三",
        "其他供应商",
    ],
)
def test_words_of_a_list_are_nobody(searcher: Searcher, text: str) -> None:
    match = one(searcher, text)
    assert (match.state, match.candidates) == ("none", [])
    assert match.reasons[0].text == "这是表格用语，不是主体名称"


def test_what_is_registered_as_part_of_a_name_is_part_of_it(publish: Publish) -> None:
    name = "厦门示例熊烽锅炉有限公司（原厦门示例锅炉厂）"
    searcher = publish([entity(1, name), entity(2, "厦门示例熊烽锅炉有限公司"), entity(3, "厦门示例锅炉厂")])
    match = one(searcher, name)
    assert (match.state, match.entity_id) == ("matched", code(1))


def test_a_company_that_is_called_like_a_word_of_a_list_is_found(publish: Publish) -> None:
    searcher = publish([entity(1, "客户")])
    assert one(searcher, "客户").state == "matched"
