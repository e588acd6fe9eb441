"""What grows with the register, and how: `python -m loadtests.growth --entities 0.1,1,3 --records 0.5`.

For each number of entities (in millions) a register of companies that do not exist is made, of the names of those that
do (`registry.fictional`), and so many penalties of them each; both are loaded and published by a process of its own,
and `xincha serve` answers over HTTP, one question after the other over one connection: names, names with one character
wrong, missing or too many, brands, codes, what is suggested while names are typed, pages of records, figures, a company
and its records. Then names are reconciled and matched, and entities exported. Prints rows a second, bytes, memory, p50,
p95 and the longest of each class, the ratio of each p50 to that of whole names, and the exponents: how a figure grows
from one size to the next (1: as the register does; 0: not at all).

`--data` keeps what was published, by size, and uses it again; without it everything lies in a temporary folder.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import math
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psutil

from loadtests import ingest, registry
from loadtests.complete import HEAD
from loadtests.serving import served
from loadtests.users import UNLIMITED
from xincha.days import today
from xincha.engine.open import open_engine
from xincha.search.match.matcher import Matcher
from xincha.settings import Settings
from xincha.text.names import parts

Row = dict[str, str]
Figures = dict[str, float]

_NOT_COMPARED = ("p95 ms", "longest ms")
_DEEDS = ("虚假宣传", "未按时公示年度报告", "无照经营", "销售不合格商品", "侵犯注册商标专用权", "价格标示不符")


def main() -> None:
    """Each size in turn, then the exponents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", default="0.1,1,3", help="millions of entities, by commas, least first")
    parser.add_argument("--records", type=float, default=0.5, help="records of an entity, on average")
    parser.add_argument("--queries", type=int, default=1000, help="questions of each class")
    parser.add_argument("--data", type=Path, help="folder to keep what was published in; without it, a temporary one")
    options = parser.parse_args()
    if options.queries < _FEWEST:
        parser.error(f"--queries: {_FEWEST} at least, for p95 of the slow ones")
    sizes = [round(float(each) * 1_000_000) for each in options.entities.split(",")]
    told: list[tuple[int, Figures]] = []
    with tempfile.TemporaryDirectory(prefix="xincha-growth-") as temporary:
        for size in sizes:
            folder = (options.data or Path(temporary)) / f"{size}-{options.records}"
            figures = _made(folder, size, round(size * options.records)) | _asked(folder, size, options.queries)
            told.append((size, figures))
            _print(size, figures)
    for (small, before), (large, after) in itertools.pairwise(told):
        print(f"\nfrom {small:,} to {large:,} entities: exponents")
        for name, value in after.items():
            if value > 0 and (earlier := before.get(name, 0)) > 0 and not name.endswith(_NOT_COMPARED):
                print(f"  {name:<40} {math.log(value / earlier) / math.log(large / small):6.2f}")


