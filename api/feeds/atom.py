"""A feed → Atom (RFC 4287), its pages as RFC 5005 has them.

Identifiers are `tag:` URIs (RFC 4151): they stay when the service moves. Addresses are relative where the public one is
not set; readers complete them by the address of the feed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from xincha.settings import Settings

MEDIA_TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without an entry was changed."""
_AUTHOR = "信查"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

register_namespace("", ATOM)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was published. `identifier`: what follows the authority in its `tag:`; `path`: of its page;
    `html`: its content; `author`: who published it, empty: this service; `category`: kind of it, and its name."""

    identifier: str
    title: str
    updated: datetime
    path: str
    html: str
    author: str = ""
    category: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed. `path`: of the page that shows the same; `self_path`: its own; `following`: of the next page,
    where there is one; `first`: of the first."""

    identifier: str
    title: str
    entries: Sequence[Entry]
    path: str
    self_path: str
    first: str
    following: str = ""

    @property
    def updated(self) -> datetime:
        """When it last said something else."""
        return max((entry.updated for entry in self.entries), default=NOTHING_YET)


def authority_of(settings: Settings) -> str:
    """Whose the identifiers are, as RFC 4151 writes it."""
    return settings.feed_tag or f"{urlsplit(settings.base_url).hostname or 'xincha'},2026"


def written(feed: Feed, authority: str, base_url: str) -> bytes:
    """The document of a feed. `authority`: of its identifiers; `base_url`: the service's public address, if set."""
    root = Element(f"{{{ATOM}}}feed", {"xml:lang": "zh-CN"})
    _said(root, authority, feed.identifier, feed.title, feed.updated)
    _add(root, "link", rel="alternate", type="text/html", href=base_url + feed.path)
    for relation, path in (("self", feed.self_path), ("first", feed.first), ("next", feed.following)):
        if path:
            _add(root, "link", rel=relation, type=MEDIA_TYPE, href=base_url + path)
    _add(_add(root, "author"), "name", _AUTHOR)
    for entry in feed.entries:
        made = _add(root, "entry")
        _said(made, authority, entry.identifier, entry.title, entry.updated)
        _add(made, "link", rel="alternate", type="text/html", href=base_url + entry.path)
        if entry.author:
            _add(_add(made, "author"), "name", entry.author)
        if entry.category:
            term, label = entry.category
            _add(made, "category", term=term, label=label)
        _add(made, "content", entry.html, type="html")
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _said(element: Element, authority: str, identifier: str, title: str, updated: datetime) -> None:
    """What feeds and entries have in common."""
    _add(element, "id", f"tag:{authority}:{quote(identifier, safe='/?=&:')}")
    _add(element, "title", title)
    _add(element, "updated", updated.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"))


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """One element more, without characters that XML cannot have."""
    clean = {key: _NO_XML.sub("\ufffd", value) for key, value in attributes.items()}
    made = SubElement(parent, f"{{{ATOM}}}{name}", clean)
    made.text = _NO_XML.sub("\ufffd", text) or None
    return made
