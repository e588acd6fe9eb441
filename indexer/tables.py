"""The canonical tables of the lake: their columns, types, keys and meaning.

Dates are dates (`_on`), money is yuan (`_cny`), codes are text with their leading zeros, and the text as published
stays beside a value read from it where reading could lose something (`_text`). Every data row carries `ORIGIN`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

MONEY = pl.Decimal(20, 2)
TIME = pl.Datetime("us", "UTC")

ORIGIN: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "batch_id": pl.String,  # the load that wrote this row
    "source_file": pl.String,  # name of the file, relative to what was loaded; `archive.zip/inner.csv` inside archives
    "source_row": pl.Int64,  # first row of data is 1, as counted by a person under the header
    "loaded_at": TIME,
}

CARRIED = pl.List(pl.Struct({"field": pl.String, "source_file": pl.String, "source_row": pl.Int64, "loaded_at": TIME}))
"""Facts of a merged row that come from an older file, because the newer one did not state them."""


@dataclass(frozen=True)
class Table:
    """A table of the lake. `key` identifies a row; rows of one key merge."""

    name: str
    key: str
    columns: Mapping[str, pl.DataType | type[pl.DataType]]

    @property
    def schema(self) -> dict[str, pl.DataType | type[pl.DataType]]:
        """All columns in order, origin included."""
        return {**self.columns, **ORIGIN, "carried": CARRIED}


ENTITIES = Table(
    "entities",
    "entity_id",
    {
        "entity_id": pl.String,  # USCC where valid, else `R-`+reg_no, else `N-`+hash of name key and region
        "uscc": pl.String,
        "reg_no": pl.String,
        "org_code": pl.String,
        "name": pl.String,
        "name_key": pl.String,
        "former_names": pl.List(pl.String),
        "kind": pl.String,  # 企业, 个体工商户, 农民专业合作社, 分支机构, 外国企业常驻代表机构, 其他
        "enterprise_type": pl.String,
        "status": pl.String,  # one of xincha.text.codes.STATUSES; null where not published
        "status_on": pl.Date,
        "legal_rep": pl.String,
        "capital_cny": MONEY,  # null where the currency is another one
        "capital_amount": MONEY,  # in units (not ten thousands) of capital_currency
        "capital_currency": pl.String,  # ISO 4217
        "capital_text": pl.String,
        "established_on": pl.Date,
        "approved_on": pl.Date,
        "term_from_on": pl.Date,
        "term_to_on": pl.Date,  # 9999-12-31: 长期, no end
        "region_code": pl.String,  # GB/T 2260, six digits, the finest that is known (350200: city only)
        "address": pl.String,
        "industry_code": pl.String,  # GB/T 4754, 1 to 4 digits or section letter + digits as published
        "industry_text": pl.String,
        "scope": pl.String,
        "authority": pl.String,
    },
)

_PARTY: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "party_name": pl.String,
    "party_name_key": pl.String,
    "party_uscc": pl.String,
    "party_reg_no": pl.String,
    "party_region_code": pl.String,  # from its address, code or the authority's name; null where unknown
}

PENALTIES = Table(
    "penalties",
    "record_id",
    {
        "record_id": pl.String,  # `P-` + hash of party and document number (without one: date and content)
        **_PARTY,
        "party_kind": pl.String,  # 法人及非法人组织, 个体工商户, 自然人
        "party_org_code": pl.String,
        "party_tax_no": pl.String,
        "party_institution_no": pl.String,
        "party_society_no": pl.String,
        "legal_rep": pl.String,
        "doc_no": pl.String,
        "violation": pl.String,  # 违法行为类型
        "facts": pl.String,  # 违法事实
        "basis": pl.String,  # 处罚依据
        "penalty_types": pl.List(pl.String),  # 处罚类别, split: 警告, 罚款, 没收违法所得, …
        "content": pl.String,  # 处罚内容
        "fine_cny": MONEY,
        "confiscated_cny": MONEY,
        "licence": pl.String,  # 暂扣或吊销证照名称及编号
        "decided_on": pl.Date,
        "effective_until_on": pl.Date,  # 处罚有效期
        "published_on": pl.Date,
        "public_until_on": pl.Date,  # 公示截止期, as the file states it
        "authority": pl.String,
        "authority_uscc": pl.String,
        "data_source": pl.String,
        "data_source_uscc": pl.String,
        "remark": pl.String,
        "withdrawn": pl.Boolean,  # 撤销, 撤回
        "repaired_on": pl.Date,  # 信用修复
        "repaired": pl.Boolean,
    },
)

ABNORMAL_LISTINGS = Table(
    "abnormal_listings",
    "record_id",
    {
        "record_id": pl.String,  # `A-` + hash of party, date of listing and reason
        **_PARTY,
        "mark": pl.Boolean,  # true: 个体工商户 marked 标记为经营异常状态, false: listed
        "reason": pl.String,  # as published
        "reason_code": pl.String,  # one of xincha.text.codes.ABNORMAL_REASONS; null where none fits
        "listed_on": pl.Date,
        "listed_by": pl.String,
        "list_doc_no": pl.String,
        "removed_on": pl.Date,
        "removal_reason": pl.String,
        "removed_by": pl.String,
        "removal_doc_no": pl.String,
    },
)

SPOT_CHECKS = Table(
    "spot_checks",
    "record_id",
    {
        "record_id": pl.String,  # `C-` + hash of party, date, plan or task, and authority
        **_PARTY,
        "plan_no": pl.String,
        "plan_name": pl.String,
        "task_no": pl.String,
        "task_name": pl.String,
        "check_type": pl.String,  # 抽查 (random) or 检查
        "items": pl.List(pl.String),
        "results": pl.List(pl.String),  # as published, one each
        "result_codes": pl.List(pl.String),  # of text.codes.SPOT_CHECK_RESULTS, beside `results`; null where none
        "checked_on": pl.Date,
        "authority": pl.String,
    },
)

RECORD_TABLES = (PENALTIES, ABNORMAL_LISTINGS, SPOT_CHECKS)
DATA_TABLES = (ENTITIES, *RECORD_TABLES)

LINKS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "record_id": pl.String,
    "table": pl.String,
    "entity_id": pl.String,  # null where rule is none or ambiguous
    "rule": pl.String,  # uscc, reg_no, name, former_name, none, ambiguous
    "candidates": pl.List(pl.String),  # of an ambiguous one: at most ten entity_ids
}

CHANGES: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "table": pl.String,
    "key": pl.String,
    "field": pl.String,
    "old": pl.String,  # as text; lists as JSON
    "new": pl.String,
    "old_source_file": pl.String,
    "old_source_row": pl.Int64,
    "old_loaded_at": TIME,  # from when the lake held it
    "batch_id": pl.String,  # the load that replaced it
    "changed_at": TIME,  # until when
    "source_file": pl.String,
    "source_row": pl.Int64,
}

REJECTS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "batch_id": pl.String,
    "source_file": pl.String,
    "source_row": pl.Int64,
    "line": pl.Int64,  # physical line of text files; null for the others
    "column": pl.String,
    "code": pl.String,  # see indexer.findings
    "message": pl.String,
    "raw": pl.String,  # masked like every text
}
"""Rows that could not be used. `ISSUES` has the same columns: values that could not be read, of rows that were kept."""

ISSUES = REJECTS

BATCHES: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "batch_id": pl.String,
    "started_at": TIME,
    "finished_at": TIME,
    "files": pl.List(
        pl.Struct(
            {
                "file": pl.String,
                "sha256": pl.String,
                "bytes": pl.Int64,
                "kind": pl.String,
                "rows_read": pl.Int64,
                "kept": pl.Int64,
                "merged": pl.Int64,
                "rejected": pl.Int64,
                "issues": pl.Int64,
            }
        )
    ),
    "versions": pl.String,  # JSON: Delta version of every table when this load was complete
    "seconds": pl.String,  # JSON: stage -> seconds
    "program": pl.String,  # version of Xincha that wrote it
}
"""The ledger. A load is complete when its row is here; readers open every table at the versions of the last row."""
