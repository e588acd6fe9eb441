"""`xincha mcp`: the tools for assistants on standard input and output. See `xincha.assistants`."""

from __future__ import annotations

from contextlib import closing
from importlib.metadata import version

from xincha.data_folder import require
from xincha.settings import Settings


def mcp() -> None:
    """Answer an assistant on this machine over the Model Context Protocol, on standard input and output."""
    import anyio
    from mcp.server.stdio import stdio_server

    from xincha.assistants.server import server
    from xincha.assistants.tools import Toolbox
    from xincha.days import today
    from xincha.engine.open import open_engine
    from xincha.holds import Holds
    from xincha.search.service import Searcher

    settings = Settings.read()
    require(settings, "search")
    with closing(open_engine(settings)) as engine:
        searcher = Searcher(engine, today=today, held=Holds(settings.holds_file).on)
        told = server(Toolbox(searcher, today, settings.base_url), version("xincha"))

        async def run() -> None:
            async with stdio_server() as (reads, writes):
                await told.run(reads, writes, told.create_initialization_options())

        anyio.run(run)
