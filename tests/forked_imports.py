"""What processes of `tests.forked` have when they begin: the server that they are forked from imports it, nobody else.

Nothing here may start a thread.
"""

from __future__ import annotations

import tests.engine.interrupted  # noqa: F401
import xincha.engine.embedded.engine
import xincha.engine.opensearch.engine
import xincha.settings  # noqa: F401
from xincha.text import analysis

analysis.fingerprint()  # reads the tables
