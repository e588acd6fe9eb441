"""What somebody altered is found, with its place: each on a copy of one register that was loaded and published."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import orjson
import polars as pl
import pytest

from indexer.lake import Lake
from tests.proof.conftest import ORIGIN, Site
from xincha.engine.contract import IndexName
from xincha.engine.open import open_engine
from xincha.engine.query import MatchAll, Request
from xincha.proof.checkpoints import Checkpoint
from xincha.proof.log import Log
from xincha.proof.notes import SigningKey, opened
from xincha.settings import Settings

P2 = "示市监罚字〔2025〕2号"


def replaced(path: Path, content: bytes) -> None:
    """Put a file in the place of another one, which stays where it is linked."""
    part = path.with_name("part")
    part.write_bytes(content)
    part.replace(path)


def table_file(site: Site, name: str) -> Path:
    """The newest file of a table that the lake has now."""
    return max(Lake(site.settings.lake).snapshot().files(name))


def rewritten(path: Path, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    frame = change(pl.read_parquet(path))
    frame.write_parquet(path.with_name("part"))
    path.with_name("part").replace(path)


def record_id(site: Site, doc_no: str) -> str:
    rows = Lake(site.settings.lake).snapshot().scan("penalties").filter(pl.col("doc_no").str.starts_with(doc_no))
    return str(rows.select("record_id").collect().item())


def holding(site: Site, identifier: str) -> Path:
    """The file of penalties that holds a record."""
    files = Lake(site.settings.lake).snapshot().files("penalties")
    return next(file for file in files if identifier in pl.read_parquet(file)["record_id"])


def a_byte(site: Site) -> str:
    path = table_file(site, "penalties")
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    replaced(path, bytes(content))
    return f"lake/penalties/{path.name}"


def an_amount(site: Site) -> str:
    """The fine of a record, in a file that any reader takes for whole."""
    identifier = record_id(site, P2)
    zero = pl.when(pl.col("record_id") == identifier).then(pl.lit(0).cast(pl.Decimal(20, 2))).otherwise("fine_cny")
    rewritten(holding(site, identifier), lambda frame: frame.with_columns(fine_cny=zero))
    return identifier


def a_record_that_is_gone(site: Site) -> str:
    identifier = record_id(site, P2)
    rewritten(holding(site, identifier), lambda frame: frame.filter(pl.col("record_id") != identifier))
    return identifier


def a_record_more(site: Site) -> str:
    more = pl.col("record_id") + "X"
    rewritten(
        holding(site, record_id(site, P2)), lambda frame: pl.concat([frame, frame.head(1).with_columns(record_id=more)])
    )
    return "records that no load wrote"


def a_record_that_is_hidden(site: Site) -> str:
    """A column that no row of the load had is filled."""
    identifier = record_id(site, P2)
    rewritten(holding(site, identifier), lambda frame: frame.with_columns(gone_on=pl.lit(date(2024, 1, 1))))
    return identifier


def a_file_that_is_gone(site: Site) -> str:
    path = holding(site, record_id(site, P2))
    path.unlink()
    return f"lake/penalties/{path.name}"


def a_link(site: Site) -> str:
    """A penalty is another company's."""
    path = table_file(site, "links")
    rewritten(path, lambda frame: frame.with_columns(entity_id=pl.col("entity_id").reverse()))
    return f"lake/links/{path.name}"


def an_index_of_delta(site: Site) -> str:
    """Delta's own log forgets a file."""
    path = max((site.settings.lake / "penalties" / "_delta_log").glob("*.json"))
    lines = [line for line in path.read_text("utf-8").splitlines() if '"add"' not in line]
    replaced(path, "\n".join(lines).encode())
    return "lake/penalties"


def ledger_files(site: Site) -> list[Path]:
    return sorted((site.settings.lake / "batches").glob("*.parquet"))


def a_row_of_the_ledger(site: Site) -> str:
    """Two rows of the ledger change their contents."""
    first, second = (pl.read_parquet(path) for path in ledger_files(site)[1:3])
    for path, own, other in zip(ledger_files(site)[1:3], (first, second), (second, first), strict=True):
        kept = own.select("batch_id", "finished_at")
        rewritten(path, lambda _, other=other, kept=kept: other.with_columns(*kept.get_columns()))  # type: ignore[misc]
    return str(first["batch_id"][0])


