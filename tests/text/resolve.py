"""Where one entity is, by what its row says: what `indexer.canonical.places` does for a whole column."""

from __future__ import annotations

from xincha.text.divisions import contains
from xincha.text.regions import from_address, from_published, from_uscc


def resolve(
    address: str | None, province: str | None = None, city: str | None = None, uscc: str | None = None
) -> str | None:
    """The region of an entity (see `xincha.text.regions`); `uscc` must be canonical. `None`: its row says nothing."""
    published = from_published(province, city) if province or city else None
    found = from_address(address, near=published or "") if address else None
    if found is None or (published and contains(found, published)):
        found = published
    if found is None and uscc:
        found = from_uscc(uscc)
    return found
