"""Loading by command: every row accounted for, in a table or as JSON; then looked up, listed, taken back."""

from __future__ import annotations

import gzip
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Environment, result, xincha

pytestmark = pytest.mark.slow

COUNTS = ("rows_read", "kept", "merged", "rejected", "issues")


@pytest.fixture
def one_file(files: Path, tmp_path: Path) -> Path:
    """A small file with rows that are good and rows that are not."""
    path = tmp_path / "individuals.csv"
    path.write_bytes(gzip.decompress((files / "base/registration/individuals.csv.gz").read_bytes()))
    return path


def test_a_load_tells_what_became_of_every_row_of_every_file(environment: Environment, files: Path) -> None:
    manifest = json.loads((files / "manifest.json").read_text("utf-8"))
    told = result(environment, "load", files / "base")
    assert told["changed"]
    by_file = {file["file"]: file for file in told["files"]}
    for file in by_file.values():
        assert {"file", "kind", *COUNTS} <= file.keys()
        assert file["rows_read"] == file["kept"] + file["merged"] + file["rejected"]
    expected = [file for file in manifest["files"] if file["load"] == "base"]
    assert {file["source_file"] for file in expected} == by_file.keys()
    for file in expected:
        assert (by_file[file["source_file"]]["rows_read"], by_file[file["source_file"]]["rejected"]) == (
            file["rows"],
            len(file["rejects"]),
        ), file["source_file"]
    assert told["publish"]["documents"]["entities"] > 3000
    again = result(environment, "load", files / "base")
    assert not again["changed"]
    assert sum(file["kept"] + file["rejected"] for file in again["files"]) == sum(
        file["rejected"] for file in told["files"]
    )
    assert again["publish"]["mode"] == "unchanged"


def test_a_load_prints_a_table_that_adds_up_and_the_commonest_reasons(environment: Environment, one_file: Path) -> None:
    done = xincha(environment, "load", one_file)
    assert (done.returncode, done.stderr) == (0, "")
    head = next(line for line in done.stdout.splitlines() if "rows read" in line)
    assert [part.strip() for part in head.split("┃")[3:8]] == [
        "rows read",
        "= kept",
        "+ merged",
        "+ rejected",
        "issues",
    ]
    (row,) = [line for line in done.stdout.splitlines() if one_file.name in line and "registration" in line][:1]
    read, kept, merged, rejected = (int(part.strip().replace(",", "")) for part in row.split("│")[3:7])
    assert read == kept + merged + rejected
    assert rejected > 0
    assert "Rows rejected" in done.stdout
    assert "published: " in done.stdout


BASE = """企业名称,统一社会信用代码,登记状态,法人性格
厦门示例岚桥贸易有限公司,91350203YYY770016A,存续,急
厦门示例云礁食品有限公司,91350203YYY7700245,存续,缓
"""
PENALTIES = """行政处罚决定书文号,行政相对人名称,统一社会信用代码,处罚内容,处罚决定日期
示罚〔2026〕1号,厦门示例岚桥贸易有限公司,91350203YYY770016A,警告,2026-03-05
示罚〔2026〕2号,厦门示例岚乔商贸有限公司,91350203YYY770016A,警告,2026-03-05
示罚〔2026〕3号,厦门示例云礁水产品加工有限公司,91350203YYY7700245,警告,2026-03-05
示罚〔2026〕4号,厦门示例无此家有限公司,,警告,2026-03-05
"""


@pytest.fixture
def two_files(tmp_path: Path) -> tuple[Path, Path]:
    """Companies, with a column that is not read, and penalties of them."""
    paths = (tmp_path / "companies.csv", tmp_path / "penalties.csv")
    for path, text in zip(paths, (BASE, PENALTIES), strict=True):
        path.write_text(text, "utf-8")
    return paths


def test_a_load_tells_which_columns_it_did_not_read(environment: Environment, two_files: tuple[Path, Path]) -> None:
    told = result(environment, "load", two_files[0])
    assert [file["unread_columns"] for file in told["files"]] == [["法人性格"]]
    assert "columns not read: 法人性格" in xincha(environment, "load", two_files[0]).stdout
    assert "columns not read" not in xincha(environment, "load", two_files[1]).stdout


