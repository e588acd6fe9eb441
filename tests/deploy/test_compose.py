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
PINNED = re.compile(r"(opensearchproject/[a-z-]+|python|node):\d+\.\d+\.\d+(-[a-z-]+)?@sha256:[0-9a-f]{64}")


def own(name: str) -> bool:
    """Whether the service runs Xincha's own image."""
    return bool(SERVICES[name]["image"].startswith("xincha:"))


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
        assert "HEALTHCHECK" in DOCKERFILE if own(name) else service["healthcheck"]["test"]


@each
def test_an_image_is_pinned_to_its_bytes_or_made_here(name: str) -> None:
    if own(name):
        assert SERVICES[name]["pull_policy"] == "never"
    else:
        mirrored = re.fullmatch(r"\$\{XINCHA_(OPENSEARCH|DASHBOARDS)_IMAGE:-(.+)\}", SERVICES[name]["image"])
        assert mirrored
        assert PINNED.fullmatch(mirrored[2])


def test_one_service_builds_the_image_and_all_that_run_it_wait() -> None:
    assert [name for name, service in SERVICES.items() if "build" in service] == ["certificates"]
    assert SERVICES["certificates"]["build"] == "."
    for name in set(filter(own, SERVICES)) - {"certificates"}:
        waits_for, seen = list(SERVICES[name]["depends_on"]), set[str]()
        while waits_for:
            seen.add(other := waits_for.pop())
            waits_for += SERVICES[other].get("depends_on", {})
        assert "certificates" in seen, name


@each
def test_variables_of_xincha_are_settings(name: str) -> None:
    settings = {f"XINCHA_{field}".upper() for field in Settings.model_fields}
    given = {key for key in SERVICES[name].get("environment", {}) if key.startswith("XINCHA_")}
    assert given <= settings


@each
def test_no_secret_is_in_an_environment(name: str) -> None:
    for key in SERVICES[name].get("environment", {}):
        assert not re.search("PASSWORD|SECRET|TOKEN", key, re.IGNORECASE)


def test_nothing_of_the_checkout_is_mounted() -> None:
    """Its files may be closed to the containers' user (umask 077, SELinux), or lie on another machine."""
    bound = {(name, mount["source"]) for name in SERVICES for mount in mounts(name) if mount["type"] == "bind"}
    assert bound == {("load", "${XINCHA_FILES:-./files}")}
    scripts = {name: mount for name in SERVICES for mount in mounts(name) if mount["target"] == "/xincha"}
    assert scripts.keys() == {*NODES, "admin", "accounts"}
    for mount in scripts.values():
        assert (mount["source"], mount["read_only"]) == ("scripts", True)


@each
def test_what_a_service_is_started_with_is_in_the_folder_of_scripts(name: str) -> None:
    for word in map(str, SERVICES[name].get("entrypoint", ())):
        assert not word.startswith("/") or (ROOT / "deploy" / "opensearch" / word.removeprefix("/xincha/")).is_file()


@each
def test_what_is_written_has_a_place(name: str) -> None:
    assert any(mount.startswith("/tmp:") for mount in SERVICES[name]["tmpfs"])  # noqa: S108
    if own(name) and name != "certificates":
        assert "/data" in [mount["target"] for mount in mounts(name) if not mount.get("read_only")]


def test_what_is_unpacked_goes_to_the_volume_and_not_to_memory() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"\bTMPDIR=/data\b", last)
    assert re.search(r"\bXINCHA_DATA=/data XINCHA_DATA_MOUNTED=true\b", last)
    assert not any("TMPDIR" in service.get("environment", {}) for service in SERVICES.values())


def bytes_of(size: str) -> int:
    return int(size[:-1]) << {"k": 10, "m": 20, "g": 30}[size[-1]]


@pytest.mark.parametrize("name", NODES)
def test_a_node_has_twice_its_heap_and_more(name: str) -> None:
    memory = re.fullmatch(r"\$\{XINCHA_NODE_MEMORY:-(\d+[gm])\}", SERVICES[name]["mem_limit"])
    heap = re.search(r"-Xmx\$\{XINCHA_NODE_HEAP:-(\d+[gm])\}", SERVICES[name]["environment"]["OPENSEARCH_JAVA_OPTS"])
    assert memory
    assert heap
    assert 2.5 * bytes_of(heap[1]) <= bytes_of(memory[1])


@pytest.mark.parametrize("name", NODES)
def test_what_the_collector_logs_fits_where_it_goes(name: str) -> None:
    options = (ROOT / "deploy" / "opensearch" / "xincha.options").read_text("utf-8")
    (logged,) = re.findall(
        r"^-Xlog:gc\S*:file=logs/gc.log:\S*:filecount=(\d+),filesize=(\d+[km])$", options, re.MULTILINE
    )
    (place,) = (mount for mount in SERVICES[name]["tmpfs"] if mount.startswith("/usr/share/opensearch/logs:"))
    assert 1.2 * (int(logged[0]) + 1) * bytes_of(logged[1]) <= bytes_of(place.rpartition("size=")[2])


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
    assert tuple(SERVICES["certificates"]["command"][2:]) == NODES
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


def test_images_that_are_built_on_are_pinned_to_their_bytes() -> None:
    given = dict(re.findall(r"^ARG (\w+)=(\S+)$", DOCKERFILE, re.MULTILINE))
    bases = re.findall(r"^FROM \$\{(\w+)\}", DOCKERFILE, re.MULTILINE)
    assert bases == ["PYTHON_IMAGE", "NODE_IMAGE", "PYTHON_IMAGE"]
    assert all(PINNED.fullmatch(given[base]) for base in bases)


def test_what_the_image_is_made_of_is_there_and_reaches_the_builder() -> None:
    reaching = re.findall("^!(.+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    copied = [
        source
        for line in re.findall("^COPY (?!--from)(?:--chmod=\\d+ )?(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert len(copied) >= 8
    for source in copied:
        assert (ROOT / source).exists()
        assert any(source == name or source.startswith(f"{name}/") for name in reaching), source


def test_the_image_is_installed_by_hash_and_runs_as_nobody_in_particular() -> None:
    installs = re.findall(r"pip install (.+?)(?: \\\\)?(?: &&|$)", DOCKERFILE, re.MULTILINE)
    assert [install.removesuffix(" \\") for install in installs] == [
        "--require-hashes -r requirements/build.txt",
        "--require-hashes --no-build-isolation -r requirements/run.txt",
        "--no-deps --no-build-isolation .",
    ]
    assert "npm ci" in DOCKERFILE
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.findall("^USER (.+)$", last, re.MULTILINE) == ["1000:1000"]


def test_what_the_image_is_told_of_the_program_exists() -> None:
    settings = {f"XINCHA_{field}".upper() for field in Settings.model_fields}
    assert set(re.findall("(XINCHA_[A-Z_]+)=", DOCKERFILE)) <= settings
