"""The answer to a row → the cells that stand beside it in a file.

`state` and numbers are for programs, the rest is for people: `HEADS` says what each cell is.
"""

from __future__ import annotations

from collections.abc import Sequence

from xincha.kinds import counts
from xincha.search.match.types import Match, MatchCandidate

Cell = str | float | None

_COUNTED = {count.listed: count.name for count in counts() if count.listed}
"""Head → count that stands beside a row."""

HEADS = ("state", "核对结果", "得分", "主体编号", "主体名称", "登记状态", *_COUNTED, "理由", "候选主体")
"""state: matched, ambiguous, none, error. Counts are of records that may be shown today."""

NUMBERS = frozenset(("得分", *_COUNTED))

_RESULTS = {"matched": "已匹配", "ambiguous": "待确认", "none": "未找到", "error": "无法使用"}
_NAMED = 3


def cells(match: Match) -> list[Cell]:
    """The cells of one answer, in the order of `HEADS`."""
    state = "error" if match.error else match.state
    why = match.error or "；".join(reason.text for reason in match.reasons)
    if match.state != "matched":
        others = "；".join(map(_named, match.candidates[:_NAMED]))
        return [state, _RESULTS[state], match.score or None, *(None,) * (3 + len(_COUNTED)), why, others or None]
    meant = match.candidates[0]
    counted = (meant.counts[name] for name in _COUNTED.values())
    known = (meant.entity_id, meant.name, meant.status)
    return [state, _RESULTS[state], match.score, *known, *counted, why, None]


def heads_beside(header: Sequence[str]) -> list[str]:
    """`HEADS`, each in words that the file does not have."""
    heads: list[str] = []
    for head in HEADS:
        while head in header:
            head += "（信查）"  # noqa: PLW2901
        heads.append(head)
    return heads


def _named(candidate: MatchCandidate) -> str:
    """A candidate with its code and what speaks against it."""
    against = [reason.text for reason in candidate.reasons if reason.score < 0]
    return f"{candidate.name}（{'，'.join((candidate.entity_id, *against))}）"
