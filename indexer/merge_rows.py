"""Two rows of one key → one row: what the newer states, and what the older stated and the newer does not.

Column by column: `coalesce(new, old)`, a null never erases. Five kinds of column differ:

- a value that was read from a text goes with that text (`Fact.follows`): where the newer row has another text, its own
  value holds, also a null, so that a new capital in dollars does not stand beside the old one in yuan;
- list columns that are joined (`Fact.joined`) are joined oldest first; those beside each other by position; of lines
  that are joined a newer one takes the place of an older one that is the same by what tells it (`Fact.tells`);
- a name that gives way is added to `former_names` (another spelling of the same name is not another name);
- `gone_on` is that of the newer row, which is none: what is delivered again is there again;
- `carried` names every fact that comes from an older row, with the file and row that stated it.

A pair whose outcome states nothing that the old row did not is `changed == False`: the old row as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, zip_longest
from typing import Any

import polars as pl

from indexer.tables import CARRIED, CHANGES, ORIGIN, Table
from xincha.kinds import Fact

OLD = ":old"
_PLACE = ("source_file", "source_row", "loaded_at")
FLAG = ":changed"

_CHANGES: Any = dict(CHANGES)
Lists = Sequence[Any]
"""The values of columns that go together, of one row."""

_TYPESET = {"（": "(", "）": ")", "，": ",", "；": ";", "：": ":", "　": ""}


def merge_pairs(old: pl.DataFrame, new: pl.DataFrame, table: Table) -> pl.DataFrame:
    """One row per key of `new`, each of which `old` has: `table.schema`, `changed`, and what `history` needs beside.

    In both frames a key stands once.
    """
    content = [name for name in (*table.columns, *table.delivered) if name != table.key]
    pair = new.join(old, on=table.key, how="inner", suffix=OLD, maintain_order="left")
    pair = _with_united(pair, table)
    if "former_names" in table.columns:
        pair = _with_former_names(pair)
    pair = pair.with_columns(_final(name, table).alias(f"{name}:final") for name in content)
    flags = {f"{name}{FLAG}": pl.col(f"{name}:final").ne_missing(pl.col(name + OLD)) for name in content}
    pair = pair.with_columns(**flags).with_columns(changed=pl.any_horizontal(*flags))
    return (
        pair.join(_carried(pair, table), on=table.key, how="left", maintain_order="left")
        .with_columns(
            *(pl.col(f"{name}:final").alias(name) for name in content),
            *(pl.when("changed").then(name).otherwise(name + OLD).alias(name) for name in ORIGIN),
            pl.when("changed").then("carried:new").otherwise("carried" + OLD).alias("carried"),
        )
        .drop("^.*:final$", "carried:new")
    )


def history(pairs: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The changes (`tables.CHANGES`) of changed pairs: one row a field; the old value with its origin."""
    changed = [
        pairs.filter(pl.col(name + FLAG)).select(
            pl.lit(table.name).alias("table"),
            *_old_fact(name, table.key),
            old=_text(pl.col(name + OLD), table.columns[name]),
            new=_text(pl.col(name), table.columns[name]),
            batch_id="batch_id",
            changed_at="loaded_at",
            source_file="source_file",
            source_row="source_row",
        )
        for name in _stated(table)
    ]
    return _with_carried_origin(pl.concat(changed), pairs, table.key).select(*CHANGES).cast(_CHANGES)


