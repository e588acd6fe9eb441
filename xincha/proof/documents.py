"""Leaves of published documents: of each a hash over a salt, its identifier and what is shown.

They lie in a Parquet file for each version of an index (`SCHEMA`), of a version that was made of another one with what
is other alone; the log holds the root of each, and which version it was made of (`base`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from xincha.errors import ProofError
from xincha.proof import merkle
from xincha.proof.log import Logged
from xincha.proof.rows import salts

SCHEMA: Mapping[str, Any] = {
    "id": pl.String,
    "part": pl.Int32,  # its leaves have a root of their own
    "salt": pl.Binary,  # null once what it hid has left the index
    "leaf": pl.Binary,
    "gone": pl.Boolean,  # it is in the base, and not in this version
}


def leaf_of(salt: bytes, identifier: str, source: bytes) -> bytes:
    """The leaf of a document; `source`: the JSON that is shown, empty of one that is gone."""
    return sha256(b"\0" + salt + identifier.encode() + b"\n" + source).digest()


def leaves_of(documents: Iterable[tuple[str, bytes]], part: int, *, gone: bool = False) -> pl.DataFrame:
    """`SCHEMA` of documents: their identifiers and what is shown."""
    pairs = list(documents)
    drawn = salts(len(pairs))
    leaves = [leaf_of(salt, *pair) for salt, pair in zip(drawn.to_list(), pairs, strict=True)]
    told = {"id": [each for each, _ in pairs], "part": part, "salt": drawn, "leaf": leaves, "gone": gone}
    return pl.DataFrame(told, schema=SCHEMA)


def root_of(leaves: pl.DataFrame) -> str:
    """The root (hex) over the roots of the parts."""
    parts = leaves.group_by("part", maintain_order=True).agg("leaf").sort("part")["leaf"]
    return merkle.root([merkle.root(part.to_list()) for part in parts]).hex()


class DocumentLeaves:
    """The files of leaves in a folder, one for each version of an index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, index: str, version: str) -> Path:
        """The file of a version."""
        return self.folder / f"{index}-{version}.parquet"

    def write(self, index: str, version: str, leaves: pl.DataFrame) -> None:
        """The file of a new version."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._replace(self.path(index, version), leaves)

    def read(self, index: str, version: str) -> pl.DataFrame:
        """What the file of a version says; raises `ProofError`."""
        path = self.path(index, version)
        try:
            return pl.read_parquet(path, glob=False).select(list(SCHEMA))
        except (OSError, pl.exceptions.PolarsError) as error:
            raise ProofError(f"{path}: the leaves of these documents cannot be read ({type(error).__name__})") from None

    def some(self, log: Logged, index: str, version: str, identifiers: Sequence[str]) -> pl.DataFrame | None:
        """The leaves of these documents of a version; None where they are not kept here."""
        named = pl.col("id").is_in(pl.Series(identifiers, dtype=pl.String).implode())
        try:
            paths = [self.path(index, each) for each in made_of(log, index, version)]
            if not all(path.is_file() for path in paths):
                return None
            return current([pl.scan_parquet(path, glob=False).filter(named).collect() for path in paths])
        except (ProofError, OSError, pl.exceptions.PolarsError):
            return None

    def forget(self, index: str, versions: Sequence[str], identifiers: Sequence[str]) -> None:
        """Drop the salts of documents whose content has left the index."""
        named = pl.Series(identifiers, dtype=pl.String).implode()
        for version in versions if identifiers else ():
            if not self.path(index, version).exists():
                continue
            leaves = self.read(index, version)
            without = leaves.with_columns(salt=pl.when(~pl.col("id").is_in(named)).then("salt"))
            if without["salt"].null_count() > leaves["salt"].null_count():
                self._replace(self.path(index, version), without)

    def keep(self, needed: Iterable[tuple[str, str]]) -> None:
        """Remove the files of all other versions, and what an interrupted publish left."""
        names = {self.path(*each).name for each in needed}
        for path in self.folder.glob("*"):
            if path.name not in names:
                path.unlink(missing_ok=True)

    def _replace(self, path: Path, leaves: pl.DataFrame) -> None:
        part = path.with_suffix(".part")
        leaves.write_parquet(part, compression="zstd", compression_level=1, statistics=True)
        part.chmod(0o640)
        part.replace(path)


def published(log: Logged, index: str, version: str) -> Mapping[str, Any] | None:
    """What the log says of a version of an index."""
    entries = (entry["indices"].get(index, {}) for entry in log.told if entry.get("kind") == "publish")
    return next((told for told in entries if told.get("version") == version), None)


def current(leaves: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The leaf of each document that a version has, by those of the versions that it was made of, oldest first."""
    return pl.concat(leaves).unique("id", keep="last", maintain_order=True).filter(~pl.col("gone"))


def differing(pairs: Sequence[tuple[str, bytes]], leaves: pl.DataFrame) -> tuple[list[str], list[str]]:
    """Of documents as they are found those that are others than these leaves say, and those that have none. One whose
    salt is gone was shown once, and cannot be told."""
    found = pl.DataFrame({"id": [each for each, _ in pairs]}).join(
        leaves.select("id", "salt", "leaf"), on="id", how="left", maintain_order="left"
    )
    other, new = [], []
    for (identifier, source), (_, salt, leaf) in zip(pairs, found.iter_rows(), strict=True):
        if leaf is None:
            new.append(identifier)
        elif salt is not None and leaf_of(salt, identifier, source) != leaf:
            other.append(identifier)
    return other, new


def made_of(log: Logged, index: str, version: str) -> list[str]:
    """The versions that hold the leaves of a version, the oldest first; raises `ProofError` where the log lacks one."""
    versions: list[str] = []
    following: str | None = version
    while following:
        told = published(log, index, following)
        if told is None or following in versions:
            raise ProofError(f"the log does not have version {following} of {index}")
        versions.insert(0, following)
        following = told.get("base")
    return versions
