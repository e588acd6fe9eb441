"""The page as HTML of the server: complete without scripts, with status, head and answers of its address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import orjson
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.html import document
from api.html.document import ROOT, data
from api.html.guides import GUIDES, explained
from api.html.views import View
from tests.api.conftest import Get
from tests.api.watched import Watched
from xincha.days import today
from xincha.engine.contract import Engine, IndexName, Result
from xincha.engine.query import Ids, Request
from xincha.kinds import KINDS
from xincha.kinds.topics import TOPICS, Topic
from xincha.rules.window import CAREFUL
from xincha.settings import Settings

SHELL = (
    '<!doctype html><html lang="zh-CN"><head><meta name="description" content="of the build" />'
    '<title>信查</title><script type="module" crossorigin src="/assets/a.js"></script></head>'
    f"<body>{ROOT}</body></html>"
)
BASE = "https://xincha.example"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class Read(HTMLParser):
    """What a document says: text without data blocks, links, attributes of its head, its blocks of data."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.links, self.head, self.blocks = "", list[str](), dict[str, str](), dict[str, Any]()
        self._within = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self._within = said.get("type") or "" if tag == "script" else tag if tag == "title" else ""
        if tag == "a":
            self.links.append(said["href"] or "")
        if tag in {"meta", "link"}:
            self.head[said.get("name") or said.get("rel") or ""] = said.get("content") or said.get("href") or ""

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within == "title":
            self.head["title"] = data
        elif self._within:
            self.blocks[self._within] = orjson.loads(data)
        else:
            self.text += data


