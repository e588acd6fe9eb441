"""Records: what the law says of each (`judge`), what an entity's document tells of them (`briefs`), their documents.

`judge` makes of every record one row of `JUDGED`. Whether a record may be shown *today*, and in which state it is, is
decided by these dates at query time (`xincha.rules` says how they come about). A record whose file names no
day may be shown from the day on which it was loaded. Records that may not be shown any more have no documents, and are
in none (`indexer.basis`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast

import polars as pl

from indexer import stored
from indexer.documents import Document, district, lineage, put, put_content
from indexer.lake import Snapshot
from indexer.persons import nameless
from indexer.prepare import Slice
from indexer.tables import KIND_OF, table_of
from xincha.days import FOREVER, spans
from xincha.engine.fields import tie
from xincha.kinds import KINDS, added, of_entities, sums
from xincha.kinds.kind import LINK, Kind, Row
from xincha.kinds.related import belongings
from xincha.limits import MAX_FILE_NAME
from xincha.rules.window import Policy, unless_gone
from xincha.text import divisions, regions, tokens
from xincha.text.citations import citations
from xincha.text.doc_no import doc_no_keys
from xincha.text.fold import fold
from xincha.text.names import place_of
from xincha.text.parties import parties
from xincha.text.remember import remembered

WINDOW: Mapping[str, Any] = {
    "public_from": pl.Date,
    "public_until": pl.Date,
    "withheld": pl.String,  # why it is never shown; null where it may be
    "rule": pl.String,
    "state": pl.String,
    "turns_on": pl.Date,  # from this day it is in `next_state`
    "next_state": pl.String,
}
JUDGED: Any = {
    "record_id": pl.String,
    "kind": pl.String,  # as index and API call it
    "variant": pl.String,  # of a kind that has some: under which law, in which words
    "happened_on": pl.Date,
    **WINDOW,
    **dict.fromkeys(sums(), pl.Float64),
}


def is_known(snapshot: Snapshot, record_id: str) -> bool:
    """Whether the lake holds a record of this identifier."""
    tables = (snapshot.scan(kind.table).filter(pl.col("record_id") == record_id) for kind in KINDS.values())
    return any(each.select(pl.len()).collect().item() for each in tables)


def count_gone(snapshot: Snapshot) -> dict[str, int]:
    """By kind, how many records are absent from the complete deliveries of their sources."""
    counts = {name: snapshot.scan(kind.table).select(pl.col("gone_on").count()) for name, kind in KINDS.items()}
    return {name: count for name, each in counts.items() if (count := int(each.collect().item()))}


def judge(part: Slice, policy: Policy) -> pl.DataFrame:
    """`JUDGED` of the rows of a slice."""
    kind = KIND_OF[part.table]
    judged = [_judged(row, kind, policy) for row in part.read().iter_rows(named=True)]
    return pl.DataFrame(judged, schema=JUDGED, orient="row")


def _judged(row: Row, kind: Kind, policy: Policy) -> dict[str, object]:
    window = unless_gone(kind.window(row, policy), row["gone_on"])
    return {
        "record_id": row["record_id"],
        "kind": kind.name,
        "variant": row[kind.variant] if kind.variant else None,
        "happened_on": next((row[name] for name in kind.names("happened") if row[name]), None),
        **window._asdict(),
        "public_from": window.public_from or row["loaded_at"].date(),
        "withheld": window.withheld or None,
        **{name: float(row[name]) for name in kind.sums if row[name] is not None},
    }


def briefs(judged: pl.DataFrame, day: date) -> pl.DataFrame:
    """`JUDGED` rows with `entity_id` → one row per entity, as its document needs it, from `day` on.

    `records`: identifier, kind, variant, day, window and sums of each, newest first. `…_until` of each kind: the last
    day on which an entity has one that may be shown, in the state that counts (`Kind.has_state`). `not_on`: days before
    it on which it has none, as «kind:span» (`xincha.days.spans`); null for nearly all, whose records have begun by
    `day`.
    """
    judged = judged.with_columns(*_counting())
    shown = (name for name in WINDOW if name != "rule")
    brief = pl.struct(
        pl.col("record_id").alias("id"), "kind", "variant", pl.col("happened_on").alias("on"), *shown, *sums()
    )
    until = {f"{name}_until": pl.col("ends").filter(pl.col("kind") == name).max() for name in of_entities()}
    return (
        judged.sort("happened_on", "record_id", descending=True, nulls_last=True)
        .group_by("entity_id", maintain_order=True)
        .agg(records=brief, **until)
        .join(_not_on(judged, day), on="entity_id", how="left", maintain_order="left")
    )


def _counting() -> tuple[pl.Expr, pl.Expr]:
    """`begins` and `ends`: the days on which each record counts for who has one of its kind; null: on none."""
    wanted = pl.col("kind").replace_strict(
        {kind.name: kind.has_state for kind in KINDS.values()}, default=None, return_dtype=pl.String
    )
    turned, still = pl.col("next_state") == wanted, (pl.col("state") == wanted).fill_null(False)
    always = wanted.is_null() | (turned & still).fill_null(False)
    until, turns_on = pl.col("public_until"), pl.col("turns_on")
    begins = pl.when(turned & ~still).then(pl.max_horizontal("public_from", turns_on)).otherwise("public_from")
    ends = pl.when(always | turned).then(until).when(still).then(pl.min_horizontal(until, turns_on - timedelta(days=1)))
    counts = pl.col("withheld").is_null() & (ends >= begins)
    return pl.when(counts).then(begins).alias("begins"), pl.when(counts).then(ends).alias("ends")


def _not_on(judged: pl.DataFrame, day: date) -> pl.DataFrame:
    """`not_on` of the entities of which a record counts from a later day on."""
    later = judged.filter(pl.col("begins") > day).select("entity_id").unique()
    grouped = (
        judged.filter(pl.col("begins").is_not_null())
        .join(later, on="entity_id", how="semi")
        .sort("begins")
        .group_by("entity_id", "kind", maintain_order=True)
        .agg("begins", "ends")
    )
    found: dict[str, list[str]] = {}
    for entity, kind, begins, ends in grouped.iter_rows():
        gaps = _gaps(list(zip(begins, ends, strict=True)), day)
        found.setdefault(entity, []).extend(f"{kind}:{span}" for gap in gaps for span in spans(*gap))
    schema: dict[str, Any] = {"entity_id": pl.String, "not_on": pl.List(pl.String)}
    return pl.DataFrame({"entity_id": list(found), "not_on": list(found.values())}, schema)


def _gaps(lasting: Sequence[tuple[date, date]], day: date) -> Iterator[tuple[date, date]]:
    """The first and last days between spans, which are in order, and before the first; none that end by `day`."""
    free = date.min
    for begins, ends in lasting:
        if begins > max(day, free):
            yield free, begins - timedelta(days=1)
        if ends == FOREVER:
            return
        free = max(free, ends + timedelta(days=1))


_FIELDS = (
    "kind", "link_rule", "state", "next_state", "happened_on", "public_from", "public_until", "withheld",
)  # fmt: skip
"""Index fields whose values are columns of the same name."""


def record_documents(part: Slice, linked: pl.DataFrame) -> list[Document]:
    """`linked`: `JUDGED` of these records with those of `LINK`, `entity_region_code` and `entity_address`; one without
    has none."""
    kind, table = KIND_OF[part.table], table_of(KIND_OF[part.table])
    rows = part.read().join(linked, on="record_id", how="inner", maintain_order="left", suffix=":judged")
    rows = nameless(rows, kind)
    if "out_of_town" in kind.names("derived"):
        rows = rows.with_columns(out_of_town=_out_of_town(rows))
    facts = stored.plain([fact.name for fact in kind.facts if fact.type != "key" and not fact.made], table.schema)
    link = [fact.name for fact in LINK] if kind.party else []
    json = stored.stored(rows, ["record_id", "kind", *link, *facts, "happened_on", *WINDOW, stored.origin()])
    documents: list[Document] = [
        {"id": identifier, "tie": tie(identifier), "source": source}
        for identifier, source in zip(rows["record_id"], json, strict=True)
    ]
    for name in _FIELDS:
        put(documents, name, rows[name])
    put(documents, "turns_on", rows["turns_on"].fill_null(FOREVER))
    put_content(documents, rows, ["happened_on", *kind.names("event")])
    put(documents, "entity_id", _all(rows, "entity_id", "also_ids"))
    put(documents, "of_id", rows["of_ids"])
    if kind.related:
        put(documents, "belongs", pl.Series(_belongings(rows, kind), dtype=pl.List(pl.String)))
    if kind.party:
        _put_party(documents, rows, kind)
    elif authority := kind.names("authority"):
        put(documents, "region", rows[authority[0]], _lineage_of_office)
        put(documents, "district", rows[authority[0]], _district_of_office)
    if kind.span:
        _put_span(documents, rows, *kind.span)
    _put_person(documents, rows, kind)
    for name in kind.names("authority"):
        put(documents, "authority", rows[name])
    if kind.category:
        put(documents, "category", _listed(rows, kind.category.name))
    if numbers := kind.names("number"):
        put(documents, "doc_no", rows.select(pl.concat_list(numbers)).to_series(), _numbers)
    _put_articles(documents, rows, kind)
    if searched := kind.names("searched"):
        _put_texts(documents, rows.select(_searched_of(kind, name) for name in searched))
    for name in kind.names("grouped"):
        put(documents, name, rows[name], _as_value)
    for name in set(added()).intersection(table.columns):
        put(documents, name, rows[name].cast(pl.Float64))
    return documents


def _belongings(rows: pl.DataFrame, kind: Kind) -> list[list[str]]:
    """The keys of what each row belongs to."""
    told = rows.select(*kind.names("authority"), *(fact.name for fact in kind.own if fact.relates))
    return [belongings(row, kind) for row in told.iter_rows(named=True)]


def _lineage_of_office(office: str) -> list[str] | None:
    """Where a record is that is about no entity: where its office is."""
    place = _place_of_office(office)
    return lineage(place) if place else None


def _district_of_office(office: str) -> str | None:
    place = _place_of_office(office)
    return district(place) if place else None


def _as_value(text: str) -> str | None:
    """A text by which records are filtered: as it is, unless it is too long to be asked for."""
    return text if len(text) <= MAX_FILE_NAME else None


def _put_party(documents: list[Document], rows: pl.DataFrame, kind: Kind) -> None:
    put(documents, "uscc", _all(rows, "party_uscc", "party_more_usccs"))
    names = rows["party_name"].set(rows["nameless"], None) if "nameless" in rows.columns else rows["party_name"]
    put(documents, "name_key", names, _party_keys)
    put(documents, "name_2", names, lambda name: tokens.bigrams(fold(name)))
    authority = kind.names("authority")
    offices = rows[authority[0]] if authority else pl.Series([None] * rows.height, dtype=pl.String)
    stated = (rows[name] for name in ("party_region_code", "entity_region_code", "party_name"))
    put(documents, "address", rows["entity_address"])
    places = pl.Series(map(_region, *stated, offices), dtype=pl.String)
    put(documents, "region", places, lineage)
    put(documents, "district", places, district)


def _put_span(documents: list[Document], rows: pl.DataFrame, first: str, last: str) -> None:
    """Until when it lasted, and how many days; nothing where it has no end or the days are in no order."""
    ended = pl.when((pl.col(last) < FOREVER) & ~(pl.col(last) < pl.col(first)).fill_null(value=False)).then(last)
    days = (ended - pl.col(first)).dt.total_days().cast(pl.Float64)
    put(documents, "ended_on", rows.select(ended).to_series())
    put(documents, "lasted_days", rows.select(days).to_series())


def _put_person(documents: list[Document], rows: pl.DataFrame, kind: Kind) -> None:
    """Which are about natural persons: their parties are, or the kind tells of people; one that tells of them in texts
    for some of its rows does so where it has such a text."""
    people = [fact for fact in kind.facts if fact.shown == "page" or fact.person]
    if people and all(fact.prose for fact in people):
        persons = rows.select(pl.any_horizontal(pl.col(fact.name).is_not_null() for fact in people)).to_series()
        if "nameless" in rows.columns:
            persons |= rows["nameless"]
    elif people:
        persons = pl.repeat(True, rows.height, eager=True)
    elif "nameless" in rows.columns:
        persons = rows["nameless"]
    else:
        return
    put(documents, "person", persons, lambda is_person: "yes" if is_person else None)


def _region(party: str | None, entity: str | None, name: str | None, office: str | None) -> str | None:
    """Where the party is: by the record and the register, else by its name, else by the office that decided."""
    if stated := divisions.finer(party, entity):
        return stated
    return divisions.finer(name and place_of(name), office and _place_of_office(office))


def _out_of_town(rows: pl.DataFrame) -> pl.Series:
    """Whether an office of another city or province decided 异地处罚; null where it did not, or nobody can tell."""
    places = rows.select("authority", pl.coalesce("entity_region_code", "party_region_code")).iter_rows()
    found = [_is_elsewhere(office and _place_of_office(office), party) or None for office, party in places]
    return pl.Series(found, dtype=pl.Boolean)


def _is_elsewhere(office: str | None, party: str | None) -> bool:
    if not office or not party:
        return False
    cities = office[2:4], party[2:4]
    return office[:2] != party[:2] or ("00" not in cities and cities[0] != cities[1])


_place_of_office = remembered(1 << 12)(regions.find)


def _all(rows: pl.DataFrame, first: str, further: str) -> pl.Series:
    """A column's values and those of a column of lists, as lists."""
    return rows.select(pl.concat_list(first, pl.col(further).fill_null([])).list.drop_nulls()).to_series()


