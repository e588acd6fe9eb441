"""`python -m api > openapi.json`: print the OpenAPI document, in an order that does not change."""

from __future__ import annotations

import sys

import orjson

from api.app import create_app
from xincha.settings import Settings

if __name__ == "__main__":
    document = create_app(Settings()).openapi()
    sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
