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

MAX_LISTED = 100
"""Characters of a value that a facet gives: an office, a category."""

MAX_FILE_NAME = 500
"""Characters of a name that a file bears in the lake, or of an office as a file states it."""

MAX_NAME = 200
"""Characters of a company's name, or of a file's."""

MAX_CODE = 100
"""Characters of a code in any spelling: hyphens, spaces, the mark of a copy."""

MAX_PLACE = 100
"""Characters of a region, from its province on."""

MAX_PERSON = 100
"""Characters of a person's name."""

MAX_ADDRESS = 300
"""Characters of an address."""

MAX_ID = 200
"""Characters of an identifier that a caller gives, or says that we gave."""

MAX_TEXT = 300
"""Characters of a fact that is compared, whichever it is."""

MAX_SAID = {
    "name": MAX_NAME, "uscc": MAX_CODE, "region": MAX_PLACE, "legal_rep": MAX_PERSON, "address": MAX_ADDRESS,
    "id": MAX_ID,
}  # fmt: skip
"""Characters of what a row says of a company that is looked for, by what it says."""

MAX_COLUMNS = 50
"""What one row may say of a company."""

MAX_MATCH_ROWS = 1_000
"""Rows that one request to match may hold."""

MAX_LIST_ROWS = 100_000
"""Rows of a list that is uploaded to be matched."""

MAX_WATCHED = 10_000
"""Companies of one watch list."""

MAX_LIMIT = 100_000_000
"""Units a minute that a limit of callers may be at most."""
