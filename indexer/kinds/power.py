"""Lists of powers and responsibilities 权责清单, in the columns of cities and counties; fills `powers`.

A row needs the name or the code of a power. The key of a row is list (the office and the file's name for it) and code,
else list, kind, name and sub-item. Several lists of one shape (a sheet for each kind of power) say the kind in their
name: 行政处罚, 行政强制, …
"""

from __future__ import annotations

import re

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.party import record_ids, require
from indexer.canonical.values import as_table
from indexer.kinds.source import Source
from indexer.tables import table_of
from xincha.kinds.power import KINDS_OF_POWER
from xincha.kinds.power import POWER as KIND
from xincha.text.fold import fold

POWERS = table_of(KIND)
_SAID = re.compile("|".join(KINDS_OF_POWER))
_ADDED, _CANCELLED, _CHANGED = "新增", "取消", "调整"
_ADJUSTMENTS = {
    "新增|增加|承接|新设": _ADDED,
    "取消|废止|删除|停止|下放": _CANCELLED,
    "调整|变更|修改|合并|拆分": _CHANGED,
}


def powers(batch: Batch) -> pl.DataFrame:
    """The batch's rows as powers, rejected ones included."""
    require(batch, "power_name", batch.text("power_name"), batch.text("item_code"))
    said = _SAID.search(batch.layout.said)
    stated = batch.mapped(batch.text("power_kind"), power_kind)
    kinds = stated.fill_null(said[0]) if said else stated
    names, offices = (batch.mapped(batch.text(column), fold) for column in ("power_name", "authority"))
    items = batch.mapped(batch.text("subitem"), fold)
    by_code = record_ids(KIND.letter, offices, batch.text("item_code")).set(batch.text("item_code").is_null(), None)
    read = {
        "record_id": first(by_code, record_ids(KIND.letter, offices, kinds, names, items)),
        "power_kind": kinds,
        "adjustment": batch.mapped(batch.text("adjustment"), adjustment),
    }
    return as_table(batch, POWERS, read)


def power_kind(text: str) -> str:
    """The kind of a power in the words of the lists; another wording as it is."""
    match = _SAID.search(text)
    return match[0] if match else text


def adjustment(text: str) -> str:
    """新增, 取消, 调整; another wording as it is."""
    return next((word for words, word in _ADJUSTMENTS.items() if re.search(words, text)), text)


POWER = Source(
    kind=KIND.name,
    title="权责清单",
    table=POWERS,
    read=powers,
    columns={
        "item_code": ("事项编码", "职权编码", "权力编码", "权责事项编码", "基本编码"),
        "power_name": ("权责事项", "事项名称", "权责事项名称", "权力事项名称", "权力名称", "职权名称", "行政职权名称"),
        "subitem": ("子项", "子项名称", "事项子项", "实施事项"),
        "power_kind": ("事项类型", "权力类型", "权力类别", "职权类型", "权责类型", "职权类别"),
        "basis": ("设定依据", "实施依据", "权力依据", "法律依据", "依据"),
        "authority": ("实施主体和责任主体", "行使主体", "实施主体", "责任主体", "实施机构", "法定主体", "部门名称"),
        "division": ("内设机构", "承办机构", "承办科室", "责任科室", "办理机构"),
        "level": ("行使层级", "实施层级及权限", "实施层级"),
        "duties": ("责任事项", "责任事项内容", "部门职责"),
        "duty_basis": ("责任事项依据",),
        "accountability": ("追责情形", "问责情形"),
        "accountability_basis": ("追责依据",),
        "adjustment": ("调整方式", "调整情况", "调整类型"),
        "effective_on": ("生效日期", "调整日期", "公布日期", "执行日期"),
        "remark": ("备注",),
    },
    required=(("power_name", "item_code"), ("basis", "power_kind", "duties")),
    marks=("item_code", "power_name", "basis", "duties", "accountability", "adjustment", "power_kind"),
    words="权责清单|权力清单|责任清单|行政职权",
    ignored=("序号", "编号", "状态", "是否公开", "追责对象范围", "审核转报"),
)  # fmt: skip
