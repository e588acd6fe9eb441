"""A data folder that cannot be used is said at once, by every command: folder, owner, user, and what to do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import httpx2
import pytest

from tests.cli.conftest import Environment, environment_of, xincha
from tests.opensearch.server import poll
from xincha import data_folder
from xincha.data_folder import Use, require
from xincha.errors import SettingsError
from xincha.settings import ROOT, Settings

OTHER = 1000
"""A user that is not the one who owns the folders of these tests, where they run as root."""


@contextmanager
def other_user() -> Iterator[None]:
    """As somebody else; who is not root cannot change, and is kept out by modes alone."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(OTHER)
    os.seteuid(OTHER)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder to which everybody finds his way, unlike that of `tmp_path`."""
    made = Path(tempfile.mkdtemp(prefix="xincha-folder-"))
    made.chmod(0o755)
    yield made
    subprocess.run(["chmod", "-R", "u+rwX", str(made)], check=True)  # noqa: S603, S607
    shutil.rmtree(made)


def told(data: Path, use: Use, **settings: object) -> str:
    with other_user(), pytest.raises(SettingsError) as refused:
        require(Settings(data=data, **settings), use)  # type: ignore[arg-type]
    return str(refused.value)


@pytest.mark.parametrize("use", ["search", "read", "write"])
@pytest.mark.parametrize("closed", ["data", "data/lake", "data/index"])
def test_a_folder_of_somebody_else_is_named_with_owner_and_user(folder: Path, closed: str, use: Use) -> None:
    data = folder / "data"
    for each in (data, data / "lake", data / "index"):
        each.mkdir()
        each.chmod(0o777)
    (folder / closed).chmod(0o500 if use == "write" and os.geteuid() else 0o000)
    message = told(data, use)
    user = OTHER if os.geteuid() == 0 else os.geteuid()
    assert f"{folder / closed}: permission is denied; it belongs to {os.geteuid()}:" in message
    assert re.search(f"user {user}:{user} .*has to {'write' if use == 'write' else 'read'} there", message)
    assert f"chown -R {user}:{user}" in message


def test_a_folder_that_cannot_be_made_names_the_one_that_is_closed(folder: Path) -> None:
    folder.chmod(0o555)
    message = told(folder / "some" / "where", "write")
    assert f"{folder}: permission is denied" in message
    assert "write there" in message


def test_a_folder_on_the_way_that_is_closed_is_named(folder: Path) -> None:
    (folder / "home" / "data").mkdir(parents=True)
    (folder / "home").chmod(0o000)
    assert f"{folder / 'home'}: permission is denied" in told(folder / "home" / "data", "search")


@pytest.mark.parametrize("data", ["file", "file/data"])
def test_a_file_is_no_folder(folder: Path, data: str) -> None:
    (folder / "file").touch()
    assert told(folder / data, "write") == f"XINCHA_DATA: {folder / 'file'} is a file, and not a folder"


def test_a_folder_that_is_only_read_may_be_closed_to_writers(folder: Path) -> None:
    for each in (folder / "lake", folder / "index"):
        each.mkdir()
        each.chmod(0o555)
    folder.chmod(0o555)
    with other_user():
        require(Settings(data=folder), "search")
        require(Settings(data=folder), "read")


def test_a_folder_that_is_not_there_has_nothing_in_it(folder: Path) -> None:
    folder.chmod(0o777)
    for use in get_args(Use):
        require(Settings(data=folder / "none" / "yet"), use)


def test_a_cluster_is_searched_without_a_folder(folder: Path) -> None:
    folder.chmod(0o000)
    with other_user():
        require(Settings(data=folder, engine="opensearch", data_mounted=True), "search")
    assert "read" in told(folder, "read", engine="opensearch")


MOUNTINFO = """\
22 1 0:21 / / rw,relatime - overlay overlay rw,lowerdir=/a
23 22 0:22 / /proc rw - proc proc rw
24 22 254:1 /volumes/x {point} rw,relatime shared:1 - ext4 /dev/vda rw
"""


@pytest.mark.parametrize(
    ("point", "mounted"),
    [("{}", True), ("{}/..", True), ("{}/lake", False), ("{}x", False), ("/elsewhere", False)],
)
def test_a_container_without_a_volume_is_told_before_it_loses_anything(
    folder: Path, monkeypatch: pytest.MonkeyPatch, point: str, mounted: bool
) -> None:
    data = folder / "with space" / "data"
    data.mkdir(parents=True)
    (folder / "mountinfo").write_text(
        MOUNTINFO.format(point=os.path.normpath(point.format(data)).replace(" ", "\\040")), "utf-8"
    )
    monkeypatch.setattr(data_folder, "MOUNTS", folder / "mountinfo")
    settings = Settings(data=data, data_mounted=True)
    if mounted:
        require(settings, "write")
        return
    with pytest.raises(SettingsError, match=f"nothing is mounted at {data}.*-v xincha:{data}"):
        require(settings, "search")


def test_the_mounts_of_this_system_are_read() -> None:
    assert data_folder._mounted(Path("/proc/self"))
    assert not data_folder._mounted(Path("/"))


COMMANDS: Sequence[Sequence[str]] = (
    ("serve", "--port", "0"),
    ("load", str(ROOT)),
    ("publish",),
    ("rollback",),
    ("lookup", "示例"),
    ("status",),
    ("rejects",),
    ("unlinked",),
    ("match", str(ROOT / "README.md")),
    ("export", "entities", "--out", "none.csv"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_every_command_says_it_in_one_line_with_exit_code_2(folder: Path, command: Sequence[str]) -> None:
    environment: Environment = environment_of(folder) | {"XINCHA_DATA_MOUNTED": "true"}
    done = xincha(environment, *command)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(f"xincha: XINCHA_DATA: nothing is mounted at {folder}, .+\n", done.stderr)


@pytest.mark.slow
def test_root_without_capabilities_is_told_too(folder: Path) -> None:
    """As in a container of which all capabilities were dropped: user 0, and no more rights than anybody."""
    data = folder / "data"
    data.mkdir(mode=0o500)
    command = [sys.executable, "-m", "xincha.cli", "load", str(ROOT / "README.md")]
    if os.geteuid() == 0:
        os.chown(data, OTHER, OTHER)
        command = ["setpriv", "--bounding-set", "-all", *command]
    done = subprocess.run(command, env=environment_of(data), capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 2, done.stderr
    assert f"{data}: permission is denied; it belongs to" in done.stderr
    assert "has to write there" in done.stderr


@pytest.mark.slow
def test_the_service_searches_a_folder_that_it_may_only_read(folder: Path, fictional_folder: Path) -> None:
    """Also a list is matched there: what that writes is in the temporary folder."""
    data = folder / "data"
    shutil.copytree(fictional_folder / "data" / "index", data / "index")
    subprocess.run(["chmod", "-R", "a-w", str(data)], check=True)  # noqa: S603, S607
    command = [sys.executable, "-m", "xincha.cli", "serve", "--port", "0"]
    if os.geteuid() == 0:
        command = ["setpriv", "--bounding-set", "-all", *command]
    with subprocess.Popen(command, env=environment_of(data), stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        try:
            assert server.stdout
            with httpx2.Client(base_url=server.stdout.readline().split()[-1], timeout=60) as client:
                name = client.get("/api/v1/entities", params={"q": "示例"}).json()["hits"][0]["name"]
                sent = client.post(
                    "/api/v1/match/files", params={"filename": "a.csv"}, content=f"名称\n{name}\n".encode()
                )
                job = f"/api/v1/match/files/{sent.json()['id']}"
                assert poll(lambda: client.get(job).json()["state"] not in {"queued", "running"})
                told = client.get(job).json()
                assert told["state"] == "done"
                assert name in client.get(told["result"]).text
        finally:
            server.terminate()
