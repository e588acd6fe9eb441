"""The columns of a list with the answers beside it: those of the list, then those of the answers.

`state` and numbers are for programs, the rest is for people. Counts are of records that may be shown today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from operator import getitem, itemgetter

from xincha.kinds import counts
from xincha.lists.answer_log import Line
from xincha.lists.company_list import ListRow
from xincha.lists.judgments import Judgment, Judgments
from xincha.tables import PLAIN_NUMBER, TableColumn

Cell = str | float | None

_RESULTS = {"matched": "已匹配", "ambiguous": "待确认", "none": "未找到", "error": "无法使用"}


def list_columns(header: Sequence[str], first: Sequence[ListRow]) -> Iterator[TableColumn]:
    """Those of the list; one that holds nothing but plain numbers in the `first` rows is one of numbers."""
    for head in header:
        values = [row.cells[head] for row in first if head in row.cells]
        numbers = bool(values) and all(map(PLAIN_NUMBER.fullmatch, values))
        of = partial(_own, head)
        yield TableColumn(head, head, "own_number" if numbers else "own", of, of)


def _own(head: str, line: Line) -> Cell:
    return line["input"].get(head)  # type: ignore[no-any-return]


def answer_columns(header: Sequence[str], judgments: Judgments) -> Iterator[TableColumn]:
    """Those of the answers, and of what a person says of them if he does, each under a head that the list does not
    have."""
    for head, of, cell in (*_ANSWERS, *(_judged(judgments) if judgments else ())):
        while head in header:
            head += "（信查）"  # noqa: PLW2901
        yield TableColumn(head, head, of, cell, cell)


def _meant(*path: str) -> Callable[[Line], Cell]:
    """A fact of the entity that is meant."""
    return lambda line: reduce(getitem, path, line["candidates"][0]) if line["state"] == "matched" else None


def _counted(name: str) -> Callable[[Line], Cell]:
    """A count, a day, or a sum of yuan, which is whole where there are no cents."""
    counted = _meant("counts", name)

    def cell(line: Line) -> Cell:
        value = counted(line)
        return int(value) if isinstance(value, float) and value.is_integer() else value

    return cell


def _others(line: Line) -> Cell:
    """Who may be meant, each with the code and what speaks against it."""
    return "；".join(map(_named, line["candidates"])) or None if line["state"] != "matched" else None


def _judged(judgments: Judgments) -> Iterator[_Answer]:
    """What a person says of a row: one of those offered, another one, or none."""

    def said(line: Line) -> Judgment | None:
        return judgments.get(line["row"])

    def word(line: Line) -> Cell:
        judgment = said(line)
        return judgment and ("已确认" if judgment.entity_id else "都不是")

    yield "人工确认", "text", word
    for head, of in (("确认的主体编号", itemgetter(0)), ("确认的主体名称", itemgetter(1))):
        yield head, "text", partial(_of_judgment, said, of)


def _of_judgment(said: Callable[[Line], Judgment | None], of: Callable[[Judgment], Cell], line: Line) -> Cell:
    judgment = said(line)
    return of(judgment) if judgment else None


def _named(candidate: Line) -> str:
    against = [reason["text"] for reason in candidate["reasons"] if reason["score"] < 0]
    return f"{candidate['name']}（{'，'.join((candidate['entity_id'], *against))}）"


_Answer = tuple[str, str, Callable[[Line], Cell]]
"""Head, type, and the cell of a row."""

_ANSWERS: Sequence[_Answer] = (
    ("state", "text", lambda line: line["state"]),
    ("核对结果", "text", lambda line: _RESULTS[line["state"]]),
    ("得分", "plain", lambda line: line["score"] if line["state"] == "matched" else line["score"] or None),
    ("主体编号", "text", _meant("entity_id")),
    ("主体名称", "text", _meant("name")),
    ("登记状态", "text", _meant("status")),
    *((count.listed, "date" if count.latest else "plain", _counted(count.name)) for count in counts() if count.listed),
    ("理由", "text", lambda line: line["error"] or "；".join(reason["text"] for reason in line["reasons"])),
    ("候选主体", "text", _others),
)
"""`state`: matched, ambiguous, none, error."""
