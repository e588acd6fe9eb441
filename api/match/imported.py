"""What a process of `api.match.processes` has when it begins: the server that they are forked from imports it.

Nothing here may start a thread, for a forked process would not have it: Polars and PyArrow do, and each process imports
them by itself.
"""

from __future__ import annotations

import gc
import sys
from importlib.util import find_spec

import xincha.search.coverage
import xincha.search.service  # noqa: F401
from xincha.text import analysis

# Each process would otherwise run the main module of a service that was started as `python -m xincha.cli` once more.
sys.modules["__main__"].__spec__ = find_spec("xincha.cli")
analysis.fingerprint()  # reads the tables
gc.freeze()  # what a collector does not touch stays shared
