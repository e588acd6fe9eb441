"""Checkpoints (C2SP tlog-checkpoint): whose log, how long, which root; and requests to sign one (C2SP tlog-witness).

A request tells who signs what he signed last, and proves that what he signs now begins with it. So a key that lies on
another machine never signs a log that was rewritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xincha.errors import ProofError
from xincha.proof import merkle
from xincha.proof.coded import decode, encode, is_number


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: `size` leaves of the log `origin` have this `root`."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{encode(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """The checkpoint of a note's text; further lines are passed over. Raises `ProofError`."""
        lines = text.split("\n")
        if len(lines) < 4 or not lines[0] or not is_number(lines[1]) or len(root := decode(lines[2])) != 32:
            raise ProofError("this is no checkpoint: origin, number of entries and root are expected, a line each")
        return cls(lines[0], int(lines[1]), root)


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """`checkpoint` is to be signed; `proof` shows that it continues the one of `before` entries, signed last."""

    before: int
    proof: Sequence[bytes]
    checkpoint: Checkpoint

    @property
    def text(self) -> str:
        """As C2SP tlog-witness writes it, without a signature."""
        proof = "".join(f"{encode(each)}\n" for each in self.proof)
        return f"old {self.before}\n{proof}\n{self.checkpoint.text}"

    @classmethod
    def parse(cls, text: str) -> SigningRequest:
        """The request of a text; raises `ProofError`."""
        head, _, checkpoint = text.partition("\n\n")
        first, *proof = head.split("\n")
        word, _, number = first.partition(" ")
        hashes = list(map(decode, proof))
        if word != "old" or not is_number(number) or any(len(each) != 32 for each in hashes):
            raise ProofError("this is no request to sign a checkpoint: take the output of `xincha key request`")
        return cls(int(number), hashes, Checkpoint.parse(checkpoint))

    def check(self, last: Checkpoint | None) -> None:
        """Raise `ProofError` unless it continues `last`, what was signed before."""
        old = last or Checkpoint(self.checkpoint.origin, 0, merkle.EMPTY)
        now = self.checkpoint
        if old.origin != now.origin:
            raise ProofError(f"this key signs the log of {old.origin}, and this is one of {now.origin}")
        if old.size != self.before:
            raise ProofError(
                f"{old.size} entries were signed last, and the request begins with {self.before}: take the checkpoint "
                "that was signed last in with `xincha key signed`, and make a new request"
            )
        if not merkle.check_consistency(old.size, now.size, old.root, now.root, self.proof):
            raise ProofError(
                f"the log does not continue what was signed ({old.size} entries): what was in it was altered. "
                "Nothing is signed; see docs/proof.md"
            )
