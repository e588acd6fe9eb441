"""One folder of the embedded engine: schema from the declared fields, documents in, an open index out.

Documents become tantivy documents here and nowhere else. Dates are stored as the integer YYYYMMDD: it sorts and ranges
as the date does, reaches 9999-12-31 (tantivy's own dates end in 2262), and calendar years are plain histogram
intervals of it. Text is split at spaces only: the tokens were made before.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import tantivy

from xincha.engine.check import SUSPICIOUS, finite, refuse_long, refused
from xincha.engine.contract import Document
from xincha.engine.fields import Field
from xincha.errors import BuildFailed, EngineError

ENGINE = "embedded"

_BLOCK = 50_000
"""Documents after which identifiers become hashes."""

_TOKENS = "prepared"
_REMOVED_TRIES = 100

Row = dict[str, Any]


def date_number(day: date) -> int:
    """A day as YYYYMMDD."""
    return day.year * 10_000 + day.month * 100 + day.day


def number_date(number: int) -> date:
    """The day of a YYYYMMDD; the first of the month or year where month or day are 0."""
    return date(number // 10_000, number // 100 % 100 or 1, number % 100 or 1)


@contextmanager
def wrapped(doing: str, error: type[EngineError] = EngineError) -> Iterator[None]:
    """Raise what tantivy raises as `error`; its panics too, which are no `Exception`."""
    try:
        yield
    except (ValueError, OSError, RuntimeError) as cause:
        raise error(f"embedded: {doing}: {cause}") from cause
    except BaseException as cause:
        if type(cause).__name__ != "PanicException":
            raise
        raise error(f"embedded: {doing}: {cause}") from cause


def schema(fields: Mapping[str, Field]) -> tantivy.Schema:
    """The tantivy schema of declared fields, and `source`: stored, never searched."""
    builder = tantivy.SchemaBuilder()
    for field in fields.values():
        _declare(builder, field)
    builder.add_bytes_field("source", stored=True)
    return builder.build()


def _declare(builder: tantivy.SchemaBuilder, field: Field) -> None:
    if field.type == "key":
        stored = field.name == "id"
        builder.add_text_field(field.name, stored=stored, fast=field.fast, tokenizer_name="raw", index_option="basic")
    elif field.type == "text":
        option = "position" if field.positions else "freq"
        builder.add_text_field(field.name, tokenizer_name=_TOKENS, index_option=option)
    elif field.type == "float":
        builder.add_float_field(field.name, indexed=True, fast=field.fast)
    else:
        builder.add_integer_field(field.name, indexed=True, fast=field.fast)


def open_index(folder: Path, fields: Mapping[str, Field] | None = None) -> tantivy.Index:
    """The index in `folder`; with `fields` a new one is made. tantivy keeps no tokenizers: registered each time."""
    index = tantivy.Index.open(str(folder)) if fields is None else tantivy.Index(schema(fields), str(folder))
    splitter = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENS, splitter)
    return index


@contextmanager
def readable(folder: Path) -> Iterator[Path]:
    """Where the index in `folder` can be opened to be read: there, or, since tantivy then writes a lock beside it, in a
    folder of links where that is not allowed (a read-only file system, another user's index)."""
    if os.access(folder, os.W_OK) and all(os.access(lock, os.W_OK) for lock in folder.glob(".*.lock")):
        yield folder
        return
    links = Path(mkdtemp(prefix="xincha-index-"))
    try:
        for path in folder.iterdir():
            if path.suffix != ".lock":
                (links / path.name).symlink_to(path.absolute())
        yield links
    finally:  # what is open stays so without it; tantivy's thread may write its lock just while the folder goes
        for _ in range(_REMOVED_TRIES):
            rmtree(links, ignore_errors=True)
            if not links.exists():
                break


class IndexWriter:
    """Adds and removes documents of one index folder; nothing is there before `commit`.

    What a document may hold is checked before tantivy sees it, since one that fails inside tantivy's threads loses the
    whole batch without saying which one it was.
    """

    def __init__(self, index: tantivy.Index, fields: Mapping[str, Field], *, threads: int, memory_mb: int) -> None:
        self._fields = fields
        self._schema = index.schema
        self._index = index
        self._known = frozenset(fields.keys() | {"source"})
        self._dates = tuple(f.name for f in fields.values() if f.type == "date")
        self._floats = tuple(f.name for f in fields.values() if f.type == "float")
        self._many = tuple(f.name for f in fields.values() if f.many)
        self._single = tuple(f.name for f in fields.values() if f.type in {"key", "text"} and not f.many)
        self._texts = {f.name for f in fields.values() if f.type == "text"}
        self._identifiers: list[str] = []
        self._hashes = array("Q")
        with wrapped("cannot open the index for writing", BuildFailed):
            self._writer = index.writer(memory_mb * 1024 * 1024, threads)

    def add(self, documents: Iterable[Document]) -> int:
        """Add documents; returns how many."""
        make, add, seen = tantivy.Document.from_dict, self._writer.add_document, self._identifiers.append
        prepared, declared = self._prepared, self._schema
        count = 0
        for count, document in enumerate(documents, 1):
            try:
                row = make(prepared(document), declared)
            except (ValueError, TypeError, AttributeError, KeyError, OverflowError) as cause:
                raise refused(ENGINE, document, self._fields) from cause
            add(row)
            seen(str(document["id"]))
            if count % _BLOCK == 0:
                self.hashes()
        return count

    def remove(self, identifiers: Iterable[str]) -> None:
        """Remove documents that were there before; unknown identifiers are no error."""
        for identifier in identifiers:
            self._writer.delete_documents_by_term("id", identifier)

    def commit(self) -> None:
        """Make everything durable, and wait until segments are merged."""
        with wrapped("cannot write the index", BuildFailed):
            self._writer.commit()
            self._writer.garbage_collect_files()
            self._writer.wait_merging_threads()
            self._index.reload()

    def abandon(self) -> None:
        """Stop writing; what was not committed is gone."""
        with wrapped("cannot stop the writer"):
            self._writer.rollback()
            self._writer.wait_merging_threads()

    def hashes(self) -> array[int]:
        """64-bit hashes of the identifiers that were added so far, the same in every process."""
        import polars as pl  # see `writer`

        self._hashes.extend(pl.Series(self._identifiers, dtype=pl.String).hash(seed=0))
        self._identifiers.clear()
        return self._hashes

    def _prepared(self, document: Document) -> Row:
        """The row that tantivy is given. Raises what it happens to raise on a bad value: `refused` finds out which."""
        row: Row = dict(document)
        if not self._known.issuperset(row) or not row["id"]:
            raise KeyError
        get = row.get
        for name in self._dates:
            if (day := get(name)) is not None:
                row[name] = day.year * 10_000 + day.month * 100 + day.day
        for name in self._floats:
            if (number := get(name)) is not None:
                row[name] = finite(number)
        for name in self._many:
            if values := get(name):
                if not isinstance(values, list):
                    raise TypeError
                if len(max(values, key=len)) > SUSPICIOUS:
                    refuse_long(values)
        for name in self._single:
            if (text := get(name)) is not None and (len(text) > SUSPICIOUS or not isinstance(text, str)):
                refuse_long(text.split() if name in self._texts else [text])
        return row
