"""The connection to a cluster: where it is (`Connection`), how it is asked (`Cluster`), what its errors mean.

Every call has a timeout. A call that only reads is tried again on another node where a connection fails. After some
failures in a row calls fail at once for a second, then one is let through to see whether the cluster answers again.
No error holds an address, a password, or what somebody searched for, and opensearch-py's own log is silent: it would.
"""

from __future__ import annotations

import re
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import orjson
from opensearchpy import OpenSearch, Urllib3HttpConnection
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import ConnectionTimeout, OpenSearchException, SSLError, TransportError
from opensearchpy.serializer import JSONSerializer
from urllib3.exceptions import NewConnectionError

from xincha import budget
from xincha.errors import EngineError, EngineUnavailable

ENGINE = "opensearch"
LONG = 120.0
"""Seconds that a change of the cluster's state may take."""

_CONNECTIONS = 48
"""Kept open to each node: as many as the API has threads, and some."""

_DEAD_SECONDS = 2.0
"""So long a node that failed is asked only where no other is left; up to four times that when it fails again."""

_LEAST_SECONDS = 0.001
"""No time at all would mean no end."""

_FAILURES, _PAUSE = 3, 1.0
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the cluster is, and who asks. `urls` hold no user or password. `timeout` in seconds."""

    urls: Sequence[str]
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    timeout: float = 10.0


class Refused(EngineError):
    """The cluster has answered with an error. `kind`: its name for it; `reason`: its words, which may quote values."""

    def __init__(self, message: str, status: int, kind: str, reason: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.reason = reason


class Cluster:
    """A client of one cluster. Safe to share between threads."""

    def __init__(self, connection: Connection) -> None:
        self.timeout = connection.timeout
        self._tries = max(2, len(connection.urls))
        self._circuit = _Circuit()
        secure: dict[str, Any] = {"verify_certs": True, "ca_certs": _text(connection.ca)}
        secure |= {"client_cert": _text(connection.client_cert), "client_key": _text(connection.client_key)}
        self._client = OpenSearch(
            [_host(url) for url in connection.urls],
            connection_class=_Quiet,
            serializer=_Json(),
            headers=_proof(connection),
            timeout=connection.timeout,
            max_retries=0,
            dead_timeout=_DEAD_SECONDS,
            timeout_cutoff=2,
            pool_maxsize=_CONNECTIONS,
            **(secure if any(url.startswith("https:") for url in connection.urls) else {}),
        )

    def read(self, doing: str, call: Callable[[OpenSearch], _T]) -> _T:
        """What `call` returns; it changes nothing, so it is tried again where a connection fails."""
        return self._attempt(doing, call, _is_broken)

    def write(self, doing: str, call: Callable[[OpenSearch], _T]) -> _T:
        """What `call` returns; tried again only where a node could not be reached. `doing` says in a few words what was
        wanted, for the error."""
        return self._attempt(doing, call, _was_not_sent)

    def _attempt(self, doing: str, call: Callable[[OpenSearch], _T], again: Callable[[BaseException], bool]) -> _T:
        for tried in range(1, self._tries + 1):
            budget.check()
            self._circuit.enter()
            try:
                answer = call(self._client)
            except OpenSearchException as cause:
                # an answer that came later than this request may take says nothing of the cluster
                self._circuit.leave(failed=isinstance(cause, NoConnection) and budget.left() != 0.0)
                budget.check()
                if tried == self._tries or not again(cause):
                    raise _error_of(doing, cause, self.timeout) from cause
            else:
                self._circuit.leave(failed=False)
                return answer
        raise AssertionError

    def close(self) -> None:
        """Close all connections."""
        self._client.close()


class _Circuit:
    """Lets calls through while the cluster answers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    def enter(self) -> None:
        """Raise where the cluster did not answer just now; one call a second passes, to see whether it does again."""
        if self._failures < _FAILURES:
            return
        with self._lock:
            now = time.monotonic()
            if self._failures >= _FAILURES and now < self._until:
                raise EngineUnavailable(f"{ENGINE}: the cluster does not answer; it is asked again in a moment")
            self._until = now + _PAUSE

    def leave(self, *, failed: bool) -> None:
        """A call has ended: was there no answer?"""
        if not failed and not self._failures:
            return
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            self._until = time.monotonic() + _PAUSE


