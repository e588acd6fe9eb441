"""An export on its way: page after page, whole or broken, as many at once as are allowed, gone with its reader."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import fastexcel
import httpx2
import orjson
import pytest

from indexer.documents import Document
from tests.api.live import until
from tests.api.watched import Watched, connected, request, served
from xincha import tables
from xincha.engine.contract import Engine
from xincha.engine.embedded.engine import EmbeddedEngine
from xincha.engine.fields import tie
from xincha.engine.query import MatchAll, Request, Sort
from xincha.errors import EngineError, Republished
from xincha.search.export.columns import columns
from xincha.search.export.file import chunks_of
from xincha.search.export.pages import PAGE, Export
from xincha.settings import Settings
from xincha.tables import FORMATS, safe_text

DAY = date(2026, 1, 5)
MANY = 12_000
ORIGIN = {"file": "示例.csv", "row": 1, "batch_id": "1", "loaded_at": "2026-01-04T16:00:00.000000Z"}


def entity(number: int, **facts: object) -> Document:
    identifier = f"N-{number:016x}"
    stored = {"entity_id": identifier, "name": f"示例{number}商行", "origin": ORIGIN, **facts}
    return {"id": identifier, "tie": tie(identifier), "source": orjson.dumps(stored)}


def publish(engine: Engine, entities: Sequence[Document]) -> None:
    engine.switch([engine.build("entities", entities, note={}), engine.build("records", [], note={})])


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine with 12,000 fictional entities; not to be changed."""
    with closing(EmbeddedEngine(tmp_path_factory.mktemp("many"), threads=1, memory_mb=32)) as engine:
        publish(engine, [entity(number, scope="示例经营范围" * 50) for number in range(MANY)])
        yield engine


def everything(engine: Engine, total: int | None = None) -> Export:
    found = engine.search("entities", Request(MatchAll(), size=0))
    request = Request(MatchAll(), sort=(Sort("tie"),))
    return Export(engine, "entities", request, found.total if total is None else total, found.version, DAY)


@pytest.mark.parametrize("kind", FORMATS)
def test_pages_are_asked_for_as_the_file_is_read(many: Engine, kind: str) -> None:
    watched = Watched(many)
    watching = replace(everything(many), engine=watched)
    chunks = chunks_of(watching, columns("entities"), kind)
    next(chunks)
    next(chunks)
    assert watched.asked <= 3
    chunks.close()
    assert watched.asked <= 3


def test_another_version_ends_an_export_instead_of_a_mixture(tmp_path: Path) -> None:
    with closing(EmbeddedEngine(tmp_path, threads=1, memory_mb=32)) as engine:
        publish(engine, [entity(number) for number in range(PAGE + 10)])
        pages = iter(everything(engine))
        assert len(next(pages)) == PAGE
        publish(engine, [entity(number) for number in range(PAGE + 20)])
        with pytest.raises(Republished):
            list(pages)


def test_fewer_rows_than_announced_are_an_error(many: Engine) -> None:
    with pytest.raises(EngineError, match=r"12,000 of 12,001"):
        list(everything(many, MANY + 1))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, page=tmp_path / "none", exports=1)


def test_an_export_ends_with_its_reader_and_gives_its_place_to_the_next(many: Engine, settings: Settings) -> None:
    watched = Watched(many)
    with served(watched, settings) as (address, app):
        with connected(address) as reader:
            reader.sendall(request("GET", "/api/v1/export/entities.ndjson"))
            assert b"x-total-count: 12000" in reader.recv(4096)
            assert app.state.exports.borrowed_tokens == 1
            refused = httpx2.get(f"{address}/api/v1/export/entities.csv")
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
            assert refused.json()["type"] == "urn:xincha:problem:busy"
        until(lambda: app.state.exports.borrowed_tokens == 0)
        assert watched.asked < MANY // PAGE
        assert httpx2.get(f"{address}/api/v1/export/entities.csv").status_code == 200


