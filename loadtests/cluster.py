"""Publishing to OpenSearch, against a plain parallel bulk: `python -m loadtests.cluster --url http://127.0.0.1:9200`.

The documents of the registry, then those of `--rows` entities, are made once and kept in memory. In turn they are sent
by `opensearchpy.helpers.parallel_bulk` (four threads, bodies of 1,000) into an index of the same mapping, they are
given to the driver's `build`, and the lake is published as `xincha publish` does, which makes them anew. Prints
documents a second of each, the ratios to the plain bulk, and bytes a document in the index. Measure on an open node of
this machine (`python -m tests.opensearch` starts one); what is made there is removed in the end.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from opensearchpy import OpenSearch
from opensearchpy.helpers import parallel_bulk

from indexer.load import load
from indexer.publish import publish
from loadtests import registry
from loadtests.ingest_child import Collector
from xincha.engine.contract import Document
from xincha.engine.fields import INDICES
from xincha.engine.open import open_engine
from xincha.engine.opensearch.mapping import index_body
from xincha.settings import Settings

PREFIX = "xincha-measured"
_THREADS = 4


def settings(data: Path, url: str) -> Settings:
    """The embedded engine in `data`; with a `url`, the OpenSearch there, under a prefix of its own."""
    if not url:
        return Settings(data=data)
    if urlsplit(url).hostname != "127.0.0.1":
        raise SystemExit("--url: only a server on 127.0.0.1 is put under load")
    return Settings(
        data=data,
        engine="opensearch",
        opensearch_url=url,
        opensearch_prefix=PREFIX,
        opensearch_replicas=0,
        opensearch_bulk_threads=_THREADS,
    )


@contextmanager
def cleared(used: Settings) -> Iterator[None]:
    """Remove in the end what was published to a cluster."""
    try:
        yield
    finally:
        if used.engine == "opensearch":
            with OpenSearch(used.opensearch_urls) as client:
                client.indices.delete(index=f"{PREFIX}-*")


def main() -> None:
    """Both sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:9200", help="an open OpenSearch on this machine")
    parser.add_argument("--rows", type=int, default=1_000_000, help="size of the second measurement; 0 leaves it out")
    parser.add_argument("--rounds", type=int, default=2, help="rounds at the registry's size")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xincha-cluster-") as folder:
        _measure(settings(Path(folder) / "registry", options.url), registry.files(), options.rounds)
        if options.rows:
            scaled = registry.write_scaled(Path(folder) / "scaled.csv", options.rows)
            _measure(settings(Path(folder) / "scaled", options.url), [scaled], 1)


def _measure(used: Settings, files: Sequence[Path], rounds: int) -> None:
    load(list(files), used)
    collector = Collector(used.data / "collector")
    publish(used, collector, full=True)
    documents = collector.taken["entities"]
    gc.freeze()
    with cleared(used), OpenSearch(used.opensearch_urls, timeout=120) as client, closing(open_engine(used)) as engine:
        for _ in range(rounds):
            plain = _rate(len(documents), lambda: _plain(client, documents))
            built = _rate(len(documents), lambda: engine.build("entities", documents, note={}))
            whole = _rate(len(documents), lambda: publish(used, engine, full=True))
            shown = f"build {built:>8,.0f}/s, {built / plain:.2f}  publish {whole:>8,.0f}/s, {whole / plain:.2f}"
            print(f"{len(documents):>9,} documents  plain bulk {plain:>8,.0f}/s  {shown}", flush=True)
        found = client.indices.stats(index=f"{PREFIX}-entities")["_all"]["primaries"]
        size = found["store"]["size_in_bytes"] / found["docs"]["count"]
        print(f"{'':>9} {size:,.0f} bytes a document in the index", flush=True)


def _rate(count: int, work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)


def _plain(client: OpenSearch, documents: Sequence[Document]) -> None:
    """The same documents by the library's own helper."""
    name = f"{PREFIX}-plain"
    client.indices.create(index=name, body=index_body(INDICES["entities"], shards=1, meta={}))
    actions = (
        {"_index": name, "_id": row["id"], "_source": {**row, "source": cast("bytes", row["source"]).decode()}}
        for row in documents
    )
    for done, item in parallel_bulk(client, actions, thread_count=_THREADS, chunk_size=1_000):
        assert done, item
    client.indices.refresh(index=name)
    assert client.count(index=name)["count"] == len(documents)
    client.indices.delete(index=name)


if __name__ == "__main__":
    main()