class _Quiet(Urllib3HttpConnection):
    """Logs nothing: addresses and bodies are nobody's business. Waits no longer than the request that asks may take;
    then it closes the connection, and OpenSearch ends a search that nobody is connected for."""

    def perform_request(  # noqa: PLR0913, PLR0917 - the parent's
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        timeout: float | None = None,
        ignore: Collection[int] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """See `Urllib3HttpConnection`."""
        left = budget.left()
        if left is not None:
            timeout = max(min(timeout or self.timeout or left, left), _LEAST_SECONDS)
        return super().perform_request(method, url, params, body, timeout, ignore, headers)

    def log_request_success(self, *_: Any, **__: Any) -> None:
        """Nothing."""

    def log_request_fail(self, *_: Any, **__: Any) -> None:
        """Nothing."""


class _Json(JSONSerializer):
    """JSON by orjson; text and bytes are sent as they are."""

    def dumps(self, data: Any) -> Any:
        """See `Serializer`."""
        return data if isinstance(data, str | bytes) else orjson.dumps(data)

    def loads(self, s: str) -> Any:
        """See `Serializer`."""
        try:
            return orjson.loads(s)
        except ValueError as cause:
            raise TransportError(502, "no JSON", {}) from cause


def refusal(doing: str, status: int, error: Any) -> EngineError:
    """The error for an answer with an error status; `error` is what it says, of a request or of one part of it."""
    said = error if isinstance(error, dict) else {}
    root = next(iter(said.get("root_cause") or ()), said)
    kind, reason = str(root.get("type", "")), _reason(said)
    if status == 429 or status >= 500:
        blocked = " (the disk is full: free space, then the cluster writes again)" if "disk usage" in reason else ""
        return EngineUnavailable(f"{ENGINE}: {doing}: the cluster cannot do it now: {kind or status}{blocked}")
    if status == 401:
        hint = "check XINCHA_OPENSEARCH_USER and XINCHA_OPENSEARCH_PASSWORD, or the client certificate"
        return Refused(f"{ENGINE}: {doing}: the cluster does not know who asks; {hint}", status, kind, reason)
    if status == 403:
        return Refused(f"{ENGINE}: {doing}: {_forbidden(kind, reason)}", status, kind, reason)
    return Refused(f"{ENGINE}: {doing}: the cluster refuses: {kind or status}", status, kind, reason)


def _forbidden(kind: str, reason: str) -> str:
    if kind == "cluster_block_exception":
        return f"the cluster takes no changes: {reason}"
    if kind == "index_create_block_exception":
        return f"the cluster makes no index, as where its disks are nearly full: {reason}"
    missing = re.search(r"\[([a-z]+:[\w:/*.-]+)", reason)
    return f"the user of XINCHA_OPENSEARCH_USER lacks the permission {missing[1] if missing else '(not named)'}"


def _reason(error: dict[str, Any]) -> str:
    """The cluster's words, from the outside to the innermost cause."""
    reasons = [str(error.get("reason", ""))]
    while isinstance(error := error.get("caused_by") or {}, dict) and error:
        reasons.append(str(error.get("reason", "")))
    return "; ".join(dict.fromkeys(filter(None, reasons)))


def _error_of(doing: str, cause: OpenSearchException, timeout: float) -> EngineError:
    """The error of our tree for one of opensearch-py."""
    if isinstance(cause, ConnectionTimeout):
        return EngineUnavailable(f"{ENGINE}: {doing}: no answer in time (XINCHA_OPENSEARCH_TIMEOUT is {timeout:g} s)")
    if isinstance(cause, SSLError):
        return EngineUnavailable(
            f"{ENGINE}: {doing}: no secure connection; check XINCHA_OPENSEARCH_CA and certificates"
        )
    if isinstance(cause, NoConnection) or not isinstance(cause, TransportError):
        return EngineUnavailable(f"{ENGINE}: {doing}: the cluster does not answer; check XINCHA_OPENSEARCH_URL")
    said = cause.info if isinstance(cause.info, dict) else {}
    status = cause.status_code if isinstance(cause.status_code, int) else 503
    return refusal(doing, status, said.get("error"))


def _is_broken(cause: BaseException) -> bool:
    """Was it a connection that failed? Another try may have another one; where time ran out it would run out again."""
    return isinstance(cause, NoConnection) and not isinstance(cause, ConnectionTimeout | SSLError)


def _was_not_sent(cause: BaseException) -> bool:
    """Was there no connection to begin with? Then nothing has been changed, and another node may be reached."""
    return isinstance(cause, NoConnection) and isinstance(cause.info, NewConnectionError)


def _proof(connection: Connection) -> dict[str, str]:
    """Who asks, where a user does. In UTF-8, as OpenSearch reads it; opensearch-py knows Latin-1 only."""
    if not connection.user:
        return {}
    return {"authorization": f"Basic {b64encode(f'{connection.user}:{connection.password}'.encode()).decode()}"}


def _host(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 9200)
    return {"host": parts.hostname, "port": port, "use_ssl": secure, "url_prefix": parts.path.strip("/")}


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