@pytest.fixture(scope="module")
def page(settings: Settings, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("page")
    (folder / "index.html").write_text(SHELL, "utf-8")
    with TestClient(create_app(settings.model_copy(update={"page": folder, "base_url": BASE}), engine)) as client:
        yield client


def read(page: TestClient, address: str, status: int = 200) -> Read:
    answer = page.get(address)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Read(answer.text)


@pytest.fixture(scope="module")
def punished(get: Get) -> dict[str, Any]:
    found: dict[str, Any] = get("entities", has="penalty", kind="企业", page_size=1)["hits"][0]
    return found


def test_the_page_of_a_company_holds_everything_that_the_api_says_of_it(
    page: TestClient, get: Get, punished: dict[str, Any]
) -> None:
    said = read(page, f"/entity/{punished['entity_id']}")
    company = get(f"entities/{punished['entity_id']}")
    records = get(f"entities/{punished['entity_id']}/records")["hits"]
    for name in ("name", "uscc", "address", "scope", "summary", "authority"):
        assert not company[name] or company[name] in said.text, name
    assert company["origin"]["file"] in said.text
    for record in records:
        assert record["headline"] in said.text
        assert record["rule"] in said.text
        assert f"/record/{record['record_id']}" in said.links
    assert "行政处罚决定书文号" in said.text


def test_the_page_of_a_company_asks_for_it_once(
    settings: Settings, engine: Engine, punished: dict[str, Any], tmp_path: Path
) -> None:
    looked_up: list[str] = []

    @dataclass
    class Listening(Watched):
        def search(self, index: IndexName, request: Request) -> Result:
            if index == "entities" and isinstance(request.query, Ids):
                looked_up.extend(request.query.values)
            return super().search(index, request)

    (tmp_path / "index.html").write_text(SHELL, "utf-8")
    identifier = punished["entity_id"]
    with TestClient(create_app(settings.model_copy(update={"page": tmp_path}), Listening(engine))) as client:
        read(client, f"/entity/{identifier}")
        assert looked_up == [identifier]
        (tmp_path / "index.html").write_text(SHELL.replace("/assets/a.js", "/assets/b.js"), "utf-8")
        assert "/assets/b.js" in client.get(f"/entity/{identifier}").text


def test_its_head_names_it_and_says_no_more_than_is_shown(page: TestClient, punished: dict[str, Any]) -> None:
    said = read(page, f"/entity/{punished['entity_id']}")
    assert said.head["title"] == f"{punished['name']} · 信查"
    assert said.head["description"].startswith(punished["name"])
    assert said.head["canonical"] == f"{BASE}/entity/{punished['entity_id']}"
    organization = said.blocks["application/ld+json"]
    assert organization["@type"] == "Organization"
    assert organization["identifier"][0]["value"] == punished["uscc"]
    assert organization["address"] in said.text


def test_a_service_that_does_not_know_its_address_names_no_canonical_one() -> None:
    view = View("plain", "批量核对", "/match", {"sentence": ""})
    assert 'rel="canonical" href="https://a.example/match"' in document.written(SHELL, view, "https://a.example")
    assert "canonical" not in document.written(SHELL, view, "")


def test_the_answers_that_the_page_would_ask_for_come_along(
    page: TestClient, get: Get, punished: dict[str, Any]
) -> None:
    identifier = punished["entity_id"]
    told = read(page, f"/entity/{identifier}?kind=penalty").blocks["application/json"]
    assert told[f"/api/v1/entities/{identifier}"] == get(f"entities/{identifier}")
    assert told[f"/api/v1/entities/{identifier}/records?page_size=100"] == get(
        f"entities/{identifier}/records", page_size=100
    )
    listed = read(page, "/search?status=存续&q=示例&status=注销&sort=").blocks["application/json"]
    assert listed["/api/v1/entities?q=示例&status=存续&status=注销"] == get(
        "entities", q="示例", status=["存续", "注销"]
    )


def test_a_list_leads_to_its_hits_to_what_follows_and_to_fewer(page: TestClient, get: Get) -> None:
    said = read(page, "/search?q=示例")
    hits = [f"/entity/{hit['entity_id']}" for hit in get("entities", q="示例")["hits"]]
    assert [link for link in said.links if link.startswith("/entity/")] == hits
    following = next(link for link in said.links if "cursor=" in link)
    after = read(page, following)
    assert not {link for link in after.links if link.startswith("/entity/")} & set(said.links)
    assert not after.blocks
    narrower = next(link for link in said.links if "status=" in link)
    assert get("entities", q="示例")["total"] > int(
        re.search(r"共 ([\d,]+) 家", read(page, narrower).text)[1].replace(",", "")  # type: ignore[index]
    )


def test_a_hit_by_a_former_name_says_so_with_the_name_marked(page: TestClient, get: Get) -> None:
    hits = get("entities", q="示例旧屿")["hits"]
    assert "former_names" in {highlight["field"] for highlight in hits[0]["highlights"]}
    answer = page.get("/search?q=示例旧屿")
    assert answer.status_code == 200
    assert re.search("曾用名：.*<mark>.*旧屿.*</mark>", answer.text)


@pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.name)
def test_a_list_of_some_kinds_is_a_page_with_what_is_loaded_its_filters_and_a_table(
    page: TestClient, get: Get, topic: Topic
) -> None:
    said = read(page, f"/{topic.name}")
    assert said.head["title"] == f"{topic.title} · 信查"
    assert said.head["description"] == topic.about
    assert said.head["canonical"] == f"{BASE}/{topic.name}"
    assert "noindex" in said.head["robots"]
    kinds = [kind.name for kind in topic.kinds]
    asked = get("records", kind=kinds)
    assert said.blocks["application/json"][f"/api/v1/records?topic={topic.name}"] == get("records", topic=topic.name)
    assert f"共 {asked['total']:,} 条" in said.text
    assert [link for link in said.links if link.startswith("/record/")] == [
        f"/record/{hit['record_id']}" for hit in asked["hits"]
    ]
    for kind in (each for each in get("about")["coverage"] if each["kind"] in kinds):
        assert kind["loaded"]
        until = f"，内容到 {kind['content_until']}" if kind["content_until"] else ""
        assert f"{kind['records']:,} 条{until}\n" in said.text
    links = [link for link in said.links if not link.startswith("/feeds/")]
    filters = {name for link in links for name in re.findall(r"[?&](\w+)=", link)} - {"cursor"}
    assert {"happened_from", "happened_to", "authority"} < filters
    assert filters <= {*topic.filters, "happened_from", "happened_to"}


