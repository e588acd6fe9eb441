"""Checking a receipt without asking anybody: what holds, what does not, and what it cannot tell."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import ValidationError

from xincha.errors import ProofError, ReceiptUnreadable
from xincha.proof.evidence import Evidence
from xincha.proof.notes import VerifyKey
from xincha.receipts.form import BYTES, Receipt, code_of, digest_of, same_code, versions_of

State = Literal["holds", "fails", "unknown"]


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was checked. `unknown`: the receipt has nothing to check it by."""

    name: Literal["answer", "code", "file", "signature"]
    state: State
    text: str


def read(given: object) -> Receipt:
    """A receipt of parsed JSON; raises `ReceiptUnreadable` where it is none."""
    try:
        return Receipt.model_validate(given, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "it"
        raise ReceiptUnreadable(f"this is no receipt of a kind that is known here: {where}: {first['msg']}") from error


def findings(receipt: Receipt, file: Path | None = None, key: VerifyKey | None = None) -> Iterator[Checked]:
    """All that can be said of a receipt. `file`: the file that it is about; `key`: whose signature is believed."""
    yield _file(receipt, file) if receipt.form == BYTES else _answer(receipt)
    if same_code(code_of(receipt.question, receipt.sha256, receipt.day), receipt.code):
        yield Checked("code", "holds", "the code is that of this question, this answer and this day")
    else:
        yield Checked("code", "fails", "question, digest or day is another one than when the code was made")
    yield _signature(receipt, key)


def _signature(receipt: Receipt, key: VerifyKey | None) -> Checked:
    """Of the log that the data is in. Who answers has no key, so nothing signs the answer itself."""
    if receipt.log is None:
        return Checked("signature", "unknown", "nobody signed its data: who made it it cannot tell")
    if key is None:
        return Checked("signature", "unknown", "its data is in a signed log: give the public key of that as --key")
    entry = receipt.log.entry
    try:
        Evidence.parse(receipt.log.proof).check(entry.encode(), [key])
        told = orjson.loads(entry)
    except (ProofError, orjson.JSONDecodeError) as error:
        return Checked("signature", "fails", str(error))
    if versions_of(told) != {"entities": receipt.data.entities, "records": receipt.data.records}:
        return Checked("signature", "fails", "the line of the log is about other data than the receipt names")
    return Checked(
        "signature",
        "holds",
        f"{key.name} signed that this data was published ({told.get('at')}); whether the answer is of it only a "
        "comparison with that data tells",
    )


def _answer(receipt: Receipt) -> Checked:
    if receipt.answer is None:
        return Checked("answer", "unknown", "the answer was left out of the receipt")
    if digest_of(receipt.answer) == receipt.sha256:
        return Checked("answer", "holds", "the answer is the one whose digest stands in the receipt")
    return Checked("answer", "fails", "the answer was changed: its digest is another one")


def _file(receipt: Receipt, file: Path | None) -> Checked:
    if file is None:
        return Checked("file", "unknown", "it is about a file: give it as --file")
    with file.open("rb") as opened:
        same = hashlib.file_digest(opened, "sha256").hexdigest() == receipt.sha256
    if same:
        return Checked("file", "holds", f"{file.name} is the file that was written")
    return Checked("file", "fails", f"{file.name} is another file, or was changed")


def told(receipt: Receipt) -> Mapping[str, Any]:
    """What a receipt is about, for people."""
    return {"question": receipt.question, "day": receipt.day, "code": receipt.code, "service": receipt.service}
