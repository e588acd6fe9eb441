"""The engine that the settings name."""

from __future__ import annotations

from xincha.engine.contract import Engine
from xincha.settings import Settings


def open_engine(settings: Settings) -> Engine:
    """The engine of these settings; the caller closes it. Nothing is read or made until it is asked something."""
    if settings.engine == "opensearch":
        return _opensearch(settings)
    from xincha.engine.embedded.engine import EmbeddedEngine

    return EmbeddedEngine(
        settings.index,
        threads=settings.index_threads,
        memory_mb=settings.index_memory_mb,
        keep=settings.keep_versions,
    )


def _opensearch(settings: Settings) -> Engine:
    from xincha.engine.opensearch.client import Connection
    from xincha.engine.opensearch.engine import OpenSearchEngine
    from xincha.engine.opensearch.store import IndexOptions

    connection = Connection(
        settings.opensearch_urls,
        user=settings.opensearch_user,
        password=settings.opensearch_password.get_secret_value(),
        ca=settings.opensearch_ca,
        client_cert=settings.opensearch_client_cert,
        client_key=settings.opensearch_client_key,
        timeout=settings.opensearch_timeout,
    )
    options = IndexOptions(
        prefix=settings.opensearch_prefix,
        shards=settings.opensearch_shards,
        replicas=settings.opensearch_replicas,
        threads=settings.opensearch_bulk_threads,
        keep=settings.keep_versions,
    )
    return OpenSearchEngine(connection, options)
