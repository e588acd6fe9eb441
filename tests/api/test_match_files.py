"""Lists in files over HTTP: sent, waited for, downloaded, and gone; matched by processes of their own."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.match import jobs as match_jobs
from api.match.job import Job
from api.match.jobs import Jobs
from xincha.engine.contract import Engine
from xincha.errors import Busy, NotFound
from xincha.settings import Settings

pytestmark = pytest.mark.slow

ADDRESS = "/api/v1/match/files"
Wait = Callable[[str], dict[str, Any]]


@pytest.fixture
def service(settings: Settings, engine: Engine) -> Iterator[TestClient]:
    """An application of its own: its lists go with it."""
    with TestClient(create_app(settings.model_copy(update={"max_upload_mb": 1}), engine)) as service:
        yield service


@pytest.fixture(scope="module")
def names(get: Callable[..., Any]) -> list[str]:
    """Some names that one entity bears."""
    found = [hit["name"] for hit in get("entities", q="有限公司", page_size=50)["hits"]]
    return [name for name in found if found.count(name) == 1][:5]


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def send(service: TestClient, body: bytes, filename: str = "名单.csv", **more: str) -> dict[str, Any]:
    answer = service.post(ADDRESS, params={"filename": filename, **more}, content=body)
    assert answer.status_code == 202, answer.text
    told: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{ADDRESS}/{told['id']}"
    return told


def wait(service: TestClient, identifier: str) -> dict[str, Any]:
    """The list once it is done or failed."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        told: dict[str, Any] = service.get(f"{ADDRESS}/{identifier}").json()
        if told["state"] in ("done", "failed"):
            return told
        time.sleep(0.05)
    raise AssertionError(told)


def test_a_list_comes_back_with_the_answers_beside_it(service: TestClient, names: list[str]) -> None:
    body = as_csv([["供应商", "备注"], *([name, "=1+1"] for name in names), ["西宁无此示例铸造厂", ""]])
    told = wait(service, send(service, body)["id"])
    assert told["state"] == "done"
    assert told["counts"] == {"matched": len(names), "ambiguous": 0, "none": 1, "error": 0}
    assert told["columns"] == [{"field": "name", "columns": ["供应商"]}]
    assert (told["done"], told["total"]) == (len(names) + 1, len(names) + 1)
    answer = service.get(told["result"])
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["state"] for row in rows] == ["matched"] * len(names) + ["none"]
    assert rows[0]["备注"] == "'=1+1"


@pytest.mark.parametrize(("to", "read"), [("xlsx", pl.read_excel), ("parquet", pl.read_parquet)])
def test_another_kind_of_file_may_be_asked_for(
    service: TestClient, names: list[str], to: str, read: Callable[[bytes], pl.DataFrame]
) -> None:
    body = as_csv([["甲", "乙"], *([name, "西宁无此示例铸造厂"] for name in names)])
    told = wait(service, send(service, body, to=to, column="甲")["id"])
    assert told["filename"] == f"名单.matched.{to}"
    assert read(service.get(told["result"]).content)["state"].to_list() == ["matched"] * len(names)


def test_a_workbook_is_answered_as_a_workbook(service: TestClient, names: list[str], tmp_path: Path) -> None:
    pl.DataFrame({"公司名称": names}).write_excel(tmp_path / "a.xlsx")
    told = wait(service, send(service, (tmp_path / "a.xlsx").read_bytes(), "../../a b.XLSX")["id"])
    assert told["filename"] == "a b.matched.xlsx"
    assert pl.read_excel(service.get(told["result"]).content)["state"].to_list() == ["matched"] * len(names)


@pytest.mark.parametrize(
    ("filename", "body", "said"),
    [
        ("list.csv", b"a,b\n1,2\n", "找不到名称"),
        ("list.xlsx", b"no workbook", "不是工作簿"),
        ("list.parquet", b"PAR1 or not", "Parquet"),
    ],
)
def test_what_cannot_be_matched_says_why(service: TestClient, filename: str, body: bytes, said: str) -> None:
    told = wait(service, send(service, body, filename)["id"])
    assert (told["state"], told["result"]) == ("failed", None)
    assert said in told["error"]
    assert "/" not in told["error"]
    assert service.get(f"{ADDRESS}/{told['id']}/result").status_code == 404


