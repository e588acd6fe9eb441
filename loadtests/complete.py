"""A complete delivery that lacks some records, against the same file as an increment: `python -m loadtests.complete`.

Prints for each round the seconds of processor time (of all processes) of loading `--rows` penalties of fictional
companies again of which `--gone` are absent, as an increment (nothing goes) and as a complete delivery, taken in turn,
each over a copy of the same lake; the ratio; and how the publish behind each went. The rows are those of the lake, so
that nothing else differs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Literal

from indexer.delivery import Declared
from indexer.load import load
from indexer.publish import publish
from xincha.days import today
from xincha.engine.open import open_engine
from xincha.settings import Settings
from xincha.text.uscc import check_character

HEAD = "行政处罚决定书文号,行政相对人名称,统一社会信用代码,违法事实,处罚类别,处罚内容,处罚决定日期,处罚机关"
_A_COMPANY = 4
"""Penalties of one company."""


def main() -> None:
    """Both ways in turn, one line a round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=72_000)
    parser.add_argument("--gone", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xincha-complete-") as name:
        folder = Path(name)
        first = Settings(data=folder / "first")
        register = _register(folder / "登记.csv", options.rows)
        load(
            [register, _penalties(folder / "处罚.csv", options.rows, 0)], first, declared=Declared(delivery="complete")
        )
        _publish(first)
        later = _penalties(folder / "处罚-2.csv", options.rows, options.gone)
        ratios = []
        for _ in range(options.rounds):
            increment, complete = (_again(first, folder, later, extent) for extent in ("increment", "complete"))
            ratios.append(complete / increment)
            print(f"increment {increment:.2f} s  complete {complete:.2f} s  ratio {ratios[-1]:.2f}", flush=True)
        print(f"{options.rows:,} rows, {options.gone:,} gone: median ratio {statistics.median(ratios):.2f}")


def _again(first: Settings, folder: Path, file: Path, extent: Literal["increment", "complete"]) -> float:
    """Seconds of processor time of a load into a copy of the lake; tells how the publish behind it went."""
    data = folder / "again"
    shutil.copytree(first.data, data)
    settings = first.model_copy(update={"data": data})
    began = _seconds()
    report = load([file], settings, declared=Declared(delivery=extent))
    seconds = _seconds() - began
    published = _publish(settings)
    gone = sum(each.gone for each in report.gone)
    print(f"  {extent}: {gone} gone; {published}", flush=True)
    shutil.rmtree(data)
    return seconds


def _seconds() -> float:
    """Of processor time, of this process and those that it waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _publish(settings: Settings) -> str:
    with closing(open_engine(settings)) as engine:
        report = publish(settings, engine)
    return f"publish {report.mode}, {report.seconds.get('total', 0):.2f} s, {report.documents['records']:,} records"


def _register(path: Path, rows: int) -> Path:
    """The companies of the penalties."""
    lines = (f"{_name(number)},{_code(number)},存续" for number in range(-(-rows // _A_COMPANY)))
    return _written(path, "企业名称,统一社会信用代码,登记状态", lines)


def _penalties(path: Path, rows: int, gone: int) -> Path:
    """Penalties of these companies, decided in the last months; without `gone` of them, spread over all."""
    absent = set(range(0, rows, rows // gone)[:gone]) if gone else set[int]()
    lines = (
        f"示市监罚字〔2026〕{number}号,{_name(number // _A_COMPANY)},{_code(number // _A_COMPANY)},"
        f"示例违法事实{number},罚款,"
        f"罚款{60_000 + number}元,{today() - timedelta(days=20 + number % 90)},示例市市场监督管理局"
        for number in range(rows)
        if number not in absent
    )
    return _written(path, HEAD, lines)


def _written(path: Path, head: str, lines: object) -> Path:
    path.write_text("\n".join([head, *lines, ""]), "utf-8")  # type: ignore[misc]
    return path


def _name(number: int) -> str:
    signs = "甲乙丙丁戊己庚辛壬癸"
    return f"厦门示例{''.join(signs[int(digit)] for digit in f'{number:05d}')}商贸有限公司"


def _code(number: int) -> str:
    """An invented code: its organization code begins with three Y, which no real one here does."""
    body = f"91350203YYY{number:06d}"
    return body + check_character(body)


if __name__ == "__main__":
    main()