def fold(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Rows of one load, oldest first → one row per key (`table.schema`), the later ones merged onto the earlier."""
    rows = rows.select(*table.schema)
    keyed = Table(table.name, "pair", {"pair": pl.String, **table.columns}, table.facts, table.delivered)
    even = pl.col("nth") % 2 == 0
    while rows[table.key].is_duplicated().any():
        nth = pl.int_range(pl.len()).over(table.key)
        rows = rows.with_columns(nth=nth, last=nth == pl.len().over(table.key) - 1)
        single = rows.filter(even & pl.col("last"))
        step = rows.filter(~(even & pl.col("last"))).with_columns(
            pl.concat_str(pl.col(table.key), pl.col("nth") // 2, separator="\n").alias("pair")
        )
        old, new = step.filter(even), step.filter(~even)
        merged = merge_pairs(old.select(*keyed.schema), new.select(*keyed.schema), keyed)
        merged = merged.join(old.select("pair", "nth"), on="pair").select("nth", *table.schema)
        rows = pl.concat([merged, single.select("nth", *table.schema)]).sort("nth").drop("nth")
    return rows


def conflicts(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Keys whose rows, all of one load, state different things: key, `column` (names), and the last row's origin.

    A null contradicts nothing, and neither do the list columns that are joined, nor signs of another width.
    """
    joined = {name for group in table.unions for name in group} | {"former_names"}
    names = [name for name in _stated(table) if name not in joined]
    said = [
        pl.col(name).str.replace_many(_TYPESET) if rows.schema[name] == pl.String else pl.col(name) for name in names
    ]
    differ = [(each.drop_nulls().n_unique() > 1).alias(name) for name, each in zip(names, said, strict=True)]
    differing = [pl.when(pl.col(name)).then(pl.lit(name)) for name in names]
    return (
        rows.filter(pl.col(table.key).is_duplicated())
        .group_by(table.key, maintain_order=True)
        .agg(*differ, *(pl.col(name).last() for name in ("source_file", "source_row")))
        .select(
            table.key, "source_file", "source_row", column=pl.concat_str(differing, separator=", ", ignore_nulls=True)
        )
        .filter(pl.col("column") != "")
    )


def _stated(table: Table) -> list[str]:
    """The columns that files state; keys and what is computed from another column are no facts of their own."""
    keys = {table.key, *(fact.name for fact in table.facts.values() if fact.type == "key")}
    return [name for name in table.columns if name not in keys]


def _final(name: str, table: Table) -> pl.Expr:
    new, old = pl.col(name), pl.col(name + OLD)
    if name == "gone_on":
        return new
    fact = table.facts.get(name)
    if fact is None or not fact.follows:
        return pl.coalesce(new, old)
    stated, before = pl.col(fact.follows), pl.col(fact.follows + OLD)
    value = pl.when(stated.is_not_null() & stated.ne_missing(before)).then(new)
    if not fact.alone:
        value = value.when(stated.is_null() & before.is_not_null()).then(pl.coalesce(old, new))  # type: ignore[assignment]
    return value.otherwise(pl.coalesce(new, old))


def _with_united(pair: pl.DataFrame, table: Table) -> pl.DataFrame:
    for group in table.unions:
        differs = pl.any_horizontal(
            pl.col(name).is_not_null() & pl.col(name).ne_missing(pl.col(name + OLD)) for name in group
        )
        if not pair.select(differs.any()).item():
            continue
        both = pair.select(*group, *(name + OLD for name in group)).iter_rows()
        unite = _lines_united(table.facts[group[0]]) if table.facts[group[0]].lines else _united
        united = [unite(row[len(group) :], row[: len(group)]) for row in both]
        columns = [pl.Series(name, [row[i] for row in united], pair[name].dtype) for i, name in enumerate(group)]
        pair = pair.with_columns(columns)
    return pair


def _united(old: Sequence[list[str] | None], new: Sequence[list[str] | None]) -> list[list[str | None] | None]:
    """Lists joined position by position: what each position says stands once, oldest first."""
    positions = (zip_longest(*(values or [] for values in lists)) for lists in (old, new))
    rows = dict.fromkeys(chain.from_iterable(positions))
    if not rows:
        return [None] * len(old)
    return [list(column) for column in zip(*rows, strict=True)]


def _lines_united(fact: Fact) -> Callable[[Lists, Lists], Sequence[object]]:
    """What joins the lines of two rows: each stands once, oldest first, and states what a newer one that is the same by
    what tells it (all of it, where nothing does) states."""
    names = [line.name for line in fact.lines if line.tells] or [line.name for line in fact.lines]

    def unite(old: Lists, new: Lists) -> Sequence[object]:
        found: dict[tuple[object, ...], dict[str, object]] = {}
        for line in chain(old[0] or (), new[0] or ()):
            key = tuple(line[name] for name in names)
            stated = {name: value for name, value in line.items() if value is not None}
            found[key] = {**found.get(key, line), **stated}
        return [list(found.values()) or None]

    return unite


def _with_former_names(pair: pl.DataFrame) -> pl.DataFrame:
    """`former_names` of both rows, with the old row's name where it is another one than the new row's."""
    renamed = pl.col("name").is_not_null() & pl.col("name_key").ne_missing(pl.col("name_key" + OLD))
    more = pl.col("former_names").is_not_null() & pl.col("former_names").ne_missing(pl.col("former_names" + OLD))
    columns = pair.select("former_names" + OLD, "name" + OLD, "former_names", "name", renamed=renamed, more=more)
    if not columns.select(pl.any_horizontal("renamed", "more").any()).item():
        return pair
    lists = []
    for old_former, old_name, former, name, is_renamed, has_more in columns.iter_rows():
        names = dict.fromkeys([*(old_former or []), *([old_name] if is_renamed else []), *(former or [])])
        current = name or old_name
        lists.append([each for each in names if each and each != current] if is_renamed or has_more else former)
    return pair.with_columns(pl.Series("former_names", lists, pl.List(pl.String)))


def _carried(pair: pl.DataFrame, table: Table) -> pl.DataFrame:
    """`carried:new` by key, of the changed pairs that keep a fact of the old row."""
    kept = [
        pair.filter(pl.col("changed") & pl.col(name).is_null() & pl.col(f"{name}:final").is_not_null()).select(
            *_old_fact(name, table.key)
        )
        for name in _stated(table)
    ]
    facts = _with_carried_origin(pl.concat(kept), pair, table.key)
    whole = pl.struct("field", *(pl.col(f"old_{name}").alias(name) for name in _PLACE)).alias("carried:new")
    by_key = facts.group_by(pl.col("key").alias(table.key), maintain_order=True)
    return by_key.agg(whole).cast({"carried:new": CARRIED})


def _old_fact(name: str, key: str) -> list[pl.Expr]:
    """Key, field and origin of what the old rows of pairs state of a field: `key`, `field`, `old_…`."""
    return [pl.col(key).alias("key"), pl.lit(name).alias("field"), *(pl.col(c + OLD).alias(f"old_{c}") for c in _PLACE)]


def _with_carried_origin(facts: pl.DataFrame, pair: pl.DataFrame, key: str) -> pl.DataFrame:
    """The origin of facts of old rows: that of the row, or of the still older row that it had carried the fact from."""
    carried = pair.select(pl.col(key).alias("key"), fact="carried" + OLD).filter(pl.col("fact").list.len() > 0)
    if carried.is_empty():
        return facts
    older = carried.explode("fact").unnest("fact").rename({name: f"older_{name}" for name in _PLACE})
    joined = facts.join(older, on=["key", "field"], how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce(f"older_{name}", f"old_{name}").alias(f"old_{name}") for name in _PLACE)


def _text(value: pl.Expr, dtype: object) -> pl.Expr:
    """A value as text; lists as JSON."""
    if isinstance(dtype, pl.List):
        json = pl.struct(v=value).struct.json_encode().str.strip_prefix('{"v":').str.strip_suffix("}")
        return pl.when(value.is_not_null()).then(json)
    return value.cast(pl.String)
