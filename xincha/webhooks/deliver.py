"""Messages of webhooks, each in its order: made, sent, tried again later, given up in the end.

What is kept of a webhook is how far it is (a cursor) and the message that waits, whole, so that it is sent again with
the same `webhook-id` and the same body however often it takes: who has seen an id has the message. A message that is
not taken is tried after the times of `TRIES`; the webhook waits behind it. Then it goes into the file of dead letters,
and the next ones follow. A receiver that answers 410 Gone is sent nothing more until its entry is removed there.

`deliver` takes a bounded time, whatever receivers do; what is left waits for the next run.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from xincha.errors import NotFound, WebhooksUnreadable
from xincha.settings import Network
from xincha.shared_file import SharedFile
from xincha.webhooks.hooks import Hook
from xincha.webhooks.post import Outcome, post

KEPT, DEAD = "webhooks-sent.json", "webhooks-dead.jsonl"
AT_ONCE = 4
"""Webhooks that are sent to at once."""
TRIES = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds until a message is tried again, as Standard Webhooks recommends: three days in all."""
MOST_DEAD_BYTES = 10 << 20
"""Of the file of dead letters; what is older is in a second one of that size."""
_MODE = 0o600


class Unsent(NamedTuple):
    """Changes to be told, as JSON: `data` of a message; none where nothing changed. `cursor`: behind them."""

    data: Mapping[str, Any] | None
    cursor: str
    more: bool = False


Read = Callable[[Hook, str | None], Unsent]
"""What changed behind a cursor; without one, where a webhook begins. Raises `NotFound` where its list is gone."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that is not taken yet. `next_at`: when it is tried again; `cursor`: behind it."""

    id: str
    body: str
    cursor: str
    tries: int = 0
    next_at: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What is kept of a webhook. `gone`: its receiver answered that it wants nothing more."""

    cursor: str | None = None
    waiting: Waiting | None = None
    gone: bool = False


@dataclass(slots=True)
class Report:
    """What a run did for a webhook; `state`: sent (everything), waiting, gone, no list."""

    name: str
    delivered: int = 0
    dead: int = 0
    state: str = "sent"
    why: str = ""
    next_at: str | None = None


@dataclass(frozen=True, slots=True)
class Time:
    """`now` of a run, and how it waits."""

    now: Callable[[], datetime]
    wait: Callable[[float], None]


@dataclass(slots=True)
class Webhooks:
    """The webhooks of one folder. `seconds`: how long a run takes at most, but for requests that are under way."""

    folder: Path
    named: Sequence[Network]
    read: Read
    time: Time
    seconds: float
    _file: SharedFile[dict[str, Sent]] = field(init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def __post_init__(self) -> None:
        self._file = SharedFile(self.folder / KEPT, "how far webhooks are", _parsed, WebhooksUnreadable, _MODE)

    def deliver(self, hooks: Sequence[Hook]) -> list[Report]:
        """Send what there is to be sent."""
        self._keep({hook.name: self._sent(hook) for hook in hooks}, only=True)
        end = self.time.now() + timedelta(seconds=self.seconds)
        with ThreadPoolExecutor(min(AT_ONCE, len(hooks) or 1)) as pool:
            return list(pool.map(lambda hook: self._one(hook, end), hooks))

    def _one(self, hook: Hook, end: datetime) -> Report:
        report, sent = Report(hook.name), self._sent(hook)
        while not sent.gone:
            if sent.waiting is None:
                try:
                    sent = self._next(hook, sent)
                except NotFound as error:
                    report.state, report.why = "no list", str(error)
                    return report
                if sent.waiting is None:
                    return report
            due = datetime.fromisoformat(sent.waiting.next_at) if sent.waiting.next_at else self.time.now()
            if due > end or self.time.now() >= end:
                report.state, report.next_at = "waiting", due.isoformat(timespec="seconds")
                return report
            self.time.wait(max(0.0, (due - self.time.now()).total_seconds()))
            sent = self._try(hook, sent, sent.waiting, report)
        report.state = "gone"
        return report

    def _next(self, hook: Hook, sent: Sent) -> Sent:
        """The next message, kept before it is sent; changes of nobody move the cursor alone."""
        while True:
            batch = self.read(hook, sent.cursor)
            if batch.data:
                break
            if batch.cursor != sent.cursor:
                sent = replace(sent, cursor=batch.cursor)
                self._keep({hook.name: sent})
            if not batch.more:
                return sent
        told = {"type": "changes", "timestamp": _text(self.time.now()), "data": batch.data}
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        chance = hashlib.blake2b(f"{hook.name}\0{sent.cursor}\0{body}".encode(), digest_size=16).hexdigest()
        sent = replace(sent, waiting=Waiting(f"msg_{chance}", body, batch.cursor))
        self._keep({hook.name: sent})
        return sent

    def _try(self, hook: Hook, sent: Sent, waiting: Waiting, report: Report) -> Sent:
        """Send the message that waits once; what is kept then."""
        outcome = post(hook, waiting.id, waiting.body.encode(), self.time.now(), self.named)
        if outcome.is_taken:
            report.delivered += 1
            sent = Sent(waiting.cursor)
        elif outcome.status == 410:
            report.why, sent = outcome.told, replace(sent, gone=True)
        elif waiting.tries < len(TRIES):
            report.why = outcome.told
            wait = max(TRIES[waiting.tries], min(outcome.wait, TRIES[-1]))
            at = _text(self.time.now() + timedelta(seconds=wait))
            sent = replace(sent, waiting=replace(waiting, tries=waiting.tries + 1, next_at=at))
        else:
            report.dead, report.why = report.dead + 1, outcome.told
            self._bury(hook, waiting, outcome)
            sent = Sent(waiting.cursor)
        self._keep({hook.name: sent})
        return sent

    def _bury(self, hook: Hook, waiting: Waiting, outcome: Outcome) -> None:
        """Put a message that nobody took into the file of dead letters."""
        letter = {"at": _text(self.time.now()), "name": hook.name, "id": waiting.id, "why": outcome.told,
                  "body": json.loads(waiting.body)}  # fmt: skip
        path = self.folder / DEAD
        try:
            with self._lock:
                if path.exists() and path.stat().st_size > MOST_DEAD_BYTES:
                    path.replace(path.with_suffix(".old.jsonl"))
                opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _MODE)
                with os.fdopen(opened, "w", encoding="utf-8") as file:
                    file.write(json.dumps(letter, ensure_ascii=False) + "\n")
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            raise WebhooksUnreadable(f"{path} cannot be written ({error.strerror})") from error

    def _sent(self, hook: Hook) -> Sent:
        return self._file.read().get(hook.name, Sent())

    def _keep(self, changed: Mapping[str, Sent], *, only: bool = False) -> None:
        """Keep how far webhooks are; with `only`, of no others: those that are not in the operator's file any more."""
        with self._lock, self._file.changing():
            kept = dict(changed) if only else {**self._file.read(), **changed}
            self._file.write(json.dumps({name: asdict(sent) for name, sent in kept.items()}, ensure_ascii=False))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _parsed(text: str | None) -> dict[str, Sent]:
    rows: dict[str, Any] = json.loads(text) if text else {}
    return {
        name: Sent(row["cursor"], Waiting(**row["waiting"]) if row["waiting"] else None, row["gone"])
        for name, row in rows.items()
    }
