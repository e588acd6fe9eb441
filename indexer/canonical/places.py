"""The region of each row (see `xincha.text.regions`), with the addresses' heads read once.

Most addresses name their county or district in their first words (厦门市思明区…). Those words repeat, and what follows
does not matter, because an address is read only until its county is found.
"""

from __future__ import annotations

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.values import read_or_name
from indexer.findings import Code
from xincha.text import divisions, regions

_HEAD = r"^((?:.{2,6}?(?:省|自治区))?(?:.{1,4}?(?:市|州|盟|地区))?(?:.{1,4}?[区县旗市])?)"
_DIVIDED = "杏林区"  # which of two districts it is today, the rest of the address tells
_SEPARATOR = "\x1f"


def region_codes(batch: Batch, usccs: pl.Series) -> pl.Series:
    """The region of each row by its address, its published province and city or region, its code.

    Not by the office that decided: whoever is punished elsewhere (异地处罚) is not from there.
    """
    published = _published(batch)
    region = first(_by_address(batch, published, batch.text("address")), published)
    return first(region, batch.mapped(usccs.set(region.is_not_null(), None), regions.from_uscc))


def _published(batch: Batch) -> pl.Series:
    """The region that columns of their own state: a code or name, or province, city and district."""
    whole = read_or_name(batch, "region", regions.find, Code.UNKNOWN_REGION)
    parts = [batch.text(name).fill_null("") for name in ("province", "city", "district")]
    joined = pl.select(pl.concat_str([pl.lit(part) for part in parts], separator=_SEPARATOR)).to_series()
    stated = batch.mapped(joined.set(joined == _SEPARATOR * 2, None), _stated)
    for name in ("province", "city", "district"):
        text = batch.text(name)
        unread = text.is_not_null() & batch.mapped(text, regions.find).is_null() & stated.is_null()
        batch.issue(unread, name, Code.UNKNOWN_REGION)
    return _finer(whole, stated)


def _finer(regions_: pl.Series, others: pl.Series) -> pl.Series:
    """`divisions.finer` of each row."""
    around = regions_.str.replace(r"(?:00){1,2}$", "")
    inner = pl.when(pl.lit(others).str.starts_with(pl.lit(around))).then(pl.lit(others))
    return pl.select(pl.coalesce(inner, pl.lit(regions_), pl.lit(others))).to_series()


def _stated(joined: str) -> str | None:
    province, city, district = joined.split(_SEPARATOR)
    outer = regions.from_published(province or None, city or None)
    return (district and regions.from_published(outer, district)) or outer


def _by_address(batch: Batch, published: pl.Series, addresses: pl.Series) -> pl.Series:
    heads = addresses.str.extract(_HEAD)
    heads = heads.set((heads == "") | heads.str.contains(_DIVIDED), None)
    by_head = batch.mapped(_keys(published, heads), _county_of)
    rest = addresses.set(by_head.is_not_null() | addresses.is_null(), None)
    return first(by_head, batch.mapped(_keys(published, rest), _region_of))


def _keys(published: pl.Series, texts: pl.Series) -> pl.Series:
    """Published region and text in one value; null where there is no text."""
    return pl.select(pl.lit(published.fill_null("")) + _SEPARATOR + pl.lit(texts)).to_series()


def _county_of(key: str) -> str | None:
    """The region of an address's head, where that is a county: then the rest of the address says nothing more."""
    published, _, head = key.partition(_SEPARATOR)
    found = regions.from_address(head, near=published)
    return found if found and divisions.level(found) == divisions.COUNTY else None


def _region_of(key: str) -> str | None:
    published, _, address = key.partition(_SEPARATOR)
    return divisions.finer(regions.from_address(address, near=published), published or None)
