"""Results of spot checks → `spot_checks`."""

from __future__ import annotations

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.party import read_party, record_ids, require
from indexer.canonical.values import date_of, split_list
from indexer.findings import Code
from indexer.tables import SPOT_CHECKS
from xincha.text import codes
from xincha.text.fold import fold

_LIST = pl.List(pl.String)
_TYPES = {"1": "抽查", "2": "检查"}


def spot_checks(batch: Batch) -> pl.DataFrame:
    """The batch's rows as checks, rejected ones included; rows of one check are not joined here."""
    party = read_party(batch, "authority")
    checked = date_of(batch, "checked_on")
    texts = {name: batch.text(name) for name in ("plan_no", "plan_name", "task_no", "task_name", "authority")}
    require(batch, "results", checked, batch.text("results"), *list(texts.values())[:4])
    results = batch.mapped(batch.text("results"), split_results, _LIST)
    what = first(*(texts[name] for name in ("plan_no", "task_no", "plan_name", "task_name")))
    folded = [batch.mapped(part, fold) for part in (what, texts["authority"])]
    return pl.DataFrame(
        {
            "record_id": record_ids("C", party.key, checked, *folded),
            **party.columns,
            **{name: texts[name] for name in ("plan_no", "plan_name", "task_no", "task_name")},
            "check_type": batch.mapped(batch.text("check_type"), check_type),
            "items": batch.mapped(batch.text("items"), split_list, _LIST),
            "results": results,
            "result_codes": _result_codes(batch),
            "checked_on": checked,
            "authority": texts["authority"],
        },
        schema=dict(SPOT_CHECKS.columns),
    )


def split_results(text: str) -> list[str] | None:
    """The results in one text: split at `；` and the like; at `，` and `、` only where every part is a known result,
    and each another one (隐瞒真实情况、弄虚作假 is one)."""
    found: list[str] = []
    for part in split_list(text) or ():
        finer = [one for one in part.replace("、", "，").split("，") if one]
        different = set(map(codes.spot_check_result, finer)) - {None}
        found += finer if len(different) == len(finer) > 1 else [part]
    return found or None


def check_type(text: str) -> str:
    """抽查 or 检查, which may be published as 1 and 2; anything else as published."""
    if text in _TYPES:
        return _TYPES[text]
    return "抽查" if "抽查" in text or "随机" in text else "检查" if "检查" in text else text


def _result_codes(batch: Batch) -> pl.Series:
    published = batch.text("results")
    found = batch.mapped(published, result_codes, _LIST)
    batch.issue(found.list.eval(pl.element().is_null()).list.any(), "results", Code.UNKNOWN_RESULT)
    return found


def result_codes(text: str) -> list[str | None] | None:
    """The code of each result in a text, in their order; `None` for a result that is on no official list."""
    return [codes.spot_check_result(result) for result in split_results(text) or ()] or None
