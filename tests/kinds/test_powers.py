"""Powers 权责事项 and texts of law, from files to what a penalty rests on."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from indexer.lake import Lake
from indexer.load import load
from xincha.settings import Settings
from xincha.text.citations import Citation, citations, liability, strength

HEADS = {
    "a city": "序号,权责事项,设定依据,实施主体和责任主体,备注",
    "a county": "序号,部门名称,权力类型,权力名称,调整方式,依据,备注",
    "a sheet": "职权名称,职权类型,审核转报,职权编码,法定主体,责任事项,追责情形,追责依据",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_the_lists_of_cities_and_counties_are_recognised(tmp_path: Path, head: str) -> None:
    row = ",".join("行政处罚" if "类型" in name else f"事{at}" for at, name in enumerate(head.split(",")))
    (tmp_path / "list.csv").write_text(f"{head}\n{row}\n", "utf-8")
    report = load([tmp_path / "list.csv"], Settings(data=tmp_path / "data", workers=1))
    assert [(file.kind, file.kept, file.unread_columns) for file in report.files] == [("power", 1, [])]


def test_the_name_of_a_file_says_of_which_kind_its_powers_are(tmp_path: Path) -> None:
    (tmp_path / "权责清单（行政处罚）.csv").write_text(
        f"{HEADS['a city']}\n1,对甲的处罚,《示例法》第一条,示例局,市级\n", "utf-8"
    )
    settings = Settings(data=tmp_path / "data", workers=1)
    load([tmp_path / "权责清单（行政处罚）.csv"], settings)
    assert Lake(settings.lake).snapshot().scan("powers").collect()["power_kind"].to_list() == ["行政处罚"]


def test_the_published_laws_are_loaded_article_by_article(tmp_path: Path, shared: Path) -> None:
    settings = Settings(data=tmp_path / "data", workers=1)
    report = load([shared / "data" / "regulations"], settings)
    assert all(file.kind == "regulation" and file.rejected == 0 for file in report.files)
    assert len(report.files) >= 15
    rows = Lake(settings.lake).snapshot().scan("regulations").collect()
    (text,) = rows.filter(citation="行政处罚法|59")["article_text"]
    assert "行政处罚决定书应当载明下列事项" in text
    assert rows["record_id"].n_unique() == rows.height


def test_what_was_broken_is_not_what_was_imposed() -> None:
    text = "当事人违反了《甲法》第三条第一款、《乙条例》第四条的规定，依据该条例第九条第二款的规定"
    assert [str(each) for each in liability(text)] == ["乙条例|9|2"]
    assert [str(each) for each in liability("《甲法》第九条")] == ["甲法|9"]
    assert liability("违反《甲法》第三条") == []


def test_of_three_hundred_pairs_none_is_said_to_be_the_same_that_is_not() -> None:
    """Each penalty against each power of a list whose laws, articles, paragraphs and items are near one another."""
    choose = random.Random(20260301)  # noqa: S311 - the same each time
    laws = ("食品安全法", "福建省食品安全条例", "厦门经济特区食品安全条例", "食品安全法实施条例")
    places = [
        Citation(law, str(article), str(paragraph), str(item))
        for law in laws
        for article in (34, 124, 125)
        for paragraph in (1, 2)
        for item in (1, 5)
    ]
    right = wrong = 0
    for _ in range(300):
        penalty, power = choose.choice(places), choose.choice(places)
        duty = choose.choice(places)
        part = f"第{penalty.article}条第{penalty.paragraph}款第（{penalty.item}）项"
        said = f"违反《{duty.law}》第{duty.article}条，依据《中华人民共和国{penalty.law}》{part}"
        part = f"第{power.article}条第{power.paragraph}款第{power.item}项"
        listed = f"1.[法律]《{power.law}》(2021修正) {part} 违反本法规定的，罚款。"
        near = [strength(one, other) for one in liability(said) for other in citations(listed)]
        right += any(near) and penalty == power
        wrong += any(near) and penalty != power
        assert any(near) == (penalty == power), (said, listed)
    assert (right > 0, wrong) == (True, 0)
