"""Making receipts of what is published now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xincha.errors import EngineNotReady
from xincha.receipts import content
from xincha.receipts.form import BYTES, CANONICAL, FORMAT, LogProof, Receipt, code_of, digest_of, versions_of
from xincha.search.coverage import content_until

if TYPE_CHECKING:
    from xincha.engine.contract import Engine
    from xincha.proof.log import Log
    from xincha.proof.log import Logged as LogFile
    from xincha.receipts.form import DataVersion
    from xincha.search.answers import Entity, Record, RecordPage
    from xincha.search.match.types import MatchResult
    from xincha.search.questions import EntitySearch, Parameters, RecordSearch
    from xincha.search.service import Searcher

MOST_RECORDS = 100
"""Records of a company that are in its receipt, the newest; how many there are is in it too."""


@cache
def rules_version() -> str:
    """What differs when a rule of what is shown does."""
    rules = [each for each in files("xincha.rules").iterdir() if each.name.endswith(".py")]
    made = hashlib.sha256()
    for each in sorted(rules, key=lambda rule: rule.name):
        source = each.read_bytes()
        made.update(f"{each.name} {len(source)}\n".encode() + source)
    return made.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Receipts:
    """Receipts of what `searcher` answers from `engine`. `service`: its public address; `log`: that of its loads and
    publishes, if it has one. Keeps nothing of them."""

    engine: Engine
    searcher: Searcher
    service: str = ""
    log: Log | None = None

    def company(self, entity_id: str, as_of: date | None = None) -> Receipt:
        """Of one entity, today or as it was known on a day; `NotFound` where there is none."""
        entity, page, _ = self.searcher.company(entity_id, MOST_RECORDS, as_of)
        return self.of_company(entity, page, as_of)

    def of_company(self, entity: Entity, page: RecordPage, as_of: date | None) -> Receipt:
        """The same, of what has been looked up: the entity and its newest `MOST_RECORDS` records."""
        question = {"of": "entity", "entity_id": entity["entity_id"]} | ({"as_of": as_of} if as_of else {})
        return self._receipt(question, content.company(entity, None if as_of else page), entity["as_of"])

    def record(self, record_id: str) -> Receipt:
        """Of one record; `NotFound` where there is none that may be shown."""
        return self.of_record(self.searcher.records.one(record_id))

    def of_record(self, record: Record) -> Receipt:
        """The same, of what has been looked up."""
        return self._receipt({"of": "record", "record_id": record["record_id"]}, content.record(record))

    def entities(self, search: EntitySearch) -> Receipt:
        """Of a page of a search for entities."""
        return self._receipt(_asked("entities", search), content.entities(self.searcher.entities.page(search)))

    def records(self, search: RecordSearch) -> Receipt:
        """Of a page of a search for records."""
        return self._receipt(_asked("records", search), content.records(self.searcher.records.page(search)))

    def rows(self, rows: Iterable[object], results: Iterable[MatchResult]) -> list[Receipt]:
        """Of rows of a list and what was answered to each."""
        pairs = zip(rows, results, strict=True)
        return [self._receipt({"of": "match", "row": row}, content.matched(result)) for row, result in pairs]

    def file(self, of: str, asked: Mapping[str, Any], path: Path) -> Receipt:
        """Of a file that was written: its digest is that of its bytes."""
        with path.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
        question = {"of": of, "file": path.name, **asked}
        return self.proven([self._filled(question, None, BYTES, sha256, self.searcher.today())])[0]

    def proven(self, receipts: Sequence[Receipt]) -> list[Receipt]:
        """The same with what proves, in the name of whoever signs the log, that their data was published."""
        told = self.log.read() if self.log else None
        found: dict[str, LogProof | None] = {}
        for each in receipts if told and told.note else ():
            if told and each.data.entities not in found:
                found[each.data.entities] = _logged(told, each.data)
        return [each.model_copy(update={"log": found.get(each.data.entities)}) for each in receipts]

    def _receipt(self, question: Mapping[str, Any], answer: object, day: date | None = None) -> Receipt:
        return self._filled(question, answer, CANONICAL, digest_of(answer), day or self.searcher.today())

    def _filled(self, question: Mapping[str, Any], answer: object, form: str, sha256: str, day: date) -> Receipt:
        plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in question.items()}
        status = self.engine.status()
        if not status.ready:
            raise EngineNotReady(status.reason)
        index = status.indices["entities"]
        publicity, _, repaired = index.note.get("policy", "").partition(" ")
        return Receipt.model_validate(
            {
                "receipt": FORMAT,
                "question": plain,
                "answer": answer,
                "form": form,
                "sha256": sha256,
                "day": day.isoformat(),
                "code": code_of(plain, sha256, day.isoformat()),
                "data": {
                    "entities": index.version,
                    "records": status.indices["records"].version,
                    "loaded_at": index.note.get("loaded_at"),
                    "published_at": index.published_at.isoformat(),
                    "content_until": _iso(content_until(self.searcher.coverage.of("entities", index.version).kinds)),
                },
                "rules": {"version": rules_version(), "publicity": publicity, "repaired": repaired},
                "program": version("xincha"),
                "service": self.service or None,
            }
        )


def _logged(told: LogFile, data: DataVersion) -> LogProof | None:
    """The newest line of the log that published these versions, and the proof of it; None where it is not signed."""
    versions = {"entities": data.entities, "records": data.records}
    place = next((place for place, entry in reversed([*told.entries()]) if versions_of(entry) == versions), None)
    evidence = told.evidence(place) if place is not None else None
    return LogProof(entry=told.lines[evidence.index].decode(), proof=evidence.text) if evidence else None


def _asked(of: str, search: Parameters) -> dict[str, Any]:
    return {"of": of, **search.model_dump(mode="json", exclude_defaults=True, exclude={"facet"})}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
