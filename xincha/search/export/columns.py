"""Which facts an export holds, and what each is called: the columns of its tables, the keys of its JSON.

Every fact stands beside its source: `origin` is the row that stated all of them but those that `carried` names. A key
that is not declared here is in no export, whatever the index holds. Keys are those of the API; the Chinese heads are
the names that GSXT and 双公示 use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, get_args

from xincha.days import CHINA
from xincha.engine.contract import IndexName
from xincha.search.export.pages import Row
from xincha.search.requests import RecordKind

Type = Literal["text", "list", "date", "time", "number", "count", "flag", "carried"]

Kinds = tuple[RecordKind, ...]
_ALL: Kinds = get_args(RecordKind)


@dataclass(frozen=True, slots=True)
class Column:
    """One fact. `kinds`: the kinds of record that have it; `words`: for people, where the value is a code.

    `key` is a key of the row; `counts.penalty` one of a mapping in it.
    """

    key: str
    head: str
    type: Type = "text"
    kinds: Kinds = _ALL
    words: Mapping[str, str] = field(default_factory=dict)
    path: tuple[str, str] = field(init=False)

    def __post_init__(self) -> None:
        outer, _, inner = self.key.partition(".")
        object.__setattr__(self, "path", (outer, inner))

    def of(self, row: Row) -> Any:
        """The value as it is stored: text, number, true or false, a list, or `None`."""
        outer, inner = self.path
        value: Any = row.get(outer)
        return value.get(inner) if inner and value else value

    def shown(self, row: Row) -> str | float | None:
        """The value for a cell: a number, or text (dates `YYYY-MM-DD`, times of China); `None` for none."""
        value = self.of(row)
        if value is None or value == []:
            return None
        return self.words.get(value, value) if self.words else _SHOWN[self.type](value)


@lru_cache(256)
def local_time(text: str) -> str:
    """A stored time as the clock in China showed it, `YYYY-MM-DD HH:MM:SS`."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


_SOURCE = (
    Column("origin.file", "来源文件"),
    Column("origin.row", "来源行", "count"),
    Column("origin.loaded_at", "加载时间", "time"),
    Column("origin.batch_id", "加载批次"),
)

ENTITY = (
    Column("entity_id", "主体编号"),
    Column("name", "名称"),
    Column("uscc", "统一社会信用代码"),
    Column("reg_no", "注册号"),
    Column("org_code", "组织机构代码"),
    Column("former_names", "曾用名", "list"),
    Column("kind", "市场主体类型"),
    Column("enterprise_type", "企业类型"),
    Column("status", "登记状态"),
    Column("status_on", "状态日期", "date"),
    Column("legal_rep", "法定代表人"),
    Column("capital_cny", "注册资本（元）", "number"),
    Column("capital_amount", "注册资本数额", "number"),
    Column("capital_currency", "注册资本币种"),
    Column("capital_text", "注册资本（原文）"),
    Column("established_on", "成立日期", "date"),
    Column("approved_on", "核准日期", "date"),
    Column("term_from_on", "营业期限自", "date"),
    Column("term_to_on", "营业期限至", "date"),
    Column("region_code", "行政区划代码"),
    Column("region", "行政区划"),
    Column("address", "住所"),
    Column("industry_code", "行业代码"),
    Column("industry", "行业"),
    Column("scope", "经营范围"),
    Column("authority", "登记机关"),
    Column("counts.penalty", "行政处罚（次）", "count"),
    Column("counts.fine_cny", "罚款合计（元）", "number"),
    Column("counts.abnormal", "经营异常（次）", "count"),
    Column("counts.abnormal_now", "现列入经营异常（次）", "count"),
    Column("counts.spot_check", "抽查检查（次）", "count"),
    Column("counts.spot_check_found", "抽查发现问题（次）", "count"),
    *_SOURCE,
    Column("carried", "沿用较早文件的事项", "carried"),
)

_PENALTY: Kinds = ("penalty",)
_ABNORMAL: Kinds = ("abnormal",)
_CHECK: Kinds = ("spot_check",)
_KINDS = {"penalty": "行政处罚", "abnormal": "经营异常", "spot_check": "抽查检查"}
_STATES = {"listed": "现仍列入", "removed": "已移出", "found": "发现问题", "clear": "未发现问题"}
_RULES = {
    "uscc": "统一社会信用代码",
    "reg_no": "注册号",
    "name": "名称",
    "former_name": "曾用名",
    "none": "未对应",
    "ambiguous": "同名不止一家，未对应",
}

