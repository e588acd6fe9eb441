"""What each feature of matching is worth: `python -m loadtests.match_ablation`.

Runs the cases of `loadtests.match` and those made from the registrations (`loadtests.match_cases`) with every feature
by which names are compared, then once more without each, and prints what becomes of them as a Markdown table, as in
docs/relevance.md. `first three`: typing errors whose right entity is among the first three candidates. `left`: names
of other companies that a person has to look at, because nothing that speaks against the nearest name was seen.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from loadtests import match_cases, registry
from loadtests.match import CASES, DAY, UNAMBIGUOUS, Case, among_three, cases, published
from xincha.search.match.features import APART, NAMES, Feature
from xincha.search.match.matcher import Matcher


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Rows: rightly and wrongly matched, right among the first three, left to a person."""

    right: int
    wrong: int
    first_three: int
    left: int


def main() -> None:
    """Match, then match without each feature."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder to keep the index in; without it, a temporary one")
    options = parser.parse_args()
    if not CASES.exists():
        sys.exit(f"the cases are not here: {CASES}")
    asked = [*cases(), *(Case(*made) for made in match_cases.own())]
    temporary = tempfile.TemporaryDirectory(prefix="xincha-match-")
    with temporary as folder, published((options.data or Path(folder)) / "registry", registry.files()) as engine:
        matcher = Matcher(engine, today=lambda: DAY)
        whole = _outcome(matcher, asked)
        print("| without | right | wrong | first three | left |\n|---|---|---|---|---|")
        print(f"| nothing | {whole.right} | {whole.wrong} | {whole.first_three} | {whole.left} |", flush=True)
        for features in (NAMES, APART):
            weights = cast("dict[Feature, float]", features)  # nobody but this measurement changes them
            for feature in list(weights):
                kept = dict(weights)
                del weights[feature]
                print(_row(feature.__name__, _outcome(matcher, asked), whole), flush=True)
                _restore(weights, kept)


def _restore(weights: dict[Feature, float], kept: Mapping[Feature, float]) -> None:
    """With the order: of `NAMES` the first that holds counts."""
    weights.clear()
    weights.update(kept)


def _outcome(matcher: Matcher, asked: Sequence[Case]) -> _Outcome:
    pairs = list(zip(asked, matcher.match([{"name": case.name} for case in asked]), strict=True))
    sure = [(case, match) for case, match in pairs if case.kind in UNAMBIGUOUS]
    others = [match for case, match in pairs if case.kind in match_cases.OTHERS or case.kind.startswith("stranger")]
    return _Outcome(
        right=sum(match.entity_id == case.uscc for case, match in sure),
        wrong=sum(match.state == "matched" and match.entity_id != case.uscc for case, match in sure)
        + sum(match.state == "matched" for match in others),
        first_three=sum(among_three(*pair) for pair in pairs if pair[0].kind in ("near", *match_cases.ERRORS)),
        left=sum(match.state == "ambiguous" for match in others),
    )


def _row(name: str, without: _Outcome, whole: _Outcome) -> str:
    fields = ("right", "wrong", "first_three", "left")
    shown = " | ".join(f"{getattr(without, field) - getattr(whole, field):+d}" for field in fields)
    return f"| `{name}` | {shown} |"


if __name__ == "__main__":
    main()
