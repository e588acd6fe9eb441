"""`xincha verify`: what it prints, and by which code it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Environment, environment_of, xincha
from tests.proof.conftest import COMPANIES, PENALTIES, company, file, penalty


@pytest.fixture
def environment(environment: Environment, tmp_path: Path) -> Environment:
    """A register of a company and a penalty, signed, with a page."""
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "index.html").write_text("<!doctype html>", "utf-8")
    xincha(environment, "key", "signing", "register.example.org", tmp_path / "key")
    signed = {"XINCHA_SIGNING_KEY": str(tmp_path / "key"), "XINCHA_PAGE": str(tmp_path / "page")}
    environment = {**environment, **signed, "XINCHA_KEEP_SOURCES": str(tmp_path / "sources")}
    files = file(tmp_path / "1.csv", COMPANIES, [company(1)]), file(tmp_path / "2.csv", PENALTIES, [penalty(1)])
    assert xincha(environment, "load", *files).returncode == 0
    return environment


def test_it_says_whole_or_what_was_altered_and_ends_so(environment: Environment, tmp_path: Path) -> None:
    done = xincha(environment, "verify")
    assert (done.returncode, done.stdout.splitlines()[-1][:6]) == (0, "whole:"), done.stdout
    (tmp_path / "page" / "index.html").write_text("<!doctype html>!", "utf-8")
    done = xincha(environment, "verify")
    assert done.returncode == 1
    assert "ALTERED page/index.html: the file is not the one that was logged" in done.stdout
    done = xincha(environment, "verify", "--json")
    assert (done.returncode, done.stderr) == (1, "")
    assert '"whole": false' in done.stdout
    done = xincha(environment, "verify", "--accept", "page")
    assert (done.returncode, done.stdout.splitlines()[-1][:6]) == (0, "whole:"), done.stdout


def test_a_checkpoint_that_was_kept_and_a_key_are_taken(environment: Environment, tmp_path: Path) -> None:
    public = xincha(environment, "key", "signing", "register.example.org", tmp_path / "other").stdout.strip()
    done = xincha({**environment, "XINCHA_SIGNING_KEY": ""}, "verify", "--key", public)
    assert done.returncode == 1
    assert "not signed by register.example.org" in done.stdout
    done = xincha({**environment, "XINCHA_SIGNING_KEY": ""}, "verify")
    assert done.returncode == 0
    assert "signatures are not checked" in done.stdout
    for given, code in ((tmp_path / "none", 2), (tmp_path / "1.csv", 1)):
        assert xincha(environment, "verify", "--checkpoint", given).returncode == code
    assert xincha(environment, "verify", "--key", "nonsense").returncode == 2


def test_where_nothing_was_loaded_nothing_is_altered(tmp_path: Path) -> None:
    done = xincha(environment_of(tmp_path / "empty"), "verify")
    assert (done.returncode, done.stdout.splitlines()[-1][:6]) == (0, "whole:"), done.stdout + done.stderr
    assert not (tmp_path / "empty" / "proofs").exists()
