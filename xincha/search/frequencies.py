"""In how many documents each token is: what a search with errors asks of an index to know which tokens are rare."""

from __future__ import annotations

from collections.abc import Sequence

from xincha.engine.contract import Engine
from xincha.engine.query import Request, Term

_KEPT = 1 << 15
_LONGEST = 12
"""Pairs of characters and of syllables are no longer: what is would be kept for its caller alone."""


class KnownFrequencies:
    """Numbers of entities that hold a token, kept as long as their version is asked for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: tuple[str, dict[tuple[str, str], int]] = ("", {})

    def of(self, version: str, field: str, tokens: Sequence[str]) -> list[int]:
        """Of each of the tokens, in their order; `version`: the one that was asked last, "" if none was."""
        kept = self._of_version(version)
        counts = {token: kept.get((field, token), -1) for token in tokens}
        if unknown := [token for token, count in counts.items() if count < 0]:
            requests = [Request(Term(field, token), size=0, source=False) for token in unknown]
            results = self._engine.search_many("entities", requests)
            counts |= {token: result.total for token, result in zip(unknown, results, strict=True)}
            if results[0].version == version:
                kept.update({(field, token): counts[token] for token in unknown if len(token) <= _LONGEST})
        return [counts[token] for token in tokens]

    def _of_version(self, version: str) -> dict[tuple[str, str], int]:
        """What is kept of a version, for others to add to; begun anew for another one, and where it is full."""
        known, kept = self._kept
        if not version:
            return {}
        if version != known or len(kept) > _KEPT:
            kept = {}
            self._kept = version, kept  # at once: another thread sees both or neither
        return kept
