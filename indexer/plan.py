"""What is left to publish: the engine's notes beside the lake's state.

Every published index keeps the note of what it was made of (`note_of`). From it follows which documents differ: rows
that later loads wrote, records whose link is another one, and whoever is shown in the document of another (an entity's
records, a record's entity). What may not be shown any more leaves the index: records whose window has closed since,
also where nothing was loaded, and those that are held back. The lake keeps them.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from importlib.metadata import version

import polars as pl

from indexer.basis import Basis
from indexer.draws import unpublished
from indexer.lake import Lake, Snapshot
from indexer.several import linked_to
from indexer.tables import ENTITIES, KIND_OF, RECORD_TABLES
from xincha.ended import NOTE as ENDED
from xincha.engine.contract import Engine, EngineStatus, IndexName
from xincha.engine.fields import fingerprint
from xincha.engine.query import Range, Request, Sort
from xincha.quality import NOTE
from xincha.settings import ROOT

SMALL_SHARE = 0.05
INDICES: tuple[IndexName, IndexName] = ("entities", "records")
_SHOWN = (ENTITIES.name, *(table.name for table in RECORD_TABLES), "links", "changes")
"""The tables that documents are made of."""
_MEASURERS = ("indexer/belonging.py", "indexer/quality.py", "xincha/quality.py")
_MAKERS = (
    *(
        f"indexer/{name}.py"
        for name in ("belonging", "context", "documents", "draws", "making", "persons", "records", "several", "stored")
    ),
    "xincha/days.py",
    *(f"xincha/{name}/*.py" for name in ("kinds", "rules", "text")),
)


Plan = Mapping[IndexName, frozenset[str]]
"""The few documents to write, or to take away where they may not be shown: their identifiers by index."""

_PAGE = 1000


def note_of(snapshot: Snapshot, basis: Basis) -> dict[str, str]:
    """What a published index keeps: of which load, when that was complete, of which table versions, and by what; of
    which day it is, what was held back, and when the newest row of each kind was loaded (seconds since 1970), also of
    kinds of which no record may be shown."""
    versions = {name: snapshot.versions.get(name) for name in _SHOWN}
    newest = {KIND_OF[table.name].name: _newest(snapshot, table.name) for table in RECORD_TABLES}
    return {
        "batch": snapshot.batch_id or "",
        "loaded_at": snapshot.loaded_at.isoformat() if snapshot.loaded_at else "",
        "versions": json.dumps(versions, sort_keys=True),
        "made_by": made_by(),
        "measured_by": measured_by(),
        "policy": " ".join(basis.policy),
        "day": basis.day.isoformat(),
        "held": basis.held_digest,
        "kinds": json.dumps({kind: at for kind, at in newest.items() if at is not None}),
        "program": version("xincha"),
    }


def _newest(snapshot: Snapshot, table: str) -> int | None:
    found = snapshot.scan(table).select(pl.col("loaded_at").max().dt.epoch("s")).collect().item()
    return None if found is None else int(found)


@cache
def made_by() -> str:
    """Hash of the code that makes documents out of rows, without its comments and docstrings."""
    return _code_of(_MAKERS)


@cache
def measured_by() -> str:
    """What measures how well records are published: hash of the code, and the calendar, which learns years."""
    return f"{_code_of(_MEASURERS)} {version('chinesecalendar')}"


def _code_of(patterns: Iterable[str]) -> str:
    sources = sorted(path for pattern in patterns for path in ROOT.glob(pattern))
    digest = hashlib.blake2b(digest_size=6)
    for path in sources:
        digest.update(_code(path.read_text("utf-8")).encode())
    return digest.hexdigest()


def _code(source: str) -> str:
    """What a module does; the same for any comments, docstrings and layout."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            is_text = [isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant) for each in body]
            node.body = [each for each, text in zip(body, is_text, strict=True) if not text]  # type: ignore[attr-defined]
    return ast.dump(tree)


def holds(engine: Engine, status: EngineStatus, snapshot: Snapshot, basis: Basis) -> bool:
    """Whether the engine has published this state of the lake, made as it would be made now."""
    note = note_of(snapshot, basis)
    return (
        status.ready
        and all(
            index in status.indices
            and _is_of(status.indices[index].note, snapshot)
            and all(status.indices[index].note.get(key) == note[key] for key in ("versions", "held", "measured_by"))
            and _made_alike(status.indices[index].note, basis)
            for index in INDICES
        )
        and not _ended(engine, basis, most=1)
    )


def _is_of(note: Mapping[str, str], snapshot: Snapshot) -> bool:
    """Whether a published index was made of this lake: one that was restored from a backup has loads of the same
    numbers, and of the same versions of its tables."""
    loads = Lake(snapshot.folder).ledger().select("batch_id", "finished_at").rows()
    return any(batch == note.get("batch") and at.isoformat() == note.get("loaded_at") for batch, at in loads)


