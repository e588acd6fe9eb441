"""A sample of what is published, compared with the leaves that its publish left: a look at some documents each minute.

What differs is told by `/readyz` and `/metrics`, and searches go on: whoever altered one document shall not be able to
stop the service, and who runs it decides (docs/proof.md). Where the leaves do not lie in the data folder, as beside a
cluster, nothing can be compared, and that is told too.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, to_thread

from xincha.engine.query import MatchAll, Request, Sort
from xincha.errors import ProofError, XinchaError
from xincha.proof.log import Log

if TYPE_CHECKING:
    from xincha.engine.contract import Engine, IndexName
    from xincha.settings import Settings

log = logging.getLogger("xincha.api")

RESULTS = ("same", "differs", "unknown")
_MINUTE, _HOUR = 60, 3600
_MOST_TOLD = 20
_TIE = 1 << 63
_INDICES: tuple[IndexName, IndexName] = ("entities", "records")


class Sampler:
    """What was found since the service began. `seen`: documents by result, one of `RESULTS`; `each`: how many of each
    index one look compares; `pause`: seconds between two looks."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._engine = engine
        self._log = Log(settings.proofs)
        self._folder = settings.documents_proven
        self.each, self.pause = _pace(settings.proof_samples)
        self._differing: dict[tuple[str, str, str], None] = {}
        self.seen: Counter[str] = Counter(dict.fromkeys(RESULTS, 0))

    @property
    def differing(self) -> list[str]:
        """What differs of what is published, as index, version and identifier."""
        return ["/".join(each) for each in self._differing]

    async def run(self) -> None:
        """Look again and again, until cancelled; in a thread of its own."""
        limiter = CapacityLimiter(1)
        while self.each:
            await asyncio.sleep(self.pause)
            await to_thread.run_sync(self.look, limiter=limiter, abandon_on_cancel=True)

    def look(self) -> None:
        """Compare some documents of each index. Raises nothing: what cannot be read now may be the next time."""
        for index in _INDICES:
            try:
                self._look_at(index)
            except ProofError as error:
                log.error("the log of loads and publishes cannot be read, so nothing is compared: %s", error)
            except XinchaError as error:
                log.info("no sample of %s: %s", index, error)

    def _look_at(self, index: IndexName) -> None:
        from xincha.proof.documents import DocumentLeaves, differing  # with Polars, which answers need not wait for

        by_tie = Request(MatchAll(), sort=(Sort("tie"),), size=self.each, total=False)
        found = self._engine.search(index, replace(by_tie, search_after=[secrets.randbelow(_TIE)]))
        found = found if found.hits else self._engine.search(index, by_tie)
        pairs = [(hit.id, hit.source) for hit in found.hits]
        leaves = DocumentLeaves(self._folder).some(self._log.read(), index, found.version, [each for each, _ in pairs])
        if leaves is None:
            self.seen["unknown"] += len(pairs)
            return
        other, new = differing(pairs, leaves)
        wrong = [*other, *new]
        self.seen["differs"] += len(wrong)
        self.seen["same"] += len(pairs) - len(wrong)
        kept = [key for key in self._differing if key[0] != index or key[1] == found.version]
        named = dict.fromkeys([*kept, *((index, found.version, each) for each in wrong)])
        if wrong:
            log.error("%d documents of %s are not as they were published; run xincha verify", len(wrong), index)
        self._differing = dict(list(named.items())[:_MOST_TOLD])


def _pace(an_hour: int) -> tuple[int, float]:
    """How many documents of each index a look compares, and the seconds between two: once a minute, of few seldom."""
    each = -(-an_hour // (_HOUR // _MINUTE * len(_INDICES)))
    return each, _HOUR * each * len(_INDICES) / an_hour if an_hour else _HOUR
