"""Feeds, as feedparser reads them: what is new, and no more than the page of the day shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import feedparser
import orjson
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.feeds.atom import Entry, Feed, written
from api.feeds.entries import of_registration
from xincha.days import today
from xincha.engine.contract import Engine
from xincha.engine.query import Range, Request, Sort
from xincha.holds import Holds
from xincha.rules.window import is_shown
from xincha.search.questions import RecordsFeed
from xincha.search.service import Searcher
from xincha.settings import Settings

pytestmark = pytest.mark.slow

BASE = "https://xincha.example"
Follow = Callable[[str], Any]


@pytest.fixture(scope="module")
def reader(settings: Settings, engine: Engine) -> Iterator[TestClient]:
    """A client of a service that has a public address."""
    with TestClient(create_app(settings.model_copy(update={"base_url": BASE}), engine)) as client:
        yield client


@pytest.fixture(scope="module")
def follow(reader: TestClient) -> Follow:
    """A feed, read strictly."""

    def read(address: str) -> Any:
        answer = reader.get(address.removeprefix(BASE))
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/atom+xml"
        feed = feedparser.parse(answer.content, sanitize_html=False)
        assert not feed.bozo, feed.get("bozo_exception")
        assert feed.version == "atom10"
        assert len(feed.entries) <= 100
        return feed

    return read


def link(feed: Any, relation: str) -> str:
    return next((str(each.href) for each in feed.feed.links if each.rel == relation), "")


def everything(follow: Follow, address: str) -> Iterator[Any]:
    """All pages of a feed."""
    while address:
        feed = follow(address)
        yield feed
        address = link(feed, "next")


def records_of(feeds: list[Any]) -> list[str]:
    return [entry.id.rpartition("/")[2] for feed in feeds for entry in feed.entries if ":record/" in entry.id]


def test_the_feed_of_a_company_says_what_its_page_shows(follow: Follow, get: Callable[..., Any]) -> None:
    hit = next(hit for hit in get("records", kind="penalty", page_size=100)["hits"] if hit["entity_id"])
    address = f"/feeds/entities/{hit['entity_id']}.atom"
    feeds = list(everything(follow, address))
    told = get(f"entities/{hit['entity_id']}/records", page_size=100)
    assert sorted(records_of(feeds)) == sorted(each["record_id"] for each in told["hits"])
    company = get(f"entities/{hit['entity_id']}")
    feed = feeds[0]
    assert feed.feed.title == company["name"]
    assert feed.feed.id == f"tag:xincha.example,2026:entity/{hit['entity_id']}"
    assert link(feed, "alternate") == f"{BASE}/entity/{hit['entity_id']}"
    assert link(feed, "self") == BASE + address
    entry = next(each for each in feed.entries if each.id.endswith(hit["record_id"]))
    assert hit["headline"] in entry.title
    assert entry.link == f"{BASE}/record/{hit['record_id']}"
    assert entry.author == hit["authority"]
    assert hit["origin"]["file"] in entry.content[0].value
    registration = next(each for each in feed.entries if each.id == feed.feed.id)
    assert company["status"] in registration.title
    assert company["address"] in registration.content[0].value


def test_what_changed_in_a_registration_is_an_entry_of_its_own(follow: Follow, get: Callable[..., Any]) -> None:
    hits = (hit for page in pages(get, "entities", facet="status") for hit in page["hits"])
    changed = ((each, get(f"entities/{each['entity_id']}")["changes"]) for each in hits)
    hit, changes = next((each, those) for each, those in changed if any(one["field"] == "status" for one in those))
    feed = follow(f"/feeds/entities/{hit['entity_id']}.atom")
    status = next(each for each in changes if each["field"] == "status")
    entry = next(each for each in feed.entries if each.id.endswith(status["changed_at"]))
    assert f"{status['old']} → {status['new']}" in entry.content[0].value


def test_a_change_of_who_represents_a_company_names_nobody(get: Callable[..., Any]) -> None:
    company = get(f"entities/{get('entities')['hits'][0]['entity_id']}")
    told = {"changed_at": "2026-11-01T02:00:00.000000Z", "file": "a.csv", "row": 1}
    changes = [
        {"field": "legal_rep", "old": "示例甲某", "new": "示例乙某", **told},
        {"field": "former_names", "old": None, "new": '["厦门示例旧名有限公司"]', **told},
        {"field": "name_key", "old": "a", "new": "b", **told},
    ]
    registered, changed = of_registration({**company, "legal_rep": "示例乙某", "changes": changes})
    assert changed.title == "登记信息变更：法定代表人、曾用名"
    assert "曾用名 （空） → 厦门示例旧名有限公司" in changed.html
    for entry in (registered, changed):
        assert not [name for name in ("示例甲某", "示例乙某") if name in entry.title + entry.html]


def pages(get: Callable[..., Any], address: str, **asked: object) -> Iterator[dict[str, Any]]:
    cursor: str | None = ""
    while cursor is not None:
        page = get(address, page_size=100, **asked, **({"cursor": cursor} if cursor else {}))
        yield page
        cursor = page["cursor"]


@pytest.mark.parametrize("asked", [{}, {"kind": "notice"}, {"q": "示例", "kind": ["penalty", "abnormal"]}])
def test_the_feed_of_a_search_and_its_older_pages_have_every_record_of_it(
    follow: Follow, get: Callable[..., Any], asked: dict[str, Any]
) -> None:
    feeds = list(everything(follow, f"/feeds/records.atom?{urlencode(asked, doseq=True)}".rstrip("?")))
    found = [hit for page in pages(get, "records", **asked) for hit in page["hits"]]
    wanted = {hit["record_id"] for hit in found if hit["kind"] != "officer"}
    assert set(records_of(feeds)) == wanted
    for feed in feeds:
        moments = [entry.updated_parsed for entry in feed.entries]
        assert moments == sorted(moments, reverse=True)
        assert feed.feed.updated_parsed == moments[0]
    first = records_of(feeds[:1])
    assert len(set(first)) == len(first) == min(len(wanted), 100)


def test_registers_of_people_are_not_followed(follow: Follow, get: Callable[..., Any]) -> None:
    names = [hit["name"] for hit in get("records", kind="officer", page_size=100)["hits"]]
    assert names
    assert follow("/feeds/records.atom?kind=officer").entries == []
    for feed in everything(follow, "/feeds/records.atom"):
        assert not [name for entry in feed.entries for name in names if name in entry.title]


def test_the_feed_of_a_search_for_companies_has_each_once(follow: Follow, get: Callable[..., Any]) -> None:
    feeds = list(everything(follow, "/feeds/entities.atom?kind=个体工商户"))
    told = [entry.id.rpartition("/")[2] for feed in feeds for entry in feed.entries]
    assert sorted(told) == sorted(
        hit["entity_id"] for page in pages(get, "entities", kind="个体工商户") for hit in page["hits"]
    )
    assert "个体工商户" in feeds[0].feed.title
    assert link(feeds[0], "alternate").startswith(f"{BASE}/search?kind=")


def test_who_has_a_feed_is_told_so(reader: TestClient) -> None:
    address = "/feeds/records.atom?kind=penalty"
    first = reader.get(address)
    again = reader.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert reader.get(address, headers={"if-none-match": '"other"'}).status_code == 200
    head = reader.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == first.headers["etag"]


def test_what_cannot_be_followed_is_said(reader: TestClient) -> None:
    assert reader.get("/feeds/entities/N-nobody.atom").status_code == 404
    for address in (
        "/feeds/records.atom?sort=fine_cny",
        "/feeds/records.atom?cursor=none",
        "/feeds/entities.atom?kind=x",
    ):
        answer = reader.get(address)
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
    assert reader.get("/feeds/other.atom").headers["content-type"] == "application/problem+json"


def test_no_feed_has_what_the_law_has_ended_or_the_operator_holds_back(
    settings: Settings, engine: Engine, get: Callable[..., Any], tmp_path: Any
) -> None:
    """The days go on over the same index, and a record is held: each feed has what may be shown then, and no more."""
    records = [hit for page in pages(get, "records") for hit in page["hits"]]
    ending = min((hit for hit in records if hit["public_until"] < "9999"), key=lambda hit: hit["public_until"])
    held = next(hit for hit in records if hit["entity_id"] and hit["public_until"] > "9998")
    day = date.fromisoformat(ending["public_until"])
    holds = Holds(tmp_path / "holds.json")
    holds.hold(held["record_id"], "示例", None, day)
    app = create_app(settings, engine)
    with TestClient(app) as client:
        for now, there in ((day, True), (day + timedelta(days=1), False)):
            app.state.searcher = Searcher(engine, today=lambda: now, held=holds.on)  # noqa: B023
            address: str | None = "/feeds/records.atom"
            told = ""
            while address:
                text = client.get(address).text
                told += text
                address = link(feedparser.parse(text), "next")
            assert (ending["record_id"] in told) is there
            assert held["record_id"] not in told
            assert held["record_id"] not in client.get(f"/feeds/entities/{held['entity_id']}.atom").text


def test_a_record_is_new_on_the_day_on_which_it_may_be_shown_or_is_in_another_state(
    settings: Settings, engine: Engine
) -> None:
    """Without any load: of both kinds there is one among the fictional records, at the head of the feed of that day."""
    for field in ("public_from", "turns_on"):
        later = Range(field, gte=today() + timedelta(days=2), lte=date(9999, 12, 30))
        hits = engine.search("records", Request(later, sort=(Sort(field), Sort("tie")), size=100)).hits
        stored = [orjson.loads(hit.source) for hit in hits]
        due = next(each for each in stored if is_shown(each, each[field]))
        day = date.fromisoformat(due[field])
        newest = Searcher(engine, today=lambda: day).records.newest(RecordsFeed()).rows  # noqa: B023
        (moment,) = [moment for record, moment in newest if record["record_id"] == due["record_id"]]
        assert moment.date() == day
        assert moment == newest[0][1]


def test_characters_that_xml_cannot_have_break_no_feed() -> None:
    entry = Entry(
        "record/1", "a\x00b\x0b<&>\ufffe", datetime(2026, 11, 27, tzinfo=UTC), "/record/1", "<p>\x1f&amp;</p>"
    )
    read = feedparser.parse(written(Feed("records", "示例\x07", [entry], "/records", "/f", "/f"), "xincha,2026", ""))
    assert not read.bozo
    assert read.entries[0].updated == "2026-11-27T00:00:00Z"
