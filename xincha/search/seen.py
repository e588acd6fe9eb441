"""What a person sees of why an entity was found: the fields in which what was typed stands, with the places marked.

A name is marked where it holds what was typed: pieces of it, its characters in order, its reading or first letters, or
else pairs of characters and of sounds. An entity in which nothing can be marked was found for no reason that anybody
sees, and is no hit.
"""

from __future__ import annotations

from collections.abc import Sequence

from xincha.search.answers import Highlight, Part
from xincha.search.highlight import Highlighted
from xincha.search.intent import Intent
from xincha.search.reading import Candidate
from xincha.text import pinyin, tokens

_LONGEST_ORDERED = 12
_ORG_CODE = slice(8, 17)
"""Where a USCC holds the organization code."""


def highlights(intent: Intent, found: Candidate) -> list[Highlight]:
    """The fields of an entity in which the query is seen."""
    made = _codes(intent, found)
    if made or not intent.text:
        return made
    pieces = [intent.text, *(word.text for word in intent.words), *intent.phrases]
    name = Highlighted(str(found.source.get("name", "")))
    if marks := name_marks(intent, name, pieces):
        made.append(Highlight("name", name.parts(marks)))
    former = found.source.get("former_names")
    for each in former if isinstance(former, list) else ():
        shown = Highlighted(str(each))
        if len(better := name_marks(intent, shown, pieces)) > len(marks):
            made.append(Highlight("former_names", shown.parts(better)))
    made += _excerpts(intent, found, pieces, named=bool(marks))
    person = found.source.get("legal_rep")
    if len(intent.words) > 1 and any(word.text == person for word in intent.words):
        made.append(Highlight("legal_rep", [Part(str(person), mark=True)]))
    return made


def _codes(intent: Intent, found: Candidate) -> list[Highlight]:
    """A code that was typed: whole, its beginning, or the signs that it shares with one that was mistyped."""
    code = intent.identifier
    fields = ((field, str(found.source.get(field) or "")) for field in ("uscc", "reg_no", "org_code"))
    for field, value in fields:
        marks: set[int] = set()
        if code and code.field == field and code.value == value:
            marks = set(range(len(value)))
        elif code and (code.field, field) == ("org_code", "uscc") and value[_ORG_CODE] == code.value:
            marks = set(range(len(value))[_ORG_CODE])
        elif intent.near and intent.near.field == field and value in intent.near.values:
            marks = _shared(intent.near.typed, value)
        elif intent.code_start and value.startswith(intent.code_start):
            marks = set(range(len(intent.code_start)))
        if marks:
            return [Highlight(field, Highlighted(value).parts(marks))]
    return []


def _shared(typed: str, value: str) -> set[int]:
    """Places of a code that agree with what was typed, from both ends on."""
    size = min(len(typed), len(value))
    front = next((at for at in range(size) if typed[at] != value[at]), size)
    back = next((at for at in range(size - front) if typed[-1 - at] != value[-1 - at]), size - front)
    return {*range(front), *range(len(value) - back, len(value))}


def name_marks(intent: Intent, name: Highlighted, pieces: Sequence[str]) -> set[int]:
    """Places of the characters of a name that what was typed explains."""
    rest = intent.behind_place
    if marks := name.marks([*pieces, rest, intent.name.region if rest else ""]):
        return marks
    if marks := _letter_marks(intent, name):
        return marks
    if len(intent.text) <= _LONGEST_ORDERED and (marks := name.ordered(intent.text)):
        return marks
    marks = name.marks([a + b for a, b in zip(intent.text, intent.text[1:], strict=False)])
    heard = list(intent.sounds) or ([] if intent.letters else pinyin.syllables(intent.name.spoken or intent.text))
    return marks | name.heard(heard) or name.nearly(rest or intent.text)


def _letter_marks(intent: Intent, name: Highlighted) -> set[int]:
    for letters in intent.spellings:
        if marks := name.spoken(letters):
            return marks
    for placed in intent.placed:
        if marks := name.spoken(placed.rest):
            return marks | name.spoken(placed.start)
    if intent.letters:
        ways = [way for letters in intent.spellings for way in pinyin.split(letters)[:2]]
        return next((marks for way in ways if (marks := name.heard(way))), set())
    return set()


def _excerpts(intent: Intent, found: Candidate, pieces: Sequence[str], *, named: bool) -> list[Highlight]:
    """Address and scope: what was typed as it stands there; where the name says nothing, its words too."""
    made = []
    for field in ("address", "scope"):
        text = found.text(field)
        wanted = [piece for piece in (*pieces, intent.name.region) if piece and piece in text]
        if not wanted and not named and text:
            wanted = _parts_of(field, intent, text)
        if wanted:
            excerpt = Highlighted(str(found.source[field]))
            made.append(Highlight(field, excerpt.excerpt(excerpt.marks(wanted))))
    return made


def _parts_of(field: str, intent: Intent, text: str) -> list[str]:
    """The words (of an address: pairs of characters) of a typed word that all stand in a text, though apart."""
    for word in intent.words:
        prepare = tokens.bigrams if field == "address" else tokens.words
        if (each := prepare(word.text).split()) and all(part in text for part in each):
            return each
    return []
