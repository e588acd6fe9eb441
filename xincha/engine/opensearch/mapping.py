"""Settings and mapping of an index, from the declared fields alone.

Only what is searched is indexed, and only what is shown is stored: `_source` keeps `source` (the JSON of the document,
as one string) and nothing else. Key fields have columns (`doc_values`) only where they are declared fast. Text is split
at spaces: the tokens were made before. `dynamic: strict` refuses what is not declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xincha.engine.check import LONGEST_TERM
from xincha.engine.fields import Field

DEEPEST = 100_000
"""The largest `size`: each shard holds so many places in memory. What comes behind is found by `search_after`."""

_TOKENS = "prepared"
_TYPES = {"date": "date", "int": "long", "float": "double"}


def index_body(fields: Mapping[str, Field], *, shards: int, meta: Mapping[str, object]) -> dict[str, Any]:
    """What a new index is made with: nothing is refreshed, copied or synced while it is filled."""
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": 0,
            "refresh_interval": "-1",
            "translog.durability": "async",
            "max_result_window": DEEPEST,
            "analysis": {
                "analyzer": {_TOKENS: {"type": "custom", "tokenizer": _TOKENS}},
                "tokenizer": {
                    # `whitespace` would split at the ideographic space too, and cuts tokens of 255 characters.
                    _TOKENS: {"type": "char_group", "tokenize_on_chars": [" "], "max_token_length": LONGEST_TERM}
                },
            },
            # As tantivy's: the scores of texts stand beside constants, so their scale matters. k1 1.2, b 0.75 in both.
            "similarity": {"default": {"type": "LegacyBM25"}},
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": meta,
            # What is filtered out stays on disk until segments are merged, for copies that are made from operations.
            # Without it (`recovery_source_enabled`) such a copy holds every document, and finds none of them.
            "_source": {"includes": ["source"]},
            "properties": {
                **{field.name: _property(field) for field in fields.values()},
                "source": {"type": "object", "enabled": False},
            },
        },
    }


def _property(field: Field) -> dict[str, Any]:
    if field.type == "text":
        options = "positions" if field.positions else "freqs"
        return {"type": "text", "analyzer": _TOKENS, "index_options": options}
    kind = "keyword" if field.type == "key" else _TYPES[field.type]
    form = {"format": "strict_date"} if field.type == "date" else {}
    return {"type": kind, **form, "doc_values": field.fast}
