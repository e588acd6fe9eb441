"""Documents into an index of the cluster: `BulkPartWriter` writes one part of a build, in whatever process calls it.

A body holds up to 1,000 documents or 4 MiB; some connections send at once, and no more bodies are made than these can
send. Where the cluster has too much to do (429), is away or does not answer in time, a body is sent again after a while
that doubles, a bounded number of times; of a body of which some documents were put off only these. What the cluster
refuses for good is `BuildFailed`, naming document and reason.

An identifier given twice shows by `create`, which refuses the second. After a body whose answer was lost it may be its
own first that is in the way; then the count of the finished index decides.
"""

from __future__ import annotations

import random
import threading
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Any, Literal

import orjson

from xincha.engine.check import INT_MAX, INT_MIN, SUSPICIOUS, finite, refuse_long, refused
from xincha.engine.contract import BuildPart, Document, IndexName
from xincha.engine.fields import INDICES, Field
from xincha.engine.opensearch.client import ENGINE, Cluster, Connection, Refused, refusal
from xincha.errors import BuildFailed, EngineUnavailable

BODY_DOCUMENTS = 1_000
BODY_BYTES = 4 * 1024 * 1024
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 20.0
"""Seconds. All pauses between nine tries together: a good minute."""

_BODY_SECONDS = 60.0
_SHOWN = 5

Operation = Literal["create", "index", "delete"]
Line = tuple[str, bytes]
"""An identifier, and what a bulk body says of it."""

_PARAMS: Mapping[str, object] = {
    "filter_path": "items.*.status,items.*.error",
    "request_timeout": _BODY_SECONDS,
    "timeout": "10s",
}


@dataclass(frozen=True, slots=True)
class BulkPartWriter:
    """A `PartWriter` that writes into the index `name`: over `threads` connections, each body at most `tries` times.

    `operation`: `create` finds identifiers that are given twice; `index` writes what may be there already.
    """

    connection: Connection
    index: IndexName
    name: str
    threads: int
    tries: int
    operation: Operation = "create"

    def __call__(self, documents: Iterable[Document]) -> BuildPart:
        """Write one part."""
        lines = BulkLines(self.index)
        with (
            closing(Cluster(self.connection)) as cluster,
            BulkSender(cluster, self.name, self.threads, self.tries) as sender,
        ):
            for document in documents:
                sender.add(lines.of(document, self.operation))
        return BuildPart(sender.count, self.name, array("Q"))


class BulkLines:
    """Makes lines of bulk bodies from documents of one index."""

    def __init__(self, index: IndexName) -> None:
        self._fields = INDICES[index]
        self._held: dict[str, Callable[[Any], object]] = {name: _holder(f) for name, f in self._fields.items()}
        self._held["source"] = bytes.decode

    def of(self, document: Document, operation: Operation) -> Line:
        """The line of a document; `BuildFailed` names what cannot be written."""
        held = self._held
        try:
            identifier = document["id"]
            row = {name: made for name, value in document.items() if (made := held[name](value)) not in _EMPTY}
            if not identifier or not isinstance(identifier, str):
                raise TypeError
            return identifier, action(operation, identifier) + orjson.dumps(row) + b"\n"
        except UnicodeDecodeError as cause:
            raise BuildFailed(f"{ENGINE}: document {identifier!r}, field 'source': is not UTF-8") from cause
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError) as cause:
            raise refused(ENGINE, document, self._fields) from cause


_EMPTY: Sequence[object] = ("", [])
"""What is not there: an index would count a text without tokens as a value."""


def action(operation: Operation, identifier: str) -> bytes:
    """What is to be done with the document of an identifier."""
    return orjson.dumps({operation: {"_id": identifier}}) + b"\n"


def _holder(spec: Field) -> Callable[[Any], object]:
    """What makes of a value what is sent; raises what it happens to raise on a bad one: `refused` finds out why."""
    one = _HOLDERS[spec.type]
    return one if not spec.many else lambda values: [one(value) for value in _listed(values)]


def _key(value: str) -> str:
    if not isinstance(value, str):
        raise TypeError
    if len(value) > SUSPICIOUS:
        refuse_long([value])
    return value


def _tokens(value: str) -> str:
    if not isinstance(value, str):
        raise TypeError
    if len(value) > SUSPICIOUS:
        refuse_long(value.split())
    return value if value.strip() else ""


def _whole(value: int) -> int:
    if not isinstance(value, int) or not INT_MIN <= value <= INT_MAX:
        raise TypeError
    return value


def _listed(values: list[Any]) -> list[Any]:
    if not isinstance(values, list):
        raise TypeError
    return values


