"""The time of figures, beside a plain search with facets over the same data: `python -m loadtests.stats`.

Documents of fictional entities and records with the fields that filters and figures need, no texts, are built into an
index: ten years, ten districts, forty offices, five kinds of penalty, 200,000 addresses, amounts as offices impose them
(few) and as they are computed (many). Then questions and searches are asked in turn, `--rounds` times each, and each
time from another day on, so that no answer is known; prints p50 and p95 of each in milliseconds, the median of this
process's processor time, and the ratio of p50 to that of the search. Then the same are asked again as they were: what
was answered is kept. With `--url` the engine is the OpenSearch there.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

import orjson

from loadtests import cluster
from xincha.days import FOREVER, today
from xincha.engine.contract import Document
from xincha.engine.fields import tie
from xincha.engine.open import open_engine
from xincha.search.figures.question import FiguresQuestion
from xincha.search.questions import EntitySearch, RecordSearch
from xincha.search.service import Searcher
from xincha.text import divisions

DISTRICTS = [code for code in divisions.names() if code.startswith("3502") and not code.endswith("00")]
DISTRICTS += [code for code in divisions.names() if code.startswith("3501") and not code.endswith("00")][:4]
FIRST = date(2016, 11, 1)
DAYS = 3_650
QUESTIONS = {
    "entities": (
        "of=entity&by=year",
        "of=entity&by=region,status&level=district&measure=count,in_business",
        "of=entity&by=year,industry",
        "of=entity&by=month,region&level=district&established_from=2020-01-01",
    ),
    "records": (
        "of=penalty&by=year&measure=count,fine_sum",
        "of=penalty&by=year,region&level=district&measure=count,fine_sum",
        "of=penalty&by=authority,category&measure=count,fine_sum",
        "of=penalty&by=year&measure=count,fine_count,fine_sum,fine_median,fine_p90",
        "of=penalty&by=year,region&level=district&measure=fine_median&region=350200",
        "of=spot_check&by=region,year&level=district&measure=count,found,found_rate",
        "of=abnormal&by=month&on=ended&state=removed",
        "of=penalty&by=address&top=20&measure=count,fine_sum",
    ),
}


def entities(count: int) -> Iterator[Document]:
    """Documents of entities."""
    dice = random.Random(1)  # noqa: S311 - the same in every run
    for number in range(count):
        identifier = f"N-{number:08}"
        yield {
            "id": identifier,
            "tie": tie(identifier),
            "status": "存续" if dice.random() < 0.7 else "注销",
            "kind": "企业" if dice.random() < 0.6 else "个体工商户",
            **_place(dice.choice(DISTRICTS)),
            "industry": [dice.choice("ABCDEFGHIJKLMNOPQRS")],
            "authority": f"示例{dice.randrange(40)}局",
            "established_on": FIRST + timedelta(dice.randrange(DAYS)),
            "source": b"{}",
        }


def records(count: int) -> Iterator[Document]:
    """Documents of records: penalties, checks, listings."""
    dice = random.Random(2)  # noqa: S311 - the same in every run
    for number in range(count):
        kind = dice.choice(("penalty", "penalty", "spot_check", "abnormal"))
        identifier, day = f"{kind}-{number:08}", FIRST + timedelta(dice.randrange(DAYS))
        yield {
            "id": identifier,
            "tie": tie(identifier),
            "kind": kind,
            "link_rule": "uscc",
            **_place(dice.choice(DISTRICTS)),
            "authority": f"示例{dice.randrange(40)}局",
            "address": f"示例路{int(dice.paretovariate(0.3)) % 200_000}号",
            "happened_on": day,
            "public_from": day,
            "public_until": FOREVER,
            "turns_on": FOREVER,
            "source": orjson.dumps({"record_id": identifier, "kind": kind}),
            **_of_kind(kind, day, dice),
        }


def _place(code: str) -> dict[str, object]:
    return {"region": list(divisions.ancestors(code)), "district": code}


def _of_kind(kind: str, day: date, dice: random.Random) -> dict[str, object]:
    if kind == "spot_check":
        return {"state": dice.choice(("found", "clear", "clear")), "category": [dice.choice("1256")]}
    if kind == "abnormal":
        ended = day + timedelta(dice.randrange(400))
        return {"state": "listed", "category": ["1"], "turns_on": ended, "next_state": "removed", "ended_on": ended}
    person = {"person": "yes"} if dice.random() < 0.02 else {}
    amount = dice.choice((500, 1_000, 3_000, 5_000, 10_000, 50_000, dice.randrange(500, 4_000) * 10))
    return {"fine_cny": float(amount), "category": [f"示例类别{dice.randrange(5)}"], **person}


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=1_000_000)
    parser.add_argument("--records", type=int, default=2_000_000)
    parser.add_argument(
        "--rounds", type=int, default=20, choices=range(2, 31), metavar="2-30", help="how often each is asked"
    )
    parser.add_argument("--url", default="", help="an open OpenSearch on this machine; without it, the embedded engine")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xincha-stats-") as folder:
        settings = cluster.settings(Path(folder), options.url)
        with cluster.cleared(settings), closing(open_engine(settings)) as engine:
            builds = [
                engine.build("entities", entities(options.entities), note={}),
                engine.build("records", records(options.records), note={}),
            ]
            engine.switch(builds)
            print(f"{engine.name}: {builds[0].documents:,} entities, {builds[1].documents:,} records", flush=True)
            _measure(Searcher(engine, today=today), options.rounds)


def _measure(searcher: Searcher, rounds: int) -> None:
    plain: dict[str, Callable[[], object]] = {
        "entities": partial(searcher.entities.page, EntitySearch(page_size=1)),
        "records": partial(searcher.records.page, RecordSearch(kind=("penalty",), page_size=1)),
    }
    for index, questions in QUESTIONS.items():
        first: dict[str, list[tuple[float, float]]] = {f"{index}, a page with facets": []}
        again: dict[str, list[tuple[float, float]]] = {}
        plain[index]()
        for question in questions:
            searcher.figures(_from(question, 0))
        for number in range(1, rounds + 1):
            first[f"{index}, a page with facets"].append(_timed(plain[index]))
            for question in questions:
                call = partial(searcher.figures, _from(question, number))
                first.setdefault(question, []).append(_timed(call))
                again.setdefault(f"again, {question}", []).append(_timed(call))
        _print(first | again)


def _from(question: str, number: int) -> FiguresQuestion:
    """A question about all but the first few days."""
    if "_from" in question:
        return FiguresQuestion.read(parse_qsl(question.replace("-01-01", f"-01-{number + 1:02}")))
    day = FIRST + timedelta(number)
    bound = "established_from" if question.startswith("of=entity") else "happened_from"
    return FiguresQuestion.read(parse_qsl(f"{question}&{bound}={day}"))


def _timed(call: Callable[[], object]) -> tuple[float, float]:
    """Seconds that pass, and of the processor."""
    started, worked = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - started, time.process_time() - worked


def _print(seconds: dict[str, list[tuple[float, float]]]) -> None:
    base = 0.0
    for name, pairs in seconds.items():
        taken, worked = ([1000 * each[side] for each in pairs] for side in (0, 1))
        p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        base = base or p50
        told = f"p50 / p95 {p50:7.1f} / {p95:7.1f} ms, processor {statistics.median(worked):7.1f} ms"
        print(f"  {told}, {p50 / base:5.2f} of the search: {name}", flush=True)


if __name__ == "__main__":
    main()
