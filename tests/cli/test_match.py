"""`xincha match`: a list in a file, the answers beside it; whatever the file is like, and whenever it is stopped."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from filelock import FileLock

from tests.cli.conftest import Environment, result, xincha

HEADS = ("state", "核对结果", "得分", "主体编号", "主体名称", "登记状态", "行政处罚", "理由", "候选主体")


@pytest.fixture(scope="module")
def known(loaded: Environment) -> list[dict[str, Any]]:
    """Some entities with names of their own."""
    hits = result(loaded, "lookup", "有限公司", "--limit", "100")["hits"]
    names = [hit["name"] for hit in hits]
    return [hit for hit in hits if names.count(hit["name"]) == 1 and hit["uscc"]][:20]


@pytest.fixture
def rows(known: list[dict[str, Any]]) -> list[list[str]]:
    """A list with a header: rows that are matched, one that is none, one that is a formula, one without a name."""
    listed = [[str(at), hit["name"], "12.5", "-"] for at, hit in enumerate(known[:3])]
    return [
        ["序号", "供应商", "金额", "备注"],
        *listed,
        ["3", "西宁无此示例铸造厂", "-7", "=HYPERLINK(1)"],
        ["4", "", "+86", "@SUM(1)"],
    ]


def write_csv(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_answers_stand_beside_the_untouched_list(
    loaded: Environment, rows: list[list[str]], known: list[dict[str, Any]], tmp_path: Path
) -> None:
    listed = write_csv(tmp_path / "list.csv", rows)
    before = listed.read_bytes()
    report = result(loaded, "match", listed)
    assert (report["rows"], report["columns"]) == (5, {"name": ["供应商"]})
    assert report["states"] == {"matched": 3, "none": 1, "error": 1}
    assert report["out"] == str(tmp_path / "list.matched.csv")
    answers = read_csv(tmp_path / "list.matched.csv")
    assert [answer["state"] for answer in answers] == ["matched"] * 3 + ["none", "error"]
    for answer, hit in zip(answers[:3], known, strict=False):
        assert [answer[head] for head in ("主体编号", "主体名称", "登记状态")] == [
            hit["entity_id"], hit["name"], hit["status"] or ""
        ]  # fmt: skip
        assert int(answer["行政处罚"]) == hit["counts"]["penalty"]
    assert set(HEADS) <= set(answers[0])
    assert [[answer[head] for head in rows[0]] for answer in answers[:3]] == rows[1:4]
    assert listed.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["list.csv", "list.matched.csv"]


def test_no_cell_is_a_formula_and_numbers_stay(loaded: Environment, rows: list[list[str]], tmp_path: Path) -> None:
    listed = write_csv(tmp_path / "list.csv", rows)
    result(loaded, "match", listed)
    answers = read_csv(tmp_path / "list.matched.csv")
    assert [answer["备注"] for answer in answers] == ["-", "-", "-", "'=HYPERLINK(1)", "'@SUM(1)"]
    assert [answer["金额"] for answer in answers] == ["12.5", "12.5", "12.5", "-7", "+86"]
    result(loaded, "match", listed, "--out", tmp_path / "out.xlsx")
    sheet = pl.read_excel(tmp_path / "out.xlsx")
    assert sheet["备注"].to_list() == ["-", "-", "-", "=HYPERLINK(1)", "@SUM(1)"]


@pytest.mark.parametrize("into", [".csv", ".xlsx", ".parquet"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_every_kind_of_list_becomes_every_kind_of_file(
    loaded: Environment, known: list[dict[str, Any]], tmp_path: Path, suffix: str, into: str
) -> None:
    frame = pl.DataFrame({"编号": [1, 2], "企业名称": [hit["name"] for hit in known[:2]], "金额": [1.5, None]})
    listed, out = tmp_path / f"list{suffix}", tmp_path / f"out{into}"
    write: dict[str, Callable[[Path], Any]] = {
        ".csv": frame.write_csv, ".xlsx": frame.write_excel, ".parquet": frame.write_parquet
    }  # fmt: skip
    write[suffix](listed)
    assert result(loaded, "match", listed, "--out", out)["states"] == {"matched": 2}
    reading: dict[str, Callable[[Path], Any]] = {
        ".csv": pl.read_csv, ".xlsx": pl.read_excel, ".parquet": pl.read_parquet
    }  # fmt: skip
    read = reading[into](out)
    assert read.select(frame.columns).rows() == frame.rows() or into == ".parquet"
    assert read["state"].to_list() == ["matched", "matched"]
    assert read["主体编号"].cast(pl.String).to_list() == [hit["entity_id"] for hit in known[:2]]


def test_a_parquet_file_keeps_its_types(loaded: Environment, known: list[dict[str, Any]], tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": [1, None, 3], "name": [known[0]["name"], None, "无此示例厂"], "at": [[1], [], [2, 3]]})
    frame.write_parquet(tmp_path / "list.parquet")
    report = result(loaded, "match", tmp_path / "list.parquet")
    read = pl.read_parquet(tmp_path / "list.matched.parquet")
    assert read.select(frame.columns).schema == frame.schema
    assert read["n"].to_list() == [1, 3], "a row without any text is no row"
    assert report["rows"] == 2
    assert read["state"].to_list() == ["matched", "none"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (["统一社会信用代码", "企业名称", "x"], {"name": ["企业名称"], "uscc": ["统一社会信用代码"]}),
        (["税号", "客户", "法人"], {"name": ["客户"], "uscc": ["税号"], "legal_rep": ["法人"]}),
        (["x", "甲", "y"], {"name": ["甲"]}),
        (["城市", "公司名称", "省份"], {"name": ["公司名称"], "region": ["省份", "城市"]}),
        (["企业", "单位", "地址"], {"name": ["单位"], "address": ["地址"]}),
    ],
)
def test_columns_are_known_by_their_heads_or_by_what_is_in_them(
    loaded: Environment, known: list[dict[str, Any]], tmp_path: Path, header: list[str], expected: dict[str, list[str]]
) -> None:
    listed = write_csv(tmp_path / "list.csv", [header, *(["1", hit["name"], "2"] for hit in known)])
    assert result(loaded, "match", listed)["columns"] == expected


def test_a_column_is_taken_that_is_asked_for(loaded: Environment, known: list[dict[str, Any]], tmp_path: Path) -> None:
    rows = [["企业名称", "实际名称"], *([f"西宁无此示例{n}号铸造厂", hit["name"]] for n, hit in enumerate(known))]
    listed = write_csv(tmp_path / "list.csv", rows)
    assert result(loaded, "match", listed)["states"] == {"none": len(known)}
    for column in ("实际名称", "2"):
        report = result(loaded, "match", listed, "--column", column)
        assert (report["columns"]["name"], report["states"]) == (["实际名称"], {"matched": len(known)})
    done = xincha(loaded, "match", listed, "--column", "别名")
    assert done.returncode == 2
    assert "没有“别名”栏" in done.stderr
    assert "企业名称、实际名称" in done.stderr


def test_other_columns_are_named_by_what_they_say(
    loaded: Environment, known: list[dict[str, Any]], tmp_path: Path
) -> None:
    listed = write_csv(tmp_path / "list.csv", [["名称", "税号", "编码"], [known[0]["name"], "1", known[0]["uscc"]]])
    report = result(loaded, "match", listed, "--field", "uscc=编码", "--field", "region=")
    assert report["columns"] == {"name": ["名称"], "uscc": ["编码"]}
    done = xincha(loaded, "match", listed, "--field", "capital=编码")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--field capital=编码: not understood" in done.stderr


def test_where_two_columns_may_be_meant_the_command_asks(
    loaded: Environment, known: list[dict[str, Any]], tmp_path: Path
) -> None:
    rows = [["采购", "供应"], *([f"西宁无此示例{n}号铸造厂", hit["name"]] for n, hit in enumerate(known))]
    listed = write_csv(tmp_path / "list.csv", rows)
    done = xincha(loaded, "match", listed)
    assert (done.returncode, done.stdout) == (2, "")
    assert "不能确定名称在哪一栏" in done.stderr
    assert "--column" in done.stderr
    assert rows[1][1] in done.stderr
    told = xincha(loaded, "match", listed, "--json")
    assert told.returncode == 2
    assert json.loads(told.stdout) == {
        "choices": [
            {"column": rows[0][at], "place": at + 1, "rows": [row[at] for row in rows[1:4]]} for at in range(2)
        ],
        "header": rows[0],
        "rows": rows[1:6],
    }
    assert result(loaded, "match", listed, "--column", "供应")["states"] == {"matched": len(known)}
    assert [path.name for path in tmp_path.iterdir() if "rows" in path.name] == []


def test_other_columns_decide_and_contradict(loaded: Environment, known: list[dict[str, Any]], tmp_path: Path) -> None:
    one = known[0]
    shops = result(loaded, "lookup", "食杂店", "--limit", "100")["hits"]
    other = next(hit for hit in shops if hit["uscc"] and "公司" not in hit["name"])  # whose name is plainly another
    rows = [["名称", "信用代码"], [one["name"], one["uscc"]], [one["name"], other["uscc"]], ["", other["uscc"]]]
    result(loaded, "match", write_csv(tmp_path / "list.csv", rows))
    answers = read_csv(tmp_path / "list.matched.csv")
    assert [answer["state"] for answer in answers] == ["matched", "ambiguous", "matched"]
    assert answers[1]["候选主体"].startswith(other["name"])


def test_a_plain_list_of_names_needs_no_header(
    loaded: Environment, known: list[dict[str, Any]], tmp_path: Path
) -> None:
    (tmp_path / "names.txt").write_text("\n".join(hit["name"] for hit in known), "gb18030")
    report = result(loaded, "match", tmp_path / "names.txt")
    assert (report["rows"], report["states"]) == (len(known), {"matched": len(known)})
    assert [row["第1列"] for row in read_csv(tmp_path / "names.matched.csv")] == [hit["name"] for hit in known]


def test_a_row_that_cannot_be_read_is_there_with_the_reason(
    loaded: Environment, known: list[dict[str, Any]], tmp_path: Path
) -> None:
    text = f'名称,金额\n{known[0]["name"]},1\n"西宁无此示例铸造厂,2\n{known[1]["name"]},3,4\n{known[2]["name"]},5\n'
    (tmp_path / "list.csv").write_text(text, "utf-8")
    assert result(loaded, "match", tmp_path / "list.csv")["rows"] == 4
    answers = read_csv(tmp_path / "list.matched.csv")
    assert [answer["state"] for answer in answers] == ["matched", "error", "error", "matched"]
    assert "引号没有闭合" in answers[1]["理由"]
    assert known[1]["name"] in answers[2]["名称"]


def test_the_first_sheet_with_names_is_the_list(
    loaded: Environment, known: list[dict[str, Any]], tmp_path: Path
) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "list.xlsx")) as book:
        book.add_worksheet("说明").write_column(0, 0, ["填表说明", "请填写"])
        sheet = book.add_worksheet("名单")
        sheet.write(0, 0, "合作单位一览表")
        sheet.write_row(2, 0, ["序号", "合作单位"])
        sheet.write_row(3, 0, [1, known[0]["name"]])
        book.add_worksheet("其他").write_row(0, 0, ["名称", "数量"])
    report = result(loaded, "match", tmp_path / "list.xlsx")
    assert (report["columns"], report["states"]) == ({"name": ["合作单位"]}, {"matched": 1})
    assert report["unread_sheets"] == ["其他", "说明"]
    assert "tables" in xincha(loaded, "match", tmp_path / "list.xlsx").stdout


def test_answers_to_a_list_of_answers_get_heads_of_their_own(
    loaded: Environment, rows: list[list[str]], tmp_path: Path
) -> None:
    result(loaded, "match", write_csv(tmp_path / "list.csv", rows))
    result(loaded, "match", tmp_path / "list.matched.csv", "--column", "供应商")
    twice = read_csv(tmp_path / "list.matched.matched.csv")
    assert [row["state（信查）"] for row in twice] == [row["state"] for row in twice]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.csv"], "没有这个文件"),
        (["."], "名单须是一个文件"),
        (["empty.csv"], "文件是空的"),
        (["numbers.csv"], "找不到名称"),
        (["list.csv", "--out", "./list.csv"], "the list itself"),
        (["list.csv", "--out", "out.docx"], ".xlsx"),
        (["list.csv", "--out", "no/such/out.csv"], "folder"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(  # noqa: PLR0917
    loaded: Environment,
    rows: list[list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "list.csv", rows)
    write_csv(tmp_path / "numbers.csv", [["a", "b"], ["1", "2"]])
    (tmp_path / "empty.csv").touch()
    before = sorted(tmp_path.iterdir())
    done = xincha(loaded, "match", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


def test_nothing_is_matched_before_anything_is_published(environment: Environment, tmp_path: Path) -> None:
    done = xincha(environment, "match", write_csv(tmp_path / "list.csv", [["名称"], ["示例有限公司"]]))
    assert done.returncode == 2
    assert "nothing is published" in done.stderr


@pytest.fixture
def long_list(known: list[dict[str, Any]], tmp_path: Path) -> Path:
    return long_rows(known, tmp_path / "long.csv")


def long_rows(known: list[dict[str, Any]], path: Path) -> Path:
    """Rows that take some seconds."""
    names = [hit["name"] for hit in known] + [f"厦门示例无此{n}号贸易有限公司" for n in range(200)]
    return write_csv(path, [["名称"], *([names[n % len(names)]] for n in range(12_000))])


@pytest.fixture(scope="module")
def long_answers(loaded: Environment, known: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What a run that nobody stops makes of them."""
    listed = long_rows(known, tmp_path_factory.mktemp("long") / "long.csv")
    assert result(loaded, "match", listed)["resumed"] == 0
    return listed.with_name("long.matched.csv").read_bytes()


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def started(environment: Environment, *arguments: str | Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "xincha.cli", *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603


@pytest.fixture
def stopped(loaded: Environment, long_list: Path, request: pytest.FixtureRequest) -> str:
    """A run that was stopped by a signal once some batches were answered; what it said."""
    part = long_list.with_name("long.matched.csv.part")
    with started(loaded, "match", long_list) as run:
        deadline = time.monotonic() + 60
        while lines(part) < 2000 and run.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        run.send_signal(request.param)
        said = run.communicate()[1].decode()
    assert run.returncode != 0, "it was done before it could be stopped"
    return said


@pytest.mark.slow
@pytest.mark.parametrize("stopped", [signal.SIGKILL, signal.SIGINT], indirect=True)
def test_a_run_that_was_stopped_goes_on_where_it_was(
    loaded: Environment, long_list: Path, stopped: str, long_answers: bytes
) -> None:
    out, part = long_list.with_name("long.matched.csv"), long_list.with_name("long.matched.csv.part")
    assert not out.exists()
    assert ("goes on" in stopped) == bool(stopped)
    with part.open("ab") as file:
        file.write(b'[["matched", "cut o')
    report = result(loaded, "match", long_list)
    assert 1500 <= report["resumed"] < 12_000
    assert sum(report["states"].values()) == report["rows"] == 12_000
    assert out.read_bytes() == long_answers
    assert {path.name for path in long_list.parent.iterdir()} == {"long.csv", "long.matched.csv"}


def test_two_processes_do_not_write_one_file(loaded: Environment, rows: list[list[str]], tmp_path: Path) -> None:
    listed = write_csv(tmp_path / "list.csv", rows)
    with FileLock(tmp_path / "list.matched.csv.part.lock"):
        done = xincha(loaded, "match", listed)
    assert done.returncode == 2
    assert "another process" in done.stderr
    assert result(loaded, "match", listed)["rows"] == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["list.csv", "list.matched.csv"]


def test_a_log_of_another_list_is_not_gone_on_with(loaded: Environment, rows: list[list[str]], tmp_path: Path) -> None:
    listed = write_csv(tmp_path / "list.csv", rows)
    part = tmp_path / "list.matched.csv.part"
    part.write_bytes(b'{"sha256": "another"}\n[["matched", "x"]]\n')
    report = result(loaded, "match", listed)
    assert report["resumed"] == 0
    assert len(read_csv(tmp_path / "list.matched.csv")) == 5
    assert not part.exists()
