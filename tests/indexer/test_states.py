"""The state of an entity: its word, its text, and what stands beside it for a time; how newer files change it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from indexer.load import load
from indexer.publish import publish
from tests.kinds.test_listings import CODE, SHOP, one, read
from xincha.engine.open import open_engine
from xincha.kinds.entity import FLAG_FACTS
from xincha.search.flags import flags_on
from xincha.search.questions import EntitySearch
from xincha.search.service import Searcher
from xincha.settings import Settings
from xincha.text import codes

BASE = {"企业名称": "厦门示例甲商贸有限公司", "统一社会信用代码": CODE, "成立日期": "2018-03-05"}
TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "status", "flags"),
    [
        ("存续（另册管理）", "存续", ["另册管理"]),
        ("吊销，未注销（拟强制注销公告）", "吊销未注销", ["拟注销"]),
        ("吊销（拟强制注销）", "吊销未注销", ["拟注销"]),
        ("拟强制注销公告中", "其他", ["拟注销"]),
        ("强制注销", "强制注销", []),
        ("撤销设立登记", "撤销设立登记", []),
        ("撤销，未注销", "撤销", []),
        ("责令关闭未注销", "责令关闭", []),
        ("责令关闭后注销", "注销", []),
        ("除名", "除名", []),
        ("名称剔除", "名称剔除", []),
        ("剔除名称", "名称剔除", []),
        ("歇业", "歇业", ["歇业中"]),
        ("终止歇业", "存续", []),
        ("简易注销公告", "存续", ["拟注销"]),
        ("存续（特别标注）", "存续", ["特别标注"]),
    ],
)
def test_states_are_told_from_what_stands_beside_them(text: str, status: str, flags: list[str]) -> None:
    assert (codes.status(text), codes.status_flags(text)) == (status, flags)
    assert status in codes.STATUSES


def flags_of(row: Mapping[str, Any], day: date = TODAY) -> list[tuple[str, str | None]]:
    iso = {name: str(value) if isinstance(value, date) else value for name, value in row.items()}
    return [(str(flag["flag"]), flag["since_on"]) for flag in flags_on(iso, day)]


@pytest.mark.parametrize(
    ("columns", "flags"),
    [
        ({"另册管理": "是"}, [("另册管理", None)]),
        ({"另册管理": "2025-03-04"}, [("另册管理", "2025-03-04")]),
        ({"列入另册日期": "2025-03-04"}, [("另册管理", "2025-03-04")]),
        ({"列入另册日期": "2025-03-04", "移出另册日期": "2026-03-04"}, []),
        ({"列入另册日期": "2027-03-04"}, []),
        ({"另册管理": "否"}, []),
        ({"另册管理": "解除"}, []),
        ({"另册原因": "吊销后六个月未清算"}, [("另册管理", None)]),
        ({"特别标注": "注册资本未按规定调整"}, [("特别标注", None)]),
        ({"歇业起始日期": "2025-03-04"}, [("歇业中", "2025-03-04")]),
        ({"登记状态": "存续（另册管理）"}, [("另册管理", None)]),
        ({"登记状态": "存续"}, []),
    ],
)
def test_flags_are_read_of_their_columns_and_of_the_state(
    columns: dict[str, str | None], flags: list[tuple[str, str | None]]
) -> None:
    assert flags_of(one({**BASE, **columns})) == flags


@pytest.mark.parametrize(
    ("file", "flag", "text"),
    [
        ("拟强制注销公告.csv", "拟注销", "拟强制注销公告 2026-09-01 至 2026-11-30"),
        ("简易注销公告.csv", "拟注销", "简易注销公告 2026-09-01 至 2026-11-30"),
        ("歇业公告.csv", "歇业中", "歇业中 2026-09-01 至 2026-11-30"),
        ("a.csv", None, None),
    ],
)
def test_a_notice_is_about_what_its_file_is_called(file: str, flag: str | None, text: str | None) -> None:
    notice = {"noticeFrom": "2026-09-01", "noticeTo": "2026-11-30"}
    row = one({**BASE, **notice}, file=file)
    iso = {name: str(value) if isinstance(value, date) else value for name, value in row.items()}
    assert [(each["flag"], each["text"]) for each in flags_on(iso, TODAY)] == ([(flag, text)] if flag else [])


def test_rest_without_a_last_day_ends_after_three_years() -> None:
    stored = {"suspended": True, "suspended_since_on": "2022-11-26"}
    assert [each["text"] for each in flags_on(stored, date(2025, 11, 26))] == ["歇业中（自 2022-11-26 起）"]
    assert [each["text"] for each in flags_on(stored, date(2025, 11, 27))] == ["歇业期限届满（视为自动恢复经营）"]


@pytest.mark.parametrize(
    ("name", "code", "read_as"),
    [
        (CODE, CODE, CODE),
        (CODE.lower(), CODE, CODE),
        (f"{CODE}（名称停用，以统一社会信用代码代替）", CODE, CODE),
        (CODE, None, None),
        (SHOP, CODE, None),
    ],
)
def test_a_code_is_a_name_where_it_is_the_entitys_own(name: str, code: str | None, read_as: str | None) -> None:
    made = read({**BASE, "企业名称": name, "统一社会信用代码": code, "经营范围": "零售"})
    assert made.rows["name"].to_list() == ([read_as] if code else [])


HEAD = "企业名称,统一社会信用代码,登记状态,成立日期\n"
NAME = "厦门示例甲商贸有限公司"


def test_newer_files_change_a_state_and_what_stands_beside_it(tmp_path: Path) -> None:
    """A file that says nothing of a flag leaves it; another text of the state ends what stood beside the last one."""
    settings = Settings(data=tmp_path / "data", workers=1)
    files = (
        f"{HEAD}{NAME},{CODE},存续,2018-03-05\n",
        f"企业名称,统一社会信用代码,另册管理,另册管理日期\n{NAME},{CODE},是,2025-03-04\n",
        f"企业名称,统一社会信用代码,法定代表人,登记状态\n{NAME},{CODE},示安,存续\n",
        f"{HEAD}{NAME},{CODE},强制注销,2018-03-05\n",
        f"企业名称,统一社会信用代码,登记状态,状态日期\n{CODE},{CODE},吊销未注销,2026-05-02\n",
    )
    seen = []
    for number, text in enumerate(files):
        path = tmp_path / f"{number}.csv"
        path.write_text(text, "utf-8")
        load([path], settings)
        with closing(open_engine(settings)) as engine:
            publish(settings, engine)
            searcher = Searcher(engine, today=lambda: TODAY)
            whole = searcher.entities.one(CODE)
            seen.append((whole["status"], [flag["text"] for flag in whole["flags"]]))
            named = [hit["entity_id"] for hit in searcher.entities.page(EntitySearch(q=NAME)).hits]
            assert named == [CODE]
    rest = "另册管理（自 2025-03-04 起）"
    assert seen == [("存续", []), ("存续", [rest]), ("存续", [rest]), ("强制注销", []), ("吊销未注销", [])]
    assert (whole["name"], whole["former_names"], whole["status_on"]) == (CODE, [NAME], "2026-05-02")
    changed = {change["field"] for change in whole["changes"]}
    assert {"status", "name", "separate", "separate_since_on"} <= changed


def test_every_flag_has_its_facts() -> None:
    assert list(FLAG_FACTS) == list(codes.FLAGS)


def test_who_has_a_flag_is_found_and_counted_on_each_day_as_the_flags_say(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", workers=1, index_threads=1, index_memory_mb=32)
    flagged: tuple[Mapping[str, str], ...] = (
        {"另册管理": "是"},
        {"列入另册日期": "2026-11-24", "移出另册日期": "2026-11-27"},
        {"列入另册日期": "2026-11-28", "歇业起始日期": "2026-11-20", "歇业截止日期": "2026-11-25"},
        {"登记状态": "吊销，未注销（拟强制注销公告）", "列入另册日期": "2026-11-29", "移出另册日期": "2026-11-29"},
        {},
    )
    heads = ["注册号", "企业名称", *dict.fromkeys(name for row in flagged for name in row), "成立日期"]
    rows = [
        {"注册号": f"35020010000000{n}", "企业名称": f"厦门示例第{n}商贸有限公司", "成立日期": "2018-03-05", **row}
        for n, row in enumerate(flagged)
    ]
    lines = [",".join(heads), *(",".join(row.get(head, "") for head in heads) for row in rows)]
    path = settings.data.parent / "登记.csv"
    path.write_text("\n".join([*lines, ""]), "utf-8")
    load([path], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine, day=date(2026, 11, 26))
        for number in range(6):
            day = date(2026, 11, 26 + number) if number < 5 else date(2030, 1, 1)
            finder = Searcher(engine, today=partial(date.fromordinal, day.toordinal())).entities
            everybody = finder.page(EntitySearch())
            said = [(str(flag["flag"]), hit["name"]) for hit in everybody.hits for flag in hit["flags"]]
            assert {bucket["value"]: bucket["count"] for bucket in everybody.facets["flag"]} == Counter(
                flag for flag, _ in said
            )
            for flag in codes.FLAGS:
                found = finder.page(EntitySearch(flag=(flag,)))
                assert {hit["name"] for hit in found.hits} == {name for each, name in said if each == flag}, (flag, day)
            both = finder.page(EntitySearch(flag=("另册管理", "歇业中")))
            assert {hit["name"] for hit in both.hits} == {name for each, name in said if each in ("另册管理", "歇业中")}
            assert both.facets["flag"] == everybody.facets["flag"]
        assert {name for _, name in said} >= {"厦门示例第0商贸有限公司", "厦门示例第2商贸有限公司"}
