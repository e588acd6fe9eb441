"""How well and how fast lists of names are matched: `python -m loadtests.match`.

Runs a file of cases (name, code, class; without a code the name is in no register and must not be matched) against the
published registrations, and prints for each class how many rows are matched, rightly and wrongly, ambiguous and none,
and how many have the right entity matched or among the first three candidates. Then, rows taken in turn by each side:
rows/s of matching, of a plain search for each row, and of one plain query for each row sent together (`search_many`).
The same speeds over `--rows` entities. `--own` runs the classes of `loadtests/match_cases.py` instead, without speeds.
With `--url` the engine is the OpenSearch there.

Indices are made in a temporary folder, or in `--data`, where they are used again while they are up to date. Exit
code 1: a figure is below its floor.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from opensearchpy import OpenSearch

from indexer.load import load
from indexer.publish import publish
from loadtests import cluster, match_cases, registry
from xincha.engine import query as q
from xincha.engine.contract import Engine
from xincha.engine.open import open_engine
from xincha.search.match.matcher import Matcher
from xincha.search.match.types import MatchResult
from xincha.search.requests import EntitySearch
from xincha.search.service import Searcher
from xincha.settings import ROOT
from xincha.text.names import name_key
from xincha.text.tokens import bigrams

CASES = ROOT.parent / "shared" / "cases" / "match.csv"
UNAMBIGUOUS = ("exact", "noise", "traditional", "form")
PRECISION, MATCHED, NEAR, STRANGERS = 0.998, 0.985, 0.99, 0.002
"""Floors; of strangers, the most that may be matched."""

DAY = date(2026, 1, 1)
_TURN = 500
_PLAIN = 100


@dataclass(frozen=True, slots=True)
class Case:
    """A name and the code of the entity that it means; "" where none of the register is meant."""

    kind: str
    name: str
    uscc: str


def cases(path: Path = CASES) -> list[Case]:
    """The cases of a file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [Case(row["class"], row["name"], row["uscc"]) for row in csv.DictReader(file)]


@contextmanager
def published(data: Path, files: Sequence[Path], url: str = "") -> Iterator[Engine]:
    """An engine that has published these files, loaded into `data` where they are not yet; see `cluster.settings`."""
    settings = cluster.settings(data, url)
    load(files, settings)
    with cluster.cleared(settings), closing(open_engine(settings)) as engine:
        publish(settings, engine)
        yield engine


