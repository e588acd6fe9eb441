"""How well penalties are published, counted over the whole lake (`xincha.quality`).

Every penalty counts, also one that may not be shown (any more). Its source is whoever delivered it last, by the name
that the operator gave, else the file of its row; its office the one that decided. The province of a party is that of
the entity that the record is linked to, else what address or code say of the party; that of an office is what its name
says, else its code.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

import polars as pl

from indexer.belonging import other_fines
from indexer.findings import Code
from indexer.tables import CHANGES, table_of
from xincha.kinds.penalty import PENALTY
from xincha.quality import QualityRow, ordered
from xincha.rules.penalties import PERSON, family_of
from xincha.rules.timeliness import WHY_UNKNOWN, Timeliness, judge
from xincha.text import divisions, regions

Scan = Callable[[str], pl.LazyFrame]
"""Opens a table of the lake by its name."""

_TABLE = table_of(PENALTY)
_GROUP = ("source", "authority", "month")
_CONFLICTS = (Code.UNIT_CONFLICT, Code.AMOUNTS_DISAGREE, Code.SUM_AS_FINE)
_LATER_LIFE = (
    *("withdrawn", "withdrawal_reason", "repaired", "repaired_on", "gone_on", "public_state", "remark"),
    *("corrected_on", "correction_reason", "data_source", "data_source_uscc"),
)
"""What becomes of a penalty, and who hands it on: another value there corrects nothing."""

_SUMMARY = ("doc_no", "party_name", "violation", "content", "authority", "decided_on")
"""The summary of order 45, article 4, but for the code of the party."""
_LEFT = ("doc_no", "authority", "decided_on")
_CODES = ("party_uscc", "party_reg_no", "party_org_code")
_JUDGED_BY = ("decided_on", "published_on", "received_on", "flow")
_JUDGED = {
    "days": pl.Int64,
    "timely": pl.Boolean,
    "why": pl.String,
    "in_practice": pl.Boolean,
    "late_leg": pl.String,
}


def measure(scan: Scan, held: Collection[str] = ()) -> list[QualityRow]:
    """The rows of a state of the lake, in order. `held`: identifiers of records that the operator holds back."""
    records = _with_flow(_records(scan, held))
    judged = records.join(_judged(records), on=list(_JUDGED_BY), how="left", nulls_equal=True)
    counted = judged.group_by(*_GROUP).agg(*_counts())
    return ordered(_row(values) for values in counted.iter_rows(named=True))


def _records(scan: Scan, held: Collection[str]) -> pl.DataFrame:
    """What is looked at of each penalty, with the province of its party."""
    place = ("batch_id", "source_file", "source_row")
    links = scan("links")
    linked = links.filter(pl.col("table") == _TABLE.name).select("record_id", "entity_id")
    contradicted = other_fines(links.collect(), scan)["of_id"].unique().implode()
    registered = scan("entities").select("entity_id", "region_code")
    issues = scan("issues").filter(pl.col("code").is_in([code.value for code in _CONFLICTS])).select(*place).unique()
    rows = (
        scan(_TABLE.name)
        .select(
            *("record_id", *place, "authority", "authority_uscc", "party_region_code", *_JUDGED_BY[:3]),
            source=pl.coalesce("source", "source_file"),
            withdrawn=pl.col("withdrawn").fill_null(False),
            gone=pl.col("gone_on").is_not_null(),
            held=pl.col("record_id").is_in(pl.Series(sorted(held), dtype=pl.String).implode()),
            stated_corrected=pl.col("corrected_on").is_not_null(),
            person=_is_person(),
            complete=_is_complete(),
        )
        .join(linked, on="record_id", how="left")
        .join(registered, on="entity_id", how="left")
        .join(_corrected(scan), on="record_id", how="left")
        .join(issues.with_columns(conflict=True), on=list(place), how="left")
    )
    return rows.select(
        *("source", "authority", "authority_uscc", "withdrawn", "gone", "held", "complete", *_JUDGED_BY[:3]),
        month=pl.col("decided_on").dt.strftime("%Y-%m"),
        party_province=pl.coalesce(_province("region_code"), _province("party_region_code")),
        corrected=pl.col("stated_corrected") | pl.col("changed").fill_null(False),
        unlinked=pl.col("entity_id").is_null() & ~pl.col("person"),
        conflict=pl.col("conflict").fill_null(False) | pl.col("record_id").is_in(contradicted),
    ).collect()


def _all_stated(names: Iterable[str]) -> pl.Expr:
    return pl.all_horizontal(pl.col(name).is_not_null() for name in names)


def _is_blanked() -> pl.Expr:
    """Whether personal data was taken out of a row since (`indexer.clean`): none is loaded without a party."""
    return pl.all_horizontal(pl.col(name).is_null() for name in ("party_name", *_CODES))


def _is_person() -> pl.Expr:
    return (pl.col("party_kind") == PERSON).fill_null(False) | _is_blanked()


def _is_complete() -> pl.Expr:
    """Whether the summary is; of a row that was blanked, what is left of it."""
    coded = pl.any_horizontal(pl.col(name).is_not_null() for name in _CODES)
    return pl.when(_is_blanked()).then(_all_stated(_LEFT)).otherwise(_all_stated(_SUMMARY) & (coded | _is_person()))


def _provinces() -> list[str]:
    """The first two digits of the codes of provinces."""
    return [code[:2] for code in divisions.names() if code.endswith("0000")]


def _province(column: str) -> pl.Expr:
    """The first two digits of a region's code; null where they say no province."""
    digits = pl.col(column).str.slice(0, 2)
    return pl.when(digits.is_in(_provinces())).then(digits)


