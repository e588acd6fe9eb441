"""Lists of names and the entities that they mean, over fictional companies in the real embedded engine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.search.conftest import Publish
from tests.search.register import TODAY, code, entity, record
from xincha.engine.contract import IndexName, Result
from xincha.engine.embedded.engine import EmbeddedEngine
from xincha.engine.query import Request
from xincha.search.match.types import MatchResult
from xincha.search.service import Searcher
from xincha.text import uscc
from xincha.text.reg_no import check_digit

NAMES = [
    "厦门鹭岛信查网络科技有限公司",
    "厦门鹭岛信查网络科技有限公司湖里分公司",
    "泉州澜汀建材有限公司",
    "厦门市墨池文化传播有限公司",
    "厦门第一示例仪器厂",
    "云栈餐饮管理（厦门）有限公司",
    "福建省晋江溪岸制衣有限公司",
    "福建示例乾坤贸易有限公司",
]
REG_NO = "35020310001234" + check_digit("35020310001234")
BOTH = "示例椰影贸易商行"
TWO, MANY = "示例便民商店", "示例顺达贸易商行"


@pytest.fixture(scope="module")
def searcher(publish: Publish) -> Searcher:
    documents = [entity(number, name) for number, name in enumerate(NAMES, 1)]
    documents += [
        entity(50, "厦门新名贸易有限公司", former_names=["厦门旧称贸易有限公司"]),
        entity(51, "厦门后来贸易有限公司", former_names=["厦门让名贸易有限公司"]),
        entity(52, "厦门让名贸易有限公司"),
        entity(60, TWO, region="350203", legal_rep="张示例", address="厦门市思明区示例南路12号"),
        entity(61, TWO, region="350206", legal_rep="李示例", address="厦门市湖里区示例路8号之二"),
        entity(62, TWO, region="350503", legal_rep="张示例", address="泉州市丰泽区示例街3号"),
        entity(70, "厦门注号制品有限公司", reg_no=REG_NO),
        entity(80, "无地名示例股份有限公司", region="350203"),
        entity(81, "无地名椰影股份有限公司", region="440100"),
        *(entity(number, BOTH, region=region) for number, region in ((90, "440104"), (91, "460202"), (92, "340123"))),
        *(entity(1000 + number, MANY) for number in range(1100)),
    ]
    return publish(documents, [])


def one(searcher: Searcher, name: str = "", **more: Any) -> MatchResult:
    [match] = searcher.matcher.match([{"name": name, **more}])
    return match


def names(match: MatchResult) -> list[str]:
    return [candidate.name for candidate in match.candidates]


def features(match: MatchResult) -> list[str]:
    return [reason.feature for reason in match.reasons]


@pytest.mark.parametrize(
    ("name", "number", "reason"),
    [
        ("厦门鹭岛信查网络科技有限公司", 1, "exact_name"),
        ("  厦門鷺島信查網絡科技有限公司 ", 1, "exact_name"),
        ("厦门鹭岛信查网络科技有限公司 湖里分公司", 2, "exact_name"),
        ("云栈餐饮管理(厦门)有限公司", 6, "exact_name"),
        ("厦门市鹭岛信查网络科技有限责任公司", 1, "same_name"),
        ("厦门墨池文化传播有限公司", 4, "same_name"),
        ("厦门云栈餐饮管理有限公司", 6, "same_name"),
        ("晋江市溪岸制衣有限公司", 7, "same_name"),
        ("福建泉州晋江溪岸制衣有限责任公司", 7, "same_name"),
        ("厦门旧称贸易有限公司", 50, "former_name"),
        ("厦门市旧称贸易有限责任公司", 50, "same_name"),
        ("12、厦门第一示例仪器厂", 5, "exact_name"),
        ("厦门第一示例仪器厂（已注销）", 5, "exact_name"),
    ],
)
def test_one_name_in_any_spelling_is_matched(searcher: Searcher, name: str, number: int, reason: str) -> None:
    match = one(searcher, name)
    assert (match.state, match.entity_id) == ("matched", code(number))
    assert features(match)[0] == reason
    assert match.candidates[0].entity_id == match.entity_id


@pytest.mark.parametrize(
    ("name", "against"),
    [
        ("厦门第二示例仪器厂", "other_number"),
        ("北京鹭岛信查网络科技有限公司", "other_place"),
        ("晋江澜汀建材有限公司", None),
        ("漳州澜汀建材有限公司", "other_place"),
        ("厦门鹭岛信查网络科技有限公司思明分公司", "other_branch"),
        ("泉州澜汀建材有限公司晋江分公司", "other_branch"),
    ],
)
def test_another_number_place_or_branch_is_never_matched(searcher: Searcher, name: str, against: str | None) -> None:
    match = one(searcher, name)
    assert match.state != "matched"
    assert match.entity_id is None
    if against:
        assert match.state == "none"
        assert against in [reason.feature for each in match.candidates for reason in each.reasons]


@pytest.mark.parametrize(
    "name",
    [
        "厦门鹭岛信茶网络科技有限公司",
        "厦门鹭岛信查网络技科有限公司",
        "厦门鹭岛信查网络科技限公司",
        "泉州澜亭建材有限公司",
        "泉州揽廷建材有限公司",
        "福建示例干坤贸易有限公司",
    ],
)
def test_a_wrong_character_leaves_it_to_a_person_with_the_right_one_first(searcher: Searcher, name: str) -> None:
    match = one(searcher, name)
    assert match.state == "ambiguous"
    assert match.entity_id is None
    assert names(match)[0] in NAMES
    assert features(match)[0] == "near"
    assert {"one_apart", "same_sound"} & {reason.feature for reason in match.candidates[0].reasons}


def test_part_of_a_name_is_left_to_a_person(searcher: Searcher) -> None:
    match = one(searcher, "鹭岛信查网络")
    assert match.state == "ambiguous"
    assert names(match)[0] == NAMES[0]


@pytest.mark.parametrize("name", ["西宁无此示例铸造厂", "无", "a", "🙂🙂"])
def test_a_name_like_no_other_is_none(searcher: Searcher, name: str) -> None:
    match = one(searcher, name)
    assert (match.state, match.entity_id, match.score) == ("none", None, 0.0)


def test_a_name_that_several_bear_is_ambiguous(searcher: Searcher) -> None:
    match = one(searcher, TWO)
    assert (match.state, match.entity_id) == ("ambiguous", None)
    assert {each.entity_id for each in match.candidates} == {code(60), code(61, "350206"), code(62, "350503")}
    assert match.reasons[0].text == "有 3 个主体使用或曾用这个名称"


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"region": "湖里区"}, code(61, "350206")),
        ({"region": "350503"}, code(62, "350503")),
        ({"region": "福建 / 泉州"}, code(62, "350503")),
        ({"region": "厦门"}, None),
        ({"region": "厦门", "legal_rep": "张示例"}, code(60)),
        ({"legal_rep": "张示例"}, None),
        ({"legal_rep": "李示例"}, code(61, "350206")),
        ({"legal_rep": "李某某"}, code(61, "350206")),
        ({"legal_rep": "王示例"}, None),
        ({"address": "思明区示例南路12号"}, code(60)),
        ({"region": "湖里区", "legal_rep": "张示例"}, None),
        ({"region": "示例无此地"}, None),
        ({"uscc": code(62, "350503")}, code(62, "350503")),
    ],
)
def test_another_column_decides_between_bearers_of_a_name(
    searcher: Searcher, columns: dict[str, str], expected: str | None
) -> None:
    match = one(searcher, TWO, **columns)
    assert (match.state, match.entity_id) == ("matched" if expected else "ambiguous", expected)


def test_a_name_that_one_bears_and_another_bore_is_ambiguous(searcher: Searcher) -> None:
    match = one(searcher, "厦门让名贸易有限公司")
    assert match.state == "ambiguous"
    assert set(names(match)) == {"厦门让名贸易有限公司", "厦门后来贸易有限公司"}


def test_a_name_that_more_bear_than_are_compared_is_ambiguous(searcher: Searcher) -> None:
    matches = searcher.matcher.match([{"name": MANY}, {"name": MANY, "uscc": code(1500)}, {"name": NAMES[2]}])
    assert [each.state for each in matches] == ["ambiguous", "matched", "matched"]
    assert len(matches[0].candidates) == 5


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"uscc": code(1)}, "matched"),
        ({"name": NAMES[0], "uscc": code(1).lower()}, "matched"),
        ({"name": "厦门鹭岛信查网络公司", "uscc": code(1)}, "matched"),
        ({"name": NAMES[2], "uscc": code(1)}, "ambiguous"),
        ({"name": NAMES[1], "uscc": code(1)}, "ambiguous"),
        ({"name": NAMES[0], "uscc": code(999)}, "ambiguous"),
        ({"name": NAMES[0], "uscc": "913502"}, "matched"),
        ({"name": "", "uscc": "统一社会信用代码：" + code(1)}, "matched"),
        ({"uscc": REG_NO}, "matched"),
        ({"uscc": code(999)}, "none"),
    ],
)
def test_a_code_decides_where_the_name_does_not_contradict_it(
    searcher: Searcher, row: dict[str, str], state: str
) -> None:
    [match] = searcher.matcher.match([row])
    assert match.state == state


def test_a_code_that_belongs_to_another_name_shows_both(searcher: Searcher) -> None:
    match = one(searcher, NAMES[2], uscc=code(1))
    assert features(match) == ["code_of_another"]
    assert names(match) == [NAMES[0], NAMES[2]]


def test_a_code_that_cannot_be_read_is_said_to_be_of_no_use(searcher: Searcher) -> None:
    assert features(one(searcher, NAMES[0], uscc="91350203ABC")) == ["exact_name", "code_unread"]
    misread = code(1).replace("0", "O")
    assert features(one(searcher, NAMES[0], uscc=misread))[-1] == "code_repaired"


@pytest.mark.parametrize(
    "slip",
    [
        lambda right: right[:4] + ("4" if right[4] != "4" else "5") + right[5:],
        lambda right: right[:14] + right[15] + right[14] + right[16:],
        lambda right: right[:9] + right[10:],
        lambda right: right[:9] + "7" + right[9:],
    ],
)
def test_a_slip_in_a_code_does_not_make_it_that_of_nobody(searcher: Searcher, slip: Callable[[str], str]) -> None:
    typed = slip(code(50))
    assert uscc.normalize(typed) is None
    own, another = one(searcher, "厦门新名贸易有限公司", uscc=typed), one(searcher, NAMES[2], uscc=typed)
    assert (own.state, own.entity_id) == ("matched", code(50))
    assert (another.state, features(another)) == ("ambiguous", ["code_of_another", "code_unread"])
    assert names(another) == ["厦门新名贸易有限公司", NAMES[2]]


@pytest.mark.parametrize(
    "name",
    [
        "厦门旧称贸易有限公司",
        "厦门新铭贸易有限公司",
        "厦门新名贸易公司",
        "厦门市新名贸易有限责任公司",
        "新名贸易",
    ],
)
def test_a_former_name_a_wrong_sign_and_an_old_form_leave_a_code_certain(searcher: Searcher, name: str) -> None:
    match = one(searcher, name, uscc=code(50))
    assert (match.state, match.entity_id) == ("matched", code(50))


def test_a_name_that_is_nearer_to_another_company_than_to_the_owner_of_its_code_is_left_to_a_person(
    publish: Publish,
) -> None:
    searcher = publish([entity(1, "厦门示例岚桥贸易有限公司"), entity(2, "厦门示例岚桥商贸有限公司")])
    for name in ("厦门示例岚桥商茂有限公司", "厦门示例岚侨商贸有限公司", "厦门市示例岚桥商贸有限责任公司"):
        match = one(searcher, name, uscc=code(1))
        assert (match.state, features(match)) == ("ambiguous", ["code_of_another"])
        assert names(match) == ["厦门示例岚桥贸易有限公司", "厦门示例岚桥商贸有限公司"]
        assert one(searcher, name, uscc=code(2)).state == "matched"


def test_shops_of_other_districts_dispute_no_code_of_a_shop_that_is_called_so_for_short(publish: Publish) -> None:
    shop, name = {"kind": "个体工商户"}, "示例阿桐小吃店"
    here = entity(1, f"厦门市思明区{name}", **shop)
    assert one(publish([here, entity(2, name, region="350503", **shop)]), name, uscc=code(1)).state == "matched"
    assert one(publish([here, entity(2, name, **shop)]), name, uscc=code(1)).state == "ambiguous"
    company = entity(2, name, region="350503")
    assert one(publish([here, company]), name, uscc=code(1)).state == "ambiguous"


@pytest.mark.parametrize(
    ("registered", "name"),
    [
        ("厦门示例B软件有限公司", "厦门示例B++软件有限公司"),
        ("厦门示例B++软件有限公司", "厦门示例B软件有限公司"),
        ("厦门示例B++软件有限公司", "厦门示例B+软件有限公司"),
        ("厦门示例25度餐饮有限公司", "厦门市示例2.5度餐饮有限责任公司"),
        ("厦门示例贸易有限公司", "厦门示例***贸易有限公司"),
        ("厦门示例云礁贸易有限公司", "厦门示例云□贸易有限公司"),
        ("厦门示例城贸易有限公司", "厦门示例？城贸易有限公司"),
        ("示例AB坊", "示例A&B坊"),
        ("厦门示例岚亭建材有限公司", "厦门示例岚亭建材（股份）有限公司"),
        ("厦门示例百川合伙企业（有限合伙）", "厦门示例百川合伙企业（普通合伙）"),
    ],
)
def test_a_name_that_differs_in_signs_is_left_to_a_person(publish: Publish, registered: str, name: str) -> None:
    common = [entity(number, f"厦门市{number}有限责任公司") for number in range(10, 20)]
    searcher = publish([entity(1, registered), *common])
    match = one(searcher, name)
    assert (match.state, names(match)) == ("ambiguous", [registered])
    assert not {"exact_name", "same_name"} & {reason.feature for reason in match.candidates[0].reasons}
    assert one(searcher, registered).state == "matched"


def test_a_name_with_signs_is_matched_in_other_spellings(publish: Publish) -> None:
    searcher = publish([entity(1, "厦门示例A＆B检测有限公司"), entity(2, "厦门示例AB检测有限公司")])
    assert one(searcher, "厦门市示例a&b检测有限责任公司").entity_id == code(1)
    assert one(searcher, "厦门市示例ab检测有限责任公司").entity_id == code(2)
    assert one(searcher, "厦门示例A＆B检测有限公司").entity_id == code(1)


def test_a_place_in_another_column_completes_a_name_without_one(searcher: Searcher) -> None:
    match = one(searcher, "墨池文化传播有限公司", region="厦门市思明区")
    assert (match.state, match.entity_id) == ("matched", code(4))
    assert features(match)[0] == "placed_name"
    assert one(searcher, "墨池文化传播有限公司").state != "matched"
    assert one(searcher, "墨池文化传播有限公司", region="泉州").state != "matched"


def test_a_region_is_that_of_its_name_and_no_other(searcher: Searcher) -> None:
    """三亚's code of 1987 lay in 广东, and 肥西's of 1983 is 肥东's today."""
    assert one(searcher, "无地名椰影股份有限公司", region="三亚").state == "ambiguous"
    assert one(searcher, "无地名椰影股份有限公司", region="粤").state == "matched"
    for region, meant in (("三亚", (91, "460202")), ("肥西县", (92, "340123")), ("粤", (90, "440104"))):
        assert one(searcher, BOTH, region=region).entity_id == code(*meant), region
    assert one(searcher, BOTH, region="肥东县").entity_id is None
    assert one(searcher, BOTH, region="海棠区某某路1号").entity_id == code(91, "460202")


