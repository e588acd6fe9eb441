"""Penalties of which it is known how well they were published, for tests of what is said of it. All are fictional."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xincha.text import uscc


def code(body: str) -> str:
    return body + uscc.check_character(body)


CITY, GUANGDONG, ENVIRONMENT = "厦门市示例市场监督管理局", "广东省示例市场监督管理局", "厦门市示例生态环境局"
LOCAL, ELSEWHERE = code("91350203YYY770016"), code("91440300YYY770024")
NAMES = {LOCAL: "厦门示例岚桥贸易有限公司", ELSEWHERE: "深圳示例云礁食品有限公司"}
Row = Mapping[str, str]

BASE: Row = {
    "行政相对人名称": NAMES[LOCAL],
    "统一社会信用代码": LOCAL,
    "违法行为类型": "示例违法行为",
    "处罚内容": "罚款20000元",
    "处罚机关": CITY,
    "收到日期": "",
}


def register(folder: Path, company: str = LOCAL, address: str = "厦门市思明区示例路1号") -> Path:
    """One company: the local one, or another."""
    row = f"{NAMES[company]},{company},存续,2001-02-03,{CITY},{address}"
    return _written(folder / "登记.csv", ["企业名称,统一社会信用代码,登记状态,成立日期,登记机关,住所", row])


def penalties(path: Path, *rows: Row) -> Path:
    """Rows over `BASE`; without a number of their own they are numbered."""
    whole = [{"行政处罚决定书文号": f"示市监罚〔2026〕{place}号", **BASE, **row} for place, row in enumerate(rows, 1)]
    head = [*dict.fromkeys(name for row in whole for name in row)]
    return _written(path, [",".join(head), *(",".join(row.get(name, "") for name in head) for row in whole)])


def days(decided: str, published: str, **more: str) -> Row:
    return {"处罚决定日期": decided, "公示日期": published, **more}


def _written(path: Path, lines: list[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
