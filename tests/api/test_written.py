"""The server and the page write facts in the same words: of every kind and every type of fact, over all fixtures."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.html import values
from tests.api.conftest import Get
from tests.required import missing
from xincha.kinds import KINDS
from xincha.kinds.topics import TOPICS
from xincha.settings import ROOT

pytestmark = pytest.mark.slow

FRONTEND = ROOT / "frontend"
ENTITIES = 60


@pytest.fixture(scope="module")
def answers(get: Get) -> dict[str, Any]:
    """Answers of the API, as the page gets them."""
    lists = [
        ([kind.name for kind in topic.kinds], get("records", topic=topic.name)["hits"]) for topic in TOPICS.values()
    ]
    of_kinds = {kind: get("records", kind=kind, page_size=100)["hits"] for kind in KINDS}
    alone = [hits[0]["record_id"] for hits in of_kinds.values() if hits]
    entities = get("entities", page_size=ENTITIES, sort="-approved_on")["hits"]
    return {
        "about": get("about"),
        "records": [*(hit for hits in of_kinds.values() for hit in hits), *(get(f"records/{each}") for each in alone)],
        "tables": [
            {"kinds": kinds, "records": hits} for kinds, hits in (*lists, *(([k], h) for k, h in of_kinds.items()))
        ],
        "entities": [get(f"entities/{hit['entity_id']}") for hit in entities],
    }


@pytest.fixture(scope="module")
def written(answers: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What the page's functions write of them, in Node."""
    node = shutil.which("node", path=f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}")
    vitest = FRONTEND / "node_modules" / "vitest" / "vitest.mjs"
    if not node or not vitest.is_file() or not (FRONTEND / "src" / "api" / "schema.ts").is_file():
        missing("XINCHA_CHROMIUM", "Node or the packages of the page are missing")
    file = tmp_path_factory.mktemp("written") / "answers.json"
    file.write_bytes(orjson.dumps(answers))
    command = [node, str(vitest), "run", "tests/written.test.js"]
    done = subprocess.run(  # noqa: S603 - our own
        command,
        cwd=FRONTEND,
        env={**os.environ, "XINCHA_ANSWERS": str(file)},
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()[-3000:] + done.stderr.decode()[-3000:]
    return orjson.loads(Path(f"{file}.written").read_bytes())  # type: ignore[no-any-return]


def test_every_type_of_fact_is_among_them(answers: dict[str, Any]) -> None:
    def told(kind: str, name: str) -> bool:
        return any(record.get(name) is not None for record in answers["records"] if record["kind"] == kind)

    listed = {fact.type for kind in KINDS.values() for fact in kind.facts if fact.shown in {"all", "page"}}
    shown = {
        fact.type
        for kind in KINDS.values()
        for fact in kind.facts
        if fact.shown in {"all", "page"} and told(kind.name, fact.name)
    }
    assert shown == listed
    assert {record["kind"] for record in answers["records"]} == set(KINDS)


def test_records_are_written_in_the_same_words(answers: dict[str, Any], written: Mapping[str, Any]) -> None:
    differ: list[tuple[str, object, object]] = []
    for record, page in zip(answers["records"], written["records"], strict=True):
        effect = values.effect(record)
        server = {
            "facts": [[fact.label, fact.text] for fact in values.record_facts(record)],
            "state": values.state(record),
            "whose": values.whose(record),
            "issued": values.issued(record),
            "effect": effect.meaning if effect else "",
        }
        differ += [(record["kind"], *each) for name in server for each in _apart(server[name], page[name])]
    assert not differ, differ[:10]


def test_tables_are_written_in_the_same_words(answers: dict[str, Any], written: Mapping[str, Any]) -> None:
    for asked, page in zip(answers["tables"], written["tables"], strict=True):
        server = values.table(asked["kinds"], asked["records"])
        assert list(server.heads) == page["heads"]
        assert [list(cells) for _, cells in server.rows] == [row["cells"] for row in page["rows"]]


def test_registrations_are_written_in_the_same_words(answers: dict[str, Any], written: Mapping[str, Any]) -> None:
    differ: list[tuple[object, object]] = []
    for entity, page in zip(answers["entities"], written["entities"], strict=True):
        differ += _apart([list(each) for each in values.registration(entity)], page)
    assert not differ, differ[:10]


def _apart(server: object, page: object) -> Sequence[tuple[object, object]]:
    """Where they differ: of lists what one has and the other has not."""
    if server == page:
        return []
    if isinstance(server, list) and isinstance(page, list):
        return [([each for each in server if each not in page], [each for each in page if each not in server])]
    return [(server, page)]
