"""One plain sentence about an entity, made of its facts and of nothing else.

    «2016 年成立，存续；现列入经营异常名录；公示期内行政处罚 2 次，罚款合计 25,000 元；抽查检查 3 次，发现问题 1 次»

Says nothing where nothing was published: no record is not a good record, and the sentence does not say it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xincha.search.requests import Counts, EntityView


def summary(found: EntityView) -> str:
    """The sentence; "" where there is no fact at all to make it of."""
    sole = found.source.get("kind") == "个体工商户"
    life = "，".join(_life(found))
    return "；".join(part for part in (life, *_records(found.counts, sole)) if part)


def _life(found: EntityView) -> Iterator[str]:
    established = found.source.get("established_on")
    if established:
        yield f"{str(established)[:4]} 年成立"
    status = found.source.get("status")
    if status:
        day = found.source.get("status_on")
        yield f"{status}（{day}）" if day and status != "存续" else str(status)


def _records(counts: Counts, sole: bool) -> Iterator[str]:
    if counts.abnormal_now:
        yield "现标记为经营异常状态" if sole else "现列入经营异常名录"
    elif counts.abnormal:
        yield "曾标记为经营异常状态，已恢复" if sole else "曾列入经营异常名录，已移出"
    if counts.penalty:
        fine = f"，罚款合计 {counts.fine_cny:,.2f} 元".replace(".00 元", " 元") if counts.fine_cny else ""
        yield f"公示期内行政处罚 {counts.penalty} 次{fine}"
    if counts.spot_check_found:
        yield f"抽查检查 {counts.spot_check} 次，发现问题 {counts.spot_check_found} 次"
