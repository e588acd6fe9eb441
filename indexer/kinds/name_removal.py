"""Removals of names: 名称剔除 (Xiamen) and 除名 (Shenzhen, Zhuhai), two regimes that are never one; fills
`name_removals`.

Which of the two it is a column says, else the heads of the columns, or title and name of the file, else the row's
reason, else the place of the office. A row needs a party (name or code) and a day, number or reason. The key of a row
is party, day and regime.
"""

from __future__ import annotations

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.party import read_party, record_ids, require
from indexer.canonical.values import as_table, date_of
from indexer.findings import Code
from indexer.kinds.listing_words import said_by_file, said_by_rows
from indexer.kinds.source import PARTY, PARTY_COLUMNS, Source
from indexer.tables import table_of
from xincha.kinds.name_removal import NAME_REMOVAL as KIND

NAME_REMOVALS = table_of(KIND)
_WORDS = {"名称剔除": "剔除", "除名": "(?:^|[^剔])除名"}
_OFFICES = {"名称剔除": "厦门", "除名": "深圳|珠海|横琴"}


def name_removals(batch: Batch) -> pl.DataFrame:
    """The batch's rows as removals, rejected ones included."""
    party = read_party(batch)
    decided, restored = date_of(batch, "decided_on"), date_of(batch, "restored_on")
    facts = [batch.text(name) for name in ("doc_no", "ground", "restore_reason")]
    require(batch, "decided_on", decided, restored, *facts)
    batch.issue(restored < decided, "restored_on", Code.DATES_DISAGREE)
    regime = _regimes(batch)
    batch.issue(regime.is_null() & ~batch.rejected, "ground", Code.UNREADABLE_VALUE)
    read = {
        "record_id": record_ids("D", party.key, decided, regime),
        **party.columns,
        "regime": regime,
        "decided_on": decided,
        "restored_on": restored,
    }
    return as_table(batch, NAME_REMOVALS, read)


def _regimes(batch: Batch) -> pl.Series:
    """名称剔除 or 除名; null where nothing tells."""
    whole = said_by_file(batch, _WORDS)
    row = said_by_rows(batch, ("regime", "ground", "basis", "doc_no"), _WORDS)
    office = said_by_rows(batch, ("decided_by",), _OFFICES)
    said = pl.repeat(whole, batch.frame.height, dtype=pl.String, eager=True)
    own = batch.text("regime").is_not_null()
    return first(row.set(~own, None), said, row, office)


NAME_REMOVAL = Source(
    kind=KIND.name,
    title="名称剔除与除名",
    table=NAME_REMOVALS,
    read=name_removals,
    columns={
        **{column: names for column, names in PARTY_COLUMNS.items() if column != "enterprise_type"},
        "party_name": (
            "被剔除名称商事主体", "被剔除名称商事主体名称", "被剔除名称主体名称", "被除名商事主体",
            "被除名商事主体名称", "被除名主体名称", "被除名企业名称", *PARTY_COLUMNS["party_name"],
        ),
        "regime": ("处理方式", "剔除类型", "除名类型", "处理类型"),
        "ground": (
            "剔除原因", "剔除事由", "除名原因", "除名事由", "名称剔除原因", "名称剔除事由", "剔除名称原因",
            "剔除名称事由",
        ),
        "decided_on": (
            "剔除日期", "名称剔除日期", "剔除名称日期", "除名日期", "决定日期", "剔除时间", "除名时间", "名称剔除时间",
            "剔除决定日期", "除名决定日期", "作出决定日期", "名称剔除决定日期", "作出除名决定日期",
        ),
        "decided_by": (
            "作出决定机关", "剔除机关", "登记机关", "除名机关", "决定机关", "剔除决定机关", "除名决定机关",
            "名称剔除机关", "作出除名决定机关", "作出剔除决定机关",
        ),
        "doc_no": (
            "决定书文号", "剔除决定书文号", "文号", "除名决定书文号", "名称剔除决定书文号", "剔除文号", "除名文号",
            "剔除决定文号", "除名决定文号",
        ),
        "basis": ("剔除依据", "法律依据", "除名依据", "名称剔除依据"),
        "restored_on": (
            "恢复日期", "恢复名称日期", "撤销除名日期", "恢复时间", "名称恢复日期", "撤销剔除日期", "撤销名称剔除日期",
            "撤销除名时间", "恢复名称时间",
        ),
        "restore_reason": (
            "恢复原因", "恢复名称原因", "撤销除名原因", "名称恢复原因", "撤销剔除原因", "撤销名称剔除原因",
        ),
    },
    required=(PARTY, ("decided_on", "doc_no", "ground", "restored_on")),
    marks=("ground", "decided_on", "doc_no", "basis", "restored_on", "restore_reason"),
    words="名称剔除|剔除名称|(?:^|[^剔])除名",
    ignored=("pripid", "主体身份代码", "序号", "编号", "id"),
)  # fmt: skip
