"""Who was drawn for a spot check and has no result yet: not shown where the task says that its list is not published.

Plans and tasks are public acts, results are published when they were reviewed; the list of who was drawn 抽取名单 is
published or not as the task says (名单是否公示). A task that does not say it leaves the list as it was delivered.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from xincha.kinds.check_draw import CHECK_DRAW
from xincha.kinds.check_task import CHECK_TASK
from xincha.kinds.spot_check import SPOT_CHECK
from xincha.text.doc_no import doc_no_key

Scan = Callable[[str], pl.LazyFrame]
"""Opens a table of the lake by its name."""


def unpublished(scan: Scan) -> frozenset[str]:
    """The records of who was drawn by tasks whose lists are not published: rows of lists, and checks without result."""
    tasks = scan(CHECK_TASK.table).filter(pl.col("list_public").not_(), pl.col("task_no").is_not_null())
    hidden = {doc_no_key(number) for number in tasks.select("task_no").collect()["task_no"]}
    if not hidden:
        return frozenset()
    unchecked = scan(SPOT_CHECK.table).filter(pl.col("results").is_null(), pl.col("checked_on").is_null())
    drawn = [each.select("record_id", "task_no") for each in (scan(CHECK_DRAW.table), unchecked)]
    rows = pl.concat(drawn).drop_nulls("task_no").collect().iter_rows()
    return frozenset(record_id for record_id, number in rows if doc_no_key(number) in hidden)
