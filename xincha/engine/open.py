"""The engine that the settings name."""

from __future__ import annotations

from xincha.engine.contract import Engine
from xincha.settings import Settings


def open_engine(settings: Settings) -> Engine:
    """The engine of these settings; the caller closes it. Nothing is read or made until it is asked something."""
    from xincha.engine.embedded import EmbeddedEngine

    return EmbeddedEngine(
        settings.index,
        threads=settings.index_threads,
        memory_mb=settings.index_memory_mb,
        keep=settings.keep_versions,
    )
