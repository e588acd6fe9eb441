"""Rows of a table that are none of its records: totals, notes, signatures, page numbers, headings between the rows, and
what a form says of how it is filled in.

They are found by their first cell, by the cell of the name, and by that of the document's number. No company is called
so; a heading is only one where nothing else stands in its row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from indexer.canonical.batch import Batch
from indexer.findings import SOURCE_ROW, Code
from xincha.text.fold import fold
from xincha.text.names import split_name
from xincha.text.places import read_chain

NAMES = ("party_name", "name", "trade_name")
_NUMBERS = ("doc_no", "plan_no", "task_no", "task_name", "plan_name")
_CELLS = 3
"""Columns of a table in which one cell alone may be a heading."""
_LONGEST_HEADING = 40

_OPEN, _CLOSE = r"[*※#【\[(（《<\-—=…]*", r"[】\])）》>]*"
_TOTAL = re.compile(
    rf"{_OPEN}(?:本页|本表|本月|本年|全市|全区|全县|全省|全部|以上|各项)?(?:小计|合计|总计|共计|累计|总合计|合总计)"
    rf"(?:数|户数|家数|金额)?{_CLOSE}(?:[:：(（\d].*)?"
)
_PAGE = re.compile(
    r"第\d+页.*|共\d+页.*|\d+/\d+页?|[-—]+\d+[-—]+|页码.*|[Pp]age\d+.*"
    r"|[(（]?(?:共|合计|总计|共计|总共|小计)?计?[:：]?有?\d+(?:户|家|条|个|件|起|宗|项|人|笔|行|份|批)次?(?:企业|记录|数据|案件|主体)?[。)）]?"
)
_SAID = (
    "注|备注|附注|注释|附|说明|特别说明|填[表报写]说明|(?:数据|资料|信息)?来源|(?:数据|统计)?(?:口径|范围)|制表|填[表报写]|报送|审核|复核|审批|批准"
    "|签发|经办|校对|录入|统计|打印|导出|查询|更新|发布|截[至止]|盖章|签[字名章]|主管|会计|联系|日期|时间|单位|负责|抄送|编制"
)
_NOTE = re.compile(
    rf"{_OPEN}(?:{_SAID})(?:部门|单位|机关|人员?|者|领导|日期|时间|电话|方式|盖章|签[字名章])*\d*{_CLOSE}(?:[(（][^)）]{{0,12}}[)）])?[:：].*"
    rf"|{_OPEN}注\d*[、.．】\])）].*"
    r"|(?:本表|以上|上述|表中|表内)(?:数据|信息|名单|内容|金额|统计).*|(?:数据|统计)(?:截[至止]|更新).*"
    rf"|{_OPEN}(?:以下空白|此页无正文|本页无正文|完|未完待续|续[上下]页|[接转][上下][页表]|续表|END|end){_CLOSE}[-—=*…]*"
)
_MUST = re.compile(
    rf"{_OPEN}(?:必填|选填|可填|非必填|不必填|条件必填|可选|必选|必录|必报|系统生成|自动生成|下拉选择)项?(?:[】\])）,，:：;；、。.(（/-].*)?"
)
_TYPE = re.compile(
    r"(?:字符[型串]?|文本型?|日期型?|数值型?|数字型?|整型|布尔型?|n?varchar2?|char|date|datetime|number|decimal|int|string|text)"
    r"(?:[(（]\d+(?:[,，]\d+)?[)）])?",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    rf"{_OPEN}(?:填[写报]|数据)?(?:示例|样例|范例|示范|举例|例如|例|如)\d*{_CLOSE}[:：].+"
    r"|[【\[(（](?:填[写报])?(?:示例|样例|范例|示范|例)[】\])）].*"
    r"|(?:填[写报]|数据)?(?:示例|样例|范例|示范|例子?)(?:数据|行)?\d*[:：]?"
)
_HEADING = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}(?:[)）]|[、.．]).*|第[一二三四五六七八九十\d]+(?:部分|批次?|类).*|附[件表]\d*.*"
    r"|.*(?:一览|公示|统计|明细|汇总|登记|情况|信息)表|.*(?:名单|清单|明细|公示|公告|目录)"
)
_MAYBE = (
    r"^[\s*※#【\[(（《<\-—=…]*(?:\d+\s*/|第\s*\d|页|[Pp]age|[共合总小累本全以各]|注|备|附|说|特|填|数|资|信|来|口|范|统|制|报|审|复|批|签|经|校|录|打"
    r"|导|查|更|发|截|盖|主|会|联|日|时|单|负|抄|编|上|表|此|完|未|续|接|转|END|end|必|选|可|非|不|条|系|自|下|字|文|整|布"
    r"|(?i:n?varchar|char|date|number|decimal|int|string|text)|示|样|例|举|如|有?\d+\s*[户家条个件起宗项人笔行份批])"
)
"""Finds every text that one of these may be: what most names do not begin with."""


def reject_no_records(batch: Batch) -> None:
    """Rejects rows that are no records, and says what they are."""
    names = [column for column in NAMES if batch.has(column)]
    asked = [*names, *filter(batch.has, _NUMBERS)]
    first = batch.published.select(pl.coalesce(pl.all())).to_series()
    filled = batch.published.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
    alone = filled <= 1 if batch.published.width >= _CELLS else batch.mask()
    doubtful = [column.str.contains(_MAYBE).fill_null(False) for column in (first, *map(batch.text, asked))]
    maybe = pl.select(pl.any_horizontal([*map(pl.lit, doubtful), pl.lit(alone)])).to_series().arg_true()
    template, none = batch.mask(), batch.mask()
    for row in maybe:
        cells = [bare for cell in batch.published.row(row) if (bare := _bare(cell))]
        named = [bare for column in names if (bare := _bare(batch.frame[column][row]))]
        others = [bare for column in asked if (bare := _bare(batch.frame[column][row]))]
        if _is_template(cells, named, others):
            template[row] = True
        elif _is_none(cells, named, others, is_alone=alone[row]):
            none[row] = True
    batch.reject(template, next(iter(names), SOURCE_ROW), Code.TEMPLATE_ROW)
    batch.reject(none, next(iter(names), SOURCE_ROW), Code.NO_RECORD)


def _bare(cell: str | None) -> str:
    return "".join((cell or "").split())


def _is_template(cells: Sequence[str], named: Sequence[str], others: Sequence[str]) -> bool:
    """Whether a row says how a form is filled in, or is its example."""
    if any(map(_MUST.fullmatch, named)) or any(map(_EXAMPLE.fullmatch, (*cells[:1], *others))):
        return True
    said = sum(bool(_MUST.fullmatch(cell) or _TYPE.fullmatch(cell)) for cell in cells)
    return said > 1 and said * 2 >= len(cells)


def _is_none(cells: Sequence[str], named: Sequence[str], others: Sequence[str], *, is_alone: bool) -> bool:
    """Whether a row is a total, a note, the number of a page, or a heading."""
    if any(map(_TOTAL.fullmatch, (*cells[:1], *others))):
        return True
    if any(_PAGE.fullmatch(text) or _NOTE.fullmatch(text) for text in named or cells[:1]):
        return True
    return is_alone and any(map(_is_heading, named))


def _is_heading(text: str) -> bool:
    """Whether the only text of a row is a heading: 一、个体工商户, 思明区, …公示表; not if it ends like a company."""
    if len(text) > _LONGEST_HEADING:
        return False
    folded = fold(text)
    return read_chain(folded).end == len(folded) or bool(_HEADING.fullmatch(text) and not split_name(folded).form)
