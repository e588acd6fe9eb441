"""What an answer says of how it was found: plain sentences for people, none where the hits say it themselves."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from xincha.engine.contract import Result
from xincha.engine.fields import tie
from xincha.search.candidates import MOST_HEARD, Level
from xincha.search.intent import Intent
from xincha.search.reading import Candidate, Reading, Typed, pieces

_NAMED = 3
_NO_NAME = "没有名称包含所输文字"


def notes_of(intent: Intent, level: Level, result: Result, near: Sequence[Candidate]) -> list[str]:
    """The notes of an answer that found something, or for which nothing could be looked for.

    `near`: the names that are near, whatever the filters.
    """
    if intent.unreadable:
        return [level.note]
    if not result.total:
        return []
    if intent.near and level.slipped:
        return [_slipped(intent.near.typed, result)]
    if level.near and not level.firm:
        found = {hit.id for hit in result.hits}
        shown = [candidate for candidate in near if candidate.id in found]
        return [_nearly(result, near, shown), *_alike(Typed(intent), shown)]
    return [level.note] if level.note else []


def _slipped(typed: str, result: Result) -> str:
    """Whom a code that cannot be right may mean."""
    hits = sorted(result.hits, key=lambda hit: tie(hit.id))  # whatever the engine, which holds all of them as good
    stored = [orjson.loads(hit.source) for hit in hits[:_NAMED]]
    named = [f"{each['name']}（{each.get('uscc') or each.get('reg_no')}）" for each in stored]
    return f"{typed} 的校验位不符，您是否要找 {_listed(named, result.total)}？"


def _nearly(result: Result, near: Sequence[Candidate], shown: Sequence[Candidate]) -> str:
    """Whether names are near, or address and scope hold what was typed."""
    if not near:
        return f"{_NO_NAME}，以下企业的住所或经营范围含有所输文字"
    if shown and result.total > len(shown):
        return f"{_NO_NAME}，先列名称相近的 {len(shown)} 家，再列住所或经营范围含有所输文字的"
    return f"{_NO_NAME}，以下为相近的结果"


def _alike(typed: Typed, shown: Sequence[Candidate]) -> list[str]:
    """That several fit what was typed equally, as far as it goes."""
    heard = [each for each in shown if any(_heard(typed, name) for name in each.names)]
    longer = [each for each in shown if any(_longer(typed, name) for name in each.names)]
    told = [(heard, "的读音与所输相同"), (longer, "比所输多一个字")]
    return [
        f"{len(several)} 家{how}：{_listed([str(each.source.get('name')) for each in several], len(several))}；"
        "只凭所输分不出是哪一家，可以加上地区、行业或代码"
        for several, how in told
        if len(several) > 1
    ]


def _heard(typed: Typed, name: Reading) -> bool:
    """Whether a name, or the begin of its core, sounds as what was typed."""
    said = typed.said.core_syllables if typed.said is typed else typed.said.syllables
    same = said == name.core_syllables[: len(said)]
    return len(said) > 1 and same and (len(said) <= MOST_HEARD or typed.syllables == name.syllables)


def _longer(typed: Typed, name: Reading) -> bool:
    """Whether a name is what was typed and one character more."""
    return len(name.key) == len(typed.key) + 1 and bool(pieces(typed.key, name.key))


def _listed(names: Sequence[str], total: int) -> str:
    return "、".join(names[:_NAMED]) + (f" 等 {total} 家" if total > _NAMED else "")
