"""The published registrations that measurements run on, and as many more of their like as are wanted.

Rows: dicts with the header of `../shared/data/registry` (企业名称, 统一社会信用代码, …). A further copy of a row gets
another code (valid check digit) and two more characters in its name; all else stays as published.
"""

from __future__ import annotations

import csv
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

from xincha.settings import ROOT
from xincha.text.names import parts
from xincha.text.uscc import ALPHABET, check_character

REGISTRY = ROOT.parent / "shared" / "data" / "registry"
FILES = ("xiamen.csv", "fujian_rest.csv", "national.csv")
NAME, CODE, PLACE, PERSON = "企业名称", "统一社会信用代码", "地区", "法人代表"
_BRANDS = (
    "安百宝昌诚达德东丰福光海航和恒宏华辉汇吉佳嘉建金锦景凯康科乐力联龙茂美民明铭南"
    "鹏启千强庆荣瑞润森盛世顺泰腾天通同万旺祥新鑫信兴旭亚义益永宇源远云泽振正志中众卓"
)


def files() -> list[Path]:
    """The three big files; ends the program with a plain message where they are not on this machine."""
    paths = [REGISTRY / name for name in FILES]
    if missing := [str(path) for path in paths if not path.exists()]:
        sys.exit(f"this measurement runs on published registrations, which are not here: {', '.join(missing)}")
    return paths


def rows() -> Iterator[dict[str, str]]:
    """All rows of the three files, in order."""
    for path in files():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


def scaled(count: int) -> Iterator[dict[str, str]]:
    """`count` rows with keys of their own: the registry, then copies of it under other codes and names."""
    return itertools.islice(itertools.chain(rows(), _copies()), count)


def fictional(count: int) -> Iterator[dict[str, str]]:
    """`count` rows, none of them of a company that there is: copies under other codes and names only."""
    return itertools.islice(_copies(), count)


def _copies() -> Iterator[dict[str, str]]:
    """The registry again and again, each time under other codes and names."""
    originals = [(row, len(parts(row[NAME]).region)) for row in rows()]
    for copy in itertools.count(1):
        first, second = divmod(copy * 7919, len(_BRANDS))
        added = _BRANDS[first % len(_BRANDS)] + _BRANDS[second]
        for row, at in originals:
            name = row[NAME]
            yield {**row, NAME: name[:at] + added + name[at:], CODE: _recoded(row[CODE], copy)}


def write_scaled(path: Path, count: int) -> Path:
    """A CSV file of `scaled(count)`."""
    return write(path, scaled(count))


def write(path: Path, source: Iterator[dict[str, str]]) -> Path:
    """A CSV file of these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        first = next(source)
        writer = csv.DictWriter(file, fieldnames=list(first))
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(source)
    return path


def _recoded(published: str, copy: int) -> str:
    code = "".join(char if char in ALPHABET else ALPHABET[0] for char in published.upper())
    base = len(ALPHABET)
    digit = (ALPHABET.index(code[9]) + copy) % base
    carry = (ALPHABET.index(code[10]) + copy // base) % base
    body = code[:9] + ALPHABET[digit] + ALPHABET[carry] + code[11:17]
    return body + check_character(body)