_HOLDERS: Mapping[str, Callable[[Any], object]] = {
    "key": _key,
    "text": _tokens,
    "date": date.isoformat,
    "int": _whole,
    "float": finite,
}


@dataclass(slots=True)
class _Failures:
    """What the cluster did not take."""

    repeated: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def any(self) -> bool:
        return bool(self.repeated or self.refused)


class BulkSender:
    """Sends lines in bodies, some at once. A context: leaving it waits for all, and raises what went wrong.

    `count`: lines so far.
    """

    def __init__(self, cluster: Cluster, name: str, threads: int, tries: int) -> None:
        self.count = 0
        self._tries = tries
        self._cluster = cluster
        self._name = name
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="xincha-bulk")
        self._free = threading.Semaphore(threads + 1)
        self._sent: list[Future[None]] = []
        self._stop = threading.Event()
        self._lines: list[Line] = []
        self._bytes = 0
        self._failures = _Failures()

    def __enter__(self) -> BulkSender:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.flush()
        finally:
            self._stop.set()
            self._pool.shutdown(cancel_futures=True)

    def add(self, line: Line) -> None:
        """Send a line, now or with those that follow. Raises what went wrong with lines before it."""
        self.count += 1
        self._lines.append(line)
        self._bytes += len(line[1])
        if len(self._lines) >= BODY_DOCUMENTS or self._bytes >= BODY_BYTES:
            self._submit()

    def flush(self) -> None:
        """Wait until everything so far has arrived; raises what went wrong."""
        if self._lines:
            self._submit()
        self._settle()

    def _submit(self) -> None:
        self._free.acquire()
        if self._stop.is_set():
            self._settle()
        lines, self._lines, self._bytes = self._lines, [], 0
        self._sent = [future for future in self._sent if not future.done() or future.exception()]
        self._sent.append(self._pool.submit(self._send, lines))

    def _settle(self) -> None:
        """Wait for the bodies that are on their way; raise what any of them has met."""
        for future in self._sent:
            future.result()
        self._sent.clear()
        failures = self._failures
        if failures.refused:
            raise BuildFailed(f"{ENGINE}: {len(failures.refused):,} documents were refused; {failures.refused[0]}")
        if failures.repeated:
            raise given_twice(list(dict.fromkeys(failures.repeated)))

    def _send(self, lines: Sequence[Line]) -> None:
        try:
            self._deliver(lines)
            if self._failures.any():
                self._stop.set()
        except BaseException:
            self._stop.set()
            raise
        finally:
            self._free.release()

    def _deliver(self, lines: Sequence[Line]) -> None:
        """Send a body, and what is left of it, until nothing is."""
        for tried in range(self._tries):
            if tried and self._stop.wait(min(_FIRST_PAUSE * 2**tried, _LONGEST_PAUSE) * random.uniform(0.5, 1)):  # noqa: S311
                return
            try:
                lines = self._once(lines, again=tried > 0)
            except EngineUnavailable as error:
                if tried + 1 == self._tries:
                    raise BuildFailed(f"{error}; given up after {self._tries} tries") from error
            except Refused as error:
                raise BuildFailed(f"{error}: {error.reason}") from error
            if not lines:
                return
        raise BuildFailed(
            f"{ENGINE}: {len(lines):,} documents were put off {self._tries} times: the cluster is overloaded"
        )

    def _once(self, lines: Sequence[Line], *, again: bool) -> Sequence[Line]:
        """Send a body; returns what was put off."""
        body = b"".join(line for _, line in lines)
        answer = self._cluster.write(
            "write documents", lambda c: c.bulk(index=self._name, body=body, params=dict(_PARAMS))
        )
        put_off = []
        for line, item in zip(lines, answer["items"], strict=True):
            (result,) = item.values()
            status = result["status"]
            if status == 429 or status >= 500:
                put_off.append(line)
            elif status == 409 and not again:
                self._failures.repeated.append(line[0])
            elif "error" in result and status not in {404, 409}:
                self._failures.refused.append(_refusal_of(line[0], status, result["error"]))
        return put_off


def _refusal_of(identifier: str, status: int, error: Any) -> str:
    """What the cluster says of a document: its words name the field."""
    said = refusal("write documents", status, error)
    reason = said.reason if isinstance(said, Refused) else str(said)
    return f"document {identifier!r}: {reason}"


def given_twice(identifiers: Sequence[str]) -> BuildFailed:
    """The error for identifiers that are not those of one document each."""
    shown = ", ".join(map(repr, identifiers[:_SHOWN]))
    return BuildFailed(f"{ENGINE}: {len(identifiers):,} identifiers were given twice: {shown}")
