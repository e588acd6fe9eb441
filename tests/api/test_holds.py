"""What is held back is in no answer from that moment on, without a restart and without a publish, on both engines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from indexer.publish import publish
from tests import coverage_files as files
from tests.api.test_coverage import served
from tests.cli.conftest import Environment, environment_of, result, xincha
from tests.coverage_files import COMPANY, OTHER
from xincha.days import today
from xincha.engine.contract import Engine
from xincha.settings import Settings

pytestmark = pytest.mark.slow

REASON = "当事人申请：判决已撤销"


def penalties(folder: Path, today: date) -> Path:
    """Three penalties of one company, all of which may be shown."""
    head = "行政处罚决定书文号,行政相对人名称,统一社会信用代码,违法事实,处罚类别,处罚内容,处罚决定日期,处罚机关"
    rows = [
        f"示市监罚字〔2026〕{number}号,{files.NAMES[COMPANY]},{COMPANY},示例违法事实,罚款,罚款{number}00000元,"
        f"{files.days_ago(today, 20 + number)},{files.CITY}"
        for number in (1, 2, 3)
    ]
    path = folder / "处罚.csv"
    path.write_text("\n".join([head, *rows, ""]), "utf-8")
    return path


@dataclass(frozen=True)
class Running:
    """A service that runs, and the environment of commands beside it."""

    client: TestClient
    engine: Engine
    settings: Settings
    environment: Environment

    def get(self, address: str, **parameters: object) -> Any:
        answer = self.client.get(f"/api/v1/{address}", params=parameters)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        return answer.json()

    def hold(self, record: str, *options: str) -> Any:
        return result(self.environment, "hold", record, *options)[0]


@pytest.fixture(params=["embedded", pytest.param("opensearch", marks=pytest.mark.slow)])
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    engine: dict[str, Any] = {}
    if request.param == "opensearch":
        engine = {
            "engine": "opensearch",
            "opensearch_url": request.getfixturevalue("opensearch_url"),
            "opensearch_replicas": 0,
            "opensearch_prefix": "holds",
        }
    with running_in(tmp_path, engine) as each:
        yield each


@pytest.fixture(scope="module")
def unheld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service for tests that hold nothing back."""
    with running_in(tmp_path_factory.mktemp("unheld"), {}) as each:
        yield each


@contextmanager
def running_in(folder: Path, engine: dict[str, Any]) -> Iterator[Running]:
    with served(folder, files.register, penalties, engine=engine) as (client, opened):
        settings = Settings(data=folder / "data", page=folder / "none", workers=1, **engine)
        yield Running(client, opened, settings, environment_of(folder / "data"))


def everything(running: Running) -> Mapping[str, Any]:
    """All that answers say of penalties, without what differs from one request to the next."""
    entity = running.get(f"entities/{COMPANY}")
    found = running.get("records", kind="penalty", facet="kind")
    page = running.get("entities", q=files.NAMES[COMPANY], facet="has")
    exported = running.client.get("/api/v1/export/records.ndjson", params={"kind": "penalty"}).text
    entities = running.client.get("/api/v1/export/entities.ndjson").text
    matched = running.client.post("/api/v1/match", json={"rows": [{"name": files.NAMES[COMPANY]}]}).json()
    extended = running.client.post(
        "/reconcile", data={"extend": json.dumps({"ids": [COMPANY], "properties": [{"id": "counts.penalty"}]})}
    )
    about = running.get("about")
    return {
        "records": sorted(hit["record_id"] for hit in found["hits"]),
        "sums": found["sums"],
        "facets": found["facets"],
        "timeline": sorted(hit["record_id"] for hit in running.get(f"entities/{COMPANY}/records")["hits"]),
        "counts": entity["counts"],
        "summary": entity["summary"],
        "hit": page["hits"][0]["counts"],
        "has": page["facets"]["has"],
        "having": running.get("entities", has="penalty")["total"],
        "exported": sorted(json.loads(line)["record_id"] for line in exported.splitlines()),
        "exported counts": {each["entity_id"]: each["counts"] for each in map(json.loads, entities.splitlines())},
        "matched": matched["results"][0]["candidates"][0]["counts"],
        "reconciled": extended.json(),
        "about": {key: about[key] for key in ("records", "by_kind")},
        "covered": {each["kind"]: each["records"] for each in about["coverage"]},
    }


