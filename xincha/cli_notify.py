"""`xincha notify`: send what changed to the webhooks of XINCHA_WEBHOOKS. See `xincha.webhooks`, and `xincha.cli` for
exit codes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from filelock import FileLock, Timeout

from xincha import console
from xincha.data_folder import require
from xincha.errors import SettingsError, WebhooksUnreadable
from xincha.settings import Settings

if TYPE_CHECKING:
    from xincha.search.changes import Changed
    from xincha.search.service import Searcher
    from xincha.watches import Watches
    from xincha.webhooks.deliver import Report, Unsent
    from xincha.webhooks.hooks import Hook

PAGE = 200
"""Changes of one message: some 20 kB."""


def notify(
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long to send at most; the rest waits.")] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Send what changed since the last time to webhooks, signed; run it after each publish, and hourly."""
    settings = Settings.read()
    if settings.webhooks is None:
        raise SettingsError("XINCHA_WEBHOOKS: name a file of webhooks")
    from xincha.webhooks.hooks import read_hooks

    hooks = read_hooks(settings.webhooks)
    require(settings, "search")
    try:
        with FileLock(settings.data / ".notify.lock", timeout=0):
            reports = [asdict(report) for report in _deliver(settings, hooks, seconds)]
    except Timeout as error:
        raise WebhooksUnreadable("another `xincha notify` is sending: wait until it has finished") from error
    except OSError as error:
        raise WebhooksUnreadable(f"{settings.data}: how far webhooks are cannot be kept ({error.strerror})") from error
    if as_json:
        console.print_json(reports)
    for each in () if as_json else reports:
        more = f", next try {each['next_at']}" if each["next_at"] else ""
        dead = f", {each['dead']:,} given up" if each["dead"] else ""
        why = f" ({each['why']})" if each["why"] else ""
        typer.echo(f"{each['name']}: {each['delivered']:,} delivered{dead}; {each['state']}{more}{why}")


def _deliver(settings: Settings, hooks: Sequence[Hook], seconds: float) -> list[Report]:
    from xincha.days import today
    from xincha.engine.open import open_engine
    from xincha.holds import Holds
    from xincha.search.service import Searcher
    from xincha.watches import Watches
    from xincha.webhooks.deliver import Time, Webhooks

    holds = Holds(settings.holds_file)
    with closing(open_engine(settings)) as engine:
        searcher = Searcher(engine, today=today, held=holds.on, holds=holds.listed)
        read = reader(searcher, Watches(settings.watches_file, settings.watches_mb << 20))
        clock = Time(lambda: datetime.now(UTC), time.sleep)
        return Webhooks(settings.data, settings.named_networks, read, clock, seconds).deliver(hooks)


def reader(searcher: Searcher, watches: Watches) -> Callable[[Hook, str | None], Unsent]:
    """What reads the changes of a webhook: of everything, or of its list."""
    from xincha.search.changes import NOW
    from xincha.webhooks.deliver import Unsent

    def read(hook: Hook, cursor: str | None) -> Unsent:
        if hook.watch:
            watch = watches.of(hook.watch)
            page = searcher.followed.plain(watch.entities, watch.begun, cursor, PAGE)
            data = {"changes": page.changes, "cursor": page.cursor, "complete": page.complete}
            return Unsent(data if page.changes or not page.complete else None, page.cursor, page.more)
        if cursor is None:
            return Unsent(None, searcher.changes(NOW, 1).cursor)
        found = searcher.changes(cursor, PAGE)
        if found.reset:  # not everything there is, in messages: who keeps a copy reads it anew
            now = searcher.changes(NOW, 1).cursor
            return Unsent({"changes": [], "cursor": now, "complete": False}, now)
        data = {"changes": [_plain(each) for each in found.changes], "cursor": found.cursor, "complete": True}
        return Unsent(data if found.changes else None, found.cursor, found.more)

    return read


def _plain(changed: Changed) -> Mapping[str, str | None]:
    """A change without its content."""
    whose = changed.record["entity_id"] if changed.record else changed.id if changed.type == "entity" else None
    return {"type": changed.type, "id": changed.id, "change": changed.change, "entity_id": whose}