def test_a_workbook_that_nobody_waits_for_leaves_nothing_behind(
    many: Engine, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with served(many, settings) as (address, app):
        with connected(address) as reader:
            reader.sendall(request("GET", "/api/v1/export/entities.xlsx"))
            until(lambda: any(tmp_path.glob("xincha-export-*")))
        until(lambda: app.state.exports.borrowed_tokens == 0)
        assert not any(tmp_path.glob("xincha-export-*"))


def test_an_export_that_cannot_be_finished_breaks_off_and_does_not_look_whole(
    tmp_path: Path, settings: Settings
) -> None:
    with closing(EmbeddedEngine(tmp_path / "index", threads=1, memory_mb=32)) as engine:
        publish(engine, [entity(number) for number in range(3 * PAGE)])
        watched = Watched(engine)

        def republish() -> None:
            if watched.asked == 3:  # the count, and one page
                publish(engine, [entity(1)])

        watched.before = republish
        with served(watched, settings) as (address, app):
            with httpx2.stream("GET", f"{address}/api/v1/export/entities.csv") as answer:
                assert answer.headers["x-total-count"] == str(3 * PAGE)
                with pytest.raises(httpx2.RemoteProtocolError):
                    answer.read()
            watched.asked = 0
            publish(engine, [entity(number) for number in range(3 * PAGE)])
            refused = httpx2.get(f"{address}/api/v1/export/entities.xlsx")
            assert refused.status_code == 503  # nothing was sent yet, so this can still be told
            assert refused.headers["content-type"] == "application/problem+json"
            assert app.state.exports.borrowed_tokens == 0


DANGEROUS = ["=1+1", "+86 592", "-1", "@sum", "\t=1", "\r=1", "\n=1", " =1", "＝1", "－1", "＠x", "=cmd|' /C calc'!A0"]
HARMLESS = ["示例商行", "91350203MA2XXXXX0Y", "350203", "12号", "a=b", "1.5", "2018年", "", "'quoted"]
MISREAD = ["350203200012345", "0111", "1E10", "12e5", "1-2", "3/4", "2018-1-2", "9135020012345678", "000"]


def test_what_a_spreadsheet_would_run_begins_with_a_quote() -> None:
    assert [safe_text(text) for text in DANGEROUS] == [f"'{text}" for text in DANGEROUS]
    assert [safe_text(text) for text in HARMLESS] == HARMLESS


def test_digits_that_a_spreadsheet_would_change_are_kept_text() -> None:
    assert [safe_text(text) for text in MISREAD] == [f"{text}\t" for text in MISREAD]


@pytest.fixture
def strange(tmp_path: Path) -> Iterator[Export]:
    """Entities whose texts are what spreadsheets stumble over."""
    with closing(EmbeddedEngine(tmp_path / "strange", threads=1, memory_mb=32)) as engine:
        texts = [*DANGEROUS, *MISREAD, '引"号,与\n换行', "长" * 40_000, "\x00\x01\ud7ff"]
        publish(
            engine,
            [
                entity(
                    number, address=text, established_on="1899-12-31", term_to_on="9999-12-31", capital_cny=1e12 + 0.25
                )
                for number, text in enumerate(texts)
            ],
        )
        yield everything(engine)


def written(rows: Export, kind: str) -> bytes:
    return b"".join(chunks_of(rows, columns("entities"), kind))


def test_strange_texts_come_through_a_csv(strange: Export) -> None:
    told = [orjson.loads(line) for line in written(strange, "ndjson").splitlines()]
    rows = list(csv.DictReader(io.StringIO(written(strange, "csv").decode("utf-8-sig"), newline="")))
    assert [row["住所"] for row in rows] == [safe_text(row["address"]) for row in told]
    assert {row["注册资本（元）"] for row in rows} == {"1000000000000.25"}
    assert {(row["成立日期"], row["营业期限至"]) for row in rows} == {("1899-12-31", "9999-12-31")}
    assert {row["加载时间"] for row in rows} == {"2026-01-05 00:00:00"}


def test_strange_texts_are_text_in_a_workbook(strange: Export) -> None:
    told = [orjson.loads(line) for line in written(strange, "ndjson").splitlines()]
    sheet = fastexcel.read_excel(written(strange, "xlsx")).load_sheet(0, dtypes="string").to_polars()
    for row, address in zip(told, sheet["住所"], strict=True):
        if len(row["address"]) > 32_767:
            assert len(address) == 32_767
            assert address.endswith("（全文 40000 字，超出单元格上限，见 CSV）")
        elif row["address"].isprintable():
            assert address == row["address"]


@pytest.mark.slow
def test_a_workbook_goes_on_in_further_sheets(many: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_SHEET_ROWS", 5_001)
    book = fastexcel.read_excel(written(everything(many), "xlsx"))
    assert book.sheet_names == ["市场主体", "市场主体 2", "市场主体 3"]
    sheets = [book.load_sheet(name, dtypes="string").to_polars() for name in book.sheet_names]
    assert [sheet.height for sheet in sheets] == [5_000, 5_000, 2_000]
    assert len({name for sheet in sheets for name in sheet["主体编号"]}) == MANY
