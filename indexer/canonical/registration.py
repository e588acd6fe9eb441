"""Registrations → `entities`."""

from __future__ import annotations

import re

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first, hashed, kinds, name_keys, org_codes, read_codes
from indexer.canonical.places import region_codes
from indexer.canonical.shift import settle_shifted
from indexer.canonical.values import amount_of, as_published, date_of, read_or_name
from indexer.findings import Code
from indexer.tables import ENTITIES
from xincha.text import codes, dates, money, uscc

_TERM = re.compile(r"\s*(?:至|到|—+|–+|~|～|--+| - )\s*")
_NAMES = re.compile(r"[;；,，、|]+")
_LIKE_CODE = r"^[0-9A-Za-z\s-]{18,24}$"
_NO_NAME = r"^[\d\s\p{P}\p{S}]+$"


def entities(batch: Batch) -> pl.DataFrame:
    """The batch's rows as entities, rejected ones included; name, code or number say which are usable."""
    settle_shifted(batch)
    names = _names(batch)
    found = read_codes(batch, "uscc", "reg_no", "code")
    batch.reject(names.is_null() & found.uscc.is_null() & found.reg_no.is_null(), "name", Code.NO_NAME)
    keys = name_keys(batch, names)
    region = region_codes(batch, found.uscc)
    capital = _capital(batch)
    amount, currency = capital.struct.field("amount"), capital.struct.field("currency")
    status = read_or_name(batch, "status", codes.status, Code.UNKNOWN_STATUS)
    term = _terms(batch)
    return pl.DataFrame(
        {
            "entity_id": _entity_ids(found.uscc, found.reg_no, keys, region),
            "uscc": found.uscc,
            "reg_no": found.reg_no,
            "org_code": org_codes(batch, "org_code", found.uscc),
            "name": names,
            "name_key": keys,
            "former_names": _former_names(batch),
            "kind": kinds(batch, found.uscc, names),
            "enterprise_type": batch.text("enterprise_type"),
            "status": status,
            "status_on": _status_on(batch, status),
            "legal_rep": batch.text("legal_rep"),
            "capital_cny": amount.set(currency.ne_missing("CNY"), None),
            "capital_amount": amount,
            "capital_currency": currency,
            "capital_text": first(
                as_published(batch, "capital"), as_published(batch, "capital_ten_thousands", ten_thousands=True)
            ),
            "established_on": date_of(batch, "established_on"),
            "approved_on": date_of(batch, "approved_on"),
            "term_from_on": first(date_of(batch, "term_from_on"), term[0]),
            "term_to_on": first(date_of(batch, "term_to_on", end=True), term[1]),
            "region_code": region,
            "address": batch.text("address"),
            **_industry(batch),
            "scope": batch.text("scope"),
            "authority": batch.text("authority"),
        },
        schema=dict(ENTITIES.columns),
    )


def _names(batch: Batch) -> pl.Series:
    names = first(batch.text("name"), batch.text("trade_name"))
    # a code or date in the place of a name names nobody
    like_code = names.set(~names.str.contains(_LIKE_CODE), None)
    no_name = names.str.contains(_NO_NAME) | batch.mapped(like_code, _is_code, pl.Boolean)
    batch.issue(no_name, "name", Code.UNREADABLE_VALUE, names)
    return names.set(no_name.fill_null(False), None)


def _is_code(text: str) -> bool:
    return uscc.normalize(text) is not None


def _capital(batch: Batch) -> pl.Series:
    currency = read_or_name(batch, "capital_currency", money.currency, Code.UNREADABLE_VALUE)
    return first(
        amount_of(batch, "capital", ten_thousands=False, currency=currency),
        amount_of(batch, "capital_ten_thousands", ten_thousands=True, currency=currency),
    )


def _former_names(batch: Batch) -> pl.Series:
    published = batch.text("former_names")
    if published.is_null().all():
        return batch.none(pl.List(pl.String))
    return batch.mapped(published, _split_names, pl.List(pl.String))


def _split_names(text: str) -> list[str] | None:
    names = [name.strip() for name in _NAMES.split(text)]
    return [*dict.fromkeys(name for name in names if len(name) > 1)] or None


def _status_on(batch: Batch, status: pl.Series) -> pl.Series:
    """The date of the state: of cancellation or of revocation, whichever the state is about; else the later one."""
    revoked, cancelled = date_of(batch, "revoked_on"), date_of(batch, "cancelled_on")
    revocation = (status == "吊销未注销").fill_null(False)
    return first(cancelled.set(revocation, None), revoked)


def _terms(batch: Batch) -> tuple[pl.Series, pl.Series]:
    """Both ends of a term in one column: `2010-01-01至长期`."""
    published = batch.text("term")
    both = batch.mapped(published, _term, pl.Struct({"start": pl.Date, "end": pl.Date}))
    start, end = both.struct.field("start"), both.struct.field("end")
    batch.issue(published.is_not_null() & start.is_null() & end.is_null(), "term", Code.BAD_DATE)
    return start, end


def _term(text: str) -> dict[str, object]:
    ends = _TERM.split(text, maxsplit=1)
    start = ends[0] if len(ends) == 2 else ""
    return {"start": dates.parse(start.removeprefix("自")), "end": dates.parse_end(ends[-1])}


def _industry(batch: Batch) -> dict[str, pl.Series]:
    names = ("industry_code", "industry_text", "industry_section")
    read = {name: batch.mapped(batch.text(name), codes.industry) for name in names}
    code = first(*read.values())
    for name in names:
        unread = read[name] if name == "industry_code" else code  # words may be vague where a code says it
        batch.issue(batch.text(name).is_not_null() & unread.is_null(), name, Code.UNKNOWN_INDUSTRY)
    return {"industry_code": code, "industry_text": first(batch.text("industry_text"), batch.text("industry_section"))}


def _entity_ids(usccs: pl.Series, numbers: pl.Series, keys: pl.Series, regions: pl.Series) -> pl.Series:
    """The code; else `R-` and the registration number; else `N-` and a hash of the name key and the city."""
    ids = first(usccs, pl.select("R-" + pl.lit(numbers)).to_series())
    unnamed = ids.is_null() & keys.is_not_null()
    if not unnamed.any():
        return ids
    made = [
        f"N-{hashed(key, region and region[:4])}" if needed else None
        for key, region, needed in zip(keys, regions, unnamed, strict=True)
    ]
    return first(ids, pl.Series(made, dtype=pl.String))
