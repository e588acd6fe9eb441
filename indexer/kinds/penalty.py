"""Administrative penalties 行政处罚: the 30 fields of 双公示 (Chinese names, pinyin codes), those of the national
publicity system and of its exchange format, and common wordings; fills `penalties`.

A row needs a party (name or code) and something that says what was decided: a document number, content, facts,
violation or a date of decision. Sums are in the unit of header or value (`indexer.kinds.penalty_sums`); the pinyin
codes of 双公示 and those of the exchange format are defined in 万元. The type and number of identity documents (fields
10 to 13) are personal and never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.party import double_publicity, numbered_ids, read_party, require
from indexer.canonical.values import as_table, date_of, read_or_name
from indexer.findings import Code
from indexer.kinds.penalty_sums import sums_of
from indexer.kinds.source import PARTY, Source, double_publicity_columns, with_party
from indexer.tables import table_of
from xincha.kinds.penalty import PENALTY as KIND
from xincha.text import codes

PENALTIES = table_of(KIND)
_WITHDRAWN = re.compile(
    r"(?<![未不])(?:已|被|予以|依法|决定)撤[销回]|(?:处罚|决定书?|本案|该案)(?:已|被|予以|依法|全部)*撤[销回]|^撤[销回](?:处罚|决定|公示)?$"
)
_REPAIRED = re.compile(
    r"(?<![未没])(?:已|予以|准予|同意|完成)(?:经|完成)?(?:信用)?修复|修复(?:已)?(?:成功|完成|完毕)|^(?:信用)?修复$"
)
_YES = re.compile(
    r"是|已.*|y|yes|true|1|修复|撤[销回]|信用修复|√|修复(?:成功|完成|完毕)|准予.*|同意.*|有", re.IGNORECASE
)
_NO = re.compile(r"否|未.*|不.*|n|no|false|0|无|没有|正常|公示中|有效|非.*|待.*|可.*", re.IGNORECASE)
_NO_REASON = re.compile(r"否|0|无|没有|正常|不适用|未撤[销回].*")
_STATES = {"0": "正常", "1": "撤销", "2": "异议", "3": "其他"}
_ON_THE_SPOT = re.compile(r"(?<!武)当(?:场|场?处)?罚|简(?:易|易?处)?罚|(?:当场|简易(?:程序)?)行政处罚")
"""In the number of a decision: of an office, 当罚 or 简罚."""


def penalties(batch: Batch) -> pl.DataFrame:
    """The batch's rows as penalties, rejected ones included."""
    party = read_party(batch)
    decided, public_until = date_of(batch, "decided_on"), date_of(batch, "public_until_on", end=True)
    require(batch, "doc_no", *(batch.text(name) for name in ("doc_no", "violation", "facts", "content")), decided)
    published, received = date_of(batch, "published_on"), date_of(batch, "received_on")
    batch.issue(public_until < decided, "public_until_on", Code.DATES_DISAGREE)
    batch.issue(published < decided, "published_on", Code.PUBLISHED_BEFORE_DECISION)
    between = (received >= decided).fill_null(True) & (received <= published).fill_null(True)
    batch.issue(~between, "received_on", Code.DATES_DISAGREE)
    states = batch.text("state").replace(_STATES), batch.text("public_state")
    types = _types(batch)
    fine, confiscated = sums_of(batch, types)
    read = {
        "record_id": numbered_ids(batch, "P", party, batch.text("doc_no"), decided, ("content", "facts", "violation")),
        **double_publicity(batch, party),
        "procedure": _procedure(batch),
        "penalty_types": types,
        "fine_cny": fine,
        "confiscated_cny": confiscated,
        "decided_on": decided,
        "received_on": received,
        "published_on": published,
        "public_until_on": public_until,
        "withdrawn": _flag(batch, "withdrawn", _WITHDRAWN, states, "withdrawal_reason"),
        "repaired": _flag(batch, "repaired", _REPAIRED, states),
    }
    return as_table(batch, PENALTIES, read)


def _types(batch: Batch) -> pl.Series:
    """The penalty types of both columns, or where there is none, those that the content names."""
    columns = [pl.lit(batch.text(name)) for name in ("penalty_types", "penalty_types_2")]
    both = pl.select(pl.concat_str(columns, separator="；", ignore_nulls=True)).to_series()
    published = both.set(both == "", None)
    types = batch.mapped(published, _penalty_types, pl.List(pl.String))
    batch.issue(published.is_not_null() & types.is_null(), "penalty_types", Code.UNKNOWN_PENALTY_TYPE, published)
    unstated = batch.text("content").set(published.is_not_null(), None)
    return first(types, batch.mapped(unstated, _penalty_types, pl.List(pl.String)))


