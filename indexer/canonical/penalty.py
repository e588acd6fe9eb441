"""Administrative penalties → `penalties`."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first, org_codes
from indexer.canonical.party import Party, dates_in_order, read_party, record_ids, require
from indexer.canonical.values import amount_of, date_of
from indexer.findings import Code
from indexer.tables import MONEY, PENALTIES
from xincha.rules.redact import redact
from xincha.text import codes, money, uscc
from xincha.text.doc_no import doc_no_key
from xincha.text.fold import fold

_LIST = pl.List(pl.String)
_PLAIN = (
    "doc_no",
    "violation",
    "facts",
    "basis",
    "content",
    "licence",
    "authority",
    "data_source",
    "remark",
    "legal_rep",
)
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
_STATES = {"0": "正常", "1": "撤销", "2": "异议", "3": "其他"}
_PERSON = re.compile("自然人|个人|公民")
_SOLE_TRADER = "个体工商户"
_ORGANIZATION = "法人及非法人组织"
_TEN_THOUSAND = Decimal(10_000)


def penalties(batch: Batch) -> pl.DataFrame:
    """The batch's rows as penalties, rejected ones included."""
    party = read_party(batch, "authority")
    texts = {name: batch.text(name) for name in _PLAIN}
    decided, published = date_of(batch, "decided_on"), date_of(batch, "published_on")
    public_until = date_of(batch, "public_until_on", end=True)
    require(batch, "doc_no", *(texts[name] for name in ("doc_no", "violation", "facts", "content")), decided)
    dates_in_order(batch, "public_until_on", decided, public_until)
    state = batch.text("state").replace(_STATES)
    return pl.DataFrame(
        {
            "record_id": _ids(batch, party, texts, decided),
            **party.columns,
            **texts,
            "party_kind": _party_kinds(batch, party),
            "party_org_code": org_codes(batch, "party_org_code", party.uscc),
            "party_tax_no": batch.mapped(batch.text("party_tax_no"), tax_no),
            "party_institution_no": batch.text("party_institution_no"),
            "party_society_no": batch.text("party_society_no"),
            "penalty_types": _types(batch),
            "fine_cny": _yuan_of(batch, "fine", money.fine_in),
            "confiscated_cny": _yuan_of(batch, "confiscated", money.confiscated_in),
            "decided_on": decided,
            "effective_until_on": date_of(batch, "effective_until_on", end=True),
            "published_on": published,
            "public_until_on": public_until,
            "authority_uscc": _office(batch, "authority_uscc"),
            "data_source_uscc": _office(batch, "data_source_uscc"),
            "withdrawn": _flag(batch, "withdrawn", _WITHDRAWN, state),
            "repaired_on": date_of(batch, "repaired_on"),
            "repaired": _flag(batch, "repaired", _REPAIRED, state),
        },
        schema_overrides=dict(PENALTIES.columns),
    ).select(*PENALTIES.columns)


def _ids(batch: Batch, party: Party, texts: dict[str, pl.Series], decided: pl.Series) -> pl.Series:
    """Party and document number; without a number, party, date and the text of the decision."""
    numbers = batch.mapped(texts["doc_no"], doc_no_key)
    numbers = numbers.set(numbers == "", None)
    what = batch.mapped(first(texts["content"], texts["facts"], texts["violation"]), fold)
    return first(
        record_ids("P", party.key, numbers).set(numbers.is_null(), None),
        record_ids("P", party.key, decided, what),
    )


def _party_kinds(batch: Batch, party: Party) -> pl.Series:
    """法人及非法人组织, 个体工商户 or 自然人, as published; else what the code says."""
    published = batch.mapped(batch.text("party_kind"), party_kind)
    by_code = batch.mapped(party.uscc.str.slice(0, 2), _kind_of_code)
    return first(published, by_code)


def party_kind(text: str) -> str:
    """The class of a party, in the wording of the present standard."""
    if _PERSON.search(text):
        return "自然人"
    return _SOLE_TRADER if "个体" in text else _ORGANIZATION if re.search("法人|组织|企业|单位|公司", text) else text


def _kind_of_code(start: str) -> str:
    return _SOLE_TRADER if start == "92" else _ORGANIZATION


def tax_no(text: str) -> str | None:
    """A tax registration number, unless it is made of its owner's identity number, as those of sole traders are."""
    digits = re.sub(r"\s", "", text)
    owners = (digits[:length] for length in (18, 15) if len(digits) >= length)
    if len(digits) != 15 and any(redact(number) != number for number in owners):
        return None
    return text if redact(text) == text else None


def _types(batch: Batch) -> pl.Series:
    """The penalty types of both columns, or where there is none, those that the content names."""
    both = pl.select(
        pl.concat_str(
            [pl.lit(batch.text(name)) for name in ("penalty_types", "penalty_types_2")],
            separator="；",
            ignore_nulls=True,
        )
    ).to_series()
    published = both.set(both == "", None)
    found = batch.mapped(published, _penalty_types, _LIST)
    batch.issue(published.is_not_null() & found.is_null(), "penalty_types", Code.UNKNOWN_PENALTY_TYPE, published)
    return first(found, batch.mapped(batch.text("content").set(published.is_not_null(), None), _penalty_types, _LIST))


def _penalty_types(text: str) -> list[str] | None:
    return list(codes.penalty_types(text)) or None


def _yuan_of(batch: Batch, column: str, find: Callable[[str], Decimal | None]) -> pl.Series:
    """Sums in yuan: of their column, which is in 万元; else those that the content states.

    Where both are stated and the column's number is the content's amount in yuan, the column was filled in in yuan: the
    content, which carries its unit, is believed.
    """
    read = amount_of(batch, column, ten_thousands=True)
    published = read.struct.field("amount").set(read.struct.field("currency").ne_missing("CNY"), None)
    stated = batch.mapped(batch.text("content"), find, MONEY)
    conflict = (published == stated * _TEN_THOUSAND) & (stated > 0)
    batch.issue(conflict, column, Code.UNIT_CONFLICT)
    return first(published.set(conflict.fill_null(False), None), stated)


def _office(batch: Batch, column: str) -> pl.Series:
    """The code of an office; the same codes recur in thousands of rows."""
    published = batch.text(column)
    read = batch.mapped(published, uscc.normalize)
    batch.issue(published.is_not_null() & read.is_null(), column, Code.BAD_CODE)
    return read


def _flag(batch: Batch, column: str, words: re.Pattern[str], state: pl.Series) -> pl.Series:
    """Whether a record is withdrawn or repaired: by a column of its own, by a date of it, or by the words of state and
    remark. Null where nothing is said."""

    def says(text: str) -> bool | None:
        return True if words.search(text) else None

    own = batch.mapped(batch.text(column), yes_or_no, pl.Boolean)
    dated = batch.text(f"{column}_on").is_not_null()
    said = [batch.each([text.fill_null("")], says, pl.Boolean) for text in (state, batch.text("remark"))]
    stated_normal = (state == "正常").set(state != "正常", None)
    normal = pl.select(pl.when(pl.lit(stated_normal)).then(False)).to_series()
    return first(own, dated.set(~dated, None), *said, normal)


def yes_or_no(text: str) -> bool | None:
    """What a column of yes or no says; `None` where it is neither."""
    return True if _YES.fullmatch(text) else False if _NO.fullmatch(text) else None
