"""Texts of law as files (Markdown or plain text, `indexer.read.regulation`), and tables of articles; fills
`regulations`, a row for each article.

The key of an article is law, number and version: an earlier version stays beside a later one.
"""

from __future__ import annotations

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.party import record_ids, require
from indexer.canonical.values import as_table, date_of
from indexer.kinds.source import Source
from indexer.tables import table_of
from xincha.kinds.regulation import REGULATION as KIND
from xincha.text.citations import law_name
from xincha.text.regulation import article_number

REGULATIONS = table_of(KIND)
FILE_COLUMNS = ("法律法规名称", "条", "章节", "条文", "版本日期", "施行日期")
"""The head of the table that a text of law is."""


def regulations(batch: Batch) -> pl.DataFrame:
    """The batch's rows as articles, rejected ones included."""
    law = batch.mapped(batch.text("law"), law_name)
    number = batch.mapped(batch.text("article_no"), article_number)
    for facts in (law, number, batch.text("article_text")):
        require(batch, "article_text", facts)
    version, force = date_of(batch, "version_on"), date_of(batch, "in_force_on")
    cited = pl.select(pl.format("{}|{}", pl.lit(law), pl.lit(number))).to_series()
    read = {
        "record_id": record_ids(KIND.letter, law, number, first(version, force)),
        "article_no": number,
        "citation": cited,
        "version_on": version,
        "in_force_on": force,
    }
    return as_table(batch, REGULATIONS, read)


REGULATION = Source(
    kind=KIND.name,
    title="法律法规条文",
    table=REGULATIONS,
    read=regulations,
    columns={
        "law": ("法律法规名称", "法规名称", "法律名称"),
        "article_no": ("条", "条款号", "条号", "条文序号"),
        "chapter": ("章节", "章"),
        "article_text": ("条文", "条文内容", "条款内容"),
        "version_on": ("版本日期", "修订日期", "修正日期"),
        "in_force_on": ("施行日期", "实施日期"),
    },
    required=(("law",), ("article_no",), ("article_text",)),
    marks=("law", "article_no", "article_text"),
    ignored=("序号", "编号"),
)
