"""Xincha as a library: what is published in a data folder, asked from Python. `data` stands for that folder.

>>> import xincha
>>> with xincha.open(data) as register:
...     page = register.find("示例澜汀", kind="企业")
...     company = register.entity(page.hits[0]["entity_id"])
>>> company["name"]
'厦门示例澜汀餐饮管理有限公司'
>>> company["status"]
'存续'

Answers are those of the API, and obey the same law: what may not be shown today is in none. Filters are the parameters
of `GET /api/v1/entities` and `/api/v1/records`; one that is not known raises `xincha.errors.BadParameters`.

>>> register = xincha.open(data)
>>> register.records(kind="penalty", page_size=1).total > 100
True
>>> [result] = register.match(["厦门示例澜汀餐饮管理有限公司"])
>>> result.state, result.entity_id == company["entity_id"]
('matched', True)
>>> register.match([{"name": "西宁无此示例铸造厂", "region": "西宁"}])[0].state
'none'
>>> register.entity("N-nobody")
Traceback (most recent call last):
    ...
xincha.errors.NotFound: there is no such entity
>>> register.close()
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from xincha.days import today
from xincha.engine.open import open_engine
from xincha.holds import Holds
from xincha.search.answers import Entity, EntityPage, Record, RecordPage
from xincha.search.match.types import MatchResult
from xincha.search.questions import EntitySearch, Parameters, RecordSearch
from xincha.search.service import Searcher
from xincha.settings import Settings

Q = TypeVar("Q", bound=Parameters)


class Register:
    """What is published. Safe to share between threads; to be closed, or used in `with`."""

    def __init__(self, settings: Settings) -> None:
        self._engine = open_engine(settings)
        holds = Holds(settings.holds_file)
        self._searcher = Searcher(self._engine, today=today, held=holds.on, holds=holds.listed)

    def find(self, q: str = "", **filters: object) -> EntityPage:
        """A page of entities by name, code, pinyin and filters; `cursor=page.cursor` gives the next one."""
        return self._searcher.entities.page(_question(EntitySearch, q, filters))

    def records(self, q: str = "", **filters: object) -> RecordPage:
        """A page of records that may be shown today."""
        return self._searcher.records.page(_question(RecordSearch, q, filters))

    def entity(self, entity_id: str, as_of: date | None = None) -> Entity:
        """Everything about one entity, today or as it was known on a day; `NotFound` where there is none."""
        return self._searcher.entities.one(entity_id, as_of)

    def record(self, record_id: str) -> Record:
        """One record; `NotFound` where there is none that may be shown."""
        return self._searcher.records.one(record_id)

    def match(self, rows: Sequence[str | Mapping[str, str]]) -> list[MatchResult]:
        """Which entity each row means, or honestly none: names, or rows as `POST /api/v1/match` takes them."""
        return self._searcher.matcher.match([{"name": row} if isinstance(row, str) else row for row in rows])

    def close(self) -> None:
        """Let go of the index."""
        self._engine.close()

    def __enter__(self) -> Register:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def open_data(data: str | PathLike[str] | None = None, **settings: Any) -> Register:
    """The register in a data folder; without one, that of the environment (`XINCHA_…`). `settings`: by their names."""
    read = Settings.read()
    return Register(read.model_copy(update={**settings, **({"data": Path(data)} if data is not None else {})}))


def _question(question: type[Q], q: str, filters: Mapping[str, object]) -> Q:
    """A question of Python's values: lists are repeated parameters, days and numbers are written."""
    pairs = [("q", q)] if q else []
    for name, value in filters.items():
        if value is not None:
            values = value if isinstance(value, list | tuple) else [value]
            pairs += [(name, str(each)) for each in values]
    return question.read(pairs)