def test_another_region_contradicts_a_name_that_says_no_place(searcher: Searcher) -> None:
    assert one(searcher, "无地名示例股份有限公司", region="思明区").state == "matched"
    match = one(searcher, "无地名示例股份有限公司", region="北京")
    assert (match.state, features(match)) == ("ambiguous", ["contradicted"])
    assert one(searcher, NAMES[0], region="北京").state == "matched", "the name itself says where"


def test_another_representative_contradicts_only_a_name_in_another_spelling(publish: Publish) -> None:
    searcher = publish([entity(1, "厦门示例茶业有限公司", legal_rep="张示例")])
    assert one(searcher, "厦门示例茶业有限公司", legal_rep="李示例").state == "matched"
    assert one(searcher, "厦门示例茶业有限责任公司", legal_rep="李示例").state == "ambiguous"
    assert one(searcher, "厦门示例茶业有限责任公司", legal_rep="张某某").state == "matched"


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (None, "这一行不是由栏目和文字组成的对象"),
        (["厦门"], "这一行不是由栏目和文字组成的对象"),
        ({}, "没有名称，也没有有效的统一社会信用代码或注册号"),
        ({"name": " ", "uscc": "123"}, "没有名称，也没有有效的统一社会信用代码或注册号"),
        ({"name": "N/A"}, "没有名称，也没有有效的统一社会信用代码或注册号"),
        ({"name": 5}, "名称不是文字"),
        ({"name": "厦" * 201}, "名称超过 200 个字符"),
        ({"name": "厦门", "address": {}}, "地址不是文字"),
    ],
)
def test_a_bad_row_is_its_own_error_and_the_others_are_answered(searcher: Searcher, row: object, error: str) -> None:
    matches = searcher.matcher.match([{"name": NAMES[0], "id": "a"}, row, {"name": NAMES[2], "id": "b"}])
    assert [each.state for each in matches] == ["matched", "none", "matched"]
    assert [each.error for each in matches] == [None, error, None]
    assert [each.id for each in matches] == ["a", None, "b"]