def test_a_record_is_in_no_answer_from_the_moment_on_and_comes_back(running: Running) -> None:
    before = everything(running)
    assert before["counts"]["penalty"] == len(before["records"]) == 3
    record = before["records"][0]
    told = running.hold(record, "--reason", REASON)
    assert (told["record_id"], told["reason"], told["until"], told["state"]) == (record, REASON, None, "held")
    assert running.client.get(f"/api/v1/records/{record}").status_code == 404
    held = everything(running)
    assert record not in json.dumps(held)
    number = before["counts"]["penalty"] - 1
    assert held["records"] == held["exported"] == before["records"][1:]
    assert [held[name]["penalty"] for name in ("counts", "hit", "matched", "covered")] == [number] * 4
    assert held["about"]["by_kind"]["penalty"] == number
    assert held["exported counts"][COMPANY]["penalty"] == number
    assert held["sums"]["fine_cny"] < before["sums"]["fine_cny"]
    assert held["summary"] != before["summary"]
    assert held["reconciled"] != before["reconciled"]
    publish(running.settings, running.engine)
    assert everything(running) == held
    assert xincha(running.environment, "hold", record, "--release").returncode == 0
    publish(running.settings, running.engine)
    assert everything(running) == before


def test_an_entity_whose_records_are_all_held_has_none(running: Running) -> None:
    records = everything(running)["records"]
    assert running.get("entities", has="penalty")["total"] == 1
    for record in records:
        running.hold(record, "--reason", REASON)
    now = everything(running)
    assert (now["records"], now["having"], now["counts"]["penalty"], now["counts"]["fine_cny"]) == ([], 0, 0, 0)
    assert "penalty" not in [bucket["value"] for bucket in now["has"]]
    assert "处罚" not in now["summary"]
    assert running.get("entities", q=OTHER)["total"] == 1
    xincha(running.environment, "hold", records[0], "--release")
    assert everything(running)["having"] == 1


@pytest.mark.parametrize("part", [0, 0.5])
@pytest.mark.parametrize("running", ["embedded"], indirect=True)
def test_where_holds_cannot_be_read_nothing_is_shown_and_the_service_says_so(
    running: Running, caplog: pytest.LogCaptureFixture, part: float
) -> None:
    record = everything(running)["records"][0]
    running.hold(record, "--reason", REASON)
    file = running.settings.holds_file
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * part)])
    for address in ("records", "entities", f"records/{record}", f"entities/{COMPANY}", "export/records.csv"):
        answer = running.client.get(f"/api/v1/{address}")
        assert answer.status_code == 503
        assert str(file) not in answer.text
    assert str(file) in caplog.text
    file.write_bytes(whole)
    assert running.client.get(f"/api/v1/records/{record}").status_code == 404
    assert running.get("records", kind="penalty")["total"]


def test_holds_are_listed_with_their_ends_and_reasons(running: Running) -> None:
    one, other = everything(running)["records"][:2]
    last = (today() + timedelta(days=3)).isoformat()
    running.hold(one, "--reason", "示例", "--until", last)
    running.hold(other, "--reason", "示例")
    running.hold(other, "--reason", REASON)  # which replaces the one before
    listed = result(running.environment, "holds")
    assert [(each["record_id"], each["until"], each["reason"]) for each in listed] == [
        (one, last, "示例"),
        (other, None, REASON),
    ]
    assert len(result(running.environment, "holds", "--all")) == 3
    shown = " ".join(xincha(running.environment, "holds").stdout.split())
    for text in (one, last, "示例", other, REASON):
        assert text in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["RECORD"], "reason"),
        (["RECORD", "--reason", " "], "reason"),
        (["RECORD", "--reason", "x" * 501], "500"),
        (["RECORD", "--reason", "x", "--until", "2020-01-01"], "past"),
        (["RECORD", "--reason", "x", "--until", "soon"], "until"),
        (["P-none", "--reason", "x"], "no record"),
        (["", "--reason", "x"], "no record"),
        (["RECORD", "--release"], "not held"),
        (["RECORD", "--release", "--reason", "x"], "--release"),
    ],
)
def test_what_cannot_be_held_is_said(unheld: Running, arguments: list[str], said: str) -> None:
    record = unheld.get("records", kind="penalty")["hits"][0]["record_id"]
    done = xincha(unheld.environment, "hold", *(record if each == "RECORD" else each for each in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert result(unheld.environment, "holds", "--all") == []


@pytest.mark.parametrize("running", ["embedded"], indirect=True)
def test_the_status_names_what_is_held_and_what_is_gone(running: Running) -> None:
    record = running.get("records", kind="penalty")["hits"][0]["record_id"]
    running.hold(record, "--reason", REASON)
    told = result(running.environment, "status")
    assert [(each["record_id"], each["reason"]) for each in told["holds"]] == [(record, REASON)]
    assert told["lake"]["gone"] == {}
    assert REASON in " ".join(xincha(running.environment, "status").stdout.split())
