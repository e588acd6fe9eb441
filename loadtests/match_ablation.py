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
from collections.abc import Sequence
from pathlib import Path

from loadtests import match_cases
from loadtests.cases import Case
from loadtests.match import CASES, UNAMBIGUOUS, among_three, cases
from loadtests.relevance import DAY, published
from xincha.search.match import features
from xincha.search.match.matcher import Matcher


def main() -> None:
    """Match, then match without each feature."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder to keep the index in; without it, a temporary one")
    options = parser.parse_args()
    if not CASES.exists():
        sys.exit(f"the cases are not here: {CASES}")
    rows = [*cases(), *match_cases.own()]
    temporary = tempfile.TemporaryDirectory(prefix="xincha-match-")
    with temporary as folder, published((options.data or Path(folder)) / "registry") as engine:
        matcher = Matcher(engine, today=lambda: DAY)
        whole = _outcome(matcher, rows)
        print("| without | right | wrong | first three | left |\n|---|---|---|---|---|")
        print(f"| nothing | {' | '.join(map(str, whole))} |", flush=True)
        for group in ("NAMES", "APART"):
            weights = getattr(features, group)
            for feature in weights:
                setattr(features, group, {other: weights[other] for other in weights if other is not feature})
                lost = (ours - theirs for ours, theirs in zip(_outcome(matcher, rows), whole, strict=True))
                print(f"| `{feature.__name__}` | {' | '.join(f'{count:+d}' for count in lost)} |", flush=True)
            setattr(features, group, weights)


def _outcome(matcher: Matcher, rows: Sequence[Case]) -> tuple[int, ...]:
    """Rows that are rightly and wrongly matched, right among the first three, left to a person."""
    pairs = list(zip(rows, matcher.match([{"name": case.query} for case in rows]), strict=True))
    sure = [(case, match) for case, match in pairs if case.kind in UNAMBIGUOUS]
    others = [match for case, match in pairs if case.kind in match_cases.OTHERS or case.kind.startswith("stranger")]
    return (
        sum(match.entity_id in case.expected for case, match in sure),
        sum(match.state == "matched" and match.entity_id not in case.expected for case, match in sure)
        + sum(match.state == "matched" for match in others),
        sum(among_three(*pair) for pair in pairs if pair[0].kind in ("near", *match_cases.ERRORS)),
        sum(match.state == "ambiguous" for match in others),
    )


if __name__ == "__main__":
    main()
