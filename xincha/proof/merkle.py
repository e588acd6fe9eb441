"""Merkle trees of RFC 6962 (and RFC 9162, which has the same): SHA-256, leaves behind 0x00 and nodes behind 0x01.

Trees are given as the hashes of their leaves, in order. Functions are pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

EMPTY = sha256().digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\0" + data).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes. Linear in time; beside the leaves it keeps half of them."""
    if not leaves:
        return EMPTY
    level = leaves
    while len(level) > 1:
        level = _above(level)
    return level[0]


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The path that proves the leaf at `index` to be in the tree: siblings from below upwards."""
    path, level = [], leaves
    while len(level) > 1:
        if (sibling := index ^ 1) < len(level):
            path.append(level[sibling])
        level, index = _above(level), index >> 1
    return path


def consistency(leaves: Sequence[bytes], before: int) -> list[bytes]:
    """The proof that the tree of the first `before` leaves is how this one begins; empty where nothing is to prove."""
    if not 0 < before < len(leaves):
        return []
    return _subproof(leaves, before, whole=True)


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], of: bytes) -> bool:
    """Whether `path` proves `leaf` to be the leaf at `index` of the tree of `size` leaves with the root `of`."""
    if not 0 <= index < size:
        return False
    last, found = size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            found = _node(sibling, found)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = _node(found, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and found == of


def check_consistency(before: int, size: int, old: bytes, new: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `before` leaves with root `old` begins that of `size` with root `new`."""
    if before in (0, size):
        return not proof and (before == 0 or old == new) and before <= size
    if not before < size or not proof:
        return False
    path = list(proof)
    if before & (before - 1) == 0:
        path.insert(0, old)
    first, last = before - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    of_old = of_new = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            of_old, of_new = _node(each, of_old), _node(each, of_new)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            of_new = _node(of_new, each)
        first, last = first >> 1, last >> 1
    return last == 0 and of_old == old and of_new == new


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def _above(level: Sequence[bytes]) -> list[bytes]:
    """The nodes above a level; the last one without a sibling goes up as it is."""
    pairs = iter(level)
    above = [sha256(b"\1" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
    return [*above, level[-1]] if len(level) & 1 else above


def _subproof(leaves: Sequence[bytes], before: int, *, whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2. `whole`: the old tree's root is known to who checks."""
    if before == len(leaves):
        return [] if whole else [root(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if before <= split:
        return [*_subproof(leaves[:split], before, whole=whole), root(leaves[split:])]
    return [*_subproof(leaves[split:], before - split, whole=False), root(leaves[:split])]
