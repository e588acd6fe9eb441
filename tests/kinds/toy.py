"""A toy kind of record: tests of what one declaration brings. It is registered before anything else is imported.

Run as a program it loads a file of the kind, publishes it, and prints what the API and an export say of it:

    python -m tests.kinds.toy FOLDER
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import orjson

from xincha.kinds import KINDS
from xincha.kinds.kind import Count, Fact, Kind, State
from xincha.rules.window import Window

NOTICE = Kind(
    "toy",
    table="toys",
    letter="T",
    title="示例玩具",
    own=(
        Fact("toy_no", "玩具编号", number=True),
        Fact("story", "玩具故事", prose=True, searched=True),
        Fact("colour", "颜色", category={"r": "红", "b": "蓝"}),
        Fact("given_on", "赠与日期", "date", happened=True),
        Fact("giver", "赠与人", shown="page"),
        Fact("parts", "零件", "lines", lines=(Fact("part", "零件名"), Fact("number", "数量"))),
        Fact("price_cny", "价格（元）", "money"),
        Fact("office", "赠与机关", authority=True),
    ),
    window=lambda row, _: Window(row["given_on"], state="new" if row["colour"] == "r" else "old"),
    headline=lambda row: f"玩具：{row.get('story', '')}",
    summary=lambda counts, _: f"玩具 {counts['toy']} 件" if counts["toy"] else "",
    has="有玩具",
    counts=(Count("toy", "玩具（件）"), Count("toy_new", "新玩具（件）", state="new", risk="新玩具 {}")),
    states={"new": State("新"), "old": State("旧"), "lost": State("丢失", "adverse")},
)
CODE = "91350203YYY7700245"
FILE = f"""企业名称,统一社会信用代码,玩具编号,玩具故事,颜色,赠与日期,赠与人,零件,价格,赠与机关,收件人身份证号
厦门示例云礁食品有限公司,{CODE},玩〔2024〕7号,一只会唱歌的示例木马,r,2024-05-06,示安,轮子:4;尾巴:1,12.5,示例局,不应读取
"""
REGISTER = f"企业名称,统一社会信用代码,登记状态,成立日期\n厦门示例云礁食品有限公司,{CODE},存续,2018-03-05\n"


def register() -> None:
    """Declare the kind and the source of its files, in the two registries."""
    KINDS["toy"] = NOTICE

    import polars as pl

    from indexer.canonical.batch import Batch
    from indexer.canonical.party import read_party, record_ids
    from indexer.canonical.values import amount_of, as_table
    from indexer.kinds import SOURCES
    from indexer.kinds.source import PARTY, PARTY_COLUMNS, Source
    from indexer.tables import table_of

    table = table_of(NOTICE)

    def lines(text: str) -> list[dict[str, str]]:
        return [dict(zip(("part", "number"), each.split(":"), strict=True)) for each in text.split(";")]

    def read(batch: Batch) -> pl.DataFrame:
        party = read_party(batch)
        amount = amount_of(batch, "price_cny").struct.field("amount")
        parts = batch.mapped(batch.text("parts"), lines, table.columns["parts"])
        ids = record_ids("T", party.key, batch.text("toy_no"))
        return as_table(batch, table, {"record_id": ids, **party.columns, "parts": parts, "price_cny": amount})

    SOURCES["toy"] = Source(
        "toy",
        "示例玩具",
        table,
        {
            **PARTY_COLUMNS,
            **{fact.name: (fact.title.partition("（")[0],) for fact in NOTICE.own},
        },
        read,
        required=(PARTY, ("toy_no", "story")),
        marks=("toy_no", "story", "colour"),
        personal=("收件人身份证号",),
    )


def main(folder: Path) -> Mapping[str, object]:
    """Load, publish, ask."""
    from fastapi.testclient import TestClient

    from api.app import create_app
    from indexer.load import load
    from indexer.publish import publish
    from xincha.engine.open import open_engine
    from xincha.settings import Settings

    (folder / "register.csv").write_text(REGISTER, "utf-8")
    (folder / "toys.csv").write_text(FILE, "utf-8")
    settings = Settings(data=folder / "data", page=folder / "none", workers=1)
    report = load([folder / "register.csv", folder / "toys.csv"], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
        with TestClient(create_app(settings, engine)) as client:

            def get(address: str) -> object:
                return client.get(f"/api/v1/{address}").json()

            return {
                "files": {file.file: (file.kind, file.kept) for file in report.files},
                "found": get("records?q=唱歌&kind=toy&state=new"),
                "numbered": get("records?q=玩〔2024〕7号"),
                "by_person": get("records?q=示安"),
                "company": get(f"entities/{CODE}"),
                "having": get("entities?has=toy"),
                "timeline": get(f"entities/{CODE}/records"),
                "about": get("about"),
                "export": client.get("/api/v1/export/records.csv?kind=toy").text,
                "refused": get("records?kind=gold"),
            }


if __name__ == "__main__":
    register()
    sys.stdout.buffer.write(orjson.dumps(main(Path(sys.argv[1])), default=str))
