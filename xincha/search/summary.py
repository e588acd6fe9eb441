"""One plain sentence about an entity, made of its facts and of nothing else.

    «2016 年成立，存续；现列入经营异常名录；公示期内行政处罚 2 次，罚款合计 25,000 元；抽查检查 3 次，发现问题 1 次»

Says nothing where nothing was published: no record is not a good record, and the sentence does not say it is. What
stands against an entity now comes before what has been. Of a day before the first load it says that the facts are later
ones: «2016 年成立，存续；登记信息自 2026-03-01 起才有，2019-06-30 是否如此不详».
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from xincha.kinds import KINDS
from xincha.search.history import known_from

_GRAVEST_FIRST = sorted(KINDS.values(), key=lambda kind: all(state.tone != "adverse" for state in kind.states.values()))


def summary(source: Mapping[str, Any], counts: Mapping[str, float], unknown_on: date | None = None) -> str:
    """The sentence; "" if there is no fact at all to make it of. `unknown_on`: a day before anything was known."""
    sole = source.get("kind") == "个体工商户"
    records = (kind.summary(counts, sole) for kind in _GRAVEST_FIRST)
    caution = f"登记信息自 {known_from(source)} 起才有，{unknown_on} 是否如此不详" if unknown_on else ""
    return "；".join(part for part in ("，".join(_life(source)), caution, *records) if part)


def _life(source: Mapping[str, Any]) -> Iterator[str]:
    if established := source.get("established_on"):
        yield f"{established[:4]} 年成立"
    if status := source.get("status"):
        day = source.get("status_on")
        yield f"{status}（{day}）" if day and status != "存续" else status
