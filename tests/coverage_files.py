"""Files of some kinds and not of others, for tests of what is said of both. All companies are fictional.

Days are counted from today, since the windows of publicity are. Of penalties six are published: two by one office and
one by another may be shown; one is a warning alone, one is past its year, one has a day that is still to come.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

COMPANY, OTHER = "91350203YYY770016A", "91350203YYY7700245"
NAMES = {COMPANY: "厦门示例岚桥贸易有限公司", OTHER: "厦门示例云礁食品有限公司"}
CITY, DISTRICT, FAR = "示例市市场监督管理局", "示例区市场监督管理局", "示例县市场监督管理局"


def days_ago(today: date, days: int) -> str:
    return (today - timedelta(days)).isoformat()


def register(folder: Path, today: date) -> Path:
    """Two companies: the newest day is that on which a state began; one day is still to come."""
    rows = [
        "企业名称,统一社会信用代码,登记状态,成立日期,核准日期,登记机关,住所",
        f"{NAMES[COMPANY]},{COMPANY},存续,2001-02-03,{days_ago(today, 90)},{CITY},厦门市思明区示例路1号",
        f"{NAMES[OTHER]},{OTHER},存续,2018-03-05,2072-01-01,{DISTRICT},厦门市思明区示例路2号",
    ]
    return _written(folder / "登记.csv", rows)


def penalties(folder: Path, today: date) -> Path:
    head = "行政处罚决定书文号,行政相对人名称,统一社会信用代码,违法事实,处罚类别,处罚内容,处罚决定日期,处罚机关"
    kinds = [
        (CITY, 300, "罚款", "罚款200000元"),
        (CITY, 40, "罚款", "罚款30000元"),
        (DISTRICT, 500, "责令停产停业", "责令停产停业"),
        (FAR, 1, "警告", "警告"),
        (FAR, 5_000, "罚款", "罚款50000元"),
        (CITY, -4_000, "罚款", "罚款60000元"),
    ]
    rows = [
        f"示市监罚字〔2026〕{number}号,{NAMES[COMPANY]},{COMPANY},示例违法事实,{types},{content},"
        f"{days_ago(today, ago)},{office}"
        for number, (office, ago, types, content) in enumerate(kinds, 1)
    ]
    return _written(folder / "处罚.csv", [head, *rows])


def listings(folder: Path, today: date) -> Path:
    """A company that is listed, and was once more and taken off the list, which is shown no more."""
    head = "企业名称,统一社会信用代码,列入经营异常名录原因,列入日期,作出决定机关(列入),移出日期,移出经营异常名录原因"
    listed = f"{NAMES[OTHER]},{OTHER},未按规定公示年度报告,{days_ago(today, 800)},{CITY},,"
    removed = (
        f"{NAMES[OTHER]},{OTHER},未按规定公示年度报告,{days_ago(today, 900)},{CITY},{days_ago(today, 20)},补报年报"
    )
    return _written(folder / "异常.csv", [head, listed, removed])


def old_penalties(folder: Path, today: date) -> Path:
    """Penalties of which none may be shown any more."""
    head = "行政处罚决定书文号,行政相对人名称,统一社会信用代码,违法事实,处罚类别,处罚内容,处罚决定日期,处罚机关"
    day = days_ago(today, 5_000)
    row = f"示市监罚字〔2001〕1号,{NAMES[COMPANY]},{COMPANY},示例违法事实,罚款,罚款20000元,{day},{CITY}"
    return _written(folder / "旧处罚.csv", [head, row])


def _written(path: Path, lines: list[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, ""]), "utf-8")
    return path
