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
from xincha.kinds.english import VALUES, english
from xincha.search.answers import Sentence
from xincha.search.counts import variants_on
from xincha.search.flags import flags_on
from xincha.search.history import known_from
from xincha.search.risks import in_english

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
    return "；".join(part.text for part in sentences(source, counts, unknown_on, day))


def sentences(
    source: Mapping[str, Any],
    counts: Mapping[str, Any],
    unknown_on: date | None = None,
    day: date | None = None,
) -> list[Sentence]:
    """The same in parts."""
    registration = (
        Sentence("registration", "，".join(_life(source, day)), "; ".join(_life_in_english(source, day))),
        _caution(source, unknown_on),
    )
    return [part for part in (*registration, *_of_records(source, counts, day)) if part.text]


def _caution(source: Mapping[str, Any], unknown_on: date | None) -> Sentence:
    if not unknown_on:
        return Sentence("registration", "", "")
    known = known_from(source)
    return Sentence(
        "registration",
        f"登记信息自 {known} 起才有，{unknown_on} 是否如此不详",
        f"What is registered is known from {known} on; whether it was so on {unknown_on} is not",
    )


def _of_records(source: Mapping[str, Any], counts: Mapping[str, Any], day: date | None) -> Iterator[Sentence]:
    variants = variants_on(source, day)
    counted = {name: value or 0 for name, value in counts.items()}
    for kind in _GRAVEST_FIRST:
        words = variants.get(kind.name, ())
        if text := kind.summary(counted, words):
            yield Sentence(kind.name, text, in_english(kind, counted, words))


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


def _life_in_english(source: Mapping[str, Any], on: date | None) -> Iterator[str]:
    """The same; a note on the name stands beside it and is not translated."""
    if established := source.get("established_on"):
        yield f"Established in {established[:4]}"
    if status := source.get("status"):
        day = source.get("status_on")
        told = VALUES.get(status, status)
        yield f"{told} ({day})" if day and status != "存续" else told
    for flag in flags_on(source, on) if on else ():
        yield english(str(flag["flag"])) or str(flag["text"])
