"""`/metrics`: what an operator watches, in the text format of Prometheus.

Labels are patterns of paths, classes of status, names of indices and caches, kinds of error: all from the program,
none from a caller, so nothing that was searched for is in them. Each application has a registry of its own, and
counts for its own process. docs/operations.md says what each metric means and when to be alarmed.

    seen(…)       a request was answered; called by `api.middleware`, which times requests anyway (2 µs)
    TimedEngine   an engine whose searches are counted and timed
    written(now)  everything; the state of the engine and of the worker threads is handed in as it is now
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from api.about import loaded_at
from xincha.errors import EngineError

if TYPE_CHECKING:
    from anyio import CapacityLimiterStatistics

    from xincha.engine.contract import Engine, EngineStatus, IndexName, Result
    from xincha.engine.query import Request

REQUEST_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
ENGINE_SECONDS = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)

A = TypeVar("A")
R = TypeVar("R")

CacheUse = tuple[int, int]
"""Hits and misses."""


class Metrics:
    """The counts of one application. Safe to share between threads."""

    def __init__(self) -> None:
        # `process_start_time_seconds` says when counting began
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        count, time_of = partial(Counter, registry=self._registry), partial(Histogram, registry=self._registry)
        self._requests = count("xincha_http_requests", "Requests answered", ["route", "status"])
        text = "Time from a request's arrival to the end of its answer"
        self._seconds = time_of("xincha_http_request_seconds", text, ["route"], buckets=REQUEST_SECONDS)
        text = "Time of one call of the search engine; a request makes one or several"
        self.engine_seconds = time_of("xincha_engine_seconds", text, ["index"], buckets=ENGINE_SECONDS)
        text = "Calls of the search engine that failed"
        self.engine_errors = count("xincha_engine_errors", text, ["index", "error"])
        text = "Clients that lost their connection, or got none"
        self._lost = count("xincha_connections_lost", text, ["reason"])

    def seen(self, route: str, status: int, seconds: float) -> None:
        """A request is over. `route`: the pattern of its path; `status`: 0 where nothing was answered."""
        self._requests.labels(route, f"{status // 100}xx" if status else "none").inc()
        self._seconds.labels(route).observe(seconds)

    def lost(self, reason: str) -> None:
        """A client lost its connection; `reason`: a word of `api.protocol` or `api.connections`."""
        self._lost.labels(reason).inc()

    def written(self, now: Now) -> bytes:
        """All metrics."""
        return generate_latest(self._registry) + generate_latest(now)


class TimedEngine:
    """Passes everything on to an engine; its searches are counted in `metrics`."""

    def __init__(self, engine: Engine, metrics: Metrics) -> None:
        self._engine = engine
        self._metrics = metrics

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def search(self, index: IndexName, request: Request) -> Result:
        """As the engine's."""
        return self._call(self._engine.search, index, request)

    def search_many(self, index: IndexName, requests: Sequence[Request]) -> Sequence[Result]:
        """As the engine's."""
        return self._call(self._engine.search_many, index, requests)

    def _call(self, method: Callable[[IndexName, A], R], index: IndexName, asked: A) -> R:
        begun = time.perf_counter()
        try:
            return method(index, asked)
        except EngineError as error:
            self._metrics.engine_errors.labels(index, type(error).__name__).inc()
            raise
        finally:
            self._metrics.engine_seconds.labels(index).observe(time.perf_counter() - begun)


@dataclass(frozen=True)
class Now(Collector):
    """What is asked of others when the metrics are read. `status`: None where the engine did not say in time; `caches`:
    those that are no functions; `compared`: documents by what `api.sampling` found.
    """

    status: EngineStatus | None
    connections: int
    threads: CapacityLimiterStatistics
    caches: Mapping[str, CacheUse]
    compared: Mapping[str, int]

    def collect(self) -> Iterator[Metric]:
        """The metric families of what is so now."""
        yield GaugeMetricFamily("xincha_connections", "Connections that are open", self.connections)
        now = self.threads
        yield GaugeMetricFamily("xincha_threads", "Requests that may be worked on at once", now.total_tokens)
        yield GaugeMetricFamily("xincha_threads_busy", "Requests that are being worked on", now.borrowed_tokens)
        yield GaugeMetricFamily("xincha_requests_waiting", "Requests that wait for a free thread", now.tasks_waiting)
        lookups = CounterMetricFamily("xincha_cache_lookups", "Look-ups in caches", labels=["cache", "result"])
        for name, (hits, misses) in {**self.caches, **cached_functions()}.items():
            lookups.add_metric([name, "hit"], hits)
            lookups.add_metric([name, "miss"], misses)
        yield lookups
        text = "Documents that were compared with what was published"
        compared = CounterMetricFamily("xincha_proof_documents", text, labels=["result"])
        for result, number in self.compared.items():
            compared.add_metric([result], number)
        yield compared
        yield from _engine(self.status)


def _engine(status: EngineStatus | None) -> Iterator[Metric]:
    yield GaugeMetricFamily("xincha_ready", "1: searches are answered", bool(status and status.ready))
    about = GaugeMetricFamily("xincha_info", "Always 1; what runs is in the labels", labels=["version", "engine"])
    about.add_metric([version("xincha"), status.engine if status else ""], 1)
    yield about
    documents = GaugeMetricFamily("xincha_index_documents", "Documents of the published index", labels=["index"])
    text = "Time since the data that is published was loaded, published"
    age = GaugeMetricFamily("xincha_data_age_seconds", text, labels=["since"])
    indices = status.indices if status else {}
    for name, index in indices.items():
        documents.add_metric([name], index.documents)
    published = indices["entities"].published_at if "entities" in indices else None
    for since, moment in (("load", loaded_at(status) if status else None), ("publish", published)):
        if moment:
            age.add_metric([since], (datetime.now(UTC) - moment).total_seconds())
    yield documents
    yield age


def cached_functions() -> dict[str, CacheUse]:
    """The use of every bounded `lru_cache` among the functions of `xincha`, by the name of its function."""
    return {
        f"{module.removeprefix('xincha.')}.{name}": (info.hits, info.misses)
        for module in [name for name in sys.modules if name.startswith("xincha.")]
        for name, each in vars(sys.modules[module]).items()
        if hasattr(each, "cache_info") and each.__module__ == module and (info := each.cache_info()).maxsize
    }
