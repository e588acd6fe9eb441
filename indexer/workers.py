"""Processes that work for a load or a publish: started afresh (Polars is not fork-safe), each with one thread.

Imports nothing heavy, so that what it sets in the environment of a new process holds for everything imported there.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from typing import Any, TypeVar

from xincha.errors import XinchaError

Result = TypeVar("Result")


def pool(workers: int, *first: Any) -> ProcessPoolExecutor:
    """A pool of `workers` processes. They end with their parent, however that ends.

    `first`: a function that each calls first, and what it calls it with.
    """
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_begin, initargs=first)


def limited(memory: int, seconds: int) -> ProcessPoolExecutor:
    """A pool of one process that may hold so many bytes and compute for so long, where the system can limit that;
    beyond it dies."""
    return pool(1, _limit, memory, seconds)


def _limit(memory: int, seconds: int) -> None:
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"  # the others reserve more than they use
    os.environ["RUST_BACKTRACE"] = "0"  # to make one takes memory; where there is none, it never ends
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        seconds = seconds if most == resource.RLIM_INFINITY else min(seconds, most)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def count(setting: int) -> int:
    """How many processes a setting asks for; 0: one per core."""
    return setting or os.cpu_count() or 1


def result(future: Future[Result]) -> Result:
    """What a process made; an error that names the way out where the process was killed."""
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise XinchaError(
            "a worker process was killed, perhaps for want of memory; XINCHA_WORKERS=1 works without any"
        ) from error


@contextmanager
def without_collector() -> Iterator[None]:
    """Python's cycle collector rests: it would look again and again through millions of values that are in no cycle.

    Making and reading the dicts of documents takes a third of the time without it.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _begin(first: Callable[..., None] | None = None, *given: object) -> None:
    os.environ["POLARS_MAX_THREADS"] = "1"
    gc.disable()
    if first:
        first(*given)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that was killed closes no pipe that its workers hold too: without this they would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
