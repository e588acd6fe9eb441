"""Candidates → order, by named features that explain themselves (`xincha.search.features`).

Of many candidates only those are compared in full that a quick look finds near, and those that the engine put first.
The engine's own score only chose the candidates: it differs between engines and versions. Equal scores are ordered by
`tie`, so that the order is total and the same for each call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import cleandoc

from rapidfuzz.distance import Levenshtein

from xincha.engine.fields import tie
from xincha.search import features
from xincha.search.answers import Reason
from xincha.search.features import FEATURES, SILENT, Feature
from xincha.search.intent import Intent
from xincha.search.reading import Asked, Candidate, Reading
from xincha.text import tokens

_FIRST = 24
_NEAREST = 48
_SAID = 0.6
"""A feature of lower value orders hits, but explains none."""

_TEXTS: Mapping[Feature, str] = {feature: cleandoc(feature.__doc__ or "") for feature in FEATURES}
_SAME_NAME = 2000.0
"""Above what the other features can add up to."""

_SAME = (features.exact_name, features.place, features.status, features.head_office)
_HELD = (
    features.same_name, features.core, features.brand, features.start, features.contains, features.words,
    features.place, features.representative, features.status, features.head_office, features.joint_stock,
    features.short,
)  # fmt: skip
"""What is asked of a name that holds what was typed: how near other names come does not matter then."""


class Ranking:
    """The order of candidates for one intent."""

    def __init__(self, intent: Intent) -> None:
        self._asked = Asked(intent, Reading(intent.text, intent.name))
        self._features = _asked_of(intent)
        self._pairs = frozenset(tokens.bigrams(intent.text).split())

    def order(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Best first, each with its score; those that a quick look leaves behind keep the engine's order."""
        chosen = list(candidates)
        if len(chosen) > _FIRST + _NEAREST and not self._asked.intent.letters:
            rest = sorted(chosen[_FIRST:], key=lambda found: (-self._near(found), tie(found.id)))
            chosen, left = chosen[:_FIRST] + rest[:_NEAREST], rest[_NEAREST:]
        else:
            left = []
        if len(chosen) > 1:
            for candidate in chosen:
                candidate.score = self._score(candidate)
        return sorted(chosen, key=lambda found: (-found.score, tie(found.id))) + left

    def _near(self, found: Candidate) -> float:
        """A quick look: how near the text of the name is, and how many pairs of characters it shares."""
        key = found.name.key
        likeness = Levenshtein.normalized_similarity(self._asked.text, key)
        return likeness + features.dice(self._pairs, frozenset(map(str.__add__, key, key[1:])))

    def _score(self, found: Candidate) -> float:
        found.values = {feature: value for feature in self._of(found) if (value := feature(self._asked, found))}
        score = sum(FEATURES[feature] * value for feature, value in found.values.items())
        return score + _SAME_NAME * (features.exact_name in found.values)

    def _of(self, found: Candidate) -> Sequence[Feature]:
        """The features that can say something of a candidate."""
        key, text = found.name.key, self._asked.text
        if key == text:
            return _SAME
        return _HELD if text and text in key else self._features

    def explain(self, found: Candidate) -> list[Reason]:
        """The features that speak for a candidate, strongest first; at most four."""
        if not found.values:
            found.score = self._score(found)
        reasons = [
            Reason(feature.__name__, _TEXTS[feature], round(FEATURES[feature] * value, 1))
            for feature, value in found.values.items()
            if value >= _SAID and feature not in SILENT
        ]
        return sorted(reasons, key=lambda reason: -reason.score)[:4]


def _asked_of(intent: Intent) -> tuple[Feature, ...]:
    """The features that an intent gives a meaning."""
    if intent.identifier:
        return features.identifier, features.status
    without: set[Feature] = {features.identifier}
    if not intent.letters:
        without |= {features.spelled, features.first_letters}
    if not intent.address:
        without.add(features.address)
    if len(intent.words) + len(intent.phrases) < 2:
        without |= {features.words, features.representative}
    return tuple(feature for feature in FEATURES if feature not in without)
