"""What can be wrong with a row or a value: the codes, and what each one says to a person.

A *reject* is a row that could not be used; an *issue* is a value that could not be read, of a row that was kept, or
something about that row that a reader of it should know. Both have the columns of `FINDING` (`indexer.tables.REJECTS`
without `batch_id`). `raw` is the row or value as published, masked like every text and cut to `RAW_LENGTH` characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

import polars as pl

from indexer.tables import REJECTS
from xincha.rules.redact import redact

FINDING: dict[str, pl.DataType | type[pl.DataType]] = {k: v for k, v in REJECTS.items() if k != "batch_id"}
RAW_LENGTH = 500
SOURCE_ROW = "source_row"
LINE = "line"


class Code(StrEnum):
    """Why a row was rejected or a value is missing. The text of each is in `MESSAGES`."""

    # rows
    WRONG_FIELD_COUNT = "wrong_field_count"
    UNCLOSED_QUOTE = "unclosed_quote"
    UNDECODABLE = "undecodable"
    TOO_LONG = "too_long"
    BAD_JSON = "bad_json"
    NOT_AN_OBJECT = "not_an_object"
    REPEATED_HEADER = "repeated_header"
    NO_PARTY = "no_party"
    NO_NAME = "no_name"
    NO_KEY_FACT = "no_key_fact"
    # values
    BAD_CODE = "bad_code"
    CODE_READ_AS_REG_NO = "code_read_as_reg_no"
    BAD_REG_NO = "bad_reg_no"
    BAD_ORG_CODE = "bad_org_code"
    BAD_DATE = "bad_date"
    BAD_AMOUNT = "bad_amount"
    UNIT_CONFLICT = "unit_conflict"
    UNKNOWN_STATUS = "unknown_status"
    UNKNOWN_REASON = "unknown_reason"
    UNKNOWN_RESULT = "unknown_result"
    UNKNOWN_INDUSTRY = "unknown_industry"
    UNKNOWN_PENALTY_TYPE = "unknown_penalty_type"
    UNKNOWN_REGION = "unknown_region"
    UNREADABLE_VALUE = "unreadable_value"
    SHIFTED_COLUMNS = "shifted_columns"
    MALFORMED_QUOTE = "malformed_quote"
    MOJIBAKE = "mojibake"
    PRECISION_LOST = "precision_lost"
    DATES_DISAGREE = "dates_disagree"
    # named by the lake, which alone sees all rows of a key
    DUPLICATE_KEY = "duplicate_key"


MESSAGES: Mapping[Code, str] = {
    Code.WRONG_FIELD_COUNT: "字段数与表头不符",
    Code.UNCLOSED_QUOTE: "引号没有闭合",
    Code.UNDECODABLE: "该行含有无法按文件编码解读的字节",
    Code.TOO_LONG: "该行过长",
    Code.BAD_JSON: "不是合法的 JSON",
    Code.NOT_AN_OBJECT: "JSON 行不是对象",
    Code.REPEATED_HEADER: "重复的表头行",
    Code.NO_PARTY: "没有当事人名称或可用代码",
    Code.NO_NAME: "没有可用的主体名称",
    Code.NO_KEY_FACT: "缺少该类记录必需的内容",
    Code.BAD_CODE: "统一社会信用代码不合规(GB 32100-2015)",
    Code.CODE_READ_AS_REG_NO: "统一社会信用代码栏中是注册号,已按注册号读取",
    Code.BAD_REG_NO: "注册号不合规",
    Code.BAD_ORG_CODE: "组织机构代码不合规(GB 11714)",
    Code.BAD_DATE: "无法识别的日期",
    Code.BAD_AMOUNT: "无法识别的金额",
    Code.UNIT_CONFLICT: "金额栏与处罚内容相差一万倍,已按处罚内容读取",
    Code.UNKNOWN_STATUS: "无法识别的登记状态",
    Code.UNKNOWN_REASON: "未能归入规定的列入事由",
    Code.UNKNOWN_RESULT: "未能归入规定的检查结果",
    Code.UNKNOWN_INDUSTRY: "无法识别的行业(GB/T 4754)",
    Code.UNKNOWN_PENALTY_TYPE: "未能归入规定的处罚种类",
    Code.UNKNOWN_REGION: "无法识别的行政区划",
    Code.UNREADABLE_VALUE: "该值不是该栏应有的内容",
    Code.SHIFTED_COLUMNS: "各栏错位,只采用可以确认的内容",
    Code.MALFORMED_QUOTE: "引号使用不规范,内容可能有误",
    Code.MOJIBAKE: "乱码",
    Code.PRECISION_LOST: "表格软件已丢失号码的部分数字",
    Code.DATES_DISAGREE: "日期先后矛盾",
    Code.DUPLICATE_KEY: "同一主键出现内容不同的行",
}


def finding(  # noqa: PLR0913 - the columns of a finding, by name
    code: Code,
    *,
    source_file: str,
    source_row: int,
    line: int | None = None,
    column: str | None = None,
    raw: str = "",
    detail: str = "",
) -> dict[str, object]:
    """One finding as a row of `FINDING`; `detail` follows the message of the code."""
    return {
        "source_file": source_file,
        "source_row": source_row,
        "line": line,
        "column": column,
        "code": code.value,
        "message": f"{MESSAGES[code]}:{detail}" if detail else MESSAGES[code],
        "raw": redact(raw[:RAW_LENGTH]),
    }


def findings(rows: Iterable[Mapping[str, object]] = ()) -> pl.DataFrame:
    """Findings as a frame with the columns of `FINDING`."""
    return pl.DataFrame(list(rows), schema=FINDING, orient="row")
