"""The tools for assistants, asked by the client of the official SDK over both transports."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp_types import CallToolResult, Tool

from api.app import create_app
from fixtures.manifest import Fixtures
from tests.api.live import Live, live
from tests.cli.conftest import environment_of
from xincha.assistants.answers import MOST_TOKENS, tokens
from xincha.engine.contract import Engine
from xincha.engine.query import MatchAll, Request
from xincha.settings import Settings

pytestmark = pytest.mark.slow

T = TypeVar("T")
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def service(settings: Settings, engine: Engine) -> Iterator[Live]:
    with live(create_app(settings.model_copy(update={"limit_address": 0}), engine)) as served:
        yield served


@pytest.fixture(scope="module")
def address(service: Live) -> str:
    host, port = service.address
    return f"http://{host}:{port}/mcp"


def connected(server: str | StdioServerParameters, work: Callable[[Client], Awaitable[T]], mode: str = "auto") -> T:
    """What is done with a client of this server."""

    async def run() -> T:
        async with Client(server, mode=mode) as client:
            return await work(client)

    return asyncio.run(run())


@pytest.fixture
def ask(address: str) -> Ask:
    """`ask(tool, **arguments)`: the structured answer."""

    def asked(tool: str, **arguments: object) -> Any:
        result = connected(address, lambda client: client.call_tool(tool, arguments))
        assert not result.is_error, result.content
        return result.structured_content

    return asked


@pytest.fixture(scope="module")
def listed(address: str) -> list[Tool]:
    return list(connected(address, lambda client: client.list_tools()).tools)


@pytest.fixture(scope="module")
def register(engine: Engine) -> list[dict[str, Any]]:
    """Every entity that is published, as it is stored."""
    return [json.loads(hit.source) for hit in engine.search("entities", Request(MatchAll(), size=10_000)).hits]


def refusal(result: CallToolResult) -> str:
    assert result.is_error
    return str(result.content[0].text)  # type: ignore[union-attr]


def test_seven_tools_only_read_and_are_described_shortly(listed: list[Tool]) -> None:
    names = ["search", "fetch", "find_company", "get_company", "match_companies", "search_records", "check_code"]
    assert [tool.name for tool in listed] == names
    for tool in listed:
        assert tool.output_schema
        hints = tool.annotations
        assert hints
        assert (hints.read_only_hint, hints.idempotent_hint, hints.destructive_hint) == (True, True, False)
    assert tokens("".join(str(tool.description) for tool in listed)) < 1_500


def test_a_result_of_search_is_fetched_with_day_source_and_coverage(ask: Ask) -> None:
    hit = ask("search", query="示例咖啡")["results"][0]
    assert hit.keys() == {"id", "title", "url"}
    document = ask("fetch", id=hit["id"])
    assert document.keys() == {"id", "title", "text", "url", "metadata"}
    assert document["title"] in hit["title"]
    assert document["metadata"]["source"]
    assert "登记信息" in document["metadata"]["coverage"]


def test_a_record_is_found_by_its_number_and_fetched_with_its_rule(ask: Ask) -> None:
    penalty = ask("search_records", kind="penalty", limit=1)["records"][0]
    document = ask("fetch", id=f"record/{penalty['record_id']}")
    number = next(line for line in document["text"].splitlines() if line.startswith("行政处罚决定书文号："))
    assert "公示依据" in document["text"]
    found = ask("search", query=number.partition("：")[2])["results"]
    assert document["id"] in [each["id"] for each in found]


def test_who_shares_a_name_is_told_apart_by_a_question(ask: Ask, register: list[dict[str, Any]]) -> None:
    bearers = Counter(entity["name"] for entity in register)
    name = next(name for name, count in bearers.items() if count > 1)
    found = ask("find_company", name=name)
    assert (found["state"], found["company"]) == ("ambiguous", None)
    assert "统一社会信用代码" in found["question"]
    told = next(each for each in found["candidates"] if each["uscc"])
    assert ask("find_company", name=name, uscc=told["uscc"])["company"] == told


def test_two_hundred_questions_have_no_answer_about_a_wrong_company(
    address: str, register: list[dict[str, Any]]
) -> None:
    chance = random.Random(7)  # noqa: S311
    names = {name for entity in register for name in (entity["name"], *entity.get("former_names", ()))}
    bearers = Counter(entity["name"] for entity in register)
    asked = chance.sample([entity for entity in register if "示例" in entity["name"]], 200)

    async def work(client: Client) -> list[tuple[str, str, CallToolResult]]:
        answers = []
        for at, entity in enumerate(asked):
            name = entity["name"] if at % 2 else entity["name"].replace("示例", "虚例拟", 1)
            answers.append((name, entity["entity_id"], await client.call_tool("find_company", {"name": name})))
        return answers

    for name, entity_id, result in connected(address, work):
        found = result.structured_content
        assert found
        if name not in names:
            assert found["company"] is None, name
        elif bearers[name] == 1:
            assert found["company"], name
        if found["company"]:
            assert found["company"]["entity_id"] == entity_id
        assert (found["state"] == "ambiguous") == bool(found["question"])


def test_what_the_register_does_not_say_is_null_and_each_kind_has_its_days(
    ask: Ask, register: list[dict[str, Any]]
) -> None:
    entity = next(each for each in register if not each.get("reg_no"))
    told = ask("get_company", entity_id=entity["entity_id"])
    assert told["facts"]["注册号"] is None
    assert told["facts"]["名称"] == entity["name"]
    for kind in ("登记信息", "行政处罚", "经营异常"):
        assert kind in told["coverage"]


def test_a_company_is_told_as_of_a_day_and_in_parts(ask: Ask, register: list[dict[str, Any]]) -> None:
    entity_id = register[0]["entity_id"]
    only = ask("get_company", entity_id=entity_id, sections=["records"])
    assert (only["facts"], only["total"]) == ({}, len(only["records"]))
    then = ask("get_company", entity_id=entity_id, as_of="2024-01-31")
    assert (then["day"], then["records"]) == ("2024-01-31", [])


def test_a_code_is_checked_and_one_sign_away_is_offered(ask: Ask, register: list[dict[str, Any]]) -> None:
    entity = next(each for each in register if each.get("uscc"))
    code = entity["uscc"]
    told = ask("check_code", code=f"{code[:8]}-{code[8:].lower()}")
    assert (told["uscc"], told["valid"], told["company"]["entity_id"]) == (code, True, entity["entity_id"])
    told = ask("check_code", code=code[:-1])
    assert (told["uscc"], told["valid"], told["company"]) == (None, False, None)
    assert entity["entity_id"] in [each["entity_id"] for each in told["near"]]


def test_fifty_rows_are_matched_at_once(ask: Ask, register: list[dict[str, Any]]) -> None:
    bearers = Counter(entity["name"] for entity in register)
    once = [entity for entity in register if bearers[entity["name"]] == 1][:49]
    told = ask("match_companies", rows=[{"name": each["name"]} for each in once] + [{"name": "查无此家虚拟商行"}])
    assert [row["entity_id"] for row in told["rows"]] == [each["entity_id"] for each in once] + [None]


def test_answers_are_short_however_much_there_is(address: str, register: list[dict[str, Any]]) -> None:
    def size(entity: dict[str, Any]) -> int:
        return len(json.dumps(entity))

    largest = sorted(register, key=size)[-5:]

    async def work(client: Client) -> list[CallToolResult]:
        ids = [entity["entity_id"] for entity in largest]
        return [
            *[await client.call_tool("get_company", {"entity_id": each}) for each in ids],
            *[await client.call_tool("fetch", {"id": f"entity/{each}"}) for each in ids],
            await client.call_tool("search_records", {}),
            await client.call_tool("search_records", {"kind": "document"}),
            await client.call_tool("search", {"query": "示例"}),
        ]

    for result in connected(address, work):
        assert not result.is_error
        assert tokens(result.content[0].text) <= MOST_TOKENS  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("find_company", {}, "没有名称"),
        ("find_company", {"name": "示" * 201}, "at most 200 characters"),
        ("find_company", {"nom": "x"}, "unknown parameter (one of name, uscc"),
        ("get_company", {"entity_id": "91350200YYY9999999"}, "there is no such entity"),
        ("get_company", {"entity_id": "x", "as_of": "yesterday"}, "YYYY-MM-DD"),
        ("match_companies", {"rows": [{"name": "x"}] * 51}, "at most 50 values"),
        ("search_records", {"kind": "weather"}, "'penalty'"),
        ("search_records", {"cursor": "nonsense"}, "cursor"),
        ("fetch", {"id": "file/etc"}, "text of the form"),
        ("fetch", {"id": "record/P-0000000000000000"}, "there is no such record"),
        ("check_code", {"code": "11010519491231002X"}, "identity card"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_with_what_would_be_right(
    address: str, tool: str, arguments: dict[str, Any], said: str
) -> None:
    assert said in refusal(connected(address, lambda client: client.call_tool(tool, arguments)))


def test_rows_are_paid_for_and_a_spent_quota_is_told(settings: Settings, engine: Engine) -> None:
    with live(create_app(settings.model_copy(update={"limit_address": 20}), engine)) as served:
        url = f"http://127.0.0.1:{served.address[1]}/mcp"

        async def work(client: Client) -> list[CallToolResult]:
            rows = {"rows": [{"name": "示例"}] * 50}
            return [await client.call_tool("match_companies", rows) for _ in range(2)]

        first, second = connected(url, work)
    assert not first.is_error
    assert "units a minute" in refusal(second)


def test_older_clients_are_answered_too_and_nothing_else_than_post(address: str) -> None:
    told = connected(address, lambda client: client.call_tool("search", {"query": "示例"}), mode="legacy")
    assert not told.is_error
    for method in ("GET", "DELETE"):
        answer = httpx2.request(method, address)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert httpx2.post(address, content=b"x" * (65 << 10)).status_code == 413


def test_no_question_is_logged(address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asked = {"name": "绝不可记下有限公司", "nom": "绝不可记下"}
    connected(address, lambda client: client.call_tool("find_company", asked))
    connected(address, lambda client: client.call_tool("find_company", {"name": asked["name"]}))
    assert "绝不可记下" not in "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("mcp.client", "httpcore"))
    )


@pytest.mark.slow
def test_the_command_answers_on_standard_input_and_output(settings: Settings, fictional: Fixtures) -> None:
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "xincha.cli", "mcp"], env=environment_of(settings.data),
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    told = connected(command, lambda client: client.call_tool("search", {"query": "示例咖啡"}))
    assert told.structured_content
    assert told.structured_content["results"]