def _corrected(scan: Scan) -> pl.LazyFrame:
    """Penalties of which a later delivery changed a fact that an earlier one had stated."""
    changes = scan("changes").select(pl.col(name) for name in CHANGES if name in {"table", "key", "field", "old"})
    facts = (pl.col("table") == _TABLE.name) & ~pl.col("field").is_in(_LATER_LIFE) & pl.col("old").is_not_null()
    return changes.filter(facts).select(record_id="key", changed=pl.lit(True)).unique("record_id")


def _with_flow(records: pl.DataFrame) -> pl.DataFrame:
    """Adds `family` and `flow` (`xincha.rules.timeliness.Flow`)."""
    offices = records.select("authority", "authority_uscc").unique()
    told = offices.with_columns(
        pl.Series("family", [family_of(name) for name in offices["authority"]], pl.String),
        pl.Series("office_province", [_province_of(*office) for office in offices.iter_rows()], pl.String),
    )
    flow = (
        pl.when(pl.col("family") == "other")
        .then(pl.lit("other"))
        .when(pl.col("office_province").is_null())
        .then(pl.lit("office_unplaced"))
        .when(pl.col("party_province").is_null())
        .then(pl.lit("party_unplaced"))
        .when(pl.col("office_province") == pl.col("party_province"))
        .then(pl.lit("local"))
        .otherwise(pl.lit("away"))
    )
    joined = records.join(told, on=["authority", "authority_uscc"], how="left", nulls_equal=True)
    return joined.with_columns(flow=flow)


def _province_of(authority: str | None, uscc: str | None) -> str | None:
    """The province of an office, by its name, else by its code; `None`: of no province, or not known."""
    named = regions.find(authority) if authority else None
    code = named[:2] if named else (uscc or "")[2:4]
    return code if divisions.name(f"{code}0000") else None


def _judged(records: pl.DataFrame) -> pl.DataFrame:
    """Whether each different case was in time: days are few, and come again."""
    cases = records.select(*_JUDGED_BY).unique()
    judged = [judge(*case) for case in cases.iter_rows()]
    columns = [pl.Series(name, [getattr(each, name) for each in judged], _JUDGED[name]) for name in Timeliness._fields]
    return cases.with_columns(columns)


def _counts() -> list[pl.Expr]:
    """What is counted of each group."""
    flags = ("withdrawn", "gone", "held", "complete", "unlinked", "corrected")
    timely, in_practice = pl.col("timely"), pl.col("in_practice")
    return [
        pl.col("family").first(),
        pl.len().alias("records"),
        pl.all_horizontal(pl.col("decided_on", "published_on").is_not_null()).sum().alias("dated"),
        timely.sum().alias("timely"),
        timely.not_().sum().alias("late"),
        timely.is_null().sum().alias("unknown"),
        *((pl.col("why") == why).sum().alias(f"why:{why}") for why in WHY_UNKNOWN),
        in_practice.sum().alias("timely_7"),
        in_practice.not_().sum().alias("late_7"),
        (pl.col("flow") == "away").sum().alias("out_of_town"),
        *((pl.col("late_leg") == leg).sum().alias(f"late_{leg}") for leg in ("push", "publish")),
        pl.col("days").median().alias("days_median"),
        pl.col("days").quantile(0.9, "linear").alias("days_p90"),
        *(pl.col(flag).sum() for flag in flags),
        pl.col("conflict").sum().alias("amount_conflicts"),
    ]


def _row(values: dict[str, Any]) -> QualityRow:
    """A row of counts, each reason under `unknown_why` that there is."""
    why = {name: values.pop(f"why:{name}") for name in WHY_UNKNOWN}
    if values["family"] == "market":
        values |= {"timely_7": None, "late_7": None}
    return QualityRow(**values, unknown_why={name: count for name, count in why.items() if count})
