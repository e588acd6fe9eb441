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
from xincha.search.features import FEATURES, SILENT, Feature
from xincha.search.intent import Intent
from xincha.search.reading import Asked, Candidate, Reading
from xincha.search.requests import Reason
from xincha.text import tokens

_FIRST = 24
_NEAREST = 48
_SAID = 0.6
"""A feature of lower value orders hits, but explains none."""

_TEXTS: Mapping[Feature, str] = {feature: cleandoc(feature.__doc__ or "") for feature in FEATURES}
_SAME = (features.exact_name, features.place, features.status, features.head_office)
_SAME_NAME = 2000.0
"""Above what the other features can add up to."""


class Ranking:
    """The order of candidates for one intent."""

    def __init__(self, intent: Intent) -> None:
        self._asked = Asked(intent, Reading(intent.text, intent.name))
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
        if found.name.key == self._asked.text:
            return _SAME_NAME + sum(FEATURES[feature] * feature(self._asked, found) for feature in _SAME)
        return sum(weight * feature(self._asked, found) for feature, weight in FEATURES.items())

    def explain(self, found: Candidate) -> list[Reason]:
        """The features that speak for a candidate, strongest first; at most four."""
        asked = _SAME if found.name.key == self._asked.text else FEATURES
        reasons = [
            Reason(feature.__name__, _TEXTS[feature], round(FEATURES[feature] * value, 1))
            for feature in asked
            if feature not in SILENT and (value := feature(self._asked, found)) >= _SAID
        ]
        return sorted(reasons, key=lambda reason: -reason.score)[:4]
