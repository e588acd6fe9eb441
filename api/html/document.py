"""A view inside the built page: head, content, and the answers that go along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from api.feeds.atom import MEDIA_TYPE
from api.html import values
from api.html.guides import GUIDES
from api.html.texts import text
from api.html.views import HOME_TITLE, SITE, View
from xincha.kinds.topics import TOPICS
from xincha.search.answers import Part
from xincha.search.coverage import TITLES

ROOT = '<div id="app"></div>'
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_SCRIPT = re.compile(r'<script type="module".*?</script>')
_DESCRIPTION = re.compile(r'<meta name="description"[^>]*>')


def written(shell: str, view: View, base_url: str) -> str:
    """The HTML of a view. `shell`: the built page; `base_url`: the public address of this service, if it is set."""
    title = f"{view.title} · {SITE}" if view.title else HOME_TITLE
    head = _TITLE.sub(lambda _: f"<title>{escape(title)}</title>", shell, count=1)
    head = _DESCRIPTION.sub(
        lambda _: f'<meta name="description" content="{escape(view.description)}" />', head, count=1
    )
    content = drawn(view)
    told = data("told", "application/json", view.told) if view.told else ""
    kind = "served" if view.scripted else "served still"
    body = f'<div id="app"><div class="{kind}">{content}</div></div>{told}'
    if not view.scripted:
        head = _SCRIPT.sub("", head)
    return head.replace("</head>", f"{_head(view, base_url)}</head>", 1).replace(ROOT, body, 1)


def _head(view: View, base_url: str) -> str:
    """What the head of a document says of it."""
    parts = []
    if (
        view.status == 200 and base_url
    ):  # where it is not known from outside, nothing is said: a relative one tells nobody more
        parts.append(f'<link rel="canonical" href="{escape(base_url + view.path)}" />')
    if not view.indexed or view.status != 200:
        parts.append('<meta name="robots" content="noindex, noarchive" />')
    if view.feed and view.status == 200:
        kind = f'type="{MEDIA_TYPE}" title="{escape(view.title)}"'
        parts.append(f'<link rel="alternate" {kind} href="{escape(base_url + view.feed)}" />')
    if view.structured:
        parts.append(data("", "application/ld+json", view.structured))
    if view.scripted and view.name != "plain" and view.status == 200:
        parts.append('<link rel="preload" as="fetch" href="/api/v1/about" crossorigin="anonymous" />')
    return "".join(parts)


def drawn(view: View) -> str:
    """The content of a view."""
    return templates().get_template(f"{view.name}.html").render(view=view, **view.content)


def data(identifier: str, kind: str, value: Mapping[str, Any]) -> str:
    """A block of data, which no browser runs. Nothing in it ends it."""
    text = orjson.dumps(value).decode()
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script{f" id={identifier}" if identifier else ""} type="{kind}">{text}</script>'


@cache
def templates() -> Environment:
    """The templates of this package. What is shown is escaped; what is not given is an error."""
    made = Environment(
        loader=PackageLoader("api.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    names = ("state", "effect", "whose", "source", "place", "record_facts", "number", "day", "former_names")
    made.filters |= {name: getattr(values, name) for name in names}
    made.filters["marked"] = marked
    made.globals |= {"guides": GUIDES, "title_of": TITLES.get, "topics": TOPICS, "text": text}
    return made


_FOUND, _PLAIN = Markup("<mark>{}</mark>"), Markup("{}")


def marked(parts: Iterable[Part]) -> Markup:
    """Text with the parts that were found marked."""
    return Markup("").join((_FOUND if part.mark else _PLAIN).format(part.text) for part in parts)