def _penalty_types(text: str) -> list[str] | None:
    return list(codes.penalty_types(text)) or None


def _procedure(batch: Batch) -> pl.Series:
    """By which procedure it was decided, as the column says, or the number of the decision (…当罚〔2024〕1号)."""
    stated = read_or_name(batch, "procedure", codes.procedure, Code.UNKNOWN_PROCEDURE)
    return first(stated, batch.mapped(batch.text("doc_no"), procedure_by_number))


def procedure_by_number(number: str) -> str | None:
    """By which procedure a penalty was decided, where the number of the decision says it (…当罚〔2024〕1号)."""
    return codes.ON_THE_SPOT if _ON_THE_SPOT.search(number) else None


def _flag(
    batch: Batch, column: str, words: re.Pattern[str], states: Iterable[pl.Series], reason: str = ""
) -> pl.Series:
    """Whether a record is withdrawn or repaired: by a column of its own, by a date of it or a `reason` for it, or by
    the words of states and remark. Null where nothing is said."""
    own = batch.mapped(batch.text(column), yes_or_no, pl.Boolean)
    happened = batch.text(f"{column}_on").is_not_null() | batch.mapped(
        batch.text(reason), _is_reason, pl.Boolean
    ).fill_null(False)
    texts = [*states, batch.text("remark")]
    said = [
        pl.Series([bool(words.search(text or "")) or None for text in column], dtype=pl.Boolean) for column in texts
    ]
    normal = pl.select(pl.when(pl.lit(texts[0] == "正常")).then(False)).to_series()
    return first(own, happened.set(~happened, None), *said, normal)


def _is_reason(text: str) -> bool:
    return not _NO_REASON.fullmatch(text)


def yes_or_no(text: str) -> bool | None:
    """What a column of yes or no says; `None` where it is neither."""
    return True if _YES.fullmatch(text) else False if _NO.fullmatch(text) else None


