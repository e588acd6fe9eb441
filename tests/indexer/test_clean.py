"""Personal data of records whose publication is over: blanked in the lake, and gone from its files and the index's."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable

from indexer.clean import clean
from indexer.lake import Lake
from indexer.load import load
from indexer.publish import publish
from tests.cli.conftest import environment_of, result
from xincha.days import today
from xincha.engine.open import open_engine
from xincha.settings import Settings

pytestmark = pytest.mark.slow

PERSON, OTHER, COMPANY = "欧阳示例甲", "欧阳示例乙", "厦门示例澜汀建材有限公司"
DEED, ELSE = "在示例路口无照经营水果", "在示例码头无照经营海鲜"
HEAD = (
    "行政处罚决定书文号,行政相对人名称,行政相对人类别,违法行为类型,违法事实,处罚类别,处罚内容,罚款金额（元）,处罚决定日期,"
    "公示截止期,处罚机关"
)


def penalties(path: Path, *rows: tuple[str, str, str, date], note: str = "") -> Path:
    lines = [
        f"示市监罚字〔2020〕{number}号,{name},{kind},无照经营,{deed}{note},罚款,罚款五千元,5000,"
        f"{last - timedelta(days=50)},{last},示例市市场监督管理局"
        for number, (name, kind, deed, last) in enumerate(rows, 1)
    ]
    path.write_text("\n".join([HEAD, *lines, ""]), "utf-8")
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A lake in which a person's penalty ended 31 days ago, another's 30 days ago, and a company's long before; of
    the first it holds an earlier text too."""
    settings = Settings(data=tmp_path / "data", workers=1, index_threads=1, index_memory_mb=32)
    ended = [
        (PERSON, "自然人", DEED, today() - timedelta(days=31)),
        (OTHER, "自然人", ELSE, today() - timedelta(days=29)),
        (COMPANY, "法人及非法人组织", "虚假宣传", today() - timedelta(days=300)),
    ]
    load([penalties(tmp_path / "1.csv", *ended)], settings)
    load([penalties(tmp_path / "2.csv", *ended, note="，后有更正")], settings)
    return settings


def texts(settings: Settings) -> str:
    """All that stands in any Parquet file below the lake, of whatever version."""
    return "\n".join(str(pl.read_parquet(path).to_dicts()) for path in settings.lake.rglob("*.parquet"))


def test_it_is_blanked_and_in_no_file_of_the_lake(settings: Settings) -> None:
    assert PERSON in texts(settings)
    assert clean(settings).blanked == {"penalty": 1}
    left = texts(settings)
    for gone in (PERSON, DEED):
        assert gone not in left
    for kept in (OTHER, ELSE, COMPANY, "虚假宣传"):
        assert kept in left
    rows = Lake(settings.lake).snapshot().scan("penalties").filter(pl.col("party_name").is_null()).collect()
    (row,) = rows.iter_rows(named=True)
    assert (row["doc_no"], row["party_kind"], row["authority"]) == (
        "示市监罚字〔2020〕1号", "自然人", "示例市市场监督管理局"
    )  # fmt: skip
    assert (row["fine_cny"], row["penalty_types"], row["violation"], row["content"]) == (5000, ["罚款"], None, None)
    assert Lake(settings.lake).snapshot().count("penalties") == 3


def test_no_version_of_a_table_brings_it_back(settings: Settings) -> None:
    before = {path.parent.name for path in settings.lake.glob("*/_delta_log")}
    clean(settings)
    for name in before - {"batches"}:
        table = DeltaTable(str(settings.lake / name))
        for version in range(table.version() + 1):
            try:
                files = DeltaTable(str(settings.lake / name), version=version).file_uris()
            except Exception:  # noqa: S112 - its log is cut: that is what is wanted
                continue
            for file in filter(lambda file: Path(file).exists(), files):
                assert PERSON not in str(pl.read_parquet(file).to_dicts())


