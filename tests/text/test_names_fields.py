"""What is indexed of the names of an entity."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xincha.engine.fields import ENTITIES
from xincha.text.name_fields import name_fields


def test_the_fields_of_a_name() -> None:
    assert name_fields("厦门市鹭岛科技有限公司") == {
        "name_key": ["厦门市鹭岛科技有限公司"],
        "form_key": ["厦门鹭岛科技有限公司"],
        "core": ["鹭岛科技"],
        "brand": ["鹭岛"],
        "name_1": "厦 门 市 鹭 岛 科 技 有 限 公 司",
        "name_2": "厦门 门市 市鹭 鹭岛 岛科 科技 技有 有限 限公 公司",
        "name_word": "厦门 门市 厦门市 鹭岛 科技 有限 公司 有限公司",
        "pinyin": "xia'men men'si si'lu lu'dao dao'ke ke'ji",
        "initials": ["ld", "xmsldkjyxgs", "ldkjyxgs"],
        "pinyin_key": ["xiamenshiludaokejiyouxiangongsi", "ludaokejiyouxiangongsi"],
    }


def test_former_names_are_found_too_but_no_phrase_runs_from_one_name_into_the_next() -> None:
    fields = name_fields("厦门鹭岛科技有限公司", ["厦门旧例贸易有限公司", "厦门鹭岛科技有限公司"])
    assert fields["name_key"] == ["厦门鹭岛科技有限公司", "厦门旧例贸易有限公司"]
    assert fields["brand"] == ["鹭岛", "旧例"]
    assert "公 司 | 厦 门" in str(fields["name_1"])
    assert "旧例" in str(fields["name_2"]).split()
    assert "司厦" not in str(fields["name_2"]).split()


def test_readings_are_there_with_and_without_a_region_in_brackets() -> None:
    fields = name_fields("鹭岛（厦门）科技公司")
    assert fields["pinyin_key"] == ["ludaokejigongsi", "ludaoxiamenkejigongsi"]
    assert fields["initials"] == ["ld", "ldkjgs", "ldxmkjgs"]


@given(st.text(alphabet="福建省厦门市思明区鹭岛示例科技有限公司()ab12 ·&", max_size=20))
def test_every_value_fits_its_declared_field(name: str) -> None:
    for field, value in name_fields(name, [name[::-1]]).items():
        assert value
        if ENTITIES[field].many:
            assert isinstance(value, list)
            assert len(set(value)) == len(value)
            assert all(isinstance(each, str) and each for each in value)
        else:
            assert isinstance(value, str)
            assert value == " ".join(value.split())
