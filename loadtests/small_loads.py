"""Many small loads into one lake: files, bytes and time of each stay bounded. `python -m loadtests.small_loads`.

Each load is a file of `--rows` companies, some known and some new, and of penalties of theirs, as a delivery every day
is. Prints, after every tenth of the loads, the files and bytes of the lake, the longest of Delta's logs, and the median
and the worst of the processor time that a load took since; with `--publish`, the median of a publish too.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

from indexer.load import load
from indexer.publish import publish
from xincha.engine.open import open_engine
from xincha.settings import Settings

_NAME = "企业名称,登记状态,法定代表人,成立日期,住所"
_PENALTY = "行政相对人名称,行政处罚决定书文号,处罚类别,处罚内容,处罚决定日期,处罚机关"


def delivery(folder: Path, number: int, rows: int) -> list[Path]:
    """The files of a day: half of the companies were in the one before."""
    first = number * rows // 2
    companies = [
        f"鹭岛示例{n}号有限公司,存续,甲{number},2001-02-03,厦门市思明区示例路{n}号" for n in range(first, first + rows)
    ]
    penalties = [
        f"鹭岛示例{n}号有限公司,示罚〔2024〕{n}号,罚款,罚款500元,2024-05-06,厦门市示例局"
        for n in range(first, first + rows // 2)
    ]
    paths = []
    for name, lines in (("companies", [_NAME, *companies]), ("penalties", [_PENALTY, *penalties])):
        paths.append(folder / f"{name}-{number}.csv")
        paths[-1].write_text("\n".join(lines), "utf-8")
    return paths


def _sizes(lake: Path) -> tuple[int, int, int]:
    """Files, bytes, and entries of the longest log."""
    files = [path for path in lake.rglob("*") if path.is_file()]
    logs = [sum(1 for _ in log.iterdir()) for log in lake.glob("*/_delta_log")]
    return len(files), sum(path.stat().st_size for path in files), max(logs, default=0)


def main() -> None:
    """Load, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loads", type=int, default=200)
    parser.add_argument("--rows", type=int, default=20, help="companies of a delivery")
    parser.add_argument("--publish", action="store_true", help="publish after each load")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xincha-small-loads-") as name:
        folder = Path(name)
        settings = Settings(data=folder / "data", workers=1, index_threads=1, index_memory_mb=32)
        loading: list[float] = []
        publishing: list[float] = []
        every = max(options.loads // 10, 1)
        print(" loads   files     bytes  longest log   load: median     worst" + "   publish: median" * options.publish)
        with closing(open_engine(settings)) as engine:
            for number in range(1, options.loads + 1):
                paths = delivery(folder, number, options.rows)
                before = time.process_time()
                load(paths, settings)
                loading.append(time.process_time() - before)
                if options.publish:
                    before = time.process_time()
                    publish(settings, engine)
                    publishing.append(time.process_time() - before)
                for path in paths:
                    path.unlink()
                if number % every == 0:
                    files, size, log = _sizes(settings.lake)
                    last = loading[-every:]
                    times = f"{statistics.median(last):>13.2f} s {max(last):>7.2f} s"
                    if publishing:
                        times += f" {statistics.median(publishing[-every:]):>16.2f} s"
                    print(f"{number:>6} {files:>7} {size:>9,} {log:>12} {times}", flush=True)


if __name__ == "__main__":
    main()
