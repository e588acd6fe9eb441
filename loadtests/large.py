"""A company with thousands of records beside one without any: `python -m loadtests.large --records 5000`.

Two thousand companies that do not exist are loaded, one of them with so many penalties, none older than two months; a
server answers over HTTP, one question after the other, of both companies in turn. Prints p50 and the longest of each
kind of question, the ratio of both companies, and the bytes of what the index keeps of the large one.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from indexer.load import load
from indexer.publish import publish
from loadtests import registry
from loadtests.growth import Client, Row, write_penalties
from loadtests.serving import served
from loadtests.users import UNLIMITED
from xincha.engine.open import open_engine
from xincha.engine.query import Ids, Request
from xincha.settings import Settings

_COMPANIES, _DAYS = 2_000, 60


def main() -> None:
    """Make, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=5_000, help="penalties of the large company")
    parser.add_argument("--rounds", type=int, default=30, help="times that each question is asked")
    options = parser.parse_args()
    rows = list(registry.fictional(_COMPANIES))
    with tempfile.TemporaryDirectory(prefix="xincha-large-") as temporary:
        data = Path(temporary) / "data"
        _publish(data, rows, options.records)
        with served({**UNLIMITED, "XINCHA_DATA": str(data), "XINCHA_LOG_LEVEL": "warning"}) as server:
            _ask(Client(server.address), rows[0], rows[-1], options.rounds)


def _publish(data: Path, rows: list[Row], records: int) -> None:
    settings = Settings(data=data)
    register = registry.write(data.parent / "登记.csv", iter(rows))
    penalties = write_penalties(data.parent / "处罚.csv", [rows[0]], records, days=_DAYS)
    load([register, penalties], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
        (hit,) = engine.search("entities", Request(Ids([rows[0][registry.CODE]]), size=1)).hits
    print(f"{records:,} records; what the index keeps to show of the company: {len(hit.source):,} bytes")


def _ask(client: Client, large: Row, small: Row, rounds: int) -> None:
    questions: Mapping[str, Callable[[Row], str]] = {
        "a search that finds it": lambda row: "/api/v1/entities?" + urlencode({"q": row[registry.NAME]}),
        "the company": lambda row: f"/api/v1/entities/{row[registry.CODE]}",
        "its records, a page": lambda row: f"/api/v1/entities/{row[registry.CODE]}/records",
        "its page as HTML": lambda row: f"/entity/{row[registry.CODE]}",
    }
    for name, path_of in questions.items():
        taken: dict[str, list[float]] = {}
        for _ in range(rounds):
            for row in (large, small):
                taken.setdefault(row[registry.CODE], []).append(client.get(path_of(row))[0])
        of_large, of_small = (taken[row[registry.CODE]] for row in (large, small))
        p50, beside = statistics.median(of_large), statistics.median(of_small)
        told = f"p50 {p50:7.1f} ms  longest {max(of_large):7.1f} ms"
        print(f"  {name:<24} {told}  {p50 / beside:5.1f} times the other's p50")


if __name__ == "__main__":
    main()