def test_a_list_of_one_kind_says_in_columns_what_the_kind_says(page: TestClient, get: Get) -> None:
    power = get("records", kind="power", page_size=1)["hits"][0]
    answer = page.get("/powers?kind=power")
    heads = re.findall(r'<th scope="col">([^<]+)</th>', answer.text)
    assert heads == ["权责事项", "事项类型", "实施主体和责任主体", "现状"]
    assert power["power_name"] in Read(answer.text).text
    law = get("records", topic="powers")["facets"]["law"][0]
    narrowed = read(page, f"/powers?law={law['value']}")
    assert f"共 {law['count']:,} 条" in narrowed.text
    assert "/powers" in narrowed.links  # without it again
    year = get("records", topic="notices")["facets"]["happened"][0]
    of_a_year = f"/notices?happened_from={year['from']}&happened_to={year['to']}"
    assert of_a_year in read(page, "/notices").links
    assert f"共 {year['count']:,} 条" in read(page, of_a_year).text


def test_a_list_knows_no_other_kinds_than_its_own(page: TestClient) -> None:
    assert "共 0 条" in read(page, "/officers?kind=penalty").text
    assert "topic=notices" not in read(page, "/powers?topic=notices").head["canonical"]
    assert "这个地址读不懂" in read(page, "/notices?kind=nonsense", 400).text


def test_figures_are_tables_with_their_file_and_their_question(page: TestClient, get: Get) -> None:
    said = read(page, "/stats?of=entity&by=status")
    for row in get("stats", of="entity", by="status")["rows"]:
        assert row["suppressed"] or f"{row['count']:,}" in said.text
    assert "/api/v1/stats.csv?of=entity&by=status" in said.links
    assert "行政处罚，按年份" in read(page, "/stats").text
    assert "这个地址读不懂" in read(page, "/stats?of=nonsense", 400).text


@pytest.mark.parametrize("kind", ["penalty", "power", "regulation", "document", "officer", "check_plan", "notice"])
def test_each_record_has_a_page_with_its_facts_and_where_they_stand(page: TestClient, get: Get, kind: str) -> None:
    record = get("records", kind=kind, page_size=1)["hits"][0]
    said = read(page, f"/record/{record['record_id']}")
    assert record["headline"] in said.text
    assert record["origin"]["file"] in said.text
    assert "noindex" in said.head["robots"]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/entity/NOPE", 404, "没有这家企业"),
        ("/record/P-0000000000000000", 404, "没有这条记录"),
        ("/entity/a/b", 404, "没有这一页"),
        ("/foo", 404, "没有这一页"),
        ("/entity", 404, "没有这一页"),
        ("/search?sort=nonsense", 400, "这个地址读不懂"),
        (f"/search?q={'示' * 5000}", 400, "这个地址读不懂"),
        ("/records?happened_from=2026-13-40", 400, "这个地址读不懂"),
        ("/search?cursor=nonsense", 400, "这个地址读不懂"),
    ],
)
def test_what_is_not_there_says_so_with_its_status(page: TestClient, address: str, status: int, words: str) -> None:
    said = read(page, address, status)
    assert words in said.text
    assert "noindex" in said.head["robots"]
    assert "canonical" not in said.head


@pytest.mark.parametrize("address", ["/", "/about", "/search", "/records", "/match", "/quality", "/stats", "/officers"])
def test_each_page_reads_without_scripts(page: TestClient, address: str) -> None:
    said = read(page, address)
    assert "信息来自登记、监管机关公布的文件" in said.text
    assert page.get(address).headers["cache-control"] == "no-cache"


ON_THE_PAGE_ALONE = ("kind", "rows", "days", "load", "loaded", "noDays", "until", "notLoaded", "away", "law.history")
"""Messages of the page of the data that stand in its table, or in states that what the server writes does not have."""


def test_the_page_of_the_data_says_the_same_with_scripts_and_without(page: TestClient) -> None:
    """Both have their texts from one catalogue; here none is left out."""
    said = " ".join(read(page, "/about").text.split())
    catalogue = files("api.html").joinpath("catalogues/zh/about.json").read_text("utf-8")
    for key, message in orjson.loads(catalogue).items():
        name = key.removeprefix("about.")
        if name not in ON_THE_PAGE_ALONE and not name.startswith("way.files"):
            assert all(part.strip() in said for part in re.split(r"\{\w+\}", message)), key
    assert f"{BASE}/mcp" in said
    assert "/docs" in read(page, "/about").links


