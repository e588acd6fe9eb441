"""What a disk does to a command: one true sentence with the way out, exit code 2, and everything as it was before."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import Done, environment_of, result, xincha

pytestmark = pytest.mark.slow

ROWS = "企业名称,登记状态,成立日期\n鹭岛示例一号有限公司,存续,2001-02-03\n鹭岛示例二号有限公司,存续,2001-02-03\n"
PENALTY = (
    "行政相对人名称,行政处罚决定书文号,处罚类别,处罚内容,处罚决定日期,处罚机关\n"
    "鹭岛示例一号有限公司,示罚〔2024〕1号,罚款,罚款500元,2024-05-06,厦门市示例局\n"
)
MORE = "企业名称,登记状态,成立日期\n鹭岛示例三号有限公司,存续,2001-02-03\n"
DAC_OVERRIDE, DAC_READ_SEARCH, DROP_BOUND = 1, 2, 24


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three complete loads, published. Not to be changed."""
    folder = tmp_path_factory.mktemp("faults")
    for name, text in (("a.csv", ROWS), ("p.csv", PENALTY), ("b.csv", MORE)):
        (folder / name).write_text(text, "utf-8")
        result(environment_of(folder / "data"), "load", folder / name)
    return folder / "data"


@pytest.fixture
def data(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first, tmp_path / "data"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "c.csv").write_text(MORE.replace("三", "四"), "utf-8")
    return tmp_path / "c.csv"


def as_user() -> None:
    """Obey the rights of files, also as root: before the program begins, its right to pass them by goes."""
    if os.geteuid() == 0:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        for right in (DAC_OVERRIDE, DAC_READ_SEARCH):
            prctl(DROP_BOUND, right, 0, 0, 0)


def run(data: Path, *arguments: str | Path, before: Callable[[], None] = as_user) -> Done:
    """A command in a process of its own."""
    command = [sys.executable, "-m", "xincha.cli", *map(str, arguments)]
    told = {**environment_of(data), "TMPDIR": str(data.parent)}
    ran = subprocess.run(  # noqa: S603
        command,
        env=told,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=before,
    )
    return Done(ran.returncode, ran.stdout, ran.stderr)


@pytest.fixture
def closed(data: Path) -> Iterator[Path]:
    """The data folder, of which nothing may be written."""
    paths = [data, *data.rglob("*")]
    for path in reversed(paths):
        path.chmod(path.stat().st_mode & ~0o222)
    yield data
    for path in paths:
        path.chmod(path.stat().st_mode | 0o200)


def said(done: Done) -> str:
    """The one line that a command says that could not be done."""
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert "unforeseen" not in done.stderr
    return done.stderr


def held(data: Path) -> tuple[Mapping[str, int], Sequence[str]]:
    """Rows of the lake, and names that a search finds."""
    environment = environment_of(data)
    names = [hit["name"] for hit in result(environment, "lookup", "鹭岛示例")["hits"]]
    return result(environment, "status")["lake"]["rows"], sorted(names)


@pytest.mark.parametrize("command", ["load", "publish", "rollback"])
def test_a_folder_that_cannot_be_written_is_named_with_the_way_out(closed: Path, file: Path, command: str) -> None:
    line = said(
        run(closed, command, *([file] if command == "load" else []), *(["--full"] if command == "publish" else []))
    )
    assert str(closed) in line
    assert "permission is denied" in line
    assert "run this as the owner" in line


