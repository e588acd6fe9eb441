"""What watched rows cost a publish: 100,000 of them, side by side. `python -m loadtests.watch`.

A lake of `--rows` fictional companies with penalties is published; then, again and again, a delivery changes some of
both, it is published, and all lists that are watched are told by webhooks (read from the index as `xincha notify` does,
to a receiver on this machine). Printed are the processor time of the publish and of all that lists cost beside it, and
their ratio: the median of `--rounds`. What a person's look at one list costs is printed too.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

from pydantic import SecretStr

from indexer.load import load
from indexer.publish import publish
from loadtests.small_loads import delivery
from tests.webhooks.test_deliver import SECRET, receiving
from xincha.cli_notify import reader
from xincha.days import today
from xincha.engine.contract import Engine
from xincha.engine.open import open_engine
from xincha.engine.query import MatchAll, Request, Sort
from xincha.search.service import Searcher
from xincha.settings import Settings
from xincha.watches import Watches, WatchList
from xincha.webhooks.deliver import Time, Webhooks
from xincha.webhooks.hooks import Hook


def main() -> None:
    """Load, watch, change, publish, tell, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="companies of the lake")
    parser.add_argument("--watched", type=int, default=100_000, help="rows of all lists together")
    parser.add_argument("--list", type=int, default=10_000, help="rows of one list")
    parser.add_argument("--changed", type=int, default=2_000, help="companies of a delivery")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xincha-watch-") as name, receiving() as receiver:
        folder = Path(name)
        settings = Settings(data=folder / "data", workers=1)
        load(delivery(folder, 0, options.rows), settings)
        watches = Watches(settings.watches_file, 64 << 20)
        with closing(open_engine(settings)) as engine:
            publish(settings, engine)
            searcher = Searcher(engine, today=today)
            entities, begun = _entities(engine), searcher.changes("now", 1).cursor
            lists = [
                [entities[(at + n) % len(entities)] for n in range(options.list)]
                for at in range(0, options.watched, options.list)
            ]
            made = [watches.make(each, begun) for each in lists]
            hooks = [_hook(at, watch, receiver.port) for at, (_, watch) in enumerate(made)]
            size = settings.watches_file.stat().st_size
            print(f"{sum(map(len, lists)):,} rows in {len(lists)} lists, {size:,} bytes; {len(entities):,} companies")
            sending = Webhooks(
                settings.data,
                [ip_network("127.0.0.0/8")],
                reader(searcher, watches),
                Time(lambda: datetime.now(UTC), time.sleep),
                600,
            )
            ratios = []
            for number in range(1, options.rounds + 1):
                load(_changed(folder, number, options.changed), settings)
                ratios.append(_round(settings, engine, sending, hooks))
            changes = sum(len(json.loads(body)["data"]["changes"]) for _, body in receiver.got)
            print(
                f"median of what lists cost beside a publish: {statistics.median(ratios):.3f}; {changes:,} changes told"
            )
            _looks(searcher, made[0][1].entities, begun)


def _hook(at: int, watch: WatchList, port: int) -> Hook:
    return Hook(name=f"list-{at}", url=f"http://127.0.0.1:{port}/", secret=SecretStr(SECRET), watch=watch.sha256)


def _round(settings: Settings, engine: Engine, sending: Webhooks, hooks: Sequence[Hook]) -> float:
    """Publish and tell: processor time of what is told against that of the publish."""
    before = time.process_time()
    publish(settings, engine)
    published = time.process_time() - before
    before = time.process_time()
    reports = sending.deliver(hooks)
    told = time.process_time() - before
    sent = sum(report.delivered for report in reports)
    print(f"publish {published:6.2f} s, lists {told:5.2f} s ({sent} messages): {told / published:.3f}")
    return told / published


def _entities(engine: object) -> list[str]:
    """All companies of the index."""
    found: list[str] = []
    request = Request(MatchAll(), sort=(Sort("tie"),), size=10_000, source=False, total=False)
    while hits := engine.search("entities", request).hits:  # type: ignore[attr-defined]
        found += [hit.id for hit in hits]
        request = Request(MatchAll(), sort=(Sort("tie"),), size=10_000, search_after=hits[-1].sort, source=False,
                          total=False)  # fmt: skip
    return found


def _changed(folder: Path, number: int, rows: int) -> list[Path]:
    """A delivery in which companies that are here have another address, and some penalties are new."""
    path = folder / f"changed-{number}.csv"
    lines = [f"鹭岛示例{n}号有限公司,存续,甲{number},2001-02-03,厦门市湖里区示例路{n}号之{number}" for n in range(rows)]
    path.write_text("\n".join(["企业名称,登记状态,法定代表人,成立日期,住所", *lines]), "utf-8")
    penalties = folder / f"penalties-{number}.csv"
    penalties.write_text(
        "\n".join(
            [
                "行政相对人名称,行政处罚决定书文号,处罚类别,处罚内容,处罚决定日期,处罚机关",
                *(
                    f"鹭岛示例{n}号有限公司,示罚〔2025〕{number}{n}号,罚款,罚款50000元,2026-05-06,厦门市示例局"
                    for n in range(rows // 2)
                ),
            ]
        ),
        "utf-8",
    )
    return [path, penalties]


def _looks(searcher: Searcher, entities: object, begun: str) -> None:
    """What a person's look costs: at everything since the list was made, and where nothing is new."""
    times = []
    cursor: str | None = None
    for _ in range(20):
        before = time.process_time()
        page = searcher.followed.since(entities, begun, cursor, 100)  # type: ignore[arg-type]
        times.append(time.process_time() - before)
        while page.more:
            page = searcher.followed.since(entities, begun, page.cursor, 1000)  # type: ignore[arg-type]
        cursor = page.cursor
    print(f"a look at {len(entities):,} companies: {times[0] * 1000:.0f} ms with changes, "  # type: ignore[arg-type]
          f"{statistics.median(times[1:]) * 1000:.0f} ms without")  # fmt: skip


if __name__ == "__main__":
    main()
