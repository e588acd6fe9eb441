"""The command line as a person or a program meets it: exit codes, one clear line, JSON that is nothing but JSON."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.cli.conftest import Done, Environment, xincha
from xincha import cli
from xincha.settings import Settings


def one_line(done: Done) -> str:
    """The one line on stderr of a call that was refused with exit code 2."""
    assert (done.returncode, done.stdout) == (2, ""), done
    (line,) = done.stderr.splitlines()
    assert line.startswith("xincha: ")
    return line


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["frobnicate"], "frobnicate"),
        (["load"], "paths"),
        (["load", "--kindly", "x"], "--kindly"),
        (["lookup"], "query"),
        (["lookup", " "], "empty"),
        (["lookup", "示" * 201], "200"),
        (["lookup", "x", "--limit", "0"], "limit"),
        (["serve", "--port", "99999"], "port"),
        (["serve", "--port", "http"], "port"),
        (["load", "does-not-exist.csv"], "does-not-exist.csv"),
        (["load", ".", "--kind", "weather"], "weather"),
        (["publish", "--part", "5/4"], "--part"),
        (["publish", "--part", "half"], "2/4"),
        (["publish", "--part", "1/4", "--finish"], "--finish"),
        (["publish", "--part", "1/4"], "XINCHA_WORKERS"),
        (["publish", "--finish"], "opensearch"),
    ],
)
def test_bad_usage_is_one_clear_line_and_exit_code_2(
    environment: Environment, arguments: list[str], named: str
) -> None:
    assert named in one_line(xincha(environment, *arguments))


@pytest.mark.parametrize(
    ("key", "value"),
    [("XINCHA_PORT", "http"), ("XINCHA_ENGINE", "solr"), ("XINCHA_MAX_PAGE_SIZE", "0"), ("XINCHA_LOG_LEVEL", "loud")],
)
def test_a_bad_setting_is_named_with_its_key_and_value(environment: Environment, key: str, value: str) -> None:
    line = one_line(xincha({**environment, key: value}, "status"))
    assert key in line
    assert value in line


def test_settings_tell_every_key_with_its_meaning(environment: Environment) -> None:
    told = json.loads(xincha(environment, "settings", "--json").stdout)
    assert {row["key"] for row in told} == {f"XINCHA_{name.upper()}" for name in Settings.model_fields}
    assert all(row["meaning"] for row in told)
    assert {"key": "XINCHA_DATA", "value": environment["XINCHA_DATA"]}.items() <= told[0].items()
    table = xincha(environment, "settings").stdout
    assert all(row["key"] in table for row in told)


def test_nothing_loaded_yet_is_said_with_what_to_do(environment: Environment) -> None:
    assert "load" in one_line(xincha(environment, "lookup", "示例"))
    assert "load" in one_line(xincha(environment, "publish"))
    assert "xincha load" in xincha(environment, "status").stdout


@pytest.mark.parametrize(("arguments", "code"), [(["--version"], 0), (["settings"], 0), (["serve", "--port", "x"], 2)])
def test_a_process_ends_with_the_exit_code(environment: Environment, arguments: list[str], code: int) -> None:
    command = [sys.executable, "-m", "xincha.cli", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == code
    assert bool(done.stderr) == bool(code)


def test_a_call_without_a_command_shows_the_commands(environment: Environment) -> None:
    done = xincha(environment)
    assert done.returncode == 2
    shown = done.stdout + done.stderr
    commands = "load", "lookup", "export", "serve", "status", "settings", "demo", "publish", "rollback", "rejects"
    for command in commands:
        assert command in shown


def test_a_port_in_use_is_a_clear_error(environment: Environment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = one_line(xincha(environment, "serve", "--port", str(port)))
    assert f"port {port}" in line
    assert "in use" in line


@pytest.fixture
def server(environment: Environment) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "xincha.cli", "serve", "--port", "0"]
    with subprocess.Popen(  # noqa: S603
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield process
        process.kill()


def line_of(stream: IO[str] | None) -> str:
    assert stream
    return stream.readline()


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_serve_prints_its_address_answers_there_and_ends_cleanly(
    server: subprocess.Popen[str], stop: signal.Signals
) -> None:
    import httpx2

    address = line_of(server.stdout).split()[-1]
    assert httpx2.get(f"{address}/healthz").json() == {"status": "ok"}
    searched = httpx2.get(f"{address}/api/v1/entities", params={"q": "秘密示例"})
    assert searched.status_code == 503
    assert httpx2.get(f"{address}/api/v1/entities/91350200MA0SECRET0/records").status_code == 503
    server.send_signal(stop)
    _, log = server.communicate(timeout=60)
    assert server.returncode == 0
    assert "Traceback" not in log
    assert "/api/v1/entities 503" in log
    assert not any(word in log for word in ("秘密", "%E7", "SECRET", "127.0.0.1"))


@pytest.mark.slow
def test_a_server_of_every_address_names_none_that_it_may_not_have(environment: Environment) -> None:
    """In a container 127.0.0.1 and the port are not those that are published."""
    for base_url in ("", "https://xincha.example"):
        told = environment | {"XINCHA_HOST": "0.0.0.0", "XINCHA_PORT": "0", "XINCHA_BASE_URL": base_url}  # noqa: S104
        command = [sys.executable, "-m", "xincha.cli", "serve"]
        with subprocess.Popen(command, env=told, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
            line = line_of(process.stdout)
            process.terminate()
        assert "127.0.0.1" not in line
        assert "http://" not in line
        assert re.search(r"port [1-9]\d* of every address", line)
        assert base_url in line


def test_the_demo_says_that_it_needs_a_checkout(
    environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    assert "checkout" in one_line(xincha(environment, "demo", "--only-load"))