RECORD = (
    Column("record_id", "记录编号"),
    Column("kind", "记录类别", words=_KINDS),
    Column("party_name", "行政相对人名称"),
    Column("party_uscc", "行政相对人统一社会信用代码"),
    Column("party_reg_no", "行政相对人注册号"),
    Column("party_kind", "行政相对人类别", kinds=_PENALTY),
    Column("party_region_code", "行政相对人区划代码"),
    Column("legal_rep", "法定代表人", kinds=_PENALTY),
    Column("entity_id", "对应主体编号"),
    Column("entity_name", "对应主体名称"),
    Column("link_rule", "对应依据", words=_RULES),
    Column("candidates", "可能的主体", "list"),
    Column("happened_on", "日期", "date"),
    Column("state", "现状", kinds=("abnormal", "spot_check"), words=_STATES),
    Column("doc_no", "行政处罚决定书文号", kinds=_PENALTY),
    Column("violation", "违法行为类型", kinds=_PENALTY),
    Column("facts", "违法事实", kinds=_PENALTY),
    Column("basis", "处罚依据", kinds=_PENALTY),
    Column("penalty_types", "处罚类别", "list", _PENALTY),
    Column("content", "处罚内容", kinds=_PENALTY),
    Column("fine_cny", "罚款金额（元）", "number", _PENALTY),
    Column("confiscated_cny", "没收金额（元）", "number", _PENALTY),
    Column("licence", "暂扣或吊销证照名称及编号", kinds=_PENALTY),
    Column("decided_on", "处罚决定日期", "date", _PENALTY),
    Column("effective_until_on", "处罚有效期", "date", _PENALTY),
    Column("published_on", "公示日期", "date", _PENALTY),
    Column("public_until_on", "公示截止期（文件所载）", "date", _PENALTY),
    Column("authority", "处罚或检查机关", kinds=("penalty", "spot_check")),
    Column("authority_uscc", "处罚机关统一社会信用代码", kinds=_PENALTY),
    Column("data_source", "数据来源单位", kinds=_PENALTY),
    Column("data_source_uscc", "数据来源单位统一社会信用代码", kinds=_PENALTY),
    Column("remark", "备注", kinds=_PENALTY),
    Column("mark", "标记为经营异常状态", "flag", _ABNORMAL),
    Column("reason", "列入原因", kinds=_ABNORMAL),
    Column("reason_code", "列入原因代码", kinds=_ABNORMAL),
    Column("listed_on", "列入日期", "date", _ABNORMAL),
    Column("listed_by", "作出列入决定机关", kinds=_ABNORMAL),
    Column("list_doc_no", "列入决定文号", kinds=_ABNORMAL),
    Column("removed_on", "移出日期", "date", _ABNORMAL),
    Column("removal_reason", "移出原因", kinds=_ABNORMAL),
    Column("removed_by", "作出移出决定机关", kinds=_ABNORMAL),
    Column("removal_doc_no", "移出决定文号", kinds=_ABNORMAL),
    Column("check_type", "检查类型", kinds=_CHECK),
    Column("plan_no", "抽查计划编号", kinds=_CHECK),
    Column("plan_name", "抽查计划名称", kinds=_CHECK),
    Column("task_no", "抽查任务编号", kinds=_CHECK),
    Column("task_name", "抽查任务名称", kinds=_CHECK),
    Column("items", "抽查事项", "list", _CHECK),
    Column("results", "抽查结果", "list", _CHECK),
    Column("result_codes", "抽查结果代码", "list", _CHECK),
    Column("checked_on", "抽查日期", "date", _CHECK),
    Column("public_from", "公示自", "date"),
    Column("public_until", "公示至", "date"),
    Column("rule", "公示依据"),
    *_SOURCE,
)

_HEADS = {column.key: column.head for column in ENTITY}
_HEADS["industry_text"] = _HEADS["industry"]


def _carried(fact: Mapping[str, Any]) -> str:
    """A fact of an older file, as «住所：登记.csv 第 12 行（2026-11-01 08:00:00 加载）»."""
    name = _HEADS.get(fact["field"], fact["field"])
    return f"{name}：{fact['file']} 第 {fact['row']} 行（{local_time(fact['loaded_at'])} 加载）"


def _joined(values: Sequence[str | None]) -> str:
    return "；".join(value or "" for value in values)


_SHOWN: Mapping[Type, Callable[[Any], str | float]] = {
    "text": str,
    "list": _joined,
    "date": str,
    "time": local_time,
    "number": float,
    "count": float,
    "flag": lambda value: "是" if value else "否",
    "carried": lambda facts: "；".join(map(_carried, facts)),
}


def columns(index: IndexName, kinds: Sequence[str] = ()) -> tuple[Column, ...]:
    """The columns of a table of entities, or of records of these kinds (none: of all)."""
    if index == "entities":
        return ENTITY
    return tuple(column for column in RECORD if not kinds or not set(kinds).isdisjoint(column.kinds))


def public(row: Row, index: IndexName) -> dict[str, object]:
    """A row with the declared keys and no others, each of them: `None` or an empty list where nothing was published."""
    declared = _KEYS[index if index == "entities" else str(row["kind"])]
    return {key: row.get(key, () if empty else None) for key, empty in declared}


def _keys(chosen: Sequence[Column]) -> tuple[tuple[str, bool], ...]:
    """Outermost keys, and which of them hold lists."""
    return tuple({each.path[0]: each.type in ("list", "carried") for each in chosen}.items())


_KEYS: Mapping[str, tuple[tuple[str, bool], ...]] = {
    "entities": _keys(ENTITY),
    **{kind: _keys(columns("records", [kind])) for kind in _ALL},
}
