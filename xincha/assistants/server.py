"""The tools as a server of the Model Context Protocol, over whichever transport runs it (the official SDK).

Nothing of a question is logged: the SDK's own lines, which name arguments, are off.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import anyio.to_thread
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import ValidationError

from xincha.assistants import tools
from xincha.errors import XinchaError
from xincha.search.questions import wrong_parameter

log = logging.getLogger("xincha.assistants")
logging.getLogger("mcp").setLevel(logging.CRITICAL + 1)

INSTRUCTIONS = """信查 Xincha searches public records of China's market regulators. Say the day and the source of what
you tell. What is not loaded is not known: never say that a company has no penalties where penalties are not loaded."""

Pay = Callable[[Any, int], None]
"""Called with the transport's request and the number of rows of a question; raises `TooManyRequests`."""


def server(toolbox: tools.Toolbox, version: str, pay: Pay = lambda *_: None) -> Server[Any]:
    """A server that answers from the register."""
    known = {tool.name: tool for tool in tools.tools(toolbox)}
    listed = ListToolsResult(tools=list(map(_described, known.values())))

    async def list_tools(_: Any, __: PaginatedRequestParams | None) -> ListToolsResult:
        return listed

    async def call_tool(context: Any, asked: CallToolRequestParams) -> CallToolResult:
        tool = known.get(asked.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, f"there is no such tool; there are {', '.join(known)}")
        return await anyio.to_thread.run_sync(
            partial(_answered, tool, asked.arguments or {}, partial(pay, context.request))
        )

    return Server(
        "xincha", version=version, title="信查 Xincha", instructions=INSTRUCTIONS,
        on_list_tools=list_tools, on_call_tool=call_tool,
    )  # fmt: skip


def _described(tool: tools.Tool) -> Tool:
    return Tool(
        name=tool.name,
        description=tool.description,
        input_schema=tool.question.model_json_schema(),
        output_schema=tool.answer.model_json_schema(),
        annotations=ToolAnnotations(
            read_only_hint=True, idempotent_hint=True, destructive_hint=False, open_world_hint=False
        ),
    )


def _answered(tool: tools.Tool, arguments: Mapping[str, Any], pay: Callable[[int], None]) -> CallToolResult:
    """The answer, or what is wrong, in words that an assistant can act on."""
    try:
        question = tool.question.model_validate(arguments)
        pay(tool.rows(question))
        answer = tool.call(question)
    except ValidationError as error:
        known = tuple(tool.question.model_fields)
        wrong = [wrong_parameter({**each, "loc": _place(each["loc"])}, known) for each in error.errors()[:5]]
        return _refused("; ".join(f"{each['name']}: {each['message']} ({each['allowed']})" for each in wrong))
    except XinchaError as error:
        return _refused(str(error))
    except Exception as error:
        log.error("the tool %s failed: %s", tool.name, type(error).__name__)  # its words may hold what was asked
        return _refused("this cannot be answered now; try again later")
    text = answer.model_dump_json()
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content=answer.model_dump(mode="json")
    )


def _place(loc: tuple[str | int, ...]) -> tuple[str]:
    return (".".join(map(str, loc)) or "arguments",)


def _refused(why: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=why)], is_error=True)