def _party_keys(name: str) -> list[str]:
    """The keys under which a party is found: of its cell, and of each name in it."""
    keys = (tokens.letters(each) for each in (fold(name), *(party.name for party in parties(name))))
    return [key for key in dict.fromkeys(keys) if key]


def _listed(rows: pl.DataFrame, name: str) -> pl.Series:
    """A column's values without repetition, as lists, nulls left out."""
    values = rows.select(name if rows[name].dtype == pl.List else pl.concat_list(name)).to_series()
    return values.list.drop_nulls().list.unique(maintain_order=True)


def _numbers(numbers: list[str | None]) -> list[str]:
    return [key for key in dict.fromkeys(key for number in numbers if number for key in doc_no_keys(number)) if key]


def _put_articles(documents: list[Document], rows: pl.DataFrame, kind: Kind) -> None:
    """The articles of law that a record names, or is."""
    if cited := kind.names("cites"):
        put(documents, "article", rows.select(pl.concat_list(cited).list.drop_nulls()).to_series(), _articles)
    for name in kind.names("cited"):
        put(documents, "article", rows[name], lambda citation: [citation])
    for document in documents:
        if named := document.get("article"):
            document["law"] = list(dict.fromkeys(each.partition("|")[0] for each in cast("list[str]", named)))


def _articles(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(each.of_article for text in texts for each in citations(text)))


def _searched_of(kind: Kind, name: str) -> pl.Expr:
    """The texts of a fact; of lines those of their facts that are searched."""
    lines = next((fact.lines for fact in kind.facts if fact.name == name), ())
    if not lines:
        return pl.col(name)
    texts = [pl.element().struct.field(line.name) for line in lines if line.searched]
    return pl.col(name).list.eval(pl.concat_list(texts).list.explode().drop_nulls())


def _put_texts(documents: list[Document], rows: pl.DataFrame) -> None:
    """Words and characters of all texts; a bar keeps phrases from running out of one text into the next."""
    for document, row in zip(documents, rows.iter_rows(), strict=True):
        parts = [part for value in row for part in (value if isinstance(value, list) else [value]) if part]
        if parts:
            document["text_word"] = " ".join(filter(None, map(tokens.words, parts)))
            document["text_1"] = " | ".join(filter(None, (tokens.chars(fold(part)) for part in parts)))
