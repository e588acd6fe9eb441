"""Processes of tests that have imported already what they need: forked from a server that this test run starts once.

They are processes as real as others, to be killed and waited for, but a new interpreter would take a second to read the
tables of the text analysis. What starts threads when it is imported (Polars, PyArrow) must not be forked: each process
imports it by itself (see `tests.forked_imports`).
"""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.forked_imports"])


def call(function: Callable[..., object], *arguments: object) -> tuple[int, object]:
    """Call a function of a module in a process of its own, to its end.

    Returns how that ended (0, or negative: the signal that killed it), and what the function returned; an exception of
    it fails the caller.
    """
    told, tells = FORKED.Pipe(duplex=False)
    process = FORKED.Process(target=_tell, args=(tells, dict(os.environ), function, arguments))
    process.start()
    tells.close()
    with told:
        try:
            failure, returned = told.recv()
        except EOFError:
            failure = returned = None
    process.join()
    code = process.exitcode
    process.close()
    assert failure is None, failure
    assert code is not None
    return code, returned


def _tell(
    tells: Connection, environment: dict[str, str], function: Callable[..., object], arguments: tuple[object, ...]
) -> None:
    os.environ.update(environment)  # the server has that of its own start
    try:
        tells.send((None, function(*arguments)))
    except BaseException:
        tells.send((traceback.format_exc(), None))
    tells.close()
