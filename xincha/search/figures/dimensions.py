"""By what is counted: how the engine is asked, what a value is called, and which list stands behind it.

What occurs of a dimension is looked up first (`probes`). Then documents are counted on each of its `sides`: those that
have a value, and those that have none, which are a row too; a state has two sides more, before and after the day on
which it turns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from xincha.engine.query import Bool, By, CellsAgg, DateBy, Exists, Facet, KeyBy, MatchAll, Query, Terms, TermsAgg
from xincha.search import filters
from xincha.search.figures.question import TIMES
from xincha.text import divisions
from xincha.text.divisions import CITY, COUNTY, PROVINCE
from xincha.text.industries import industry_ancestors

if TYPE_CHECKING:
    from xincha.engine.contract import Bucket, Result
    from xincha.engine.query import Value
    from xincha.search.figures.question import FiguresQuestion

Key = int | str
MOST_OF_ONE = 10_000
"""Values of one dimension that are looked up."""
SEVERAL = ("category", "article")
"""Dimensions of which a record may have several values."""
_REGIONS = 20_000
_LEVELS = {"province": PROVINCE, "city": CITY, "district": COUNTY}
_MONTHS = 3
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Side:
    """Documents that `only` leaves, by the values of `by`; without that they are counted as having none."""

    by: By | None
    only: Query | None = None


class Sides(NamedTuple):
    """What occurs of a dimension: on which sides, how many values, and how many beside the commonest."""

    sides: Sequence[Side]
    values: int
    left_out: int = 0


class Dimension(Protocol):
    """One of the things by which is counted. `name`: its key in rows."""

    name: str

    def probes(self) -> Mapping[str, Facet]:
        """What has to be looked up first."""

    def found(self, result: Result) -> Sides:
        """The sides on which documents stand."""

    def key(self, value: Value) -> Key:
        """What a row says of a value of the engine."""

    def called(self, key: Key) -> str:
        """What people call it; "" where the key says it."""

    def narrowed(self, given: Mapping[str, Sequence[str]], key: Key) -> Mapping[str, Sequence[str]]:
        """The filters of the list behind a value, among those that are given."""


class Period:
    """Years, quarters or months of a day."""

    def __init__(self, name: str, day: str, field: str, total: int) -> None:
        self.name = name
        self._total = total
        self._day = day
        self._by = DateBy(field, "year" if name == "year" else "month")

    def probes(self) -> Mapping[str, Facet]:
        """The periods."""
        return {self.name: Facet(CellsAgg((self._by,)))}

    def found(self, result: Result) -> Sides:
        """Those with a day, and those without."""
        cells = buckets(result, self.name)
        sides = [Side(self._by)] if cells else []
        if sum(cell.count for cell in cells) < self._total:
            sides.append(Side(None, Bool(must_not=[Exists(self._by.field)])))
        return Sides(sides, len(cells))

    def key(self, value: Value) -> Key:
        """2025, 2025-Q3 or 2025-07."""
        assert isinstance(value, date)  # noqa: S101 - of a date field
        if self.name == "year":
            return value.year
        quarter = f"Q{(value.month - 1) // _MONTHS + 1}"
        return f"{value.year:04}-{quarter if self.name == 'quarter' else f'{value.month:02}'}"

    def called(self, _: Key) -> str:
        """Nothing else."""
        return ""

    def narrowed(self, given: Mapping[str, Sequence[str]], key: Key) -> Mapping[str, Sequence[str]]:
        """The days of the period, as far as they are asked for."""
        first, last = span_of(self.name, key)
        low, high = f"{self._day}_from", f"{self._day}_to"
        return {
            low: [max([first.isoformat(), *given.get(low, ())])],
            high: [min([last.isoformat(), *given.get(high, ())])],
        }


def span_of(period: str, key: Key) -> tuple[date, date]:
    """First and last day of a period."""
    if period == "year":
        return date(int(key), 1, 1), date(int(key), 12, 31)
    year, part = str(key).split("-")
    first = (int(part[1:]) - 1) * _MONTHS + 1 if period == "quarter" else int(part)
    last = first + _MONTHS - 1 if period == "quarter" else first
    if last == _DECEMBER:
        return date(int(year), first, 1), date(int(year), 12, 31)
    return date(int(year), first, 1), date(int(year), last + 1, 1) - timedelta(days=1)


class Values:
    """The values of a key field; where it is filtered, those that the filter names. A document may have several."""

    def __init__(self, name: str, asked: Sequence[str], total: int, top: int | None) -> None:
        self.name = name
        self._asked = frozenset(asked)
        self._field = name
        self._total = total
        self._top = top

    def probes(self) -> Mapping[str, Facet]:
        """The values."""
        most = MOST_OF_ONE if self._top is None or self._asked else self._top
        return {self.name: Facet(TermsAgg(self._field, most + 1))}

    def found(self, result: Result) -> Sides:
        """Those with a value, and those without."""
        kept = [bucket for bucket in buckets(result, self.name) if self.is_kept(str(bucket.key))]
        shown = [str(bucket.key) for bucket in kept[: self._top]]
        sides = [Side(KeyBy(self._field, shown))] if shown else []
        if self.name in SEVERAL or sum(bucket.count for bucket in kept) < self._total:
            with_one = Exists(self._field) if self._is_whole else Terms(self._field, [str(each.key) for each in kept])
            sides.append(Side(None, Bool(must_not=[with_one])))
        return Sides(sides, len(shown), len(kept) - len(shown))

    @property
    def _is_whole(self) -> bool:
        """Whether every value of the field is a row."""
        return not self._asked

    def is_kept(self, value: str) -> bool:
        """Whether a value is a row."""
        return not self._asked or value in self._asked

    def key(self, value: Value) -> Key:
        """The value."""
        return str(value)

    def called(self, key: Key) -> str:
        """Its name, where that is another one."""
        name = filters.name_of(self.name, str(key))
        return name if name != key else ""

    def narrowed(self, _: Mapping[str, Sequence[str]], key: Key) -> Mapping[str, Sequence[str]]:
        """The value."""
        return {self.name: [str(key)]}


class Region(Values):
    """Places of one level."""

    _is_whole = False

    def __init__(self, name: str, asked: Sequence[str], total: int, top: int | None, level: str | None) -> None:
        super().__init__(name, asked, total, top)
        below = min((divisions.level(code) for code in asked), default=0) + 1
        self._level = _LEVELS[level] if level else min(below, COUNTY)
        if self._level == COUNTY:
            self._field = "district"

    def probes(self) -> Mapping[str, Facet]:
        """All places, those of a finer level too."""
        return {self.name: Facet(TermsAgg(self._field, _REGIONS))}

    def is_kept(self, value: str) -> bool:
        """Whether a place is of the level; of several that are asked for a finer one is a row by itself."""
        level = divisions.level(value)
        return level == self._level or (level == COUNTY and self._level == CITY and _has_no_city(value))

    def narrowed(self, given: Mapping[str, Sequence[str]], key: Key) -> Mapping[str, Sequence[str]]:
        """The place, or what is asked for in it."""
        asked = [code for code in given.get(self.name, ()) if divisions.contains(str(key), code)]
        return {self.name: asked or [str(key)]}


def _has_no_city(code: str) -> bool:
    """Whether a county or district lies right under its province."""
    return f"{code[:4]}00" not in divisions.ancestors(code)


class Industry(Values):
    """Sections of industry, by letter."""

    _is_whole = False

    def probes(self) -> Mapping[str, Facet]:
        """All values, those of finer levels too."""
        return {self.name: Facet(TermsAgg(self._field, MOST_OF_ONE + 1))}

    def is_kept(self, value: str) -> bool:
        """Whether a value is a section."""
        return value.isalpha()

    def narrowed(self, given: Mapping[str, Sequence[str]], key: Key) -> Mapping[str, Sequence[str]]:
        """The section, or what is asked for in it."""
        asked = [code for code in given.get(self.name, ()) if str(key) in industry_ancestors(code)[:1]]
        return {self.name: asked or [str(key)]}


class StateValues(Values):
    """States of records on a day."""

    def __init__(self, name: str, asked: Sequence[str], today: date) -> None:
        super().__init__(name, asked, 0, None)
        self._today = today

    def probes(self) -> Mapping[str, Facet]:
        """States before and after the day on which they turn."""
        return filters.facets_by_state(self._today, MatchAll())

    def found(self, result: Result) -> Sides:
        """Those that have not turned, those that have, and those that have no state."""
        turned = filters.turned(self._today)
        now = [str(bucket.key) for bucket in buckets(result, "state:now") if self.is_kept(str(bucket.key))]
        after = [str(bucket.key) for bucket in buckets(result, "state:next") if self.is_kept(str(bucket.key))]
        sides = [Side(KeyBy("state", now), Bool(must_not=[turned]))] if now else []
        sides += [Side(KeyBy("next_state", after), turned)] if after else []
        stateless = [
            Bool(must_not=[turned, Exists("state")]),
            Bool(filter=[turned], must_not=[Exists("next_state")]),
        ]
        return Sides([*sides, Side(None, Bool(should=stateless))], len({*now, *after}))


def buckets(result: Result, name: str) -> Sequence[Bucket]:
    """What was counted under a name."""
    found = result.facets[name]
    return found if isinstance(found, Sequence) else ()


def dimensions(question: FiguresQuestion, total: int, today: date) -> list[Dimension]:
    """The dimensions of a question that finds `total` documents."""
    asked: Mapping[str, Any] = question.given
    made: dict[str, Callable[[str], Dimension]] = {
        **dict.fromkeys(TIMES, lambda name: Period(name, question.day, filters.field_of(question.day), total)),
        "region": lambda name: Region(name, asked.get(name, ()), total, question.top, question.level),
        "industry": lambda name: Industry(name, (), total, question.top),
        "state": lambda name: StateValues(name, asked.get(name, ()), today),
    }
    return [
        made[name](name) if name in made else Values(name, asked.get(name, ()), total, question.top)
        for name in question.dimensions
    ]
