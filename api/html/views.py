"""What an address of the page shows: its title, its content for a template, and the answers that it is made of.

`view` finds it. The answers go along (`told`), by the address at which the page would ask for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from api.addresses import public_address
from api.html import texts, values
from api.html.guides import GUIDES, explained, sentences
from api.html.listing import Listing
from api.parameters import EntityDetailParameters
from xincha.days import today
from xincha.errors import EngineNotReady, NotFound
from xincha.kinds import KINDS
from xincha.kinds.topics import TOPICS, Topic
from xincha.receipts.make import MOST_RECORDS
from xincha.search.coverage import not_loaded
from xincha.search.figures.question import FiguresQuestion
from xincha.search.figures.table import lines
from xincha.search.newest import OF_PEOPLE
from xincha.search.questions import EntityFilters, EntitySearch, Parameters, RecordFilters, RecordSearch
from xincha.search.titles import FILTERS
from xincha.watches import ADDRESS

if TYPE_CHECKING:
    from fastapi import Request

    from xincha.receipts.form import Receipt
    from xincha.receipts.make import Receipts
    from xincha.search.answers import NamedArticle
    from xincha.search.service import Searcher

Q = TypeVar("Q", bound=Parameters)
SITE = "信查"
HOME_TITLE = "信查：企业公开信用信息查询"
DESCRIPTION = "查企业的登记、经营异常、抽查和行政处罚信息，每一条都标明出处。"
_RECORDS = MOST_RECORDS
"""Records that the page of an entity begins with: those of its receipt."""
_HELP = "怎样查一家企业、看懂它的记录、核对一份名单、取数据。"
_LONGEST_DESCRIPTION = 150


@dataclass(frozen=True, slots=True)
class View:
    """One address, drawn by the template `name`. `path`: where it is canonically. `indexed`: search engines may keep
    it: not what is about natural persons, is shown for a time, or is one of endless many lists. `structured`: JSON-LD.
    `scripted`: the page takes over where scripts run; else this is all there is. `feed`: address of what is new of it.
    """

    name: str
    title: str
    path: str
    content: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    description: str = DESCRIPTION
    indexed: bool = False
    scripted: bool = True
    structured: Mapping[str, Any] | None = None
    feed: str = ""
    told: Mapping[str, object] = field(default_factory=dict)


def view(request: Request, path: str) -> View:
    """What an address of the page shows; `NotFound` where there is none, and whatever a search of it raises."""
    place, identifier = _parts(path)
    if identifier and place in THINGS:
        return THINGS[place](request, identifier)
    if not identifier and place in PLACES:
        return PLACES[place](request)
    raise NotFound("there is no such page")


def _parts(path: str) -> tuple[str, str]:
    """The place that a path names, and which thing there, if any; of a longer path nothing."""
    place, _, identifier = path.removesuffix("/").partition("/")
    return ("/", "") if "/" in identifier else (place, identifier)


def _searcher(request: Request) -> Searcher:
    return request.app.state.searcher  # type: ignore[no-any-return]


def _receipts(request: Request) -> Receipts:
    return request.app.state.receipts  # type: ignore[no-any-return]


def _short(address: str, pairs: Sequence[tuple[str, str]], receipt: Receipt) -> dict[str, object]:
    """The receipt without its answer, which is told already, as the page asks for it."""
    return {key(address, [*pairs, ("answer", "false")]): receipt.model_copy(update={"answer": None}).model_dump()}


def _asked(
    request: Request, question: type[Q], own: Mapping[str, str] | None = None
) -> tuple[Q, list[tuple[str, str]]]:
    """The question in an address of the page, and its names and values. The page leaves out what it does not know, says
    nothing by an empty value, and takes the first of what can be said once. `own`: what this page asks by itself."""
    pairs = list((own or {}).items())
    said = {"page_size", "facet", *(own or {})}
    for name, value in request.query_params.multi_items():
        again = name in said and (name not in question.lists or name in (own or {}))
        if value and name in question.model_fields and name != "facet" and not again:
            said.add(name)
            pairs.append((name, value))
    return question.read(pairs), pairs


def _home(request: Request) -> View:
    about = request.app.state.about.facts()
    covered = about["coverage"]
    missing = [kind.kind for kind in covered if not kind.loaded]
    content = {"about": about, "missing": not_loaded(missing) if missing else ""}
    return View("home", "", "/", content, indexed=True)


def _about(request: Request) -> View:
    about = request.app.state.about.facts()
    content = {"about": about, "ways": texts.ways(), "base_url": public_address(request)}
    return View("about", "数据与接口", "/about", content, indexed=True)


def _static(name: str, title: str, sentence: str) -> Callable[[Request], View]:
    """A page that is nothing without scripts."""
    return lambda _: View("plain", title, f"/{name}", {"sentence": sentence}, indexed=True)


_FIGURES = (
    ("主体，按类型", "of=entity&by=kind"),
    ("存续的主体，按地区", "of=entity&by=region&status=存续"),
    ("主体，按成立年份", "of=entity&by=year&top=40"),
    ("行政处罚，按年份，罚款合计", "of=penalty&by=year&measure=count,fine_sum"),
    ("行政处罚，按机关", "of=penalty&by=authority&top=20&measure=count,fine_sum"),
    ("列入经营异常，按年份", "of=abnormal&by=year"),
    ("抽查检查，按结果", "of=spot_check&by=category"),
)
"""What the page of figures shows where nothing is asked: a title and a question."""


def _stats(request: Request) -> View:
    """Figures as tables: what is asked, or some that everybody may want."""
    _, pairs = _asked(request, FiguresQuestion) if "of" in request.query_params else (None, [])
    asked = [("所问的统计", urlencode(pairs))] if pairs else list(_FIGURES)
    tables = []
    for title, query in asked:
        question = FiguresQuestion.read(parse_qsl(query))
        figures = _searcher(request).figures(question)
        head, *rows = lines(question, figures)
        tables.append({"title": title, "query": query, "head": head, "rows": rows, "total": figures.total})
    content = {"tables": tables, "questions": _FIGURES}
    path = f"/stats?{urlencode(pairs)}" if pairs else "/stats"
    return View("stats", "统计", path, content, indexed=not pairs)


def _guides(_: Request) -> View:
    return View("guides", "解读", "/guide", {"guides": GUIDES}, indexed=True, scripted=False)


def _guide(request: Request, name: str) -> View:
    guide = GUIDES.get(name)
    if not guide:
        raise NotFound("there is no such explanation")
    day, policy = today(), request.app.state.settings.policy
    cases = list(explained(guide, name, policy, day))
    articles: Sequence[NamedArticle] = ()
    with suppress(EngineNotReady):  # what a record means is explained before there is any
        articles = _searcher(request).records.articles(sentences(guide, name, cases))
    content = {"kind": KINDS[name], "guide": guide, "today": day, "cases": cases, "articles": articles}
    title = f"解读：{KINDS[name].title}"
    return View("guide", title, f"/guide/{name}", content, description=guide.what, indexed=True, scripted=False)


def _entities(request: Request) -> View:
    search, pairs = _asked(request, EntitySearch)
    page = _searcher(request).entities.page(search)
    heading = f"“{search.q}”的查询结果" if search.q else "全部企业"
    return _list("entities", heading, Listing("/search", pairs), page)


def _records(request: Request) -> View:
    search, pairs = _asked(request, RecordSearch)
    page = _searcher(request).records.page(search)
    heading = f"“{search.q}”的记录" if search.q else "全部记录"
    return _list("records", heading, Listing("/records", pairs), page)


def _topic(topic: Topic) -> Callable[[Request], View]:
    """The list of the records of some kinds: what is loaded of them, the filters that they have, and a table."""
    kinds = [kind.name for kind in topic.kinds]

    def listed(request: Request) -> View:
        search, pairs = _asked(request, RecordSearch, {"topic": topic.name})
        page = _searcher(request).records.page(search)
        shown = _list("records", topic.title, Listing(f"/{topic.name}", pairs, ("topic",), topic.filters), page)
        content = {
            **shown.content,
            "topic": topic,
            "coverage": [each for each in request.app.state.about.facts()["coverage"] if each.kind in kinds],
            "table": values.table(search.kind or kinds, page.hits),
            "narrowed": len(pairs) > 1,
        }
        feed = "" if OF_PEOPLE.issuperset(kinds) else shown.feed
        return replace(shown, name="topic", content=content, description=topic.about, feed=feed)

    return listed


def _list(name: str, heading: str, listing: Listing, page: Any) -> View:
    """A page of hits, with the filters that narrow it, and what follows."""
    content = {
        "heading": heading,
        "page": page,
        "filters": listing.filters(page.facets),
        "facets": FILTERS,
        "following": listing.address(("cursor", page.cursor)) if page.cursor else "",
        "q": dict(listing.pairs).get("q", ""),
    }
    told = {} if listing.continued else {key(f"/api/v1/{name}", [*listing.own, *listing.pairs]): page}
    followed = urlencode([pair for pair in (*listing.own, *listing.pairs) if pair[0] in _FOLLOWED])
    feed = f"/feeds/{name}.atom" + (f"?{followed}" if followed else "")
    return View(name, heading, listing.address(), content, feed=feed, told=told)


_FOLLOWED = frozenset((*EntityFilters.model_fields, *RecordFilters.model_fields))
"""Of the parameters of a list those of its feed, which has one order and size."""


def _entity(request: Request, entity_id: str) -> View:
    as_of = _asked(request, EntityDetailParameters)[0].as_of
    entity, page, relatives = _searcher(request).company(entity_id, _RECORDS, as_of)
    address = f"/api/v1/entities/{entity_id}"
    pairs = [("as_of", as_of.isoformat())] if as_of else []
    receipt = _receipts(request).of_company(entity, page, as_of)
    told = {
        f"{address}/relatives": relatives,
        key(address, pairs): entity,
        key(f"{address}/records", [("page_size", str(_RECORDS))]): page,
        **_short(f"/api/v1/receipts/entities/{entity_id}", pairs, receipt),
    }
    content = {
        "entity": entity,
        "page": page,
        "registration": values.registration(entity),
        "relatives": relatives,
        "receipt": receipt,
        "receipt_address": key(f"/api/v1/receipts/entities/{entity_id}", pairs),
    }
    sentence = f"{entity['name']}：{entity['summary']}" if entity["summary"] else entity["name"]
    return View(
        "entity",
        entity["name"],
        f"/entity/{entity_id}",
        content,
        description=sentence[:_LONGEST_DESCRIPTION],
        indexed=entity["kind"] != "个体工商户" and not as_of and not any(map(_names_people, page.hits)),
        structured=_organization(entity),
        feed=f"/feeds/entities/{entity_id}.atom",
        told=told,
    )


def _names_people(record: Mapping[str, Any]) -> bool:
    return any(record.get(fact.name) for fact in KINDS[record["kind"]].facts if fact.shown == "page")


def _organization(entity: Mapping[str, Any]) -> dict[str, Any]:
    """An organization as schema.org has it, of what the page shows."""
    told = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": entity["name"],
        "alternateName": list(entity["former_names"]),
        "identifier": [
            {"@type": "PropertyValue", "propertyID": label, "value": entity[name]}
            for name, label in (("uscc", "统一社会信用代码"), ("reg_no", "注册号"))
            if entity[name]
        ],
        "address": entity["address"],
        "foundingDate": entity["established_on"],
    }
    return {name: value for name, value in told.items() if value}


def _record(request: Request, record_id: str) -> View:
    record = _searcher(request).records.one(record_id)
    kind = KINDS[record["kind"]]
    receipt = _receipts(request).of_record(record)
    content = {
        "record": record,
        "title": kind.title,
        "facts": values.record_facts(record),
        "receipt": receipt,
        "receipt_address": f"/api/v1/receipts/records/{record_id}",
    }
    sentence = f"{values.whose(record)}：{record['headline']}"
    return View(
        "record",
        kind.title,
        f"/record/{record_id}",
        content,
        description=sentence[:_LONGEST_DESCRIPTION],
        told={
            f"/api/v1/records/{record_id}": record,
            **_short(f"/api/v1/receipts/records/{record_id}", [], receipt),
        },
    )


def key(address: str, pairs: Sequence[tuple[str, str]]) -> str:
    """An address of the API as the page knows its answer: parameters in order, as they read."""
    said = sorted(f"{name}={value}" for name, value in pairs)
    return f"{address}?{'&'.join(said)}" if said else address


def _watch(request: Request, name: str) -> View:
    """The page of a watch list, which scripts draw: it is for whoever has its address, and for nobody to keep."""
    if not ADDRESS.fullmatch(name):
        raise NotFound("there is no such watch list")
    request.app.state.watches.at(name)
    sentence = "看这份名单的变化需要启用脚本；订阅阅读器和程序可以用名单的另外两个地址。"
    return View("plain", "关注的名单", f"/watch/{name}", {"sentence": sentence})


THINGS: Mapping[str, Callable[[Request, str], View]] = {
    "entity": _entity,
    "record": _record,
    "guide": _guide,
    "watch": _watch,
}
PLACES: Mapping[str, Callable[[Request], View]] = {
    "": _home,
    "search": _entities,
    "records": _records,
    "about": _about,
    "guide": _guides,
    "help": lambda _: View("help", "帮助", "/help", description=_HELP, indexed=True, scripted=False),
    "stats": _stats,
    **{topic.name: _topic(topic) for topic in TOPICS.values()},
    "match": _static("match", "批量核对", "把名单里的企业一次核对完，需要启用脚本；程序可以用 POST /api/v1/match。"),
    "verify": _static("verify", "验证回执", "查询回执由浏览器自己验证，需要启用脚本；命令行可以用 xincha verify。"),
    "quality": _static(
        "quality", "公示质量", "各机关公示得是否及时、完整，需要启用脚本；程序可以用 GET /api/v1/quality。"
    ),
}

_PROBLEMS = {
    404: ("没有这一页", "地址可能抄错了。"),
    400: ("这个地址读不懂", "地址里的条件有的不对，去掉它再查。"),
    503: ("现在查不了", "数据还没有发布，或者正在更换；请过一会儿再试。"),
}
_MISSING = {
    "entity": ("没有这家企业", "装载的登记信息里没有这个编号的企业。编号可能抄错了，也可能这家企业不在装载的文件里。"),
    "watch": ("没有这份名单", "地址可能抄错了；名单也可能已经被删除，或者满一年自动删除了。"),
    "record": ("没有这条记录", "编号可能抄错了；也可能它的公示期已满、已经撤回、修复，或者依法不公示。"),
}


def problem(path: str, status: int) -> View:
    """The page that says why an address shows nothing."""
    title, sentence = _PROBLEMS.get(status, _PROBLEMS[503])
    place, identifier = _parts(path)
    if status == 404 and identifier:
        title, sentence = _MISSING.get(place, (title, sentence))
    return View("problem", title, f"/{path}", {"sentence": sentence}, status)
