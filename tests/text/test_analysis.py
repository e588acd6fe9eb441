"""The fingerprint changes with what is indexed, and with nothing else."""

from __future__ import annotations

import inspect
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from xincha.text import analysis, name_fields, name_words


@pytest.fixture(autouse=True)
def _forgetting() -> Iterator[None]:
    analysis.fingerprint.cache_clear()
    yield
    analysis.fingerprint.cache_clear()


def again() -> str:
    analysis.fingerprint.cache_clear()
    return analysis.fingerprint()


@pytest.mark.slow
def test_it_is_the_same_in_every_process() -> None:
    told = set()
    for seed in ("1", "2"):
        command = [sys.executable, "-c", "from xincha.text import analysis; print(analysis.fingerprint())"]
        done = subprocess.run(command, env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": seed},  # noqa: S603
                              capture_output=True, text=True, check=True)  # fmt: skip
        told.add(done.stdout.strip())
    assert told == {analysis.fingerprint()}
    assert len(analysis.fingerprint()) == 12


@pytest.mark.parametrize(
    "function",
    [
        "tokens.letters",
        "tokens.chars",
        "tokens.bigrams",
        "tokens.words",
        "name_fields.name_fields",
        "names.name_key",
        "fold.fold",
        "doc_no.doc_no_key",
        "divisions.ancestors",
        "industries.industry_ancestors",
        "uscc.org_code",
    ],
)
def test_it_changes_with_what_a_function_makes(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = analysis.fingerprint()
    monkeypatch.setattr(
        f"xincha.text.{function}", lambda *_: {"name_1": "another"} if "fields" in function else "another"
    )
    assert again() != before
    monkeypatch.undo()
    assert again() == before


def test_it_changes_with_one_reading_or_one_word_of_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {analysis.fingerprint()}
    monkeypatch.setattr("xincha.text.pinyin.similar", list)
    monkeypatch.setattr("xincha.text.name_fields._word", inspect.unwrap(name_fields._word))
    seen.add(again())
    monkeypatch.undo()
    monkeypatch.setattr(name_words, "TRADES", name_words.TRADES | {"示例业"})
    seen.add(again())
    monkeypatch.undo()
    monkeypatch.setattr(analysis, "version", lambda _library: "another")
    seen.add(again())
    assert len(seen) == 4


def test_it_is_quick() -> None:
    again()  # dictionaries and tables are read
    began = time.process_time()
    again()
    assert time.process_time() - began < 0.05
