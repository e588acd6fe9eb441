"""The declared kinds of source, and how a table's header is recognised as one of them.

A source is a declaration: its columns with every accepted spelling, what a table must have, the canonical table it
fills. Spellings are compared folded: width, case, spaces, `_`, `*` and brackets' width do not count; what stands in a
bracket after a spelling may be a unit（万元, 元）or a remark, and `行政相对人代码_n（…）` is what its bracket says,
because the numbering differs between editions of the standard. Columns of personal data are named in the layout and
never read.

`recognise(header)` says which source a table is, or raises an error that names what was found and what is missing.
"""

from indexer.sources.declare import Column, Source
from indexer.sources.headers import is_personal, known
from indexer.sources.recognise import SOURCES, Layout, recognise

__all__ = ["SOURCES", "Column", "Layout", "Source", "is_personal", "known", "recognise"]