def test_the_error_of_a_row_bears_its_id(searcher: Searcher) -> None:
    assert [each.id for each in searcher.matcher.match([{"id": "x"}, {"id": 7, "name": NAMES[0]}])] == ["x", "7"]


def test_an_unknown_column_is_said_to_be_of_no_use(searcher: Searcher) -> None:
    match = one(searcher, NAMES[0], city="厦门")
    assert (match.state, match.reasons[-1].text) == ("matched", "没有使用不认识的栏目 city")


def test_the_answer_to_a_row_does_not_depend_on_the_others(searcher: Searcher) -> None:
    rows = [{"name": name} for name in (*NAMES, TWO, MANY, "厦门鹭岛信茶网络科技有限公司", "无此示例厂")] * 60
    together = searcher.matcher.match(rows)
    assert together[: len(rows) // 60] * 60 == together
    assert together[: len(rows) // 60] == [searcher.matcher.match([row])[0] for row in rows[: len(rows) // 60]]
    assert searcher.matcher.match([]) == []


def test_records_are_counted_that_may_be_shown_today(publish: Publish) -> None:
    briefs = [
        {"kind": "penalty", "public_from": "2025-06-01", "public_until": "2028-06-01"},
        {"kind": "penalty", "public_from": "2020-06-01", "public_until": "2023-06-01"},
    ]
    searcher = publish([entity(1, "厦门示例茶业有限公司", records=briefs)], [record("P-1", "penalty")])
    assert one(searcher, "厦门示例茶业有限公司").candidates[0].counts["penalty"] == 1


class CountingEngine(EmbeddedEngine):
    """Counts the samples that are drawn from it."""

    samples = 0

    def search(self, index: IndexName, request: Request) -> Result:
        self.samples += request.size > 1000
        return super().search(index, request)


def test_names_loaded_later_are_matched_and_what_is_common_is_learnt_once_a_version(tmp_path: Path) -> None:
    with closing(CountingEngine(tmp_path, threads=1, memory_mb=32)) as engine:
        searcher = Searcher(engine, today=lambda: TODAY)
        for version, place in enumerate(("厦门", "泉州"), 1):
            documents = [entity(1, f"{place}示例茶业有限公司")]
            engine.switch([engine.build("entities", documents, note={}), engine.build("records", [], note={})])
            for _ in range(2):
                match = one(searcher, f"{place}示例茶叶有限公司")
                assert (match.state, names(match)) == ("ambiguous", [f"{place}示例茶业有限公司"])
            assert engine.samples == version