def test_a_clean_lake_stays_as_it_is_and_is_loaded_into_again(settings: Settings, tmp_path: Path) -> None:
    clean(settings)
    versions = Lake(settings.lake).snapshot().versions
    assert clean(settings).blanked == {}
    assert Lake(settings.lake).snapshot().versions == versions
    again = penalties(tmp_path / "3.csv", (PERSON, "自然人", DEED, today() - timedelta(days=31)))
    load([again], settings)
    assert PERSON in texts(settings)
    assert clean(settings).blanked == {"penalty": 1}
    assert PERSON not in texts(settings)


def test_the_operator_says_after_how_many_days(settings: Settings) -> None:
    assert clean(settings.model_copy(update={"expired_personal_days": 400})).blanked == {}
    assert clean(settings.model_copy(update={"expired_personal_days": 0})).blanked == {"penalty": 2}


def test_the_command_leaves_nothing_in_the_files_of_the_index_either(settings: Settings, tmp_path: Path) -> None:
    last = today() + timedelta(days=9)
    load(
        [penalties(tmp_path / "4.csv", *[("厦门示例云礁食品有限公司", "法人及非法人组织", "示例云礁事实", last)] * 1)],
        settings,
    )
    with closing(open_engine(settings)) as engine:
        publish(settings, engine, day=today() - timedelta(days=31))
        published = engine.status().indices["records"].version
        publish(settings, engine)
    told = result(environment_of(settings.data), "clean")
    assert told["blanked"] == {"penalty": 1}
    assert told["publish"]["mode"] == "full"
    versions = {path.name for path in settings.index.iterdir() if path.is_dir()}
    assert f"records-{published}" not in versions
    held = b"".join(path.read_bytes() for path in settings.index.rglob("*") if path.is_file())
    assert DEED.encode() not in held


def test_who_was_restricted_in_posts_is_blanked_when_that_is_over_and_the_company_stays(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", workers=1)
    head = "被剔除名称商事主体,姓名,职务,限制开始日期,限制截止日期,作出任职限制决定机关,决定书文号"
    ended, runs = today() - timedelta(days=40), today() + timedelta(days=40)
    rows = [
        f"{COMPANY},{person},法定代表人,{last - timedelta(days=1095)},{last},示例局,示剔〔2023〕{number}号"
        for number, (person, last) in enumerate(((PERSON, ended), (OTHER, runs)), 1)
    ]
    path = tmp_path / "任职限制.csv"
    path.write_text("\n".join([head, *rows, ""]), "utf-8")
    load([path], settings)
    assert clean(settings).blanked == {"post_restriction": 1}
    left = texts(settings)
    assert (PERSON in left, OTHER in left, left.count(COMPANY) >= 2) == (False, True, True)


REGISTER = "企业名称,登记状态,成立日期\n,存续示例登记原文,2015-01-05\n厦门示例潮音商贸有限公司,存续,2015-01-05\n"


def test_what_rejects_quote_of_records_goes_as_many_days_after_their_load(settings: Settings, tmp_path: Path) -> None:
    unread = penalties(tmp_path / "5.csv", ("", "自然人", "示例拒收事实", today()), (OTHER, "自然人", ELSE, today()))
    register = tmp_path / "登记.csv"
    register.write_text(REGISTER, "utf-8")
    load([unread, register], settings)
    lake = Lake(settings.lake)
    before = {(row.source_file, row.source_row, row.code) for row in lake.rejects()}
    assert {file for file, *_ in before} == {"5.csv", "登记.csv"}
    assert clean(settings, day=today() + timedelta(days=29)).rejects == 0
    assert "示例拒收事实" in texts(settings)
    assert clean(settings, day=today() + timedelta(days=30)).rejects == 1
    left = texts(settings)
    assert ("示例拒收事实" in left, "存续示例登记原文" in left) == (False, True)
    assert {(row.source_file, row.source_row, row.code) for row in lake.rejects()} == before
    versions = lake.snapshot().versions
    assert clean(settings, day=today() + timedelta(days=30)).rejects == 0
    assert lake.snapshot().versions == versions
