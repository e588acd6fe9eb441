"""What lists say of themselves in words: how somebody came on one, and whether that was an error.

A row's own words come first, then the heads of its columns, then the title and name of the file.
"""

from __future__ import annotations

import re

import polars as pl

from indexer.canonical.batch import Batch

_ANNULLED = re.compile(
    r"撤销(?:原)?(?:列入|载入|标记)|(?:列入|载入|标记)(?:有误|错误|不当)|错误(?:列入|载入|标记)"
    r"|(?:列入|载入|标记)[^，。；,;]{0,16}决定(?:书)?(?:已|被|予以|依法)*撤销"
    r"|撤销[^，。；,;]{0,24}(?:列入|载入|标记)[^，。；,;]{0,16}决定"
)


def said_by_rows(batch: Batch, columns: tuple[str, ...], patterns: dict[str, str]) -> pl.Series:
    """The first of `patterns` (member → pattern) that a row's own texts hold; null where none does."""
    texts = [pl.lit(batch.text(name)) for name in columns]
    text = pl.select(pl.concat_str(texts, separator="\n", ignore_nulls=True)).to_series()
    found = pl.lit(None, pl.String)
    for member, pattern in reversed(patterns.items()):
        found = pl.when(pl.lit(text).str.contains(pattern)).then(pl.lit(member)).otherwise(found)
    return pl.select(found).to_series()


def said_by_file(batch: Batch, patterns: dict[str, str]) -> str | None:
    """The one of `patterns` (member → pattern) that the heads say, else title and name; `None`: none, or several."""
    for text in (batch.layout.heads, batch.layout.said):
        found = [member for member, pattern in patterns.items() if re.search(pattern, text)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def is_annulled(text: str) -> bool | None:
    """Whether a reason of removal says that the listing was an error: 撤销列入决定."""
    return True if _ANNULLED.search(text) else None