def test_a_load_tells_its_links_the_least_certain_first(environment: Environment, two_files: tuple[Path, Path]) -> None:
    told = result(environment, "load", *two_files, "--no-publish")
    assert told["new_links"] == told["links"] == {"none": 1, "uscc": 3}
    assert told["unlinked"] == 1
    least = told["least_certain"]
    assert [link["source_row"] for link in least] == [3, 2]
    assert least[0]["likeness"] < least[1]["likeness"] < 1
    assert (least[0]["party_name"], least[0]["name"]) == ("厦门示例云礁水产品加工有限公司", "厦门示例云礁食品有限公司")
    assert (least[0]["rule"], least[0]["entity_id"]) == ("uscc", "91350203YYY7700245")
    again = result(environment, "load", *two_files, "--no-publish")
    assert (again["new_links"], again["least_certain"], again["unlinked"]) == ({}, [], 1)


def test_a_load_prints_its_links(environment: Environment, two_files: tuple[Path, Path]) -> None:
    shown = xincha(environment, "load", *two_files, "--no-publish").stdout
    assert "records linked by: none 1, uscc 3" in shown
    (first, second) = [line for line in shown.splitlines() if "penalties.csv" in line and "uscc" in line]
    assert "厦门示例云礁水产品加工有限公司" in first
    assert "厦门示例岚乔商贸有限公司" in second
    assert "linked to nobody: 1 records; `xincha unlinked` lists them" in shown


def test_records_of_one_load_that_are_linked_to_nobody(environment: Environment, two_files: tuple[Path, Path]) -> None:
    batch = result(environment, "load", *two_files, "--no-publish")["batch_id"]
    (record,) = result(environment, "unlinked", "--batch", batch)
    assert (record["party_name"], record["rule"], record["source_row"]) == ("厦门示例无此家有限公司", "none", 4)
    assert result(environment, "unlinked", "--batch", "no-such-load") == []
    assert "the first 1; --limit lists more" in xincha(environment, "unlinked", "--limit", "1").stdout
    assert xincha(environment, "unlinked", "--limit", "0").returncode == 2


def test_a_strict_load_refuses_rejects_and_changes_nothing(environment: Environment, one_file: Path) -> None:
    done = xincha(environment, "load", "--strict", one_file)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert one_file.name in done.stderr
    status = result(environment, "status")
    assert sum(status["lake"]["rows"].values()) == 0
    assert not status["engine"]["ready"]


def test_a_file_that_cannot_be_loaded_changes_nothing_of_the_others(
    environment: Environment, one_file: Path, tmp_path: Path
) -> None:
    strange = tmp_path / "strange.csv"
    strange.write_text("日期,天气\n2020-01-01,晴\n", "utf-8")
    done = xincha(environment, "load", one_file, strange)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("xincha: ")
    assert done.stderr.count("\n") == 1
    assert "strange.csv" in done.stderr
    assert sum(result(environment, "status")["lake"]["rows"].values()) == 0


def test_what_is_loaded_is_found_once_it_is_published(environment: Environment, one_file: Path) -> None:
    assert result(environment, "load", one_file, "--no-publish")["publish"] is None
    assert xincha(environment, "lookup", "示例").returncode == 2
    assert result(environment, "publish")["mode"] == "full"
    assert result(environment, "lookup", "示例")["total"] > 0
    assert result(environment, "publish")["mode"] == "unchanged"
    assert result(environment, "publish", "--full")["mode"] == "full"


def test_a_rollback_brings_back_what_was_published_before(environment: Environment, files: Path) -> None:
    result(environment, "load", files / "base")
    before = result(environment, "status")["engine"]["indices"]
    result(environment, "load", files / "later")
    assert result(environment, "status")["engine"]["indices"] != before
    back = result(environment, "rollback")["indices"]
    assert {name: index["version"] for name, index in back.items()} == {
        name: index["version"] for name, index in before.items()
    }


