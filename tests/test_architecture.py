"""Imports point one way: `api → xincha ← indexer`, `search → engine → text`, `rules → text`; the command line sees all.

Read from the source, so that an import inside a function or under TYPE_CHECKING counts like any other.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("api", "fixtures", "frontend", "indexer", "loadtests", "tests", "xincha")

# part → the parts of ours that it may import besides itself; the longest matching name counts
BASE = {f"xincha.{part}" for part in ("budget", "days", "errors", "faults", "limits", "settings")} | {"xincha"}
MAY = {
    "xincha.budget": {"xincha.errors"},
    "xincha.days": set(),
    "xincha.errors": set(),
    "xincha.faults": {"xincha.errors"},
    "xincha.shared_file": {"xincha.errors"},
    "xincha.keys": {"xincha.errors", "xincha.shared_file"},
    "xincha.holds": {"xincha.errors", "xincha.shared_file"},
    "xincha.limits": set(),
    "xincha.watches": {"xincha.errors"},
    "xincha.webhooks": BASE | {"xincha.shared_file"},
    "xincha.settings": {"xincha.errors", "xincha.limits", "xincha.rules"},
    "xincha.text": BASE,
    "xincha.rules": BASE | {"xincha.text"},
    "xincha.kinds": BASE | {"xincha.text", "xincha.rules"},
    "xincha.engine": BASE | {"xincha.text", "xincha.kinds"},
    "xincha.engine.embedded": BASE | {"xincha.text", "xincha.engine"},
    "xincha.engine.opensearch": BASE | {"xincha.text", "xincha.engine"},
    "xincha.engine.open": BASE | {f"xincha.engine{driver}" for driver in ("", ".embedded", ".opensearch")},
    "xincha.tables": {"xincha.budget", "xincha.errors"},
    "xincha.quality": {"xincha.rules"},
    "xincha.ended": set(),
    "xincha.search": BASE
    | {f"xincha.{part}" for part in ("ended", "engine", "holds", "kinds", "quality", "rules", "tables", "text")},
    "xincha.lists": BASE | {f"xincha.{part}" for part in ("kinds", "lists.company_list", "search", "tables")},
    "xincha.lists.company_list": {"xincha.limits"},
    "xincha.assistants": BASE | {f"xincha.{part}" for part in ("text", "kinds", "search")},
    "xincha.receipts": BASE | {f"xincha.{part}" for part in ("engine", "kinds", "proof", "search")},
    "xincha.releases": BASE | {f"xincha.{part}" for part in ("shared_file", "holds", "kinds", "search", "tables")},
    "xincha.proof": BASE | {"xincha.shared_file"},
    "xincha.cli_verify": BASE
    | {f"xincha.{part}" for part in ("cli_receipt", "console", "data_folder", "engine", "engine.open", "proof")}
    | {"indexer"},
    "xincha.cli_sign": BASE | {"xincha.console", "xincha.data_folder", "xincha.proof"},
    "xincha.console": BASE | {"xincha.kinds"},
    "xincha.library": BASE | {f"xincha.{part}" for part in ("engine", "engine.open", "holds", "search")},
    "xincha.data_folder": {"xincha.errors", "xincha.settings"},
    "xincha.cli_options": BASE | {"xincha.search"},
    **{
        f"xincha.{name}": BASE
        | {f"xincha.{part}" for part in ("cli_options", "cli_receipt", "console", "data_folder", "proof", "receipts")}
        | {f"xincha.{part}" for part in ("engine", "engine.open", "holds", "search", "tables")}
        for name in ("cli_export", "cli_stats")
    },
    "xincha.cli_hold": BASE | {"xincha.console", "xincha.data_folder", "xincha.holds", "indexer"},
    "xincha.cli_quality": BASE
    | {f"xincha.{part}" for part in ("console", "data_folder", "holds", "quality", "search", "tables")}
    | {"indexer"},
    "xincha.cli_mcp": BASE
    | {f"xincha.{part}" for part in ("assistants", "data_folder", "engine.open", "holds", "search")},
    "xincha.cli_release": BASE
    | {
        f"xincha.{part}"
        for part in ("console", "data_folder", "engine", "engine.open", "holds", "proof", "releases", "search")
    },
    "xincha.cli_publish": BASE
    | {f"xincha.{part}" for part in ("cli_release", "console", "data_folder", "engine", "engine.open")}
    | {"indexer"},
    "xincha.cli_notify": BASE
    | {f"xincha.{part}" for part in ("console", "data_folder", "engine.open", "holds", "search")}
    | {f"xincha.{part}" for part in ("watches", "webhooks")},
    "xincha.cli_key": BASE | {"xincha.console", "xincha.keys"},
    "xincha.cli_receipt": BASE | {"xincha.console", "xincha.proof", "xincha.receipts"},
    "xincha.cli_match": BASE
    | {f"xincha.{part}" for part in ("cli_receipt", "console", "data_folder", "engine.open", "holds", "lists", "proof")}
    | {
        "xincha.receipts",
        "xincha.search",
    }
    | {"indexer"},
    "xincha.cli": BASE
    | {
        f"xincha.{part}"
        for part in (
            "cli_export",
            "cli_hold",
            "cli_key",
            "cli_match",
            "cli_mcp",
            "cli_notify",
            "cli_publish",
            "cli_release",
            "cli_sign",
            "cli_quality",
            "cli_stats",
            "cli_verify",
            "console",
            "data_folder",
            "engine",
            "engine.open",
            "holds",
            "lists",
            "proof",
            "quality",
            "search",
        )
    }
    | {"api", "indexer", "fixtures"},
    "indexer": BASE
    | {
        f"xincha.{part}"
        for part in ("ended", "engine", "holds", "kinds", "lists.company_list", "proof", "quality", "rules", "text")
    },
    "api": BASE
    | {
        f"xincha.{part}"
        for part in (
            "holds",
            "keys",
            "text",
            "rules",
            "kinds",
            "engine",
            "engine.open",
            "search",
            "lists",
            "tables",
            "assistants",
            "proof",
            "receipts",
            "releases",
            "watches",
        )
    },
    "fixtures": {"xincha.text"},
}


def part_of(module: str) -> str:
    """The longest name in `MAY` that `module` is or lies in; itself where there is none."""
    names = [name for name in MAY if module == name or module.startswith(f"{name}.")]
    return max(names, key=len, default=module)


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the program."""
    for top in ("api", "fixtures", "indexer", "xincha"):
        for path in (ROOT / top).rglob("*.py"):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def imports(path: Path, module: str) -> Iterator[str]:
    """Every module of ours that the source file names."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            named = [f"{base}.{alias.name}" if is_module(f"{base}.{alias.name}") else base for alias in node.names]
        else:
            continue
        yield from (name for name in named if name.partition(".")[0] in OURS)


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


@pytest.mark.parametrize(
    ("module", "path"), sorted(modules()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_module_imports_only_what_its_part_may(module: str, path: Path) -> None:
    part = part_of(module)
    allowed = MAY.get(part, BASE) | {part}
    wrong = {name for name in imports(path, module) if part_of(name) not in allowed}
    assert not wrong, f"{module} may import {sorted(allowed)}, not {sorted(wrong)}"


def test_no_modules_import_each_other() -> None:
    """Neither two nor more in a circle; what is imported for types alone counts too."""
    TopologicalSorter({module: set(imports(path, module)) - {module} for module, path in modules()}).prepare()


def test_every_module_lies_in_a_part_with_rules() -> None:
    assert {part_of(module) for module, _ in modules()} <= MAY.keys() | {"xincha"}


def test_the_parts_refer_to_each_other_as_the_design_says() -> None:
    assert "indexer" not in MAY["api"]
    assert "api" not in MAY["indexer"]
    assert "xincha.search" not in MAY["indexer"]


@pytest.mark.parametrize("module", ["xincha.cli", "xincha.settings", "api.app", "indexer.tables"])
def test_importing_a_module_prints_nothing_and_writes_nothing(module: str, tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", f"import {module}"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr, list(tmp_path.iterdir())) == ("", "", [])


def test_the_command_line_starts_without_the_heavy_parts() -> None:
    heavy = "polars", "tantivy", "fastapi", "deltalake", "jieba", "rjieba", "opencc"
    check = f"import sys, xincha.cli; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"
