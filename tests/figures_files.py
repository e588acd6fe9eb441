"""Files of a fictional city for tests of figures: companies of three districts, with penalties, listings and checks of
four years, and what is no part of any figure: withdrawn, expired, warnings alone, and what is still to come.

All of it is asked on `DAY`. Whoever counts by other means takes rows of the lake whose number begins with `SHOWN`.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from indexer.lake import Lake
from xincha.settings import Settings
from xincha.text import uscc

DAY = date(2024, 6, 30)
DISTRICTS = {"350203": "思明区", "350205": "海沧区", "350206": "湖里区"}
CITY, DISTRICT = "厦门市示例市场监督管理局", "厦门市思明区示例市场监督管理局"
SHOWN = "示市监罚"
WORDS = ("虚假宣传", "无证经营", "超过保质期")
BASES = ("《中华人民共和国食品安全法》第一百二十四条第一款第（五）项", "《中华人民共和国广告法》第五十五条", "")
RESULTS = ("未发现问题", "通过登记的住所（经营场所）无法联系", "发现问题已责令改正")


def code(number: int, region: str, kind: str = "91") -> str:
    body = f"{kind}{region}YYY77{number:04}"
    return body + uscc.check_character(body)


COMPANIES = [
    (code(number, region), f"厦门示例岚桥{number}号贸易有限公司", region)
    for number in range(24)
    for region in [list(DISTRICTS)[number % 3]]
]


INDIVIDUAL = code(99, "350203", "92"), "厦门市思明区示例小吃店", "厦门市思明区示例巷99号"
"""An individual business 个体工商户: where it is may be where somebody lives."""


def register(folder: Path) -> Path:
    """Companies, one in six of which has been closed, and an individual business."""
    head = "企业名称,统一社会信用代码,登记状态,状态日期,成立日期,登记机关,住所,行业门类"
    rows = []
    for number, (identifier, name, region) in enumerate(COMPANIES):
        month = number % 9 + 1
        state = f"注销,2023-0{month}-05" if number % 6 == 0 else "存续,"
        office, industry = CITY if number % 4 else "", "批发和零售业" if number % 5 else ""
        place = f"厦门市{DISTRICTS[region]}示例路{number // 4}号"
        rows.append(f"{name},{identifier},{state},20{number % 20:02}-0{month}-11,{office},{place},{industry}")
    identifier, name, place = INDIVIDUAL
    rows.append(f"{name},{identifier},存续,,2019-05-06,{CITY},{place},住宿和餐饮业")
    return written(folder / "登记.csv", [head, *rows])


def penalties(folder: Path, count: int = 180) -> Path:
    """Penalties of three years that may be shown on `DAY`, and others that may not."""
    dice = random.Random(7)  # noqa: S311 - invented data, the same in every run
    head = (
        "行政处罚决定书文号,行政相对人名称,统一社会信用代码,行政相对人类别,违法行为类型,处罚类别,处罚内容,罚款金额（元）,处罚决定日期,"
        "处罚机关,撤销原因,处罚依据"
    )
    rows: list[str] = []

    def add(
        number: str, day: date, *, fine: int | None = None, types: str = "罚款", withdrawn: str = "", basis: str = ""
    ) -> None:
        identifier, name, _ = COMPANIES[dice.randrange(len(COMPANIES))]
        content = f"罚款{fine}元" if fine else types
        rows.append(
            f"{number},{name},{identifier},法人及非法人组织,{dice.choice(WORDS)},{types},{content},{fine or ''},{day},"
            f"{dice.choice([CITY, DISTRICT])},{withdrawn},{basis}"
        )

    for number in range(count):
        day = date(2021, 9, 1) + timedelta(dice.randrange(1_000))
        fine = dice.choice([None, 50_000, 60_000, 80_000, 123_456])
        types = dice.choice(["罚款", "罚款；没收违法所得"]) if fine else "责令停产停业"
        add(f"{SHOWN}〔{day.year}〕{number}号", day, fine=fine, types=types, basis=BASES[number % 3])
    for number in range(6):
        add(f"旧罚〔2015〕{number}号", date(2015, 5, 1) + timedelta(number), fine=90_000)
        add(f"撤罚〔2024〕{number}号", date(2024, 1, 1) + timedelta(number), fine=90_000, withdrawn="示例撤销")
        add(f"警罚〔2024〕{number}号", date(2024, 1, 1) + timedelta(number), types="警告")
        add(f"后罚〔2025〕{number}号", date(2025, 1, 1) + timedelta(number), fine=90_000)
    return written(folder / "处罚.csv", [head, *rows])


def of_persons(folder: Path) -> Path:
    """Penalties of natural persons: one in 2022, two in 2023, three in 2024, of which the district has one."""
    head = "行政处罚决定书文号,行政相对人名称,行政相对人类别,处罚类别,处罚内容,罚款金额（元）,处罚决定日期,处罚机关"
    persons = (
        (2022, CITY, 1, 7_000), (2023, CITY, 2, 8_000), (2023, CITY, 3, 9_000),
        (2024, CITY, 4, 6_000), (2024, CITY, 5, 6_500), (2024, DISTRICT, 6, 7_500),
    )  # fmt: skip
    rows = [
        f"人罚〔{year}〕{number}号,示例某{number},自然人,罚款,罚款{fine}元,{fine},{year}-03-0{number + 1},{office}"
        for year, office, number, fine in persons
    ]
    return written(folder / "处罚二.csv", [head, *rows])


def listings(folder: Path) -> Path:
    """Listings, most of them ended after some days, and that of the individual business."""
    head = "企业名称,统一社会信用代码,列入经营异常名录原因,列入日期,作出决定机关(列入),移出日期,移出经营异常名录原因"
    rows = []
    for number, (identifier, name, _) in enumerate(COMPANIES):
        day = date(2023, 1, 10) + timedelta(20 * number)
        lasted = (5, 30, 31, None)[number % 4]
        ended = day + timedelta(lasted) if lasted else ""
        why = "补报年报" if lasted else ""
        rows.append(f"{name},{identifier},未按规定公示年度报告,{day},{CITY},{ended},{why}")
    rows.append(f"{INDIVIDUAL[1]},{INDIVIDUAL[0]},未按规定公示年度报告,2023-02-01,{CITY},,")
    return written(folder / "异常.csv", [head, *rows])


def checks(folder: Path) -> Path:
    """Spot checks, a third of which found nothing, and some whose result is on no list."""
    dice = random.Random(8)  # noqa: S311 - invented data, the same in every run
    head = "企业名称,统一社会信用代码,抽查任务编号,抽查日期,检查机关,抽查结果"
    rows = []
    for number in range(90):
        identifier, name, _ = COMPANIES[number % len(COMPANIES)]
        result = "其他情形，详见记录" if number % 15 == 0 else dice.choice(RESULTS)
        rows.append(f"{name},{identifier},RW{number:03},{date(2022, 1, 3) + timedelta(9 * number)},{CITY},{result}")
    return written(folder / "抽查.csv", [head, *rows])


ITEMS = ("名称变更", "企业名称变更", "名称（字号名称、集团名称等）变更", "住所变更", "集团名称", "经营范围变更")
RENAMED = ITEMS[:3]


def changes(folder: Path) -> Path:
    """Changes of three years, half of which are of names, as offices write it."""
    rows = []
    for number in range(60):
        identifier, name, _ = COMPANIES[number % len(COMPANIES)]
        day = date(2021, 3, 1) + timedelta(17 * number)
        rows.append(f"{name},{identifier},{ITEMS[number % len(ITEMS)]},示例前{number},示例后{number},{day},{CITY}")
    return written(
        folder / "变更.csv", ["企业名称,统一社会信用代码,变更事项,变更前内容,变更后内容,变更日期,登记机关", *rows]
    )


def everything(folder: Path) -> Sequence[Path]:
    """All of it."""
    return [register(folder), penalties(folder), of_persons(folder), listings(folder), checks(folder), changes(folder)]


def shown_penalties(settings: Settings) -> pl.DataFrame:
    """What the lake holds of the penalties of companies that may be shown on `DAY`, with the district of each party."""
    snapshot = Lake(settings.lake).snapshot()
    places = snapshot.scan("entities").select("uscc", region="region_code")
    shown = snapshot.scan("penalties").filter(pl.col("doc_no").str.starts_with(SHOWN))
    joined = shown.join(places, left_on="party_uscc", right_on="uscc")
    return joined.with_columns(year=pl.col("decided_on").dt.year(), fine=pl.col("fine_cny").cast(pl.Float64)).collect()


def written(path: Path, lines: Sequence[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, ""]), "utf-8")
    return path
