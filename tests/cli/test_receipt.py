"""`--receipt` of what writes a file, and `xincha verify` of a receipt."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Environment, result, xincha

EXAMPLE = Path(__file__).parents[1] / "receipts" / "example.json"


def test_a_whole_receipt_is_0_and_an_altered_one_1(environment: Environment, tmp_path: Path) -> None:
    told = result(environment, "verify", EXAMPLE)
    assert [(each["name"], each["state"]) for each in told["findings"]] == [
        ("answer", "holds"),
        ("code", "holds"),
        ("signature", "unknown"),
    ]
    altered = json.loads(EXAMPLE.read_text("utf-8"))
    altered["answer"]["records"][0]["fine_cny"] = 0
    (tmp_path / "altered.json").write_text(json.dumps(altered))
    done = xincha(environment, "verify", tmp_path / "altered.json")
    assert done.returncode == 1
    assert "the answer was changed" in done.stdout


def test_what_is_no_receipt_is_2_and_says_why(environment: Environment, tmp_path: Path) -> None:
    for name, text in (("list.csv", "名称\n"), ("other.json", "{}"), ("old.json", '{"receipt": "xincha-receipt/0"}')):
        (tmp_path / name).write_text(text)
        done = xincha(environment, "verify", tmp_path / name)
        assert (done.returncode, done.stdout) == (2, "")
        assert "no receipt" in done.stderr
    assert "cannot be read" in xincha(environment, "verify", tmp_path / "nowhere.json").stderr


def test_a_file_is_written_with_a_receipt_that_knows_it(loaded: Environment, tmp_path: Path) -> None:
    file, receipt = tmp_path / "a.csv", tmp_path / "a.json"
    done = xincha(loaded, "export", "records", "--kind", "serious", "--out", file, "--receipt", receipt)
    assert done.returncode == 0, done.stderr
    assert json.loads(receipt.read_text("utf-8"))["question"] == {"of": "records", "file": "a.csv", "kind": ["serious"]}
    assert xincha(loaded, "verify", receipt, "--file", file).returncode == 0
    file.write_bytes(file.read_bytes().replace(b",", b";", 1))
    done = xincha(loaded, "verify", receipt, "--file", file)
    assert done.returncode == 1
    assert "a.csv is another file" in done.stdout


def test_the_data_of_a_receipt_is_in_the_signed_log(environment: Environment, tmp_path: Path) -> None:
    key = xincha(environment, "key", "signing", "register.example.org", tmp_path / "key").stdout.split()[-1]
    signing = {**environment, "XINCHA_SIGNING_KEY": str(tmp_path / "key")}
    (tmp_path / "a.csv").write_text("企业名称,注册号,成立日期\n示例一号有限公司,350200000000001,2015-05-06\n", "utf-8")
    assert xincha(signing, "load", tmp_path / "a.csv").returncode == 0
    file, receipt = tmp_path / "all.ndjson", tmp_path / "all.json"
    assert xincha(signing, "export", "entities", "--out", file, "--receipt", receipt).returncode == 0

    def signature(given: Path, *more: str) -> str:
        told = json.loads(xincha(environment, "verify", given, *more, "--json").stdout)["findings"]
        return str(next(each["state"] for each in told if each["name"] == "signature"))

    assert signature(receipt) == "unknown"
    assert signature(receipt, "--key", key) == "holds"
    told = json.loads(receipt.read_text("utf-8"))
    for data, entry in (
        ({**told["data"], "entities": "another"}, told["log"]["entry"]),
        (told["data"], told["log"]["entry"].replace("publish", "Publish")),
    ):
        altered = {**told, "data": data, "log": {**told["log"], "entry": entry}}
        (tmp_path / "altered.json").write_text(json.dumps(altered), "utf-8")
        assert signature(tmp_path / "altered.json", "--key", key) == "fails"
