"""A cell that names the party of a record → the parties in it, each with the person that is named beside it.

    甲有限公司、乙有限公司         both
    甲有限公司 张三              甲有限公司, 张三
    阿桐小吃店（经营者：张三）      阿桐小吃店, 张三
    张三（阿桐小吃店经营者）        nobody: the party is a person

A wrong party accuses somebody of what another one did. So only what looks like a whole name, with a legal form, is a
party; beside it may stand what is known to be no part of a name (`xincha.text.cells`) and a person. A cell with any
other words names nobody for sure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from xincha.text import cells
from xincha.text.cells import NamePiece
from xincha.text.fold import fold
from xincha.text.places import read_chain
from xincha.text.tokens import letters

MOST, LONGEST = 20, 2000
"""Parties, and characters, of a cell; one of more is a list, and none is read out of it."""

MORE_THAN_A_NAME = (
    r"[^\u4e00-\u9fffA-Za-z0-9()（）]|^[(（]|[)）]$|公司[0-9等]|[\u4e00-\u9fff]{4}[和与及][\u4e00-\u9fff]{4}"
    r"|[注吊撤]销|[停歇]业"
)
"""Texts that may say more than a name, as a pattern of Python and of Polars."""

_MORE = re.compile(MORE_THAN_A_NAME)
_PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff][某*×x]{1,3}|[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff]{1,8}")
_CALLED = re.compile(
    r"(?:法定代表人|法人代表|法人|负责人|主要负责人|经营者|业主|投资人|个体户主|户主|执行事务合伙人|联系人|经办人|委托代理人)(?:姓名)?"
)
_NO_PERSON = re.compile(
    r".*(?:[独合外内]资|连锁|改制|自营|加盟)|.*[店厂部处所站室院校区村组号楼街路库场矿行馆亭地点方]"
)
_OF_NO_MEANING = re.compile(
    r"[0-9]{7,12}|联合体|等[0-9一二两三四五六七八九十]{0,3}[家个人名]?(?:单位|公司|企业|当事人)?"
)
_MOST_PIECES = 12  # of a party: what has more is none, and trying every run of them would take long
_LIST = frozenset(",;|/\\")


class NamedParty(NamedTuple):
    """A party: its name, folded, and the person beside it ("": none)."""

    name: str
    person: str = ""


def parties(text: str) -> list[NamedParty]:
    """The parties of a cell, `text` as `clean` has it; empty where it is one name and nothing else, or none is sure."""
    if len(text) > LONGEST or not _MORE.search(text):
        return []
    said = cells.read(text)
    found = cells.pieces(said.text)
    if len(found) == 1 and letters(said.text) == letters(fold(text)):
        return []
    groups = _groups(said.text, found)
    read = [_party(said.text, group) for group in groups]
    if None in read:
        return []
    parties = [party for party in read if party and party.name]
    if len(parties) > MOST or (len(groups) == 1 and parties and letters(parties[0].name) == letters(fold(text))):
        return []
    return list(dict.fromkeys(parties))


def _groups(text: str, found: Sequence[NamePiece]) -> list[list[NamePiece]]:
    """Pieces of one party each: a list sign outside brackets begins a new one, and so does a whole name behind
    another."""
    groups: list[list[NamePiece]] = []
    depth = end = 0
    for piece in found:
        apart = False
        for sign in text[end : piece.start]:
            depth += (sign == "(") - (sign == ")")
            apart = apart or (depth == 0 and sign in _LIST)
        if not groups or apart or (depth == 0 and _follows(text, groups[-1], piece)):
            groups.append([piece])
        else:
            groups[-1].append(piece)
        inside = text[piece.start : piece.end]
        depth, end = depth + inside.count("(") - inside.count(")"), piece.end
    return [_without_number(group) for group in groups[:-1]] + groups[-1:]


def _without_number(group: list[NamePiece]) -> list[NamePiece]:
    """A group without the number of the next one: 1、甲2、乙."""
    last = group[-1]
    return group[:-1] if len(group) > 1 and not last.sign and re.fullmatch("[0-9]{1,2}", last.text) else group


def _follows(text: str, group: Sequence[NamePiece], piece: NamePiece) -> bool:
    """Whether a whole name follows one, behind a space or a word that joins."""
    between = text[group[-1].end : piece.start]
    return bool(between.strip("()")) and "(" not in between and _is_name(piece.text) and _is_name(group[0].text)


def _is_name(text: str) -> bool:
    return len(text) <= cells.LONGEST and cells.written(text, cells.pieces(text))[:1] == [text.replace(" ", "")]


def _party(text: str, group: Sequence[NamePiece]) -> NamedParty | None:
    """The party of a group, one without a name for a person alone; `None` where it says something else besides."""
    if len(group) == 1 and (is_person(group[0].text) or _OF_NO_MEANING.fullmatch(group[0].text)):
        return NamedParty("")
    if len(group) > _MOST_PIECES:
        return None
    size = next((size for size in range(len(group), 0, -1) if _whole(text, group[:size])), 0)
    if not size:
        return None
    name, rest = _whole(text, group[:size]), group[size:]
    words = [word for piece in rest if not (_CALLED.fullmatch(word := piece.text) or _OF_NO_MEANING.fullmatch(word))]
    persons = [_CALLED.sub("", word, count=1) if _CALLED.match(word) else word for word in words]
    glued = bool(words) and not rest[0].sign
    if glued or len(persons) > 1 or not all(map(is_person, persons)):
        return None
    return NamedParty(name, persons[0] if persons else "")


def _whole(text: str, group: Sequence[NamePiece]) -> str:
    """What some pieces are as a name; "" where they are none, or hold what is in brackets and no part of one."""
    run = text[group[0].start : group[-1].end]
    if run.count("(") > run.count(")") and text.startswith(")", group[-1].end):
        run += ")"
    if run.count("(") != run.count(")"):
        return ""
    named = cells.written(run, cells.pieces(run))
    return run.replace(" ", "") if len(named) == 1 and letters(named[0]) == letters(run) else ""


def is_person(word: str) -> bool:
    """Whether a word may be the name of a person."""
    if not _PERSON.fullmatch(word) or _NO_PERSON.fullmatch(word) or word.endswith(cells.LONG_FORMS):
        return False
    return read_chain(word).end < len(word) and not cells.says_nobody(word)
