"""What stands beside the state of an entity in files of the register: 另册管理, 特别标注, 歇业中, 拟注销.

A flag is stated by a column of its own (是, 否, a day, or its reason), by a day or reason of it, by the notice of a
file that says what it is about (noticeFrom, noticeTo), or in the text of the state (存续（另册管理）). What a file says
nothing of is not known, and stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.values import date_of
from xincha.kinds.entity import FLAG_FACTS
from xincha.text import codes, dates

_YES = re.compile(
    r"是|有|已?(?:列入|移入|纳入|办理|公告|标注|标记|歇业).{0,6}|y|yes|true|1|√|在册|公告中|公示中|歇业中?",
    re.IGNORECASE,
)
_NO = re.compile(
    r"否|无|没有|未.*|非.*|不.*|n|no|false|0|已?(?:解除|移出|取消|终止|结束|恢复|撤销).*|正常", re.IGNORECASE
)
_NOTICES = (("歇业中", re.compile("歇业")), ("拟注销", re.compile("注销")))

FLAG_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "separate": ("另册管理", "是否另册管理", "另册管理标识", "另册标识", "另册"),
    "separate_since_on": (
        "另册管理日期", "列入另册日期", "另册管理起始日期", "另册日期", "移入另册日期", "纳入另册日期",
        "列入另册管理日期", "另册管理时间",
    ),
    "separate_until_on": ("移出另册日期", "另册管理解除日期", "另册管理截止日期", "解除另册日期", "移出另册管理日期"),
    "separate_basis": (
        "另册管理原因", "另册管理依据", "另册原因", "列入另册原因", "列入另册依据", "另册依据", "另册管理事由",
    ),
    "annotated": ("特别标注", "是否特别标注", "特别标注标识"),
    "annotated_since_on": ("特别标注日期", "特别标注起始日期", "特别标注时间"),
    "annotated_until_on": ("特别标注解除日期", "特别标注截止日期", "解除特别标注日期", "取消特别标注日期"),
    "annotated_basis": ("特别标注原因", "特别标注内容", "特别标注依据", "特别标注事由"),
    "suspended": ("歇业", "是否歇业", "歇业标识", "歇业状态"),
    "suspended_since_on": (
        "歇业日期", "歇业开始日期", "歇业起始日期", "歇业期限自", "歇业期限起", "歇业起始时间", "歇业时间",
        "歇业备案日期", "歇业起",
    ),
    "suspended_until_on": (
        "歇业截止日期", "歇业结束日期", "歇业期限至", "歇业期限止", "歇业终止日期", "终止歇业日期", "歇业到期日期",
        "歇业止", "歇业期限届满日期",
    ),
    "suspended_basis": ("歇业原因", "歇业事由", "歇业依据"),
    "closing": ("拟强制注销", "拟注销", "是否拟强制注销", "拟强制注销公告", "简易注销公告", "强制注销公告"),
    "closing_since_on": (
        "拟强制注销公告日期", "拟强制注销公告起始日期", "拟强制注销公告期自", "强制注销公告日期", "强制注销公告期自",
        "拟强制注销公告开始日期", "简易注销公告期自", "简易注销公告开始日期", "拟注销公告日期", "注销公告期自",
    ),
    "closing_until_on": (
        "拟强制注销公告截止日期", "拟强制注销公告期至", "强制注销公告期至", "拟强制注销公告结束日期",
        "简易注销公告期至", "简易注销公告结束日期", "拟注销公告截止日期", "注销公告期至", "强制注销公告截止日期",
    ),
    "closing_basis": ("拟强制注销原因", "拟强制注销依据", "强制注销依据", "拟注销原因", "拟强制注销事由"),
    "notice_since_on": ("noticeFrom", "公告期自", "公告开始日期", "公告期起", "公告起始日期", "公告日期起"),
    "notice_until_on": ("noticeTo", "公告期至", "公告结束日期", "公告期止", "公告截止日期", "公告日期止"),
}  # fmt: skip
FLAG_MARKS = ("separate", "separate_since_on", "annotated", "annotated_since_on", "suspended", "suspended_since_on",
              "closing", "closing_since_on", "notice_since_on")  # fmt: skip


def read_flags(batch: Batch) -> dict[str, pl.Series]:
    """The columns of all flags."""
    named = batch.mapped(batch.text("status"), codes.status_flags, pl.List(pl.String))
    notice = _notice(batch)
    read: dict[str, pl.Series] = {}
    for flag, facts in FLAG_FACTS.items():
        key, since_on, until_on, why = (fact.name for fact in facts)
        published = batch.text(key)
        stated = batch.mapped(published, _stands, pl.Boolean)
        about = flag == notice
        since = first(date_of(batch, since_on), *_notice_day(batch, "notice_since_on", about))
        until = first(date_of(batch, until_on), *_notice_day(batch, "notice_until_on", about))
        since = first(since, batch.mapped(published, dates.parse, pl.Date))
        basis = first(batch.text(why), batch.mapped(published, _reason), _basis(batch, flag, stated, since))
        inside = named.list.contains(flag).fill_null(False)
        beside = pl.select(
            pl.any_horizontal(pl.lit(since.is_not_null()), pl.lit(batch.text(why).is_not_null()), pl.lit(inside))
        ).to_series()
        stands = first(stated, beside.set(~beside, None))
        read |= {key: stands, since_on: since, until_on: until, why: basis}
    return read


def _stands(text: str) -> bool | None:
    """Whether a column of a flag says that it stands; a day or a reason says so too."""
    return not _NO.fullmatch(text)


def _reason(text: str) -> str | None:
    """What a column of a flag says beside that it stands."""
    return None if _YES.fullmatch(text) or _NO.fullmatch(text) or dates.parse(text) or dates.is_sentinel(text) else text


def _notice(batch: Batch) -> str | None:
    """The flag that the notices of a file are about."""
    return next((flag for flag, words in _NOTICES if words.search(batch.layout.said)), None)


def _notice_day(batch: Batch, column: str, about: bool) -> list[pl.Series]:
    return [date_of(batch, column)] if about and batch.has(column) else []


def _basis(batch: Batch, flag: str, stated: pl.Series, since: pl.Series) -> pl.Series:
    """Of a notice of deregistration: whether it is by force or in brief, as heads, title or state say."""
    if flag != "拟注销":
        return batch.none()
    heads = " ".join(
        name for key, names in batch.layout.columns.items() if key.startswith(("closing", "notice")) for name in names
    )
    said = _kind_of_notice(f"{heads} {batch.layout.said}")
    whole = pl.repeat(said, batch.frame.height, dtype=pl.String, eager=True)
    noticed = since.is_not_null() | stated.fill_null(False)
    return first(batch.mapped(batch.text("status"), _kind_of_notice), whole.set(~noticed, None))


def _kind_of_notice(text: str) -> str | None:
    if re.search(r"拟.{0,6}强制注销|强制注销.{0,4}公[告示]", text):
        return "强制注销"
    return "简易注销" if "简易注销" in text else None
