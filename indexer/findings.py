"""What can be wrong with a row or a value: the codes, and what each one says to a person.

A *reject* is a row that could not be used; an *issue* is a value that could not be read, of a row that was kept, or
something about that row that a reader of it should know. Both have the columns of `FINDING` (`indexer.tables.REJECTS`
without `batch_id`). `raw` is the row or value as published, masked like every text and cut to `RAW_LENGTH` characters.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

import polars as pl

from indexer.report import FindingCount
from indexer.tables import REJECTS

FINDING: dict[str, pl.DataType | type[pl.DataType]] = {k: v for k, v in REJECTS.items() if k != "batch_id"}
RAW_LENGTH = 500
SOURCE_ROW = "source_row"
LINE = "line"


class Code(StrEnum):
    """Why a row was rejected or a value is missing; `message` says it to a person."""

    message: str

    def __new__(cls, value: str, message: str) -> Self:
        """A code that is its value, with what it says."""
        code = str.__new__(cls, value)
        code._value_ = value
        code.message = message
        return code

    # rows
    WRONG_FIELD_COUNT = "wrong_field_count", "字段数与表头不符"
    UNCLOSED_QUOTE = "unclosed_quote", "引号没有闭合"
    UNDECODABLE = "undecodable", "该行含有无法按文件编码解读的字节"
    TOO_LONG = "too_long", "该行过长"
    BAD_JSON = "bad_json", "不是合法的 JSON"
    TOO_DEEP = "too_deep", "JSON 嵌套过深"
    NOT_AN_OBJECT = "not_an_object", "JSON 行不是对象"
    REPEATED_HEADER = "repeated_header", "重复的表头行"
    TEMPLATE_ROW = "template_row", "填报要求或示例行,不是记录"
    NOT_PUBLISHED = "not_published", "结果尚未审核公示,不采用"
    NO_RECORD = "no_record", "合计、注释、页码或分组标题,不是记录"
    NO_PARTY = "no_party", "没有当事人名称或可用代码"
    NO_NAME = "no_name", "没有可用的主体名称"
    NO_TITLE = "no_title", "没有文书标题,不是决定书一类的文书"
    NO_KEY_FACT = "no_key_fact", "缺少该类记录必需的内容"
    # values
    BAD_CODE = "bad_code", "统一社会信用代码不合规(GB 32100-2015)"
    CODE_READ_AS_REG_NO = "code_read_as_reg_no", "统一社会信用代码栏中是注册号,已按注册号读取"
    IDENTITY_AS_CODE = "identity_as_code", "代码栏中是身份证号码,没有采用"
    BAD_REG_NO = "bad_reg_no", "注册号不合规"
    BAD_ORG_CODE = "bad_org_code", "组织机构代码不合规(GB 11714)"
    BAD_DATE = "bad_date", "无法识别的日期"
    BAD_AMOUNT = "bad_amount", "无法识别的金额或其单位"
    UNIT_CONFLICT = "unit_conflict", "金额栏的单位与处罚内容不符,已按处罚内容读取"
    SUM_AS_FINE = "sum_as_fine", "罚款金额栏是罚款与没收的合计,已按处罚内容分列"
    SUM_NOT_DIVIDED = "sum_not_divided", "罚没金额没有分列罚款与没收,未采用"
    AMOUNTS_DISAGREE = "amounts_disagree", "罚没金额与罚款、没收之和不符"
    RATIO_DISAGREES = "ratio_disagrees", "抽取户数与库总户数、抽取比例不符,三者都照原样展示"
    SHARED_AMOUNT = "shared_amount", "一个金额合并在几个当事人的行上,没有采用"
    UNKNOWN_STATUS = "unknown_status", "无法识别的登记状态"
    UNKNOWN_REASON = "unknown_reason", "未能归入规定的列入事由"
    UNKNOWN_RESULT = "unknown_result", "未能归入规定的检查结果"
    UNKNOWN_INDUSTRY = "unknown_industry", "无法识别的行业(GB/T 4754)"
    UNKNOWN_PENALTY_TYPE = "unknown_penalty_type", "未能归入规定的处罚种类"
    UNKNOWN_PROCEDURE = "unknown_procedure", "无法识别的案件程序"
    UNKNOWN_REGION = "unknown_region", "无法识别的行政区划"
    UNREADABLE_VALUE = "unreadable_value", "该值不是该栏应有的内容"
    VALUE_TOO_LONG = "value_too_long", "该值过长:长文只保留开头,其他各栏不采用"
    SHIFTED_COLUMNS = "shifted_columns", "各栏错位,只采用可以确认的内容"
    MALFORMED_QUOTE = "malformed_quote", "引号使用不规范,内容可能有误"
    MOJIBAKE = "mojibake", "乱码"
    PRECISION_LOST = "precision_lost", "表格软件已丢失号码的部分数字"
    DATES_DISAGREE = "dates_disagree", "日期先后矛盾"
    PUBLISHED_BEFORE_DECISION = "published_before_decision", "公示日期早于处罚决定日期"
    NO_TEXT = "no_text", "文件没有文字层(扫描件),只保留文件信息"
    SEVERAL_PARTIES = "several_parties", "一栏中有多个当事人,记录对应到其中能够确认的每一个"
    # named by the lake, which alone sees all rows of a key
    DUPLICATE_KEY = "duplicate_key", "同一主键出现内容不同的行"
    NAME_OF_ANOTHER = "name_of_another", "名称是另一主体的,与代码不符,未采用该行;其后的文件再次如此载明才采用"
    CODE_OF_ANOTHER = "code_of_another", "名称与代码属于不同的主体,记录未对应到其中任何一个"
    TEXT_CONFLICT = "text_conflict", "全文与记录的罚款金额不一致,两者都照原样展示"
    NAMED_OTHERWISE = "named_otherwise", "代码所属主体登记的是另一名称,已按代码对应"


def count_by_code(findings: pl.LazyFrame, *, latest: bool = False) -> list[FindingCount]:
    """How often each code occurs, commonest first, with the first of its findings as example, or with the latest."""
    place = pl.format("{}:{} {}", "source_file", "source_row", "message")
    counts = findings.group_by("code").agg(pl.len(), example=place.last() if latest else place.first())
    return [FindingCount(*row) for row in counts.sort("len", "code", descending=[True, False]).collect().iter_rows()]
