"""Lists of what may be checked at random 随机抽查事项清单; fills `check_items`.

A row needs the name or the code of an item. The key of an item is office and code, else office, category, name and
objects: one list may name an item once for each kind of object.
"""

from __future__ import annotations

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.party import record_ids, require
from indexer.canonical.values import as_table
from indexer.kinds.check_task import departments
from indexer.kinds.source import Source
from indexer.tables import table_of
from xincha.kinds.check_item import CHECK_ITEM as KIND
from xincha.text.doc_no import doc_no_key
from xincha.text.fold import fold
from xincha.text.offices import office_key

CHECK_ITEMS = table_of(KIND)
_LIST = pl.List(pl.String)
_KINDS = {"重点": "重点检查事项", "一般": "一般检查事项"}


def check_items(batch: Batch) -> pl.DataFrame:
    """The batch's rows as items, rejected ones included."""
    code, name = batch.text("item_code"), batch.text("item_name")
    require(batch, "item_name", code, name)
    office = batch.mapped(batch.text("lead"), office_key)
    coded = record_ids(KIND.letter, office, batch.mapped(code, doc_no_key)).set(code.is_null(), None)
    what = [batch.mapped(batch.text(column), fold) for column in ("check_category", "item_name", "objects")]
    read = {
        "record_id": first(coded, record_ids(KIND.letter, office, *what)),
        "item_kind": batch.mapped(batch.text("item_kind"), item_kind),
        "method": batch.mapped(batch.text("method"), departments, _LIST),
        "partners": batch.mapped(batch.text("partners"), departments, _LIST),
    }
    return as_table(batch, CHECK_ITEMS, read)


def item_kind(text: str) -> str:
    """重点检查事项 or 一般检查事项; anything else as published."""
    return next((kind for word, kind in _KINDS.items() if word in text), text)


CHECK_ITEM = Source(
    kind=KIND.name,
    title="随机抽查事项清单",
    table=CHECK_ITEMS,
    read=check_items,
    columns={
        "item_code": (
            "抽查事项编码", "CheckCode", "检查事项编码", "抽查事项编号", "检查事项编号", "事项编码", "事项编号",
        ),
        "check_category": (
            "抽查类别", "CheckTypeName", "检查类别", "抽查项目", "检查项目", "抽查领域", "检查领域", "抽查事项类别",
            "CheckType",
            "抽查大类",
        ),
        "item_name": (
            "抽查事项", "CheckName", "检查事项", "抽查事项名称", "检查事项名称", "抽查内容", "检查内容", "随机抽查事项",
            "抽查事项及内容", "检查事项及内容",
        ),
        "item_kind": ("事项类别", "检查事项类别", "检查事项类型", "事项类型", "重点/一般检查事项"),
        "objects": ("检查对象", "抽查对象", "检查对象类型", "抽查对象类型", "检查对象范围", "抽查对象范围"),
        "method": ("检查方式", "抽查方式", "检查方法", "抽查方法"),
        "basis": ("检查依据", "抽查依据", "法律依据", "检查法律依据", "设定依据"),
        "lead": (
            "检查主体", "抽查主体", "牵头部门", "发起部门", "检查部门", "抽查部门", "实施部门", "责任部门",
            "实施主体", "牵头单位",
        ),
        "partners": ("配合部门", "参与部门", "联合部门", "协同部门", "配合单位", "参与单位"),
        "level": ("检查层级", "抽查层级", "实施层级", "层级"),
        "published_on": ("公布日期", "发布日期", "公示日期"),
        "remark": ("备注",),
    },
    required=(("item_name",),),
    marks=("item_code", "check_category", "item_name", "item_kind", "objects", "method", "basis", "lead", "partners",
           "level"),
    telling=("item_code", "item_kind", "method", "basis", "partners"),
    ignored=("序号", "编号", "id", "IsCheck", "Problem", "抽查比例", "抽查频次"),
)  # fmt: skip