def _made_alike(note: Mapping[str, str], basis: Basis) -> bool:
    """Whether documents of a published index are as they would be made now. One of a later day lacks what had ended by
    then: somebody has set a clock."""
    same = note.get("made_by") == made_by() and note.get("policy") == " ".join(basis.policy)
    return same and note.get("day", "") <= basis.day.isoformat()


def _without_rows(note: Mapping[str, str]) -> dict[str, str]:
    """A note without the rows of quality and of what has ended, which that of one index has."""
    return {key: value for key, value in note.items() if key not in {NOTE, ENDED}}


def plan_of(lake: Lake, snapshot: Snapshot, engine: Engine, basis: Basis) -> Plan | None:
    """What to write so that the engine, which holds an earlier state, holds this one; None: everything."""
    status = engine.status()
    notes = [status.indices[index].note for index in INDICES if index in status.indices]
    if (
        not status.ready
        or len(notes) < len(INDICES)
        or _without_rows(notes[0]) != _without_rows(notes[1])
        or not _made_alike(notes[0], basis)
        or any(status.indices[index].fingerprint != fingerprint(index) for index in INDICES)
    ):
        return None
    batch = notes[0].get("batch", "")
    earlier = {name: number for name, number in json.loads(notes[0]["versions"]).items() if number is not None}
    before = lake.snapshot_at(earlier)
    if before is None or not _is_of(notes[0], snapshot):
        return None
    turned = _ended(engine, basis)
    if notes[0].get("held") != basis.held_digest:
        turned |= basis.named
    entities, recorded = _touched(before, snapshot, batch, turned)
    total = sum(snapshot.count(table.name) for table in RECORD_TABLES)
    small = len(entities) <= SMALL_SHARE * snapshot.count("entities") and len(recorded) <= SMALL_SHARE * total
    return {"entities": frozenset(entities), "records": frozenset(recorded)} if small else None


def _ended(engine: Engine, basis: Basis, most: int | None = None) -> set[str]:
    """Records that the published index holds and that may not be shown any more; of many the first `most`."""
    ended = Range("public_until", lte=basis.day - timedelta(days=1))
    request = Request(ended, sort=(Sort("tie"),), size=most or _PAGE, source=False, total=False)
    found: set[str] = set()
    while hits := engine.search("records", request).hits:
        found.update(hit.id for hit in hits)
        if most or len(hits) < _PAGE:
            break
        request = replace(request, search_after=hits[-1].sort)
    return found


def _touched(before: Snapshot, after: Snapshot, batch: str, turned: set[str]) -> tuple[set[str], set[str]]:
    """Entities and records whose documents differ between two states, `batch` being the last load of the first;
    `turned`: records that may be shown in one and not in the other, whatever was loaded."""
    changed = {
        table.name: after.scan(table.name).filter(pl.col("batch_id") > batch).select(table.key).collect().to_series()
        for table in (ENTITIES, *RECORD_TABLES)
    }
    entities = set(changed[ENTITIES.name])
    recorded = turned.union(*(changed[table.name] for table in RECORD_TABLES))
    links, earlier = (state.scan("links").collect() for state in (after, before))
    recorded |= unpublished(before.scan) ^ unpublished(after.scan)
    recorded |= _documents_of(recorded, links)
    relinked = _relinked(links, earlier)
    of = linked_to(links)
    of_records = of.filter(pl.col("record_id").is_in(pl.Series(sorted(recorded), dtype=pl.String).implode()))
    of_entities = of.filter(pl.col("entity_id").is_in(changed[ENTITIES.name].implode()))
    moved = pl.concat([of, linked_to(earlier)]).filter(pl.col("record_id").is_in(relinked.implode()))
    entities |= {*of_records["entity_id"], *moved["entity_id"]}
    recorded |= {*relinked, *of_entities["record_id"]}
    return entities, recorded


def _documents_of(records: set[str], links: pl.DataFrame) -> set[str]:
    """The documents that are the text of records: they are shown as long as those."""
    pairs = links.select("record_id", of_id="of_ids").explode("of_id")
    return set(pairs.filter(pl.col("of_id").is_in(pl.Series(sorted(records), dtype=pl.String).implode()))["record_id"])


def _relinked(links: pl.DataFrame, earlier: pl.DataFrame) -> pl.Series:
    """The records whose links differ."""
    facts = ("entity_id", "rule", "also_ids", "of_ids")
    told = (
        each.select("record_id", *(pl.col(name).list.join(" ") if name.endswith("_ids") else name for name in facts))
        for each in (links, earlier)
    )
    after, before = told
    pair = after.join(before, on="record_id", how="full", coalesce=True, suffix=":old")
    differ = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}:old")) for name in facts)
    return pair.filter(differ)["record_id"]
