"""What each feature is worth: `python -m loadtests.ablation`, and of matching with `--match`.

Asks the cases of `loadtests.relevance` with every feature of the ranking, then once more without each of them, and
prints what is lost of hit@1 and hit@10 over all cases, and in which classes most.

With `--match`, the same for the features by which names are compared, over the cases of `loadtests.match` and those
made from the registrations (`loadtests.match_cases`). `first three`: typing errors whose right entity is among the
first three candidates. `left`: names of other companies that a person has to look at, because nothing that speaks
against the nearest name was seen.

Prints Markdown tables, as in docs/relevance.md.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from loadtests import cases, match, match_cases
from loadtests.cases import Case
from loadtests.relevance import DAY, Score, published, run
from xincha.engine.contract import Engine
from xincha.search.features import FEATURES, Feature
from xincha.search.match import features as match_features
from xincha.search.match.matcher import Matcher
from xincha.search.service import Searcher

_SHOWN = 3
_LEAST = 0.002
"""Share of a class's queries from which a loss is shown."""


def main() -> None:
    """Ask, then ask without each feature."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder to keep the index in; without it, a temporary one")
    parser.add_argument("--match", action="store_true", help="the features of matching")
    options = parser.parse_args()
    temporary = tempfile.TemporaryDirectory(prefix="xincha-ablation-")
    with temporary as folder, published(options.data or Path(folder)) as engine:
        _matching(engine) if options.match else _ranking(engine)


def _ranking(engine: Engine) -> None:
    searcher, queries = Searcher(engine, today=lambda: DAY), cases.of_file()
    whole = run(searcher, queries)
    print("| without | hit@1 | hit@10 | loses most |\n|---|---|---|---|")
    print(f"| nothing | {whole['all'].hit(1):.4f} | {whole['all'].hit(10):.4f} | |", flush=True)
    weights = cast("dict[Feature, float]", FEATURES)  # nobody but this measurement changes them
    for feature, weight in FEATURES.items():
        weights[feature] = 0.0
        print(_row(feature.__name__, run(searcher, queries), whole), flush=True)
        weights[feature] = weight


def _row(name: str, without: Mapping[str, Score], whole: Mapping[str, Score]) -> str:
    lost = {kind: whole[kind].hit(1) - score.hit(1) for kind, score in without.items()}
    total = lost.pop("all")
    most = sorted((kind for kind in lost if lost[kind] > _LEAST), key=lambda kind: -lost[kind])[:_SHOWN]
    deep = without["all"].hit(10) - whole["all"].hit(10)
    shown = ", ".join(f"{kind} {-lost[kind]:+.3f}" for kind in most)
    return f"| `{name}` | {0 - total:+.4f} | {deep + 0:+.4f} | {shown} |"


def _matching(engine: Engine) -> None:
    matcher, rows = Matcher(engine, today=lambda: DAY), [*match.of_file(), *match_cases.own()]
    whole = _outcome(matcher, rows)
    print("| without | right | wrong | first three | left |\n|---|---|---|---|---|")
    print(f"| nothing | {' | '.join(map(str, whole))} |", flush=True)
    for group in ("NAMES", "APART"):
        weights = getattr(match_features, group)
        for feature in weights:
            setattr(match_features, group, {other: weights[other] for other in weights if other is not feature})
            lost = (ours - theirs for ours, theirs in zip(_outcome(matcher, rows), whole, strict=True))
            print(f"| `{feature.__name__}` | {' | '.join(f'{count:+d}' for count in lost)} |", flush=True)
        setattr(match_features, group, weights)


def _outcome(matcher: Matcher, rows: Sequence[Case]) -> tuple[int, ...]:
    """Rows that are rightly and wrongly matched, right among the first three, left to a person."""
    pairs = list(zip(rows, matcher.match([{"name": case.query} for case in rows]), strict=True))
    sure = [(case, answer) for case, answer in pairs if case.kind in match.UNAMBIGUOUS]
    others = [answer for case, answer in pairs if case.kind in match_cases.OTHERS or case.kind.startswith("stranger")]
    return (
        sum(answer.entity_id in case.expected for case, answer in sure),
        sum(answer.state == "matched" and answer.entity_id not in case.expected for case, answer in sure)
        + sum(answer.state == "matched" for answer in others),
        sum(match.among_three(*pair) for pair in pairs if pair[0].kind in ("near", *match_cases.ERRORS)),
        sum(answer.state == "ambiguous" for answer in others),
    )


if __name__ == "__main__":
    main()
