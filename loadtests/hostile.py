"""Clients that mean harm, for `loadtests.abuse`.

    python -m loadtests.hostile KIND http://127.0.0.1:PORT SECONDS CLIENTS

Clients of one kind, each from an address of its own (127.0.10.1, …), as so many machines would have. They send to
127.0.0.1 only, as fast as they are answered, and end after the seconds that were given. `KINDS` says what each kind
does.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import os
import resource
import sys
import time
import zipfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

import polars as pl
import xlsxwriter

CONNECTIONS = 55
"""Connections that an idle client holds: with twenty clients more than the 1,024 descriptors of an ordinary shell."""

PATIENCE = 20.0
"""Seconds that a client waits for an answer before it hangs up and asks again."""


class Client:
    """One hostile client: where it sends, from which address, and how long."""

    def __init__(self, source: str, number: int, port: int, end: float) -> None:
        self.source = source
        self.port = port
        self.end = end
        self.count = itertools.count(number, 256)

    @property
    def busy(self) -> bool:
        """Is there time left?"""
        return time.monotonic() < self.end

    @asynccontextmanager
    async def connected(self) -> Any:
        """A connection, closed in the end."""
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(self.source, 0), limit=1 << 20
        )
        try:
            yield reader, writer
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def send(self, request: bytes, *, listen: bool = True) -> None:
        """Send one request on a connection of its own, and read the answer; or hang up at once."""
        async with self.connected() as (reader, writer):
            writer.write(request)
            await writer.drain()
            if listen:
                async with asyncio.timeout(PATIENCE):
                    while await reader.read(1 << 16):
                        pass


def request_of(method: str, target: str, body: bytes = b"", kind: str = "application/json", more: str = "") -> bytes:
    """A whole request after which the connection is closed; `more`: lines of the head."""
    head = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{more}"
    if body:
        head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n".encode() + body


async def extends(client: Client) -> None:
    """Asks for thousands of properties of hundreds of entities, and for as many as may be asked for."""
    for count in (6000, 40, 10):
        await client.send(request_of("POST", "/reconcile/v1/extend", _extension(count)))


@cache
def _extension(properties: int) -> bytes:
    ids = [f"91350200MA{number:08d}" for number in range(500)]
    return json.dumps({"ids": ids, "properties": [{"id": f"p{number}"} for number in range(properties)]}).encode()


async def nests_entities(client: Client) -> None:
    """Sends values that are HTML entities of HTML entities, and does not wait for the answer."""
    value = {"matchType": "property", "propertyId": "address", "propertyValue": "&" + "amp;" * 200_000}
    query = {"conditions": [{"matchType": "name", "propertyValue": "厦门示例"}, value]}
    await client.send(
        request_of("POST", "/reconcile/v1/match", json.dumps({"queries": [query]}).encode()), listen=False
    )
    await client.send(request_of("GET", "/api/v1/entities?q=" + quote("&" + "amp;" * 40 + "示例")))
    await asyncio.sleep(0.1)


async def reads_the_document(client: Client) -> None:
    """Asks for the API's description, again and again."""
    await client.send(request_of("GET", "/api/v1/openapi.json"))


async def holds_connections(client: Client) -> None:
    """Opens connections on which nothing comes, half a head, or a body byte by byte, and opens them again."""
    starts = (
        b"",
        b"GET /api/v1/entities HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        request_of("POST", "/api/v1/match", b"a" * 9999)[:-9999],
    )

    await asyncio.gather(*(_hold(client, starts[number % 3]) for number in range(CONNECTIONS)))


async def _hold(client: Client, start: bytes, *, sends: bool | None = None, reads: int = 1 << 16) -> None:
    """Keep a connection open: a byte more each second where it `sends` (or has begun), `reads` bytes at a time."""
    while client.busy:
        with suppress(OSError):
            async with client.connected() as (reader, writer):
                writer.write(start)
                while client.busy and not reader.at_eof():
                    if start if sends is None else sends:
                        writer.write(b"a")
                        await writer.drain()
                    with suppress(TimeoutError):
                        async with asyncio.timeout(1):
                            await reader.read(reads)
                    if reads == 1:
                        await asyncio.sleep(0.5)
        await asyncio.sleep(0.2)