def test_progress_is_shown_to_a_person_and_to_nobody_else(environment: Environment, files: Path) -> None:
    mine, theirs = pty.openpty()
    command = [sys.executable, "-m", "xincha.cli", "load", str(files / "later"), "--json"]
    with subprocess.Popen(  # noqa: S603
        command, env={**environment, "TERM": "xterm", "COLUMNS": "120"}, stdout=subprocess.PIPE, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        while chunk := _read(mine):
            shown += chunk
        printed = process.stdout.read() if process.stdout else b""
    assert b"reading rows" in shown
    assert b"indexing entities" in shown
    assert json.loads(printed)["files"]


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""


def test_a_lookup_by_name_prints_who_it_is(loaded: Environment) -> None:
    hit = result(loaded, "lookup", "示例", "--limit", "1")["hits"][0]
    done = xincha(loaded, "lookup", hit["name"])
    assert (done.returncode, done.stderr) == (0, "")
    row = next(line for line in done.stdout.splitlines() if hit["name"] in line)
    assert hit["entity_id"] in row
    assert result(loaded, "lookup", hit["entity_id"])["hits"][0]["name"] == hit["name"]


def test_a_lookup_shows_risks(loaded: Environment, files: Path) -> None:
    traps = json.loads((files / "manifest.json").read_text("utf-8"))["traps"]
    punished = traps["penalty_current"]["see"][0]["expect"]["link.entity_id"]
    marked = traps["mark_current"]["see"][0]["expect"]["link.entity_id"]
    assert "处罚 " in xincha(loaded, "lookup", punished).stdout
    assert "现标记为经营异常" in xincha(loaded, "lookup", marked).stdout


def test_a_lookup_that_finds_nobody_says_so_and_succeeds(loaded: Environment) -> None:
    done = xincha(loaded, "lookup", "珐琅彩瓷")
    assert (done.returncode, done.stderr) == (0, "")
    assert "未找到" in done.stdout
    assert "试过" in done.stdout
    assert result(loaded, "lookup", "珐琅彩瓷")["hits"] == []


def test_rejected_rows_are_listed_with_place_reason_and_text(loaded: Environment) -> None:
    listed = result(loaded, "rejects", "--limit", "1000")
    reasons = result(loaded, "status")["lake"]["rejects"]
    assert len(listed) >= sum(reason["count"] for reason in reasons) > 0
    for row in listed:
        assert row["source_file"]
        assert row["source_row"] > 0
        assert row["code"]
        assert row["message"]
    table = xincha(loaded, "rejects", "--limit", "5").stdout
    assert listed[0]["code"] in table
    issues = result(loaded, "rejects", "--issues", "--limit", "5")
    assert len(issues) == 5
    assert all(issue["column"] for issue in issues)
    assert result(loaded, "rejects", "--batch", "no-such-load") == []


def test_records_that_are_linked_to_nobody_are_listed(loaded: Environment) -> None:
    records = result(loaded, "unlinked", "--limit", "1000")
    links = result(loaded, "status")["lake"]["links"]
    assert len(records) == links["none"] + links["ambiguous"]
    assert {record["rule"] for record in records} == {"none", "ambiguous"}
    assert all(len(record["candidates"]) > 1 for record in records if record["rule"] == "ambiguous")
    table = xincha(loaded, "unlinked", "--limit", "5").stdout
    assert records[0]["party_name"] in table
    assert records[0]["source_file"] in table


def test_the_status_counts_what_is_loaded_and_published(loaded: Environment) -> None:
    told = result(loaded, "status")
    assert told["lake"]["batches"] == 2
    assert told["engine"]["ready"]
    assert told["engine"]["indices"]["entities"]["documents"] == told["lake"]["rows"]["entities"]
    shown = xincha(loaded, "status").stdout
    assert f"{told['lake']['rows']['entities']:,}" in shown
    assert "embedded, ready" in shown


def test_a_demo_makes_its_own_folder_and_leaves_yours_alone(environment: Environment) -> None:
    done = xincha(environment, "demo", "--only-load")
    assert done.returncode == 0, done.stderr
    data = Path(environment["XINCHA_DATA"])
    assert [path.name for path in data.iterdir()] == ["demo"]
    assert result({**environment, "XINCHA_DATA": str(data / "demo")}, "lookup", "示例")["total"] > 0


def test_a_lookup_of_an_earlier_day_says_what_was_known_then(loaded: Environment) -> None:
    page = result(loaded, "lookup", "示例", "--limit", "100", "--as-of", "2015-06-30")
    assert page["hits"]
    assert all(hit["known_from"] > "2015-06-30" >= hit["established_on"] for hit in page["hits"])
    told = xincha(loaded, "lookup", "示例", "--limit", "100", "--as-of", "2015-06-30").stdout
    assert "以上为 2015-06-30 的情况" in told
    assert "是否如此不详" in told
    assert "known_from" not in result(loaded, "lookup", "示例")["hits"][0]
    assert xincha(loaded, "lookup", "示例", "--as-of", "gestern").returncode == 2
