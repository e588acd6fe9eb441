"""What Xincha is made of: pinned to its bytes wherever it is installed, and listed by `make sbom`."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from xincha.settings import ROOT

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
LOCKED = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def pins(path: Path) -> dict[str, tuple[str, int]]:
    """Version and number of hashes of each package of a file."""
    found = {}
    for block in re.split(r"\n(?=[A-Za-z0-9])", path.read_text("utf-8")):
        pin = re.match(r"([A-Za-z0-9._-]+)==([^\s\\]+)", block)
        if pin:
            found[pin[1].lower()] = (pin[2], len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", block)))
    return found


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: path.name)
def test_everything_that_is_installed_is_pinned_with_hashes(path: Path) -> None:
    found = pins(path)
    assert found
    assert [name for name, (_, hashes) in found.items() if not hashes] == []
    assert "://" not in path.read_text("utf-8")


def test_what_builds_packages_is_pinned_as_the_project_wants_it() -> None:
    build = pins(ROOT / "requirements" / "build.txt")
    wanted = [Requirement(text) for text in PROJECT["build-system"]["requires"]]
    assert {requirement.name for requirement in wanted} == build.keys()
    for requirement in wanted:
        assert requirement.specifier.contains(build[requirement.name][0])


def test_make_installs_nothing_without_a_hash_and_builds_nothing_with_what_pip_fetches() -> None:
    defined = dict(re.findall(r"^(\w+) := (.+)$", MAKEFILE, re.MULTILINE))
    text = re.sub(r"\$\((\w+)\)", lambda name: defined.get(name[1], name[0]), MAKEFILE)
    installs = re.findall(r"pip .*?\binstall (.+?)(?:;|$)", text, re.MULTILINE)
    assert len(installs) == 6
    for install in installs:
        by_hash = "--require-hashes -r requirements/" in install.replace(" --no-build-isolation", "")
        assert by_hash or install.strip() == "--no-deps --no-build-isolation -e .", install
        isolated = "--no-build-isolation" not in install
        assert not isolated or re.search(r"requirements/(build|tools).txt", install), install


@pytest.mark.slow
def test_the_lists_of_parts_name_all_of_them_with_their_hashes() -> None:
    if subprocess.run(["make", "-q", "-C", str(ROOT), ".venv/.tools"], check=False, capture_output=True).returncode:  # noqa: S603, S607
        pytest.skip("what lists parts is not installed: make sbom")
    done = subprocess.run(["make", "-C", str(ROOT), "sbom"], check=False, capture_output=True, text=True)  # noqa: S603, S607
    assert done.returncode == 0, done.stdout + done.stderr
    program, page = (json.loads((ROOT / "sbom" / f"{name}.cdx.json").read_bytes()) for name in ("program", "page"))
    assert (program["bomFormat"], page["bomFormat"]) == ("CycloneDX", "CycloneDX")
    locked = {name: version for name, (version, _) in pins(ROOT / "requirements" / "run.txt").items()}
    assert {part["name"].lower(): part["version"] for part in program["components"]} == locked
    for part in program["components"]:
        assert part["externalReferences"][0]["hashes"], part["name"]
    assert program["metadata"]["component"]["name"] == PROJECT["project"]["name"]
    wanted = json.loads((ROOT / "frontend" / "package.json").read_bytes())["dependencies"]
    parts = {part["name"]: part["version"] for part in page["components"]}
    assert wanted.items() <= parts.items()