def quality(asked: Sequence[Case], found: Sequence[MatchResult], shown: int) -> bool:
    """Print what became of the cases, by class; whether every figure reaches its floor."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    missed: dict[str, list[str]] = defaultdict(list)
    for case, match in zip(asked, found, strict=True):
        outcome = _outcome(case, match)
        counts[case.kind].update(("all", match.state, outcome))
        counts[case.kind]["first three"] += among_three(case, match)
        if outcome == "wrong" or (case.kind in UNAMBIGUOUS and outcome != "right"):
            missed[case.kind].append(f"{case.name} → {match.state} {[each.name for each in match.candidates[:2]]}")
    columns = ("matched", "right", "wrong", "ambiguous", "none", "first three")
    print(f"{'class':<16}{'n':>6}" + "".join(f"{column:>13}" for column in columns))
    for kind, counted in counts.items():
        print(f"{kind:<16}{counted['all']:>6}" + "".join(f"{counted[column]:>13}" for column in columns))
    for kind, lines in missed.items():
        for line in lines[:shown]:
            print(f"  {kind}: {line}")
    return _figures(counts)


def _outcome(case: Case, match: MatchResult) -> str:
    if match.state != "matched":
        return "left"
    return "right" if case.uscc and match.entity_id == case.uscc else "wrong"


def among_three(case: Case, match: MatchResult) -> bool:
    """Whether the right entity is matched or among the first three candidates."""
    return case.uscc in [each.uscc for each in match.candidates[:3]]


def own(matcher: Matcher, shown: int) -> None:
    """Print what becomes of rows that are made from the registrations."""
    made = [Case(*each) for each in match_cases.own()]
    found = matcher.match([{"name": case.name} for case in made])
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    matched: dict[str, list[str]] = defaultdict(list)
    for case, match in zip(made, found, strict=True):
        counts[case.kind].update(("all", match.state))
        counts[case.kind]["first three"] += among_three(case, match)
        if match.state == "matched":
            matched[case.kind].append(f"{case.name} → {match.candidates[0].name}")
    columns = ("matched", "ambiguous", "none", "first three")
    print(f"{'class':<16}{'n':>6}" + "".join(f"{column:>13}" for column in columns))
    for kind, counted in counts.items():
        print(f"{kind:<16}{counted['all']:>6}" + "".join(f"{counted[column]:>13}" for column in columns))
    for kind, lines in matched.items():
        print(*(f"  {kind}: {line}" for line in lines[:shown]), sep="\n")


def _figures(counts: Mapping[str, Counter[str]]) -> bool:
    def total(column: str, kinds: Sequence[str]) -> int:
        return sum(counts[kind][column] for kind in kinds if kind in counts)

    kinds = list(counts)
    strangers = [kind for kind in kinds if kind.startswith("stranger")]
    figures = (
        ("right of what is matched", total("right", kinds), total("matched", kinds), PRECISION),
        ("matched of the unambiguous", total("right", UNAMBIGUOUS), total("all", UNAMBIGUOUS), MATCHED),
        ("near: matched or of the first three", total("first three", ["near"]), total("all", ["near"]), NEAR),
        ("strangers not matched", total("left", strangers), total("all", strangers), 1 - STRANGERS),
    )
    reached = True
    for title, part, whole, floor in figures:
        share = part / whole if whole else 1.0
        reached &= share >= floor
        print(f"{title:<40}{part:>6} of {whole:>6}  {share:.4f}  (floor {floor})")
    return reached


def speed(engine: Engine, asked: Sequence[Case], url: str) -> None:
    """Print rows/s of each side; they take turns, so that a busy machine is busy for all."""
    matcher, searcher = Matcher(engine, today=lambda: DAY), Searcher(engine, today=lambda: DAY)
    plain = _plain(engine, url)
    sides: Mapping[str, Callable[[Sequence[str]], object]] = {
        "match": lambda names: matcher.match([{"name": name} for name in names]),
        "search": lambda names: [searcher.entities(EntitySearch(q=name, page_size=10, facets=())) for name in names],
        "plain": lambda names: [plain(names[at : at + _PLAIN]) for at in range(0, len(names), _PLAIN)],
    }
    seconds = dict.fromkeys(sides, 0.0)
    names = [case.name for case in asked]
    for side in sides.values():
        side(names[:20])
    for start in range(0, len(names), _TURN):
        for title, side in sides.items():
            begun = time.perf_counter()
            side(names[start : start + _TURN])
            seconds[title] += time.perf_counter() - begun
    rates = {title: len(names) / seconds[title] for title in sides}
    print(
        f"{len(names):,} rows: matching {rates['match']:,.0f} rows/s; a plain search for each {rates['search']:,.0f}, "
        f"ratio {rates['match'] / rates['search']:.1f}; one plain query for each, {_PLAIN} together "
        f"{rates['plain']:,.0f}, ratio {rates['match'] / rates['plain']:.1f}",
        flush=True,
    )


def _plain(engine: Engine, url: str) -> Callable[[Sequence[str]], object]:
    """Asks for the bigrams of each name, as one would without more ado; of OpenSearch by a plain `msearch`."""
    client = OpenSearch([url]) if url else None

    def ask(names: Sequence[str]) -> object:
        wanted = [bigrams(name_key(name)) for name in names]
        if client is None:
            asked = [q.Request(q.Match("name_2", tokens), size=10, total=False) for tokens in wanted]
            return engine.search_many("entities", asked)
        queries = ({"query": {"match": {"name_2": tokens}}, "size": 10} for tokens in wanted)
        return client.msearch(
            body=[part for query in queries for part in ({}, query)], index=f"{cluster.PREFIX}-entities"
        )

    return ask


def main() -> None:
    """Load, publish, match, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder to keep the indices in; without it, a temporary one")
    parser.add_argument("--cases", type=Path, default=CASES, help="file of cases")
    parser.add_argument("--rows", type=int, default=1_000_000, help="size of the second measurement; 0 leaves it out")
    parser.add_argument("--url", default="", help="an open OpenSearch on this machine; without it, the embedded engine")
    parser.add_argument("--own", action="store_true", help="rows made from the registrations instead")
    parser.add_argument("--missed", type=int, default=0, metavar="N", help="list N rows of each class that went wrong")
    options = parser.parse_args()
    if not options.cases.exists():
        sys.exit(f"the cases are not here: {options.cases}")
    asked = cases(options.cases)
    with tempfile.TemporaryDirectory(prefix="xincha-match-") as temporary:
        data = options.data or Path(temporary)
        with published(data / "registry", registry.files(), options.url) as engine:
            matcher = Matcher(engine, today=lambda: DAY)
            if options.own:
                own(matcher, options.missed)
                return
            reached = quality(asked, matcher.match([{"name": case.name} for case in asked]), options.missed)
            speed(engine, asked, options.url)
        if options.rows:
            file = data / f"scaled-{options.rows}.csv"
            if not file.exists():
                data.mkdir(parents=True, exist_ok=True)
                registry.write_scaled(file, options.rows)
            with published(data / f"scaled-{options.rows}", [file], options.url) as engine:
                print(f"{options.rows:,} entities")
                speed(engine, asked, options.url)
    if not reached:
        sys.exit(1)


if __name__ == "__main__":
    main()