def without_files(site: Site, gone: list[Path]) -> None:
    for path in (site.settings.lake / "batches" / "_delta_log").glob("*.json"):
        lines = [line for line in path.read_text("utf-8").splitlines() if not any(each.name in line for each in gone)]
        replaced(path, ("\n".join(lines) + "\n").encode())


def a_row_of_the_ledger_less(site: Site) -> str:
    path = ledger_files(site)[1]
    without_files(site, [path])
    return str(pl.read_parquet(path)["batch_id"][0])


def the_end_of_the_ledger(site: Site) -> str:
    without_files(site, ledger_files(site)[-1:])
    return str(pl.read_parquet(ledger_files(site)[-1])["batch_id"][0])


def a_source(site: Site) -> str:
    path = max((site.folder / "sources").iterdir())
    replaced(path, path.read_bytes().replace(b"10000", b"90000"))
    return path.name


def changed_index(site: Site, index: IndexName, change: Callable[[bytes], bytes | None]) -> str:
    """What is published is written anew, one document otherwise; its version and its note stay."""
    with site.engine() as engine:
        version = engine.status().indices[index].version
        hits = engine.search(index, Request(MatchAll(), size=100)).hits
    folder = site.settings.index / f"{index}-{version}"
    other = Settings(data=site.folder / "other", workers=1, index_threads=1, index_memory_mb=32)
    chosen = hits[0].id
    sources = {hit.id: change(hit.source) if hit.id == chosen else hit.source for hit in hits}
    documents = [
        {"id": each, "tie": number, "source": source} for number, (each, source) in enumerate(sources.items()) if source
    ]
    with closing(open_engine(other)) as engine:
        build = engine.build(index, documents, note={})
        made = other.index / f"{index}-{build.version}"
        for path in folder.iterdir():
            path.unlink()
        for path in made.iterdir():
            path.rename(folder / path.name)
    return chosen


def a_document(site: Site) -> str:
    return changed_index(site, "records", lambda source: source.replace("罚款".encode(), "警告".encode()))


def a_company_of_the_index(site: Site) -> str:
    return changed_index(site, "entities", lambda source: source.replace("存续".encode(), "注销".encode()))


def a_document_less(site: Site) -> str:
    return changed_index(site, "records", lambda _: None)


def leaves_of_documents(site: Site) -> str:
    path = max((site.settings.proofs / "documents").glob("records-*.parquet"))
    rewritten(path, lambda frame: frame.with_columns(leaf=pl.col("leaf").reverse()))
    return path.name


def leaves_of_rows(site: Site) -> str:
    path = table_file(site, "leaves")
    rewritten(path, lambda frame: frame.with_columns(leaf=pl.col("leaf").reverse()))
    return "lake/leaves"


def a_page_asset(site: Site) -> str:
    replaced(site.folder / "page" / "assets" / "index.js", b"console.log(2)\n")
    return "page/assets/index.js"


def a_page_file_more(site: Site) -> str:
    (site.folder / "page" / "assets" / "more.js").write_bytes(b"")
    return "page/assets/more.js"


def a_release(site: Site) -> str:
    path = max((site.folder / "releases").glob("2*/penalty.csv.gz"))
    replaced(path, path.read_bytes() + b"\0")
    return path.name


def log_text(site: Site, change: Callable[[list[str]], list[str]]) -> None:
    path = site.log.path
    replaced(path, ("\n".join(change(path.read_text("utf-8").splitlines())) + "\n").encode())


def an_entry_of_the_log(site: Site) -> str:
    log_text(site, lambda lines: [line.replace('"kind":"load"', '"kind":"none"', 1) for line in lines])
    return "are not those that were signed"


def another_key(site: Site) -> str:
    """The last checkpoint is signed anew, by a key of the same name."""

    def sign(lines: list[str]) -> list[str]:
        text = opened(orjson.loads(lines[-1]), ()).text
        return [*lines[:-1], orjson.dumps(SigningKey.make(ORIGIN).sign(text)).decode()]

    log_text(site, sign)
    return "not signed by"


