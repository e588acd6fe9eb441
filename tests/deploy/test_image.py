"""What the image leaves out: there, and opened by no part of the program."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import environment_of
from xincha.settings import ROOT

LEFT_OUT = (ROOT / "deploy" / "unused.txt").read_text("utf-8").splitlines()
INSTALLERS = ("pip", "setuptools", "_distutils_hack", "distutils-precedence")

USING = """
import json, pkgutil, sys, tempfile
from importlib import import_module
from pathlib import Path
import jieba, pyarrow
import api, indexer, xincha
from xincha import cli

for package in (api, indexer, xincha):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
jieba.lcut("厦门示例商贸有限公司"), jieba.lcut_for_search("厦门示例商贸有限公司")

def run(*arguments):
    try:
        cli.main(list(map(str, arguments)))
    except SystemExit as end:
        assert not end.code, (arguments, end.code)

files, out = map(Path, sys.argv[1:])
size = lambda path: path.stat().st_size
run("load", *(min(files.rglob(f"*.{kind}*"), key=size) for kind in ("xlsx", "parquet", "jsonl")))
for kind in ("xlsx", "parquet"):
    run("export", "entities", "--out", out / f"entities.{kind}")
    run("match", out / f"entities.{kind}", "--out", out / f"matched.{kind}")
mapped = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if ".so" in line}
loaded = {module.__file__ for module in list(sys.modules.values()) if getattr(module, "__file__", None)}
print(json.dumps({"used": sorted(mapped | loaded), "site": str(Path(pyarrow.__file__).parents[1])}))
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="this system does not tell which libraries are loaded")
def test_no_part_of_the_program_opens_what_the_image_leaves_out(tmp_path: Path, fictional_folder: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", USING, str(fictional_folder / "files" / "base"), str(tmp_path)]
    done = subprocess.run(  # noqa: S603
        command, env=environment_of(tmp_path / "data"), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    site = Path(told["site"])
    assert any("libarrow.so" in path for path in told["used"])
    for pattern in LEFT_OUT:
        found = list(site.glob(pattern))
        assert found or pattern.startswith(INSTALLERS), f"{pattern}: nothing has this name any more"
        if pattern.startswith(INSTALLERS):
            continue  # of this environment, which tests may use
        opened = [used for used in told["used"] for path in found if Path(used).is_relative_to(path)]
        assert not opened, pattern


def test_what_is_left_out_is_of_packages_that_are_installed() -> None:
    for pattern in LEFT_OUT:
        assert pattern == pattern.strip()
        assert not pattern.startswith(("/", ".", "*"))
    assert sorted(LEFT_OUT) == LEFT_OUT


def checked(path: Path) -> subprocess.CompletedProcess[str]:
    """`make image-check` on a machine that has these programs and no others."""
    command = [sys.executable, "-m", "loadtests.image"]
    told = environment_of(path / "data") | {"PATH": str(path)}
    return subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)  # noqa: S603


@pytest.mark.slow
def test_the_check_of_the_image_says_why_it_is_skipped(tmp_path: Path) -> None:
    done = checked(tmp_path)
    assert (done.returncode, done.stdout) == (0, "skipped: no podman; no docker\n")
    (tmp_path / "docker").write_text("#!/bin/sh\necho no daemon >&2; exit 1\n")
    (tmp_path / "docker").chmod(0o755)
    done = checked(tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("skipped: no podman; docker is here, but `docker info` fails")


def test_the_check_of_the_image_is_no_part_of_the_tests() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    needing = re.findall(r"^([a-z-]+):.*\bimage-check\b", makefile, re.MULTILINE)
    assert needing == []
    assert len(re.findall(r"loadtests\.image", makefile)) == 1
