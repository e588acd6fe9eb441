"""Folders and archives: their order, their names, and what is refused before it can do harm."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.read import Limits, Skipped
from indexer.read.archive import safe_name
from indexer.read.files import open_tables
from xincha.errors import UnreadableFile

CSV = "企业名称,成立日期\n示例甲公司,2018-03-05\n"
SMALL = Limits(max_unpacked=1 << 20, max_ratio=50, ratio_from=1 << 16, max_members=20)


def names_of(path: Path, limits: Limits | None = None) -> tuple[list[str], list[str]]:
    """Tables with their rows read, and what was skipped."""
    skipped: list[Skipped] = []
    tables = []
    for table in open_tables(path, limits, on_skip=skipped.append):
        assert sum(batch.rows_read for batch in table.batches) == 1
        tables.append(table.source_file)
    return tables, [one.source_file for one in skipped]


def zipped(path: Path, members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_folder_is_walked_in_the_order_of_names_without_hidden_files(tmp_path: Path) -> None:
    for name in (
        "b/二.csv",
        "b/一.csv",
        "a.csv",
        ".hidden.csv",
        "~$book.csv",
        "__MACOSX/a.csv",
        ".git/a.csv",
        "Thumbs.db",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(CSV, "utf-8")
    (tmp_path / "说明.pdf").write_bytes(b"%PDF")
    assert names_of(tmp_path) == (["a.csv", "b/一.csv", "b/二.csv"], ["说明.pdf"])


def test_a_file_tells_its_hash_and_size(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV, "utf-8")
    table = next(open_tables(tmp_path / "a.csv"))
    content = CSV.encode()
    assert (table.file, table.sha256, table.bytes) == ("a.csv", hashlib.sha256(content).hexdigest(), len(content))


def test_gzip_is_unpacked_by_the_name_inside_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(
        gzip.compress(CSV.encode()) + gzip.compress("示例乙公司,2018-03-05\n".encode())[:0]
    )
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress('{"企业名称": "示例甲公司"}\n'.encode()))
    assert names_of(tmp_path) == (["a.csv.gz", "b.jsonl.gz"], [])


def test_zip_members_are_read_in_the_order_of_names(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "a.zip",
        {"b.csv": CSV, "a/甲.csv": CSV, "__MACOSX/a/甲.csv": CSV, ".x.csv": CSV, "readme.md": "#", "d/": ""},
    )
    assert names_of(path) == (["a.zip/a/甲.csv", "a.zip/b.csv"], ["a.zip/readme.md"])


def test_member_names_of_chinese_windows_are_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"AAAA.csv": CSV})
    path.write_bytes(path.read_bytes().replace(b"AAAA.csv", "登记".encode("gbk") + b".csv"))
    assert names_of(path)[0] == ["a.zip/登记.csv"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.csv", "etc/passwd.csv"),
        ("/abs/./a.csv", "abs/a.csv"),
        ("C:\\data\\a.csv", "data/a.csv"),
        ("a\x00\x1b[31m.csv", "a[31m.csv"),
        ("\u202egnp.csv", "gnp.csv"),
        ("..", "未命名"),
    ],
)
def test_names_inside_archives_never_are_paths_of_this_machine(name: str, shown: str) -> None:
    assert safe_name(name) == shown


def test_a_member_that_names_a_place_outside_is_read_and_writes_nothing_there(tmp_path: Path) -> None:
    inner = tmp_path / "in"
    inner.mkdir()
    path = zipped(inner / "a.zip", {"../../evil.csv": CSV})
    assert names_of(path)[0] == ["a.zip/evil.csv"]
    assert [file.name for file in tmp_path.rglob("*")] == ["in", "a.zip"]


def test_the_unpacked_size_is_counted_as_it_comes(tmp_path: Path) -> None:
    (tmp_path / "big.csv.gz").write_bytes(gzip.compress(b"x" * (2 << 20)))
    with pytest.raises(UnreadableFile, match=r"big.csv.gz: 解压后超过 1 MiB"):
        names_of(tmp_path / "big.csv.gz", Limits(max_unpacked=1 << 20))
    path = zipped(tmp_path / "big.zip", {f"{n}.csv": CSV + "甲,\n" * 60_000 for n in range(5)})
    with pytest.raises(UnreadableFile, match=r"big.zip: 解压后超过 1 MiB"):
        list(open_tables(path, Limits(max_unpacked=1 << 20)))


def test_a_ratio_beyond_reason_is_a_bomb(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", {"a.csv": b"0" * (1 << 19)})
    with pytest.raises(UnreadableFile, match=r"bomb.zip: 压缩比超过 50 倍"):
        list(open_tables(path, SMALL))


def test_a_workbook_that_is_a_bomb_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.xlsx", {"xl/worksheets/sheet1.xml": b"0" * (1 << 19)})
    with pytest.raises(UnreadableFile, match=r"bomb.xlsx: 压缩比超过 50 倍"):
        list(open_tables(path, SMALL))


def test_more_members_than_allowed_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "many.zip", {f"{n}.csv": CSV for n in range(21)})
    with pytest.raises(UnreadableFile, match=r"many.zip: 压缩包内文件超过 20 个"):
        list(open_tables(path, SMALL))


def test_archives_inside_archives_are_refused_by_name(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a.csv": CSV}).read_bytes()
    path = zipped(tmp_path / "outer.zip", {"x/inner.zip": inner})
    with pytest.raises(UnreadableFile, match=r"outer.zip/x/inner.zip: 压缩包内还有压缩包"):
        list(open_tables(path))
    (tmp_path / "a.zip.gz").write_bytes(gzip.compress(inner))
    with pytest.raises(UnreadableFile, match=r"a.zip.gz: 压缩包内还有压缩包"):
        list(open_tables(tmp_path / "a.zip.gz"))


def test_an_encrypted_zip_says_so(tmp_path: Path) -> None:
    path = zipped(tmp_path / "secret.zip", {"a.csv": CSV})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(UnreadableFile, match=r"secret.zip/a.csv: 压缩包已加密"):
        list(open_tables(path))


def test_an_encrypted_workbook_says_so(tmp_path: Path) -> None:
    # what an office program writes: a compound file that holds a stream named EncryptedPackage
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(448)
    (tmp_path / "secret.xlsx").write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"secret.xlsx: 工作簿已加密"):
        list(open_tables(tmp_path / "secret.xlsx"))


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flip(data: bytes) -> bytes:
    middle = data.index(b"a.csv") + 20
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("a.csv.gz", _cut),
        ("a.zip", _cut),
        ("a.zip", _flip),
        ("a.xlsx", _cut),
        ("a.parquet", _cut),
        ("a.zip", lambda _: b""),
    ],
)
def test_a_damaged_file_says_so(tmp_path: Path, name: str, spoil: Callable[[bytes], bytes]) -> None:
    buffer = io.BytesIO()
    if name.endswith(".gz"):
        buffer.write(gzip.compress(CSV.encode() * 100))
    elif name.endswith(".parquet"):
        import polars as pl

        pl.DataFrame({"企业名称": ["示例甲公司"] * 1000}).write_parquet(buffer)
    else:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", CSV * 100)
    (tmp_path / name).write_bytes(spoil(buffer.getvalue()))
    with pytest.raises(UnreadableFile, match="损坏") as error:
        names_of(tmp_path / name)
    assert str(error.value).startswith(name)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xlsx", b"<html><table></table></html>", "工作簿中没有内容"),
        ("a.csv", b"PK\x03\x04", "与扩展名不符"),
        ("a.parquet", b"hello", "损坏"),
        ("a.docx", b"PK\x03\x04", "已损坏"),
        ("a.pdf", b"%PDF", "不是 PDF 文件"),
        ("a.html", b"<html><body>nothing</body></html>", "工作簿中没有内容"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "不支持的文件类型"),
        ("a.rar", b"Rar!", "不支持的文件类型"),
    ],
)
def test_a_file_that_is_not_what_its_name_says(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile, match=rf"^{name}: .*{says}"):
        list(open_tables(tmp_path / name))


def test_nothing_to_load_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="没有可载入的文件"):
        list(open_tables(tmp_path))
    with pytest.raises(UnreadableFile, match="没有这个文件或文件夹"):
        list(open_tables(tmp_path / "nowhere.csv"))
    with pytest.raises(UnreadableFile, match=r"a.zip: 压缩包中没有可载入的文件"):
        list(open_tables(zipped(tmp_path / "a.zip", {"readme.md": "#"})))


def test_temporary_files_are_gone_when_the_next_table_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    path = zipped(tmp_path / "a.zip", {"a.csv": CSV, "b.csv": CSV})
    seen = [len(list(scratch.iterdir())) for _ in open_tables(path)]
    assert seen == [1, 1]
    assert list(scratch.iterdir()) == []
