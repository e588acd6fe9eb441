"""Rows of the lake → documents of the engine: the fields of `xincha.engine.fields`, and the stored JSON.

`entity_documents` and `record_documents` take some rows of a table and what belongs to them, and give one dict per row,
in the order of the rows; values that are absent are left out. All text is prepared here, by the functions that prepare
queries too. Both are pure: they can run in any process, over any slice of a table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from indexer import stored
from xincha.days import FOREVER, spans
from xincha.engine.fields import tie
from xincha.kinds import of_entities
from xincha.kinds.entity import ENTITY, FLAG_FACTS, FLAG_KEYS, STAYING_FLAGS
from xincha.text import divisions, tokens, uscc
from xincha.text.codes import ENDED
from xincha.text.fold import fold
from xincha.text.industries import industry_ancestors, industry_name
from xincha.text.name_fields import name_fields
from xincha.text.remember import remembered

Document = dict[str, object]
NAME_IS_CODE = "名称停用，以统一社会信用代码代替"

_FLAGS = [fact.name for facts in FLAG_FACTS.values() for fact in facts]
_ENTITY_JSON = [*(fact.name for fact in ENTITY if fact.shown != "lake" and fact.name != "flags"), *_FLAGS]
_AS_THEY_ARE = (
    "uscc", "reg_no", "org_code", "legal_rep", "status", "kind", "authority", "established_on", "approved_on",
    "capital_cny", "not_on", *(f"{kind}_until" for kind in (*of_entities(), *FLAG_KEYS.values())),
)  # fmt: skip
"""Index fields of entities whose values are columns of the same name."""


def entity_documents(rows: pl.DataFrame, briefs: pl.DataFrame, changes: pl.DataFrame, day: date) -> list[Document]:
    """`rows` of `entities`; `briefs` as of `indexer.records.briefs`; `changes` as of `stored.changes_by_key`; `day`:
    that of the publish."""
    rows = stored.with_carried(rows)
    rows = rows.join(briefs, on="entity_id", how="left", maintain_order="left")
    rows = rows.join(changes, on="entity_id", how="left", maintain_order="left")
    rows = rows.with_columns(
        pl.coalesce("org_code", _each(rows["uscc"], uscc.org_code)).alias("org_code"),
        _each(rows["region_code"], divisions.full_name).alias("region"),
        pl.coalesce(_wording("industry_text"), _each(rows["industry_code"], industry_name)).alias("industry"),
        pl.when(pl.col("name") == pl.col("uscc")).then(pl.lit(NAME_IS_CODE)).alias("name_note"),
        stored.money("capital_cny"),
        stored.money("capital_amount"),
        known_from=pl.coalesce("first", "loaded_at"),
        **_days_of_flags(),
    )
    rows = rows.with_columns(_with_flags_to_come(rows, day))
    json = stored.stored(
        rows, [*_ENTITY_JSON, stored.origin(), stored.time("known_from"), "carried", "changes", "records"]
    )
    documents = list(map(_entity, rows["entity_id"], rows["name"], rows["former_names"].to_list(), json))
    for name in _AS_THEY_ARE:
        put(documents, name, rows[name])
    put_content(documents, rows, [fact.name for fact in ENTITY if fact.event])
    put(documents, "closed_on", rows["status_on"].set(~rows["status"].is_in(ENDED).fill_null(value=False), None))
    put(documents, "address_2", rows["address"], lambda text: tokens.bigrams(fold(text)))
    put(documents, "scope_word", rows["scope"], tokens.words)
    put(documents, "region", rows["region_code"], lineage)
    put(documents, "district", rows["region_code"], district)
    put(documents, "industry", rows["industry_code"], industry_ancestors)
    return documents


def _days_of_flags() -> dict[str, pl.Expr]:
    """`…_until` of each flag: the last day on which it stands beside the state (`xincha.search.flags`)."""
    last = {
        flag: FOREVER if flag in STAYING_FLAGS else pl.coalesce(f"{key}_until_on", pl.lit(FOREVER))
        for flag, key in FLAG_KEYS.items()
    }
    return {f"{key}_until": pl.when(pl.col(key)).then(last[flag]) for flag, key in FLAG_KEYS.items()}


def _with_flags_to_come(rows: pl.DataFrame, day: date) -> pl.Series:
    """`not_on`, with the days before those flags that begin later than `day`."""
    keys = [(key, f"{key}_since_on") for key in FLAG_KEYS.values()]
    if not rows.select(pl.any_horizontal(pl.col(key) & (pl.col(since) > day) for key, since in keys).any()).item():
        return rows["not_on"]
    lists = [list(held or ()) for held in rows["not_on"].to_list()]
    for key, since in keys:
        for held, stands, begins in zip(lists, rows[key], rows[since], strict=True):
            if stands and begins and begins > day:
                held.extend(f"{key}:{span}" for span in spans(date.min, begins - timedelta(days=1)))
    return pl.Series("not_on", [held or None for held in lists], pl.List(pl.String))


def _wording(name: str) -> pl.Expr:
    """A text that says something: the national system publishes bare codes (`F`, `F5213`) where others write names."""
    return pl.when(~pl.col(name).str.contains(r"^[A-Ta-t]?[0-9]*$")).then(pl.col(name))


def _entity(identifier: str, name: str, former_names: Sequence[str] | None, json: bytes) -> Document:
    document = name_fields(name, former_names or ())
    document["id"] = identifier
    document["tie"] = tie(identifier)
    document["source"] = json
    return document


def put(
    documents: Sequence[Document], field: str, values: pl.Series, prepare: Callable[[Any], object] | None = None
) -> None:
    """Give each document its value of a field, where there is one."""
    stated = values.is_not_null().arg_true()
    for at, value in zip(stated.to_list(), values.gather(stated).to_list(), strict=True):
        made = prepare(value) if prepare else value
        if made is not None and made not in ("", []):
            documents[at][field] = made


def put_content(documents: Sequence[Document], rows: pl.DataFrame, days: Sequence[str]) -> None:
    """The newest of the `days` that a row tells of, and when it was loaded; what lies behind its load is a slip."""
    loaded = pl.col("loaded_at").dt.offset_by("8h").dt.date()  # in China
    put(documents, "loaded_on", rows.select(loaded).to_series())
    known = [pl.when(pl.col(day) <= loaded).then(day) for day in days]
    put(documents, "content_on", rows.select(pl.max_horizontal(known)).to_series())
    put(documents, "loaded_at", rows["loaded_at"].dt.epoch("s"))
    put(documents, "batch", rows.select(number_of("batch_id")).to_series())


def number_of(batch_id: str) -> pl.Expr:
    """The number of the load in a column; they grow, whatever the clock says."""
    return pl.col(batch_id).str.split("-").list.first().cast(pl.Int64)


def _each(values: pl.Series, function: Callable[[str], str | None]) -> pl.Series:
    """A pure function over the different values of a column."""
    different = values.drop_nulls().unique()
    made = pl.Series("made", [function(value) or None for value in different], pl.String)
    return values.replace_strict(different, made, default=None, return_dtype=pl.String)


def district(code: str) -> str | None:
    """The code of a county or district; `None` of what is larger."""
    return code if divisions.level(code) == divisions.COUNTY else None


@remembered(8192, divisions.LONGEST_CODE)
def lineage(code: str) -> list[str]:
    """A region with those around it; an unknown code by itself."""
    return list(divisions.ancestors(code)) or [code]
