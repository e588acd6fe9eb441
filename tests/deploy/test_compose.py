"""What stands in compose.yaml and in the Dockerfile: valid, pinned, confined, and in step with the program."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from xincha.settings import ROOT, Settings

FILE = ROOT / "compose.yaml"
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
SERVICES: Mapping[str, Mapping[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))["services"]
NODES = ("node1", "node2", "node3")
PINNED = re.compile(
    r"(opensearchproject/[a-z-]+|python|node):\d+\.\d+\.\d+(-[a-z-]+)?|xincha:\$\{XINCHA_VERSION:-\d+\.\d+\.\d+\}"
)

each = pytest.mark.parametrize("name", SERVICES)


def mounts(name: str) -> list[Mapping[str, Any]]:
    return list(SERVICES[name]["volumes"])


def test_the_file_is_one_by_the_published_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr


@each
def test_a_service_can_do_nothing_that_it_need_not(name: str) -> None:
    service = SERVICES[name]
    assert service["user"] == "1000:1000"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "devices", "pid", "ipc"} & set(service)
    for mount in service.get("tmpfs", ()):
        assert {part.partition("=")[0] for part in mount.partition(":")[2].split(",")} >= {"mode", "size"}, mount


@each
def test_a_service_has_bounds(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}


@each
def test_a_service_that_stays_is_watched_and_started_again(name: str) -> None:
    service = SERVICES[name]
    if service["restart"] == "no":
        assert service["healthcheck"] == {"disable": True}
    else:
        assert service["restart"] == "unless-stopped"
        assert "HEALTHCHECK" in DOCKERFILE if "build" in service else service["healthcheck"]["test"]


@each
def test_an_image_is_pinned_to_a_version(name: str) -> None:
    assert PINNED.fullmatch(SERVICES[name]["image"])


@each
def test_variables_of_xincha_are_settings(name: str) -> None:
    settings = {f"XINCHA_{field}".upper() for field in Settings.model_fields}
    given = {key for key in SERVICES[name].get("environment", {}) if key.startswith("XINCHA_")}
    assert given <= settings


@each
def test_no_secret_is_in_an_environment(name: str) -> None:
    for key in SERVICES[name].get("environment", {}):
        assert not re.search("PASSWORD|SECRET|TOKEN", key, re.IGNORECASE)


@each
def test_files_that_are_mounted_are_there(name: str) -> None:
    for mount in mounts(name):
        if mount["type"] == "bind" and not mount["source"].startswith("$"):
            assert (ROOT / mount["source"]).is_dir()
            assert mount["read_only"] is True


@each
def test_what_is_written_has_a_place(name: str) -> None:
    kept = SERVICES[name].get("environment", {}).get("TMPDIR")
    writable = [mount["target"] for mount in mounts(name) if not mount.get("read_only")]
    assert kept in writable if kept else any(mount.startswith("/tmp:") for mount in SERVICES[name]["tmpfs"])  # noqa: S108


def test_every_volume_that_is_mounted_is_declared_and_used() -> None:
    declared = yaml.safe_load(FILE.read_text("utf-8"))["volumes"].keys()
    assert {mount["source"] for name in SERVICES for mount in mounts(name) if mount["type"] == "volume"} == declared


@each
def test_ports_are_open_to_this_machine_only(name: str) -> None:
    for port in SERVICES[name].get("ports", ()):
        assert port.startswith("127.0.0.1:")


def test_each_service_sees_its_own_keys_only() -> None:
    seen = {
        name: {mount.get("volume", {}).get("subpath") for mount in mounts(name) if mount["source"] == "certificates"}
        for name in SERVICES
    }
    administrators = {"admin", "dashboards"}
    assert seen == {
        **{node: {node} for node in NODES},
        "api": {"reader"},
        "load": {"publisher"},
        "xincha": {"publisher"},
        "admin": administrators,
        "accounts": administrators,
        "dashboards": {"dashboards"},
        "certificates": {None},
    }


def test_the_nodes_are_those_that_everything_else_names() -> None:
    configured = yaml.safe_load((ROOT / "deploy" / "opensearch" / "opensearch.yml").read_text("utf-8"))
    assert tuple(configured["discovery.seed_hosts"]) == NODES
    assert tuple(configured["cluster.initial_cluster_manager_nodes"]) == NODES
    assert tuple(SERVICES["certificates"]["command"][1:]) == NODES
    for name in ("api", "load", "xincha"):
        urls = SERVICES[name]["environment"]["XINCHA_OPENSEARCH_URL"].split(",")
        assert urls == [f"https://{node}:9200" for node in NODES]
    for node in NODES:
        assert SERVICES[node]["environment"]["NODE_NAME"] == node


def test_the_version_of_the_image_is_that_of_the_program() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    version = re.search(r'^version = "(.+)"', project, re.MULTILINE)
    assert version
    assert SERVICES["api"]["image"] == f"xincha:${{XINCHA_VERSION:-{version[1]}}}"


def test_images_that_are_built_on_are_pinned_to_a_version() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 3
    assert all(PINNED.fullmatch(base) for base in bases)


def test_what_the_image_is_made_of_is_there_and_reaches_the_builder() -> None:
    reaching = re.findall("^!(.+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    copied = [
        source for line in re.findall("^COPY (?!--)(.+)$", DOCKERFILE, re.MULTILINE) for source in line.split()[:-1]
    ]
    assert len(copied) >= 8
    for source in copied:
        assert (ROOT / source).exists()
        assert any(source == name or source.startswith(f"{name}/") for name in reaching), source


def test_the_image_is_installed_by_hash_and_runs_as_nobody_in_particular() -> None:
    assert "--require-hashes -r requirements/run.txt" in DOCKERFILE
    assert "npm ci" in DOCKERFILE
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.findall("^USER (.+)$", last, re.MULTILINE) == ["1000:1000"]


def test_what_the_image_is_told_of_the_program_exists() -> None:
    settings = {f"XINCHA_{field}".upper() for field in Settings.model_fields}
    assert set(re.findall("(XINCHA_[A-Z_]+)=", DOCKERFILE)) <= settings