async def unfolds(client: Client) -> None:
    """Uploads small files that become large when they are read."""
    for name, body in bombs().items():
        if not client.busy:
            return
        target = f"/api/v1/match/files?filename={name}"
        await client.send(request_of("POST", target, body, "application/octet-stream"))


@cache
def bombs() -> Mapping[str, bytes]:
    """Small files that unfold: name → bytes."""
    return {
        "dictionary.parquet": _dictionary(),
        "corners.xlsx": _corners(),
        "shared.xlsx": _shared_strings(),
        "columns.csv": ",".join(f"c{number}" for number in range(400_000)).encode() + b"\n" + b"," * 399_999 + b"\n",
        "nested.jsonl": b'{"name":' + b"[" * 1000 + b"]" * 1000 + b"}\n",
    }


def _dictionary() -> bytes:
    """One long value, ninety thousand times."""
    file = io.BytesIO()
    pl.DataFrame({"name": ["示" * 20_000]}).select(pl.col("name").repeat_by(90_000).explode()).write_parquet(file)
    return file.getvalue()


def _corners() -> bytes:
    """A sheet with two cells, which are as far from each other as a sheet allows."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "企业名称")
        sheet.write_string(1_048_575, 99, "示例")
    return file.getvalue()


def _shared_strings() -> bytes:
    """A hundred thousand cells that show the same long text."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(90_000):
            sheet.write_string(row, 0, "示" * 30_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(file) as book, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as tight:
        for each in book.namelist():
            tight.writestr(each, book.read(each))
    return packed.getvalue()


async def fills_caches(client: Client) -> None:
    """Names a region, an address and a brand that nobody named before."""
    texts = [f"{'无' * 180}{next(client.count)}市" for _ in range(50)]
    rows = [{"name": f"厦门示例{text[-12:]}有限公司", "region": text, "address": text} for text in texts]
    await client.send(request_of("POST", "/api/v1/match", json.dumps({"rows": rows}).encode()))
    await client.send(request_of("GET", f"/api/v1/entities?q={quote(texts[0])}&authority={quote(texts[1][:100])}"))


async def is_slow(client: Client) -> None:
    """Sends lists byte by byte, and reads exports byte by byte."""
    upload = request_of("POST", "/api/v1/match/files?filename=a.csv", b"a" * 9999, "application/octet-stream")[:-9998]
    export = request_of("GET", "/api/v1/export/entities.ndjson")

    await asyncio.gather(*(_hold(client, start, sends=start is upload, reads=1) for start in (upload, export) * 3))


async def floods(client: Client) -> None:
    """Asks what is dear, as fast as it is answered, and hangs up every other time."""
    number = next(client.count)
    rows = [{"name": f"厦門示列{number}{row}商茂有线公司"} for row in range(1000)]
    dear = (
        request_of("GET", f"/api/v1/entities?q={quote(f'夏门示列{number}尚贸')}&page_size=100"),
        request_of("POST", "/api/v1/match", json.dumps({"rows": rows}).encode()),
        request_of("GET", "/api/v1/export/entities.xlsx"),
        request_of("GET", f"/api/v1/records?q={quote('示例 虚假')}&page_size=100&sort=happened_on"),
        request_of("GET", f"/api/v1/suggest?q={'xmsl'[: number % 4 + 1]}"),
        request_of("POST", "/reconcile/v1/match", _queries(number)),
    )
    for at, request in enumerate(dear):
        await client.send(request, listen=bool((at + number) % 2))


def _queries(number: int) -> bytes:
    names = [f"厦們示例{number}{each}贸易公司" for each in range(100)]
    queries = [{"conditions": [{"matchType": "name", "propertyValue": name}]} for name in names]
    return json.dumps({"queries": queries}).encode()


async def follows(client: Client) -> None:
    """Asks for what programs follow and take whole: feeds, changes from the beginning, files in thousands of pieces."""
    number = next(client.count)
    pieces = ",".join(f"{at}-{at}" for at in range(0, 4000, 2))
    for target, more in (
        (f"/feeds/records.atom?q={quote(f'示例{number}')}", ""),
        (f"/feeds/entities/91350200MA{number:08d}.atom", ""),
        ("/api/v1/changes?page_size=1000", ""),
        (f"/api/v1/changes?since={'A' * (number % 2000)}", ""),
        ("/files/index.json", ""),
        ("/files/latest/entities.parquet", f"Range: bytes={pieces}\r\n"),
        ("/files/latest/entities.csv.gz", ""),
    ):
        await client.send(request_of("GET", target, more=more))
    await client.send(request_of("POST", "/api/v1/watches", _watched()))
    await client.send(request_of("GET", f"/api/v1/watches/{'A' * 32}/changes"))


@cache
def _watched() -> bytes:
    """As many companies as a watch list may name."""
    return json.dumps({"entity_ids": [f"91350200MA{number:08d}" for number in range(10_000)]}).encode()


async def wants_receipts(client: Client) -> None:
    """Asks for receipts of whole pages, of rows of a list, and for what proves the data."""
    number = next(client.count)
    rows = [{"name": f"厦门示列{number}{row}商茂有线公司"} for row in range(1000)]
    await client.send(request_of("GET", f"/api/v1/receipts/entities?q={quote(f'示例{number}')}&page_size=100"))
    await client.send(request_of("GET", f"/api/v1/receipts/records?q={quote('示例 虚假')}&page_size=100"))
    await client.send(request_of("POST", "/api/v1/receipts/match", json.dumps({"rows": rows}).encode()))
    await client.send(request_of("GET", "/api/v1/checkpoint"))


async def bothers_assistants(client: Client) -> None:
    """Calls the tools of assistants with as many rows as they take, with more, and with what is no call."""
    number = next(client.count)
    rows = [{"name": f"厦门示列{number}{row}商茂有线公司"} for row in range(50)]
    for name, told in (
        ("match_companies", {"rows": rows}),
        ("match_companies", {"rows": rows * 20}),
        ("find_company", {"name": f"夏门示列{number}尚贸"}),
        ("search_records", {"query": "示例 虚假"}),
        ("x" * 10_000, {}),
    ):
        await client.send(_call({"name": name, "arguments": told}))
    for body in (b"[" * 60_000, b"{}", b"\xff" * 1000):
        await client.send(request_of("POST", "/mcp", body, more=_ACCEPT))


_ACCEPT = "Accept: application/json, text/event-stream\r\n"


def _call(params: Mapping[str, Any]) -> bytes:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    return request_of("POST", "/mcp", json.dumps(message).encode(), more=_ACCEPT)


async def is_malformed(client: Client) -> None:
    """Speaks HTTP badly."""
    for request in (
        b"POST /api/v1/match HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /api/v1/entities?q=示例 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"FOO / HTTP/9.9\r\n\r\n",
        request_of("POST", "/api/v1/match", b"[" * 100_000),
    ):
        await client.send(request)


KINDS: Mapping[str, Callable[[Client], Awaitable[None]]] = {
    "extend": extends,
    "entities": nests_entities,
    "document": reads_the_document,
    "connections": holds_connections,
    "unfolding": unfolds,
    "caches": fills_caches,
    "slow": is_slow,
    "flood": floods,
    "following": follows,
    "assistants": bothers_assistants,
    "receipts": wants_receipts,
    "malformed": is_malformed,
}


async def _attack(kind: str, port: int, seconds: float, count: int) -> None:
    end, net = time.monotonic() + seconds, f"127.0.{10 + list(KINDS).index(kind)}"

    async def run(client: Client) -> None:
        while client.busy:
            try:
                await KINDS[kind](client)
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.05)

    clients = [asyncio.create_task(run(Client(f"{net}.{number + 1}", number, port, end))) for number in range(count)]
    await asyncio.wait(clients, timeout=seconds + 1)
    for client in clients:
        client.cancel()


def main() -> None:
    """Attack."""
    kind, address, seconds, clients = sys.argv[1:]
    parts = urlsplit(address)
    if parts.hostname != "127.0.0.1" or kind not in KINDS or not parts.port:
        sys.exit(f"usage: python -m loadtests.hostile {'|'.join(KINDS)} http://127.0.0.1:PORT SECONDS CLIENTS")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    os.nice(19)  # they are other machines: what they compute is not taken from the server
    if kind == "unfolding":
        bombs()
    print("attacking", flush=True)
    asyncio.run(_attack(kind, parts.port, float(seconds), int(clients)))


if __name__ == "__main__":
    main()
