"""What each ranking feature is worth: `python -m loadtests.ablation`.

Asks the cases of `loadtests.relevance` with every feature, then once more without each of them, and prints what is lost
of hit@1 and hit@10 over all cases, and in which classes most. Prints a Markdown table, as in docs/relevance.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from loadtests import cases, relevance
from loadtests.relevance import Score
from xincha.search.features import FEATURES, Feature
from xincha.search.service import Searcher

_SHOWN = 3
_LEAST = 0.002
"""Share of a class's queries from which a loss is shown."""


def main() -> None:
    """Ask, then ask without each feature."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder to keep the index in; without it, a temporary one")
    options = parser.parse_args()
    if not cases.FILE.exists():
        sys.exit(f"the cases are not here: {cases.FILE}")
    queries = cases.of_file()
    temporary = tempfile.TemporaryDirectory(prefix="xincha-ablation-")
    with temporary as folder, relevance.published(options.data or Path(folder)) as engine:
        searcher = Searcher(engine, today=lambda: relevance.DAY)
        whole = relevance.run(searcher, queries)
        print("| without | hit@1 | hit@10 | loses most |\n|---|---|---|---|")
        print(f"| nothing | {whole['all'].hit(1):.4f} | {whole['all'].hit(10):.4f} | |", flush=True)
        weights = cast("dict[Feature, float]", FEATURES)  # nobody but this measurement changes them
        for feature, weight in FEATURES.items():
            weights[feature] = 0.0
            print(_row(feature.__name__, relevance.run(searcher, queries), whole), flush=True)
            weights[feature] = weight


def _row(name: str, without: Mapping[str, Score], whole: Mapping[str, Score]) -> str:
    lost = {kind: whole[kind].hit(1) - score.hit(1) for kind, score in without.items()}
    total = lost.pop("all")
    most = sorted((kind for kind in lost if lost[kind] > _LEAST), key=lambda kind: -lost[kind])[:_SHOWN]
    deep = without["all"].hit(10) - whole["all"].hit(10)
    shown = ", ".join(f"{kind} {-lost[kind]:+.3f}" for kind in most)
    return f"| `{name}` | {0 - total:+.4f} | {deep + 0:+.4f} | {shown} |"


if __name__ == "__main__":
    main()
