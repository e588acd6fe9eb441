"""The process that matches an uploaded list runs under limits; its death is an error of that list and nobody else's."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.match.job import Job
from api.match.jobs import Jobs
from tests.indexer import unfolding
from xincha.settings import Settings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="limits of other processes are Linux's"),
]

Begin = Callable[..., Jobs]


@pytest.fixture
def begin(settings: Settings) -> Iterator[Begin]:
    """Jobs with these settings; they end with the test."""
    begun: list[Jobs] = []

    def make(**changed: int) -> Jobs:
        begun.append(Jobs(settings.model_copy(update=changed)))
        return begun[-1]

    yield make
    for jobs in begun:
        jobs.close()


def sent(jobs: Jobs, name: str, write: Callable[[Path], object]) -> Job:
    """A list that is waiting to be answered."""
    job = jobs.begin(name, ".csv", {})
    write(job.list)
    jobs.submit(job)
    return job


def ended(job: Job) -> Job:
    deadline = time.monotonic() + 120
    while job.state in ("queued", "running") and time.monotonic() < deadline:
        time.sleep(0.02)
    return job


def good(path: Path) -> None:
    path.write_text(f"名称\n{unfolding.NAME}\n", "utf-8")


def long(path: Path) -> None:
    path.write_text("名称\n" + "厦门示例无此贸易有限公司\n" * 90_000, "utf-8")


def test_a_file_that_unfolds_fails_with_a_sentence_and_the_next_list_is_answered(begin: Begin) -> None:
    jobs = begin()
    name = "two-cells.xlsx"
    says, make = unfolding.FILES[name]
    hostile, after = sent(jobs, name, make), sent(jobs, "a.csv", good)
    assert ended(after).state == "done"
    assert hostile.state == "failed"
    assert says in str(hostile.error)
    assert "/" not in str(hostile.error)


def test_a_list_that_takes_more_memory_than_it_may_dies_alone(begin: Begin) -> None:
    rows = "名称," + "备注," * 1_500 + "\n" + ("甲乙丙丁," * 1_500 + "\n") * 600
    jobs = begin(upload_memory_mb=330)  # the program takes 260 before it reads anything
    job = ended(sent(jobs, "a.csv", lambda path: path.write_text(rows, "utf-8")))
    assert job.state == "failed"
    assert "太大" in str(job.error)
    assert not job.folder.exists()
    other = begin()
    assert ended(sent(other, "a.csv", good)).state == "done"


def test_a_list_that_takes_more_time_than_it_may_says_so(begin: Begin) -> None:
    job = ended(sent(begin(upload_seconds=3), "a.csv", long))
    assert (job.state, job.error) == ("failed", "这份名单用时太久，没有核对完。请分成几份再试。")


def test_a_list_whose_answers_are_more_than_may_be_written_says_so(begin: Begin) -> None:
    job = ended(sent(begin(upload_output_mb=1), "a.csv", long))
    assert (job.state, job.error) == ("failed", "这份名单的核对结果太大，没有写完。请分成几份再试。")


def test_the_process_is_the_first_to_go_where_memory_is_short_and_leaves_no_core(begin: Begin) -> None:
    jobs = begin()
    job = sent(jobs, "a.csv", long)
    deadline = time.monotonic() + 60
    while not job.progress() and time.monotonic() < deadline:
        time.sleep(0.01)
    running = jobs._running
    assert running is not None
    assert running.pid is not None
    process = Path(f"/proc/{running.pid}")
    own = Path("/proc/self/oom_score_adj").read_text("ascii")
    assert int((process / "oom_score_adj").read_text("ascii")) > int(own)
    limits = (process / "limits").read_text("ascii")
    for line in ("Max core file size", "Max data size", "Max cpu time", "Max file size"):
        assert "unlimited" not in next(row for row in limits.splitlines() if row.startswith(line)), line
    os.kill(running.pid, 6)  # as a parser that finds no memory does
    assert "太大" in str(ended(job).error)
    assert ended(sent(jobs, "a.csv", good)).state == "done"
