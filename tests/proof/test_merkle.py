"""Trees of RFC 6962: known vectors, and the RFC's own recursive definitions computed beside."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import pytest

from xincha.proof import merkle

# Leaves and roots by which implementations of Certificate Transparency are tested.
LEAVES = [bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243")]
LEAVES += [bytes.fromhex("5051525354555657"), bytes.fromhex("606162636465666768696a6b6c6d6e6f")]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = range(1, 34)


def head(data: Sequence[bytes]) -> bytes:
    """MTH, as section 2.1 of RFC 6962 defines it."""
    if len(data) < 2:
        return sha256(b"\0" + data[0]).digest() if data else sha256().digest()
    k = 1 << (len(data) - 1).bit_length() - 1
    return sha256(b"\1" + head(data[:k]) + head(data[k:])).digest()


def path(m: int, data: Sequence[bytes]) -> list[bytes]:
    """PATH, as section 2.1.1 defines it."""
    if len(data) == 1:
        return []
    k = 1 << (len(data) - 1).bit_length() - 1
    return [*path(m, data[:k]), head(data[k:])] if m < k else [*path(m - k, data[k:]), head(data[:k])]


def tree(size: int) -> tuple[list[bytes], list[bytes]]:
    data = [number.to_bytes(2, "big") for number in range(size)]
    return data, [merkle.leaf_hash(each) for each in data]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_known_ones(size: int) -> None:
    assert merkle.root([merkle.leaf_hash(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size - 1]


def test_a_tree_without_leaves_has_the_root_of_the_standard() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", SIZES)
def test_roots_and_paths_are_those_of_the_definition(size: int) -> None:
    data, leaves = tree(size)
    assert merkle.root(leaves) == head(data)
    for index in range(size):
        proof = merkle.inclusion(leaves, index)
        assert proof == path(index, data)
        assert merkle.check_inclusion(leaves[index], index, size, proof, head(data))
        for wrong in (index + 1, index - 1, size):
            assert not merkle.check_inclusion(leaves[index], wrong, size, proof, head(data))
        assert not merkle.check_inclusion(leaves[index], index, size, [*proof, leaves[0]], head(data))
        if proof:
            assert not merkle.check_inclusion(leaves[index], index, size, proof[:-1], head(data))
            assert not merkle.check_inclusion(leaves[index], index, size, [proof[0][::-1], *proof[1:]], head(data))


@pytest.mark.parametrize("size", SIZES)
def test_a_tree_that_was_only_added_to_is_consistent_and_no_other_is(size: int) -> None:
    data, leaves = tree(size)
    new = head(data)
    for before in range(1, size + 1):
        old, proof = head(data[:before]), merkle.consistency(leaves, before)
        assert merkle.check_consistency(before, size, old, new, proof)
        altered = head([b"x", *data[1:before]])
        assert not merkle.check_consistency(before, size, altered, new, proof)
        assert not merkle.check_consistency(before, size, old, altered, proof)
        if proof:
            assert not merkle.check_consistency(before, size, old, new, proof[:-1])
            assert not merkle.check_consistency(before, size, old, new, [*proof, old])
    assert merkle.check_consistency(0, size, merkle.EMPTY, new, [])
    assert not merkle.check_consistency(size + 1, size, new, new, [])
