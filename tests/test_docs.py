"""The documents say what the program does."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
import typer.main
import yaml
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from api.routes.service import operators
from tests.required import Switch
from xincha import cli
from xincha.settings import ROOT, Settings


def _tables() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tables", ROOT / "docs" / "tables.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TABLES = _tables()
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("*/README.md")]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
COMPLIANCE = (ROOT / "docs" / "compliance.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", TABLES.PAGES)
def test_generated_tables_are_those_of_the_program(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert TABLES.renew(text) == text, "make docs"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_link_to_files_that_exist(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_commands_of_the_documents_exist() -> None:
    known = set(getattr(typer.main.get_command(cli.app), "commands", {}))
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    named = set(re.findall(r"(?:^|/bin/|`|run --rm )xincha ([a-z]+)", text, flags=re.MULTILINE))
    assert {"load", "publish", "rollback", "lookup"} <= named <= known


def commands(name: str) -> list[str]:
    """The commands of a document, without what it says of them, and its addresses of the program and of the API."""
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL) for line in block.splitlines()]
    inline = re.findall(
        r"`((?:make|[A-Z_]+=\S+|xincha|GET|POST|/api|/reconcile)[^`]*)`", text.partition("<!-- settings")[0]
    )
    return [re.sub(r"\s+# .*", "", line) for line in lines] + sorted(set(inline))


def test_the_readme_says_the_same_commands_in_both_languages() -> None:
    assert commands("README.zh.md") == commands("README.md")


def test_settings_of_the_documents_exist() -> None:
    known = {f"XINCHA_{name}".upper() for name in Settings.model_fields}
    for name in ("compose.yaml", "frontend/vite.config.ts"):  # which read a few of their own
        known |= set(re.findall(r"(?:\$\{|env\.)(XINCHA_[A-Z_]+)", (ROOT / name).read_text(encoding="utf-8")))
    known |= set(get_args(Switch))
    for path in DOCUMENTS:
        named = set(re.findall(r"\bXINCHA_[A-Z][A-Z_]*", path.read_text(encoding="utf-8")))
        assert named <= known, path.name


def test_services_that_operations_names_are_in_the_compose_file() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    named = re.findall(r"docker compose run --rm (?:-\S+ (?:tar |NODE=\S+ )?)*([a-z0-9]+)", OPERATIONS)
    named += re.findall(r"docker compose up -d (?:--no-deps )?([a-z0-9]+)", OPERATIONS)
    assert {"admin", "load", "xincha", "node1"} <= set(named) <= services.keys()


def test_the_jobs_of_operations_write_every_part_and_end_it() -> None:
    (given,) = re.findall(
        r"```yaml\n(apiVersion.+?)```", (ROOT / "docs" / "operations.md").read_text("utf-8"), re.DOTALL
    )
    parts, end = (job["spec"] for job in yaml.safe_load_all(given))
    (writing,), (ending,) = (job["template"]["spec"]["containers"] for job in (parts, end))
    assert parts["completionMode"] == "Indexed"
    assert writing["command"][2].endswith(f"--part $((JOB_COMPLETION_INDEX + 1))/{parts['completions']}")
    assert ending["command"] == ["xincha", "publish", "--finish"]
    assert writing["volumeMounts"] == ending["volumeMounts"]


def test_operations_explains_every_metric(tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path))
    with TestClient(app), TestClient(operators(app)) as client:
        families = text_string_to_metric_families(client.get("/metrics").text)
        exposed = {family.name for family in families if not family.name.startswith("process_")}
    rows = re.findall(r"^\| `(xincha_[a-z_]+)` \|", OPERATIONS, flags=re.MULTILINE)
    assert sorted(name.removesuffix("_total") for name in rows) == sorted(exposed)


def _controls() -> list[tuple[str, str, str]]:
    """The lines of docs/compliance.md: control, statement, and what holds it."""
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+) \|$", COMPLIANCE, flags=re.MULTILINE)
    return [row for row in rows if row[2] != "held by"]


@pytest.mark.parametrize("control", _controls(), ids=lambda control: control[1][:60])
def test_what_holds_a_control_is_there(control: tuple[str, str, str]) -> None:
    """A test that exists, a sentence of docs/operations.md for the operator, or the word that nothing holds it."""
    _, _, held = control
    if held.startswith("not held"):
        assert re.fullmatch(r"not held(: .+)?", held)
    elif held.startswith("operator"):
        sentence = re.fullmatch(r'operator: "(.+)"', held)
        assert sentence, held
        assert sentence[1] in " ".join(OPERATIONS.split())
    else:
        named = re.findall(r"`(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)`", held)
        assert ", ".join(f"`{path}::{name}`" for path, name in named) == held
        for path, name in named:
            assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}::{name}"


def test_every_article_and_control_of_the_list_has_a_line() -> None:
    controls = {control for control, _, _ in _controls()}
    assert {"身份鉴别", "会话", "访问控制", "安全审计", "审计保护", "输入校验", "入侵防范", "数据完整性"} <= controls
    assert {"数据保密性", "数据备份恢复", "剩余信息保护", "恶意代码防范", "可信验证", "集中管控"} <= controls
    articles = {
        int(number) for control in controls for number in re.findall(r"\d+", control.replace("44–46", "44, 45, 46"))
    }
    assert {6, 7, 8, 13, 17, 24, 27, 28, 44, 45, 46, 47, 50, 51, 55, 57} <= articles


def test_make_targets_of_the_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for path in DOCUMENTS:
        for named in re.findall(r"(?:^|`)make ([a-z-]+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            assert named in targets, (path.name, named)
