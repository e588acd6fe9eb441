"""A kind of record is one declaration and one reader: a toy kind, declared in a test, is loaded and found by the API.

It is registered in a process of its own, before anything else is imported, and gone with it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from indexer.lake import Lake
from indexer.recognise import recognise
from tests.kinds.toy import CODE, FILE
from xincha.errors import LakeError, UnknownKind
from xincha.kinds import KINDS
from xincha.settings import ROOT, Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("toy")


@pytest.fixture(scope="module")
def said(folder: Path) -> Any:
    """What the program of `toy.py` prints."""
    command = [sys.executable, "-m", "tests.kinds.toy", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr.decode()
    return orjson.loads(done.stdout)


def test_its_file_is_recognised_and_loaded(said: Any) -> None:
    assert said["files"] == {"register.csv": ["registration", 1], "toys.csv": ["toy", 1]}
    assert "不应读取" not in orjson.dumps(said).decode()


def test_it_is_found_by_words_number_kind_and_state(said: Any) -> None:
    (hit,) = said["found"]["hits"]
    assert (hit["kind"], hit["state"], hit["entity_id"], hit["link_rule"]) == ("toy", "new", CODE, "uscc")
    assert hit["headline"] == "玩具：一只会唱歌的示例木马"
    assert hit["parts"] == [{"part": "轮子", "number": "4"}, {"part": "尾巴", "number": "1"}]
    assert hit["happened_on"] == hit["public_from"] == "2024-05-06"
    assert [mark["field"] for mark in hit["highlights"]] == ["story"]
    assert said["numbered"]["total"] == 1
    facets = said["found"]["facets"]
    assert facets["category"] == [{"value": "r", "name": "红", "count": 1}]
    assert facets["kind"][0]["name"] == "示例玩具"
    assert facets["state"] == [{"value": "new", "name": "新", "count": 1}]


def test_a_person_is_named_on_the_page_of_one_entity_only(said: Any) -> None:
    assert said["by_person"]["total"] == 0
    assert "giver" not in said["found"]["hits"][0]
    assert said["timeline"]["hits"][0]["giver"] == "示安"
    assert "示安" not in said["export"]


def test_the_entity_has_it_counts_it_and_says_so(said: Any) -> None:
    company = said["company"]
    assert (company["counts"]["toy"], company["counts"]["toy_new"]) == (1, 1)
    assert company["summary"].endswith("玩具 1 件")
    assert [hit["entity_id"] for hit in said["having"]["hits"]] == [CODE]
    assert said["having"]["facets"]["has"] == [{"value": "toy", "name": "有玩具", "count": 1}]


def test_exports_and_the_page_name_its_facts(said: Any) -> None:
    head, row = said["export"].removeprefix("\ufeff").splitlines()
    cells = dict(zip(head.split(","), row.split(","), strict=True))
    assert (cells["记录类别"], cells["玩具故事"], cells["现状"]) == ("示例玩具", "一只会唱歌的示例木马", "新")
    words = next(kind for kind in said["about"]["kinds"] if kind["name"] == "toy")
    assert words["risks"] == [{"name": "toy_new", "risk": "新玩具 {}", "tone": "past"}]
    assert {"name": "giver", "title": "赠与人", "english": "", "type": "text", "listed": True} in words["facts"]
    assert "toy" in said["refused"]["parameters"][0]["allowed"]


def test_it_is_gone_with_its_process(said: Any, folder: Path) -> None:
    assert "toy" not in KINDS
    with pytest.raises(UnknownKind):
        recognise(FILE.splitlines()[0].split(","), source_file="toys.csv")
    with pytest.raises(LakeError, match="toys"):  # its table is not lost, and not passed over in silence
        Lake(Settings(data=folder / "data").lake).snapshot()