@pytest.mark.parametrize("command", [("lookup", "鹭岛示例"), ("status",)])
def test_what_only_reads_works_where_nothing_may_be_written(closed: Path, command: Sequence[str]) -> None:
    done = run(closed, *command, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert command[0] != "lookup" or "鹭岛示例一号有限公司" in done.stdout


def test_an_export_is_made_where_the_data_may_not_be_written(closed: Path, tmp_path: Path) -> None:
    done = run(closed, "export", "entities", "--out", tmp_path / "all.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert not list(closed.parent.glob("xincha-index-*"))


def small_files(most: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


@pytest.mark.parametrize("command", ["load", "publish"])
def test_a_file_that_cannot_grow_leaves_everything_as_it_was(data: Path, file: Path, command: str) -> None:
    before = held(data)
    arguments = ["load", "--no-publish", file] if command == "load" else ["publish", "--full"]
    line = said(run(data, *arguments, before=small_files(512)))
    assert "larger than this process may write" in line
    assert str(data) in line
    assert held(data) == before
    result(environment_of(data), "load", file)
    assert "鹭岛示例四号有限公司" in held(data)[1]


def test_an_output_that_cannot_grow_leaves_the_older_one(data: Path, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("older", "utf-8")
    for arguments in (("match", file), ("export", "entities")):
        done = run(data, *arguments, "--out", out, before=small_files(64))
        assert "larger than this process may write" in said(done)
        assert out.read_text("utf-8") == "older"


@pytest.fixture
def disk(tmp_path: Path) -> tuple[Path, Sequence[str]]:
    """A folder, and what runs a script where a file system may be mounted there."""
    (tmp_path / "disk").mkdir()
    within = ["unshare", "--map-root-user", "--mount", "bash", "-c"]
    try:
        subprocess.run([*within, f"mount -t tmpfs none {tmp_path}/disk"], capture_output=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no file system can be mounted here (unshare, tmpfs)")
    return tmp_path / "disk", within


def test_a_full_disk_leaves_everything_as_it_was(first: Path, file: Path, disk: tuple[Path, Sequence[str]]) -> None:
    folder, within = disk
    size = sum(path.stat().st_size // 4096 + 1 for path in first.rglob("*")) * 4096 + (1 << 20)
    xincha_there = f"{sys.executable} -m xincha.cli"
    script = f"""
        mount -t tmpfs -o size={size} none {folder}
        cp -r {first} {folder}/data
        cat /dev/zero > {folder}/full 2> /dev/null
        {xincha_there} load {file}; echo $?
        rm {folder}/full
        {xincha_there} load {file}"""
    told = environment_of(folder / "data")
    ran = subprocess.run([*within, script], env=told, capture_output=True, text=True, check=False)  # noqa: S603
    assert ran.stdout.startswith("2\n"), ran.stdout + ran.stderr
    (line,) = ran.stderr.splitlines()
    assert str(folder / "data") in line
    assert "the disk is full" in line
    assert "free some space" in line
    assert "published: " in ran.stdout


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "null",
        "[]",
        '{"format": 2}',
        '{"format": 2, "states": []}',
        '{"format": 2, "states": [{"entities": 1}]}',
        '{"format": 2, "states": [{"entities": {"index": "entities", "version": "1", "published_at": "x"}}]}',
    ],
)
def test_a_damaged_published_json_is_told_and_made_anew(data: Path, content: str) -> None:
    environment, path = environment_of(data), data / "index" / "published.json"
    path.write_text(content, "utf-8")
    for command in (("lookup", "鹭岛"), ("publish",), ("rollback",)):
        line = said(xincha(environment, *command))
        assert f"{path} is damaged" in line
        assert "move it away, and run `xincha publish`" in line
    path.rename(path.with_suffix(".away"))
    result(environment, "publish")
    assert len(held(data)[1]) == 3


def test_an_index_whose_files_are_gone_is_made_anew_by_publish(data: Path) -> None:
    environment = environment_of(data)
    for folder in (data / "index").glob("entities-*"):
        for path in folder.glob("*.store"):
            path.unlink()
    assert "`xincha publish` makes it anew" in said(xincha(environment, "lookup", "鹭岛"))
    result(environment, "publish")
    assert len(held(data)[1]) == 3


def _remove(path: Path) -> None:
    path.unlink()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


@pytest.mark.parametrize(
    ("pattern", "spoil"),
    [
        ("entities/*.parquet", _remove),
        ("entities/*.parquet", _cut),
        ("links/*.parquet", _remove),
        ("batches/*.parquet", _cut),
        ("entities/_delta_log/*.json", _remove),
    ],
)
def test_a_missing_or_damaged_file_of_the_lake_is_told(
    data: Path, file: Path, pattern: str, spoil: Callable[[Path], None]
) -> None:
    for path in (data / "lake").glob(pattern):
        spoil(path)
    environment = environment_of(data)
    failed = 0
    for command in (("load", file), ("publish", "--full"), ("status",)):
        done = xincha(environment, *command)
        if done.returncode:
            failed += 1
            line = said(done)
            assert str(data / "lake") in line
            assert "restore the lake from its backup" in line
    assert failed >= 2, pattern
    assert len(result(environment, "lookup", "鹭岛示例")["hits"]) == 3


def test_the_last_entry_of_a_log_is_missed(data: Path, file: Path) -> None:
    max((data / "lake" / "entities" / "_delta_log").glob("*.json")).unlink()
    for command in (("load", file), ("publish", "--full"), ("status",)):
        assert "restore the lake from its backup" in said(xincha(environment_of(data), *command))


def test_a_lake_without_its_ledger_is_not_taken_for_an_empty_one(data: Path, file: Path) -> None:
    shutil.rmtree(data / "lake" / "batches")
    for command in (("load", file), ("publish",), ("status",)):
        line = said(xincha(environment_of(data), *command))
        assert "the ledger of loads is missing" in line
    assert list((data / "lake" / "entities").glob("*.parquet"))
