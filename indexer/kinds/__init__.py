"""How files are read: for each kind of source a declaration, with its columns in every accepted spelling, and a reader.

Spellings are compared folded: width, case, spaces, `_`, `*` and brackets' width do not count; what stands in a
bracket after a spelling may be a unit（万元, 元）or a remark, and `行政相对人代码_n（…）` is what its bracket says,
because the numbering differs between editions of the standard.

    source.py         what a declaration holds; columns that many sources have
    registration.py   the register's entities
    <kind>.py         a kind of record, which `xincha/kinds/<kind>.py` declares
"""

from __future__ import annotations

from indexer.kinds.abnormal import ABNORMAL
from indexer.kinds.change import CHANGE
from indexer.kinds.check_draw import CHECK_DRAW
from indexer.kinds.check_item import CHECK_ITEM
from indexer.kinds.check_plan import CHECK_PLAN
from indexer.kinds.check_task import CHECK_TASK
from indexer.kinds.document import DOCUMENT
from indexer.kinds.licence import LICENCE
from indexer.kinds.name_removal import NAME_REMOVAL
from indexer.kinds.notice import NOTICE
from indexer.kinds.officer import OFFICER
from indexer.kinds.penalty import PENALTY
from indexer.kinds.post_restriction import POST_RESTRICTION
from indexer.kinds.power import POWER
from indexer.kinds.registration import REGISTRATION
from indexer.kinds.regulation import REGULATION
from indexer.kinds.serious import SERIOUS
from indexer.kinds.source import Source
from indexer.kinds.spot_check import SPOT_CHECK

SOURCES: dict[str, Source] = {
    source.kind: source
    for source in (
        REGISTRATION,
        PENALTY,
        ABNORMAL,
        CHECK_DRAW,
        SPOT_CHECK,
        LICENCE,
        SERIOUS,
        NAME_REMOVAL,
        POST_RESTRICTION,
        DOCUMENT,
        CHECK_PLAN,
        CHECK_TASK,
        CHECK_ITEM,
        OFFICER,
        NOTICE,
        CHANGE,
        POWER,
        REGULATION,
    )
}
"""By kind. Where a header fits two kinds equally well, the first is meant."""

__all__ = ["SOURCES", "Source"]
