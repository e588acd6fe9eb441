"""Every kind of record is declared whole: fixture, document, rule, labels, and a reader of its files."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fixtures.layouts import LAYOUTS
from indexer.kinds import SOURCES
from indexer.tables import ENTITIES, table_of
from xincha.kinds import KINDS, Kind
from xincha.kinds.entity import ENTITY
from xincha.kinds.kind import Fact
from xincha.kinds.topics import TOPICS
from xincha.rules.window import CAREFUL, Window
from xincha.settings import ROOT

EACH = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)


@EACH
def test_a_kind_has_a_reader_of_its_files_a_fixture_and_a_document(kind: Kind) -> None:
    source = SOURCES[kind.name]
    assert source.table == table_of(kind)
    assert any(layout.kind == kind.name for layout in LAYOUTS)
    assert f"(`{kind.name}`)" in (ROOT / "docs" / "columns.md").read_text("utf-8")
    assert f"`{kind.name}`" in (ROOT / "docs" / "fields.md").read_text("utf-8")


@EACH
def test_a_row_that_states_nothing_has_a_window_and_words(kind: Kind) -> None:
    row = {**dict.fromkeys(table_of(kind).columns), "loaded_at": datetime(2024, 1, 1, tzinfo=UTC)}
    window = kind.window(row, CAREFUL)
    assert isinstance(window, Window)
    assert window.state in {None, *kind.states}
    assert kind.headline(row)
    assert isinstance(kind.summary({count.name: 0 for count in kind.counts}, ()), str)


@EACH
def test_what_people_are_shown_has_names(kind: Kind) -> None:
    assert kind.title
    assert bool(kind.has) == bool(kind.counts) == kind.party
    assert all(fact.title for fact in kind.facts if fact.shown != "lake")
    assert len({fact.name for fact in kind.facts}) == len(kind.facts)
    assert any(fact.happened for fact in kind.own)
    assert kind.has_state in {None, *kind.states}
    assert {count.state for count in kind.counts} <= {None, *kind.states}
    assert kind.topic in {"", *TOPICS}
    assert set(kind.columns) <= {fact.name for fact in kind.facts if fact.shown == "all"}
    assert set(kind.span or ()) <= {fact.name for fact in kind.own if fact.type == "date"}


@pytest.mark.parametrize("facts", [ENTITY, *(kind.facts for kind in KINDS.values())])
def test_facts_refer_to_facts_of_the_same_table(facts: tuple[Fact, ...]) -> None:
    names = {fact.name for fact in facts}
    assert {fact.follows for fact in facts} | {fact.beside for fact in facts} <= names | {""}


def test_tables_counts_and_letters_are_different() -> None:
    kinds = list(KINDS.values())
    assert len({kind.table for kind in kinds} | {ENTITIES.name}) == len(kinds) + 1
    assert len({kind.letter for kind in kinds}) == len(kinds)
    names = [count.name for kind in kinds for count in kind.counts]
    assert len(set(names)) == len(names)


def test_a_listing_whose_removal_is_dated_next_week_is_listed_until_then() -> None:
    row = {"listed_on": date(2024, 1, 2), "removed_on": date(2026, 12, 3), "removal_reason": "补报年报"}
    window = KINDS["abnormal"].window(row, CAREFUL)
    assert (window.state, window.turns_on, window.next_state) == ("listed", date(2026, 12, 3), "removed")


def test_a_fact_of_one_name_is_of_one_type_and_prose_everywhere_or_nowhere() -> None:
    """Exports of several kinds have a column for each name, and files are cleaned by the names of columns."""
    facts = [fact for of in (ENTITY, *(kind.facts for kind in KINDS.values())) for fact in of if fact.type != "lines"]
    types = {fact.name: {other.type for other in facts if other.name == fact.name} for fact in facts}
    assert {name: found for name, found in types.items() if len(found) > 1} == {}
    prose = {fact.name for fact in facts if fact.prose}
    assert {fact.name for fact in facts if fact.name in prose and not fact.prose} == set()
