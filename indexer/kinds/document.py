"""Documents as full text 文书全文: files that are one (TXT, DOCX, PDF with a text layer, HTML), and tables with a
column of texts; fills `documents`.

What a table does not state beside the text is read from it (`xincha.text.decision`). A row needs the title of a
document in its text, or a number, or the digest of a file whose text cannot be read. The key of a row is kind, office
and number; without them the text, or the file.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first, hashed
from indexer.canonical.party import class_of, party_columns
from indexer.canonical.values import as_table, date_of
from indexer.findings import Code
from indexer.kinds.source import PARTY_COLUMNS, Source
from indexer.tables import table_of
from xincha.kinds.document import DOCUMENT as KIND
from xincha.text import decision
from xincha.text.doc_no import doc_no_key
from xincha.text.fold import fold

DOCUMENTS = table_of(KIND)
FILE_COLUMNS = ("文书全文", "文件格式", "页数", "原件摘要值")
"""The head of a table that is made of a file which is a document (`indexer.read.document`)."""

_READ = ("title", "doc_no", "authority", "party_name", "party_uscc", "party_kind", "legal_rep", "violation", "basis",
         "content", "decided_on")  # fmt: skip
_SCHEMA = pl.Struct(dict.fromkeys(("kind", *_READ), pl.String))
_MASKED = re.compile("［(.{2,6})已隐去］")


def documents(batch: Batch) -> pl.DataFrame:
    """The batch's rows as documents, rejected ones included."""
    text = batch.text("text")
    said = batch.mapped(text, _said, _SCHEMA)
    for name in _READ:
        column = first(batch.text(name), said.struct.field(name)).alias(name)
        batch.frame = batch.frame.with_columns(column)
    stated = batch.mapped(batch.text("document_kind"), _kind)
    kinds = first(stated, said.struct.field("kind"))
    is_file, unnumbered = batch.text("original_sha256").is_not_null(), batch.text("doc_no").is_null()
    batch.reject(text.is_null() & unnumbered & ~is_file, "text", Code.NO_KEY_FACT)
    batch.reject(text.is_not_null() & unnumbered & kinds.is_null(), "text", Code.NO_TITLE)
    batch.issue(is_file & text.is_null(), "text", Code.NO_TEXT)
    party = party_columns(batch)
    decided, published = date_of(batch, "decided_on"), date_of(batch, "published_on")
    batch.issue(published < decided, "published_on", Code.PUBLISHED_BEFORE_DECISION)
    digests = batch.mapped(text, _sha256)
    read = {
        "record_id": _ids(batch, kinds, first(batch.text("original_sha256"), digests)),
        **party,
        "party_kind": class_of(batch, party["party_uscc"]),
        "document_kind": kinds,
        "decided_on": decided,
        "published_on": published,
        "pages": batch.text("pages").cast(pl.Int64, strict=False),
        "masks": batch.mapped(text, masks, pl.List(pl.String)),
        "text_sha256": digests,
    }
    return as_table(batch, DOCUMENTS, read)


def _said(text: str) -> dict[str, str | None] | None:
    found = decision.read(text)
    return {name: getattr(found, name) for name in ("kind", *_READ)} if found else None


def _kind(text: str) -> str | None:
    """The kind of a document, by its own words or by its title."""
    return text if text in decision.KINDS else decision.kind_of(text)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def masks(text: str) -> list[str] | None:
    """What is masked in a text, with how often: 身份证号 2 处."""
    counts = Counter(_MASKED.findall(text))
    return [f"{what} {count} 处" for what, count in counts.items()] or None


def _ids(batch: Batch, kinds: pl.Series, digests: pl.Series) -> pl.Series:
    """Keys of documents: kind, office and number; without either of these the digest of the file or of the text."""
    rows = zip(kinds, batch.text("authority"), batch.text("doc_no"), digests, strict=True)
    made = [
        hashed(kind, fold(office), doc_no_key(number)) if office and number else hashed(digest or number)
        for kind, office, number, digest in rows
    ]
    return pl.Series([f"{KIND.letter}-{each}" for each in made], dtype=pl.String)


DOCUMENT = Source(
    kind=KIND.name,
    title="文书全文",
    table=DOCUMENTS,
    read=documents,
    columns={
        **PARTY_COLUMNS,
        "party_kind": ("行政相对人类别", "当事人类别", "相对人类别"),
        "legal_rep": ("法定代表人", "法定代表人姓名", "负责人", "法定代表人(负责人)"),
        "text": (
            "文书全文", "决定书全文", "行政处罚决定书全文", "处罚决定书全文", "文书内容", "文书正文", "决定书正文",
            "决定书内容", "全文", "正文", "决定书原文", "文书原文", "docContent",
        ),
        "document_kind": ("文书类型", "文书种类", "文书类别"),
        "title": ("文书标题", "标题", "文书名称", "决定书名称", "docTitle"),
        "doc_no": (
            "文书号", "决定书文号", "行政处罚决定书文号", "处罚决定书文号", "文号", "决定书号", "文书文号", "处罚文号",
            "docNo",
        ),
        "authority": (
            "作出机关", "作出决定机关", "处罚机关", "决定机关", "作出行政处罚决定机关", "作出处罚决定的机关",
            "发文机关",
        ),
        "violation": ("案由", "违法行为类型", "案件名称"),
        "basis": ("处罚依据", "法律依据"),
        "content": ("决定内容", "处罚内容", "处罚结果"),
        "decided_on": (
            "决定日期", "处罚决定日期", "作出行政处罚决定日期", "作出处罚决定日期", "处罚日期", "成文日期",
        ),
        "published_on": ("公示日期", "发布日期", "公开日期", "公布日期"),
        "public_until_on": ("公示截止期", "公示截止日期"),
        "source_url": ("原文网址", "网址", "链接", "原文链接", "来源网址", "url"),
        "format": ("文件格式", "格式"),
        "pages": ("页数",),
        "original_sha256": ("原件摘要值", "sha256", "SHA-256"),
    },
    required=(("text", "original_sha256"),),
    marks=("text", "doc_no"),
    ignored=("序号", "编号", "id"),
)  # fmt: skip