PENALTY = Source(
    kind=KIND.name,
    title="行政处罚",
    table=PENALTIES,
    read=penalties,
    columns={
        **double_publicity_columns("CF", ("行政相对人类别", "CF_XDR_LB", "相对人类别", "当事人类别", "行政相对人类型")),
        "party_name": with_party("party_name", "行政相对人名称", "CF_XDR_MC"),
        "legal_rep": (
            "法定代表人", "CF_FRDB", "CF_FR", "法定代表人姓名", "法定代表人(负责人)", "法定代表人(负责人)姓名",
            "法定代表人/负责人", "负责人", "负责人姓名", "法人代表", "法人", "经营者", "主要负责人",
        ),
        "doc_no": (
            "行政处罚决定书文号", "CF_WSH", "penDecNo", "决定书文号", "处罚决定书文号", "处罚文书号",
            "行政处罚文书号", "处罚决定文书号", "行政处罚决定书号", "处罚决定书号", "处罚文号", "文书号", "文号",
            "决定文书号", "行政处罚决定文书号", "处罚书文号", "案号", "doc_no",
        ),
        "procedure": (
            "案件程序类别", "处罚程序", "适用程序", "程序类型", "案件程序", "程序类别", "处罚程序类型", "处罚程序类别",
            "行政处罚程序", "办案程序", "执法程序", "案件程序类型", "适用程序类型",
        ),
        "violation": (
            "违法行为类型", "CF_WFXW", "illegActType", "违法类型", "违法行为", "违法行为种类", "主要违法行为", "案由",
            "处罚案由",
        ),
        "facts": (
            "违法事实", "CF_SY", "处罚事由", "主要违法事实", "违法事实和证据", "处罚事实", "行政处罚事由",
            "违法违规事实",
        ),
        "basis": ("处罚依据", "CF_YJ", "行政处罚依据", "法律依据", "处罚法律依据", "行政处罚的依据", "处罚依据条款"),
        "penalty_types": (
            "处罚类别", "CF_CFLB", "penType_CN", "处罚种类", "行政处罚种类", "处罚类别1", "CF_CFLB1", "处罚类型",
            "行政处罚类别", "行政处罚类型", "penType", "处罚决定种类",
        ),
        "penalty_types_2": ("处罚类别2", "CF_CFLB2", "处罚种类2"),
        "content": (
            "处罚内容", "CF_NR", "penContent", "行政处罚内容", "处罚结果", "CF_JG", "CF_CFJG_NR", "处罚决定",
            "行政处罚结果", "处罚决定内容",
        ),
        "fine": (
            "罚款金额(万元)", "CF_NR_FK", "penAm", "罚款金额", "罚款", "罚款数额", "处罚金额", "罚款额", "罚款总额",
            "罚款总金额",
        ),
        "fine_and_confiscated": (
            "罚没金额", "罚没款", "罚没款金额", "罚没总额", "罚没总金额", "罚没合计", "罚没金额合计", "罚没款合计",
            "罚没款总额", "罚没数额", "罚没款数额", "罚款及没收金额", "罚款和没收金额", "罚款没收金额",
            "罚款及没收违法所得金额",
        ),
        "confiscated": (
            "没收违法所得、没收非法财物的金额(万元)", "CF_NR_WFFF", "forfAm", "没收金额",
            "没收违法所得、没收非法财物的金额", "没收违法所得金额", "没收违法所得没收非法财物的金额", "没收违法所得",
            "没收违法所得或没收非法财物的金额",
        ),
        "licence": ("暂扣或吊销证照名称及编号", "CF_NR_ZKDX", "暂扣或吊销证照名称", "吊销证照名称及编号"),
        "decided_on": (
            "处罚决定日期", "CF_JDRQ", "penDecIssDate", "作出行政处罚决定日期", "行政处罚决定日期", "决定日期",
            "处罚日期", "作出处罚决定日期", "处罚时间", "处罚决定时间", "作出行政处罚的日期", "decided_on",
        ),
        "effective_until_on": ("处罚有效期", "CF_YXQ", "处罚有效期至", "有效期"),
        "received_on": (
            "收到日期", "推送日期", "接收日期", "收到时间", "推送时间", "接收时间", "信息推送日期", "信息接收日期",
            "案件信息收到日期", "案件信息推送日期",
        ),
        "published_on": ("公示日期", "publicDate", "公示时间", "公开日期", "公布日期", "发布日期", "发布时间"),
        "public_until_on": (
            "公示截止期", "CF_GSJZQ", "CF_JZQ", "公示截止日期", "公示截至日期", "公示到期日期", "公示期限至",
            "处罚截止期", "公示期限",
        ),
        "authority": (
            "处罚机关", "CF_CFJG", "penAuth_CN", "决定机关名称", "作出行政处罚决定机关名称", "作出处罚决定的机关",
            "处罚单位", "处罚机构", "作出行政处罚决定机关", "作出处罚决定机关", "行政处罚机关", "行政处罚决定机关",
            "决定机关", "执法机关", "处罚实施机关", "作出行政处罚的机关名称", "penAuth",
        ),
        "authority_uscc": ("处罚机关统一社会信用代码", "CF_CFJGDM", "处罚机关代码"),
        "published_by": (
            "公示机关", "公示单位", "公示部门", "公示机构", "公示机关名称", "公示单位名称", "信息公示机关",
            "信息公示单位",
        ),
        "public_state": ("公示状态", "公开状态", "公示情况"),
        "data_source": ("数据来源单位", "CF_SJLY", "CF_SJLYDW", "数据来源"),
        "data_source_uscc": ("数据来源单位统一社会信用代码", "CF_SJLYDM", "CF_SJLYDWDM"),
        "remark": ("备注", "BZ", "CF_BZ", "说明"),
        "state": ("当前状态", "CF_ZT", "ZT", "处罚状态", "数据状态", "状态", "记录状态"),
        "withdrawn": ("是否撤销", "是否撤回", "撤销标志", "撤销情况"),
        "withdrawn_on": ("撤销日期", "撤回日期", "撤销时间"),
        "withdrawal_reason": (
            "撤销处罚的原因说明", "撤回理由", "撤销原因", "撤回原因", "撤销理由", "撤销处罚原因", "撤销处罚的原因",
            "撤销原因说明", "撤回原因说明",
        ),
        "corrected_on": ("更正日期", "更正时间", "信息更正日期"),
        "correction_reason": ("更正原因", "更正理由", "更正说明", "更正原因说明", "信息更正原因"),
        "repaired": ("是否修复", "是否已修复", "信用修复", "信用修复状态", "修复状态", "是否信用修复", "信用修复情况"),
        "repaired_on": ("修复日期", "信用修复日期", "修复时间", "信用修复时间", "修复完成日期"),
    },
    required=(PARTY, ("doc_no", "content", "facts", "violation", "decided_on")),
    marks=(
        "doc_no", "violation", "facts", "basis", "content", "penalty_types", "fine", "confiscated", "licence",
        "decided_on", "public_until_on", "effective_until_on", "party_kind", "fine_and_confiscated",
    ),
    units=dict.fromkeys(("CF_NR_FK", "penAm", "CF_NR_WFFF", "forfAm"), "万元"),
    ignored=(
        "pripid", "主体身份代码", "序号", "编号", "id", "数据更新时间", "数据更新时间戳", "SJC", "地方编码", "DFBM",
    ),
)  # fmt: skip