def test_a_person_in_business_and_what_is_public_for_a_time_are_not_for_search_engines(
    page: TestClient, get: Get
) -> None:
    shop = get("entities", kind="个体工商户", page_size=1)["hits"][0]["entity_id"]
    assert "noindex" in read(page, f"/entity/{shop}").head["robots"]
    assert "noindex" in read(page, "/search?q=示例").head["robots"]


def test_no_page_of_a_list_or_a_record_names_a_person_of_whom_a_record_is(
    page: TestClient, get: Get, persons: set[str], restricted: set[str]
) -> None:
    records = get("records", kind=["penalty", "licence"], page_size=100)["hits"]
    of_persons = [f"/record/{record['record_id']}" for record in records if record["party_kind"] == "自然人"]
    assert of_persons
    for address in (*of_persons, "/search?q=示", "/records", "/records?q=示", "/records?kind=licence", "/stats"):
        text = page.get(address).text
        assert not [name for name in persons | restricted if name in text], address


def test_a_page_that_is_known_is_not_sent_again(page: TestClient, punished: dict[str, Any]) -> None:
    address = f"/entity/{punished['entity_id']}"
    tag = page.get(address).headers["etag"]
    again = page.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert page.head(address).status_code == 200


def test_nothing_in_a_block_of_data_ends_it() -> None:
    block = data("told", "application/json", {"name": "</script><script>alert(1)</script><!--&amp;"})
    assert block.count("<") == block.count(">") == 2
    assert Read(block).blocks["application/json"] == {"name": "</script><script>alert(1)</script><!--&amp;"}