def _made(folder: Path, size: int, records: int) -> Figures:
    """Load and publish; what a build costs. Kept beside the data, for a run that uses it again."""
    kept = folder / "made.json"
    if kept.exists():
        return dict(json.loads(kept.read_text()))
    folder.mkdir(parents=True, exist_ok=True)
    register = registry.write(folder / "登记.csv", registry.fictional(size))
    parties = itertools.islice(registry.fictional(size), 0, None, max(1, size // max(1, records)))
    penalties = write_penalties(folder / "处罚.csv", parties, records)
    side = ingest.child("load", str(folder / "data"), str(register), str(penalties))
    figures = {
        "load, rows/s": side.rows / side.stages["load total"],
        "publish, documents/s": side.rows / side.stages["publish total"],
        "load and publish, rows/s": side.rows / side.seconds,
        "index, bytes a row": _bytes(folder / "data" / "index") / side.rows,
        "lake, bytes a row": _bytes(folder / "data" / "lake") / side.rows,
        "loading, peak GiB": side.peak_bytes / 2**30,
    }
    for file in (register, penalties):
        file.unlink()
    kept.write_text(json.dumps(figures))
    return figures


def write_penalties(path: Path, parties: Iterable[Row], count: int, *, days: int = 700) -> Path:
    """So many penalties of these companies in turn, of the last days."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD + "\n")
        for number, row in zip(range(count), itertools.cycle(parties), strict=False):
            deed, decided = _DEEDS[number % len(_DEEDS)], today() - timedelta(days=20 + number % days)
            file.write(
                f"示市监罚字〔{decided.year}〕{number}号,{row[registry.NAME]},{row[registry.CODE]},{deed}，案卷{number},"
                f"罚款,罚款{500 + number % 50_000}元,{decided},示例{number % 40}市场监督管理局\n"
            )
    return path


def _bytes(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())


class Client:
    """One connection to a server."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc)

    def get(self, path: str) -> tuple[float, bytes]:
        """Milliseconds, and the answer; anything but 200 ends the measurement."""
        return self._asked("GET", path)

    def post(self, path: str, form: Mapping[str, str]) -> tuple[float, bytes]:
        """The same of a form."""
        return self._asked("POST", path, urlencode(form), {"content-type": "application/x-www-form-urlencoded"})

    def _asked(self, method: str, path: str, *sent: Any) -> tuple[float, bytes]:
        began = time.perf_counter()
        self._connection.request(method, path, *sent)
        answer = self._connection.getresponse()
        body = answer.read()
        taken = (time.perf_counter() - began) * 1000
        if answer.status != 200:
            raise SystemExit(f"{answer.status} {path}: {body[:500]!r}")
        return taken, body


def _asked(folder: Path, size: int, count: int) -> Figures:
    """All that a server is asked, and what matching and exporting do."""
    chance = random.Random(1)  # noqa: S311 - the same questions each time
    rows = _sample(size, count, chance)
    settings = Settings(data=folder / "data")
    with served({**UNLIMITED, "XINCHA_DATA": str(folder / "data"), "XINCHA_LOG_LEVEL": "warning"}) as server:
        client = Client(server.address)
        questions = [(kind, path) for kind, paths in _questions(rows, chance).items() for path in paths]
        for _, path in chance.sample(questions, 100):
            client.get(path)
        chance.shuffle(questions)
        taken: dict[str, list[float]] = {}
        for kind, path in questions:
            taken.setdefault(kind, []).append(client.get(path)[0])
        seconds, body = client.get("/api/v1/export/entities.csv?established_from=2018-01-01")
        exported = body.count(b"\n") / seconds * 1000
        reconciled = {f"reconcile, {batch} at once, rows/s": _reconciled(client, rows, batch) for batch in (10, 100)}
        memory = psutil.Process(server.pid).memory_info().rss / 2**30
    figures = _classes(taken)
    figures |= {"export, rows/s": exported, "serving, GiB": memory, **reconciled}
    with closing(open_engine(settings)) as engine:
        matcher, names = Matcher(engine, today=today), [{"name": row[registry.NAME]} for row in rows]
        matcher.match(names[:20])
        began = time.perf_counter()
        matcher.match(names)
        figures["match, rows/s"] = len(names) / (time.perf_counter() - began)
    return figures


def _reconciled(client: Client, rows: Sequence[Row], batch: int) -> float:
    """Rows a second of a table in OpenRefine, which asks for so many of them at once: of ten names six are whole, three
    have an error, and one is nobody's."""
    chance = random.Random(batch)  # noqa: S311 - the same questions each time
    told = [chance.choice(_CELLS)(row[registry.NAME], chance) for row in rows]
    began = time.perf_counter()
    for start in range(0, len(told), batch):
        queries = {str(at): {"query": name} for at, name in enumerate(told[start : start + batch])}
        client.post("/reconcile", {"queries": json.dumps(queries)})
    return len(told) / (time.perf_counter() - began)


def _classes(taken: Mapping[str, Sequence[float]]) -> Figures:
    figures: Figures = {}
    for kind in sorted(taken, key=list(QUESTIONS).index):
        figures |= {
            f"{kind}, p50 ms": statistics.median(taken[kind]),
            f"{kind}, p95 ms": statistics.quantiles(taken[kind], n=20, method="inclusive")[-1],
            f"{kind}, longest ms": max(taken[kind]),
        }
    return figures


def _sample(size: int, count: int, chance: random.Random) -> list[Row]:
    chosen = set(chance.sample(range(size), min(count, size)))
    found = [row for number, row in enumerate(registry.fictional(size)) if number in chosen]
    chance.shuffle(found)
    return found


def _search(text: str) -> str:
    return "/api/v1/entities?" + urlencode({"q": text})


def _wrong(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name))
    return name[:at] + chance.choice("某琪焱垚") + name[at + 1 :]


def _missing(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name))
    return name[:at] + name[at + 1 :]


