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
from xincha.search.counts import variants_on
from xincha.search.flags import flags_on
from xincha.search.history import known_from

_OVER = "歇业期满，视为自动恢复经营"
_GRAVEST_FIRST = sorted(KINDS.values(), key=lambda kind: all(state.tone != "adverse" for state in kind.states.values()))


def summary(
    source: Mapping[str, Any],
    counts: Mapping[str, Any],
    unknown_on: date | None = None,
    day: date | None = None,
) -> str:
    """The sentence; "" if there is no fact at all to make it of. Of kinds that are not loaded (`None`) it is silent.

    `unknown_on`: a day before anything was known; `day`: the one that it is about. Where no record says in which words
    it was made, an individual business is marked 标记.
    """
    return "；".join(text for _, text in sentences(source, counts, unknown_on, day))


def sentences(
    source: Mapping[str, Any],
    counts: Mapping[str, Any],
    unknown_on: date | None = None,
    day: date | None = None,
) -> list[tuple[str, str]]:
    """The same in parts: kind of record and what is said of it; "registration" for what is none."""
    told = [("registration", "，".join(_life(source, day))), ("registration", _caution(source, unknown_on))]
    return [(kind, text) for kind, text in (*told, *_of_records(source, counts, day)) if text]


def _caution(source: Mapping[str, Any], unknown_on: date | None) -> str:
    return f"登记信息自 {known_from(source)} 起才有，{unknown_on} 是否如此不详" if unknown_on else ""


def _of_records(source: Mapping[str, Any], counts: Mapping[str, Any], day: date | None) -> Iterator[tuple[str, str]]:
    variants = variants_on(source, day)
    counted = {name: value or 0 for name, value in counts.items()}
    for kind in _GRAVEST_FIRST:
        yield kind.name, kind.summary(counted, variants.get(kind.name, ()))


def _life(source: Mapping[str, Any], on: date | None) -> Iterator[str]:
    if established := source.get("established_on"):
        yield f"{established[:4]} 年成立"
    if source.get("name_note"):
        yield str(source["name_note"])
    if status := source.get("status"):
        day = source.get("status_on")
        yield f"{status}（{day}）" if day and status != "存续" else status
    for flag in flags_on(source, on) if on else ():
        yield _OVER if flag["flag"] == "歇业中" and "届满" in str(flag["text"]) else str(flag["text"])
