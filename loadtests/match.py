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
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from opensearchpy import OpenSearch

from loadtests import cases, cluster, match_cases, registry
from loadtests.cases import Case
from loadtests.relevance import DAY, published
from xincha.engine import query as q
from xincha.engine.contract import Engine
from xincha.search.match.matcher import Matcher
from xincha.search.match.types import MatchResult
from xincha.search.questions import EntitySearch
from xincha.search.service import Searcher
from xincha.settings import ROOT
from xincha.text.names import name_key
from xincha.text.tokens import bigrams

CASES = ROOT.parent / "shared" / "cases" / "match.csv"
UNAMBIGUOUS = ("exact", "noise", "traditional", "form")
PRECISION, MATCHED, NEAR, STRANGERS = 0.998, 0.985, 0.99, 0.002
"""Floors; of strangers, the most that may be matched."""

_TURN = 500
_PLAIN = 100
_COLUMNS = ("matched", "right", "wrong", "ambiguous", "none", "first three")


def of_file(path: Path = CASES) -> list[Case]:
    """The cases of a file: class, name, code of the entity that it means ("" if none of the register is meant)."""
    return cases.of_file(path, "name", "uscc")


def tally(rows: Sequence[Case], matches: Sequence[MatchResult], shown: int) -> Mapping[str, Counter[str]]:
    """Print what became of the rows, by class, and some that went wrong; the counts."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    missed: dict[str, list[str]] = defaultdict(list)
    for case, match in zip(rows, matches, strict=True):
        right = match.entity_id in case.expected
        outcome = "left" if match.state != "matched" else "right" if right else "wrong"
        counts[case.kind].update(("all", match.state, outcome))
        counts[case.kind]["first three"] += among_three(case, match)
        if outcome == "wrong" or (case.kind in UNAMBIGUOUS and not right):
            missed[case.kind].append(f"{case.query} → {match.state} {[each.name for each in match.candidates[:2]]}")
    print(f"{'class':<16}{'n':>6}" + "".join(f"{column:>13}" for column in _COLUMNS))
    for kind, counted in counts.items():
        print(f"{kind:<16}{counted['all']:>6}" + "".join(f"{counted[column]:>13}" for column in _COLUMNS))
    for kind, lines in missed.items():
        for line in lines[:shown]:
            print(f"  {kind}: {line}")
    return counts


def among_three(case: Case, match: MatchResult) -> bool:
    """Whether the right entity is matched or among the first three candidates."""
    return any(each.uscc in case.expected for each in match.candidates[:3])


def _figures(counts: Mapping[str, Counter[str]]) -> bool:
    """Print the shares that have floors; whether each reaches its own."""

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


def speed(engine: Engine, rows: Sequence[Case], url: str) -> None:
    """Print rows/s of each side; they take turns, so that a busy machine is busy for all."""
    matcher, searcher = Matcher(engine, today=lambda: DAY), Searcher(engine, today=lambda: DAY)
    plain = _plain(engine, url)
    sides: Mapping[str, Callable[[Sequence[str]], object]] = {
        "match": lambda names: matcher.match([{"name": name} for name in names]),
        "search": lambda names: [
            searcher.entities.page(EntitySearch(q=name, page_size=10, facet=())) for name in names
        ],
        "plain": lambda names: [plain(names[at : at + _PLAIN]) for at in range(0, len(names), _PLAIN)],
    }
    seconds = dict.fromkeys(sides, 0.0)
    names = [case.query for case in rows]
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
            requests = [q.Request(q.Match("name_2", tokens), size=10, total=False) for tokens in wanted]
            return engine.search_many("entities", requests)
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
    rows = list(match_cases.own()) if options.own else of_file(options.cases)
    with tempfile.TemporaryDirectory(prefix="xincha-match-") as temporary:
        data = options.data or Path(temporary)
        with published(data / "registry", options.url) as engine:
            matches = Matcher(engine, today=lambda: DAY).match([{"name": case.query} for case in rows])
            counts = tally(rows, matches, options.missed)
            if options.own:
                return
            reached = _figures(counts)
            speed(engine, rows, options.url)
        if options.rows:
            file = data / f"scaled-{options.rows}.csv"
            if not file.exists():
                data.mkdir(parents=True, exist_ok=True)
                registry.write_scaled(file, options.rows)
            with published(data / f"scaled-{options.rows}", options.url, [file]) as engine:
                print(f"{options.rows:,} entities")
                speed(engine, rows, options.url)
    if not reached:
        sys.exit(1)


if __name__ == "__main__":
    main()
