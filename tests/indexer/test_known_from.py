"""Since when an entity is known: since the first load that brought it, whatever later ones changed."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

import orjson

from indexer.lake import Lake
from indexer.load import load
from indexer.publish import publish
from xincha.engine.open import open_engine
from xincha.engine.query import MatchAll, Request
from xincha.settings import Settings

LOADS = (
    "企业名称,成立日期\n鹭岛示例一号有限公司,2001-02-03\n鹭岛示例二号有限公司,2001-02-03\n",
    "企业名称,法定代表人,成立日期\n鹭岛示例一号有限公司,甲某,2001-02-03\n鹭岛示例三号有限公司,丙某,2001-02-03\n",
    "企业名称,法定代表人,成立日期\n鹭岛示例一号有限公司,乙某,2001-02-03\n鹭岛示例二号有限公司,,2001-02-03\n",
)


def test_an_entity_is_known_from_its_first_load(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", workers=1, index_threads=1, index_memory_mb=32)
    first: dict[str, datetime] = {}
    times = []
    for number, text in enumerate(LOADS):
        file = tmp_path / f"{number}.csv"
        file.write_text(text, "utf-8")
        load([file], settings)
        rows = Lake(settings.lake).snapshot().scan("entities").select("name", "loaded_at").collect()
        times.append(rows["loaded_at"].max())
        first = dict(rows.iter_rows()) | first
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
        shown = {
            each["name"]: each
            for hit in engine.search("entities", Request(MatchAll())).hits
            if (each := orjson.loads(hit.source))
        }
    assert {name: each["known_from"] for name, each in shown.items()} == {
        name: f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}" for name, moment in first.items()
    }
    one = shown["鹭岛示例一号有限公司"]
    assert one["known_from"] < one["changes"][0]["changed_at"] < one["origin"]["loaded_at"]
    assert len(set(times)) == 3
