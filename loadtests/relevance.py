"""How well searches find what is meant: `python -m loadtests.relevance`.

Runs files of cases (class, query, expected codes joined by `|`) against the published registrations and prints, for
each class, the share of queries whose first result is expected (hit@1), whose first ten hold one (hit@10), and the
mean of 1/rank of the first expected one (MRR); then the median time of a search. The index is made in a temporary
folder, or in `--data`, where it is used again while it is up to date; with `--url`, in the OpenSearch there. Exit code
1: a class of the files that come with the registrations is below its floors.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from indexer.load import load
from indexer.publish import publish
from loadtests import cases, cluster, registry
from loadtests.cases import Case
from xincha.engine.contract import Engine
from xincha.engine.open import open_engine
from xincha.search.questions import EntitySearch
from xincha.search.service import Searcher

FLOORS: Mapping[str, tuple[float, float]] = {
    "exact": (1.00, 1.00), "core": (0.99, 1.00), "brand": (0.99, 1.00), "traditional": (0.99, 1.00),
    "homophone": (0.99, 1.00), "near_homophone": (0.99, 1.00), "drop1": (0.99, 1.00), "extra1": (0.99, 1.00),
    "typo2": (0.98, 1.00), "swapped": (0.97, 1.00), "region_moved": (0.98, 1.00), "name+district": (0.99, 1.00),
    "short": (0.98, 1.00), "listed_alias": (0.95, 0.99), "pinyin": (0.97, 1.00), "initials": (0.95, 0.99),
    "mixed_script": (0.95, 1.00), "brand_sound": (0.95, 0.99), "uscc": (1.00, 1.00), "noise": (0.99, 1.00),
    "address": (0.97, 1.00), "all": (0.982, 0.997),
}  # fmt: skip
"""Least hit@1 and hit@10 of a class of the shared files, over all of its queries."""

DAY = date(2026, 1, 1)
"""The day of every measurement: what may be shown depends on it."""


@dataclass(slots=True)
class Score:
    """What became of the queries of one class. `ranks`: place of the first right result, 0 if there is none."""

    ranks: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def hit(self, depth: int) -> float:
        """Share of queries with a right result among the first `depth`."""
        return sum(0 < rank <= depth for rank in self.ranks) / len(self.ranks)

    def mrr(self) -> float:
        """Mean reciprocal rank."""
        return sum(1 / rank for rank in self.ranks if rank) / len(self.ranks)


def run(searcher: Searcher, queries: Sequence[Case]) -> dict[str, Score]:
    """Ask every case once; the scores by class, and of all under `all`."""
    scores: dict[str, Score] = defaultdict(Score)
    for case in queries:
        begun = time.perf_counter()
        hits = searcher.entities.page(EntitySearch(q=case.query, page_size=10, facet=())).hits
        took = time.perf_counter() - begun
        rank = next((at for at, hit in enumerate(hits, 1) if hit["entity_id"] in case.expected), 0)
        for score in (scores[case.kind], scores["all"]):
            score.ranks.append(rank)
            score.seconds.append(took)
        if rank != 1:
            first = ", ".join(str(hit["name"]) for hit in hits[:2])
            scores[case.kind].missed.append(f"{case.query} → {first or 'nothing'}")
    scores["all"] = scores.pop("all")
    return dict(scores)


@contextmanager
def published(data: Path, url: str = "", files: Sequence[Path] = ()) -> Iterator[Engine]:
    """An engine that has published the registrations (or these files), loaded into `data`; see `cluster.settings`."""
    settings = cluster.settings(data, url)
    load(files or registry.files(), settings)
    with cluster.cleared(settings), closing(open_engine(settings)) as engine:
        publish(settings, engine)
        yield engine


def _print(scores: Mapping[str, Score], shown: int, floors: Mapping[str, tuple[float, float]]) -> bool:
    """The table; whether every class reaches its floors."""
    print(f"{'class':<16}{'n':>6}{'hit@1':>8}{'hit@10':>8}{'MRR':>8}{'p50 ms':>8}{'floors':>16}")
    reached = True
    for kind, score in scores.items():
        first, tenth = floors.get(kind, (0.0, 0.0))
        reached &= score.hit(1) >= first and score.hit(10) >= tenth
        print(
            f"{kind:<16}{len(score.ranks):>6}{score.hit(1):>8.3f}{score.hit(10):>8.3f}{score.mrr():>8.3f}"
            f"{statistics.median(score.seconds) * 1000:>8.2f}{f'{first:.3f} / {tenth:.3f}' if first else '':>16}"
        )
    for kind, score in scores.items():
        for line in score.missed[:shown]:
            print(f"  {kind}: {line}")
    return reached


def main() -> None:
    """Load, publish, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder to keep the index in; without it, a temporary one")
    parser.add_argument("--cases", type=Path, help="file of cases; without it, those that come with the registrations")
    parser.add_argument("--own", action="store_true", help="classes made by `loadtests.cases` instead of a file")
    parser.add_argument("--class", dest="classes", action="append", help="only this class (may be given several times)")
    parser.add_argument("--missed", type=int, default=0, metavar="N", help="list N queries of each class that missed")
    parser.add_argument("--url", default="", help="an open OpenSearch on this machine; without it, the embedded engine")
    options = parser.parse_args()
    shared = not (options.own or options.cases)
    every = cases.of_files() if shared else cases.own() if options.own else cases.of_file(options.cases)
    queries = [case for case in every if not options.classes or case.kind in options.classes]
    temporary = tempfile.TemporaryDirectory(prefix="xincha-relevance-")
    with temporary as folder, published(options.data or Path(folder), options.url) as engine:
        scores = run(Searcher(engine, today=lambda: DAY), queries)
    if not _print(scores, options.missed, FLOORS if shared else {}):
        sys.exit(1)


if __name__ == "__main__":
    main()