def an_older_checkpoint(site: Site) -> str:
    def older(lines: list[str]) -> list[str]:
        notes = [line for line in lines if line.startswith('"')]
        return [*lines[:-1], notes[-2]]

    log_text(site, older)
    return "an older one is there"


def all_signatures(site: Site) -> str:
    """Who has no key writes the log anew, as if nobody had ever signed it."""

    def unsigned(lines: list[str]) -> list[str]:
        entries = (orjson.loads(line) for line in lines if line.startswith("{"))
        return [
            orjson.dumps({key: value for key, value in entry.items() if key != "signer"}).decode() for entry in entries
        ]

    log_text(site, unsigned)
    return "nothing is signed by"


def an_entry_without_a_signature(site: Site) -> str:
    log_text(site, lambda lines: [*lines, '{"kind":"restored","loads":[]}'])
    return "are not signed, and the key is on this machine"


def an_older_index(site: Site) -> str:
    """What was published before is published again, and nobody logged it."""
    with site.engine() as engine:
        engine.rollback()
        return f"index/records-{engine.status().indices['records'].version} an older version"


def a_byte_of_the_ledger(site: Site) -> str:
    """One that no reader looks at."""
    path = ledger_files(site)[0]
    replaced(path, path.read_bytes().replace(b"Polars", b"polars"))
    return f"lake/batches/{path.name}"


def the_index_of_releases(site: Site) -> str:
    path = site.folder / "releases" / "index.json"
    told = orjson.loads(path.read_bytes())
    told["releases"][0]["files"][0]["sha256"] = "0" * 64
    replaced(path, orjson.dumps(told))
    return "releases/index.json"


def the_log(site: Site) -> str:
    site.log.path.unlink()
    return "the log of loads and publishes is gone"


CASES = [
    a_byte, an_amount, a_record_that_is_gone, a_record_more, a_record_that_is_hidden, a_file_that_is_gone, a_link,
    an_index_of_delta, a_row_of_the_ledger, a_row_of_the_ledger_less, the_end_of_the_ledger, a_source, a_document,
    a_company_of_the_index, a_document_less, leaves_of_documents, leaves_of_rows, a_page_asset, a_page_file_more,
    a_release, an_entry_of_the_log, another_key, an_older_checkpoint, the_log, all_signatures,
    an_entry_without_a_signature, an_older_index, a_byte_of_the_ledger, the_index_of_releases,
]  # fmt: skip


@pytest.mark.parametrize("tamper", CASES, ids=lambda tamper: tamper.__name__)
def test_what_was_altered_is_found_with_its_place(tamper: Callable[[Site], str], whole: Site, tmp_path: Path) -> None:
    site = whole.copy(tmp_path / "site")
    place = tamper(site)
    report = site.verify()
    assert not report.whole
    said = [f"{each.where} {each.what} {' '.join(each.records)}" for each in report.altered]
    assert any(place in each for each in said), said


def test_what_was_not_altered_is_whole(whole: Site) -> None:
    report = whole.verify()
    assert report.altered == []
    assert report.notes == []
    assert report.checked["documents"] == 15


def test_a_log_that_was_rewritten_whole_is_found_by_a_checkpoint_that_was_kept(whole: Site, tmp_path: Path) -> None:
    """By somebody who has the key too: nothing that lies here can tell, and what others keep does."""
    saved = whole.log.read().note
    assert saved
    site = whole.copy(tmp_path / "site")
    lines = site.log.read().lines
    site.log.path.unlink()
    entries = [orjson.loads(line) for line in lines]
    Log(site.settings.proofs).append(lambda _: entries[:-1], SigningKey.read(site.folder / "key"))
    report = site.verify(saved)
    assert any("were signed once" in each.what for each in report.altered)
    assert Checkpoint.parse(opened(saved, ()).text).size == len(lines)
    entries[0]["row"] = "0" * 64
    site.log.path.unlink()
    Log(site.settings.proofs).append(lambda _: entries, SigningKey.read(site.folder / "key"))
    assert any("that was kept" in each.what for each in site.verify(saved).altered)
