"""What leads programs to the page: robots.txt, maps of it for search engines, and its description for browsers.

Maps name addresses in full, so there are some only where the public address of the service is set (`XINCHA_BASE_URL`).
They hold the entities that are not individual businesses (个体工商户, which are persons). A map has those whose `tie`,
a hash, lies in one of equal ranges, so that a map is the same whoever asks, and none needs the one before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from api.addresses import full_address, public_address
from api.html.guides import GUIDES
from api.html.views import DESCRIPTION
from xincha.engine.query import Bool, Sort, Term
from xincha.engine.query import Request as Search
from xincha.errors import NotFound
from xincha.kinds.topics import TOPICS

if TYPE_CHECKING:
    from xincha.engine.contract import Engine

IN_A_MAP = 40_000
"""Addresses, on average; a map may have 50,000 (sitemaps.org)."""
_TIES = 1 << 63
_PAGE = 5000
_PLACES = ("/", "/stats", "/about", "/quality", "/match", "/guide", "/help", *(f"/guide/{kind}" for kind in GUIDES))
_NO_ADDRESS = "the public address of this service is not set (XINCHA_BASE_URL), and maps name addresses in full"
_MAPPED = Bool(must_not=[Term("kind", "个体工商户")])
_XML = "application/xml"
_ROBOTS = """User-agent: *
Allow: /api/v1/about
Disallow: /api/
Disallow: /feeds/
Disallow: /reconcile
Disallow: /search
Disallow: /records
Disallow: /record/
""" + "".join(f"Disallow: /{name}\n" for name in TOPICS)

routes = APIRouter(include_in_schema=False)


@routes.get("/robots.txt")
def robots(request: Request) -> Response:
    """What search engines may read: entities, not lists without end, nor what is public for a time."""
    base = public_address(request)
    return PlainTextResponse(_ROBOTS + (f"Sitemap: {base}/sitemap.xml\n" if base else ""))


@routes.get("/sitemap.xml")
def maps(request: Request) -> Response:
    """The maps of the page."""
    base = _mapped_base(request)
    addresses = [f"{base}/sitemaps/pages.xml"]
    addresses += [f"{base}/sitemaps/entities-{number}.xml" for number in range(_count(request.app.state.engine))]
    return _xml("sitemapindex", "sitemap", addresses)


@routes.get("/sitemaps/pages.xml")
def pages(request: Request) -> Response:
    """The pages that are there whatever is published."""
    base = _mapped_base(request)
    return _xml("urlset", "url", [f"{base}{place}" for place in _PLACES])


@routes.get("/sitemaps/entities-{number:int}.xml")
def entities(request: Request, number: int) -> Response:
    """One map of entities."""
    base, engine = _mapped_base(request), request.app.state.engine
    count = _count(engine)
    if not 0 <= number < count:
        raise NotFound(f"there are {count} maps of entities, 0 to {count - 1}")
    found = _ids(engine, _TIES * number // count, _TIES * (number + 1) // count)
    return _xml("urlset", "url", [f"{base}/entity/{identifier}" for identifier in found])


@routes.get("/opensearch.xml")
def description(request: Request) -> Response:
    """How a browser puts this search among its own (OpenSearch 1.1)."""
    base = full_address(request)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/"><ShortName>信查</ShortName>'
        f"<Description>{escape(DESCRIPTION)}</Description><InputEncoding>UTF-8</InputEncoding>"
        f'<Url type="text/html" template="{escape(base)}/search?q={{searchTerms}}"/>'
        "</OpenSearchDescription>\n"
    )
    return Response(text, media_type="application/opensearchdescription+xml")


def _mapped_base(request: Request) -> str:
    if base := public_address(request):
        return base
    raise NotFound(_NO_ADDRESS)


def _count(engine: Engine) -> int:
    """How many maps of entities there are."""
    total = engine.search("entities", Search(_MAPPED, size=0)).total
    return -(-total // IN_A_MAP)


def _ids(engine: Engine, first: int, end: int) -> Iterator[str]:
    """The entities whose `tie` is `first` or above it, and below `end`."""
    after = first - 1
    while True:
        request = Search(_MAPPED, sort=(Sort("tie"),), size=_PAGE, search_after=[after], source=False, total=False)
        hits = engine.search("entities", request).hits
        for hit in hits:
            after = cast("int", hit.sort[0])
            if after >= end:
                return
            yield hit.id
        if len(hits) < _PAGE:
            return


def _xml(root: str, item: str, addresses: list[str]) -> Response:
    lines = [f"<{item}><loc>{escape(address)}</loc></{item}>" for address in addresses]
    text = "\n".join(lines)
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return Response(f"{head}\n{text}\n</{root}>\n", media_type=_XML)
