"""The log of real loads and publishes, signed on this machine or on another one, and what the service tells of it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.cli.conftest import Environment, environment_of, result, xincha
from xincha.errors import ProofError
from xincha.proof.checkpoints import Checkpoint
from xincha.proof.log import Log
from xincha.proof.notes import VerifyKey, read
from xincha.settings import Settings

NAME = "register.example.org"


def companies(path: Path, *names: str) -> Path:
    """A file of a register with these names."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["企业名称", "注册号", "登记机关", "成立日期"])
        rows = (
            (name, f"35020000000{at:04d}", "示例市市场监督管理局", "2015-05-06") for at, name in enumerate(names, 1)
        )
        writer.writerows(rows)
    return path


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """A data folder, and the log's key beside it on this machine."""
    environment = environment_of(tmp_path / "data")
    made = xincha(environment, "key", "signing", NAME, tmp_path / "key")
    assert made.returncode == 0, made.stderr
    assert "off the machine" in made.stderr
    return {**environment, "XINCHA_SIGNING_KEY": str(tmp_path / "key")}


def log_of(environment: Environment) -> Log:
    return Log(Path(environment["XINCHA_DATA"]) / "proofs")


def test_loads_and_publishes_are_signed_here(environment: Environment, tmp_path: Path) -> None:
    loaded = result(environment, "load", companies(tmp_path / "a.csv", "示例一号有限公司"))
    xincha(environment, "load", companies(tmp_path / "a.csv", "示例一号有限公司"))  # it is loaded already
    public = VerifyKey.parse(xincha(environment, "key", "signing", NAME, tmp_path / "other").stdout)
    told = log_of(environment).read()
    assert [each["kind"] for each in told.told] == ["load", "ledger", "publish", "page", "switched"]
    assert told.told[0]["load"] == told.told[2]["load"] == loaded["batch_id"]
    assert {name: each["version"] for name, each in told.told[2]["indices"].items()} == loaded["publish"]["versions"]
    settings = Settings(data=Path(environment["XINCHA_DATA"]))
    with TestClient(create_app(settings)) as client:
        answer = client.get("/api/v1/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == told.note
    with pytest.raises(ProofError, match="not signed by"):
        read(answer.text, [public])


def test_a_key_on_another_machine_signs_what_this_one_asks(environment: Environment, tmp_path: Path) -> None:
    here = {key: value for key, value in environment.items() if key != "XINCHA_SIGNING_KEY"}
    public = xincha(here, "key", "signing", NAME, tmp_path / "k2").stdout.strip()
    here["XINCHA_VERIFY_KEY"] = public
    there = environment_of(tmp_path / "nowhere")
    for number, names in enumerate((["示例一号有限公司"], ["示例一号有限公司", "示例二号有限公司"])):
        assert xincha(here, "load", companies(tmp_path / f"{number}.csv", *names)).returncode == 0
        request = tmp_path / "request"
        request.write_text(xincha(here, "key", "request").stdout)
        signed = xincha(there, "key", "sign", request, "--key", tmp_path / "k2")
        assert signed.returncode == 0, signed.stderr
        (tmp_path / "note").write_text(signed.stdout)
        taken = xincha(here, "key", "signed", tmp_path / "note")
        assert taken.returncode == 0, taken.stderr
        told = log_of(here).read()
        assert told.note == signed.stdout
        assert Checkpoint.parse(read(signed.stdout, [VerifyKey.parse(public)]).text).size == len(told.lines)
    again = xincha(there, "key", "sign", request, "--key", tmp_path / "k2")
    assert (again.returncode, again.stdout) == (2, "")
    assert "signed last" in again.stderr


def test_nothing_is_signed_where_no_key_is(tmp_path: Path) -> None:
    environment = environment_of(tmp_path / "data")
    assert xincha(environment, "load", companies(tmp_path / "a.csv", "示例一号有限公司")).returncode == 0
    assert log_of(environment).read().note is None
    with TestClient(create_app(Settings(data=tmp_path / "data"))) as client:
        assert client.get("/api/v1/checkpoint").status_code == 404
        assert client.get("/api/v1/checkpoint?x=1").status_code == 400


def test_a_load_does_not_begin_with_a_key_that_cannot_sign(environment: Environment, tmp_path: Path) -> None:
    file = companies(tmp_path / "a.csv", "示例一号有限公司")
    for key in (tmp_path / "none", file):
        done = xincha({**environment, "XINCHA_SIGNING_KEY": str(key)}, "load", file)
        assert (done.returncode, done.stdout) == (2, "")
        assert "private key" in done.stderr
    other = xincha(environment, "key", "signing", NAME, tmp_path / "other").stdout.strip()
    done = xincha({**environment, "XINCHA_VERIFY_KEY": other}, "load", file)
    assert "XINCHA_VERIFY_KEY" in done.stderr
    assert not (tmp_path / "data" / "lake").exists()
