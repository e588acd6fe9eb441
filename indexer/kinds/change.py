"""Changes of registered facts 变更信息, in the shapes of lists and of GSXT; fills `alterations`.

A row needs a party and what was changed. The key of a change is party, item, day, and what is. Of an item that names
people (法定代表人, 股东, 董事) both values go to columns that stand on the page of the entity alone.
"""

from __future__ import annotations

import re

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.party import read_party, record_ids, require
from indexer.canonical.values import as_table, date_of
from indexer.kinds.source import PARTY, PARTY_COLUMNS, Source
from indexer.tables import table_of
from xincha.kinds.change import CHANGE as KIND
from xincha.text import alterations
from xincha.text.fold import fold

CHANGES = table_of(KIND)
_OF_PEOPLE = re.compile(
    "法定代表|负责人|投资人|股东|发起人|出资|合伙|董事|监事|经理|高级管理|高管|经营者|成员|人员|联络|联系|代表|清算|自然人|业主|身份|姓名"
    "|受益|持股|股权"
)


def changes(batch: Batch) -> pl.DataFrame:
    """The batch's rows as changes, rejected ones included."""
    party, day = read_party(batch), date_of(batch, "changed_on")
    item, before, after = (batch.text(name) for name in ("item", "before", "after"))
    require(batch, "item", item, before, after)
    people = batch.mapped(item, _is_of_people, pl.Boolean).fill_null(True)
    what = [batch.mapped(text, fold) for text in (item, after)]
    read = {
        "record_id": record_ids(KIND.letter, party.key, what[0], day, what[1]),
        **party.columns,
        "change_kind": batch.mapped(item, alterations.kind_of),
        "before": before.set(people, None),
        "after": after.set(people, None),
        "before_people": before.set(~people, None),
        "after_people": after.set(~people, None),
        "changed_on": day,
    }
    return as_table(batch, CHANGES, read)


def _is_of_people(item: str) -> bool:
    """Whether an item names people; one that nobody names may."""
    return bool(_OF_PEOPLE.search(item))


CHANGE = Source(
    kind=KIND.name,
    title="变更信息",
    table=CHANGES,
    read=changes,
    columns={
        **{column: names for column, names in PARTY_COLUMNS.items() if column != "enterprise_type"},
        "item": ("变更事项", "altItem_CN", "altItem", "变更项目", "变更类型", "变更内容", "变更事项名称", "altItemCN"),
        "before": ("变更前内容", "altBe", "变更前", "变更前信息", "原内容", "变更前的内容"),
        "after": ("变更后内容", "altAf", "变更后", "变更后信息", "现内容", "变更后的内容"),
        "changed_on": ("变更日期", "altDate", "变更时间", "核准变更日期", "变更核准日期", "核准日期"),
        "authority": ("登记机关", "regOrg", "变更登记机关", "核准机关"),
    },
    required=(PARTY, ("before", "after"), ("item",)),
    marks=("item", "before", "after"),
    ignored=("pripid", "主体身份代码", "序号", "编号", "id"),
)  # fmt: skip
