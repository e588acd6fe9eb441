"""Proof that an entry is in a log, to be checked anywhere (C2SP tlog-proof): its place, the path, the checkpoint.

evidence = Evidence.parse(text)
evidence.check(entry, [key])        raises ProofError unless the signed log of this key holds the entry
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xincha.errors import ProofError
from xincha.proof import merkle
from xincha.proof.checkpoints import Checkpoint
from xincha.proof.coded import decode, encode, is_number
from xincha.proof.notes import VerifyKey, read

_HEAD = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Evidence:
    """`index`: place of the entry; `path`: siblings from below upwards; `note`: a signed checkpoint."""

    index: int
    path: Sequence[bytes]
    note: str

    @property
    def text(self) -> str:
        """As it is handed on."""
        path = "".join(f"{encode(each)}\n" for each in self.path)
        return f"{_HEAD}\nindex {self.index}\n{path}\n{self.note}"

    @classmethod
    def parse(cls, text: str) -> Evidence:
        """The proof of a text; raises `ProofError`."""
        head, _, note = text.partition("\n\n")
        first, *lines = head.split("\n")
        lines = [line for line in lines if not line.startswith("extra ")]
        word, _, number = (lines or [""])[0].partition(" ")
        if first != _HEAD or word != "index" or not is_number(number):
            raise ProofError(f"this is no proof: {_HEAD!r}, an index and a path are expected, a line each")
        return cls(int(number), list(map(_hash, lines[1:])), note)

    def check(self, entry: bytes, keys: Sequence[VerifyKey]) -> Checkpoint:
        """The checkpoint that holds the entry; raises `ProofError` unless it does, and one of the keys signed it."""
        checkpoint = Checkpoint.parse(read(self.note, keys).text)
        leaf = merkle.leaf_hash(entry)
        if not merkle.check_inclusion(leaf, self.index, checkpoint.size, self.path, checkpoint.root):
            raise ProofError(f"the entry is not entry {self.index} of the log that was signed: one of both was altered")
        return checkpoint


def _hash(text: str) -> bytes:
    if len(found := decode(text)) != 32:
        raise ProofError("a path is made of hashes in base64, a line each")
    return found
