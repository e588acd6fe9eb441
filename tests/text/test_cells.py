"""What a cell says besides a name: codes, remarks, other names; and in which pieces the rest falls."""

from __future__ import annotations

import pytest

from xincha.text import cells

NAME = "厦门示例岚亭建材有限公司"
OTHER = "厦门示例云礁食品有限公司"
CODE = "91350203YYY77405XJ"


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME}已注销", f"{NAME}（已注销）", f"{NAME}【停业】", f"【停业】{NAME}", f"已停用-{NAME}", f"{NAME} 吊销",
        f"{NAME}停用",
        f"{NAME}（2021年3月注销）", f"{NAME}（吊销，未注销）", f"{NAME}（已于2020-05-06注销）", f"{NAME}（暂停合作）",
        f"{NAME}（存续）",
        f"①{NAME}", f"⑵ {NAME}", f"12、{NAME}", f"（3）{NAME}", f"一、{NAME}", f"（二）{NAME}", f"5. {NAME}",
        f"供应商：{NAME}", f"客户名称: {NAME}", f"甲方（盖章）：{NAME}", f"{NAME}（甲方）", f"{NAME}（盖章）",
        f"户名：{NAME}",
        f"{NAME}（以下简称岚亭）", f"{NAME}；", f"1、供应商：{NAME}（停用）（盖章）",
    ],
)  # fmt: skip
def test_what_is_known_to_be_no_part_of_a_name_is_taken_off(text: str) -> None:
    assert cells.read(text) == (NAME, (), ())


@pytest.mark.parametrize(
    "name",
    [
        "厦门市思明区示例阿楠面馆(个体工商户)", "厦门示例鹿屿(集团)有限公司", "厦门示例百川合伙企业(有限合伙)",
        "更名贸易有限公司", "原味食品有限公司",
        "厦门正常贸易商行", "开业大吉商店", "新客户服务有限公司", "7-11便利店", "3.0咨询有限公司",
        "58同城信息有限公司", "厦门示例茶庄(原生态)",
        f"{NAME}(张三)", f"{NAME}/张三", f"{NAME}等3家", f"gys001{NAME}", f"1 {NAME}",
    ],
)  # fmt: skip
def test_everything_else_stays(name: str) -> None:
    assert cells.read(name).text == name


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{NAME}（原{OTHER}）", OTHER),
        (f"{NAME}（原名：{OTHER}）", OTHER),
        (f"{NAME}（曾用名:{OTHER}）（已注销）", OTHER),
        (f"{NAME}，2020年更名为{OTHER}", OTHER),
        (f"{NAME}（现名{OTHER}）", OTHER),
        (f"{NAME}（曾用名：旧岚（集团）公司）", "旧岚(集团)公司"),
    ],
)
def test_names_that_a_remark_tells_are_told(text: str, told: str) -> None:
    said = cells.read(text)
    assert said.text == NAME
    assert told in said.told


def test_a_place_that_begins_like_a_remark_may_be_a_name() -> None:
    assert "原平市示例商贸有限公司" in cells.read(f"{NAME}（原平市示例商贸有限公司）").told


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME} {CODE}", f"{CODE}{NAME}", f"{NAME}（{CODE}）", f"{NAME}（统一社会信用代码：{CODE}）",
        f"{NAME}，税号 {CODE.lower()}",
    ],
)  # fmt: skip
def test_a_code_beside_a_name_is_read(text: str) -> None:
    assert cells.read(text) == (NAME, (CODE,), ())


def test_codes_alone() -> None:
    assert cells.read(CODE) == ("", (CODE,), ())
    assert cells.codes(f"{CODE}\n91350203YYY770016A") == (CODE, "91350203YYY770016A")
    assert cells.codes("91350203YYY77405XK 123456789012345679") == ()


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (f"{NAME}/张三", [NAME, "张三"]),
        (f"{NAME}张三", [NAME, "张三"]),
        (f"{NAME}13800000000", [NAME, "13800000000"]),
        (f"{NAME} Xiamen Lanting Co.,Ltd", [NAME, "xiamen lanting co", ".", "ltd"]),
        (f"GYS001{NAME}", ["gys001", NAME]),
        (f"{NAME}{OTHER}", [NAME, OTHER]),
        (f"{NAME}和{OTHER}", [NAME, OTHER]),
        (f"{NAME} {OTHER}", [NAME, OTHER]),
        (f"1、{NAME}2、{OTHER}", [NAME, "2", OTHER]),
        ("厦门示例阿桐小吃店厦门市思明区示例阿楠面馆", ["厦门示例阿桐小吃店", "厦门市思明区示例阿楠面馆"]),
        (f"{NAME} 思明分公司", [f"{NAME}思明分公司"]),
        ("厦门示例百川合伙企业（有限合伙）思明第一分公司", ["厦门示例百川合伙企业有限合伙思明第一分公司"]),
        (f"{NAME}（湖里店）", [f"{NAME}湖里店"]),
        (f"{NAME}（厦门）", [f"{NAME}厦门"]),
        (f"{NAME} 厦门示例信用社营业部", [NAME, "厦门示例信用社营业部"]),
        ("厦门示例A/B检测有限公司", ["厦门示例a/b检测有限公司"]),
        ("厦门示例鹿屿（集团）有限公司", ["厦门示例鹿屿集团有限公司"]),
    ],
)
def test_pieces(text: str, pieces: list[str]) -> None:
    assert [piece.text for piece in cells.pieces(cells.read(text).text)] == pieces


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"{NAME}、{OTHER}", [NAME, OTHER]),
        (f"（联系人：李四）{NAME}", [NAME]),
        (f"甲方：{NAME} 乙方：{OTHER}", [NAME, OTHER]),
        ("示例餐饮管理（厦门）有限公司/张三", ["示例餐饮管理(厦门)有限公司"]),
        (f"V0012 {NAME}", [NAME]),
        ("张三", []),
    ],
)
def test_what_looks_like_whole_names(text: str, names: list[str]) -> None:
    said = cells.read(text)
    assert cells.written(said.text, cells.pieces(said.text)) == names


@pytest.mark.parametrize(
    "text",
    [
        "合计", "合计：", "小计", "总计3家", "同上", "供应商", "供应商名称", "公司", "有限公司", "其他供应商",
        "本公司", "第1页，共3页", "共3条",
        "制表人：张三", "审核：李四", "注：以上为示例", "单位名称", "以下空白", "个体工商户", "12",
    ],
)  # fmt: skip
def test_words_of_a_list_are_nobodys_name(text: str) -> None:
    assert cells.is_no_name(cells.read(text))


@pytest.mark.parametrize(
    "text",
    [NAME, "鹭岛", "7-11便利店", "第一医院", "示例", "中国银行", "联系集团", "合计示例商行", "供应链管理有限公司"],
)
def test_names_are_no_words_of_a_list(text: str) -> None:
    assert not cells.is_no_name(cells.read(text))


def test_a_long_text_is_one_name() -> None:
    text = f"{NAME}、" * 100
    assert cells.read(text).text == f"{NAME}," * 100
    assert cells.codes("9" * 10_000) == ()
