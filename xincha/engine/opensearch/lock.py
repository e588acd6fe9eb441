"""One publisher at a time in a cluster: a document that its holder renews.

Whoever makes the document is the writer, and writes it again every few seconds. Whoever finds it watches it: where it
changes its holder lives, and the other is refused; where it stays the same for as long as a lock lasts (`ttl`, seconds,
by the watcher's own clock: no two clocks are compared) the holder is gone, and the lock is taken over; at once where it
was a process of this machine, and none of that number runs any more. Each goes by the document's sequence number, so
that of two who try only one succeeds. A holder that could not renew its lock in time has lost it, and stops before
anybody else can have it.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from xincha.engine.opensearch.client import ENGINE, Cluster, Refused
from xincha.errors import BuildFailed, EngineError

_ID = "writer"
_Held = tuple[dict[str, int], float]
"""Which writing of the document is ours, and until when (monotonic seconds) the lock lasts."""

_BODY = {
    "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1"},
    "mappings": {"dynamic": False},
}


class PublisherLock:
    """The lock in the index `name`."""

    def __init__(self, cluster: Cluster, name: str, *, ttl: float, renew: float) -> None:
        self._cluster = cluster
        self._name = name
        self._ttl = ttl
        self._renew = renew
        self._holder = {"host": socket.gethostname(), "process": str(os.getpid()), "home": _home()}
        self._holder["token"] = secrets.token_hex(8)
        self._place: dict[str, int] | None = None
        self._until = 0.0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def locked(self) -> bool:
        """Is this process the writer?"""
        return self._thread is not None

    def lock(self) -> None:
        """Become the writer; `BuildFailed` while another process is. May take `ttl` where its holder was killed."""
        if self._thread is not None:
            self.check()
            return
        self._holder["since"] = datetime.now(UTC).isoformat(timespec="seconds")
        document = self._document()
        self._hold(self._new() if document is None else self._taken(document))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, args=(self._stop,), name="xincha-lock", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """`BuildFailed` where the lock was lost."""
        if self._place is None or time.monotonic() > self._until:
            raise BuildFailed(f"{ENGINE}: the lock of {self._name} was lost; what was built is not published")

    def unlock(self) -> None:
        """Let others write."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._stop.set()
        thread.join()
        place, self._place = self._place, None
        if place is not None and time.monotonic() < self._until:
            try:
                self._cluster.write(
                    "unlock", lambda c: c.delete(index=self._name, id=_ID, params={**place, "ignore": 404})
                )
            except EngineError:
                return  # it ends by itself when it is not renewed

    def _new(self) -> _Held:
        """Make the document."""
        try:
            return self._written({"op_type": "create"})
        except Refused as error:
            if error.status == 409:
                raise self._busy(self._document()) from error
            raise

    def _taken(self, first: Any) -> _Held:
        """Watch the document of another; take it where it does not change."""
        end = time.monotonic() + (0 if self._is_dead(first["_source"]) else self._ttl)
        document = first
        while time.monotonic() < end:
            time.sleep(self._renew / 4)
            document = self._document()
            if document is None:
                return self._new()
            if _place(document) != _place(first):
                raise self._busy(document)
        try:
            return self._written(_place(document))
        except Refused as error:
            if error.status == 409:
                raise self._busy(self._document()) from error
            raise

    def _is_dead(self, holder: Mapping[str, str]) -> bool:
        """Is it certain that the holder is gone? Only for processes of which this one can see all."""
        home, process = holder.get("home"), holder.get("process", "")
        if not home or home != self._holder["home"] or not process.isdecimal():
            return False
        with suppress(PermissionError):
            try:
                os.kill(int(process), 0)
            except ProcessLookupError:
                return True
        return False

    def _busy(self, document: Any) -> BuildFailed:
        holder = document["_source"] if document else {}
        who = f"{holder.get('host', '?')}, process {holder.get('process', '?')}, since {holder.get('since', '?')}"
        return BuildFailed(f"{ENGINE}: another process is writing ({who}); try again when it has finished")

    def _document(self) -> Any:
        """The document; the index is made where it is not there."""
        document = self._cluster.read(
            "look at the lock", lambda c: c.get(index=self._name, id=_ID, params={"ignore": 404})
        )
        if "error" in document:  # two who make it at once: one of them is told that it exists (400)
            self._cluster.write(
                "make the lock", lambda c: c.indices.create(index=self._name, body=_BODY, params={"ignore": 400})
            )
        return document if document.get("found") else None

    def _written(self, how: Mapping[str, object]) -> _Held:
        begun = time.monotonic()
        place = self._cluster.write(
            "lock", lambda c: c.index(index=self._name, id=_ID, body=self._holder, params=dict(how))
        )
        return _place(place), begun + self._ttl

    def _hold(self, held: _Held) -> None:
        self._place, self._until = held

    def _keep(self, stop: threading.Event) -> None:
        """Renew the lock until it is given back or lost."""
        while not stop.wait(self._renew) and self._place is not None:
            try:
                self._hold(self._written(self._place))
            except Refused as error:
                if error.status in {404, 409}:
                    self._place = self._lost_answer()
            except EngineError:
                continue  # the cluster is away for a moment; until the lock's time is over it may come back

    def _lost_answer(self) -> dict[str, int] | None:
        """Where the document stands if it is still ours: then only an answer did not arrive."""
        try:
            document = self._document()
        except EngineError:
            return None
        ours = document is not None and document["_source"].get("token") == self._holder["token"]
        return _place(document) if ours else None


def _place(document: Any) -> dict[str, int]:
    """Which writing of the document this was."""
    return {"if_seq_no": document["_seq_no"], "if_primary_term": document["_primary_term"]}


def _home() -> str:
    """Where numbers of processes mean the same: this start of this machine, this container. "": cannot be told."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""
