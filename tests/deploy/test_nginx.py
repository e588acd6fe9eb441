"""deploy/nginx.conf: what it says by itself, and a real nginx with it in front of a real Xincha."""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection

import httpx2
import pytest

from api.match.answers import MAX_BODY
from tests.cli.conftest import environment_of
from tests.opensearch.server import free_ports, poll
from xincha.settings import ROOT, Settings

SAMPLE = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
MAIN = """
{user}
pid {folder}/nginx.pid;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
    error_log {folder}/error.log crit;
    {temporary}
    include {folder}/xincha.conf;
}}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")

TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # the certificate is its own authority
TLS.check_hostname, TLS.verify_mode = False, ssl.CERT_NONE

real = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


def test_bodies_that_xincha_takes_pass() -> None:
    sizes = [int(size) for size in re.findall(r"client_max_body_size (\d+)m;", SAMPLE)]
    upload = Settings.model_fields["max_upload_mb"].default
    assert sizes == [MAX_BODY >> 20, upload + 1]


def test_what_people_search_for_is_in_no_log() -> None:
    """Lines of requests hold it, and errors and limits below `crit` are told with the line of their request."""
    assert set(re.findall(r"access_log (.+);", SAMPLE)) == {"off"}
    assert {line.split()[-1] for line in re.findall(r"error_log (.+);", SAMPLE)} == {"crit"}


@dataclass(frozen=True)
class Front:
    """nginx on `port`, and the server behind it at `behind`."""

    folder: Path
    port: int
    behind: str

    def client(self) -> httpx2.Client:
        return httpx2.Client(base_url=f"https://127.0.0.1:{self.port}", verify=TLS, timeout=30)

    def connect(self) -> ssl.SSLSocket:
        return TLS.wrap_socket(create_connection(("127.0.0.1", self.port), timeout=30))


def configured(folder: Path, port: int, plain: int, behind: int) -> list[str]:
    """The command that runs nginx with the sample, of which nothing is changed but files, ports and waiting."""
    certificate = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    files = ["-subj", "/CN=xincha.example", "-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([*certificate, *files], check=True, capture_output=True)  # noqa: S603
    text = SAMPLE.replace("/etc/ssl/xincha", str(folder)).replace("/var/log/nginx", str(folder))
    text = re.sub(r"\n    listen \[::\]:\d+.*;", "", text)
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}").replace("listen 80", f"listen 127.0.0.1:{plain}")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    text = text.replace("client_header_timeout 10s", "client_header_timeout 2s")
    (folder / "xincha.conf").write_text(text.replace("client_body_timeout 10s", "client_body_timeout 2s"))
    temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
    (folder / "main.conf").write_text(
        MAIN.format(folder=folder, temporary=temporary, user="" if os.geteuid() else "user root;")
    )
    return [str(NGINX), "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(folder / "main.conf")]


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory, fictional_folder: Path) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    (port, plain) = free_ports(2)
    serve = [sys.executable, "-m", "xincha.cli", "serve", "--port", "0"]
    environment = environment_of(fictional_folder / "data")
    with subprocess.Popen(serve, env=environment, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        try:
            assert server.stdout
            behind = server.stdout.readline().split()[-1]
            command = configured(folder, port, plain, int(behind.rpartition(":")[2]))
            checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)  # noqa: S603
            assert checked.returncode == 0, checked.stderr
            with subprocess.Popen([*command, "-g", "daemon off;"]) as nginx:  # noqa: S603
                try:
                    assert poll(lambda: answers(port))
                    yield Front(folder, port, behind)
                finally:
                    nginx.terminate()
        finally:
            server.terminate()


def answers(port: int) -> bool:
    with suppress(OSError), closing(create_connection(("127.0.0.1", port), timeout=1)):
        return True
    return False


@real
@pytest.mark.slow
def test_a_person_passes_and_metrics_do_not(front: Front) -> None:
    with front.client() as client:
        assert "<html" in client.get("/").text
        assert client.get("/api/v1/entities", params={"q": "示例"}).json()["total"] > 0
        answer = client.get("/readyz")
        assert answer.status_code == 200
        assert "max-age" in answer.headers["strict-transport-security"]
        assert answer.headers["server"] == "nginx"
        assert "server" not in httpx2.get(f"{front.behind}/readyz").headers
        assert client.get("/metrics").status_code == 404
        exported = client.get("/api/v1/export/records.csv", params={"kind": "penalty"})
        assert exported.status_code == 200
        assert exported.content == httpx2.get(f"{front.behind}{exported.request.url.raw_path.decode()}").content


@real
@pytest.mark.slow
def test_a_body_that_is_too_large_ends_at_the_proxy(front: Front) -> None:
    with front.client() as client:
        assert client.post("/api/v1/match", content=b" " * ((4 << 20) + 1)).status_code == 413
        upload = client.post("/api/v1/match/files", params={"filename": "a.csv"}, content=b"a\n" * (5 << 20))
        assert upload.status_code == 202
        client.delete(f"/api/v1/match/files/{upload.json()['id']}")
        assert client.post("/api/v1/match/files", content=b" " * ((21 << 20) + 1)).status_code == 413


@real
@pytest.mark.slow
def test_who_is_slow_loses_the_connection_before_xincha_sees_it(front: Front) -> None:
    for begun in (
        b"GET / HTTP/1.1\r\nHost: x",
        b"POST /api/v1/match HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
    ):
        with front.connect() as slow:
            slow.sendall(begun)
            with suppress(ConnectionResetError):
                assert b" 200 " not in slow.recv(1000)


@real
@pytest.mark.slow
def test_one_address_meets_its_limits_with_429(front: Front) -> None:
    with front.client() as client, ThreadPoolExecutor(4) as pool:
        heavy = pool.map(lambda _: client.get("/api/v1/export/records.csv?kind=none").status_code, range(40))
        assert list(heavy).count(429) >= 10
        light = pool.map(lambda _: client.get("/healthz").status_code, range(60))
        assert set(light) == {200}
    held: list[ssl.SSLSocket] = []
    try:
        for _ in range(52):
            held.append(front.connect())
            held[-1].sendall(b"POST /api/v1/match HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
        begun = [each.recv(12) for each in held[50:]]
        assert b"HTTP/1.1 429" in begun
    finally:
        for each in held:
            each.close()
    logged = (front.folder / "xincha.error.log").read_text() if (front.folder / "xincha.error.log").exists() else ""
    assert "/api" not in logged