def test_what_is_typed_is_text(page: TestClient) -> None:
    answer = page.get("/search", params={"q": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.text


def xml(page: TestClient, address: str) -> ElementTree.Element:
    answer = page.get(address)
    assert answer.status_code == 200, answer.text
    return ElementTree.fromstring(answer.content)  # noqa: S314 - our own


def addresses(page: TestClient, of: str) -> list[str]:
    return [each.text or "" for each in xml(page, of).iter(f"{SITEMAP}loc")]


@pytest.mark.parametrize("kind", GUIDES)
def test_an_explanation_says_until_when_its_examples_are_shown(page: TestClient, kind: str) -> None:
    said = read(page, f"/guide/{kind}")
    assert KINDS[kind].title in said.head["title"]
    assert "<script" not in page.get(f"/guide/{kind}").text
    drawn = page.get(f"/guide/{kind}").text.count('<svg class="drawn wide"')
    cases = list(explained(GUIDES[kind], kind, CAREFUL, today()))
    assert drawn == sum(shown["bar"] is not None for shown in cases)
    for shown in cases:
        assert shown["endless"] or shown["bar"] is None or f"到 {shown['ends']} 为止" in said.text
    for case in GUIDES[kind].cases:
        assert case.words in said.text
    assert page.get("/guide").text.count(f"/guide/{kind}") == 1


def test_an_explanation_tells_its_articles_and_which_texts_are_not_loaded(page: TestClient) -> None:
    said = read(page, "/guide/abnormal").text
    for article in ("《企业信息公示暂行条例》第17条", "《市场主体登记管理条例》第33条", "《信用修复管理办法》第3条"):
        assert article in said
    assert said.count("没有装载，这里只写明它的编号") == len(
        re.findall(r"^《.+》第[\d-]+条(?:之\d+)?$", said, re.MULTILINE)
    )


def test_help_is_drawn_and_leads_to_everything_that_it_tells_of(page: TestClient) -> None:
    answer = page.get("/help")
    said = Read(answer.text)
    assert said.head["title"] == "帮助 · 信查"
    assert "<script" not in answer.text
    assert answer.text.count("<figure>") == answer.text.count('role="img" aria-label="') == 4
    for address in {link for link in said.links if link.startswith("/")}:
        assert page.get(address).status_code == 200, address
    for link in (link for link in said.links if link.startswith("#")):
        assert f'id="{link[1:]}"' in answer.text
    assert "/help" in read(page, "/guide").links


def test_a_record_has_the_contents_of_its_text(page: TestClient, get: Get) -> None:
    hits = get("records", kind="document", page_size=100)["hits"]
    text = next(hit for hit in hits if hit["of_ids"] and len(get(f"records/{hit['record_id']}")["sections"]) > 2)
    sections = get(f"records/{text['record_id']}")["sections"]
    own = read(page, f"/record/{text['record_id']}").links
    of = read(page, f"/record/{text['of_ids'][0]}").links
    for section in sections:
        assert f"#{section['anchor']}" in own
        assert f"/record/{text['record_id']}#{section['anchor']}" in of


def test_examples_follow_the_rules_of_their_day() -> None:
    minor, ordinary, serious, warned = explained(GUIDES["penalty"], "penalty", CAREFUL, date(2026, 11, 27))
    assert (minor["begins"], minor["ends"]) == (date(2026, 11, 24), date(2027, 2, 24))
    assert (ordinary["ends"], serious["ends"]) == (date(2027, 11, 24), date(2029, 11, 24))
    assert "轻微" in minor["rule"]
    assert not warned["shown"]
    listed, removed = explained(GUIDES["abnormal"], "abnormal", CAREFUL, date(2026, 11, 27))
    assert listed["endless"]
    assert not removed["shown"]


def test_maps_lead_to_every_entity_that_is_no_person(
    page: TestClient, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.routes.wayfinding.IN_A_MAP", 300)
    monkeypatch.setattr("api.routes.wayfinding._PAGE", 70)
    robots = page.get("/robots.txt").text
    assert f"Sitemap: {BASE}/sitemap.xml" in robots
    maps = addresses(page, "/sitemap.xml")
    found: list[str] = []
    for address in maps:
        found += addresses(page, address.removeprefix(BASE))
    facet = {bucket["value"]: bucket["count"] for bucket in get("entities", page_size=1)["facets"]["kind"]}
    everybody = get("entities", page_size=1)["total"]
    entities = [address for address in found if "/entity/" in address]
    assert len(entities) == len(set(entities)) == everybody - facet["个体工商户"]
    assert page.get(f"/sitemaps/entities-{len(maps)}.xml").status_code == 404


def test_without_a_public_address_there_are_no_maps(settings: Settings, engine: Engine) -> None:
    with TestClient(create_app(settings, engine)) as client:
        assert "Sitemap" not in client.get("/robots.txt").text
        answer = client.get("/sitemap.xml")
    assert answer.status_code == 404
    assert "XINCHA_BASE_URL" in answer.json()["detail"]


def test_a_browser_may_keep_the_search(page: TestClient) -> None:
    url = xml(page, "/opensearch.xml").find("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert url is not None
    assert url.attrib["template"] == f"{BASE}/search?q={{searchTerms}}"


def test_while_nothing_is_published_the_page_says_so(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(SHELL, "utf-8")
    with TestClient(create_app(Settings(data=tmp_path / "data", page=tmp_path))) as client:
        for address in ("/", "/search", "/entity/91350200MA0000000X"):
            said = read(client, address, 503)
            assert "现在查不了" in said.text
            assert client.get(address).headers["retry-after"]
        assert client.get("/foo").status_code == 404


def test_pages_name_the_feed_of_what_they_show(page: TestClient, punished: dict[str, Any]) -> None:
    """In their heads, for readers, and as a link; a feed has an order of its own."""
    for address, feed in (
        (f"/entity/{punished['entity_id']}", f"/feeds/entities/{punished['entity_id']}.atom"),
        ("/records?kind=notice&sort=happened_on", "/feeds/records.atom?kind=notice"),
        ("/notices?happened_from=2026-01-01", "/feeds/records.atom?topic=notices&happened_from=2026-01-01"),
        ("/search?q=示例&page_size=5", f"/feeds/entities.atom?{urlencode({'q': '示例'})}"),
    ):
        shown = read(page, address)
        assert shown.head["alternate"] == BASE + feed
        assert feed in shown.links
        assert page.get(feed).status_code == 200
    for address in ("/about", "/officers"):
        assert "alternate" not in read(page, address).head
