"""Candidates → order, by named features that explain themselves (`xincha.search.features`).

Of many candidates only those are compared in full that a quick look finds near, and those that the engine put first.
The engine's own score only chose the candidates: it differs between engines and versions. Equal scores are ordered by
`tie`, so that the order is total and the same for each call.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from xincha import budget
from xincha.engine.fields import tie
from xincha.search import features
from xincha.search.answers import Reason
from xincha.search.features import FEATURES, SILENT, Feature
from xincha.search.intent import Intent
from xincha.search.nearness import FIRM, ending
from xincha.search.reading import Candidate, Typed
from xincha.text import tokens

_FIRST = 16
_NEAREST = 24
_PAIR = 2
"""Of two characters a quick look says nothing where they were written otherwise."""
_LEAST_EXPLAINING = 0.6
"""A feature of lower value orders hits, but explains none."""

_OF_EXACT_NAME = (features.exact_name, features.place, features.status, features.head_office)
_OF_HOLDER = (
    features.same_name, features.core, features.brand, features.start, features.contains, features.words,
    features.place, features.representative, features.status, features.head_office, features.joint_stock,
    features.capital, features.short,
)  # fmt: skip
"""What is compared of a name that holds what was typed: how near other names come does not matter then."""


_IN_PART = Reason("in_part", "与所输有一部分相同", 0.0)


class Ranking:
    """The order of candidates for one intent."""

    def __init__(self, intent: Intent) -> None:
        self._typed = Typed(intent)
        self._pairs = frozenset(tokens.bigrams(intent.text).split())
        self._by_sound = bool(intent.letters) or len(intent.text) == _PAIR
        if intent.identifier:
            self._features: Sequence[Feature] = (features.identifier, features.near_code, features.status)
            return
        silent: set[Feature] = {features.identifier}
        if not intent.near:
            silent.add(features.near_code)
        if not intent.letters:
            silent |= {features.spelled, features.first_letters}
        if not intent.address:
            silent.add(features.address)
        if len(intent.words) + len(intent.phrases) < 2:
            silent |= {features.words, features.representative}
        self._features = [feature for feature in FEATURES if feature not in silent]

    def order(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Best first, each with its score; those that a quick look leaves behind keep the engine's order."""
        chosen, rest = list(candidates), []
        if len(chosen) > _FIRST + _NEAREST and not self._by_sound:
            nearest = sorted(chosen[_FIRST:], key=lambda candidate: (-self._near(candidate), tie(candidate.id)))
            chosen, rest = chosen[:_FIRST] + nearest[:_NEAREST], nearest[_NEAREST:]
        for candidate in chosen if len(chosen) > 1 else ():
            self._weigh(candidate)
        return sorted(chosen, key=lambda candidate: (-candidate.score, tie(candidate.id))) + rest

    def near(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Those of the candidates that come near to what was typed, best first; see `xincha.search.nearness`."""
        ordered = self.order(candidates)
        if len(ordered) == 1:
            self._weigh(ordered[0])
        return ending(self._typed, ordered)

    def firm(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Those of the candidates whose short name was typed, for certain."""
        return [each for each in candidates if features.in_order(self._typed, each) >= FIRM]

    def _near(self, candidate: Candidate) -> float:
        """A quick look: how near the text of the name is, and how many pairs of characters it shares."""
        key = candidate.name.key
        theirs = frozenset(map(str.__add__, key, key[1:]))
        shared = 2 * len(self._pairs & theirs) / (len(self._pairs) + len(theirs) or 1)
        return Levenshtein.normalized_similarity(self._typed.key, key) + shared

    def _weigh(self, candidate: Candidate) -> None:
        """Give a candidate its score, and the values of the features that can say something of it."""
        budget.check()
        name, text, chosen = candidate.name.key, self._typed.key, self._features
        if name == text:
            chosen = _OF_EXACT_NAME
        elif text and text in name:
            chosen = _OF_HOLDER
        candidate.values = {feature: value for feature in chosen if (value := feature(self._typed, candidate))}
        candidate.score = sum(FEATURES[feature] * value for feature, value in candidate.values.items())

    def explain(self, candidate: Candidate) -> list[Reason]:
        """The features that speak for a candidate, strongest first; at most four, and always one.

        Where none speaks loudly, the loudest does; and what shares no more than a few characters says that.
        """
        if not candidate.values:
            self._weigh(candidate)
        told = {feature: value for feature, value in candidate.values.items() if feature not in SILENT}
        loud = [feature for feature, value in told.items() if value >= _LEAST_EXPLAINING]
        chosen = loud or sorted(told, key=lambda feature: -FEATURES[feature] * told[feature])[:1]
        reasons = [
            Reason(feature.__name__, feature.__doc__ or "", round(FEATURES[feature] * told[feature], 1))
            for feature in chosen
        ]
        return sorted(reasons, key=lambda reason: -reason.score)[:4] or [_IN_PART]
