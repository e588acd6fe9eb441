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
from xincha.text.fold import fold

Scan = Callable[[str], pl.LazyFrame]
"""Opens a table of the lake by its name."""


def unpublished(scan: Scan) -> frozenset[str]:
    """The records of who was drawn by tasks whose lists are not published: rows of lists, and checks without result."""
    tasks = scan(CHECK_TASK.table).filter(pl.col("list_public").not_()).select("task_no", "task_name").collect()
    if tasks.is_empty():
        return frozenset()
    hidden = {_key(*row) for row in tasks.iter_rows()} | {_key(None, name) for name in tasks["task_name"]}
    hidden.discard("")
    unchecked = scan(SPOT_CHECK.table).filter(pl.col("results").is_null(), pl.col("checked_on").is_null())
    drawn = [each.select("record_id", "task_no", "task_name") for each in (scan(CHECK_DRAW.table), unchecked)]
    rows = pl.concat(drawn).collect().iter_rows()
    return frozenset(record_id for record_id, *task in rows if _key(*task) in hidden)


def _key(number: str | None, name: str | None) -> str:
    """A task by its number, else by its name."""
    return doc_no_key(number) if number else f"@{fold(name)}" if name else ""
