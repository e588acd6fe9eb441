"""How much one request, one list and one answer may hold. A limit that only one module knows stands there."""

from __future__ import annotations

MAX_PAGE_SIZE = 1_000
"""Hits of one page that `XINCHA_MAX_PAGE_SIZE` may allow at most."""

MAX_QUERY = 200
"""Characters of what a person types into the search box."""

MAX_VALUES = 50
"""Values of one filter."""

MAX_CURSOR = 2_000
"""Characters of a cursor."""

MAX_CELL = 200
"""Characters of one cell of a list that is matched."""

MAX_MATCH_ROWS = 1_000
"""Rows that one request to match may hold."""

MAX_LIST_ROWS = 100_000
"""Rows of a list that is uploaded to be matched."""

MAX_LIMIT = 100_000_000
"""Units a minute that a limit of callers may be at most."""
