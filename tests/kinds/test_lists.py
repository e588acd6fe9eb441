"""Lists and states from files to answers: the worked examples of the law, loaded, published, and asked on a day."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from indexer.load import load
from indexer.publish import publish
from xincha.engine.contract import Engine
from xincha.engine.open import open_engine
from xincha.search.questions import EntitySearch, RecordSearch, Timeline
from xincha.search.service import Searcher
from xincha.settings import Settings
from xincha.text import uscc

TODAY = date(2026, 11, 26)
TOMORROW = date(2026, 11, 27)
PERSON = "示限安"


def code(number: int, kind: str = "91") -> str:
    stem = f"{kind}350203YYY77{number:04d}"
    return stem + uscc.check_character(stem)


NAMES = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸", "子", "丑", "寅", "卯", "辰", "巳", "午")
CODES = {name: code(number) for number, name in enumerate(NAMES, 1)}
SHOP = code(90, "92")
REGISTER = (
    "企业名称,统一社会信用代码,登记状态,成立日期,另册管理,歇业开始日期,歇业截止日期,拟强制注销公告期自,"
    "拟强制注销公告期至,曾用名\n"
)
OFFICE = "厦门市示例市场监督管理局"
ROWS = {
    "子": "吊销未注销,2010-01-05,是,,,,,",
    "丑": "歇业,2015-01-05,,2023-12-01,2026-11-26,,,",
    "寅": "吊销，未注销,2010-01-05,,,,2026-09-01,2026-11-30,",
    "卯": "强制注销,2010-01-05,,,,,,",
    "辰": "除名,2010-01-05,,,,,,",
    "巳": "名称剔除,2010-01-05,,,,,,",
}
LISTS = {
    "registration/register.csv": REGISTER
    + "".join(
        f"厦门示例列{name}商贸有限公司,{each},{ROWS.get(name, '存续,2010-01-05,,,,,,')}\n"
        for name, each in CODES.items()
        if name != "午"
    )
    + f"{CODES['午']},{CODES['午']},存续,2010-01-05,,,,,,厦门示例列午商贸有限公司\n"
    + f"厦门市思明区示例列面馆,{SHOP},存续,2010-01-05,,,,,,\n",
    "serious/gsxt.csv": "entName,uniscid,serILLRea_CN,abntime,decOrg_CN,remExcpRes_CN,remDate,reDecOrg_CN\n"
    f",{CODES['甲']},食品安全被吊销许可证,2024-05-06,{OFFICE},,,\n"
    f",{CODES['乙']},食品安全被吊销许可证,2024-05-06,{OFFICE},准予提前移出,2025-06-02,厦门市示例市场监督管理局\n"
    f",{CODES['丙']},食品安全被吊销许可证,2023-11-26,{OFFICE},,,\n"
    f",{CODES['丁']},列入经营异常名录届满3年,2019-08-01,{OFFICE},,,\n",
    "abnormal/载入.csv": "商事主体载入经营异常名录信息,,,,\n"
    "商事主体名称,统一社会信用代码,载入原因,载入日期,恢复记载日期,撤销载入日期\n"
    f"厦门市思明区示例列面馆,{SHOP},未按规定报送年度报告,2017-07-10,,\n"
    f",{CODES['戊']},未按规定报送年度报告,2025-07-08,2026-08-12,\n"
    f",{CODES['己']},未按规定报送年度报告,2025-07-08,,2026-08-12\n",
    "names/剔除.csv": "商事主体名称,统一社会信用代码,名称剔除日期,剔除原因,作出决定机关,决定书文号\n"
    f",{CODES['庚']},2018-09-10,连续三年未报送年度报告,{OFFICE},厦示市监剔〔2018〕1号\n",
    "names/除名.csv": "商事主体名称,统一社会信用代码,除名日期,除名事由,作出决定机关,除名决定书文号\n"
    f",{CODES['辛']},2024-09-10,两年未报送年度报告且未申报纳税,深圳市示例市场监督管理局,深示市监除〔2024〕1号\n",
    "posts/任职限制.csv": "被剔除名称商事主体,统一社会信用代码,法定代表人,身份证号,职务,限制起始日期,限制截止日期,"
    "作出任职限制决定机关,解除日期,解除原因\n"
    f"厦门示例列庚商贸有限公司,{CODES['庚']},{PERSON},350299197105060005,法定代表人,2018-09-10,2021-09-10,{OFFICE},,\n"
    f"厦门示例列壬商贸有限公司,{CODES['壬']},{PERSON},350299197105060005,法定代表人,2025-09-10,,{OFFICE},,\n"
    f"厦门示例列癸商贸有限公司,{CODES['癸']},{PERSON},350299197105060005,负责人,2025-09-10,2028-09-10,{OFFICE},2026-03-05,1\n",
}  # fmt: skip


@dataclass(frozen=True)
class Loaded:
    engine: Engine
    settings: Settings

    def on(self, day: date) -> Searcher:
        return Searcher(self.engine, today=lambda: day)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    folder = tmp_path_factory.mktemp("lists")
    for name, text in LISTS.items():
        path = folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    settings = Settings(data=folder / "data", page=folder / "none", workers=1)
    report = load([folder / "files"], settings)
    assert {file.file: file.rejected for file in report.files if file.rejected} == {}
    with closing(open_engine(settings)) as engine:
        publish(settings, engine, day=date(2017, 1, 1))  # nothing has ended yet
        yield Loaded(engine, settings)


def of(loaded: Loaded, name: str, day: date = TODAY) -> list[Mapping[str, Any]]:
    """The records of an entity on a day."""
    entity = SHOP if name == "面馆" else CODES[name]
    return list(loaded.on(day).timeline(Timeline(entity_id=entity)).hits)


def company(loaded: Loaded, name: str, day: date = TODAY) -> Mapping[str, Any]:
    return loaded.on(day).entities.one(SHOP if name == "面馆" else CODES[name])


@pytest.mark.parametrize(
    ("name", "last", "first_hidden"),
    [
        ("甲", date(2027, 5, 6), date(2027, 5, 7)),
        ("乙", date(2025, 6, 1), date(2025, 6, 2)),
        ("丙", TODAY, TOMORROW),
        ("丁", date(2024, 8, 1), date(2024, 8, 2)),
    ],
)
def test_a_serious_listing_ends_by_itself_everywhere(loaded: Loaded, name: str, last: date, first_hidden: date) -> None:
    (record,) = of(loaded, name, last)
    assert (record["kind"], record["state"]) == ("serious", "listed")
    assert record["regime"] == ("order83" if name == "丁" else "order44")
    assert company(loaded, name, last)["counts"]["serious_now"] == 1
    assert CODES[name] in having(loaded, "serious", last)
    assert of(loaded, name, first_hidden) == []
    assert company(loaded, name, first_hidden)["counts"]["serious_now"] == 0
    assert CODES[name] not in having(loaded, "serious", first_hidden)


def having(loaded: Loaded, kind: str, day: date) -> set[str]:
    return {hit["entity_id"] for hit in loaded.on(day).entities.page(EntitySearch(has=(kind,), page_size=50)).hits}


def test_the_two_lists_of_serious_violation_have_their_own_names(loaded: Loaded) -> None:
    assert company(loaded, "甲")["summary"].endswith("；现列入严重违法失信名单")
    assert company(loaded, "丁", date(2020, 1, 1))["summary"].endswith("；现列入严重违法失信企业名单")


def test_a_shop_in_a_file_of_what_is_recorded_is_recorded_and_not_marked(loaded: Loaded) -> None:
    (record,) = of(loaded, "面馆")
    assert (record["happened_on"], record["regime"], record["mark"]) == ("2017-07-10", "recorded", False)
    assert record["headline"].startswith("载入经营异常名录")
    whole = company(loaded, "面馆")
    assert "现载入经营异常名录" in whole["summary"]
    assert "标记" not in f"{record['headline']}{record['rule']}{whole['summary']}"


def test_who_was_put_back_into_the_register_and_who_was_listed_in_error_are_not_shown(loaded: Loaded) -> None:
    assert of(loaded, "戊") == of(loaded, "己") == of(loaded, "己", date(2026, 1, 1)) == []
    assert len(of(loaded, "戊", date(2026, 8, 11))) == 1
    assert company(loaded, "己")["counts"]["abnormal"] == 0


def test_a_removed_name_and_a_struck_off_entity_are_two(loaded: Loaded) -> None:
    (removed,), (struck,) = of(loaded, "庚"), of(loaded, "辛")
    assert (removed["regime"], removed["headline"]) == (
        "名称剔除",
        "名称自 2018-09-10 起被剔除：连续三年未报送年度报告",
    )
    assert (struck["regime"], struck["headline"].partition("：")[0]) == ("除名", "自 2024-09-10 起被除名")
    assert company(loaded, "庚")["summary"].endswith("名称已被剔除")
    assert company(loaded, "辛")["summary"].endswith("已被除名")
    facets = loaded.on(TODAY).records.page(RecordSearch(kind=("name_removal",), facet=("category",))).facets
    assert {bucket["value"] for bucket in facets["category"]} == {"名称剔除", "除名"}
    assert loaded.on(TODAY).records.page(RecordSearch(kind=("name_removal",), category=("除名",))).total == 1
    statuses = {name: company(loaded, name)["status"] for name in ("卯", "辰", "巳")}
    assert statuses == {"卯": "强制注销", "辰": "除名", "巳": "名称剔除"}


def test_a_restriction_is_shown_on_the_page_of_the_entity_while_it_lasts(loaded: Loaded) -> None:
    (record,) = of(loaded, "壬")
    assert record["person"] == PERSON
    assert record["headline"] == "法定代表人自 2025-09-10 起任职受限"
    assert record["public_until"] == "2028-09-10"
    assert of(loaded, "癸") == []
    assert len(of(loaded, "癸", date(2026, 3, 4))) == 1
    assert [each["kind"] for each in of(loaded, "庚")] == ["name_removal"]
    assert {each["kind"] for each in of(loaded, "庚", date(2021, 9, 10))} == {"name_removal", "post_restriction"}


def test_who_is_restricted_is_in_no_list_no_search_and_no_file(loaded: Loaded) -> None:
    searcher = loaded.on(TODAY)
    listed = searcher.records.page(RecordSearch(kind=("post_restriction",)))
    assert listed.total == 1
    assert "person" not in listed.hits[0]
    assert searcher.records.page(RecordSearch(q=PERSON)).total == 0
    assert [hit["name"] for hit in searcher.entities.page(EntitySearch(q=PERSON)).hits] == []
    with TestClient(create_app(loaded.settings, loaded.engine)) as client:
        for address in ("records.csv?kind=post_restriction", "records.ndjson", "entities.csv"):
            answer = client.get(f"/api/v1/export/{address}")
            assert answer.status_code == 200
            assert PERSON not in answer.text
        assert PERSON not in client.get("/api/v1/records?page_size=50").text
        (record,) = client.get(f"/api/v1/entities/{CODES['壬']}/records").json()["hits"]
        assert record["person"] == PERSON
        assert PERSON not in client.get(f"/api/v1/records/{record['record_id']}").text
        assert "350299" not in client.get(f"/api/v1/entities/{CODES['壬']}/records").text


def test_new_kinds_are_searched_counted_and_exported(loaded: Loaded) -> None:
    with TestClient(create_app(loaded.settings, loaded.engine)) as client:
        text = client.get("/api/v1/export/records.csv?kind=name_removal").text.removeprefix("\ufeff")
        rows = {row["处理方式"]: row for row in csv.DictReader(io.StringIO(text))}
        assert rows["除名"]["事由"] == "两年未报送年度报告且未申报纳税"
        words = {kind["name"]: kind for kind in client.get("/api/v1/about").json()["kinds"]}
        assert words["abnormal"]["variant"] == "regime"
        assert words["abnormal"]["reworded"]["recorded"] == {"列入": "载入", "移出": "恢复记载"}
        found = client.get("/api/v1/records", params={"q": "厦示市监剔〔2018〕1号"}).json()
        assert [hit["kind"] for hit in found["hits"]] == ["name_removal"]


@pytest.mark.parametrize(
    ("name", "day", "text", "sentence"),
    [
        ("子", TODAY, "另册管理", "另册管理"),
        ("丑", TODAY, "歇业中 2023-12-01 至 2026-11-26", "歇业中 2023-12-01 至 2026-11-26"),
        ("丑", TOMORROW, "歇业期限届满（视为自动恢复经营）", "歇业期满，视为自动恢复经营"),
        ("寅", TODAY, "拟强制注销公告 2026-09-01 至 2026-11-30", "拟强制注销公告 2026-09-01 至 2026-11-30"),
        ("寅", date(2026, 12, 1), "拟强制注销公告 2026-09-01 至 2026-11-30，公告期满", "公告期满"),
    ],
)
def test_what_stands_beside_a_state_is_said_of_the_day(
    loaded: Loaded, name: str, day: date, text: str, sentence: str
) -> None:
    whole = company(loaded, name, day)
    assert [flag["text"] for flag in whole["flags"]] == [text]
    assert sentence in whole["summary"]
    hit = loaded.on(day).entities.page(EntitySearch(q=CODES[name])).hits[0]
    assert hit["flags"] == whole["flags"]


def test_the_state_of_the_register_stands_as_published_beside_its_word(loaded: Loaded) -> None:
    whole = company(loaded, "寅")
    assert (whole["status"], whole["status_text"]) == ("吊销未注销", "吊销，未注销")
    assert company(loaded, "子")["flags"][0]["since_on"] is None


def test_a_code_in_place_of_a_name_says_so_and_the_former_name_leads_to_it(loaded: Loaded) -> None:
    whole = company(loaded, "午")
    assert (whole["name"], whole["name_note"]) == (CODES["午"], "名称停用，以统一社会信用代码代替")
    found = loaded.on(TODAY).entities.page(EntitySearch(q="厦门示例列午商贸有限公司")).hits
    assert [hit["entity_id"] for hit in found[:1]] == [CODES["午"]]