def test_where_two_columns_may_be_meant_both_are_shown_with_three_rows(service: TestClient, names: list[str]) -> None:
    body = as_csv([["甲", "乙"], *([name, f"西宁无此示例{n}号铸造厂"] for n, name in enumerate(names))])
    told = wait(service, send(service, body)["id"])
    assert (told["state"], told["result"]) == ("failed", None)
    assert told["choices"] == [
        {"column": "甲", "place": 1, "rows": names[:3]},
        {"column": "乙", "place": 2, "rows": [f"西宁无此示例{n}号铸造厂" for n in range(3)]},
    ]
    again = wait(service, send(service, body, column=told["choices"][0]["column"])["id"])
    assert (again["counts"]["matched"], again["choices"]) == (len(names), [])


def test_a_list_with_too_many_rows_is_refused(
    service: TestClient, monkeypatch: pytest.MonkeyPatch, names: list[str]
) -> None:
    monkeypatch.setattr("api.match.job.MAX_LIST_ROWS", 3)
    told = wait(service, send(service, as_csv([["名称"], *([name] for name in names)]))["id"])
    assert (told["state"], told["error"]) == ("failed", "名单.csv: 5 rows; at most 3")


@pytest.mark.parametrize(
    ("parameters", "body", "status", "named"),
    [
        ({}, b"x", 400, "filename"),
        ({"filename": "a.docx"}, b"x", 400, "filename"),
        ({"filename": "a"}, b"x", 400, "filename"),
        ({"filename": "a.csv", "to": "pdf"}, b"x", 400, "to"),
        ({"filename": "a.csv", "more": "1"}, b"x", 400, "more"),
        ({"filename": "a.csv"}, b"", 400, "body"),
        ({"filename": "a.csv"}, b"x" * ((1 << 20) + 1), 413, "body"),
    ],
)
def test_what_is_no_list_is_refused_at_once_and_not_kept(
    service: TestClient, parameters: dict[str, str], body: bytes, status: int, named: str
) -> None:
    answer = service.post(ADDRESS, params=parameters, content=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["parameters"][0]["name"] == named
    assert jobs_of(service)._jobs == {}


def test_where_no_list_can_be_kept_that_is_told_and_no_failure(
    service: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    answer = service.post(ADDRESS, params={"filename": "a.csv"}, content=as_csv([["名称"], ["示例有限公司"]]))
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:xincha:problem:busy")
    assert "gone" not in answer.text


def jobs_of(service: TestClient) -> Jobs:
    jobs: Jobs = service.app.state.jobs  # type: ignore[attr-defined]
    return jobs


def test_nobody_guesses_a_list(service: TestClient, names: list[str]) -> None:
    one, other = (send(service, as_csv([["名称"], [names[0]]]))["id"] for _ in range(2))
    assert one != other
    assert service.get(f"{ADDRESS}/{'A' * 32}").status_code == 404
    assert service.get(f"{ADDRESS}/{one}x").status_code == 400


def test_a_list_that_is_removed_is_gone_with_its_files(service: TestClient, names: list[str]) -> None:
    told = wait(service, send(service, as_csv([["名称"], [names[0]]]))["id"])
    folder = jobs_of(service).get(told["id"]).folder
    assert folder.is_dir()
    assert service.delete(f"{ADDRESS}/{told['id']}").status_code == 204
    assert not folder.exists()
    assert service.get(f"{ADDRESS}/{told['id']}").status_code == 404
    assert service.delete(f"{ADDRESS}/{told['id']}").status_code == 404


def test_a_list_that_is_not_answered_yet_has_no_rows_and_no_result_yet(service: TestClient, names: list[str]) -> None:
    told = send(service, as_csv([["名称"], [names[0]]]))
    for part in ("rows", "result"):
        answer = service.get(f"{ADDRESS}/{told['id']}/{part}")
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:xincha:problem:not-done")
    assert wait(service, told["id"])["state"] == "done"
    for part in ("rows", "result"):
        assert service.get(f"{ADDRESS}/{told['id']}/{part}").status_code == 200


def test_a_list_goes_soon_after_the_download_or_when_its_time_is_over(service: TestClient, names: list[str]) -> None:
    told = wait(service, send(service, as_csv([["名称"], [names[0]]]))["id"])
    kept = datetime.fromisoformat(told["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=55) < kept <= timedelta(hours=1)
    service.get(told["result"])
    job = jobs_of(service).get(told["id"])
    assert job.expires_at - datetime.now(UTC) < timedelta(minutes=3)
    job.expires_at = datetime.now(UTC)
    assert service.get(f"{ADDRESS}/{told['id']}").status_code == 404
    assert not job.folder.exists()


def test_an_uploaded_list_is_deleted_once_it_is_answered(service: TestClient, names: list[str]) -> None:
    told = wait(service, send(service, as_csv([["名称"], [names[0]]]))["id"])
    job = jobs_of(service).get(told["id"])
    assert job.out.exists()
    assert not job.list.exists()


def test_nothing_of_a_list_is_logged(service: TestClient, names: list[str], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        wait(service, send(service, as_csv([["名称"], ["厦门不可记录示例有限公司"]]), "不可记录.csv")["id"])
        wait(service, send(service, b"\x00", "不可记录.xlsx")["id"])
    assert "不可记录" not in caplog.text


@pytest.fixture
def jobs(settings: Settings) -> Iterator[Jobs]:
    made = Jobs(settings)
    yield made
    made.close()


def begun(jobs: Jobs) -> Job:
    job = jobs.begin("a.csv", ".csv", {})
    job.list.write_text("名称\n示例有限公司\n", "utf-8")
    return job


def test_more_lists_than_are_taken_are_told_to_come_back(jobs: Jobs) -> None:
    taken = [begun(jobs) for _ in range(match_jobs.MAX_WAITING)]
    assert [jobs.position(job) for job in taken] == list(range(len(taken)))
    with pytest.raises(Busy):
        jobs.begin("a.csv", ".csv", {})
    taken[2].state = "done"
    begun(jobs)
    assert jobs.get(taken[2].id) is taken[2]


def test_what_was_done_for_long_makes_room(jobs: Jobs) -> None:
    taken = []
    for _ in range(match_jobs.MAX_KEPT):
        taken.append(begun(jobs))
        taken[-1].state = "done"
    with pytest.raises(Busy):
        jobs.begin("a.csv", ".csv", {})
    taken[2].expires_at, taken[3].state = datetime.now(UTC) + timedelta(minutes=45), "failed"
    for gone in (taken[2], taken[3]):
        begun(jobs)
        with pytest.raises(NotFound):
            jobs.get(gone.id)


def test_lists_go_with_the_application_that_has_them(settings: Settings) -> None:
    jobs = Jobs(settings)
    job = begun(jobs)
    jobs.submit(job)
    assert job.folder.stat().st_mode & 0o077 == 0
    jobs.close()
    assert not job.folder.parent.exists()


def test_a_list_at_work_can_be_stopped(jobs: Jobs) -> None:
    job = begun(jobs)
    job.list.write_text("名称\n" + "厦门示例无此贸易有限公司\n" * 90_000, "utf-8")
    jobs.submit(job)
    deadline = time.monotonic() + 60
    while not job.progress() and time.monotonic() < deadline:
        time.sleep(0.01)
    running = jobs._running
    assert running is not None
    jobs.remove(job)
    running.join(30)
    assert running.exitcode
    after = begun(jobs)
    jobs.submit(after)
    deadline = time.monotonic() + 60
    while after.state != "done" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert after.state == "done"
    assert not job.folder.exists()