def _too_many(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name) + 1)
    return name[:at] + chance.choice("某新大中") + name[at:]


def _nobodys(name: str, chance: random.Random) -> str:
    return "".join(chance.sample(name, len(name)))


def _whole(name: str, _: random.Random) -> str:
    return name


_CELLS = (*[_whole] * 6, _wrong, _missing, _too_many, _nobodys)


def _typed(name: str, chance: random.Random) -> str:
    core = parts(name).core or name
    return "/api/v1/suggest?" + urlencode({"q": core[: chance.randrange(1, len(core) + 1)]})


def _days_back(chance: random.Random) -> str:
    return (today() - timedelta(days=chance.randrange(1, 700))).isoformat()


QUESTIONS: Mapping[str, Callable[[Row, random.Random], str]] = {
    "whole name": lambda row, _: _search(row[registry.NAME]),
    "name without region and form": lambda row, _: _search(parts(row[registry.NAME]).core or row[registry.NAME]),
    "brand": lambda row, _: _search(parts(row[registry.NAME]).brand or row[registry.NAME]),
    "code": lambda row, _: _search(row[registry.CODE]),
    "one wrong": lambda row, chance: _search(_wrong(row[registry.NAME], chance)),
    "one missing": lambda row, chance: _search(_missing(row[registry.NAME], chance)),
    "one too many": lambda row, chance: _search(_too_many(row[registry.NAME], chance)),
    "suggestions": lambda row, chance: _typed(row[registry.NAME], chance),
    "a company": lambda row, _: f"/api/v1/entities/{row[registry.CODE]}",
    "records of a company": lambda row, _: f"/api/v1/entities/{row[registry.CODE]}/records",
    "records by word": lambda _, chance: (
        "/api/v1/records?" + urlencode({"q": chance.choice(_DEEDS), "happened_from": _days_back(chance)})
    ),
    "figures": lambda _, chance: (
        "/api/v1/stats?" + urlencode({"of": "penalty", "by": "year,authority", "happened_from": _days_back(chance)})
    ),
}
_FEW = {"records by word": 10, "figures": 20}
"""Of these one in so many: they are slow."""
_FEWEST = 40


def _questions(rows: Sequence[Row], chance: random.Random) -> dict[str, list[str]]:
    return {kind: [path_of(row, chance) for row in rows[:: _FEW.get(kind, 1)]] for kind, path_of in QUESTIONS.items()}


def _print(size: int, figures: Figures) -> None:
    print(f"\n{size:,} entities")
    for name, value in figures.items():
        if ", p50 ms" not in name and not name.endswith(_NOT_COMPARED):
            print(f"  {name:<40} {value:12,.2f}")
    whole = figures["whole name, p50 ms"]
    for kind in QUESTIONS:
        p50, p95, longest = (figures[f"{kind}, {which} ms"] for which in ("p50", "p95", "longest"))
        told = f"{p50:8.1f} / {p95:8.1f} / {longest:8.1f} ms"
        print(f"  {kind:<40} p50 / p95 / longest {told}  p50 of that of whole names {p50 / whole:5.2f}", flush=True)


if __name__ == "__main__":
    main()
